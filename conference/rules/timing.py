"""When things are expected to happen, from what has really happened.

`eta = now + remaining(what runs) + sum of the planned minutes before it - slack` (screens H3).
Before the opening everything is expected at its planned time. Slack, and the part of a break that is
not protected, shorten an item only by as much as it begins late; nothing else is ever assumed to be
made up for. Where a debate may be closed early, there is an earliest time besides.

Everything here adds and compares moments in milliseconds since 1970: neither a change of the clocks
nor midnight is anything special.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from conference.rules import agenda, queue, speech
from conference.rules.kinds import ItemId, ItemKind, ItemState, Phase, SlotId
from conference.rules.shortest import shortest
from conference.rules.state import Item, Meeting, Slot, Turn

MINUTE = 60_000
LATEST, EARLIEST = 12 * 60 * MINUTE, 30 * MINUTE
"""Opened so much later, or so much earlier, than printed, it is another day or a trial run."""


@dataclass(frozen=True, slots=True)
class Span:
    """From when to when, in milliseconds since 1970."""

    start: int
    end: int


def planned(item: Item) -> Span:
    """Return an item's printed times."""
    return Span(item.starts_at, item.starts_at + item.minutes * MINUTE)


def expected(meeting: Meeting, now: int, *, closures: bool = False) -> Mapping[ItemId, Span]:
    """Return for every item when it was, is or is expected to be.

    With `closures`, as early as it can come if every debate before it is closed as soon as the
    standing orders allow. A skipped item keeps the moment at which it was skipped.
    """
    spans: dict[ItemId, Span] = {}
    begins = _next_begins(meeting, now)
    for item in agenda.coming(meeting):
        if item.called_at is not None:
            begins = _ends(meeting, item, now, closures=closures)
            spans[item.id] = Span(item.called_at, begins)
        else:
            length = _length(meeting, item, begins)
            if closures:
                length = min(length, shortest(meeting, item))
            spans[item.id] = Span(begins, begins + length)
            begins += length
    for item in meeting.items.values():
        if meeting.conference.phase is Phase.BEFORE or _before_opening(item):
            spans[item.id] = planned(item)
        elif item.state is ItemState.DONE:
            done_at = item.done_at if item.done_at is not None else now
            spans[item.id] = Span(done_at if item.called_at is None else item.called_at, done_at)
    return spans


def _before_opening(item: Item) -> bool:
    return item.kind is ItemKind.DOORS and item.called_at is None


def _next_begins(meeting: Meeting, now: int) -> int:
    """Return when something can begin at the earliest: now, or at the end of a break that runs."""
    return now + _pause_left(meeting, now)


def _pause_left(meeting: Meeting, now: int) -> int:
    resumes_at = meeting.conference.resumes_at
    return max(resumes_at - now, 0) if resumes_at is not None else 0


def _length(meeting: Meeting, item: Item, begins: int) -> int:
    """Return how long an item takes that begins then, in milliseconds."""
    late = max(begins - item.starts_at - shift(meeting), 0)
    return (item.minutes + item.extended) * MINUTE - min(_gives(meeting, item), late)


def _gives(meeting: Meeting, item: Item) -> int:
    """Return by how much this item can be shorter than planned when it begins late."""
    settings = meeting.settings
    if item.kind is ItemKind.BREAK and not settings.timing_breaks_protected:
        return item.minutes * MINUTE // 2
    return min(item.slack, item.minutes) * MINUTE if settings.timing_slack else 0


def _ends(meeting: Meeting, item: Item, now: int, *, closures: bool) -> int:
    """Return when the called item is expected to be over; time in which it stood does not count."""
    called_at = item.called_at if item.called_at is not None else now
    paused_at = meeting.conference.paused_at
    stood = item.stood_ms + (now - max(paused_at, called_at) if paused_at is not None else 0)
    left = max(called_at + stood + _length(meeting, item, called_at) - now, 0)
    if closures:
        left = min(left, shortest(meeting, item))
    return now + _pause_left(meeting, now) + max(left, _speeches_left(meeting, item, now))


def _speeches_left(meeting: Meeting, item: Item, now: int) -> int:
    """Return what the speech that runs and the item's speakers to come still take."""
    waiting = sum(
        s.minutes for s in queue.slots_of(meeting, item.id) if not queue.has_spoken(meeting, s)
    )
    return _running(meeting, now) + waiting * MINUTE


def _running(meeting: Meeting, now: int) -> int:
    turn = meeting.conference.turn
    return max(speech.ends_at(meeting.turns[turn], now) - now, 0) if turn is not None else 0


def shift(meeting: Meeting) -> int:
    """Return by how much the plan is to be moved before it is compared with what happens.

    On its own day the plan counts as printed, so a conference that opens late is late. One that is
    opened on another day is not years late, and one opened hours before not hours early: there the
    plan counts from the opening.
    """
    head = meeting.conference
    first = next((i for i in agenda.in_order(meeting) if i.kind is not ItemKind.DOORS), None)
    if first is None or head.opened_at is None:
        return 0
    moved = head.opened_at - first.starts_at
    return 0 if -EARLIEST <= moved <= LATEST else moved


def behind(meeting: Meeting, now: int) -> int:
    """Return by how many whole minutes the conference is behind its plan (negative: ahead).

    Zero before the opening and after the end.
    """
    head = meeting.conference
    if head.phase is not Phase.OPEN or head.item is None:
        return 0
    current = meeting.items[head.item]
    if current.state is ItemState.PLANNED:
        late = now - (current.starts_at + shift(meeting))
    else:
        late = expected(meeting, now)[current.id].end - (planned(current).end + shift(meeting))
    return int(late / MINUTE)


def planned_end(meeting: Meeting) -> int:
    """Return when the day is to end: its last session or, without sessions, its last item."""
    ends = [s.ends_at for s in meeting.sessions.values()] or [
        planned(item).end for item in meeting.items.values()
    ]
    return max(ends, default=0) + shift(meeting)


def expected_end(meeting: Meeting, now: int) -> int:
    """Return when the last item is expected to be over."""
    return max((span.end for span in expected(meeting, now).values()), default=now)


def over(meeting: Meeting, now: int) -> int:
    """Return by how many minutes, rounded up, the day is expected to go beyond its end, or 0."""
    if meeting.conference.phase is not Phase.OPEN:
        return 0
    return max(-((planned_end(meeting) - expected_end(meeting, now)) // MINUTE), 0)


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
    earliest_at: int
    """When it can come at the earliest: before `expected_at` where debates may be closed early."""
    turn: Turn | None


def slot_views(meeting: Meeting, now: int) -> Mapping[SlotId, SlotView]:
    """Return every slot with its place in the order and its expected time."""
    spans = expected(meeting, now)
    early = expected(meeting, now, closures=True)
    turns = {t.slot: t for t in meeting.turns.values() if t.slot is not None and not t.undone}
    views: dict[SlotId, SlotView] = {}
    before = 0
    for item, slot, minutes_before in _slots_in_order(meeting):
        turn = turns.get(slot.id)
        state = _slot_state(item, turn, before, is_open=meeting.conference.phase is Phase.OPEN)
        at = turn.started_at if turn else _expected_start(meeting, spans[item.id], slot, now)
        earliest = turn.started_at if turn else _expected_start(meeting, early[item.id], slot, now)
        views[slot.id] = SlotView(
            slot, state, before, item.starts_at + minutes_before * MINUTE, at, earliest, turn
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
    waiting = sum(s.minutes for s in ahead if not queue.has_spoken(meeting, s))
    return _next_begins(meeting, now) + _running(meeting, now) + waiting * MINUTE
