"""Speakers' slots: who is public, what is news, who may enter the speaking room, whom to ring."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conference.rules import acts as a
from conference.rules import plan, slots, timing
from conference.rules.kinds import ItemKind, Mode, Ready, Reply, Side, Signal, SlotId
from conference.rules.queue import slots_of
from conference.rules.refused import Code
from conference.rules.state import Appearance
from tests.rules.builders import (
    CHAIR,
    CHECK,
    D1,
    DEBATE,
    DOORS,
    FIRST,
    KEY,
    MINUTE,
    ORGANISER,
    SECOND,
    SPEAKER,
    SPEAKER_2,
    SPEAKERS,
    STEWARD,
    SYSTEM,
    TEN,
    V1,
    do,
    refusal,
    run,
    scene,
    slot,
    table,
)


def view(meeting, slot=FIRST, now=TEN):
    return timing.slot_views(meeting, now)[slot]


def with_appearance(meeting, slot=FIRST, **fields):
    return slots.put(meeting, Appearance(slot, **fields))


def real(meeting):
    return replace(meeting, conference=replace(meeting.conference, mode=Mode.REAL))


@pytest.mark.parametrize("reply", Reply)
def test_only_a_real_conference_hides_who_has_not_confirmed(reply):
    meeting = with_appearance(scene("opened"), reply=reply)
    assert slots.is_public(meeting, meeting.slots[FIRST])
    assert slots.is_public(real(meeting), meeting.slots[FIRST]) is (reply is Reply.COMING)


def test_who_has_been_called_is_public():
    meeting = real(scene("slot"))
    assert slots.is_public(meeting, meeting.slots[FIRST])
    assert not slots.is_public(meeting, meeting.slots[SECOND])


def test_the_speaking_room_is_for_whoever_is_next_or_on():
    now = TEN
    doors = {name: scene(name) for name in ("before", "opened", "speakers", "slot", "spoke")}
    open_to_first = {name: slots.may_enter(m, view(m), now) for name, m in doors.items()}
    assert open_to_first == {
        "before": False, "opened": False, "speakers": True, "slot": True, "spoke": False,
    }  # fmt: skip
    assert not slots.may_enter(doors["speakers"], view(doors["speakers"], SECOND), now)
    assert slots.may_enter(doors["slot"], view(doors["slot"], SECOND), now)  # gets ready
    assert slots.may_enter(doors["spoke"], view(doors["spoke"], SECOND), now)


def test_who_has_declined_does_not_enter():
    meeting = with_appearance(scene("speakers"), reply=Reply.DECLINED)
    assert not slots.may_enter(meeting, view(meeting), TEN)


@pytest.mark.parametrize(
    ("minutes", "enters"), [(-6, False), (-5, True), (0, True), (15, True), (16, False)]
)
def test_the_room_is_open_around_the_sound_check(minutes, enters):
    meeting = scene("checks")
    now = CHECK + minutes * MINUTE
    assert slots.may_enter(meeting, view(meeting, now=now), now) is enters


def test_standing_by_opens_the_room_a_quarter_of_an_hour_before():
    meeting = with_appearance(scene("opened"), ready=Ready.STANDING_BY)
    at = view(meeting).expected_at  # before the item is called it moves with the time
    early = replace(view(meeting), expected_at=TEN + 15 * MINUTE + 1)
    assert at > TEN + slots.SOON
    assert not slots.may_enter(meeting, early, TEN)
    assert slots.may_enter(meeting, replace(early, expected_at=TEN + 15 * MINUTE), TEN)
    here = with_appearance(scene("opened"), ready=Ready.HERE)
    assert not slots.may_enter(here, replace(early, expected_at=TEN), TEN)


def test_a_slot_is_news_until_it_is_seen_and_again_when_it_moves():
    meeting = scene("opened")
    assert slots.has_news(view(meeting))
    seen = do(meeting, a.ConfirmSeen(FIRST), SPEAKER)
    assert not slots.has_news(view(seen))
    late = TEN + 5 * MINUTE - 1
    assert not slots.has_news(view(seen, now=late))
    assert slots.has_news(view(seen, now=late + 1))
    again = do(seen, a.ConfirmSeen(FIRST), SPEAKER, late + 1)
    assert not slots.has_news(view(again, now=late + 1))


def test_an_item_that_passes_is_news_once():
    meeting = scene("emergency")
    assert slots.has_news(view(meeting))
    seen = do(meeting, a.ConfirmSeen(FIRST), SPEAKER)
    assert not slots.has_news(view(seen, now=TEN + 10**9))


def test_who_speaks_or_has_spoken_is_asked_for_nothing():
    assert not slots.has_news(view(scene("slot")))
    assert not slots.has_news(view(scene("spoke")))


def test_the_board_turns_red_a_quarter_of_an_hour_before():
    meeting = scene("opened")
    far = view(meeting)
    near = replace(far, expected_at=TEN + 15 * MINUTE)
    assert not slots.unseen(meeting, far, TEN)
    assert slots.unseen(meeting, near, TEN)
    assert not slots.unseen(meeting, replace(near, expected_at=TEN + 15 * MINUTE + 1), TEN)
    seen = replace(near, slot=replace(near.slot, seen=near.expected_at))
    assert not slots.unseen(meeting, seen, TEN)


def test_before_the_opening_only_the_day_itself_turns_it_red():
    meeting = scene("before")
    planned = view(meeting)
    assert not slots.is_soon(meeting, planned, planned.expected_at + 365 * 24 * 60 * MINUTE)
    assert slots.is_soon(meeting, planned, planned.expected_at - 10 * MINUTE)


def test_late_is_who_is_not_here_when_it_is_soon():
    meeting = scene("speakers")
    assert slots.is_late(meeting, view(meeting), TEN)
    here = do(meeting, a.SayReady(FIRST, Ready.HERE), SPEAKER)
    assert not slots.is_late(here, view(here), TEN)
    assert not slots.is_late(scene("slot"), view(scene("slot")), TEN)


def test_declining_gives_the_sound_check_back_and_coming_all_the_same_confirms():
    declined = do(scene("checks"), a.AnswerSlot(FIRST, coming=False), SPEAKER)
    assert CHECK in slots.free_checks(declined, SECOND)
    here = do(declined, a.SayReady(FIRST, Ready.HERE), SPEAKER)
    assert here.appearances[FIRST].reply is Reply.COMING


def test_checks_begin_every_five_minutes_while_the_doors_are_open():
    meeting = scene("before")
    times = slots.check_times(meeting)
    assert times == list(range(CHECK, TEN, 5 * MINUTE))
    no_doors = replace(meeting, items=meeting.items.drop(DOORS))
    assert slots.check_times(no_doors) == times  # half an hour before the first item
    assert slots.check_times(replace(meeting, items=type(meeting.items)())) == []


def test_a_given_slot_begins_anew_with_its_new_speaker():
    meeting = do(scene("checks"), a.GiveSlot(FIRST, SPEAKER_2, "Reserve"), STEWARD)
    assert FIRST not in meeting.appearances
    assert refusal(meeting, a.AnswerSlot(FIRST, coming=True), SPEAKER).code is Code.NOT_YOUR_SLOT
    assert do(meeting, a.AnswerSlot(FIRST, coming=True), SPEAKER_2).appearances[FIRST]
    called = scene("speakers")
    given = do(called, a.GiveSlot(FIRST, SPEAKER_2, "Reserve"), STEWARD)
    spoken = do(given, a.CallSpeaker(Side.SPEAKER, slot=FIRST), CHAIR)
    assert (spoken.turns[1].person, spoken.turns[1].name) == (SPEAKER_2, "Reserve")


def test_a_removed_slot_takes_what_was_said_about_it_along():
    meeting = scene("checks")
    gone = replace(meeting, slots=meeting.slots.drop(FIRST))
    assert slots.tidy(meeting, gone).appearances == {}
    assert slots.tidy(meeting, meeting) is meeting
    named = replace(meeting.slots[FIRST], person=None)
    before = replace(meeting, slots=meeting.slots.put(FIRST, named))
    other = replace(before, slots=before.slots.put(FIRST, replace(named, name="Somebody")))
    assert slots.tidy(before, other).appearances == {}


def test_a_release_takes_what_was_said_about_a_lost_slot_along():
    meeting = scene("checks")
    gone = plan.without(plan.plan_of(meeting), SPEAKERS)
    draft = do(meeting, a.EditAgenda(gone, plan.latest(meeting), anyway=True), ORGANISER)
    assert FIRST in draft.appearances
    assert do(draft, a.ReleaseAgenda(draft.conference.draft), ORGANISER).appearances == {}


def test_what_was_put_in_and_taken_back_leaves_nothing_behind():
    meeting = scene("opened")
    meeting = do(meeting, a.InsertItem("Greetings", ItemKind.SPEAKERS, 5, None, "Guest"), CHAIR)
    added = max(meeting.slots)
    meeting = do(meeting, a.SayReady(added, Ready.HERE), STEWARD)
    back = do(meeting, a.UndoItems(plan.latest(meeting)), CHAIR)
    assert added not in back.slots
    assert added not in back.appearances


def test_a_speaker_who_is_taken_off_while_speaking_loses_only_their_own_part():
    meeting = do(scene("speakers"), a.CallSpeaker(Side.SPEAKER, slot=FIRST), CHAIR)
    gone = do(meeting, a.Withdraw(SPEAKER), SYSTEM)
    assert gone.conference.turn is None
    assert gone.turns[1].ended_at is not None
    assert gone.slots == meeting.slots
    assert view(gone).state is timing.SlotState.DONE
    assert view(gone, SECOND).before == 0
    assert do(gone, a.CallSpeaker(Side.SPEAKER, slot=SECOND), CHAIR).conference.turn is not None


def test_a_slot_that_was_given_away_stays_given():
    """Neither a draft begun before nor taking a change back gives it to whoever had it."""
    meeting = scene("before")
    draft = do(
        meeting, a.EditAgenda(plan.shifted(plan.plan_of(meeting), 1, 5), anyway=True), ORGANISER
    )
    given = do(draft, a.GiveSlot(FIRST, SPEAKER_2, "Reserve"), STEWARD)
    out = do(given, a.ReleaseAgenda(given.conference.draft), ORGANISER)
    assert (out.slots[FIRST].name, out.slots[FIRST].person) == ("Reserve", SPEAKER_2)

    meeting = do(scene("opened"), a.ResizeItem(DEBATE, 25), CHAIR)
    meeting = do(meeting, a.GiveSlot(FIRST, SPEAKER_2, "Reserve"), STEWARD)
    meeting = do(meeting, a.ResizeItem(DEBATE, 20), CHAIR)
    for _ in range(2):
        meeting = do(meeting, a.UndoItems(plan.latest(meeting)), CHAIR)
    assert (meeting.slots[FIRST].name, meeting.slots[FIRST].person) == ("Reserve", SPEAKER_2)


@given(st.permutations([1, 2, 3, 4]), st.integers(1, 4), st.integers(0, 3))
def test_bringing_forward_keeps_everybody_and_the_order_of_the_others(order, chosen, spoken):

    meeting = scene("speakers")
    rows = [
        replace(slot(n, SPEAKERS, 5, SPEAKER), position=place) for place, n in enumerate(order, 1)
    ]
    meeting = replace(meeting, slots=table(*rows))
    for number in order[:spoken]:
        meeting = run(meeting, (a.CallSpeaker(Side.SPEAKER, slot=SlotId(number)), CHAIR))
        meeting = do(meeting, a.EndSpeech(meeting.conference.turn), CHAIR)
    waiting = list(order[spoken:])
    act = a.BringForward(SlotId(chosen))
    if chosen not in waiting:
        assert refusal(meeting, act, STEWARD).code is Code.ALREADY_SPOKEN
    elif waiting[0] == chosen:
        assert refusal(meeting, act, STEWARD).code is Code.ALREADY_DONE
    else:
        after = [s.id for s in slots_of(do(meeting, act, STEWARD), SPEAKERS)]
        assert after == [*order[:spoken], chosen, *(n for n in waiting if n != chosen)]


def test_an_invitation_lives_until_the_last_slot_is_over():
    for name in ("before", "opened", "speakers", "slot"):
        assert not slots.is_over(scene(name), SPEAKER), name
    for name in ("spoke", "emergency", "ended"):
        assert slots.is_over(scene(name), SPEAKER), name
    assert slots.is_over(scene("before"), D1)


def test_the_delay_of_the_stream_lengthens_a_vote_and_its_minimum():
    for delay in (0, 20):
        meeting = scene("debate")
        if delay:
            meeting = do(meeting, a.SetDelay(delay), STEWARD)
        meeting = run(meeting, (a.AnnounceVote(1), CHAIR), (a.GiveKey(V1, KEY), SYSTEM))
        vote = do(meeting, a.OpenVote(V1), SYSTEM, TEN + 3_000).votes[V1]
        assert vote.minimum_at == vote.opened_at + (5 + delay) * 1000
        assert vote.closes_at == vote.opened_at + (20 + delay) * 1000


def test_an_extension_and_a_refusal_count_the_delay_too():
    meeting = run(
        scene("debate"), (a.SetDelay(20), STEWARD), (a.AnnounceVote(1), CHAIR),
        (a.GiveKey(V1, KEY), SYSTEM), (a.OpenVote(V1), SYSTEM, TEN + 3_000),
    )  # fmt: skip
    early = refusal(meeting, a.CloseVote(V1), CHAIR, TEN + 4_000)
    assert (early.code, early.facts) == (Code.TOO_EARLY, {"seconds": 25})
    meeting = do(
        meeting, a.SetDelay(0), STEWARD
    )  # measured anew: the vote that runs keeps its time
    longer = do(meeting, a.ExtendVote(V1), CHAIR).votes[V1]
    assert longer.closes_at == longer.opened_at + (20 + 20 + 10) * 1000


@pytest.mark.parametrize(("ms", "seconds"), [(0, 0), (1, 1), (19_001, 20), (120_000, 120)])
def test_the_delay_is_measured_in_whole_seconds_and_never_too_short(ms, seconds):
    meeting = do(scene("said"), a.HearNow(), STEWARD, TEN + ms)
    assert (meeting.stage.delay, meeting.stage.said_at) == (seconds, None)


def test_what_was_not_heard_within_two_minutes_measures_nothing():
    assert refusal(scene("said"), a.HearNow(), STEWARD, TEN + 120_001).code is Code.TOO_LATE


def test_a_signal_is_for_one_speech():

    meeting = do(scene("slot"), a.SendSignal(1, Signal.PLEASE_FINISH), STEWARD)
    after = run(meeting, (a.EndSpeech(1), CHAIR), (a.CallSpeaker(Side.SPEAKER, slot=SECOND), CHAIR))
    assert after.stage.signal_turn != after.conference.turn
