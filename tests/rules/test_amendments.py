"""Amendments: order, place, leave, from the floor, to one another, and what they leave behind."""

from __future__ import annotations

from dataclasses import replace

import pytest

from conference.rules import acts as a
from conference.rules import question, sequence
from conference.rules.kinds import (
    SYSTEM,
    Action,
    AmendmentOrder,
    ChairVote,
    Choice,
    Friendly,
    LeaveKind,
    MotionState,
    Outcome,
    ReplyWhen,
    Side,
    WithdrawBy,
)
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
    KEY,
    MOTION,
    V1,
    count_now,
    do,
    refusal,
    run,
    scene,
    table,
    voted,
)

TEXT = "Text 1 begins.\n\nSomething in the middle.\n\nThe end."
ACCEPT = a.AskLeave(LeaveKind.ACCEPT, MOTION, A1)
PROPOSE = a.ProposeAmendment(MOTION, Action.REPLACE, 1, "Text", "Words")


def amendment(number, position, action, paragraph, words="", text="", **more):
    return Amendment(
        number, MOTION, position, f"1.{number}", "", text,
        action=action, paragraph=paragraph, words=words, **more,
    )  # fmt: skip


def debated(*rows, **settings):
    """The motion in debate with these amendments, printed in this order."""
    meeting = scene("seconded")
    motion = replace(meeting.motions[MOTION], text=TEXT)
    return replace(
        meeting,
        amendments=table(*rows),
        motions=meeting.motions.put(MOTION, motion),
        settings=replace(meeting.settings, **settings),
    )


def decided(meeting, number, *figures):
    """The meeting after this amendment was taken, moved, seconded and voted on."""
    ready = run(
        meeting,
        (a.TakeAmendment(number), CHAIR),
        (a.MarkMoved(MOTION, number), CHAIR),
        (a.MarkSeconded(MOTION, number), CHAIR),
    )
    return voted(ready, number, figures)


LATE = amendment(1, 1, Action.DELETE, 3, received=2)
EARLY = amendment(2, 2, Action.ADD, 1, "Text 1", "now", received=3)
MIDDLE = amendment(3, 3, Action.REPLACE, 2, "the middle", "between", received=1)


@pytest.mark.parametrize(
    ("order", "numbers"),
    [
        (AmendmentOrder.CAC_ORDER, [1, 2, 3]),
        (AmendmentOrder.TEXT_POSITION, [2, 3, 1]),
        (AmendmentOrder.RECEIVED, [3, 1, 2]),
    ],
)
def test_in_which_order_they_are_taken(order, numbers):
    meeting = debated(LATE, EARLY, MIDDLE, amend_order=order)
    rows = sequence.in_turn(meeting, meeting.motions[MOTION])
    assert [row.id for row in rows] == numbers
    wrong = a.TakeAmendment(numbers[1])
    assert refusal(meeting, wrong, CHAIR).code is Code.NOT_NEXT_AMENDMENT
    assert do(meeting, a.TakeAmendment(numbers[0]), CHAIR).conference.amendment == numbers[0]


def test_in_the_order_received_no_order_of_the_text_is_kept():
    meeting = decided(debated(LATE, EARLY, amend_order=AmendmentOrder.RECEIVED), 1, 1, 3, 0)
    assert do(meeting, a.TakeAmendment(2), CHAIR).conference.amendment == 2
    printed = decided(debated(LATE, EARLY), 1, 1, 3, 0)
    assert refusal(printed, a.TakeAmendment(2), CHAIR).code is Code.EARLIER_PART


def test_every_carried_amendment_makes_a_version_and_none_changes():
    meeting = debated(EARLY, MIDDLE, LATE, amend_order=AmendmentOrder.TEXT_POSITION)
    first = decided(meeting, 2, 3, 1, 0)
    second = decided(first, 3, 1, 3, 0)
    third = decided(second, 1, 3, 1, 0)
    texts = [row.text for row in question.texts_of(third, MOTION)]
    assert texts == [
        TEXT,
        "Text 1 now begins.\n\nSomething in the middle.\n\nThe end.",
        "Text 1 now begins.\n\nSomething in the middle.",
    ]
    assert [row.amendment for row in question.texts_of(third, MOTION)] == [None, 2, 1]
    assert [v.text_version for v in third.votes.values()] == [1, 2, 2]
    put = do(third, a.AnnounceVote(MOTION), CHAIR)
    vote = put.votes[put.conference.vote]
    assert vote.text_version == 3
    assert vote.text_hash == question.text_hash(texts[-1])


def test_what_lost_its_words_falls_and_the_motion_goes_on():
    rival = amendment(4, 4, Action.REPLACE, 2, "in the middle", "at the side")
    meeting = decided(debated(MIDDLE, rival), 3, 3, 1, 0)
    assert refusal(meeting, a.TakeAmendment(4), CHAIR).code is Code.PLACE_GONE
    fallen = do(meeting, a.LetFall(MOTION, 4), CHAIR)
    assert (fallen.amendments[4].state, fallen.amendments[4].reason) == ("fell", "place_gone")
    assert do(fallen, a.AnnounceVote(MOTION), CHAIR).conference.vote == 2


