"""Every row of procedure B5: when, who, how many, by what majority, and what follows."""

from __future__ import annotations

from dataclasses import replace

import pytest

from conference.rules import acts as a
from conference.rules import procedural, question, queue
from conference.rules.kinds import (
    SYSTEM,
    Base,
    Governs,
    ItemId,
    ItemState,
    Majority,
    MotionKind,
    MotionState,
    Outcome,
    Pause,
    PointAbout,
    PointKind,
    PointState,
    ProceduralState,
    Procedure,
    Role,
    Rule,
    Side,
    Standing,
    WithdrawBy,
)
from conference.rules.procedures import ROWS, majority_of
from conference.rules.question import Question
from conference.rules.refused import Code
from conference.rules.state import StandingOrder
from tests.rules.builders import (
    A1,
    CHAIR,
    D1,
    D2,
    D3,
    D4,
    DEBATE,
    EMERGENCY,
    KEY,
    MOTION,
    POINT,
    QUESTION,
    SPEAKERS,
    TEN,
    VICE_CHAIR,
    count_now,
    decide_procedural,
    do,
    refusal,
    run,
    scene,
    table,
)

CLOSURE = a.MoveProcedural(Procedure.CLOSURE)
IN_DEBATE = [
    a.MoveProcedural(Procedure.CLOSURE),
    a.MoveProcedural(Procedure.NEXT_BUSINESS),
    a.MoveProcedural(Procedure.TABLE),
    a.MoveProcedural(Procedure.REMIT),
    a.MoveProcedural(Procedure.ADJOURN_DEBATE),
    a.MoveProcedural(Procedure.ADJOURN_MEETING, minutes=10),
    a.MoveProcedural(Procedure.SUSPEND, numbers=(1,), minutes=10, remark="r"),
    a.MoveProcedural(Procedure.NO_CONFIDENCE),
    a.MoveProcedural(Procedure.EXTEND_TIME, minutes=10),
    a.MoveProcedural(Procedure.SPEECH_TIME, seconds=60),
    a.MoveProcedural(Procedure.BY_NAME),
]


def with_settings(meeting, **settings):
    return replace(meeting, settings=replace(meeting.settings, **settings))


def pending(meeting, act, by=D4, seconder=D3):
    """The meeting in which this has been moved, seconded and taken."""
    number = len(meeting.procedurals) + 1
    meeting = run(meeting, (act, by), (a.SecondProcedural(number), seconder))
    if ROWS[act.kind].about_chair:
        return do(meeting, a.Preside(), VICE_CHAIR)
    return do(meeting, a.TakeProcedural(number), CHAIR)


def decided(meeting, act, *figures, by=CHAIR):
    chair = VICE_CHAIR if ROWS[act.kind].about_chair else by
    return decide_procedural(pending(meeting, act), *figures, by=chair)


