"""The vote card, one's own ballot, the result."""

from __future__ import annotations

from dataclasses import dataclass, replace

from conference.rules import figures, question
from conference.rules.kinds import (
    Base,
    Choice,
    MotionKind,
    MotionState,
    Outcome,
    Pause,
    Reason,
    Rule,
    VoteState,
)
from conference.rules.state import Amendment, Meeting, Motion, Procedural, Vote
from conference.web.site import Site
from conference.web.text import gettext as _
from conference.web.text import lazy
from conference.web.views import fates, procedures, words
from conference.web.views.changes import ChangeView
from conference.web.views.seals import NO_SEAL, SealView, box_sentence, cast, said, seal_view, sides
from conference.web.views.subjects import Subject, subject


@dataclass(frozen=True, slots=True)
class VoteView:
    """The region `vote`: announced, open, closed; nothing once it is declared."""

    number: int | None
    state: str
    label: str
    title: str
    question: str
    text: str
    rule: str
    abstentions: str
    opens_at: int
    closes_at: int
    last_call: bool
    cast: int
    roll: int
    register: int
    present: int
    seconds: int
    now: int
    may_vote: bool
    watches: bool
    kind: str
    """What is voted on, as in `Subject.kind`: a procedural vote looks different."""
    change: ChangeView | None
    """For an amendment: what it would change."""
    version: int
    """The number of the text that is put; 1 is as printed."""
    if_carried: str
    if_lost: str
    below_quorum: bool
    paused: bool
    """A technical stop: the vote stands still."""
    seal: SealView
    announce: str


NO_VOTE = VoteView(
    None, "", "", "", "", "", "", "", 0, 0, last_call=False, cast=0, roll=0, register=0, present=0,
    seconds=0, now=0, may_vote=False, watches=False, kind="", change=None, version=1,
    if_carried="", if_lost="", below_quorum=False, paused=False, seal=NO_SEAL,
    announce="",
)  # fmt: skip


def latest(site: Site) -> Vote | None:
    """Return the latest vote of this item, whatever its state."""
    number = site.meeting.conference.vote
    return site.meeting.votes.get(number) if number is not None else None


def vote_view(site: Site, *, may_vote: bool, watches: bool) -> VoteView:
    """Return the vote card; `may_vote` for the roll, `watches` for whoever never votes."""
    vote = latest(site)
    if vote is None or vote.state is VoteState.DECLARED:
        return NO_VOTE
    if vote.state is VoteState.VOID and gone_on(site.meeting, vote):
        return NO_VOTE
    about = subject(site, question.of(vote))
    cast, roll = site.hall.turnout()
    head = site.meeting.conference
    return VoteView(
        number=vote.id,
        state=vote.state,
        label=about.label,
        title=about.title,
        question=about.question,
        text=about.text,
        rule=words.vote_rule(vote, head),
        abstentions=words.abstentions(vote.rule, vote.base, site.meeting.settings),
        opens_at=vote.opens_at,
        closes_at=vote.closes_at or 0,
        last_call=vote.last_call,
        cast=cast,
        roll=roll,
        register=vote.register,
        present=head.present,
        seconds=site.meeting.settings.vote_duration + site.meeting.stage.delay,
        now=site.now(),
        may_vote=may_vote,
        watches=watches,
        kind=about.kind,
        change=about.change,
        version=(vote.text_version or 1) if vote.procedural is None else 1,
        if_carried=about.if_carried,
        if_lost=about.if_lost,
        below_quorum=vote.below_quorum,
        paused=head.pause is Pause.TECHNICAL,
        seal=seal_view(site, vote),
        announce=_announcement(site, vote, about.label),
    )


RULINGS = frozenset({Rule.UPHOLD, Rule.SUSTAIN})
"""The rules by which conference decides on a ruling of the chair."""


VOID = {
    "no_quorum": lazy("the quorum was lost before it opened"),
    "text_changed": lazy("the text was changed before it opened"),
    "called_off": lazy("the chair called it off"),
    "restored": lazy("it was running when the system was restored from a backup"),
    "retaken": lazy("conference decided to take it again"),
    "key_lost": lazy("the key that opens its envelopes was lost, and they cannot be counted"),
    "box_differs": lazy("the envelopes were no longer those that were fixed at the close"),
}


