"""What became of a motion or an amendment, in the words of procedure B8; one place."""

from __future__ import annotations

from conference.rules import figures, question
from conference.rules.kinds import MotionKind, MotionState, Outcome, Reason
from conference.rules.state import Amendment, Meeting, Motion, Vote
from conference.web.text import gettext
from conference.web.text import lazy as _
from conference.web.views import words

REASONS = {
    Reason.NOT_MOVED: _("fell: not moved"),
    Reason.NOT_SECONDED: _("fell: not seconded"),
    Reason.NOT_ADMITTED: _("not admitted"),
    Reason.CONSEQUENTIAL: _("fell: another was carried"),
    Reason.MOTION_GONE: _("fell with its motion"),
    Reason.PLACE_GONE: _("fell: its words are no longer in the text"),
    Reason.EARLIER_PART: _("fell: a later part had been put"),
    Reason.NEXT_BUSINESS: _("fell: next business"),
    Reason.OUT_OF_ORDER: _("ruled out of order"),
    Reason.NOT_REACHED: _("not reached"),
    Reason.UNDECIDED: _("left undecided: no quorum"),
}


def fate(meeting: Meeting, row: Motion | Amendment) -> str:
    """Return what became of it, or where it stands: *carried as amended*, *remitted*, *in debate*."""
    if row.state is MotionState.DECIDED and row.outcome is not None:
        return _decided(meeting, row, row.outcome)
    if row.state is MotionState.FELL and row.reason is not None:
        return gettext(REASONS[row.reason])
    if row.state is MotionState.REMITTED and row.reason is Reason.NOT_REACHED:
        return gettext(_("remitted: not reached"))
    return gettext(words.MOTION_STATES[row.state])


def _decided(meeting: Meeting, row: Motion | Amendment, outcome: Outcome) -> str:
    vote = deciding_vote(meeting, row)
    if vote is not None:
        outcome = figures.shown_outcome(vote)
    if outcome is not Outcome.CARRIED or isinstance(row, Amendment):
        report = isinstance(row, Motion) and row.kind is MotionKind.REPORT
        return gettext(_("Not adopted")) if report else gettext(words.OUTCOMES[outcome])
    if row.kind is MotionKind.REPORT:
        if row.referred:
            parts = ", ".join(str(n) for n in row.referred)
            sentence = gettext(_("Adopted with reference back of paragraph %(parts)s"))
            return sentence % {"parts": parts}
        return gettext(_("Adopted"))
    word = _carried(meeting, row)
    return f"{word}; {sent_back(row)}" if row.referred else word


def _carried(meeting: Meeting, row: Motion) -> str:
    amended = question.is_amended(meeting, row.id)
    if _is_unopposed(meeting, row):
        return gettext(_("Carried as amended, unopposed" if amended else "Carried unopposed"))
    return gettext(_("Carried as amended")) if amended else gettext(words.OUTCOMES[Outcome.CARRIED])


def sent_back(row: Motion) -> str:
    """Return which paragraphs went to the committee, counted in the text as it stands; or nothing."""
    if not row.referred:
        return ""
    parts = ", ".join(str(n) for n in row.referred)
    report = row.kind is MotionKind.REPORT
    told = _("paragraph %(parts)s referred back") if report else _("paragraph %(parts)s remitted")
    return gettext(told) % {"parts": parts}


def _is_unopposed(meeting: Meeting, row: Motion) -> bool:
    """Say whether nobody voted against it: *unopposed*, which is not *unanimous* (procedure B7)."""
    vote = deciding_vote(meeting, row)
    if vote is None or figures.are_withheld(vote):
        return False
    return vote.votes_against == 0 and bool(vote.votes_for)


def deciding_vote(meeting: Meeting, row: Motion | Amendment) -> Vote | None:
    """Return the declared vote that decided this, or None."""
    asked = question.question_of(row)
    votes = [v for v in meeting.votes.values() if question.of(v) == asked]
    return next((v for v in reversed(votes) if v.state == "declared"), None)


def css_class(meeting: Meeting, row: Motion | Amendment) -> str:
    """Return the class that colours the fate: `carried`, `lost`, `not-carried`, or nothing."""
    if row.state is MotionState.ACCEPTED:
        return "carried"
    if row.state is not MotionState.DECIDED or row.outcome is None:
        return ""
    vote = deciding_vote(meeting, row)
    outcome = row.outcome if vote is None else figures.shown_outcome(vote)
    return str(outcome).replace("_", "-")
