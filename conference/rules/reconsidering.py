"""Robert's Rules: a decided motion can be before conference again, moved by the side that prevailed.

Ballots are secret and sealed, so nobody here knows who that is. Whoever moves it says so by moving
it, as people do in a hall; what is known is who could vote, and that is checked (procedure C).
"""

from __future__ import annotations

from dataclasses import replace

from conference.rules import agenda
from conference.rules.kinds import (
    MotionId,
    MotionKind,
    MotionState,
    Outcome,
    PersonId,
    Procedure,
    VoteState,
)
from conference.rules.refused import Code, Refused
from conference.rules.state import Meeting, Motion, Vote

KINDS = frozenset({MotionKind.MOTION, MotionKind.EMERGENCY})
"""Questions from the chair and reports have had their effect on what came after them."""


def motions(meeting: Meeting) -> list[Motion]:
    """Return the motions that can be reconsidered: decided by a vote, once, with nothing built on it."""
    again = {
        row.motion
        for row in meeting.procedurals.values()
        if row.kind is Procedure.RECONSIDER and row.outcome is Outcome.CARRIED
    }
    return [
        motion
        for motion in meeting.motions.values()
        if motion.kind in KINDS
        and motion.state is MotionState.DECIDED
        and motion.id not in again
        and not _built_on(meeting, motion.id)
        and deciding(meeting, motion.id) is not None
    ]


def _built_on(meeting: Meeting, motion: MotionId) -> bool:
    """Say whether another question depends on how this one was decided."""
    rows = meeting.motions.values()
    return any(row.requires == motion or motion in row.falls_if for row in rows)


def deciding(meeting: Meeting, motion: MotionId) -> Vote | None:
    """Return the vote that decided this motion, or None."""
    found = [
        vote
        for vote in meeting.votes.values()
        if vote.motion == motion
        and vote.amendment is None
        and vote.procedural is None
        and vote.state is VoteState.DECLARED
    ]
    return found[-1] if found else None


def may(meeting: Meeting, motion: MotionId | None, by: PersonId) -> Refused | None:
    """Say why this person cannot move that this motion be reconsidered, or None."""
    vote = deciding(meeting, motion) if motion is not None else None
    if vote is None or motion not in {row.id for row in motions(meeting)}:
        return Refused(Code.BAD_TARGET)
    roll = meeting.rolls.get(vote.id)
    return None if roll is not None and by in roll.people else Refused(Code.NOT_ON_ROLL)


def again(meeting: Meeting, motion: Motion, now: int) -> Meeting:
    """Return the meeting with this motion before conference as if it had not been voted on."""
    undecided = replace(motion, outcome=None, reply_waived=False)
    return agenda.bring_back(meeting, undecided, now)
