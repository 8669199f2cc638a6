"""What only Robert's Rules know: a recess, reconsidering, privilege, the orders of the day."""

from __future__ import annotations

from dataclasses import replace

import pytest

from conference.rules import acts as a
from conference.rules import procedural, reconsidering
from conference.rules.kinds import (
    MotionKind,
    MotionState,
    Outcome,
    Pause,
    PointAbout,
    PointKind,
    PointState,
    ProceduralState,
    Procedure,
    Profile,
    Side,
)
from conference.rules.points import ROBERTS as POINTS
from conference.rules.procedures import ROBERTS
from conference.rules.refused import Code
from conference.rules.steps import steps
from tests.rules.builders import (
    CHAIR,
    D1,
    D2,
    D3,
    D4,
    D5,
    MOTION,
    QUESTION,
    TEN,
    check_in,
    decide_procedural,
    do,
    refusal,
    run,
    scene,
)

RECESS = a.MoveProcedural(Procedure.RECESS, minutes=15)
AGAIN = a.MoveProcedural(Procedure.RECONSIDER, motion=MOTION)
PRIVILEGE = a.RaisePoint(PointKind.PRIVILEGE, PointAbout.CANNOT_FOLLOW)
ORDERS = a.RaisePoint(PointKind.ORDERS_OF_THE_DAY, PointAbout.TIMETABLE)


def american(name):
    meeting = scene(name)
    return replace(meeting, settings=replace(meeting.settings, profile=Profile.RONR))


def pending(meeting, act, by=D4, seconder=D3):
    number = len(meeting.procedurals) + 1
    meeting = run(meeting, (act, by), (a.SecondProcedural(number), seconder))
    return do(meeting, a.TakeProcedural(number), CHAIR)


@pytest.mark.parametrize("kind", sorted(ROBERTS))
@pytest.mark.parametrize("where", ["both", "declared"])
def test_in_britain_there_is_none_of_them(kind, where):
    british = procedural.may_move(scene(where), kind, D4, TEN)
    assert british is not None
    assert british.code is Code.NOT_POSSIBLE_NOW
    assert len(ROBERTS) == 2


# --- a recess ----------------------------------------------------------------------------------


def test_a_recess_is_a_break_by_a_vote_and_the_chair_goes_on_after_it():
    meeting = pending(american("both"), RECESS)
    carried = decide_procedural(meeting, 3, 1, 0)
    head = carried.conference
    assert (head.pause, head.resumes_at - head.paused_at) == (Pause.BREAK, 15 * 60_000)
    assert refusal(carried, a.Resume(), CHAIR, head.resumes_at - 1).code is Code.BREAK_RUNNING
    on = do(carried, a.Resume(), CHAIR, head.resumes_at)
    assert on.motions[MOTION].state is MotionState.DEBATE
    lost = decide_procedural(meeting, 1, 3, 0)
    assert lost.conference.pause is None
    assert refusal(lost, RECESS, D4).code is Code.COOLDOWN


@pytest.mark.parametrize("minutes", [0, -1, 601])
def test_a_recess_has_a_sensible_length(minutes):
    act = replace(RECESS, minutes=minutes)
    assert refusal(american("both"), act, D4).code is Code.BAD_TIME


def test_a_recess_goes_before_the_closure_and_after_an_adjournment():
    meeting = american("closure")
    both = run(meeting, (RECESS, D4), (a.SecondProcedural(2), D3))
    assert refusal(both, a.TakeProcedural(1), CHAIR).code is Code.NOT_POSSIBLE_NOW
    adjourn = a.MoveProcedural(Procedure.ADJOURN_MEETING, minutes=5)
    three = run(both, (adjourn, D4), (a.SecondProcedural(3), D3))
    assert refusal(three, a.TakeProcedural(2), CHAIR).code is Code.NOT_POSSIBLE_NOW
    assert do(both, a.TakeProcedural(2), CHAIR).conference.procedural == 2


# --- reconsidering -----------------------------------------------------------------------------


def test_what_was_decided_is_in_debate_again_and_voted_on_anew():
    meeting = pending(american("declared"), AGAIN)
    assert meeting.motions[MOTION].outcome is Outcome.CARRIED
    carried = decide_procedural(meeting, 3, 1, 0)
    motion = carried.motions[MOTION]
    assert (motion.state, motion.outcome, carried.conference.motion) == (
        MotionState.DEBATE, None, MOTION,
    )  # fmt: skip
    announced = do(carried, a.AnnounceVote(MOTION), CHAIR)
    assert announced.votes[max(announced.votes)].motion == MOTION
    assert [m.code for m in carried.minutes.values()][-1] == "taken_up"


def test_lost_what_was_decided_stands_and_it_cools_down():
    meeting = pending(american("declared"), AGAIN)
    lost = decide_procedural(meeting, 1, 3, 0)
    assert lost.motions[MOTION] == meeting.motions[MOTION]
    assert refusal(lost, AGAIN, D4).code is Code.COOLDOWN