def void_reason(site: Site, vote: Vote) -> str:
    """Return why the vote is void, in words; empty while it is not."""
    if vote.state is not VoteState.VOID or not vote.void_reason:
        return ""
    known = VOID.get(vote.void_reason)
    return _(known) if known else site.remark(vote.void_reason)


def _announcement(site: Site, vote: Vote, label: str) -> str:
    sentences = {
        VoteState.ANNOUNCED: _("A vote on %(label)s opens in a moment."),
        VoteState.OPEN: _("The vote on %(label)s is open."),
        VoteState.CLOSED: _("The vote on %(label)s is closed and being counted."),
        VoteState.COUNTED: _("The vote on %(label)s is closed. The chair will declare the result."),
        VoteState.VOID: _("The vote on %(label)s is void. It will be taken again."),
    }
    if vote.state is VoteState.VOID and (why := void_reason(site, vote)):
        return _("The vote on %(label)s is void: %(why)s.") % {
            "label": label, "why": why.rstrip("."),
        }  # fmt: skip
    if vote.state is VoteState.OPEN and vote.last_call:
        return _("The vote on %(label)s closes in a few seconds.") % {"label": label}
    return sentences[vote.state] % {"label": label}


@dataclass(frozen=True, slots=True)
class ResultView:
    """A declared result."""

    number: int | None
    label: str
    title: str
    outcome: str
    word: str
    votes_for: int
    votes_against: int
    abstentions: int
    not_voted: int
    roll: int
    rule: str
    arithmetic: str
    resolution: bool
    text: str
    effect: str
    """What follows from it, as a sentence; empty where nothing is to be said."""
    casting: str
    """How the chair decided a tie; empty otherwise."""
    recounted: str
    """What a second count has given; empty where there was none."""
    withheld: bool
    """Whether the figures would give somebody away, so that none is shown."""
    said: str
    """The figures as a sentence, or that they are not given."""
    box: str
    """How many envelopes there were, and how they counted; by name that it was so taken."""
    announce: str
    changed: bool = False
    """Whether it has changed the text of its motion."""
    past: bool = False
    """Whether conference has gone on: then one line is enough."""


NO_RESULT = ResultView(None, "", "", "", "", 0, 0, 0, 0, 0, "", "", resolution=False, text="",
                       effect="", casting="", recounted="", withheld=False, said="", box="",
                       announce="")  # fmt: skip


def last_result(site: Site) -> ResultView:
    """Return the latest declared result of this item, and whether conference has gone on since."""
    vote = latest(site)
    found = result_view(site, vote)
    if vote is None or found.number is None or not gone_on(site.meeting, vote):
        return found
    return replace(found, past=True, announce="")


def gone_on(meeting: Meeting, vote: Vote) -> bool:
    """Say whether something else is before conference than what follows from this vote.

    It is declared or void: nobody has spoken between its announcement and that.
    """
    head, since = meeting.conference, vote.declared_at or vote.opens_at
    if head.leave is not None:
        return True
    if any(t.started_at >= since and not t.undone for t in meeting.turns.values()):
        return True
    asked = question.innermost(meeting)
    if asked is None or asked == question.of(vote):
        return False
    if vote.procedural is not None and vote.motion is None:
        return asked.procedural is not None
    amendment = meeting.amendments[vote.amendment] if vote.amendment is not None else None
    around = {None, vote.amendment, amendment.amends if amendment is not None else None}
    return (
        asked.motion != vote.motion or asked.procedural is not None or asked.amendment not in around
    )


