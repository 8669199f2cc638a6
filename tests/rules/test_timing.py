from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conference.rules import acts as a
from conference.rules.kinds import ItemState, Phase, Side
from conference.rules.timing import SlotState, Span, behind, expected, planned, slot_views
from tests.rules.builders import (
    CHAIR,
    CLOSING,
    DEBATE,
    DOORS,
    ELECTION,
    EMERGENCY,
    FIRST,
    MINUTE,
    SECOND,
    SPEAKERS,
    TEN,
    do,
    run,
    scene,
)

LATE = TEN + 7 * MINUTE
ORDER = (DEBATE, SPEAKERS, EMERGENCY, ELECTION, CLOSING)
MINUTES = dict(zip(ORDER, (50, 20, 15, 10, 5), strict=True))


def span(start, end):
    return Span(TEN + start * MINUTE, TEN + end * MINUTE)


def opened(at=TEN):
    return do(scene("present"), a.OpenConference(), CHAIR, at)


def test_before_the_opening_everything_is_as_planned():
    meeting = scene("before")
    spans = expected(meeting, TEN + 10**12)
    assert spans == {i.id: planned(i) for i in meeting.items.values()}
    assert behind(meeting, TEN + 10**12) == 0


def test_opened_late_everything_moves():
    spans = expected(opened(LATE), LATE)
    assert spans[DOORS] == span(-30, 0)
    assert spans[DEBATE] == span(7, 57)
    assert spans[SPEAKERS] == span(57, 77)
    assert spans[CLOSING] == span(102, 107)


def test_what_runs_is_expected_to_take_its_planned_minutes_and_then_until_now():
    meeting = do(opened(), a.CallItem(DEBATE), CHAIR, TEN + 2 * MINUTE)
    spans = expected(meeting, TEN + 20 * MINUTE)
    assert (spans[DEBATE], spans[SPEAKERS]) == (span(2, 52), span(52, 72))
    over = expected(meeting, TEN + 60 * MINUTE)
    assert (over[DEBATE], over[SPEAKERS]) == (span(2, 60), span(60, 80))


def test_a_done_item_keeps_its_real_times():
    meeting = scene("speakers")
    done = replace(meeting.items[DEBATE], called_at=TEN + 1 * MINUTE, done_at=TEN + 41 * MINUTE)
    meeting = replace(meeting, items=meeting.items.put(DEBATE, done))
    assert expected(meeting, TEN + 10**10)[DEBATE] == span(1, 41)


@st.composite
def situations(draw):
    """A conference that is open, some items done, at most one called, at some time."""
    meeting = opened(TEN + draw(st.integers(-30, 60)) * MINUTE)
    now = meeting.conference.opened_at
    items, done = meeting.items, draw(st.integers(0, len(ORDER) - 1))
    for number in ORDER[:done]:
        called_at = now + draw(st.integers(0, 10)) * MINUTE
        now = called_at + draw(st.integers(0, 90)) * MINUTE
        fields = {"state": ItemState.DONE, "called_at": called_at, "done_at": now}
        items = items.put(number, replace(items[number], **fields))
    current = ORDER[done]
    if draw(st.booleans()):
        row = replace(items[current], state=ItemState.CALLED, called_at=now)
        items = items.put(current, row)
        now += draw(st.integers(0, 90)) * MINUTE
    meeting = replace(meeting, items=items)
    return replace(meeting, conference=replace(meeting.conference, item=current)), now


@given(situations())
def test_expected_times_are_in_order_and_sum_up(situation):
    meeting, now = situation
    spans = expected(meeting, now)
    assert set(spans) == set(meeting.items)
    for earlier, later in pairwise(ORDER):
        assert spans[earlier].start <= spans[earlier].end <= spans[later].start
    current = meeting.conference.item
    to_come = [n for n in ORDER if meeting.items[n].state is ItemState.PLANNED]
    end = spans[current].end if meeting.items[current].state is ItemState.CALLED else now
    assert spans[ORDER[-1]].end == end + sum(MINUTES[n] for n in to_come) * MINUTE
    for number in ORDER:
        row = meeting.items[number]
        if row.state is ItemState.DONE:
            assert spans[number] == Span(row.called_at, row.done_at)
        elif row.state is ItemState.PLANNED:
            assert spans[number].start >= now
        else:
            assert spans[number].end >= now


@given(situations(), st.integers(0, 10**7))
def test_waiting_never_makes_anything_earlier(situation, later):
    meeting, now = situation
    before, after = expected(meeting, now), expected(meeting, now + later)
    assert all(after[n].end >= before[n].end for n in ORDER)
    assert behind(meeting, now + later) >= behind(meeting, now)