@pytest.mark.parametrize(
    ("friendly", "state", "leave"),
    [
        (Friendly.UNANIMOUS_LEAVE, MotionState.CALLED, 1),
        (Friendly.MOVER_ACCEPTS, MotionState.ACCEPTED, None),
    ],
)
def test_an_accepted_amendment(friendly, state, leave):
    meeting = scene("taken")
    meeting = replace(meeting, settings=replace(meeting.settings, amend_friendly=friendly))
    asked = do(meeting, ACCEPT, CHAIR)
    assert (asked.amendments[A1].state, asked.conference.leave) == (state, leave)


def test_where_an_amendment_is_always_voted_on():
    meeting = scene("taken")
    settings = replace(meeting.settings, amend_friendly=Friendly.ALWAYS_VOTE)
    assert refusal(replace(meeting, settings=settings), ACCEPT, CHAIR).code is Code.VOTE_INSTEAD


def test_one_objection_leads_to_debate_and_vote():
    objected = do(scene("leave"), a.Object(1), D1)
    assert (objected.amendments[A1].state, objected.conference.leave) == ("called", None)
    assert refusal(objected, a.GiveLeave(1), SYSTEM).code is Code.LEAVE_OVER
    assert do(objected, a.MarkMoved(MOTION, A1), CHAIR).amendments[A1].state == "moved"
    assert D1 not in str(objected.leaves[1])
    called_off = do(scene("leave"), a.CallOffLeave(1), CHAIR)
    assert called_off.amendments[A1].state is MotionState.CALLED


def test_the_mover_withdraws_alone_where_the_standing_orders_say_so():
    meeting = scene("debate")
    meeting = replace(meeting, settings=replace(meeting.settings, withdraw_by=WithdrawBy.MOVER))
    gone = do(meeting, a.AskLeave(LeaveKind.WITHDRAW, MOTION), CHAIR)
    assert gone.motions[MOTION].state is MotionState.WITHDRAWN


def test_who_may_move_and_second_one():
    meeting = scene("taken")
    assert (
        refusal(meeting, a.OfferMove(MOTION, A1), D3).code is Code.OWN_MOTION
    )  # seconded Motion 1
    moved = do(meeting, a.OfferMove(MOTION, A1), D1)
    assert refusal(moved, a.OfferMove(MOTION, A1), D2).code is Code.ALREADY_MOVED
    moved = do(moved, a.MarkMoved(MOTION, A1), CHAIR)
    assert refusal(moved, a.OfferSecond(MOTION, A1), D1).code is Code.OWN_MOTION
    seconded = do(moved, a.OfferSecond(MOTION, A1), D2)
    fallen = run(seconded, (a.LetFall(MOTION, A1), CHAIR), (a.TakeAmendment(A2), CHAIR))
    assert refusal(fallen, a.OfferMove(MOTION, A2), D1).code is Code.ONE_AMENDMENT_EACH
    assert do(fallen, a.OfferMove(MOTION, A2), D4).amendments[A2].mover == D4


def test_a_seconder_who_must_speak():
    meeting = scene("amendment moved")
    meeting = replace(meeting, settings=replace(meeting.settings, seconder_formal=False))
    second = a.MarkSeconded(MOTION, A1)
    assert refusal(meeting, second, CHAIR).code is Code.SECONDER_MUST_SPEAK
    spoke = run(meeting, (a.CallSpeaker(Side.SECONDER), CHAIR), (a.EndSpeech(1), CHAIR))
    assert do(spoke, second, CHAIR).amendments[A1].state is MotionState.DEBATE


class TestFromTheFloor:
    def meeting(self):
        meeting = debated(EARLY)
        return replace(meeting, settings=replace(meeting.settings, amend_from_floor=True))

    def test_it_waits_for_the_chair_and_keeps_the_motion_from_its_vote(self):
        proposed = do(self.meeting(), PROPOSE, D1)
        number = max(proposed.amendments)
        row = proposed.amendments[number]
        assert (row.state, row.proposed_by, row.mover) == (MotionState.PROPOSED, D1, D1)
        cleared = do(proposed, a.LetFall(MOTION, 2), CHAIR)
        assert refusal(cleared, a.AnnounceVote(MOTION), CHAIR).code is Code.AMENDMENTS_LEFT
        declined = do(cleared, a.AdmitAmendment(number, admit=False), CHAIR)
        assert do(declined, a.AnnounceVote(MOTION), CHAIR).conference.vote == 1
        admitted = do(proposed, a.AdmitAmendment(number), CHAIR)
        assert admitted.amendments[number].state is MotionState.PUBLISHED

    def test_its_words_must_stand_in_the_text(self):
        wrong = a.ProposeAmendment(MOTION, Action.DELETE, 1, "nowhere", "")
        assert refusal(self.meeting(), wrong, D1).code is Code.WORDS_NOT_FOUND
        empty = a.ProposeAmendment(MOTION, Action.REPLACE, 1, "Text", "")
        assert refusal(self.meeting(), empty, D1).code is Code.WORDS_NOT_FOUND

    def test_one_for_each_and_none_from_who_seconded(self):
        proposed = do(self.meeting(), PROPOSE, D1)
        assert refusal(proposed, PROPOSE, D1).code is Code.ONE_AMENDMENT_EACH
        assert refusal(proposed, PROPOSE, D3).code is Code.OWN_MOTION


