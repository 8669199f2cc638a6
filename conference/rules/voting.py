"""From the announcement of a vote to its declared result (procedure B7, B10)."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256

from conference.rules import acts as a
from conference.rules import agenda, change
from conference.rules.kinds import (
    MotionKind,
    MotionState,
    PersonId,
    Role,
    Standing,
    VoteId,
    VoteState,
)
from conference.rules.majority import outcome
from conference.rules.refused import Code, Refused
from conference.rules.state import Meeting, Motion, Person, Roll, Vote


def text_hash(text: str) -> str:
    """Return the SHA-256 of the text that is voted on, in hexadecimal."""
    return sha256(text.encode()).hexdigest()


def announce(meeting: Meeting, act: a.AnnounceVote, now: int) -> Meeting | Refused:
    """Announce a vote on the motion before conference; it opens after the announced seconds.

    Refuses before the motion is seconded, while somebody speaks, while another vote runs, and
    below the quorum.
    """
    motion = meeting.motions.get(act.motion)
    if motion is None:
        return Refused(Code.UNKNOWN)
    if refusal := agenda.quiet(meeting):
        return refusal
    if motion.id != meeting.conference.motion:
        return Refused(Code.NOT_BEFORE_CONFERENCE, {"label": motion.label})
    if motion.state is not _ready(motion):
        return Refused(Code.WRONG_STATE, {"label": motion.label, "state": motion.state})
    if meeting.conference.present < meeting.settings.quorum:
        return _no_quorum(meeting)
    number = VoteId(len(meeting.votes) + 1)
    vote = Vote(
        number, motion.id, motion.title, text_hash(motion.text), motion.rule, motion.base,
        VoteState.ANNOUNCED, now, now + meeting.settings.vote_announcement * 1000,
    )  # fmt: skip
    announced = change.vote(meeting, vote)
    announced = change.motion(announced, replace(motion, state=MotionState.VOTING))
    announced = change.conference(announced, vote=number)
    return change.note(announced, now, "vote_announced", vote=number, motion=motion.id)


def _ready(motion: Motion) -> MotionState:
    """Return the state from which this motion is put to the vote, and to which a void vote returns."""
    question = motion.kind is MotionKind.QUESTION
    return MotionState.CALLED if question else MotionState.DEBATE


def _no_quorum(meeting: Meeting) -> Refused:
    facts = {"present": meeting.conference.present, "quorum": meeting.settings.quorum}
    return Refused(Code.NO_QUORUM, facts)


def _vote(meeting: Meeting, number: VoteId, *states: VoteState) -> Vote | Refused:
    vote = meeting.votes.get(number)
    if vote is None:
        return Refused(Code.UNKNOWN)
    if vote.state in states:
        return vote
    if vote.state is VoteState.ANNOUNCED:
        return Refused(Code.VOTE_NOT_OPEN)
    if vote.state is VoteState.VOID:
        return Refused(Code.VOTE_VOID)
    if vote.state is VoteState.OPEN:
        return Refused(Code.NOT_COUNTED)
    return Refused(Code.VOTE_CLOSED)


def open_vote(meeting: Meeting, act: a.OpenVote, now: int) -> Meeting | Refused:
    """Open the announced vote; the delegates present at this moment are its roll, for good.

    When the quorum was lost since the announcement the vote is declared void instead.
    """
    vote = _vote(meeting, act.vote, VoteState.ANNOUNCED)
    if isinstance(vote, Refused):
        return vote
    if meeting.conference.present < meeting.settings.quorum:
        return _void(meeting, vote, "no_quorum", now)
    settings = meeting.settings
    people = frozenset(
        p.id for p in meeting.people.values() if p.present and change.counts_as_delegate(p)
    )
    opened = replace(
        vote,
        state=VoteState.OPEN,
        register=meeting.conference.register,
        roll=len(people),
        opened_at=now,
        minimum_at=now + settings.vote_minimum * 1000,
        closes_at=now + settings.vote_duration * 1000,
    )
    changed = replace(meeting, rolls=meeting.rolls.put(vote.id, Roll(vote.id, people)))
    changed = agenda.lapse_requests(changed, vote.motion)
    return change.note(change.vote(changed, opened), now, "vote_opened", vote=vote.id)


def pass_minimum(meeting: Meeting, act: a.PassMinimum) -> Meeting | Refused:
    """Let the chair close the vote from now on."""
    vote = _vote(meeting, act.vote, VoteState.OPEN)
    if isinstance(vote, Refused):
        return vote
    return change.vote(meeting, replace(vote, closable=True))


def extend(meeting: Meeting, act: a.ExtendVote) -> Meeting | Refused:
    """Close at the announced time plus all extensions; a closing countdown is called off."""
    vote = _vote(meeting, act.vote, VoteState.OPEN)
    if isinstance(vote, Refused):
        return vote
    extended = vote.extended + meeting.settings.vote_extension
    closes_at = (vote.opened_at or 0) + (meeting.settings.vote_duration + extended) * 1000
    longer = replace(vote, closes_at=closes_at, extended=extended, last_call=False)
    return change.vote(meeting, longer)


def close(meeting: Meeting, act: a.CloseVote, now: int) -> Meeting | Refused:
    """Start the closing countdown. Refuses before the announced minimum, and a second time."""
    vote = _vote(meeting, act.vote, VoteState.OPEN)
    if isinstance(vote, Refused):
        return vote
    if vote.last_call:
        return Refused(Code.CLOSING)
    if not vote.closable:
        minimum = meeting.settings.vote_minimum
        return Refused(Code.TOO_EARLY, {"seconds": minimum})
    closes_at = min(vote.closes_at or now, now + meeting.settings.vote_countdown * 1000)
    return change.vote(meeting, replace(vote, closes_at=closes_at, last_call=True))


def end(meeting: Meeting, act: a.EndVote, now: int) -> Meeting | Refused:
    """Accept no further ballot: from this point in the one order of things the vote is closed."""
    vote = _vote(meeting, act.vote, VoteState.OPEN)
    if isinstance(vote, Refused):
        return vote
    closed = replace(vote, state=VoteState.CLOSED, closed_at=now)
    return change.note(change.vote(meeting, closed), now, "vote_closed", vote=vote.id)


def count(meeting: Meeting, act: a.CountVote) -> Meeting | Refused:
    """Record the figures of the closed vote and what they mean; they are not yet declared."""
    vote = _vote(meeting, act.vote, VoteState.CLOSED)
    if isinstance(vote, Refused):
        return vote
    figures = (act.votes_for, act.votes_against, act.abstentions)
    if min(figures) < 0 or sum(figures) > vote.roll:
        return Refused(Code.COUNT_DOES_NOT_ADD_UP)
    counted = replace(
        vote,
        state=VoteState.COUNTED,
        votes_for=act.votes_for,
        votes_against=act.votes_against,
        abstentions=act.abstentions,
        outcome=outcome(
            vote.rule, vote.base, act.votes_for, act.votes_against,
            roll=vote.roll, register=vote.register,
        ),
    )  # fmt: skip
    return change.vote(meeting, counted)


def declare(meeting: Meeting, act: a.DeclareResult, now: int) -> Meeting | Refused:
    """Declare the counted result: the motion is decided, and everybody sees the figures."""
    vote = _vote(meeting, act.vote, VoteState.COUNTED, VoteState.CLOSED)
    if isinstance(vote, Refused):
        return vote
    if vote.state is VoteState.CLOSED:
        return Refused(Code.NOT_COUNTED)
    motion = meeting.motions[vote.motion]
    decided = replace(motion, state=MotionState.DECIDED, outcome=vote.outcome)
    declared = change.vote(meeting, replace(vote, state=VoteState.DECLARED, declared_at=now))
    declared = change.motion(declared, decided)
    return change.note(declared, now, "declared", vote=vote.id, motion=motion.id)


def void(meeting: Meeting, act: a.VoidVote, now: int) -> Meeting | Refused:
    """Declare an undeclared vote void: it decides nothing and its motion may be put again."""
    states = (VoteState.ANNOUNCED, VoteState.OPEN, VoteState.CLOSED, VoteState.COUNTED)
    vote = _vote(meeting, act.vote, *states)
    if isinstance(vote, Refused):
        return vote
    return _void(meeting, vote, act.reason, now)


def call_off(meeting: Meeting, act: a.CallOffVote, now: int) -> Meeting | Refused:
    """Take the announcement back: the vote is void and may be announced again.

    Refuses once it is open: from then on people have voted, and only its result ends it.
    """
    vote = meeting.votes.get(act.vote)
    if vote is None:
        return Refused(Code.UNKNOWN)
    if vote.state is VoteState.OPEN:
        return Refused(Code.VOTE_RUNNING)
    if vote.state is not VoteState.ANNOUNCED:
        return Refused(Code.VOTE_VOID if vote.state is VoteState.VOID else Code.VOTE_CLOSED)
    return _void(meeting, vote, "called_off", now)


def _void(meeting: Meeting, vote: Vote, reason: str, now: int) -> Meeting:
    motion = meeting.motions[vote.motion]
    back = change.motion(meeting, replace(motion, state=_ready(motion)))
    back = change.vote(back, replace(vote, state=VoteState.VOID, void_reason=reason))
    return change.note(back, now, "vote_void", vote=vote.id, reason=reason)


def may_vote(vote: Vote, roll: Roll | None, person: Person) -> Refused | None:
    """Say why this person's ballot cannot be accepted in this vote, or None.

    Asked for every ballot, in the same order as the acts, so that the close is a point: what is
    accepted was accepted before it. Time is not asked: the clerk closes before it looks at ballots.
    """
    if vote.state is VoteState.ANNOUNCED:
        return Refused(Code.VOTE_NOT_OPEN)
    if vote.state is VoteState.VOID:
        return Refused(Code.VOTE_VOID)
    if vote.state is not VoteState.OPEN:
        return Refused(Code.VOTE_CLOSED)
    if roll is not None and person.id in roll.people:
        return None
    if person.standing is not Standing.ACCEPTED:
        return Refused(Code.WAITS_FOR_REGISTRAR)
    if Role.DELEGATE not in person.roles:
        return Refused(Code.OBSERVER if Role.OBSERVER in person.roles else Code.NOT_ON_ROLL)
    return Refused(Code.LATE)


def on_roll(meeting: Meeting, vote: VoteId, person: PersonId) -> bool:
    """Say whether this person stands on the roll of this vote."""
    roll = meeting.rolls.get(vote)
    return roll is not None and person in roll.people


def deadline(meeting: Meeting) -> tuple[int, a.Act] | None:
    """Return when the clerk must act by itself next, and how; None when nothing is due."""
    vote = meeting.votes.get(meeting.conference.vote) if meeting.conference.vote else None
    if vote is None:
        return None
    if vote.state is VoteState.ANNOUNCED:
        return vote.opens_at, a.OpenVote(vote.id)
    if vote.state is not VoteState.OPEN or vote.closes_at is None or vote.minimum_at is None:
        return None
    if not vote.closable and vote.minimum_at <= vote.closes_at:
        return vote.minimum_at, a.PassMinimum(vote.id)
    return vote.closes_at, a.EndVote(vote.id)


def to_count(meeting: Meeting) -> VoteId | None:
    """Return the vote that is closed and waits to be counted, or None."""
    vote = meeting.votes.get(meeting.conference.vote) if meeting.conference.vote else None
    return vote.id if vote is not None and vote.state is VoteState.CLOSED else None
