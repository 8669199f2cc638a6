"""Loose ends of procedure: a stray request, an objection, a clock without a chair, a reply forgone."""

from __future__ import annotations

from dataclasses import replace

from conference.rules import acts as a
from conference.rules.kinds import (
    SYSTEM,
    LeaveKind,
    MotionState,
    Reason,
    Side,
)
from conference.rules.refused import Code
from tests.rules.builders import (
    A1,
    ADMIT,
    CHAIR,
    D1,
    D2,
    EMERGENCY,
    MOTION,
    TEN,
    URGENT,
    VICE_CHAIR,
    do,
    refusal,
    scene,
)


def test_what_was_objected_to_is_not_asked_again():
    objected = do(scene("leave"), a.Object(1), D1)
    again = refusal(objected, a.AskLeave(LeaveKind.ACCEPT, MOTION, A1), CHAIR)
    assert (again.code, again.facts) == (Code.OBJECTED, {"label": "1.1"})
    withdraw = a.AskLeave(LeaveKind.WITHDRAW, MOTION, A1)  # another thing, which nobody objected to
    assert do(objected, withdraw, CHAIR).amendments[A1].state is MotionState.WITHDRAWN


def test_a_reply_to_a_challenge_is_no_request_of_somebody_else():
    presided = do(scene("presided"), a.EndSpeech(1), VICE_CHAIR)
    stray = a.CallSpeaker(Side.REPLY, request=1)
    assert refusal(presided, stray, VICE_CHAIR).code is Code.NOT_ASKED
    assert do(presided, a.CallSpeaker(Side.REPLY), VICE_CHAIR).turns


def test_the_clock_of_a_speech_stands_until_somebody_presides():
    waiting = scene("challenged")  # somebody was called before, and goes on
    assert waiting.turns[1].paused_at == TEN
    presided = do(waiting, a.Preside(), VICE_CHAIR, TEN + 20_000)
    turn = presided.turns[1]
    assert (turn.paused_at, turn.paused_ms) == (None, waiting.turns[1].paused_ms + 20_000)
    assert do(presided, a.EndSpeech(1), VICE_CHAIR, TEN + 21_000).conference.turn is None


def test_without_time_for_its_admission_an_emergency_motion_falls_with_the_question():
    meeting = scene("emergency")
    item = replace(meeting.items[EMERGENCY], guillotine=True, minutes=0)
    meeting = replace(meeting, items=meeting.items.put(EMERGENCY, item))
    cut = do(meeting, a.FallGuillotine(EMERGENCY), SYSTEM)
    for number in (ADMIT, URGENT):
        row = cut.motions[number]
        assert (row.state, row.reason) == (MotionState.FELL, Reason.NOT_REACHED), number
    assert do(cut, a.NextItem(EMERGENCY), CHAIR).conference.item != EMERGENCY


def test_the_mover_forgoes_the_reply_and_nobody_else_does():
    meeting = scene("own motion")
    assert refusal(meeting, a.ForgoReply(MOTION), D2).code is Code.NOT_YOURS
    forgone = do(meeting, a.ForgoReply(MOTION), D1)
    assert forgone.motions[MOTION].reply_waived
    assert forgone.motions[MOTION].state is MotionState.DEBATE  # others may still speak
    assert refusal(forgone, a.CallSpeaker(Side.REPLY), CHAIR).code is Code.NO_REPLY
    assert refusal(forgone, a.ForgoReply(MOTION), D1).code is Code.NO_REPLY
    closed = do(forgone, a.CloseDebate(MOTION), CHAIR)
    assert do(closed, a.AnnounceVote(MOTION), CHAIR).motions[MOTION].state is MotionState.VOTING
