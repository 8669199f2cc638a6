"""What the chair can do next, most sensible first, and why the rest cannot be done now.

The panel offers nothing that would be refused, because every offer is tried on the rules first.
What needs a line of text is tried with a stand-in for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from conference.rules import acts as a
from conference.rules import (
    agenda,
    amendments,
    counting,
    debate,
    procedural,
    question,
    queue,
    sequence,
    take,
)
from conference.rules.kinds import (
    AmendmentId,
    Choice,
    ItemState,
    LeaveKind,
    MotionId,
    MotionKind,
    MotionState,
    PersonId,
    Phase,
    PointState,
    ProceduralState,
    Side,
    VoteState,
)
from conference.rules.points import RULED, open_points
from conference.rules.procedures import ROWS
from conference.rules.question import SETTLED, Question, innermost, question_of
from conference.rules.refused import Refused
from conference.rules.speech import UNDO_MS
from conference.rules.state import Amendment, Meeting, Motion, Procedural

SOME_TEXT = "-"
"""Stands for the line that the chair will write."""

NEVER_FIRST = (
    a.ExtendVote,
    a.CallOffVote,
    a.StopVote,
    a.LeaveUndecided,
    a.CallOffLeave,
    a.PauseClock,
    a.WaitForSpeaker,
    a.AddTime,
    a.UndoCall,
    a.RefuseProcedural,
    a.RuleOutOfOrder,
    a.RulePoint,
    a.CastingVote,
    a.CloseList,
    a.ReopenList,
)
"""Where one of these comes first, the sensible thing is to wait."""


@dataclass(frozen=True, slots=True)
class Steps:
    """The chair's possible acts in the order of the suggestion, and the others with the reason."""

    offered: tuple[a.Act, ...]
    refused: tuple[tuple[a.Act, Refused], ...]
    suggested: a.Act | None
    """The next sensible step; None while the sensible thing is to wait."""


def steps(meeting: Meeting, by: PersonId, now: int) -> Steps:
    """Try every act that could make sense now as `by`; sort into offered and refused."""
    offered: list[a.Act] = []
    refused: list[tuple[a.Act, Refused]] = []
    for act in dict.fromkeys(_candidates(meeting, now)):
        result = take(meeting, act, by, now)
        if isinstance(result, Refused):
            refused.append((act, result))
        else:
            offered.append(act)
    return Steps(tuple(offered), tuple(refused), _suggested(meeting, offered))


def _suggested(meeting: Meeting, offered: list[a.Act]) -> a.Act | None:
    if not offered:
        return None
    first = offered[0]
    if isinstance(first, a.ExtendVote) and meeting.votes[first.vote].more_time:
        return first
    if isinstance(first, a.ResumeClock) and meeting.turns[first.turn].waits_until is not None:
        return None
    twice = (isinstance(first, a.AnnounceVote) and first.below_quorum) or (
        isinstance(first, a.Resume) and first.early
    )
    return None if twice or isinstance(first, NEVER_FIRST) else first


def _candidates(meeting: Meeting, now: int) -> Iterator[a.Act]:
    head = meeting.conference
    if head.phase is not Phase.OPEN:
        if head.phase is Phase.BEFORE:
            yield a.OpenConference()
        return
    if head.pause is not None:
        yield a.Resume()
        if head.resumes_at is not None and now < head.resumes_at:
            yield a.Resume(early=True)
        return
    if head.leave is not None:
        yield a.CallOffLeave(head.leave)
    yield from _point_steps(meeting)
    if head.turn is not None:
        yield from _speech_steps(meeting, now)
    yield from _vote_steps(meeting)
    yield from _procedural_steps(meeting)
    row = _row(meeting)
    waits = row is not None and row.state not in {*SETTLED, MotionState.VOTING}
    # What is procedural comes first, and has steps of its own.
    if row is not None and waits and innermost(meeting) == question_of(row):
        yield from _question_steps(meeting, row, now)
    yield from _item_steps(meeting)


def _row(meeting: Meeting) -> Motion | Amendment | None:
    amendment = debate.current_amendment(meeting)
    return amendment if amendment is not None else debate.current_motion(meeting)


