"""Points of order, explanation and information: none is ever lost (procedure B5)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from conference.rules import acts as a
from conference.rules.kinds import PointAbout, PointKind, PointState, Profile
from conference.rules.points import ABOUT, ROBERTS, RULED, open_points
from conference.rules.refused import Code
from conference.rules.steps import steps
from tests.rules.builders import (
    CHAIR,
    D1,
    D3,
    D4,
    DEBATE,
    MOTION,
    OBSERVER,
    POINT,
    QUESTION,
    TEN,
    decide,
    do,
    refusal,
    scene,
)

ORDER = a.RaisePoint(PointKind.ORDER, PointAbout.LANGUAGE)
EVERY = [(kind, about) for kind, abouts in ABOUT.items() for about in sorted(abouts)]


def raised(kind, about):
    number = 1 if about is PointAbout.STANDING_ORDER else None
    return a.RaisePoint(kind, about, number)


@pytest.mark.parametrize(("kind", "about"), EVERY)
def test_every_kind_is_raised_heard_and_answered(kind, about):
    meeting = scene("debate")
    if kind in ROBERTS:
        meeting = replace(meeting, settings=replace(meeting.settings, profile=Profile.RONR))
    meeting = do(meeting, raised(kind, about), D3)
    assert steps(meeting, CHAIR, TEN).suggested == a.HearPoint(POINT)
    heard = do(meeting, a.HearPoint(POINT), CHAIR)
    order = kind in RULED
    state = PointState.WELL_TAKEN if order else PointState.ANSWERED
    wrong = PointState.ANSWERED if order else PointState.WELL_TAKEN
    assert refusal(heard, a.RulePoint(POINT, wrong, "r"), CHAIR).code is Code.NOT_POSSIBLE_NOW
    ruled = do(heard, a.RulePoint(POINT, state, "r"), CHAIR)
    assert (ruled.points[POINT].state, ruled.conference.point) == (state, None)
    assert ruled.minutes[len(ruled.minutes)].code == "point_ruled"


@pytest.mark.parametrize("kind", PointKind)
@pytest.mark.parametrize("about", PointAbout)
def test_a_correction_of_facts_is_no_point_of_order(kind, about):
    if (kind, about) not in EVERY:
        wrong = refusal(scene("debate"), raised(kind, about), D3)
        assert wrong.code is Code.NOT_POSSIBLE_NOW


def test_a_ruling_needs_its_line_and_an_answer_does_not():
    bare = a.RulePoint(POINT, PointState.NOT_WELL_TAKEN)
    assert refusal(scene("heard"), bare, CHAIR).code is Code.NEEDS_REASON
    asked = do(scene("debate"), a.RaisePoint(PointKind.INFORMATION, PointAbout.QUESTION), D3)
    assert do(asked, a.RulePoint(POINT, PointState.ANSWERED), CHAIR).points[POINT].ruling == ""


def test_a_number_names_a_standing_order_that_exists():
    for number in (None, 99):
        act = a.RaisePoint(PointKind.ORDER, PointAbout.STANDING_ORDER, number)
        assert refusal(scene("debate"), act, D3).code is Code.BAD_NUMBERS
    odd = a.RaisePoint(PointKind.ORDER, PointAbout.LANGUAGE, 1)
    assert refusal(scene("debate"), odd, D3).code is Code.BAD_NUMBERS


def test_one_open_point_each_by_whoever_is_there():
    once = do(scene("debate"), ORDER, D3)
    assert refusal(once, ORDER, D3).code is Code.ALREADY_RAISED
    assert [p.by for p in open_points(do(once, ORDER, D4))] == [D3, D4]
    assert refusal(scene("debate"), ORDER, OBSERVER).code is Code.OBSERVER
    away = do(scene("debate"), a.Leave(), D3)
    assert refusal(away, ORDER, D3).code is Code.NOT_PRESENT


def test_during_a_vote_only_about_the_vote():
    assert refusal(scene("voting"), ORDER, D3).code is Code.NOT_POSSIBLE_NOW
    about = a.RaisePoint(PointKind.ORDER, PointAbout.VOTING)
    assert do(scene("voting"), about, D3).points[POINT].state is PointState.RAISED


def test_a_point_of_order_stops_the_speech_and_the_others_wait_for_its_end():
    heard = scene("heard")
    assert heard.turns[1].paused_at == TEN
    assert refusal(heard, a.EndSpeech(1), CHAIR).code is Code.POINT_OPEN
    assert refusal(heard, a.ResumeClock(1), CHAIR).code is Code.POINT_OPEN
    misquoted = a.RaisePoint(PointKind.EXPLANATION, PointAbout.MISQUOTED)
    waits = do(scene("speaking"), misquoted, D3)
    assert refusal(waits, a.HearPoint(POINT), CHAIR).code is Code.SOMEBODY_SPEAKS
    ended = do(waits, a.EndSpeech(1), CHAIR)
    assert do(ended, a.HearPoint(POINT), CHAIR).conference.point == POINT


def test_one_is_heard_after_the_other():
    two = do(scene("heard"), ORDER, D1)
    assert refusal(two, a.HearPoint(2), CHAIR).code is Code.POINT_OPEN
    ruled = do(two, a.RulePoint(POINT, PointState.WELL_TAKEN, "r"), CHAIR, TEN + 60_000)
    assert ruled.turns[1].paused_at is None
    again = do(ruled, a.HearPoint(2), CHAIR, TEN + 61_000)
    assert again.turns[1].paused_at == TEN + 61_000


def test_one_takes_back_ones_own_and_the_clock_goes_on():
    assert refusal(scene("heard"), a.WithdrawPoint(POINT), D1).code is Code.NOT_YOURS
    back = do(scene("heard"), a.WithdrawPoint(POINT), D3, TEN + 20_000)
    assert (back.conference.point, back.turns[1].paused_ms) == (None, 20_000)
    ruling = a.RulePoint(POINT, PointState.WELL_TAKEN, "r")
    assert refusal(back, ruling, CHAIR).code is Code.POINT_OVER


def test_a_ruling_without_a_hearing_stands_in_the_minutes():
    ruled = do(scene("point"), a.RulePoint(POINT, PointState.NOT_WELL_TAKEN, "r"), CHAIR)
    assert ruled.conference.turn == 1  # nobody was interrupted
    assert ruled.points[POINT].ruled_by == CHAIR


def test_the_item_is_not_left_while_one_is_open():
    decided = do(decide(scene("question"), QUESTION, 3, 1, 0), ORDER, D3)
    assert refusal(decided, a.NextItem(DEBATE), CHAIR).code is Code.POINT_OPEN
    done = do(scene("all done"), ORDER, D3)
    assert refusal(done, a.CloseConference(), CHAIR).code is Code.POINT_OPEN


def test_no_vote_is_announced_over_a_point_of_order():
    waits = do(scene("debate"), ORDER, D3)
    assert refusal(waits, a.AnnounceVote(MOTION), CHAIR).code is Code.POINT_OPEN
    ruled = do(waits, a.RulePoint(POINT, PointState.NOT_WELL_TAKEN, "r"), CHAIR)
    assert do(ruled, a.AnnounceVote(MOTION), CHAIR).conference.vote
    asks = do(scene("debate"), a.RaisePoint(PointKind.INFORMATION, PointAbout.QUESTION), D3)
    assert do(asks, a.AnnounceVote(MOTION), CHAIR).conference.vote  # a question can wait