@pytest.mark.parametrize("act", IN_DEBATE, ids=lambda act: act.kind)
class TestRow:
    def test_it_needs_a_seconder_who_is_another(self, act):
        moved = do(scene("both"), act, D4)
        assert moved.procedurals[1].state is ProceduralState.ASKED
        assert refusal(moved, a.SecondProcedural(1), D4).code is Code.OWN_PROPOSAL
        seconded = do(moved, a.SecondProcedural(1), D3)
        about_chair = ROWS[act.kind].about_chair
        wanted = ProceduralState.PENDING if about_chair else ProceduralState.SECONDED
        assert seconded.procedurals[1].state is wanted

    def test_who_has_spoken_may_not_where_the_table_says_so(self, act):
        answer = procedural.may_move(scene("both"), act.kind, D1, TEN)
        if ROWS[act.kind].unspoken:
            assert answer is not None
            assert answer.code is Code.SPOKEN_BEFORE
        else:
            assert answer is None

    def test_who_is_not_here_or_in_the_lobby_may_not(self, act):
        left = do(scene("both"), a.Leave(), D4)
        assert refusal(left, act, D4).code is Code.NOT_PRESENT
        out = do(scene("both"), a.SendToLobby(D4, "r"), CHAIR)
        assert refusal(out, act, D4).code is Code.IN_LOBBY
        back = replace(out.people[D4], lobby_until=TEN)
        again = replace(out, people=out.people.put(D4, back))
        assert do(again, act, D4).procedurals

    def test_lost_the_debate_goes_on_and_it_comes_back_after_a_while(self, act):
        lost = decided(scene("both"), act, 0, 4, 0)
        assert lost.procedurals[1].outcome is Outcome.LOST
        assert lost.motions[MOTION].state is MotionState.DEBATE
        assert (lost.conference.procedural, lost.conference.challenge) == (None, None)
        assert lost.conference.chair == CHAIR
        assert refusal(lost, act, D4).code is Code.COOLDOWN
        assert do(lost, act, D4, TEN + 600_001).procedurals[2].kind is act.kind
        spoken = lost
        for request in (3, 4, 5):
            turn = replace(lost.turns[1], id=request, started_at=TEN + 1, person=D2)
            spoken = replace(spoken, turns=spoken.turns.put(request, turn))
        assert procedural.may_move(spoken, act.kind, D3, TEN + 2) is None or ROWS[act.kind].unspoken

    def test_one_at_a_time(self, act):
        meeting = pending(scene("both"), act)
        other = a.MoveProcedural(Procedure.EXTEND_TIME, minutes=5)
        if act.kind is Procedure.EXTEND_TIME:
            other = a.MoveProcedural(Procedure.SPEECH_TIME, seconds=60)
        meeting = run(meeting, (other, D1), (a.SecondProcedural(2), D2))
        by = VICE_CHAIR if ROWS[act.kind].about_chair else CHAIR
        answer = refusal(meeting, a.TakeProcedural(2), by)
        assert answer.code in {Code.PROCEDURAL_PENDING, Code.CHALLENGE_PENDING}

    def test_before_the_debate_it_is_not_possible(self, act):
        anywhere = ROWS[act.kind].scope == "any"
        answer = procedural.may_move(scene("called"), act.kind, D4, TEN)
        assert (answer is None) == anywhere


def test_closure_carried_ends_the_debate_then_reply_then_vote():
    closed = decided(scene("both"), CLOSURE, 3, 1, 0)
    assert closed.motions[MOTION].state is MotionState.CLOSING
    assert refusal(closed, a.AnnounceVote(MOTION), CHAIR).code is Code.REPLY_DUE
    assert do(closed, a.CallSpeaker(Side.REPLY), CHAIR).conference.turn


def test_closure_needs_debate_on_both_sides_and_amendments_first():
    assert refusal(scene("spoken"), CLOSURE, D4).code is Code.TOO_FEW_SPEECHES
    assert refusal(scene("seconded"), CLOSURE, D4).code is Code.AMENDMENTS_LEFT
    free = with_settings(scene("debate"), closure_min_speeches=0)
    assert do(free, CLOSURE, D4).procedurals


def test_closure_never_interrupts_unless_the_standing_orders_let_it():
    speaks = run(scene("closure"), (a.AskToSpeak(MOTION, Side.FOR), D3))
    speaks = do(speaks, a.CallSpeaker(Side.FOR, 3), CHAIR)
    assert refusal(speaks, a.TakeProcedural(1), CHAIR).code is Code.SOMEBODY_SPEAKS
    allowed = do(with_settings(speaks, closure_may_interrupt=True), a.TakeProcedural(1), CHAIR)
    assert (allowed.conference.turn, allowed.conference.procedural) == (None, 1)


def test_next_business_shelves_the_motion_without_a_vote():
    gone = decided(scene("both"), a.MoveProcedural(Procedure.NEXT_BUSINESS), 3, 1, 0)
    assert (gone.motions[MOTION].state, gone.motions[MOTION].reason) == (
        MotionState.FELL,
        "next_business",
    )
    assert do(gone, a.PutNextQuestion(QUESTION), CHAIR)