def _point_steps(meeting: Meeting) -> Iterator[a.Act]:
    for point in open_points(meeting):
        if point.state is PointState.RAISED:
            yield a.HearPoint(point.id)
        if point.kind in RULED:
            yield a.RulePoint(point.id, PointState.WELL_TAKEN, SOME_TEXT)
            yield a.RulePoint(point.id, PointState.NOT_WELL_TAKEN, SOME_TEXT)
        else:
            yield a.RulePoint(point.id, PointState.ANSWERED, SOME_TEXT)


def _speech_steps(meeting: Meeting, now: int) -> Iterator[a.Act]:
    turn = meeting.conference.turn
    if turn is None:
        return
    if meeting.turns[turn].waits_until is not None:
        yield a.PutSpeechOff(turn)
        yield a.HaveReadOut(turn)
    if meeting.turns[turn].paused_at is not None:
        yield a.ResumeClock(turn)
    yield a.EndSpeech(turn)
    yield a.UndoCall(turn)
    yield a.AddTime(turn)
    yield a.PauseClock(turn)
    if now - meeting.turns[turn].started_at > UNDO_MS:  # before, the call itself can be taken back
        yield a.WaitForSpeaker(turn)


def _vote_steps(meeting: Meeting) -> Iterator[a.Act]:
    vote = meeting.votes.get(meeting.conference.vote) if meeting.conference.vote else None
    if vote is None:
        return
    if vote.state is VoteState.ANNOUNCED:
        yield a.CallOffVote(vote.id)
    if vote.state is VoteState.OPEN:
        yield a.CloseVote(vote.id)
        yield a.ExtendVote(vote.id)
        if vote.more_time:
            yield a.CloseVote(vote.id, anyway=True)
        yield a.StopVote(vote.id, SOME_TEXT)
    if vote.state is VoteState.COUNTED and counting.is_tie(vote) and vote.casting is None:
        yield a.CastingVote(vote.id, Choice.FOR)
        yield a.CastingVote(vote.id, Choice.AGAINST)
    if vote.state in {VoteState.OPEN, VoteState.CLOSED, VoteState.COUNTED}:
        yield a.DeclareResult(vote.id)


def _procedural_steps(meeting: Meeting) -> Iterator[a.Act]:
    asked = innermost(meeting)
    if asked is not None and asked.procedural is not None:
        row = meeting.procedurals[asked.procedural]
        if row.state is ProceduralState.PENDING:
            yield from _debate_on(meeting, row, asked)
            yield a.LeaveUndecided(procedural=row.id)
    for row in procedural.waiting(meeting):
        if row.state is ProceduralState.SECONDED:
            yield a.TakeProcedural(row.id)
            yield a.RefuseProcedural(row.id, SOME_TEXT)


def _debate_on(meeting: Meeting, row: Procedural, asked: Question) -> Iterator[a.Act]:
    if ROWS[row.kind].debate:
        yield a.CallSpeaker(Side.MOVER)
        for request in queue.queue(meeting, asked)[:1]:
            yield a.CallSpeaker(request.side, request=request.id)
    if ROWS[row.kind].answered:
        yield a.CallSpeaker(Side.REPLY)
    yield from _put(asked)


def _put(asked: Question) -> Iterator[a.Act]:
    yield a.AnnounceVote(*asked)
    yield a.AnnounceVote(*asked, below_quorum=True)