def result_view(site: Site, vote: Vote | None) -> ResultView:
    """Return the declared result of this vote, or an empty view."""
    if vote is None or vote.state is not VoteState.DECLARED or vote.outcome is None:
        return NO_RESULT
    about = subject(site, question.of(vote))
    votes_for, votes_against, abstained = sides(vote)
    word = outcome_word(site, vote)
    not_voted = vote.roll - cast(vote)
    withheld = figures.are_withheld(vote)
    spoken = f"{word}: {about.label}. {said(vote)}"
    return ResultView(
        number=vote.id,
        label=about.label,
        title=about.title,
        outcome=figures.shown_outcome(vote),
        word=word,
        votes_for=votes_for,
        votes_against=votes_against,
        abstentions=abstained,
        not_voted=not_voted,
        roll=vote.roll,
        rule=words.vote_rule(vote, site.meeting.conference),
        arithmetic="" if withheld else _arithmetic(vote, votes_for, votes_against),
        resolution=_is_resolution(site, vote),
        text=_text_of(site, vote, about),
        effect=effect(site, vote),
        casting=_casting(vote),
        recounted=_recounted(vote),
        withheld=withheld,
        said=said(vote, not_voted),
        box=box_sentence(vote),
        announce=f"{spoken} {effect(site, vote)}".strip(),
        changed=about.kind == "amendment" and vote.outcome is Outcome.CARRIED,
    )


def _recounted(vote: Vote) -> str:
    if vote.recounted is None:
        return _("The ballots are being counted again.") if vote.recount else ""
    if vote.recounted:
        return _("Counted again: the same figures.")
    return _("Counted again, the figures differ: the minutes have both.")


def _is_resolution(site: Site, vote: Vote) -> bool:
    if vote.outcome is not Outcome.CARRIED or vote.motion is None:
        return False
    own = vote.amendment is None and vote.procedural is None
    kinds = {MotionKind.MOTION, MotionKind.EMERGENCY}
    return own and site.meeting.motions[vote.motion].kind in kinds


def _text_of(site: Site, vote: Vote, about: Subject) -> str:
    """Return the text that was voted on: the version at that vote, whatever has become of it."""
    if vote.motion is None or vote.amendment is not None or vote.procedural is not None:
        return about.text
    *earlier, _now = question.texts_of(site.meeting, vote.motion)
    versions = {row.number: row.text for row in earlier}
    return versions.get(vote.text_version or 1, about.text)


def outcome_word(site: Site, vote: Vote) -> str:
    """Return the outcome in one word or two (procedure B8)."""
    result = figures.shown_outcome(vote)
    if vote.rule in RULINGS:
        upheld = result is not Outcome.LOST
        return _("Upheld") if upheld else _("Reversed")
    row = question.row_of(site.meeting, question.of(vote))
    if isinstance(row, Motion) and row.state is MotionState.DECIDED:
        return fates.fate(site.meeting, row)
    return _(words.OUTCOMES[result])


def effect(site: Site, vote: Vote) -> str:
    """Return what follows from the declared result, as a sentence."""
    meeting = site.meeting
    row = question.row_of(meeting, question.of(vote))
    carried = vote.outcome is Outcome.CARRIED
    if isinstance(row, Procedural):
        if_carried, if_lost = procedures.consequences(row.kind)
        said = if_carried if carried else if_lost
        return f"{said[:1].upper()}{said[1:]}."
    if not isinstance(row, Amendment) or not carried:
        return ""
    sentence = _("The text of %(label)s is changed.") % {
        "label": meeting.motions[row.motion].label,
    }  # fmt: skip
    fallen = [
        x.label
        for x in question.amendments_of(meeting, row.motion)
        if row.id in x.falls_if and x.reason is Reason.CONSEQUENTIAL
    ]
    if fallen:
        sentence += " " + _("Amendment %(labels)s falls.") % {"labels": ", ".join(fallen)}
    return sentence


def _casting(vote: Vote) -> str:
    if vote.casting is None:
        return ""
    side = _("for") if vote.casting is Choice.FOR else _("against")
    return _("A tie: the chair gave a casting vote %(side)s.") % {"side": side}


def _arithmetic(vote: Vote, votes_for: int, votes_against: int) -> str:
    """Return the base in figures, so that everybody can check the outcome."""
    numbers = {
        Base.CAST: (_("votes cast for and against"), votes_for + votes_against),
        Base.PRESENT: (_("delegates present at the opening"), vote.roll),
        Base.REGISTER: (_("delegates on the register at the opening"), vote.register),
    }
    name, number = numbers[vote.base]
    return _("Counted of %(number)s %(name)s.") % {"number": number, "name": name}