def test_on_the_table_and_taken_up_again_by_vote_only():
    tabled = decided(scene("both"), a.MoveProcedural(Procedure.TABLE), 3, 1, 0)
    assert tabled.motions[MOTION].state is MotionState.TABLED
    assert refusal(tabled, a.TakeUp(MOTION), CHAIR).code is Code.NOT_ADJOURNED
    up = decided(tabled, a.MoveProcedural(Procedure.TAKE_UP, motion=MOTION), 3, 1, 0)
    assert (up.conference.motion, up.motions[MOTION].state) == (MOTION, MotionState.DEBATE)
    wrong = a.MoveProcedural(Procedure.TAKE_UP, motion=QUESTION)
    assert refusal(tabled, wrong, D4).code is Code.BAD_TARGET


def test_adjourned_and_taken_up_who_has_spoken_has_spoken():
    adjourned = scene("adjourned")
    assert adjourned.motions[MOTION].state is MotionState.ADJOURNED
    up = do(adjourned, a.TakeUp(MOTION), CHAIR)
    assert refusal(up, a.AskToSpeak(MOTION, Side.FOR), D1).code is Code.ALREADY_SPOKEN
    assert do(up, a.AskToSpeak(MOTION, Side.FOR), D3).requests[3].person == D3


def test_what_is_never_taken_up_is_not_reached():
    meeting = scene("all done")
    aside = replace(meeting.motions[MOTION], state=MotionState.ADJOURNED, outcome=None)
    closed = do(
        replace(meeting, motions=meeting.motions.put(MOTION, aside)), a.CloseConference(), CHAIR
    )
    assert closed.motions[MOTION].reason == "not_reached"


def test_remitted_whole_or_where_allowed_in_part():
    part = a.MoveProcedural(Procedure.REMIT, numbers=(1,))
    assert refusal(scene("both"), part, D4).code is Code.WHOLE_ONLY
    longer = scene("both")
    text = replace(longer.motions[MOTION], text="Text 1\n\nMore")
    longer = replace(longer, motions=longer.motions.put(MOTION, text))
    parts = decided(with_settings(longer, remit_parts=True), part, 3, 1, 0)
    assert (parts.motions[MOTION].referred, parts.motions[MOTION].state) == ((1,), "debate")


def report(meeting):
    row = replace(meeting.motions[MOTION], kind=MotionKind.REPORT, text="One\n\nTwo\n\nThree")
    return do(
        replace(meeting, motions=meeting.motions.put(MOTION, row)), a.MarkMoved(MOTION), CHAIR
    )


def fresh_report():
    meeting = scene("called")
    fallen = [replace(x, state=MotionState.FELL) for x in meeting.amendments.values()]
    return report(replace(meeting, amendments=table(*fallen)))


def test_a_part_of_a_report_is_referred_back_and_the_rest_adopted():
    meeting = fresh_report()
    back = a.MoveProcedural(Procedure.REFERENCE_BACK, numbers=(2,))
    meeting = decided(meeting, back, 3, 1, 0)
    assert (meeting.motions[MOTION].referred, meeting.motions[MOTION].state) == ((2,), "debate")
    assert refusal(meeting, back, D4).code is Code.BAD_NUMBERS
    whole = decided(meeting, a.MoveProcedural(Procedure.REFERENCE_BACK), 3, 1, 0)
    assert whole.motions[MOTION].state is MotionState.REFERRED_BACK
    assert refusal(scene("debate"), back, D4).code is Code.NOT_POSSIBLE_NOW


def test_the_meeting_is_adjourned_for_its_time():
    act = a.MoveProcedural(Procedure.ADJOURN_MEETING, minutes=10)
    paused = decided(scene("both"), act, 3, 1, 0)
    assert paused.conference.pause is Pause.ADJOURNED
    assert paused.conference.resumes_at == TEN + 600_000
    assert refusal(paused, a.MoveProcedural(Procedure.TABLE), D4).code is Code.PAUSED


