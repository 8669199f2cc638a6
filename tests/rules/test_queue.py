"""Who speaks when, why the machine says so, and what a wrong press takes back (procedure B6)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from conference.rules import acts as a
from conference.rules import deadline
from conference.rules.kinds import SYSTEM, MotionState, Pause, RequestState, Side
from conference.rules.question import Question
from conference.rules.queue import Why, suggested
from conference.rules.refused import Code
from conference.rules.speech import UNDO_MS, ends_at
from conference.rules.steps import steps
from tests.rules.builders import (
    CHAIR,
    D1,
    D2,
    D3,
    D4,
    D5,
    D6,
    MOTION,
    TEN,
    check_in,
    do,
    refusal,
    run,
    scene,
)

FOR, AGAINST = Side.FOR, Side.AGAINST
ASKED = Question(MOTION)


def asking(*sides):
    """Delegates ask one second after another, in the order of their numbers."""
    meeting = check_in(scene("debate"), D5, D6)
    for n, side in enumerate(sides):
        who = (D1, D2, D3, D4, D5, D6)[n]
        meeting = do(meeting, a.AskToSpeak(MOTION, side), who, TEN + n * 1000)
    return meeting


def order(meeting):
    return [(row.request.person, row.why) for row in suggested(meeting, ASKED)]


def test_against_begins_and_the_sides_alternate():
    meeting = asking(FOR, FOR, AGAINST, FOR, AGAINST)
    other, first = Why.OTHER_SIDE, Why.ASKED_FIRST
    assert order(meeting) == [(D3, other), (D1, other), (D5, other), (D2, first), (D4, first)]


def test_whoever_has_not_spoken_today_goes_first():
    meeting = run(
        asking(AGAINST, AGAINST, FOR),
        (a.CallSpeaker(AGAINST, request=1), CHAIR),
        (a.EndSpeech(1), CHAIR),
    )
    again = replace(meeting.requests[1], state=RequestState.WAITING)  # another question's speaker
    meeting = replace(meeting, requests=meeting.requests.put(1, again))
    first = Why.FIRST_TIME
    assert order(meeting) == [(D3, first), (D2, first), (D1, Why.ASKED_FIRST)]


def test_whom_conference_wants_to_hear_is_next():
    meeting = asking(AGAINST, FOR, AGAINST)
    heard = replace(meeting.requests[3], heard=True)
    assert order(replace(meeting, requests=meeting.requests.put(3, heard)))[0] == (D3, Why.HEARD)


def test_nobody_asks_so_one_can_go_to_the_vote():
    assert steps(scene("debate"), CHAIR, TEN).suggested == a.AnnounceVote(MOTION)
    waiting = steps(asking(FOR), CHAIR, TEN).suggested
    assert waiting == a.CallSpeaker(FOR, request=1)


def test_the_chair_decides_and_may_call_anybody_who_waits():
    called = do(asking(FOR, FOR, AGAINST), a.CallSpeaker(FOR, request=2), CHAIR)
    assert called.turns[1].person == D2
    wrong = refusal(asking(FOR), a.CallSpeaker(AGAINST, request=1), CHAIR)
    assert wrong.code is Code.NOT_ASKED


def test_one_speech_on_each_question():
    spoken = scene("spoken")
    assert refusal(spoken, a.AskToSpeak(MOTION, FOR), D2).code is Code.ALREADY_SPOKEN
    assert refusal(scene("asked"), a.AskToSpeak(MOTION, FOR), D1).code is Code.ALREADY_ASKED


def test_the_list_is_closed_and_reopened_and_who_waits_goes_on_waiting():
    closed = do(scene("asked"), a.CloseList(MOTION), CHAIR)
    assert refusal(closed, a.AskToSpeak(MOTION, FOR), D3).code is Code.LIST_CLOSED
    assert len(order(closed)) == 2
    opened = do(closed, a.ReopenList(MOTION), CHAIR)
    assert do(opened, a.AskToSpeak(MOTION, FOR), D3).requests[3].person == D3


# --- the clock ---------------------------------------------------------------------------------


def test_half_a_minute_more():
    more = do(scene("speaking"), a.AddTime(1), CHAIR)
    added = more.settings.speech_extension * 1000
    assert ends_at(more.turns[1], TEN) == ends_at(scene("speaking").turns[1], TEN) + added


def test_the_clock_stands_still_for_as_long_as_it_is_stopped():
    stopped = scene("clock stopped")
    assert refusal(stopped, a.PauseClock(1), CHAIR).code is Code.CLOCK_STOPPED
    on = do(stopped, a.ResumeClock(1), CHAIR, TEN + 40_000)
    assert ends_at(on.turns[1], TEN) == ends_at(scene("speaking").turns[1], TEN) + 40_000
    assert refusal(on, a.ResumeClock(1), CHAIR).code is Code.CLOCK_RUNS


# --- a wrong press -----------------------------------------------------------------------------


def test_a_call_is_taken_back_for_five_seconds():
    undo = a.UndoCall(1)
    assert refusal(scene("speaking"), undo, CHAIR, TEN + UNDO_MS + 1).code is Code.TOO_LATE
    back = do(scene("speaking"), undo, CHAIR, TEN + UNDO_MS)
    assert back.requests[2].state is RequestState.WAITING
    assert do(back, a.CallSpeaker(AGAINST, request=2), CHAIR).turns[2].person == D2


@pytest.mark.parametrize("gone", [a.Leave(), a.SendToLobby(D2, "r")])
def test_who_has_gone_meanwhile_does_not_wait_again(gone):
    by = D2 if isinstance(gone, a.Leave) else CHAIR
    away = do(scene("speaking"), gone, by)
    if away.conference.turn is None:  # who is sent out speaks no longer
        assert refusal(away, a.UndoCall(1), CHAIR).code is Code.NOBODY_SPEAKS
        return
    assert do(away, a.UndoCall(1), CHAIR).requests[2].state is RequestState.LAPSED


def test_a_reply_called_by_mistake_ended_nothing():
    asked = do(scene("both"), a.AskToSpeak(MOTION, AGAINST), D4)
    replying = do(asked, a.CallSpeaker(Side.REPLY), CHAIR)
    assert replying.motions[MOTION].state is MotionState.CLOSING
    assert replying.requests[3].state is RequestState.LAPSED
    back = do(replying, a.UndoCall(3), CHAIR)
    assert back.motions[MOTION].state is MotionState.DEBATE
    assert back.requests[3].state is RequestState.WAITING


@pytest.mark.parametrize("closed", [a.CloseDebate(MOTION), None])
def test_a_debate_that_was_closed_before_stays_closed(closed):
    meeting = scene("closed debate") if closed is None else do(scene("both"), closed, CHAIR)
    undone = run(meeting, (a.CallSpeaker(Side.REPLY), CHAIR), (a.UndoCall(3), CHAIR))
    assert undone.motions[MOTION].state is MotionState.CLOSING
    assert refusal(undone, a.AskToSpeak(MOTION, FOR), D4).code is Code.DEBATE_CLOSED


def test_nobody_replies_for_a_motion_they_oppose():
    asked = do(scene("both"), a.AskToSpeak(MOTION, AGAINST), D4)
    wrong = a.CallSpeaker(Side.REPLY, request=3)
    assert refusal(asked, wrong, CHAIR).code is Code.NOT_ASKED
    for_it = do(scene("both"), a.AskToSpeak(MOTION, FOR), D4)
    assert do(for_it, wrong, CHAIR).turns[3].person == D4


# --- the guillotine ----------------------------------------------------------------------------


def guillotined(meeting):
    item = replace(meeting.items[meeting.conference.item], guillotine=True)
    return replace(meeting, items=meeting.items.put(item.id, item)), item


def test_the_guillotine_falls_only_where_the_timetable_has_one_and_not_before():

    fall = a.FallGuillotine(scene("debate").conference.item)
    never = refusal(scene("debate"), fall, SYSTEM, TEN + 10_000_000)
    assert never.code is Code.NOT_POSSIBLE_NOW
    meeting, item = guillotined(scene("debate"))
    at = TEN + item.minutes * 60_000
    assert refusal(meeting, fall, SYSTEM, at - 1).code is Code.NOT_POSSIBLE_NOW
    assert deadline(meeting) == (at, fall)
    fallen = do(meeting, fall, SYSTEM, at)
    assert fallen.motions[MOTION].state is MotionState.CLOSING


def test_a_break_does_not_count_towards_the_guillotine():

    meeting, item = guillotined(scene("debate"))
    resumed = run(
        meeting,
        (a.TakeBreak(Pause.BREAK, 10), CHAIR),
        (a.Resume(), CHAIR, TEN + 600_000),
    )
    assert deadline(resumed)[0] == TEN + item.minutes * 60_000 + 600_000
