"""What is set aside and comes back: adjourned, on the table, cut off by the timetable, sent back in parts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from conference.rules import acts as a
from conference.rules import question, sequence, to_recount, undo
from conference.rules.kinds import (
    SYSTEM,
    Action,
    AmendmentId,
    Base,
    ChairVote,
    Choice,
    DoubleKind,
    Governs,
    Guillotine,
    ItemKind,
    MotionState,
    Outcome,
    Pause,
    PointState,
    Procedure,
    Reason,
    ReplyWhen,
    RequestState,
    Role,
    Side,
)
from conference.rules.question import Question
from conference.rules.refused import Code
from conference.rules.state import Amendment, StandingOrder
from conference.rules.steps import steps
from tests.rules.builders import (
    A1,
    A2,
    ADMIT,
    CHAIR,
    D1,
    D2,
    D3,
    D4,
    DEBATE,
    EMERGENCY,
    KEY,
    MOTION,
    QUESTION,
    SPEAKERS,
    TELLER,
    TEN,
    VICE_CHAIR,
    count_now,
    decide,
    decide_procedural,
    do,
    refusal,
    run,
    scene,
    voted,
)

A3 = AmendmentId(3)
REMITTED = a.MoveProcedural(Procedure.REMIT)


def with_settings(meeting, **settings):
    return replace(meeting, settings=replace(meeting.settings, **settings))


def with_rows(meeting, *rows):
    for row in rows:
        meeting = question.put(meeting, row)
    return meeting


def carried(meeting, act, by=D4, seconder=D3):
    """The meeting after this has been moved, seconded, taken and carried."""
    number = len(meeting.procedurals) + 1
    taken = run(
        meeting,
        (act, by),
        (a.SecondProcedural(number), seconder),
        (a.TakeProcedural(number), CHAIR),
    )
    return decide_procedural(taken, 3, 1, 0)


# --- adjourned debates -------------------------------------------------------------------------


def adjourned_to(item):
    return carried(scene("both"), a.MoveProcedural(Procedure.ADJOURN_DEBATE, target=item))


def at_the_speakers(meeting):
    """The item has been left and the next one called."""
    decided = decide(do(meeting, a.PutNextQuestion(QUESTION), CHAIR), QUESTION, 3, 1, 0)
    return run(decided, (a.NextItem(DEBATE), CHAIR), (a.CallItem(SPEAKERS), CHAIR))


def test_an_adjourned_debate_goes_on_at_its_item_and_not_before():
    meeting = at_the_speakers(adjourned_to(EMERGENCY))
    early = refusal(meeting, a.TakeUp(MOTION), CHAIR)
    assert early.code is Code.ADJOURNED_UNTIL
    assert early.facts == {"label": "M1", "item": "Item 4"}
    there = run(meeting, (a.NextItem(SPEAKERS), CHAIR), (a.CallItem(EMERGENCY), CHAIR))
    there = decide(there, ADMIT, 1, 3, 0)
    assert refusal(there, a.NextItem(EMERGENCY), CHAIR).facts == {"label": "M1"}
    up = do(there, a.TakeUp(MOTION), CHAIR)
    assert refusal(up, a.AskToSpeak(MOTION, Side.FOR), D1).code is Code.ALREADY_SPOKEN
    decided = voted(do(up, a.WaiveReply(MOTION), CHAIR))
    assert do(decided, a.NextItem(EMERGENCY), CHAIR).motions[MOTION].outcome == "carried"


def test_no_debate_is_adjourned_into_a_break():
    meeting = scene("both")
    rest = replace(meeting.items[SPEAKERS], kind=ItemKind.BREAK)
    meeting = replace(meeting, items=meeting.items.put(SPEAKERS, rest))
    act = a.MoveProcedural(Procedure.ADJOURN_DEBATE, target=SPEAKERS)
    assert refusal(meeting, act, D4).code is Code.BAD_TARGET


def test_conference_may_take_it_up_earlier_after_all():
    meeting = at_the_speakers(adjourned_to(EMERGENCY))
    up = carried(meeting, a.MoveProcedural(Procedure.TAKE_UP, motion=MOTION))
    assert (up.conference.motion, up.motions[MOTION].state) == (MOTION, MotionState.DEBATE)


def test_an_amendment_that_waited_meanwhile_has_an_open_list_and_its_reply():
    row = replace(scene("amendment").amendments[A1], list_closed=True, reply_waived=True)
    meeting = with_rows(scene("amendment"), row)
    aside = carried(meeting, a.MoveProcedural(Procedure.ADJOURN_DEBATE))
    waits = aside.amendments[A1]
    assert (waits.state, waits.list_closed, waits.reply_waived) == ("published", False, False)


@pytest.mark.parametrize("state", [MotionState.ADJOURNED, MotionState.TABLED])
def test_what_waits_falls_when_another_is_carried(state):
    meeting = scene("question")
    aside = replace(meeting.motions[MOTION], state=state, outcome=None, falls_if=(QUESTION,))
    decided = decide(with_rows(meeting, aside), QUESTION, 3, 1, 0)
    assert (decided.motions[MOTION].state, decided.motions[MOTION].reason) == (
        MotionState.FELL,
        Reason.CONSEQUENTIAL,
    )


# --- taken back --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "act", [REMITTED, a.MoveProcedural(Procedure.TABLE), a.MoveProcedural(Procedure.ADJOURN_DEBATE)]
)
def test_an_amendment_is_not_voted_again_when_its_motion_has_gone(act):
    amended = voted(scene("amendment"), A1)
    assert undo.latest_result(amended).id == 1
    gone = carried(amended, act)
    assert undo.latest_result(gone) is None
    void = a.ProposeDouble(DoubleKind.VOID_VOTE, "r", vote=1)
    assert refusal(gone, void, CHAIR).code is Code.RESULT_STANDS


def test_what_fell_because_of_another_as_well_stays_fallen():
    meeting = scene("amendment")
    both = replace(meeting.amendments[A2], falls_if=(A1, A3), position=3)
    third = Amendment(
        A3, MOTION, 2, "1.3", "add", "more", action=Action.ADD, paragraph=1,
        state=MotionState.DECIDED, outcome=Outcome.CARRIED,
    )  # fmt: skip
    amended = voted(with_rows(meeting, both, third), A1)
    proposed = do(amended, a.ProposeDouble(DoubleKind.VOID_VOTE, "r", vote=1), CHAIR)
    void = do(proposed, a.ConfirmDouble(1), TELLER)
    assert void.amendments[A2].reason is Reason.CONSEQUENTIAL


def test_a_vote_is_counted_and_taken_again_after_a_procedural_vote_too():
    short = carried(scene("declared"), a.MoveProcedural(Procedure.SPEECH_TIME, seconds=60))
    assert short.conference.vote == 2
    recount = do(short, a.RecountVote(1), CHAIR)
    assert to_recount(recount) == 1
    done = do(recount, a.ReportRecount(1, 2, 1, 1), SYSTEM)
    assert (to_recount(done), done.votes[1].recounted) == (None, True)
    again = carried(short, a.MoveProcedural(Procedure.RETAKE, vote=1))
    assert again.votes[1].void_reason == "retaken"


def test_a_ruling_that_is_reversed_after_the_item_was_left_is_not_lost():
    ruled = do(scene("moved"), a.RuleOutOfOrder(MOTION, None, "r"), CHAIR)
    meeting = run(
        at_the_speakers(ruled),
        (a.MoveProcedural(Procedure.CHALLENGE, motion=MOTION), D4),
        *((a.SecondProcedural(1), d) for d in (D1, D2, D3)),
        (a.Preside(), VICE_CHAIR),
    )
    back = decide_procedural(meeting, 0, 4, 0, by=VICE_CHAIR)
    assert back.motions[MOTION].state is MotionState.ADJOURNED
    up = do(back, a.TakeUp(MOTION), CHAIR)
    assert (up.conference.motion, up.motions[MOTION].state) == (MOTION, MotionState.MOVED)


# --- the guillotine ----------------------------------------------------------------------------


def cut(meeting):
    item = replace(meeting.items[DEBATE], guillotine=True, minutes=0)
    meeting = replace(meeting, items=meeting.items.put(DEBATE, item))
    return do(meeting, a.FallGuillotine(DEBATE), SYSTEM)


def told(meeting):
    return [minute.code for minute in meeting.minutes.values()]


def second_level(state):
    meeting = with_settings(scene("amendment"), amend_second_level=True)
    inner = Amendment(
        A3, MOTION, 3, "1.1a", "add", "and better", action=Action.ADD, paragraph=1,
        words="more", amends=A1, state=state,
    )  # fmt: skip
    meeting = with_rows(meeting, inner)
    return replace(meeting, conference=replace(meeting.conference, amendment=A3))


def test_the_time_is_up_within_an_amendment_to_an_amendment():
    asked = do(scene("amendment"), a.AskToSpeak(MOTION, Side.FOR, A1), D1)
    inner = second_level(MotionState.DEBATE)
    inner = replace(inner, requests=asked.requests)
    fallen = cut(inner)
    assert fallen.amendments[A3].state is MotionState.CLOSING
    assert fallen.amendments[A2].reason is Reason.NOT_REACHED
    first = voted(fallen, A3)
    assert first.amendments[A1].state is MotionState.CLOSING  # its debate is over as well
    assert first.requests[1].state is RequestState.LAPSED
    second = voted(first, A1)
    assert second.motions[MOTION].state is MotionState.CLOSING
    assert voted(second).motions[MOTION].outcome == "carried"


def test_what_was_only_called_falls_and_the_rest_is_put():
    fallen = cut(second_level(MotionState.CALLED))
    assert fallen.amendments[A3].reason is Reason.NOT_REACHED
    assert fallen.amendments[A1].state is MotionState.CLOSING
    assert told(fallen).count("not_reached") == 2  # A2 as well


def test_nobody_waits_any_more_when_the_time_was_up_during_an_amendment():
    asked = do(scene("seconded"), a.AskToSpeak(MOTION, Side.FOR), D1)
    taken = run(asked, (a.TakeAmendment(A1), CHAIR))
    fallen = cut(taken)
    assert fallen.motions[MOTION].state is MotionState.CLOSING
    assert fallen.requests[1].state is RequestState.LAPSED


def test_to_the_committee():
    meeting = with_settings(scene("amendment"), guillotine_effect=Guillotine.TO_COMMITTEE)
    gone = cut(meeting)
    assert (gone.motions[MOTION].state, gone.motions[MOTION].reason) == ("remitted", "not_reached")
    assert told(gone)[-1] == "remitted"
    assert {gone.amendments[x].reason for x in (A1, A2)} == {Reason.MOTION_GONE}


def test_the_guillotine_waits_for_a_vote_and_then_cuts_what_is_left():
    meeting = run(scene("amendment"), (a.AnnounceVote(MOTION, A1), CHAIR))
    item = replace(meeting.items[DEBATE], guillotine=True, minutes=0)
    meeting = replace(meeting, items=meeting.items.put(DEBATE, item))
    fall = a.FallGuillotine(DEBATE)
    assert refusal(meeting, fall, SYSTEM).code is Code.VOTE_RUNNING
    meeting = run(
        meeting, (a.GiveKey(1, KEY), SYSTEM), (a.OpenVote(1), SYSTEM), (a.EndVote(1), SYSTEM)
    )
    meeting = do(count_now(meeting, 3, 1, 0), a.DeclareResult(1), CHAIR)
    assert do(meeting, fall, SYSTEM).motions[MOTION].state is MotionState.CLOSING


def test_a_debate_adjourned_to_an_item_whose_time_is_up_is_not_reached():
    meeting = at_the_speakers(adjourned_to(SPEAKERS))
    item = replace(meeting.items[SPEAKERS], guillotine=True, minutes=0)
    meeting = replace(meeting, items=meeting.items.put(SPEAKERS, item))
    fallen = do(meeting, a.FallGuillotine(SPEAKERS), SYSTEM)
    assert fallen.motions[MOTION].reason is Reason.NOT_REACHED
    assert do(fallen, a.NextItem(SPEAKERS), CHAIR).conference.item == EMERGENCY


# --- parts -------------------------------------------------------------------------------------


def in_parts():
    """A motion of three paragraphs, the second remitted, and an amendment to come."""
    meeting = with_settings(scene("both"), remit_parts=True)
    row = replace(meeting.motions[MOTION], text="One.\n\nTwo.\n\nThree.")
    return with_rows(meeting, row)


def add_first(text="Nought."):
    return Amendment(A3, MOTION, 3, "1.3", "", text, action=Action.ADD, paragraph=0)


def settled(meeting, row):
    """The meeting after this amendment has been taken and carried."""
    meeting = run(
        with_rows(meeting, row),
        (a.TakeAmendment(row.id), CHAIR),
        (a.MarkMoved(MOTION, row.id), CHAIR),
        (a.MarkSeconded(MOTION, row.id), CHAIR),
    )
    return voted(meeting, row.id)


def test_the_part_that_was_remitted_stays_the_same_part():
    parts = carried(in_parts(), replace(REMITTED, numbers=(2,)))
    amended = settled(parts, add_first())
    assert amended.motions[MOTION].referred == (3,)
    assert question.put_text(amended, Question(MOTION)) == "Nought.\n\nOne.\n\nThree."
    proposed = do(amended, a.ProposeDouble(DoubleKind.VOID_VOTE, "r", vote=2), CHAIR)
    void = do(proposed, a.ConfirmDouble(1), TELLER)
    assert question.put_text(void, Question(MOTION)) == "One.\n\nThree."


def test_a_part_that_an_amendment_brought_in_stays_the_same_too():
    amended = settled(in_parts(), add_first("New.\n\nNew."))
    parts = carried(amended, replace(REMITTED, numbers=(2,)))
    fourth = replace(add_first("First."), id=AmendmentId(4), label="1.4", position=4)
    last = settled(parts, replace(fourth, action=Action.REPLACE, paragraph=1, text="Uno."))
    assert question.put_text(last, Question(MOTION)) == "New.\n\nUno.\n\nTwo.\n\nThree."


@pytest.mark.parametrize(
    ("row", "gone"),
    [
        (Amendment(A3, MOTION, 3, "1.3", "", "2", action=Action.REPLACE, words="Two"), True),
        (Amendment(A3, MOTION, 3, "1.3", "", "", action=Action.DELETE, paragraph=2), True),
        (Amendment(A3, MOTION, 3, "1.3", "", "3", action=Action.REPLACE, words="Three"), False),
        (Amendment(A3, MOTION, 3, "1.3", "", "2½", action=Action.ADD, paragraph=2), False),
    ],
)
def test_what_was_sent_back_cannot_be_amended(row, gone):
    parts = carried(in_parts(), replace(REMITTED, numbers=(2,)))
    assert sequence.why_not(parts, row) == (Reason.PLACE_GONE if gone else None)


def test_a_remission_that_waits_is_about_the_same_paragraph_after_an_amendment():
    moved = run(in_parts(), (replace(REMITTED, numbers=(2,)), D4), (a.SecondProcedural(1), D3))
    amended = settled(moved, add_first())
    assert amended.procedurals[1].numbers == (3,)
    taken = decide_procedural(do(amended, a.TakeProcedural(1), CHAIR), 3, 1, 0)
    assert question.put_text(taken, Question(MOTION)) == "Nought.\n\nOne.\n\nThree."
    cut_out = Amendment(A3, MOTION, 3, "1.3", "", "", action=Action.DELETE, paragraph=2)
    assert settled(moved, cut_out).procedurals[1].state == "lapsed"


# --- calls, clocks, ties -----------------------------------------------------------------------


def test_a_call_taken_back_gives_back_only_its_own_request():
    meeting = with_settings(scene("spoken"), speech_once=False)  # D2 has spoken once
    again = run(
        meeting,
        (a.AskToSpeak(MOTION, Side.AGAINST), D2),
        (a.CallSpeaker(Side.AGAINST, request=3), CHAIR),
        (a.UndoCall(2), CHAIR),
    )
    states = {n: r.state for n, r in again.requests.items() if r.person == D2}
    assert states == {2: RequestState.CALLED, 3: RequestState.WAITING}


def test_a_clock_that_the_chair_had_stopped_stays_stopped_after_a_technical_stop():
    stopped = do(scene("clock stopped"), a.TakeBreak(Pause.TECHNICAL), CHAIR, TEN + 1)
    resumed = do(stopped, a.Resume(), CHAIR, TEN + 60_000)
    assert resumed.turns[1].paused_at is not None
    ran = do(scene("speaking"), a.TakeBreak(Pause.TECHNICAL), CHAIR, TEN + 1)
    assert do(ran, a.Resume(), CHAIR, TEN + 60_000).turns[1].paused_at is None


def test_a_point_that_is_heard_keeps_the_clock_through_a_technical_stop():
    stopped = do(scene("heard"), a.TakeBreak(Pause.TECHNICAL), CHAIR, TEN + 1)
    resumed = do(stopped, a.Resume(), CHAIR, TEN + 60_000)
    assert resumed.turns[1].paused_at == TEN
    ruled = do(resumed, a.RulePoint(1, PointState.WELL_TAKEN, "r"), CHAIR, TEN + 90_000)
    assert (ruled.turns[1].paused_at, ruled.turns[1].paused_ms) == (None, 90_000)


@pytest.mark.parametrize(("base", "ties"), [(Base.CAST, True), (Base.PRESENT, False)])
def test_the_chair_decides_only_what_is_a_tie(base, ties):
    meeting = with_settings(scene("debate"), chair_vote=ChairVote.OWN_PLUS_CASTING)
    meeting = with_rows(meeting, replace(meeting.motions[MOTION], base=base))
    meeting = do(meeting, a.AnnounceVote(MOTION), CHAIR)
    meeting = run(
        meeting, (a.GiveKey(1, KEY), SYSTEM), (a.OpenVote(1), SYSTEM), (a.EndVote(1), SYSTEM)
    )
    counted = count_now(meeting, 1, 1, 2)
    cast = a.CastingVote(1, Choice.FOR)
    if ties:
        assert do(counted, cast, CHAIR).votes[1].outcome == "carried"
    else:
        assert refusal(counted, cast, CHAIR).code is Code.NO_TIE


def test_who_could_vote_before_coming_into_the_chair_has_no_casting_vote():
    meeting = with_settings(scene("debate"), chair_vote=ChairVote.CASTING_ONLY)
    roles = frozenset({Role.VICE_CHAIR, Role.DELEGATE})
    vice = replace(meeting.people[VICE_CHAIR], roles=roles, present=True)
    meeting = replace(meeting, people=meeting.people.put(VICE_CHAIR, vice))
    meeting = run(
        meeting,
        (a.AnnounceVote(MOTION), CHAIR),
        (a.GiveKey(1, KEY), SYSTEM),
        (a.OpenVote(1), SYSTEM),
    )
    handed = run(meeting, (a.OfferChair(VICE_CHAIR), CHAIR), (a.AcceptChair(), VICE_CHAIR))
    cast = a.CastingVote(1, Choice.FOR)
    tied = count_now(do(handed, a.EndVote(1), SYSTEM), 1, 1, 2)
    assert refusal(tied, cast, VICE_CHAIR).code is Code.NO_CASTING_VOTE
    stayed = count_now(do(meeting, a.EndVote(1), SYSTEM), 1, 1, 2)
    assert do(stayed, cast, CHAIR).votes[1].casting is Choice.FOR


def test_who_asked_under_a_suspension_that_has_ended_keeps_nobody_back():
    order = StandingOrder(1, "Once", "text", frozenset({Governs.ONCE_PER_QUESTION}))
    meeting = scene("both")
    meeting = replace(meeting, standing_orders=meeting.standing_orders.put(1, order))
    act = a.MoveProcedural(Procedure.SUSPEND, numbers=(1,), minutes=10, remark="r")
    asked = run(
        carried(meeting, act), (a.AskToSpeak(MOTION, Side.AGAINST), D2),
        (a.AskToSpeak(MOTION, Side.FOR), D1),
    )  # fmt: skip
    late = TEN + 600_001
    asked = do(asked, a.AskToSpeak(MOTION, Side.FOR), D3, late)
    again = a.CallSpeaker(Side.AGAINST, request=3)
    assert refusal(asked, again, CHAIR, late).code is Code.ALREADY_SPOKEN
    first = steps(asked, CHAIR, late).suggested
    assert first == a.CallSpeaker(Side.FOR, request=5)


def test_a_reply_waived_at_the_first_amendment_is_not_due_at_the_second():
    meeting = with_settings(scene("amendment"), reply_when=ReplyWhen.FIRST_AMENDMENT)
    meeting = with_rows(meeting, replace(meeting.amendments[A2], falls_if=()))
    meeting = run(
        meeting,
        (a.AskToSpeak(MOTION, Side.AGAINST, A1), D1),
        (a.CallSpeaker(Side.AGAINST, request=1), CHAIR),
        (a.EndSpeech(1), CHAIR),
        (a.WaiveReply(MOTION, A1), CHAIR),
    )
    meeting = run(
        voted(meeting, A1),
        (a.TakeAmendment(A2), CHAIR),
        (a.MarkMoved(MOTION, A2), CHAIR),
        (a.MarkSeconded(MOTION, A2), CHAIR),
        (a.AskToSpeak(MOTION, Side.AGAINST, A2), D2),
        (a.CallSpeaker(Side.AGAINST, request=2), CHAIR),
        (a.EndSpeech(2), CHAIR),
    )
    assert do(meeting, a.AnnounceVote(MOTION, A2), CHAIR).conference.vote == 2


# --- who may -----------------------------------------------------------------------------------


def test_who_was_sent_out_neither_moves_nor_seconds():
    out = do(scene("moved"), a.SendToLobby(D3, "r"), CHAIR)
    assert refusal(out, a.OfferSecond(MOTION), D3).code is Code.IN_LOBBY
    out = do(scene("called"), a.SendToLobby(D3, "r"), CHAIR)
    assert refusal(out, a.OfferMove(MOTION), D3).code is Code.IN_LOBBY
    floor = with_settings(scene("debate"), amend_from_floor=True)
    act = a.ProposeAmendment(MOTION, Action.DELETE, 1, "Text", "")
    assert refusal(do(floor, a.SendToLobby(D4, "r"), CHAIR), act, D4).code is Code.IN_LOBBY


def test_who_has_spoken_on_the_motion_hands_no_amendment_in():
    floor = with_settings(scene("spoken"), amend_from_floor=True)
    act = a.ProposeAmendment(MOTION, Action.ADD, 1, "Text", "and more")
    assert refusal(floor, act, D2).code is Code.ALREADY_SPOKEN
    assert do(floor, act, D4).amendments[A3].proposed_by == D4


def test_an_amendment_to_an_amendment_names_one_that_is_open_here():
    floor = with_settings(scene("debate"), amend_from_floor=True, amend_second_level=True)
    fell = a.ProposeAmendment(MOTION, Action.ADD, 1, "more", "and more", amends=A1)
    assert refusal(floor, fell, D4).code is Code.NO_FLOOR_AMENDMENTS
    open_ = with_settings(scene("amendment"), amend_from_floor=True, amend_second_level=True)
    assert do(open_, fell, D4).amendments[A3].amends == A1


def test_declining_an_amendment_is_a_ruling_that_can_be_challenged():
    floor = with_settings(scene("seconded"), amend_from_floor=True)
    act = a.ProposeAmendment(MOTION, Action.ADD, 1, "Text", "and more")
    declined = run(floor, (act, D4), (a.AdmitAmendment(A3, admit=False), CHAIR))
    assert declined.amendments[A3].reason is Reason.OUT_OF_ORDER
    meeting = run(
        declined,
        (a.MoveProcedural(Procedure.CHALLENGE, motion=MOTION, amendment=A3), D4),
        *((a.SecondProcedural(1), d) for d in (D1, D2, D3)),
        (a.Preside(), VICE_CHAIR),
    )
    assert meeting.procedurals[1].about == CHAIR
    back = decide_procedural(meeting, 0, 4, 0, by=VICE_CHAIR)
    assert back.amendments[A3].state is MotionState.PUBLISHED