def suspended(meeting, *governs):
    order = StandingOrder(1, "One", "text", frozenset(governs))
    meeting = replace(meeting, standing_orders=table(order))
    act = a.MoveProcedural(Procedure.SUSPEND, numbers=(1,), minutes=10, remark="r")
    return decided(meeting, act, 4, 0, 0)


def test_a_suspension_is_for_that_number_and_that_time():
    meeting = suspended(scene("both"), Governs.ONCE_PER_QUESTION)
    again = a.AskToSpeak(MOTION, Side.FOR)
    assert do(meeting, again, D1).requests[3].person == D1
    assert refusal(meeting, again, D1, TEN + 600_001).code is Code.ALREADY_SPOKEN
    assert refusal(scene("both"), again, D1).code is Code.ALREADY_SPOKEN


def test_what_a_suspension_reaches():
    assert do(
        suspended(scene("both"), Governs.REPLY), a.AnnounceVote(MOTION), CHAIR
    ).conference.vote
    alone = run(suspended(scene("debate"), Governs.QUORUM), (a.Leave(), D1), (a.Leave(), D2))
    assert do(alone, a.AnnounceVote(MOTION), CHAIR).conference.vote
    free = suspended(scene("seconded"), Governs.AMENDMENT_ORDER)
    assert do(free, a.TakeAmendment(2), CHAIR).conference.amendment == 2
    moved = do(suspended(scene("called"), Governs.SECONDER), a.MarkMoved(MOTION), CHAIR)
    assert moved.motions[MOTION].state is MotionState.DEBATE


@pytest.mark.parametrize(
    ("figures", "carried"), [((2, 1), True), ((60, 40), False), ((8, 4), True)]
)
def test_two_thirds_of_the_votes_cast_suspend(figures, carried):
    rule, base = majority_of(scene("both"), Procedure.SUSPEND)
    assert (rule, base) == (Rule.TWO_THIRDS, Base.CAST)
    assert (3 * figures[0] >= 2 * sum(figures)) is carried


@pytest.mark.parametrize(
    ("kind", "setting", "value", "expected"),
    [
        (Procedure.CLOSURE, "closure_majority", Majority.TWO_THIRDS_CAST, (Rule.TWO_THIRDS, Base.CAST)),
        (Procedure.SUSPEND, "suspend_majority", Majority.TWO_THIRDS_PRESENT, (Rule.TWO_THIRDS, Base.PRESENT)),
        (Procedure.NO_CONFIDENCE, "confidence_majority", Majority.SIMPLE, (Rule.SIMPLE, Base.CAST)),
        (Procedure.CHALLENGE, "challenge_majority", Majority.SIMPLE, (Rule.SUSTAIN, Base.CAST)),
        (Procedure.CHALLENGE, "challenge_majority", Majority.TWO_THIRDS_PRESENT, (Rule.UPHOLD, Base.PRESENT)),
    ],
)  # fmt: skip
def test_majorities_are_settings(kind, setting, value, expected):
    assert majority_of(with_settings(scene("both"), **{setting: value}), kind) == expected


@pytest.mark.parametrize("kind", sorted(set(Procedure) - {
    Procedure.SUSPEND, Procedure.NO_CONFIDENCE, Procedure.CHALLENGE,
}))  # fmt: skip
def test_all_others_need_more_for_than_against(kind):
    assert majority_of(scene("both"), kind) == (Rule.SIMPLE, Base.CAST)


def challenge(meeting, **about):
    return a.MoveProcedural(Procedure.CHALLENGE, **about)


def test_a_challenge_takes_four_and_comes_at_once():
    meeting = scene("challenge")
    for number, who in enumerate((D1, D2), 2):
        meeting = do(meeting, a.SecondProcedural(1), who)
        assert len(meeting.procedurals[1].supporters) == number
        assert meeting.conference.challenge is None
    assert refusal(meeting, a.SecondProcedural(1), D1).code is Code.ALREADY_SUPPORTED
    step = meeting.conference.step
    meeting = do(meeting, a.SecondProcedural(1), D3)
    assert (meeting.conference.challenge, meeting.conference.step) == (1, step + 1)
    late = scene("ruled")
    act = a.MoveProcedural(Procedure.CHALLENGE, point=POINT)
    assert refusal(late, act, D4, TEN + 120_001).code is Code.TOO_LATE
    final = with_settings(late, challenge_allowed=False)
    assert refusal(final, act, D4).code is Code.NO_CHALLENGES


