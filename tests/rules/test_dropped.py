"""A speaker who loses the connection: a wait, then the chair's choice, and nobody's time is lost."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from conference.rules import acts as a
from conference.rules.dropped import is_waiting
from conference.rules.kinds import MotionState, PointAbout, PointKind, RequestState, Side
from conference.rules.question import Question, turns_on
from conference.rules.queue import next_slot, queue, suggested
from conference.rules.refused import Code
from conference.rules.speech import UNDO_MS, ends_at
from conference.rules.steps import steps
from tests.rules.builders import (
    CHAIR,
    D2,
    D3,
    D4,
    MOTION,
    SPEAKERS,
    TEN,
    do,
    refusal,
    run,
    scene,
)

ASKED = Question(MOTION)
WAIT, OFF, READ = a.WaitForSpeaker(1), a.PutSpeechOff(1), a.HaveReadOut(1)
GRACE = 30_000


def codes(meeting):
    return [row.code for row in meeting.minutes.values()]


def test_the_clock_stands_still_for_the_wait_and_goes_on_with_the_rest():
    before = ends_at(scene("speaking").turns[1], TEN)
    waits = do(scene("speaking"), WAIT, CHAIR, TEN + 20_000)
    assert is_waiting(waits.turns[1], TEN + 20_000 + GRACE - 1)
    assert not is_waiting(waits.turns[1], TEN + 20_000 + GRACE)
    back = do(waits, a.ResumeClock(1), CHAIR, TEN + 32_000)
    assert ends_at(back.turns[1], TEN + 32_000) == before + 12_000
    assert (back.turns[1].waits_until, back.conference.turn) == (None, 1)


def test_a_clock_that_stood_already_goes_on_standing():
    waits = do(scene("clock stopped"), WAIT, CHAIR, TEN + 5_000)
    assert waits.turns[1].paused_at == TEN
    assert waits.turns[1].waits_until == TEN + 5_000 + GRACE


@pytest.mark.parametrize("act", [OFF, READ])
def test_the_chair_chooses_when_the_wait_is_over(act):
    waits = scene("speaker lost")
    assert refusal(waits, act, CHAIR, TEN + GRACE - 1).code is Code.NOT_WAITED
    assert refusal(scene("speaking"), act, CHAIR).code is Code.NOT_WAITED
    do(waits, act, CHAIR, TEN + GRACE)


def test_the_chair_may_wait_once_more_and_may_always_end_the_speech():
    again = do(scene("speaker lost"), WAIT, CHAIR, TEN + GRACE)
    assert again.turns[1].waits_until == TEN + 2 * GRACE
    assert codes(again).count("speaker_lost") == 2
    ended = do(scene("speaker lost"), a.EndSpeech(1), CHAIR, TEN + 1)
    assert (ended.conference.turn, ended.turns[1].waits_until) == (None, None)
    assert not ended.turns[1].undone


def test_while_it_runs_the_sensible_thing_is_to_wait_and_then_to_go_on():
    waits = scene("speaker lost")
    during, after = steps(waits, CHAIR, TEN + 1), steps(waits, CHAIR, TEN + GRACE)
    assert during.suggested is None
    assert a.ResumeClock(1) in during.offered
    assert (after.suggested, after.offered[1]) == (OFF, READ)
    assert steps(scene("speaking"), CHAIR, TEN).suggested == a.EndSpeech(1)
    assert WAIT not in steps(scene("speaking"), CHAIR, TEN + UNDO_MS).offered  # a wrong call
    assert WAIT in steps(scene("speaking"), CHAIR, TEN + UNDO_MS + 1).offered


def test_who_was_put_off_waits_last_and_has_the_time_that_was_left():
    meeting = do(scene("speaking"), a.AskToSpeak(MOTION, Side.AGAINST), D4, TEN + 1)
    waits = do(meeting, WAIT, CHAIR, TEN + 50_000)
    off = do(waits, OFF, CHAIR, TEN + 90_000)
    assert off.conference.turn is None
    assert turns_on(off, ASKED) == []  # it was no speech: they may be called on this question
    assert off.requests[2].state is RequestState.WAITING
    assert [r.person for r in queue(off, ASKED)][-1] == D2
    again = do(off, a.CallSpeaker(Side.AGAINST, request=2), CHAIR, TEN + 100_000)
    assert (again.turns[2].person, again.turns[2].seconds) == (D2, 120 - 50)
    spoken = do(again, a.EndSpeech(2), CHAIR, TEN + 110_000)
    assert refusal(spoken, a.AskToSpeak(MOTION, Side.FOR), D2).code is Code.ALREADY_SPOKEN


def test_put_off_twice_they_still_have_only_what_was_left():
    off = run(scene("speaking"), (WAIT, CHAIR, TEN + 50_000), (OFF, CHAIR, TEN + 90_000))
    call = a.CallSpeaker(Side.AGAINST, request=2)
    again = do(off, call, CHAIR, TEN + 100_000)
    lost = do(again, a.WaitForSpeaker(2), CHAIR, TEN + 110_000)
    twice = do(lost, a.PutSpeechOff(2), CHAIR, TEN + 150_000)
    assert do(twice, call, CHAIR, TEN + 160_000).turns[3].seconds == 60


def test_nobody_comes_back_to_less_than_half_a_minute():
    late = run(scene("speaking"), (WAIT, CHAIR, TEN + 115_000), (OFF, CHAIR, TEN + 145_000))
    assert late.turns[1].seconds_left == 30


def test_a_call_that_was_only_a_mistake_leaves_the_whole_time():
    undone = do(scene("speaking"), a.UndoCall(1), CHAIR)
    again = do(undone, a.CallSpeaker(Side.AGAINST, request=2), CHAIR)
    assert again.turns[2].seconds == 120


def test_who_has_left_meanwhile_does_not_wait_again():
    gone = do(scene("waited"), a.Leave(), D2)
    assert do(gone, OFF, CHAIR).requests[2].state is RequestState.LAPSED


def test_read_out_it_counts_as_the_speech():
    read = do(scene("waited"), READ, CHAIR, TEN)
    turn = read.turns[1]
    assert (turn.read_out, turn.paused_at, turn.undone, read.conference.turn) == (
        True, None, False, 1,
    )  # fmt: skip
    assert codes(read)[-1] == "speech_read_out"
    ended = do(read, a.EndSpeech(1), CHAIR)
    assert refusal(ended, a.AskToSpeak(MOTION, Side.FOR), D2).code is Code.ALREADY_SPOKEN


def test_a_mover_who_was_put_off_can_be_called_again():
    meeting = do(scene("called"), a.CallSpeaker(Side.MOVER), CHAIR)
    off = run(meeting, (WAIT, CHAIR, TEN + 100_000), (OFF, CHAIR, TEN + 130_000))
    assert off.motions[MOTION].state is MotionState.CALLED
    again = do(off, a.CallSpeaker(Side.MOVER), CHAIR, TEN + 200_000)
    assert again.turns[2].seconds == 300 - 100


def test_a_reply_that_was_put_off_is_still_the_last_word():
    meeting = do(scene("both"), a.AskToSpeak(MOTION, Side.AGAINST), D3)
    meeting = do(meeting, a.CallSpeaker(Side.REPLY), CHAIR)
    number = meeting.conference.turn
    off = run(
        meeting,
        (a.WaitForSpeaker(number), CHAIR, TEN + 10_000),
        (a.PutSpeechOff(number), CHAIR, TEN + 40_000),
    )
    assert off.motions[MOTION].state is MotionState.CLOSING
    assert not suggested(off, ASKED)
    assert refusal(off, a.AnnounceVote(MOTION), CHAIR).code is Code.REPLY_DUE
    assert do(off, a.CallSpeaker(Side.REPLY), CHAIR).turns[number + 1].seconds == 170


def test_a_speaker_in_a_slot_comes_after_the_others_of_the_item():
    meeting = scene("speakers")
    slots = sorted(s.id for s in meeting.slots.values() if s.item == SPEAKERS)
    other = replace(meeting.slots[slots[0]], id=99, position=9)
    meeting = replace(meeting, slots=meeting.slots.put(99, other))
    call = a.CallSpeaker(Side.SPEAKER, slot=slots[0])
    called = do(meeting, call, CHAIR)
    number = called.conference.turn
    off = run(
        called,
        (a.WaitForSpeaker(number), CHAIR, TEN + 60_000),
        (a.PutSpeechOff(number), CHAIR, TEN + 90_000),
    )
    assert next_slot(off).id != slots[0]
    again = do(off, call, CHAIR).turns[number + 1]
    assert again.seconds == meeting.slots[slots[0]].minutes * 60 - 60


def test_a_point_is_heard_and_ruled_on_first():
    point = a.RaisePoint(PointKind.ORDER, PointAbout.PROCEDURE)
    raised = do(scene("speaker lost"), point, D3)
    heard = do(raised, a.HearPoint(1), CHAIR)
    assert refusal(heard, OFF, CHAIR, TEN + GRACE).code is Code.POINT_OPEN


def test_the_minutes_say_what_happened_and_name_nobody():
    off = do(scene("waited"), OFF, CHAIR)
    assert codes(off)[-2:] == ["speaker_lost", "speech_put_off"]
    assert json.loads(off.minutes[max(off.minutes)].facts) == {"turn": 1}
