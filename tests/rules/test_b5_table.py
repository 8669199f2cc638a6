"""The table of procedure B5 once more, written from the book and not from the code."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import pytest

from conference.rules import acts as a
from conference.rules import procedural, take
from conference.rules.kinds import (
    Base,
    LeaveKind,
    MotionKind,
    MotionState,
    PointAbout,
    PointKind,
    ProceduralState,
    Procedure,
    Profile,
    Rule,
    Side,
    WithdrawBy,
)
from conference.rules.procedures import (
    ROBERTS,
    ROWS,
    USES,
    majority_of,
    precedence,
    supporters,
)
from conference.rules.refused import Code, Refused
from tests.rules.builders import (
    CHAIR,
    D1,
    D2,
    D3,
    D4,
    MOTION,
    POINT,
    TEN,
    VICE_CHAIR,
    decide,
    decide_procedural,
    do,
    refusal,
    run,
    scene,
)

SIMPLE, THIRDS = (Rule.SIMPLE, Base.CAST), (Rule.TWO_THIRDS, Base.CAST)


class Row(NamedTuple):
    """Who has spoken may move it; how many stand behind it; who speaks; majority; comes back soon."""

    spoken: bool
    backers: int
    speak: str
    majority: tuple[Rule, Base]
    again: bool = False


BOOK = {
    Procedure.CLOSURE: Row(False, 2, "", SIMPLE),
    Procedure.NEXT_BUSINESS: Row(False, 2, "", SIMPLE),
    Procedure.TABLE: Row(True, 2, "", SIMPLE),
    Procedure.TAKE_UP: Row(True, 2, "", SIMPLE),
    Procedure.REMIT: Row(True, 2, "mover against", SIMPLE),
    Procedure.REFERENCE_BACK: Row(True, 2, "mover reply", SIMPLE),
    Procedure.WITHDRAWAL: Row(True, 2, "", SIMPLE),
    Procedure.ADJOURN_DEBATE: Row(False, 2, "mover reply", SIMPLE),
    Procedure.ADJOURN_MEETING: Row(False, 2, "", SIMPLE),
    Procedure.SUSPEND: Row(True, 2, "mover against", THIRDS),
    Procedure.CHALLENGE: Row(True, 4, "mover reply", (Rule.UPHOLD, Base.CAST), True),
    Procedure.NO_CONFIDENCE: Row(True, 2, "mover reply", THIRDS),
    Procedure.BE_HEARD: Row(True, 2, "", SIMPLE),
    Procedure.RETAKE: Row(True, 2, "", SIMPLE),
    Procedure.EXTEND_TIME: Row(True, 2, "", SIMPLE),
    Procedure.SPEECH_TIME: Row(True, 2, "", SIMPLE),
    Procedure.VARY_ORDER: Row(True, 2, "mover against", SIMPLE),
    # Not in B5: a vote by name is decided by conference (privacy F7).
    Procedure.BY_NAME: Row(True, 2, "mover against", SIMPLE),
    # Robert's Rules only (procedure C).
    Procedure.RECESS: Row(True, 2, "", SIMPLE),
    Procedure.RECONSIDER: Row(True, 2, "mover against", SIMPLE),
}
ORDER = (
    {Procedure.CHALLENGE, Procedure.NO_CONFIDENCE},
    {Procedure.SUSPEND},
    {Procedure.ADJOURN_MEETING},
    {Procedure.ADJOURN_DEBATE},
    {Procedure.NEXT_BUSINESS},
    {Procedure.CLOSURE},
    {Procedure.REMIT, Procedure.REFERENCE_BACK},
)
"""Which goes before which when several are pending."""


def test_every_row_is_there():
    assert set(BOOK) == set(ROWS) == set(Procedure)


@pytest.mark.parametrize("kind", Procedure)
def test_the_row_is_as_in_the_book(kind):
    row, book = ROWS[kind], BOOK[kind]
    assert row.unspoken is not book.spoken
    assert supporters(scene("both"), kind) == book.backers
    speak = " ".join(
        name
        for name, wanted in (
            ("mover", row.explained),
            ("against", row.speeches_against == 1),
            ("reply", row.answered),
        )
        if wanted
    )
    assert (speak, row.speeches_for) == (book.speak, 0)
    assert majority_of(scene("both"), kind) == book.majority
    assert row.cooldown is not book.again


def test_the_order_of_precedence():
    meeting = scene("both")
    found = [{precedence(meeting, kind) for kind in kinds} for kinds in ORDER]
    assert all(len(one) == 1 for one in found)
    ranks = [min(one) for one in found]
    assert ranks == sorted(set(ranks))
    rest = set(Procedure) - set().union(*ORDER)
    assert min(precedence(meeting, kind) for kind in rest - {Procedure.TABLE}) >= ranks[-1]


def american(meeting):
    return with_settings(meeting, profile=Profile.RONR)


def test_under_roberts_rules_the_ladder_is_another():
    """Procedure C; what is about the chair and the rules themselves goes before it, as here."""
    meeting = american(scene("both"))
    ladder = sorted(Procedure, key=lambda kind: precedence(meeting, kind))
    assert set(ladder[:3]) == {Procedure.CHALLENGE, Procedure.NO_CONFIDENCE, Procedure.SUSPEND}
    assert ladder[3:13] == [
        Procedure.ADJOURN_MEETING,
        Procedure.RECESS,
        Procedure.TABLE,
        Procedure.CLOSURE,
        Procedure.EXTEND_TIME,
        Procedure.SPEECH_TIME,
        Procedure.ADJOURN_DEBATE,
        Procedure.REMIT,
        Procedure.REFERENCE_BACK,
        Procedure.NEXT_BUSINESS,
    ]
    waiting = run(
        american(scene("closure")),
        (a.MoveProcedural(Procedure.NEXT_BUSINESS), D4),
        (a.SecondProcedural(2), D3),
    )
    assert refusal(waiting, a.TakeProcedural(2), CHAIR).code is Code.NOT_POSSIBLE_NOW
    assert do(waiting, a.TakeProcedural(1), CHAIR).conference.procedural == 1


@pytest.mark.parametrize("kind", [Procedure.EXTEND_TIME, Procedure.SPEECH_TIME])
def test_under_roberts_rules_debate_is_limited_or_extended_by_two_thirds(kind):
    assert majority_of(american(scene("both")), kind) == THIRDS


def test_under_roberts_rules_one_speaks_twice_and_not_three_times():
    meeting = with_settings(american(scene("both")), speech_once=False)
    again = run(
        meeting,
        (a.AskToSpeak(MOTION, Side.AGAINST), D1),
        (a.CallSpeaker(Side.AGAINST, 3), CHAIR),
        (a.EndSpeech(3), CHAIR),
    )
    third = a.AskToSpeak(MOTION, Side.AGAINST)
    assert refusal(again, third, D1).code is Code.ALREADY_SPOKEN
    british = with_settings(again, profile=Profile.UK_LABOUR)
    assert do(british, third, D1).requests[4].person == D1


def pending(meeting, act, by=D4, seconder=D3):
    number = len(meeting.procedurals) + 1
    meeting = run(meeting, (act, by), (a.SecondProcedural(number), seconder))
    return do(meeting, a.TakeProcedural(number), CHAIR)


def with_settings(meeting, **settings):
    return replace(meeting, settings=replace(meeting.settings, **settings))


def test_the_mover_of_the_motion_answers_an_adjournment_of_its_debate():
    meeting = pending(scene("both"), a.MoveProcedural(Procedure.ADJOURN_DEBATE))
    meeting = run(meeting, (a.CallSpeaker(Side.MOVER), CHAIR), (a.EndSpeech(3), CHAIR))
    answer = do(meeting, a.CallSpeaker(Side.REPLY), CHAIR)
    assert (answer.turns[4].name, answer.turns[4].side) == ("M", Side.REPLY)
    over = do(answer, a.EndSpeech(4), CHAIR)
    assert refusal(over, a.CallSpeaker(Side.REPLY), CHAIR).code is Code.ALREADY_SPOKEN
    lost = decide_procedural(over, 1, 3, 0)
    assert lost.motions[MOTION].state is MotionState.DEBATE
    assert do(lost, a.CallSpeaker(Side.REPLY), CHAIR).turns[5].procedural is None  # still theirs


def test_whoever_reports_answers_a_reference_back():
    meeting = scene("called")
    fallen = [replace(x, state=MotionState.FELL) for x in meeting.amendments.values()]
    for row in fallen:
        meeting = replace(meeting, amendments=meeting.amendments.put(row.id, row))
    report = replace(meeting.motions[MOTION], kind=MotionKind.REPORT, mover=D1)
    meeting = replace(meeting, motions=meeting.motions.put(MOTION, report))
    meeting = pending(meeting, a.MoveProcedural(Procedure.REFERENCE_BACK))
    against = a.AskToSpeak(MOTION, Side.AGAINST, None, 1)
    meeting = do(meeting, against, D2)
    assert refusal(meeting, a.CallSpeaker(Side.AGAINST, 1), CHAIR).code is Code.DEBATE_CLOSED
    assert do(meeting, a.CallSpeaker(Side.REPLY), CHAIR).turns[1].person == D1


# --- who may move it, and until when -----------------------------------------------------------


def test_who_moved_the_closure_and_then_spoke_has_spoken():
    meeting = run(
        scene("closure"),
        (a.AskToSpeak(MOTION, Side.FOR), D4),
        (a.CallSpeaker(Side.FOR, 3), CHAIR),
        (a.EndSpeech(3), CHAIR),
    )
    assert refusal(meeting, a.TakeProcedural(1), CHAIR).code is Code.SPOKEN_BEFORE


def majority_withdrawal(scene_name, mover):
    meeting = with_settings(scene(scene_name), withdraw_by=WithdrawBy.MAJORITY)
    row = replace(meeting.motions[MOTION], mover=mover)
    return replace(meeting, motions=meeting.motions.put(MOTION, row))


def test_only_its_mover_and_seconder_ask_leave_to_withdraw():
    act = a.MoveProcedural(Procedure.WITHDRAWAL)
    meeting = majority_withdrawal("both", D1)
    assert refusal(meeting, act, D4).code is Code.NOT_YOURS
    for who in (D1, D3):  # D3 seconded it
        assert do(meeting, act, who).procedurals[1].by == who
    assert do(majority_withdrawal("both", None), act, D4).procedurals  # a printed mover


def test_it_may_be_withdrawn_until_it_is_put_an_amendment_too():
    act = a.MoveProcedural(Procedure.WITHDRAWAL)
    closing = majority_withdrawal("replied", None)
    gone = decide_procedural(pending(closing, act), 3, 1, 0)
    assert gone.motions[MOTION].state is MotionState.WITHDRAWN
    amendment = majority_withdrawal("amendment", None)
    assert (
        refusal(amendment, a.AskLeave(LeaveKind.WITHDRAW, MOTION, 1), CHAIR).code
        is Code.VOTE_INSTEAD
    )
    gone = decide_procedural(pending(amendment, act), 3, 1, 0)
    assert gone.amendments[1].state is MotionState.WITHDRAWN
    assert (gone.conference.amendment, gone.motions[MOTION].state) == (None, "debate")


def test_a_lost_retake_does_not_bar_the_retake_of_another_vote():
    retake = a.MoveProcedural(Procedure.RETAKE, vote=1)
    lost = decide_procedural(pending(scene("declared"), retake), 1, 3, 0)
    assert refusal(lost, retake, D4).code is Code.COOLDOWN
    asked = do(lost, a.PutNextQuestion(2), CHAIR)
    decided = decide(asked, 2, 3, 1, 0)
    again = replace(retake, vote=decided.conference.vote)
    assert do(decided, again, D4).procedurals[2].vote == 3


def test_a_lost_taking_up_comes_back_after_a_while():
    tabled = decide_procedural(pending(scene("both"), a.MoveProcedural(Procedure.TABLE)), 3, 1, 0)
    act = a.MoveProcedural(Procedure.TAKE_UP, motion=MOTION)
    lost = decide_procedural(pending(tabled, act), 1, 3, 0)
    assert refusal(lost, act, D4).code is Code.COOLDOWN
    assert do(lost, act, D4, TEN + 600_001).procedurals


def test_what_can_no_longer_be_put_keeps_nothing_back():
    """Next business was moved, then its mover spoke: the closure behind it may still be taken."""
    meeting = run(
        scene("closure"),
        (a.MoveProcedural(Procedure.NEXT_BUSINESS), D3),
        (a.SecondProcedural(2), D1),
        (a.AskToSpeak(MOTION, Side.FOR), D3),
        (a.CallSpeaker(Side.FOR, 3), CHAIR),
        (a.EndSpeech(3), CHAIR),
    )
    assert refusal(meeting, a.TakeProcedural(2), CHAIR).code is Code.SPOKEN_BEFORE
    assert do(meeting, a.TakeProcedural(1), CHAIR).conference.procedural == 1


def test_a_delegate_is_to_be_heard_on_this_question_only():
    act = a.MoveProcedural(Procedure.BE_HEARD)
    assert isinstance(procedural.may_move(scene("both"), act.kind, D4, TEN), Refused)
    asked = do(scene("both"), a.AskToSpeak(MOTION, Side.FOR), D3)
    moved = run(asked, (act, D4), (a.SecondProcedural(1), D1))
    assert moved.procedurals[1].motion == MOTION
    voting = run(moved, (a.WaiveReply(MOTION), CHAIR), (a.AnnounceVote(MOTION), CHAIR))
    assert voting.procedurals[1].state is ProceduralState.LAPSED


# --- challenges --------------------------------------------------------------------------------


def ruled_again(meeting, number):
    return run(
        meeting,
        (a.RaisePoint(PointKind.ORDER, PointAbout.LANGUAGE), D2),
        (a.RulePoint(number, "not_well_taken", "r"), CHAIR, TEN + 1),
    )


def test_a_challenge_without_supporters_stands_in_nobodys_way():
    meeting = ruled_again(scene("challenge"), 2)
    assert refusal(meeting, a.SecondProcedural(1), D1).code is Code.NO_RULING
    second = a.MoveProcedural(Procedure.CHALLENGE, point=2)
    both = do(meeting, second, D1, TEN + 2)
    states = [row.state for row in both.procedurals.values()]
    assert states == [ProceduralState.LAPSED, ProceduralState.ASKED]
    assert refusal(both, second, D2, TEN + 2).code is Code.ALREADY_PROPOSED


def test_one_challenge_to_one_ruling_that_something_is_out_of_order():
    out = do(scene("seconded"), a.RuleOutOfOrder(MOTION, 1, "r"), CHAIR)
    act = a.MoveProcedural(Procedure.CHALLENGE, motion=MOTION, amendment=1)
    assert refusal(do(out, act, D4), act, D1).code is Code.ALREADY_PROPOSED


def reversed_refusal(meeting):
    """The refusal of procedural motion 1 has been challenged and falls."""
    number = len(meeting.procedurals) + 1
    meeting = do(meeting, a.MoveProcedural(Procedure.CHALLENGE, refused=1), D4)
    meeting = run(meeting, *((a.SecondProcedural(number), d) for d in (D1, D2, D3)))
    meeting = do(meeting, a.Preside(), VICE_CHAIR)
    return decide_procedural(meeting, 0, 4, 0, by=VICE_CHAIR)


def test_a_refused_motion_comes_back_as_it_was():
    unseconded = do(scene("seconder wanted"), a.RefuseProcedural(1, "r"), CHAIR)
    back = reversed_refusal(unseconded)
    assert back.procedurals[1].state is ProceduralState.ASKED
    assert refusal(back, a.TakeProcedural(1), CHAIR).code is Code.NEEDS_SECONDER
    assert do(back, a.SecondProcedural(1), D3).procedurals[1].state is ProceduralState.SECONDED


def test_a_refused_closure_whose_debate_is_over_lapses():
    refused = do(scene("closure"), a.RefuseProcedural(1, "r"), CHAIR)
    closed = do(refused, a.CloseDebate(MOTION), CHAIR)
    assert reversed_refusal(closed).procedurals[1].state is ProceduralState.LAPSED
    assert POINT == 1


ODD = {
    "numbers": (98,), "minutes": 7, "seconds": 9, "target": 98, "point": 98, "refused": 98, "vote": 98,
}  # fmt: skip


@pytest.mark.parametrize("kind", [k for k in Procedure if k not in USES])
def test_what_a_kind_does_not_use_is_not_kept(kind):
    """Or one delegate could name what there is not, and nothing of that moment could be stored."""
    scenes = {
        Procedure.BE_HEARD: "asked", Procedure.TAKE_UP: "adjourned",
        Procedure.RECONSIDER: "declared",
    }  # fmt: skip
    meeting = with_settings(scene(scenes.get(kind, "both")), withdraw_by=WithdrawBy.MAJORITY)
    meeting = american(meeting) if kind in ROBERTS else meeting
    row = do(meeting, a.MoveProcedural(kind, MOTION, **ODD), D4)
    row = row.procedurals[len(row.procedurals)]
    assert all(not getattr(row, field) for field in ODD)


@pytest.mark.parametrize("kind", USES)
def test_what_a_kind_uses_is_checked(kind):
    scenes = {Procedure.CHALLENGE: "ruled", Procedure.RETAKE: "declared"}
    for field in USES[kind]:
        limits = {"minutes": 10_000, "seconds": 10_000}
        odd = {field: limits.get(field, ODD[field])}
        act = a.MoveProcedural(kind, remark="r", **odd)
        found = take(scene(scenes.get(kind, "both")), act, D4, TEN)
        assert isinstance(found, Refused), (kind, field)


def test_a_call_keeps_no_request_but_that_of_whoever_is_called():
    stray = refusal(scene("called"), a.CallSpeaker(Side.MOVER, request=98), CHAIR)
    assert stray.code is Code.NOT_ASKED
    called = do(scene("called"), a.CallSpeaker(Side.MOVER), CHAIR)
    assert called.turns[1].request is None
    spoke = do(scene("asked"), a.CallSpeaker(Side.AGAINST, request=2), CHAIR)
    assert spoke.turns[1].request == 2