def test_without_another_officer_there_is_no_challenge():
    alone = scene("ruled")
    people = alone.people
    for person in alone.people.values():
        if person.roles & {Role.VICE_CHAIR, Role.SECRETARY}:
            people = people.put(person.id, replace(person, standing=Standing.DECLINED))
    act = a.MoveProcedural(Procedure.CHALLENGE, point=POINT)
    assert refusal(replace(alone, people=people), act, D4).code is Code.NO_OTHER_OFFICER


def test_a_reversed_refusal_lets_the_motion_be_taken():
    refused = do(scene("closure"), a.RefuseProcedural(1, "r"), CHAIR)
    meeting = do(refused, a.MoveProcedural(Procedure.CHALLENGE, refused=1), D4)
    meeting = run(meeting, *((a.SecondProcedural(2), d) for d in (D1, D2, D3)))
    meeting = do(meeting, a.Preside(), VICE_CHAIR)
    meeting = decide_procedural(meeting, 0, 4, 0, by=VICE_CHAIR)
    assert meeting.procedurals[1].state is ProceduralState.SECONDED
    assert do(meeting, a.TakeProcedural(1), CHAIR).conference.procedural == 1


def test_a_reversed_ruling_puts_the_amendment_back():
    out = do(scene("seconded"), a.RuleOutOfOrder(MOTION, A1, "r"), CHAIR)
    act = a.MoveProcedural(Procedure.CHALLENGE, motion=MOTION, amendment=A1)
    meeting = run(out, (act, D4), *((a.SecondProcedural(1), d) for d in (D1, D2, D3)))
    meeting = decide_procedural(do(meeting, a.Preside(), VICE_CHAIR), 0, 4, 0, by=VICE_CHAIR)
    assert meeting.amendments[A1].state is MotionState.PUBLISHED
    assert do(meeting, a.TakeAmendment(A1), CHAIR).conference.amendment == A1


def test_no_confidence_changes_the_chair():
    carried = decided(scene("both"), a.MoveProcedural(Procedure.NO_CONFIDENCE), 4, 0, 0)
    assert carried.conference.chair == VICE_CHAIR
    assert refusal(carried, a.CloseList(MOTION), CHAIR).code is Code.NOT_IN_THE_CHAIR


def test_that_the_delegate_be_heard():
    meeting = run(
        scene("both"),
        (a.AskToSpeak(MOTION, Side.FOR), D3, TEN + 1),
        (a.AskToSpeak(MOTION, Side.AGAINST), D4, TEN + 2),
    )
    moved = pending(meeting, a.MoveProcedural(Procedure.BE_HEARD), by=D4)
    heard = decide_procedural(moved, 3, 1, 0)
    assert queue.queue(heard, Question(MOTION))[0].person == D4  # who moved it was overlooked
    assert queue.suggested(heard, Question(MOTION))[0].why == "heard"
    for_another = pending(meeting, a.MoveProcedural(Procedure.BE_HEARD), by=D1)
    heard = decide_procedural(for_another, 3, 1, 0)
    assert queue.queue(heard, Question(MOTION))[0].person == D3  # else who has waited longest