def test_an_amendment_to_an_amendment_changes_its_text_and_gives_way():
    inner = amendment(5, 5, Action.REPLACE, 0, "now", "today", amends=2)
    meeting = debated(EARLY, inner, amend_second_level=True)
    meeting = run(
        meeting,
        (a.TakeAmendment(2), CHAIR),
        (a.MarkMoved(MOTION, 2), CHAIR),
        (a.MarkSeconded(MOTION, 2), CHAIR),
    )
    assert refusal(meeting, a.AnnounceVote(MOTION, 2), CHAIR).code is Code.AMENDMENTS_LEFT
    meeting = decided(meeting, 5, 3, 1, 0)
    assert (meeting.conference.amendment, meeting.amendments[2].as_amended) == (2, "today")
    meeting = run(meeting, (a.AnnounceVote(MOTION, 2), CHAIR))
    vote = meeting.conference.vote
    meeting = run(
        meeting,
        (a.GiveKey(vote, KEY), SYSTEM),
        (a.OpenVote(vote), SYSTEM),
        (a.EndVote(vote), SYSTEM),
    )
    meeting = do(count_now(meeting, 3, 1, 0), a.DeclareResult(vote), CHAIR)
    assert question.text_of(meeting, MOTION).text.startswith("Text 1 today begins.")
    off = debated(EARLY, inner)
    off = run(off, (a.TakeAmendment(2), CHAIR))
    assert refusal(off, a.TakeAmendment(5), CHAIR).code is Code.NOT_POSSIBLE_NOW


@pytest.mark.parametrize(
    ("when", "on_amendment", "at_the_end"),
    [
        (ReplyWhen.END_OF_DEBATE, True, True),
        (ReplyWhen.FIRST_AMENDMENT, True, False),
        (ReplyWhen.NEVER, False, False),
    ],
)
def test_when_the_mover_replies(when, on_amendment, at_the_end):
    meeting = scene("amendment")
    meeting = replace(meeting, settings=replace(meeting.settings, reply_when=when))
    meeting = run(
        meeting,
        (a.AskToSpeak(MOTION, Side.AGAINST, A1), D1),
        (a.CallSpeaker(Side.AGAINST, 1), CHAIR),
        (a.EndSpeech(1), CHAIR),
    )
    if on_amendment:
        assert refusal(meeting, a.AnnounceVote(MOTION, A1), CHAIR).code is Code.REPLY_DUE
        meeting = run(meeting, (a.CallSpeaker(Side.REPLY), CHAIR), (a.EndSpeech(2), CHAIR))
        assert meeting.turns[2].seconds == meeting.settings.speech_reply_amendment
    meeting = do(meeting, a.AnnounceVote(MOTION, A1), CHAIR)
    meeting = run(
        meeting, (a.GiveKey(V1, KEY), SYSTEM), (a.OpenVote(V1), SYSTEM), (a.EndVote(V1), SYSTEM)
    )
    meeting = do(count_now(meeting, 3, 1, 0), a.DeclareResult(V1), CHAIR)
    meeting = run(
        meeting,
        (a.AskToSpeak(MOTION, Side.AGAINST), D2),
        (a.CallSpeaker(Side.AGAINST, 2), CHAIR),
    )
    meeting = do(meeting, a.EndSpeech(meeting.conference.turn), CHAIR)
    if at_the_end:
        assert refusal(meeting, a.AnnounceVote(MOTION), CHAIR).code is Code.REPLY_DUE
    else:
        assert do(meeting, a.AnnounceVote(MOTION), CHAIR).conference.vote == 2


@pytest.mark.parametrize("setting", [ChairVote.CASTING_ONLY, ChairVote.OWN_PLUS_CASTING])
def test_the_chairs_casting_vote(setting):
    meeting = scene("closed")
    meeting = replace(meeting, settings=replace(meeting.settings, chair_vote=setting))
    tie = count_now(meeting, 2, 2, 0)
    assert do(tie, a.CastingVote(V1, Choice.FOR), CHAIR).votes[V1].outcome is Outcome.CARRIED
    against = do(tie, a.CastingVote(V1, Choice.AGAINST), CHAIR)
    assert do(against, a.DeclareResult(V1), CHAIR).motions[MOTION].outcome is Outcome.LOST
    assert do(tie, a.DeclareResult(V1), CHAIR).motions[MOTION].outcome is Outcome.NOT_CARRIED
    clear = count_now(meeting, 3, 1, 0)
    assert refusal(clear, a.CastingVote(V1, Choice.FOR), CHAIR).code is Code.NO_TIE
