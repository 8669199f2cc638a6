"""What the chair can do next, most sensible first, and why the rest cannot be done now.

The panel offers nothing that would be refused, because every offer is tried on the rules first.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from conference.rules import acts as a
from conference.rules import agenda, debate, take
from conference.rules.kinds import (
    ItemState,
    MotionKind,
    MotionState,
    PersonId,
    Phase,
    Side,
    VoteState,
)
from conference.rules.refused import Refused
from conference.rules.state import Meeting, Motion

WAITING = (a.ExtendVote, a.CallOffVote, a.LeaveUndecided)
"""Where one of these comes first, the sensible thing is to wait."""


@dataclass(frozen=True, slots=True)
class Steps:
    """The chair's possible acts in the order of the suggestion, and the others with the reason."""

    offered: tuple[a.Act, ...]
    refused: tuple[tuple[a.Act, Refused], ...]

    @property
    def suggested(self) -> a.Act | None:
        """The next sensible step; None while the sensible thing is to wait."""
        first = self.offered[0] if self.offered else None
        return None if isinstance(first, WAITING) else first


def steps(meeting: Meeting, by: PersonId, now: int) -> Steps:
    """Try every act that could make sense now as `by`; sort into offered and refused."""
    offered: list[a.Act] = []
    refused: list[tuple[a.Act, Refused]] = []
    for act in _candidates(meeting):
        result = take(meeting, act, by, now)
        if isinstance(result, Refused):
            refused.append((act, result))
        else:
            offered.append(act)
    return Steps(tuple(offered), tuple(refused))


def _candidates(meeting: Meeting) -> Iterator[a.Act]:
    head = meeting.conference
    if head.phase is not Phase.OPEN:
        if head.phase is Phase.BEFORE:
            yield a.OpenConference()
        return
    if head.turn is not None:
        yield a.EndSpeech(head.turn)
    yield from _vote_steps(meeting)
    motion = debate.current_motion(meeting)
    if motion is not None and motion.state not in agenda.SETTLED:
        yield from _motion_steps(meeting, motion)
    yield from _item_steps(meeting)


def _vote_steps(meeting: Meeting) -> Iterator[a.Act]:
    vote = meeting.votes.get(meeting.conference.vote) if meeting.conference.vote else None
    if vote is None:
        return
    if vote.state is VoteState.ANNOUNCED:
        yield a.CallOffVote(vote.id)
    if vote.state is VoteState.OPEN:
        yield a.CloseVote(vote.id)
        yield a.ExtendVote(vote.id)
    if vote.state in {VoteState.OPEN, VoteState.CLOSED, VoteState.COUNTED}:
        yield a.DeclareResult(vote.id)


def _motion_steps(meeting: Meeting, motion: Motion) -> Iterator[a.Act]:
    waiting = debate.queue(meeting, motion.id)
    speaker = a.CallSpeaker(waiting[0].side, request=waiting[0].id) if waiting else None
    if motion.state is MotionState.VOTING:
        return
    yield from _questions(motion, speaker)
    yield a.LeaveUndecided(motion.id)


def _questions(motion: Motion, speaker: a.Act | None) -> Iterator[a.Act]:
    if motion.kind is MotionKind.QUESTION:
        yield speaker or a.AnnounceVote(motion.id)
        yield a.AnnounceVote(motion.id) if speaker else a.CallSpeaker(Side.AGAINST)
    elif motion.state is MotionState.CALLED:
        yield a.MarkMoved(motion.id)
        yield a.CallSpeaker(Side.MOVER)
        yield a.LetFall(motion.id)
    elif motion.state is MotionState.MOVED:
        yield a.MarkSeconded(motion.id)
        yield a.CallSpeaker(Side.SECONDER)
        yield a.CallSpeaker(Side.MOVER)
        yield a.LetFall(motion.id)
    else:
        yield speaker or a.AnnounceVote(motion.id)
        yield a.AnnounceVote(motion.id) if speaker else a.CallSpeaker(Side.AGAINST)


def _item_steps(meeting: Meeting) -> Iterator[a.Act]:
    number = meeting.conference.item
    if number is None:
        yield a.CloseConference()
        return
    item = meeting.items[number]
    if item.state is ItemState.PLANNED:
        yield a.CallItem(number)
        return
    slot = debate.next_slot(meeting)
    if slot is not None:
        yield a.CallSpeaker(Side.SPEAKER, slot=slot.id)
    question = agenda.next_question(meeting, number)
    current = debate.current_motion(meeting)
    settled = current is None or current.state in agenda.SETTLED
    if question is not None and settled:
        yield a.PutNextQuestion(question.id)
    yield a.NextItem(number)