def test_retaken_the_text_and_what_fell_are_as_before():
    meeting = do(scene("amendment"), a.AnnounceVote(MOTION, A1), CHAIR)
    meeting = run(
        meeting, (a.GiveKey(1, KEY), SYSTEM), (a.OpenVote(1), SYSTEM), (a.EndVote(1), SYSTEM)
    )
    meeting = do(count_now(meeting, 3, 1, 0), a.DeclareResult(1), CHAIR)
    assert question.text_of(meeting, MOTION).number == 2
    again = decided(meeting, a.MoveProcedural(Procedure.RETAKE, vote=1), 3, 1, 0)
    assert question.text_of(again, MOTION).text == "Text 1"
    assert question.text_of(again, MOTION).number == 3
    assert again.amendments[2].state is MotionState.PUBLISHED
    assert (again.conference.amendment, again.amendments[A1].state) == (A1, MotionState.CLOSING)
    assert again.votes[1].void_reason == "retaken"
    put = do(again, a.AnnounceVote(MOTION, A1), CHAIR)
    assert put.votes[put.conference.vote].supersedes == 1


def test_the_time_is_extended_and_speeches_are_shortened():
    longer = decided(scene("both"), a.MoveProcedural(Procedure.EXTEND_TIME, minutes=10), 3, 1, 0)
    assert longer.items[DEBATE].extended == 10
    short = decided(scene("both"), a.MoveProcedural(Procedure.SPEECH_TIME, seconds=60), 3, 1, 0)
    short = do(short, a.AskToSpeak(MOTION, Side.FOR), D3)
    assert do(short, a.CallSpeaker(Side.FOR, 3), CHAIR).turns[3].seconds == 60


def test_the_order_of_business_is_varied():
    meeting = scene("between")
    act = a.MoveProcedural(Procedure.VARY_ORDER, target=EMERGENCY)
    varied = decided(meeting, act, 3, 1, 0)
    assert varied.conference.item == EMERGENCY
    assert do(varied, a.CallItem(EMERGENCY), CHAIR).items[EMERGENCY].state is ItemState.CALLED
    later = do(varied, a.CallItem(EMERGENCY), CHAIR)
    assert later.items[SPEAKERS].state is ItemState.PLANNED
    wrong = a.MoveProcedural(Procedure.VARY_ORDER, target=ItemId(2))
    assert refusal(meeting, wrong, D4).code is Code.BAD_TARGET


def test_withdrawal_by_majority_where_the_standing_orders_say_so():
    meeting = with_settings(scene("both"), withdraw_by=WithdrawBy.MAJORITY)
    leave = a.AskLeave("withdraw", MOTION)
    assert refusal(meeting, leave, CHAIR).code is Code.VOTE_INSTEAD
    gone = decided(meeting, a.MoveProcedural(Procedure.WITHDRAWAL), 3, 1, 0)
    assert gone.motions[MOTION].state is MotionState.WITHDRAWN


def test_higher_precedence_first():
    meeting = run(
        scene("closure"),
        (a.MoveProcedural(Procedure.NEXT_BUSINESS), D4),
        (a.SecondProcedural(2), D3),
    )
    assert refusal(meeting, a.TakeProcedural(1), CHAIR).code is Code.NOT_POSSIBLE_NOW
    assert do(meeting, a.TakeProcedural(2), CHAIR).conference.procedural == 2
    kinds = [row.kind for row in procedural.waiting(meeting)]
    assert kinds == [Procedure.NEXT_BUSINESS, Procedure.CLOSURE]


def test_the_chair_moves_nothing():
    both = scene("both")
    chair = replace(
        both.people[CHAIR], roles=both.people[CHAIR].roles | {Role.DELEGATE}, present=True
    )
    meeting = replace(both, people=both.people.put(CHAIR, chair))
    assert refusal(meeting, CLOSURE, CHAIR).code is Code.NOT_ALLOWED


def test_points_may_be_raised_above_everything():
    meeting = pending(scene("both"), a.MoveProcedural(Procedure.TABLE))
    raised = do(meeting, a.RaisePoint(PointKind.ORDER, PointAbout.PROCEDURE), D1)
    heard = do(raised, a.HearPoint(1), CHAIR)
    assert refusal(heard, a.AnnounceVote(MOTION, None, 1), CHAIR).code is Code.POINT_OPEN
    ruled = do(heard, a.RulePoint(1, PointState.WELL_TAKEN, "r"), CHAIR)
    assert do(ruled, a.AnnounceVote(MOTION, None, 1), CHAIR).conference.vote