def _question_steps(meeting: Meeting, row: Motion | Amendment, now: int) -> Iterator[a.Act]:
    asked = question_of(row)
    named: tuple[MotionId, AmendmentId | None] = (
        (row.motion, row.id) if isinstance(row, Amendment) else (row.id, None)
    )
    if debate.is_question(row):
        yield from _speakers(meeting, asked, now)
        yield from _put(asked)
        yield a.CallSpeaker(Side.AGAINST)
    elif row.state is MotionState.CALLED:
        if isinstance(row, Amendment) and row.accepted:
            yield from _leave(meeting, LeaveKind.ACCEPT, row)
        if not question.turns_on(meeting, asked):
            yield a.CallSpeaker(Side.MOVER)  # it is moved in a speech, as a rule
        yield a.MarkMoved(*named)
        yield a.CallSpeaker(Side.MOVER)
        yield a.LetFall(*named)
    elif row.state is MotionState.MOVED:
        yield a.MarkSeconded(*named)
        yield a.CallSpeaker(Side.SECONDER)
        yield a.CallSpeaker(Side.MOVER)
        yield a.LetFall(*named)
    else:
        yield from _debate_steps(meeting, row, asked, now)
    if isinstance(row, Amendment):
        yield from _leave(meeting, LeaveKind.ACCEPT, row)
    yield from _leave(meeting, LeaveKind.WITHDRAW, row)
    yield a.LeaveUndecided(*named)
    yield a.CloseList(*named)
    yield a.ReopenList(*named)
    yield a.RuleOutOfOrder(*named, SOME_TEXT)


def _leave(meeting: Meeting, kind: LeaveKind, row: Motion | Amendment) -> Iterator[a.Act]:
    """Offer *any objection?* until somebody has objected: then it is debated and voted on."""
    asked = question_of(row)
    if asked.motion is not None and not amendments.has_objected(meeting, kind, row):
        yield a.AskLeave(kind, asked.motion, asked.amendment)


def _speakers(meeting: Meeting, asked: Question, now: int) -> Iterator[a.Act]:
    """Yield the call of the first who may speak: a suspension may have ended since they asked."""
    for request in queue.queue(meeting, asked):
        if not queue.has_had_turns(meeting, asked, request.person, now):
            yield a.CallSpeaker(request.side, request=request.id)
            return


def _debate_steps(
    meeting: Meeting, row: Motion | Amendment, asked: Question, now: int
) -> Iterator[a.Act]:
    named = (asked.motion, asked.amendment)
    if asked.motion is None:
        return
    motion = meeting.motions[asked.motion]
    following = sequence.next_amendment(meeting, motion)
    if isinstance(row, Motion) and row.kind is MotionKind.REPORT:
        yield a.CallSpeaker(Side.MOVER)
    if following is not None:
        yield a.TakeAmendment(following.id)
        yield a.LetFall(following.motion, following.id)
    for handed_in in meeting.amendments.values():
        if handed_in.state is MotionState.PROPOSED and handed_in.motion == asked.motion:
            yield a.AdmitAmendment(handed_in.id)
            yield a.AdmitAmendment(handed_in.id, admit=False)
    if following is None:
        yield from _speakers(meeting, asked, now)
        if debate.reply_due(meeting, row, now):
            yield a.CallSpeaker(Side.REPLY)
            yield a.WaiveReply(asked.motion, asked.amendment)
            for request in queue.queue(meeting, asked):
                if request.side is Side.FOR:  # somebody who replies for the mover
                    yield a.CallSpeaker(Side.REPLY, request=request.id)
        yield from _put(asked)
    else:
        yield from _speakers(meeting, asked, now)
        yield from _put(asked)
    yield a.CallSpeaker(Side.AGAINST)
    yield a.CallSpeaker(Side.REPLY)
    yield a.CallSpeaker(Side.SECONDER)
    yield a.CloseDebate(asked.motion, named[1])


def _item_steps(meeting: Meeting) -> Iterator[a.Act]:
    number = meeting.conference.item
    if number is None:
        yield a.CloseConference()
        return
    item = meeting.items[number]
    if item.state is ItemState.PLANNED:
        yield a.CallItem(number)
        return
    slot = queue.next_slot(meeting)
    if slot is not None:
        yield a.CallSpeaker(Side.SPEAKER, slot=slot.id)
    current = debate.current_motion(meeting)
    settled = current is None or current.state in SETTLED
    following = agenda.next_question(meeting, number)
    if settled:
        for motion in meeting.motions.values():
            if motion.state is MotionState.ADJOURNED and motion.resumes_item == number:
                yield a.TakeUp(motion.id)
        if following is not None:
            yield a.PutNextQuestion(following.id)
    yield a.NextItem(number)
    if settled:
        for motion in meeting.motions.values():
            if motion.state is MotionState.ADJOURNED:
                yield a.TakeUp(motion.id)
