"""The agenda as a plan: what a change does to all times, and what is said about what does not fit."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conference.rules import acts as a
from conference.rules import plan, take
from conference.rules.kinds import (
    AgendaSessionId,
    ItemId,
    ItemKind,
    ItemState,
    Procedure,
    Side,
    SlotId,
)
from conference.rules.plan_problems import Odd, Problem, problems
from conference.rules.planned import AgendaSession, Plan, PlannedItem, PlannedSlot
from conference.rules.refused import Code, Refused
from conference.rules.timing import MINUTE, behind, expected
from tests.rules.builders import (
    CHAIR,
    CLOSING,
    D3,
    D4,
    DEBATE,
    ELECTION,
    EMERGENCY,
    FIRST,
    ORGANISER,
    PLAN,
    SPEAKER,
    SPEAKERS,
    TEN,
    decide_procedural,
    do,
    refusal,
    run,
    scene,
)


def row(number: int, starts: int, minutes: int, kind=ItemKind.CHAIR, **fields) -> PlannedItem:
    return PlannedItem(
        ItemId(number), number, f"Item {number}", kind, TEN + starts * MINUTE, minutes, **fields
    )


def slot(number: int, name: str, minutes: int) -> PlannedSlot:
    return PlannedSlot(SlotId(number), name, "", minutes)


def day(*rows: PlannedItem, sessions=()) -> Plan:
    parts = (
        AgendaSession(AgendaSessionId(n), f"Part {n}", TEN + b * MINUTE, TEN + e * MINUTE)
        for n, (b, e) in enumerate(sessions, 1)
    )
    return Plan(tuple(parts), rows)


def clock(of: Plan) -> list[tuple[int, int]]:
    return [(r.id, (r.starts_at - TEN) // MINUTE) for r in of.items]


def found(of: Plan) -> list[tuple[Odd, int, int]]:
    return [(p.kind, p.item, p.minutes) for p in problems(of)]


# --- changes ---------------------------------------------------------------------------------------


def test_a_stretch_closes_up_and_keeps_its_pauses():
    of = day(row(1, 0, 10), row(2, 10, 20), row(3, 35, 30), row(4, 65, 5))
    assert clock(plan.moved(of, 3, 1)) == [(3, 0), (1, 30), (2, 45), (4, 65)]
    assert clock(plan.moved(of, 1, 4)) == [(2, 0), (3, 20), (1, 55), (4, 65)]
    assert clock(plan.moved(of, 1, None)) == [(2, 0), (3, 20), (4, 55), (1, 60)]
    for same in (plan.moved(of, 9, 1), plan.moved(of, 1, 9), plan.moved(of, 1, 1)):
        assert same == of


@st.composite
def plans(draw):
    at, rows = draw(st.integers(-600, 600)), []
    for number in range(1, draw(st.integers(2, 9)) + 1):
        minutes = draw(st.integers(1, 200))
        rows.append(row(number, at, minutes))
        at += minutes + draw(st.sampled_from([0, 0, 0, 5, -3]))
    return day(*rows)


@settings(deadline=None)
@given(plans(), st.data())
def test_moving_keeps_everything_but_the_stretch(of, data):
    numbers = [r.id for r in of.items]
    item = data.draw(st.sampled_from(numbers))
    before = data.draw(st.sampled_from([*numbers, None]))
    to = plan.moved(of, item, before)
    assert sorted(r.id for r in to.items) == sorted(numbers)
    assert {(r.id, r.minutes) for r in to.items} == {(r.id, r.minutes) for r in of.items}
    assert to.items[0].starts_at == of.items[0].starts_at
    assert to.items[-1].ends_at == of.items[-1].ends_at
    gaps = [[(y.starts_at - x.ends_at) for x, y in pairwise(p.items)] for p in (of, to)]
    assert gaps[0] == gaps[1]
    if before not in {item, None}:
        place = [r.id for r in to.items].index(item)
        assert to.items[place + 1].id == before


@settings(deadline=None)
@given(plans(), st.data())
def test_moving_there_and_back_is_nothing(of, data):
    numbers = [r.id for r in of.items]
    item = data.draw(st.sampled_from(numbers))
    after = numbers[numbers.index(item) + 1 :]
    there = plan.moved(of, item, data.draw(st.sampled_from([*numbers, None])))
    assert plan.moved(there, item, after[0] if after else None) == of


def test_an_inserted_item_begins_when_the_one_before_it_ends():
    of = day(row(1, 0, 10), row(2, 10, 20))
    assert clock(plan.inserted(of, row(3, 999, 5), 1)) == [(1, 0), (3, 10), (2, 10)]
    assert clock(plan.inserted(of, row(3, 999, 5), 2)) == [(1, 0), (2, 10), (3, 30)]
    assert clock(plan.inserted(of, row(3, 999, 5), 0)) == [(3, -5), (1, 0), (2, 10)]
    assert clock(plan.shifted(of, 1, 7)) == [(1, 0), (2, 17)]
    assert clock(plan.shifted(of, 0, -7, last=0)) == [(1, -7), (2, 10)]


# --- problems --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("of", "said"),
    [
        (day(row(1, 0, 10), row(2, 10, 20)), []),
        (day(row(1, 0, 10), row(2, 13, 20)), [(Odd.GAP, 2, 3)]),
        (day(row(1, 0, 10), row(2, 7, 20)), [(Odd.OVERLAP, 2, 3)]),
        # A pause between two sessions is no gap.
        (day(row(1, 0, 10), row(2, 40, 20), sessions=[(0, 10), (40, 60)]), []),
        (day(row(1, 0, 10), row(2, 40, 20), sessions=[(0, 60)]), [(Odd.GAP, 2, 30)]),
        (day(row(1, 0, 10), row(2, 10, 21), sessions=[(0, 30)]), [(Odd.BEYOND_END, 2, 1)]),
        (day(row(1, -5, 10), row(2, 5, 9), sessions=[(0, 30)]), [(Odd.OUTSIDE, 1, 0)]),
        (day(row(1, 0, 20), sessions=[(0, 10), (10, 30)]), [(Odd.OUTSIDE, 1, 0)]),
        (day(row(1, 0, 45), row(2, 45, 45)), []),
        (day(row(1, 0, 45), row(2, 45, 46)), [(Odd.BREAK_LATE, 2, 91)]),
        (day(row(1, 0, 60), row(2, 60, 10, ItemKind.BREAK), row(3, 70, 60)), []),
        (
            day(row(1, 0, 100), row(2, 100, 10), row(3, 110, 5, ItemKind.BREAK), row(4, 115, 91)),
            [(Odd.BREAK_LATE, 1, 100), (Odd.BREAK_LATE, 4, 91)],
        ),
        (day(row(1, -30, 30, ItemKind.DOORS), row(2, 0, 90)), []),
        (
            day(row(1, 0, 10, slots=(slot(1, "A", 6), slot(2, "B", 6)))),
            [(Odd.SLOTS_TOO_LONG, 1, 2)],
        ),
        # What is skipped takes no time and nobody's.
        (day(row(1, 0, 10), row(2, 5, 20, skipped=True), row(3, 10, 5)), []),
    ],
)
def test_what_does_not_fit_together(of, said):
    assert found(of) == said


def test_nobody_is_in_two_places():
    apart = day(
        row(1, 0, 20, slots=(slot(1, "Ada", 8), slot(2, "Bea", 8))),
        row(2, 10, 20, slots=(slot(3, "ada", 8), slot(4, "Cat", 8))),
    )
    # Ada speaks from 0 to 8 and from 10 to 18: the items overlap, she does not.
    assert [p.kind for p in problems(apart)] == [Odd.OVERLAP]
    both = plan.shifted(apart, 1, -3)
    assert Problem(Odd.SPEAKER_TWICE, 2, 0, 1, "ada") in problems(both)
    leads = day(row(1, 0, 20, people=("Ada",)), row(2, 10, 20, slots=(slot(1, "Ada", 8),)))
    assert Problem(Odd.SPEAKER_TWICE, 2, 0, 1, "Ada") in problems(leads)


# --- the draft -------------------------------------------------------------------------------------


def test_a_draft_is_seen_by_nobody_until_it_is_released():
    meeting = do(scene("before"), a.EditAgenda(plan.shifted(PLAN, 1, 5), anyway=True), ORGANISER)
    assert meeting.items is scene("before").items
    assert meeting.versions[2].anyway
    out = do(meeting, a.ReleaseAgenda(2), ORGANISER)
    assert out.items[DEBATE].starts_at == TEN + 5 * MINUTE
    assert out.items[1].starts_at == scene("before").items[1].starts_at
    assert [v.id for v in plan.released(out)] == [1, 3]
    assert plan.plan_of(out) == out.versions[3].plan


def test_only_what_is_newly_odd_has_to_be_wanted():
    assert found(PLAN) == [(Odd.BREAK_LATE, ELECTION, 95)]
    renamed = plan.with_item(PLAN, replace(PLAN.items[1], title="Another name"))
    meeting = do(scene("before"), a.EditAgenda(renamed), ORGANISER)
    assert not meeting.versions[2].anyway
    later = plan.shifted(renamed, 5, 5)
    assert refusal(meeting, a.EditAgenda(later, 2), ORGANISER).facts == {"n": 1}
    wanted = do(meeting, a.EditAgenda(later, 2, anyway=True), ORGANISER)
    assert wanted.versions[3].anyway


def test_each_step_can_be_taken_back_to_what_is_released():
    meeting, versions = scene("before"), []
    for minutes in range(1, 61):
        base = plan.latest(meeting)
        to = plan.shifted(PLAN, 1, minutes)
        meeting = do(meeting, a.EditAgenda(to, base, anyway=True), ORGANISER)
        versions.append(to)
    steps = 0
    while meeting.conference.draft is not None:
        assert meeting.versions[meeting.conference.draft].plan == versions.pop()
        meeting = do(meeting, a.UndoAgenda(meeting.conference.draft), ORGANISER)
        steps += 1
    assert steps == 50  # older steps are forgotten
    assert plan.plan_of(meeting) == PLAN
    again = do(meeting, a.EditAgenda(plan.shifted(PLAN, 1, 9), 1, anyway=True), ORGANISER)
    assert again.conference.draft == 62, "a number that a page may still name is not used again"


def test_a_release_is_undone_by_another_release():
    meeting = do(scene("released"), a.UndoAgenda(3), ORGANISER)
    back = do(meeting, a.ReleaseAgenda(4), ORGANISER)
    assert plan.plan_of(back) == PLAN
    assert [v.id for v in plan.released(back)] == [1, 3, 5]


def test_a_removed_item_and_its_speakers_are_gone_and_their_ids_are_never_used_again():
    meeting = do(
        scene("before"), a.EditAgenda(plan.without(PLAN, SPEAKERS), anyway=True), ORGANISER
    )
    out = do(meeting, a.ReleaseAgenda(2), ORGANISER)
    assert SPEAKERS not in out.items
    assert not out.slots
    assert (plan.new_item_id(out), plan.new_slot_id(out)) == (7, 3)


def test_a_speaker_known_by_name_keeps_their_page():
    speakers = PLAN.items[2]
    more = replace(speakers, slots=(*speakers.slots, slot(3, "speaker 1", 4)))
    meeting = do(scene("before"), a.EditAgenda(plan.with_item(PLAN, more)), ORGANISER)
    out = do(meeting, a.ReleaseAgenda(2), ORGANISER)
    assert out.slots[3].person == out.slots[FIRST].person == SPEAKER
    other = replace(speakers, slots=(replace(speakers.slots[0], name="Somebody"),))
    meeting = do(scene("before"), a.EditAgenda(plan.with_item(PLAN, other)), ORGANISER)
    out = do(meeting, a.ReleaseAgenda(2), ORGANISER)
    assert (out.slots[FIRST].name, out.slots[FIRST].person) == ("Somebody", None)


def test_an_opened_conference_keeps_a_draft_that_was_not_released():
    meeting = do(scene("drafted"), a.OpenConference(), CHAIR)
    assert meeting.conference.draft == 2
    assert plan.plan_of(meeting) == PLAN


# --- on the day ------------------------------------------------------------------------------------


def test_moved_twice_everything_is_as_it_would_have_been_planned():
    meeting = scene("between")
    twice = run(
        meeting, (a.MoveItem(ELECTION, SPEAKERS), CHAIR), (a.MoveItem(CLOSING, ELECTION), CHAIR)
    )
    order = [i.id for i in sorted(twice.items.values(), key=lambda i: i.position)]
    assert order == [1, DEBATE, CLOSING, ELECTION, SPEAKERS, EMERGENCY]
    starts = {n: (twice.items[n].starts_at - TEN) // MINUTE for n in order[1:]}
    assert starts == {DEBATE: 0, CLOSING: 50, ELECTION: 55, SPEAKERS: 65, EMERGENCY: 85}
    assert {n: (s.start - TEN) // MINUTE for n, s in expected(twice, TEN).items()} == {
        1: -30, DEBATE: 0, CLOSING: 0, ELECTION: 5, SPEAKERS: 15, EMERGENCY: 35,
    }  # fmt: skip
    assert twice.conference.item == CLOSING
    assert behind(twice, TEN + 50 * MINUTE) == 0
    back = run(twice, (a.UndoItems(3), CHAIR), (a.UndoItems(4), CHAIR))
    assert plan.plan_of(back) == plan.plan_of(meeting)
    assert back.conference.item == meeting.conference.item
    assert refusal(back, a.UndoItems(5), CHAIR).code is Code.NOTHING_TO_UNDO


def test_shortened_an_item_catches_up():
    late = TEN + 70 * MINUTE
    meeting = scene("between")
    assert behind(meeting, late) == 20
    meeting = do(meeting, a.CallItem(SPEAKERS), CHAIR, late)
    assert behind(meeting, late) == 20
    meeting = do(meeting, a.ResizeItem(SPEAKERS, 14), CHAIR, late)
    assert behind(meeting, late) == 20  # the plan of this item became shorter as well
    assert expected(meeting, late)[EMERGENCY].start == late + 14 * MINUTE
    meeting = do(meeting, a.NextItem(SPEAKERS), CHAIR, late + 14 * MINUTE)
    assert behind(meeting, late + 14 * MINUTE) == 14


def test_what_was_inserted_and_called_is_not_taken_back():
    meeting = do(scene("between"), a.InsertItem("Greetings", ItemKind.CHAIR, 5, SPEAKERS), CHAIR)
    assert meeting.conference.item == 7
    called = do(meeting, a.CallItem(7), CHAIR)
    assert refusal(called, a.UndoItems(2), CHAIR).code is Code.ITEM_CALLED
    back = do(meeting, a.UndoItems(2), CHAIR)
    assert 7 not in back.items
    assert back.conference.item == SPEAKERS
    again = do(back, a.InsertItem("Other greetings", ItemKind.CHAIR, 5, SPEAKERS), CHAIR)
    assert 8 in again.items, "an id is never used twice"


def test_after_the_last_item_one_more_can_be_put_in():
    meeting = do(scene("all done"), a.InsertItem("Songs", ItemKind.CHAIR, 5), CHAIR)
    assert meeting.conference.item == 7
    assert meeting.items[7].starts_at == TEN + 100 * MINUTE
    skipped = do(meeting, a.SkipItem(7), CHAIR)
    assert skipped.conference.item is None
    assert skipped.items[7].state is ItemState.DONE


def test_what_was_skipped_comes_again_only_before_what_follows_it_is_called():
    meeting = scene("skipped")
    again = do(meeting, a.SkipItem(SPEAKERS, skip=False), CHAIR)
    assert again.conference.item == SPEAKERS
    called = do(meeting, a.CallItem(EMERGENCY), CHAIR)
    assert refusal(called, a.SkipItem(SPEAKERS, skip=False), CHAIR).code is Code.ITEM_CALLED


def test_while_somebody_speaks_the_rest_can_be_moved_and_nobody_is_cut_off():
    meeting = do(scene("slot"), a.MoveItem(CLOSING, EMERGENCY), CHAIR)
    assert meeting.conference.turn == scene("slot").conference.turn
    assert meeting.conference.item == SPEAKERS
    assert meeting.items[CLOSING].position == 4


def test_an_order_that_conference_varied_is_a_version_like_any_other():
    meeting = run(
        scene("declared"),
        (a.MoveProcedural(Procedure.VARY_ORDER, target=ELECTION), D4),
        (a.SecondProcedural(1), D3),
        (a.TakeProcedural(1), CHAIR),
    )
    varied = decide_procedural(meeting, 3, 1, 0)
    assert plan.plan_of(varied) == plan.released(varied)[-1].plan
    assert varied.items[ELECTION].starts_at == TEN + 50 * MINUTE
    assert varied.items[SPEAKERS].starts_at == TEN + 60 * MINUTE


ANYTHING = st.one_of(
    st.builds(a.MoveItem, st.integers(1, 8), st.none() | st.integers(1, 8)),
    st.builds(a.ResizeItem, st.integers(1, 8), st.integers(-1, 40)),
    st.builds(a.SkipItem, st.integers(1, 8), skip=st.booleans()),
    st.builds(
        a.InsertItem, st.just("X"), st.sampled_from(ItemKind), st.integers(0, 9),
        st.none() | st.integers(1, 8),
    ),
    st.builds(a.UndoItems, st.integers(1, 9)),
    st.builds(a.CallItem, st.integers(1, 8)),
    st.builds(a.NextItem, st.integers(1, 8)),
    st.builds(a.CallSpeaker, st.just(Side.SPEAKER), slot=st.integers(1, 2)),
    st.builds(a.EndSpeech, st.integers(1, 6)),
)  # fmt: skip


@settings(deadline=None)
@given(st.lists(ANYTHING, max_size=30))
def test_whatever_the_chair_does_the_agenda_stays_whole(acts):
    meeting = scene("between")
    for n, act in enumerate(acts):
        answer = take(meeting, act, CHAIR, TEN + n * MINUTE)
        if isinstance(answer, Refused):
            continue
        was_called = {i.id: i.called_at for i in meeting.items.values() if i.called_at is not None}
        meeting = answer
        rows = sorted(meeting.items.values(), key=lambda i: i.position)
        assert [i.position for i in rows] == list(range(1, len(rows) + 1))
        assert {n: meeting.items[n].called_at for n in was_called} == was_called
        states = [
            i.called_at is not None
            for i in rows
            if i.kind is not ItemKind.DOORS and (i.called_at or i.state is ItemState.PLANNED)
        ]
        assert states == sorted(states, reverse=True), "what was called stands before what comes"
        head = meeting.conference
        if head.item is not None:
            assert meeting.items[head.item].state is not ItemState.DONE
        else:
            assert all(i.state is ItemState.DONE or i.kind is ItemKind.DOORS for i in rows)
        if plan.released(meeting):
            assert plan.released(meeting)[-1].plan.items[-1].id == rows[-1].id