@given(situations(), st.integers(1, 10**6), st.integers(-(10**6), -1))
def test_on_another_day_being_behind_does_not_depend_on_the_printed_date(situation, later, earlier):
    meeting, now = situation
    late = []
    for days in (later, earlier):
        items = meeting.items
        for row in items.values():
            items = items.put(row.id, replace(row, starts_at=row.starts_at + days * 86_400_000))
        late.append(behind(replace(meeting, items=items), now))
    opened_late = (meeting.conference.opened_at - TEN) / MINUTE
    assert late[0] == late[1]
    assert abs(late[0] - (behind(meeting, now) - opened_late)) <= 1


@pytest.mark.parametrize(
    ("called_after", "now_after", "minutes"),
    [(0, 0, 7), (0, 50, 7), (0, 58, 15), (5, 10, 12), (5, 58, 15), (0, 50.5, 7)],
)
def test_behind_in_the_first_item(called_after, now_after, minutes):
    meeting = do(opened(LATE), a.CallItem(DEBATE), CHAIR, LATE + called_after * MINUTE)
    assert behind(meeting, LATE + int(now_after * MINUTE)) == minutes


@pytest.mark.parametrize(
    # Two speakers, 14 minutes together, have not been called.
    ("called", "now", "minutes"),
    [(40, 45, -10), (40, 47, -9), (40, 56, 0), (40, 59, 3)],
)
def test_an_item_called_early_is_ahead_until_its_speakers_do_not_fit_any_more(called, now, minutes):
    meeting = scene("between")
    meeting = do(meeting, a.CallItem(SPEAKERS), CHAIR, TEN + called * MINUTE)
    assert behind(meeting, TEN + now * MINUTE) == minutes


def test_between_items_the_clock_runs():
    assert behind(scene("between"), TEN + 40 * MINUTE) == -10
    assert behind(scene("between"), TEN + 55 * MINUTE) == 5


def test_after_the_end_nothing_is_behind():
    assert behind(scene("ended"), TEN + 10**9) == 0
    assert behind(scene("all done"), TEN + 10**9) == 0


def states(meeting, now=TEN):
    return {n: (v.state, v.before) for n, v in slot_views(meeting, now).items()}


def test_slots_in_the_course_of_the_day():
    waiting, following = SlotState.WAITING, SlotState.NEXT
    assert states(scene("before")) == {FIRST: (waiting, 0), SECOND: (waiting, 1)}
    assert states(scene("called")) == {FIRST: (following, 0), SECOND: (waiting, 1)}
    assert states(scene("slot")) == {FIRST: (SlotState.ON, 0), SECOND: (following, 0)}
    ended = do(scene("slot"), a.EndSpeech(1), CHAIR)
    assert states(ended) == {FIRST: (SlotState.DONE, 0), SECOND: (following, 0)}
    passed = do(ended, a.NextItem(SPEAKERS), CHAIR)
    assert states(passed) == {FIRST: (SlotState.DONE, 0), SECOND: (SlotState.PASSED, 0)}


def test_slot_times():
    views = slot_views(scene("before"), TEN)
    assert [v.planned_at for v in views.values()] == [TEN + 50 * MINUTE, TEN + 58 * MINUTE]
    assert [v.expected_at for v in views.values()] == [TEN + 50 * MINUTE, TEN + 58 * MINUTE]
    views = slot_views(opened(LATE), LATE)
    assert [v.planned_at for v in views.values()] == [TEN + 50 * MINUTE, TEN + 58 * MINUTE]
    assert [v.expected_at for v in views.values()] == [TEN + 57 * MINUTE, TEN + 65 * MINUTE]


def test_slot_times_while_somebody_speaks():
    call = a.CallSpeaker(Side.SPEAKER, slot=FIRST)
    meeting = run(scene("speakers"), (call, CHAIR, TEN + MINUTE))
    views = slot_views(meeting, TEN + 4 * MINUTE)
    assert views[FIRST].expected_at == views[FIRST].turn.started_at == TEN + MINUTE
    assert views[SECOND].expected_at == TEN + (1 + 8) * MINUTE
    over = slot_views(meeting, TEN + 15 * MINUTE)
    assert over[SECOND].expected_at == TEN + 15 * MINUTE


@given(situations())
def test_slots_are_expected_in_order(situation):
    meeting, now = situation
    views = slot_views(meeting, now)
    assert meeting.conference.phase is Phase.OPEN
    assert views[FIRST].expected_at <= views[SECOND].expected_at
    assert [v.before for v in views.values()] == sorted(v.before for v in views.values())
    assert sum(v.state is SlotState.NEXT for v in views.values()) <= 1
