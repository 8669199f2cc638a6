"""The vote card, one's own ballot, the result."""

from __future__ import annotations

from dataclasses import dataclass

from conference.rules.kinds import Base, MotionKind, Outcome, PersonId, VoteState
from conference.rules.state import Vote
from conference.rules.voting import on_roll
from conference.web.site import Site
from conference.web.text import gettext as _
from conference.web.views import words


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
    untaken: int
    announce: str


NO_VOTE = VoteView(
    None, "", "", "", "", "", "", "", 0, 0, last_call=False, cast=0, roll=0, register=0, present=0,
    seconds=0, now=0,    may_vote=False, watches=False, untaken=0, announce="",
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
    motion = site.meeting.motions[vote.motion]
    cast, roll = site.hall.turnout()
    untaken = sum(a.motion == motion.id for a in site.meeting.amendments.values())
    return VoteView(
        number=vote.id,
        state=vote.state,
        label=motion.label,
        title=motion.title,
        question=question(site, vote),
        text=motion.text,
        rule=words.vote_rule(vote, site.meeting.conference),
        abstentions=_(words.ABSTENTIONS),
        opens_at=vote.opens_at,
        closes_at=vote.closes_at or 0,
        last_call=vote.last_call,
        cast=cast,
        roll=roll,
        register=vote.register,
        present=site.meeting.conference.present,
        seconds=site.meeting.settings.vote_duration,
        now=site.now(),
        may_vote=may_vote,
        watches=watches,
        untaken=untaken,
        announce=_announcement(vote, motion.label),
    )


def question(site: Site, vote: Vote) -> str:
    """Return the question as the chair puts it."""
    motion = site.meeting.motions[vote.motion]
    if motion.kind is MotionKind.QUESTION:
        return motion.text
    return _("The question is that %(label)s, “%(title)s”, be carried.") % {
        "label": motion.label,
        "title": motion.title,
    }


def _announcement(vote: Vote, label: str) -> str:
    sentences = {
        VoteState.ANNOUNCED: _("A vote on %(label)s opens in a moment."),
        VoteState.OPEN: _("The vote on %(label)s is open."),
        VoteState.CLOSED: _("The vote on %(label)s is closed and being counted."),
        VoteState.COUNTED: _("The vote on %(label)s is closed. The chair will declare the result."),
        VoteState.VOID: _("The vote on %(label)s is void. It will be taken again."),
    }
    if vote.state is VoteState.OPEN and vote.last_call:
        return _("The vote on %(label)s closes in a few seconds.") % {"label": label}
    return sentences[vote.state] % {"label": label}


@dataclass(frozen=True, slots=True)
class BallotView:
    """The region `ballot`: whether one's own ballot is stored. Never which choice."""

    number: int | None
    state: str
    """``, `open`, `recorded`, `was_recorded`, `none_received`."""


def ballot_view(site: Site, person: PersonId) -> BallotView:
    """Return whether this person's ballot in the latest vote is stored."""
    vote = latest(site)
    hidden = {VoteState.ANNOUNCED, VoteState.VOID}
    if vote is None or vote.state in hidden or not on_roll(site.meeting, vote.id, person):
        return BallotView(None, "")
    voted = person in site.hall.voted
    if vote.state is VoteState.OPEN:
        return BallotView(vote.id, "recorded" if voted else "open")
    return BallotView(vote.id, "was_recorded" if voted else "none_received")


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
    announce: str


NO_RESULT = ResultView(None, "", "", "", "", 0, 0, 0, 0, 0, "", "", resolution=False, text="",
                       announce="")  # fmt: skip


def result_view(site: Site, vote: Vote | None) -> ResultView:
    """Return the declared result of this vote, or an empty view."""
    if vote is None or vote.state is not VoteState.DECLARED or vote.outcome is None:
        return NO_RESULT
    motion = site.meeting.motions[vote.motion]
    votes_for, votes_against = vote.votes_for or 0, vote.votes_against or 0
    abstentions = vote.abstentions or 0
    word = _(words.OUTCOMES[vote.outcome])
    figures = _("%(word)s: %(label)s. For %(f)s, against %(a)s, abstentions %(n)s.") % {
        "word": word, "label": motion.label, "f": votes_for, "a": votes_against, "n": abstentions,
    }  # fmt: skip
    return ResultView(
        vote.id, motion.label, motion.title, vote.outcome, word, votes_for, votes_against,
        abstentions, vote.roll - votes_for - votes_against - abstentions, vote.roll,
        words.vote_rule(vote, site.meeting.conference), _arithmetic(vote, votes_for, votes_against),
        resolution=vote.outcome is Outcome.CARRIED and motion.kind is not MotionKind.QUESTION,
        text=motion.text,
        announce=figures,
    )  # fmt: skip


def _arithmetic(vote: Vote, votes_for: int, votes_against: int) -> str:
    """Return the base in figures, so that everybody can check the outcome."""
    numbers = {
        Base.CAST: (_("votes cast for and against"), votes_for + votes_against),
        Base.PRESENT: (_("delegates present at the opening"), vote.roll),
        Base.REGISTER: (_("delegates on the register at the opening"), vote.register),
    }
    name, number = numbers[vote.base]
    return _("Counted of %(number)s %(name)s.") % {"number": number, "name": name}
