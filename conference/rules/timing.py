"""When things are expected to happen, from what has really happened.

`eta = now + remaining(what runs) + sum of the planned minutes before it` (screens H3). Before the
opening everything is expected at its planned time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from conference.rules import agenda, queue, speech
from conference.rules.kinds import ItemId, ItemKind, ItemState, Phase, SlotId
from conference.rules.state import Item, Meeting, Slot, Turn

MINUTE = 60_000


@dataclass(frozen=True, slots=True)
class Span:
    """From when to when, in milliseconds since 1970."""

    start: int
    end: int


def planned(item: Item) -> Span:
    """Return an item's printed times."""
    return Span(item.starts_at, item.starts_at + item.minutes * MINUTE)


def expected(meeting: Meeting, now: int) -> Mapping[ItemId, Span]:
    """Return for every item when it was, is or is expected to be."""
    spans: dict[ItemId, Span] = {}
    at = now
    for item in agenda.in_order(meeting):
        length = item.minutes * MINUTE
        if meeting.conference.phase is Phase.BEFORE or _before_opening(item):
            spans[item.id] = planned(item)
        elif item.state is ItemState.DONE:
            spans[item.id] = Span(item.called_at or now, item.done_at or now)
        else:
            start = item.called_at if item.called_at is not None else at
            at = max(start + length, now)
            spans[item.id] = Span(start, at)
    return spans


def _before_opening(item: Item) -> bool:
    return item.kind is ItemKind.DOORS and item.called_at is None


class SlotState(StrEnum):
    """What a speaker is to do."""

    WAITING = "waiting"
    NEXT = "next"
    ON = "on"
    DONE = "done"
    PASSED = "passed"


@dataclass(frozen=True, slots=True)
class SlotView:
    """One speaker's slot as it stands now."""

    slot: Slot
    state: SlotState
    before: int
    """Speakers in slots who come before this one and have not been called."""
    planned_at: int
    expected_at: int
    turn: Turn | None


def slot_views(meeting: Meeting, now: int) -> Mapping[SlotId, SlotView]:
    """Return every slot with its place in the order and its expected time."""
    spans = expected(meeting, now)
    turns = {t.slot: t for t in meeting.turns.values() if t.slot is not None and not t.undone}
    views: dict[SlotId, SlotView] = {}
    before = 0
    for item, slot, minutes_before in _slots_in_order(meeting):
        turn = turns.get(slot.id)
        state = _slot_state(item, turn, before, is_open=meeting.conference.phase is Phase.OPEN)
        at = turn.started_at if turn else _expected_start(meeting, spans[item.id], slot, now)
        views[slot.id] = SlotView(
            slot, state, before, item.starts_at + minutes_before * MINUTE, at, turn
        )
        before += state in {SlotState.WAITING, SlotState.NEXT}
    return views


def _slots_in_order(meeting: Meeting) -> Iterator[tuple[Item, Slot, int]]:
    """Return each slot with its item and the planned minutes of the item's slots before it."""
    for item in agenda.in_order(meeting):
        minutes = 0
        for slot in queue.slots_of(meeting, item.id):
            yield item, slot, minutes
            minutes += slot.minutes


def _slot_state(item: Item, turn: Turn | None, before: int, *, is_open: bool) -> SlotState:
    if turn is not None:
        return SlotState.ON if turn.ended_at is None else SlotState.DONE
    if item.state is ItemState.DONE:
        return SlotState.PASSED
    return SlotState.NEXT if is_open and before == 0 else SlotState.WAITING


def _expected_start(meeting: Meeting, span: Span, slot: Slot, now: int) -> int:
    """Return when a slot that has not been called is expected to begin."""
    item = meeting.items[slot.item]
    ahead = [s for s in queue.slots_of(meeting, item.id) if s.position < slot.position]
    if item.state is not ItemState.CALLED:
        return span.start + sum(s.minutes for s in ahead) * MINUTE
    turn_id = meeting.conference.turn
    turn = meeting.turns[turn_id] if turn_id is not None else None
    running = max(speech.ends_at(turn, now) - now, 0) if turn else 0
    waiting = sum(s.minutes for s in ahead if not queue.has_spoken(meeting, s))
    return now + running + waiting * MINUTE


def behind(meeting: Meeting, now: int) -> int:
    """Return by how many whole minutes the conference is behind its plan (negative: ahead).

    The plan counts from the recorded opening, never from the printed date: a conference that is
    opened another day is not years late. Zero before the opening and after the end.
    """
    head = meeting.conference
    if head.phase is not Phase.OPEN or head.opened_at is None or head.item is None:
        return 0
    first = next((i for i in agenda.in_order(meeting) if i.kind is not ItemKind.DOORS), None)
    if first is None:
        return 0
    shift = head.opened_at - first.starts_at
    current = meeting.items[head.item]
    if current.state is ItemState.PLANNED:
        late = now - (current.starts_at + shift)
    else:
        late = expected(meeting, now)[current.id].end - (planned(current).end + shift)
    return int(late / MINUTE)