def test_once_only():
    meeting = american("declared")
    row = do(meeting, AGAIN, D4).procedurals[1]
    row = replace(row, state=ProceduralState.DECIDED, outcome=Outcome.CARRIED)
    meeting = replace(meeting, procedurals=meeting.procedurals.put(row.id, row))
    assert reconsidering.motions(meeting) == []
    assert procedural.may_move(meeting, Procedure.RECONSIDER, D4, TEN).code is Code.NOT_POSSIBLE_NOW


def test_only_who_could_vote_on_it_may_move_it():
    meeting = check_in(american("declared"), D5)  # came after that vote
    assert refusal(meeting, AGAIN, D5).code is Code.NOT_ON_ROLL
    for delegate in (D1, D2, D3, D4):
        do(meeting, AGAIN, delegate)


@pytest.mark.parametrize("where", ["both", "voting", "counted"])
def test_not_before_it_is_decided(where):
    assert refusal(american(where), AGAIN, D4).code in {
        Code.NOT_POSSIBLE_NOW,
        Code.VOTE_RUNNING,
    }


def with_motion(meeting, number, **fields):
    row = replace(meeting.motions[number], **fields)
    return replace(meeting, motions=meeting.motions.put(number, row))


@pytest.mark.parametrize(
    "fields", [{"requires": MOTION}, {"falls_if": (MOTION,)}], ids=["requires", "falls_if"]
)
def test_nothing_that_another_question_hangs_on(fields):
    meeting = with_motion(american("declared"), QUESTION, **fields)
    assert refusal(meeting, AGAIN, D4).code is Code.NOT_POSSIBLE_NOW


@pytest.mark.parametrize("kind", [MotionKind.QUESTION, MotionKind.REPORT])
def test_no_question_of_the_chair_and_no_report(kind):
    meeting = with_motion(american("declared"), MOTION, kind=kind)
    assert reconsidering.motions(meeting) == []


def test_another_motion_cannot_be_named_instead():
    assert (
        refusal(american("declared"), replace(AGAIN, motion=QUESTION), D4).code is Code.BAD_TARGET
    )
    assert refusal(american("declared"), replace(AGAIN, motion=None), D4).code is Code.BAD_TARGET


# --- points ------------------------------------------------------------------------------------


@pytest.mark.parametrize("act", [PRIVILEGE, ORDERS], ids=lambda act: act.kind)
def test_it_interrupts_is_ruled_on_and_stands_before_the_vote(act):
    meeting = do(american("speaking"), act, D3)
    heard = do(meeting, a.HearPoint(1), CHAIR, TEN + 1)
    assert heard.turns[1].paused_at == TEN + 1  # in the middle of a speech, whose clock stops
    assert refusal(heard, a.RulePoint(1, PointState.ANSWERED, "r"), CHAIR).code is (
        Code.NOT_POSSIBLE_NOW
    )
    assert refusal(heard, a.RulePoint(1, PointState.WELL_TAKEN), CHAIR).code is Code.NEEDS_REASON
    ruled = do(heard, a.RulePoint(1, PointState.NOT_WELL_TAKEN, "r"), CHAIR, TEN + 2)
    assert ruled.turns[1].paused_at is None
    appeal = a.MoveProcedural(Procedure.CHALLENGE, point=1)
    assert do(ruled, appeal, D4).procedurals[1].state is ProceduralState.ASKED
    waits = do(american("both"), act, D3)
    assert refusal(waits, a.AnnounceVote(MOTION), CHAIR).code is Code.POINT_OPEN
    assert a.RulePoint(1, PointState.WELL_TAKEN, "-") in steps(waits, CHAIR, TEN).offered


def test_in_the_middle_of_a_vote_only_who_cannot_follow():
    voting = american("voting")
    do(voting, PRIVILEGE, D3)
    assert refusal(voting, ORDERS, D3).code is Code.NOT_POSSIBLE_NOW


@pytest.mark.parametrize("act", [PRIVILEGE, ORDERS], ids=lambda act: act.kind)
def test_britain_knows_points_of_order(act):
    assert refusal(scene("both"), act, D3).code is Code.NOT_POSSIBLE_NOW
    mixed = replace(act, kind=PointKind.ORDER)
    assert refusal(american("both"), mixed, D3).code is Code.NOT_POSSIBLE_NOW
    assert len(POINTS) == 2


def test_a_speech_can_still_be_called_after_it():
    ruled = run(
        american("asked"), (PRIVILEGE, D3), (a.RulePoint(1, PointState.WELL_TAKEN, "r"), CHAIR)
    )
    assert do(ruled, a.CallSpeaker(Side.FOR, request=1), CHAIR).conference.turn == 1
