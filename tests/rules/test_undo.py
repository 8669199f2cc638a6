"""Taking decisions back: only before the next business, and then without a trace (procedure B5)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from conference.rules import acts as a
from conference.rules import question, texts, to_recount, undo
from conference.rules.kinds import (
    SYSTEM,
    Action,
    AmendmentId,
    DoubleKind,
    LeaveKind,
    MotionKind,
    MotionState,
    Procedure,
)
from conference.rules.question import Question, put_text, text_hash, text_of
from conference.rules.refused import Code
from conference.rules.state import Amendment
from tests.rules.builders import (
    A1,
    A2,
    CHAIR,
    D1,
    D2,
    D3,
    D4,
    DEBATE,
    KEY,
    MOTION,
    TELLER,
    TEN,
    VICE_CHAIR,
    count_now,
    decide_procedural,
    do,
    refusal,
    run,
    scene,
    voted,
)

A3, A4 = AmendmentId(3), AmendmentId(4)


def with_settings(meeting, **settings):
    return replace(meeting, settings=replace(meeting.settings, **settings))


def void(meeting, vote):
    proposed = do(meeting, a.ProposeDouble(DoubleKind.VOID_VOTE, "r", vote=vote), CHAIR)
    return do(proposed, a.ConfirmDouble(1), TELLER)


def free_amendments(meeting):
    """The second amendment does not fall with the first."""
    second = replace(meeting.amendments[A2], falls_if=())
    return replace(meeting, amendments=meeting.amendments.put(A2, second))


GONE_ON = {
    "taken": (a.TakeAmendment(A2), CHAIR),
    "fell": (a.LetFall(MOTION, A2), CHAIR),
    "out of order": (a.RuleOutOfOrder(MOTION, A2, "r"), CHAIR),
}


@pytest.mark.parametrize("what", GONE_ON)
def test_the_result_stands_once_conference_has_gone_on(what):
    carried = voted(free_amendments(scene("amendment")), A1)
    assert undo.is_latest(carried, carried.votes[1])
    after = do(carried, *GONE_ON[what])
    assert not undo.is_latest(after, after.votes[1])
    proposal = a.ProposeDouble(DoubleKind.VOID_VOTE, "r", vote=1)
    assert refusal(after, proposal, CHAIR).code is Code.RESULT_STANDS
    assert refusal(after, a.RecountVote(1), CHAIR).code is Code.RESULT_STANDS


def test_the_words_of_an_amendment_that_was_accepted_since_are_not_lost():
    carried = voted(free_amendments(scene("amendment")), A1)
    accepted = run(
        carried,
        (a.TakeAmendment(A2), CHAIR),
        (a.AskLeave(LeaveKind.ACCEPT, MOTION, A2), CHAIR),
        (a.GiveLeave(1), SYSTEM),
    )
    assert "A second paragraph." in text_of(accepted, MOTION).text
    proposal = a.ProposeDouble(DoubleKind.VOID_VOTE, "r", vote=1)
    assert refusal(accepted, proposal, CHAIR).code is Code.RESULT_STANDS


def test_a_procedural_motion_is_no_next_business():
    carried = voted(scene("amendment"), A1)
    short = run(
        carried,
        (a.MoveProcedural(Procedure.SPEECH_TIME, seconds=60), D4),
        (a.SecondProcedural(1), D3),
        (a.TakeProcedural(1), CHAIR),
    )
    assert undo.is_latest(decide_procedural(short, 3, 1, 0), carried.votes[1])


def second_level():
    """An amendment in debate with two to itself, which are taken one after the other."""
    meeting = with_settings(scene("amendment"), amend_second_level=True)
    rows = {
        A3: Amendment(A3, MOTION, 3, "1.1a", "add", "and better", action=Action.ADD,
                      paragraph=1, words="more", amends=A1),
        A4: Amendment(A4, MOTION, 4, "1.1b", "add", "and soon", action=Action.ADD,
                      paragraph=1, words="more", amends=A1),
    }  # fmt: skip
    table = meeting.amendments
    for number, row in rows.items():
        table = table.put(number, row)
    return replace(meeting, amendments=table)


def taken(meeting, amendment):
    return run(
        meeting,
        (a.TakeAmendment(amendment), CHAIR),
        (a.MarkMoved(MOTION, amendment), CHAIR),
        (a.MarkSeconded(MOTION, amendment), CHAIR),
    )


def test_one_amendment_to_an_amendment_is_taken_back_and_the_other_stays():
    one = voted(taken(second_level(), A3), A3)
    both = voted(taken(one, A4), A4)
    assert "better" in both.amendments[A1].as_amended
    assert "soon" in both.amendments[A1].as_amended
    back = void(both, 2)
    assert texts.text_of(back.amendments[A1]) == texts.text_of(one.amendments[A1])


def test_a_vote_is_about_the_amendment_as_it_was_amended():
    before = put_text(second_level(), Question(MOTION, A1))
    both = voted(taken(second_level(), A3), A3)
    fallen = do(both, a.LetFall(MOTION, A4), CHAIR)
    announced = do(fallen, a.AnnounceVote(MOTION, A1), CHAIR)
    vote = announced.votes[announced.conference.vote]
    assert vote.text_hash == text_hash(put_text(announced, Question(MOTION, A1)))
    assert vote.text_hash != text_hash(before)
    assert "and better" in put_text(announced, Question(MOTION, A1))


def test_a_debate_adjourned_within_an_amendment_to_an_amendment_goes_on_later():
    meeting = run(
        taken(second_level(), A3),
        (a.MoveProcedural(Procedure.ADJOURN_DEBATE), D4),
        (a.SecondProcedural(1), D3),
        (a.TakeProcedural(1), CHAIR),
    )
    aside = decide_procedural(meeting, 3, 1, 0)
    states = {aside.amendments[x].state for x in (A1, A3)}
    assert states == {MotionState.PUBLISHED}
    again = do(aside, a.TakeUp(MOTION), CHAIR)
    assert do(again, a.TakeAmendment(A1), CHAIR).conference.amendment == A1


def test_a_ruling_that_is_reversed_brings_the_amendments_back_too():
    ruled = do(scene("seconded"), a.RuleOutOfOrder(MOTION, None, "r"), CHAIR)
    assert ruled.amendments[A1].state is MotionState.FELL
    challenge = a.MoveProcedural(Procedure.CHALLENGE, motion=MOTION)
    reversed_ = reverse(ruled, challenge)
    assert (
        reversed_.motions[MOTION].state is MotionState.DEBATE
    )  # where it stood when it was ruled on
    assert reversed_.conference.motion == MOTION
    assert reversed_.amendments[A1].state is MotionState.PUBLISHED
    assert reversed_.amendments[A2].state is MotionState.PUBLISHED


def reverse(meeting, challenge):
    pending = run(
        meeting,
        (challenge, D4),
        *((a.SecondProcedural(1), d) for d in (D1, D2, D3)),
        (a.Preside(), VICE_CHAIR),
    )
    return decide_procedural(pending, 0, 4, 0, by=VICE_CHAIR)


def test_what_conference_decided_meanwhile_is_not_amended_afterwards():
    meeting = run(
        scene("seconded"),
        (a.RuleOutOfOrder(MOTION, A1, "r"), CHAIR),
        (a.LetFall(MOTION, A2), CHAIR),
        (a.MoveProcedural(Procedure.CHALLENGE, motion=MOTION, amendment=A1), D4),
        (a.AnnounceVote(MOTION), CHAIR),
        *((a.SecondProcedural(1), d) for d in (D1, D2, D3)),
        (a.GiveKey(1, KEY), SYSTEM),
        (a.OpenVote(1), SYSTEM),
        (a.EndVote(1), SYSTEM),
    )
    meeting = do(count_now(meeting, 3, 1, 0), a.DeclareResult(1), CHAIR)
    decided = decide_procedural(do(meeting, a.Preside(), VICE_CHAIR), 0, 4, 0, by=VICE_CHAIR)
    assert decided.amendments[A1].state is MotionState.FELL


def test_a_report_is_put_without_the_parts_that_went_back():
    meeting = scene("seconded")
    report = replace(
        meeting.motions[MOTION], kind=MotionKind.REPORT, text="One.\n\nTwo.", referred=(2,)
    )
    meeting = replace(meeting, motions=meeting.motions.put(MOTION, report))
    assert put_text(meeting, Question(MOTION)) == "One."
    assert question.text_of(meeting, MOTION).text == "One.\n\nTwo."


def test_the_doors_are_no_item_to_go_to():
    doors = next(i for i in scene("debate").items.values() if i.kind == "doors")
    for kind, meeting in (
        (Procedure.VARY_ORDER, scene("declared")),
        (Procedure.ADJOURN_DEBATE, scene("both")),
    ):
        act = a.MoveProcedural(kind, target=doors.id)
        assert refusal(meeting, act, D4).code is Code.BAD_TARGET


def test_amendments_handed_in_fall_with_the_guillotine():
    meeting = with_settings(scene("debate"), amend_from_floor=True)
    meeting = do(meeting, a.ProposeAmendment(MOTION, Action.ADD, 1, "Text", "more"), D4)
    item = replace(meeting.items[DEBATE], guillotine=True)
    meeting = replace(meeting, items=meeting.items.put(DEBATE, item))
    fallen = do(meeting, a.FallGuillotine(DEBATE), SYSTEM, TEN + item.minutes * 60_000)
    assert fallen.amendments[A3].state is MotionState.FELL
    assert do(fallen, a.AnnounceVote(MOTION), CHAIR).conference.vote == 1


def test_a_delegate_has_the_ballots_counted_again_within_a_minute_and_once():
    declared = scene("declared")
    asked = do(declared, a.AskRecount(1), D1, TEN + 60_000)
    assert to_recount(asked) == 1
    assert refusal(declared, a.AskRecount(1), D1, TEN + 60_001).code is Code.TOO_LATE
    vote = declared.votes[1]
    figures = (vote.votes_for, vote.votes_against, vote.abstentions)
    counted = do(asked, a.ReportRecount(1, *figures), SYSTEM)
    assert counted.votes[1].recounted is True
    assert refusal(counted, a.AskRecount(1), D2).code is Code.ALREADY_DONE
    differs = do(asked, a.ReportRecount(1, 4, 0, 0), SYSTEM)
    assert differs.votes[1].recounted is False
    assert differs.motions[MOTION].outcome == "carried"  # the result stands until two officers act
    assert do(counted, a.RecountVote(1), CHAIR).votes[1].recount  # the chair may, again
