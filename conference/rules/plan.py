"""The agenda as a plan: taken from the meeting, changed, kept, and put back into the meeting.

Everything here makes a new value and looks at nothing else. What does not fit together in a plan, and
what no programme can mean, stands in `plan_problems`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from conference.rules import agenda
from conference.rules.kinds import AgendaVersionId, ItemId, ItemKind, ItemState, Phase, SlotId
from conference.rules.planned import Plan, PlannedItem, PlannedSlot
from conference.rules.refused import Code, Refused
from conference.rules.state import AgendaVersion, Item, Meeting, Slot
from conference.rules.table import Table

MINUTE = 60_000


def plan_of(meeting: Meeting) -> Plan:
    """Return what is released, as a plan."""
    sessions = sorted(meeting.sessions.values(), key=lambda session: session.starts_at)
    slots: dict[ItemId, list[Slot]] = {}
    for slot in sorted(meeting.slots.values(), key=lambda slot: slot.position):
        slots.setdefault(slot.item, []).append(slot)
    return Plan(
        tuple(sessions),
        tuple(_planned(item, slots.get(item.id, [])) for item in agenda.in_order(meeting)),
    )


def _planned(item: Item, slots: Sequence[Slot]) -> PlannedItem:
    return PlannedItem(
        id=item.id,
        number=item.number,
        title=item.title,
        kind=item.kind,
        starts_at=item.starts_at,
        minutes=item.minutes,
        slack=item.slack,
        room=item.room,
        text=item.text,
        people=item.people,
        papers=item.papers,
        guillotine=item.guillotine,
        skipped=agenda.is_skipped(item),
        slots=tuple(PlannedSlot(s.id, s.name, s.title, s.minutes) for s in slots),
    )


def index_of(plan: Plan, item: ItemId) -> int | None:
    """Return the place of an item in the plan, counted from 0, or None."""
    return next((n for n, row in enumerate(plan.items) if row.id == item), None)


# --- changes -----------------------------------------------------------------------------------


def moved(plan: Plan, item: ItemId, before: ItemId | None) -> Plan:
    """Return the plan with the item before another one, or last for None.

    What lies between its old place and its new one closes up or makes room: the stretch as a whole
    keeps its beginning and, with the pauses between its items, its end. An unknown item, or one
    moved before itself, changes nothing.
    """
    old = index_of(plan, item)
    if old is None or before == item:
        return plan
    rest = [row for row in plan.items if row.id != item]
    new = next((n for n, row in enumerate(rest) if row.id == before), None)
    if new is None and before is not None:
        return plan
    place = len(rest) if new is None else new
    rest.insert(place, plan.items[old])
    first, last = min(old, place), max(old, place)
    return replace(plan, items=_laid_out(plan.items, rest, first, last))


def _laid_out(
    before: Sequence[PlannedItem], after: Sequence[PlannedItem], first: int, last: int
) -> tuple[PlannedItem, ...]:
    """Return `after` with the times of places `first` to `last` made anew, the gaps kept."""
    stretch = before[first : last + 1]
    gaps = [later.starts_at - earlier.ends_at for earlier, later in pairwise(stretch)]
    made, at = list(after), stretch[0].starts_at
    for place, gap in zip(range(first, last + 1), [*gaps, 0], strict=True):
        made[place] = replace(made[place], starts_at=at)
        at = made[place].ends_at + gap
    return tuple(made)


def shifted(plan: Plan, first: int, minutes: int, *, last: int | None = None) -> Plan:
    """Return the plan with the items from place `first` to `last` so many minutes later."""
    end = len(plan.items) if last is None else last + 1
    return replace(
        plan,
        items=tuple(
            replace(row, starts_at=row.starts_at + minutes * MINUTE) if first <= n < end else row
            for n, row in enumerate(plan.items)
        ),
    )


def with_item(plan: Plan, row: PlannedItem) -> Plan:
    """Return the plan with this item in place of the one with its id."""
    return replace(plan, items=tuple(row if row.id == one.id else one for one in plan.items))


def inserted(plan: Plan, row: PlannedItem, place: int) -> Plan:
    """Return the plan with one item more at this place; it begins when the one before it ends."""
    if place:
        row = replace(row, starts_at=plan.items[place - 1].ends_at)
    elif plan.items:
        row = replace(row, starts_at=plan.items[0].starts_at - row.minutes * MINUTE)
    return replace(plan, items=(*plan.items[:place], row, *plan.items[place:]))


def without(plan: Plan, item: ItemId) -> Plan:
    """Return the plan without this item; the others keep their times."""
    return replace(plan, items=tuple(row for row in plan.items if row.id != item))


def new_item_id(meeting: Meeting) -> ItemId:
    """Return an id that no item has or ever had: calendars know items by it."""
    known = [*meeting.items, *(row.id for plan in _plans(meeting) for row in plan.items)]
    return ItemId(max(known, default=0) + 1)


def new_slot_id(meeting: Meeting) -> SlotId:
    """Return an id that no slot has or ever had."""
    planned = (slot.id for plan in _plans(meeting) for row in plan.items for slot in row.slots)
    return SlotId(max([*meeting.slots, *planned], default=0) + 1)


def _plans(meeting: Meeting) -> Iterator[Plan]:
    return (version.plan for version in meeting.versions.values())


# --- into the meeting --------------------------------------------------------------------------


def applied(meeting: Meeting, plan: Plan, now: int) -> Meeting | Refused:
    """Return the meeting whose released agenda is this plan.

    What has been called stays as it is, but for the length of the item before conference; refused
    when the plan would move or lose it. A speaker's slot keeps whoever speaks in it, and a slot
    under a known speaker's name is given to them.
    """
    if not _keeps_what_was_called(meeting, plan):
        return Refused(Code.ITEM_CALLED)
    items: Table[ItemId, Item] = meeting.items
    for position, row in enumerate(plan.items, 1):
        item = _item(meeting.items.get(row.id), row, position, now)
        if item != meeting.items.get(row.id):
            items = items.put(item.id, item)
    for number in meeting.items:
        if index_of(plan, number) is None:
            items = items.drop(number)
    sessions = meeting.sessions
    if tuple(sorted(sessions.values(), key=lambda s: s.starts_at)) != plan.sessions:
        sessions = Table((session.id, session) for session in plan.sessions)
    changed = replace(meeting, items=items, slots=_slots_of(meeting, plan), sessions=sessions)
    return _pointing(meeting, changed)


def _keeps_what_was_called(meeting: Meeting, plan: Plan) -> bool:
    """Say whether every item that has been called stands where it stood, before all that will be."""
    called = [i.id for i in agenda.in_order(meeting) if i.called_at is not None]
    order = [row.id for row in plan.items if row.kind is not ItemKind.DOORS and not row.skipped]
    return [number for number in order if number in called] == order[: len(called)] == called


def _item(old: Item | None, row: PlannedItem, position: int, now: int) -> Item:
    if old is None:
        old = Item(row.id, position, row.number, row.title, row.kind, row.starts_at, row.minutes)
    elif old.state is ItemState.CALLED:
        return replace(old, position=position, minutes=row.minutes, slack=row.slack)
    elif old.called_at is not None:
        return replace(old, position=position)
    skipped = agenda.is_skipped(old)
    if row.skipped != skipped:
        state, done_at = (ItemState.DONE, now) if row.skipped else (ItemState.PLANNED, None)
        old = replace(old, state=state, done_at=done_at)
    return replace(
        old,
        position=position,
        number=row.number,
        title=row.title,
        kind=row.kind,
        starts_at=row.starts_at,
        minutes=row.minutes,
        slack=row.slack,
        room=row.room,
        text=row.text,
        people=row.people,
        papers=row.papers,
        guillotine=row.guillotine,
    )


def _slots_of(meeting: Meeting, plan: Plan) -> Table[SlotId, Slot]:
    people = {slot.name.casefold(): slot.person for slot in meeting.slots.values() if slot.person}
    slots: Table[SlotId, Slot] = meeting.slots
    wanted: set[SlotId] = set()
    for row in plan.items:
        for position, one in enumerate(row.slots, 1):
            wanted.add(one.id)
            old = slots.get(one.id)
            person = people.get(one.name.casefold())
            if old is None:
                new = Slot(one.id, row.id, position, one.name, one.title, one.minutes, person)
            else:
                who = old.person if old.name == one.name else person
                new = replace(
                    old, item=row.id, position=position, name=one.name, title=one.title,
                    minutes=one.minutes, person=who,
                )  # fmt: skip
            if new != old:
                slots = slots.put(new.id, new)
    for number in meeting.slots:
        if number not in wanted:
            slots = slots.drop(number)
    return slots


def _pointing(before: Meeting, after: Meeting) -> Meeting:
    """Let conference wait for the item that comes next now, unless it waits for another on purpose."""
    head = before.conference
    if head.phase is not Phase.OPEN:
        return after
    waits = head.item is None or before.items[head.item].state is ItemState.PLANNED
    following, was = agenda.next_item(after), agenda.next_item(before)
    gone = head.item is not None and (
        head.item not in after.items or after.items[head.item].state is ItemState.DONE
    )
    if not waits or not (gone or head.item == (was.id if was else None)):
        return after
    number = following.id if following else None
    return replace(after, conference=replace(after.conference, item=number))


# --- versions ----------------------------------------------------------------------------------


def released(meeting: Meeting) -> list[AgendaVersion]:
    """Return the released versions, the oldest first; empty while the first was never changed."""
    rows = [row for row in meeting.versions.values() if row.released_at is not None]
    return sorted(rows, key=lambda row: row.id)


def latest(meeting: Meeting) -> AgendaVersionId | None:
    """Return the draft or, without one, the version that was released last; None: neither."""
    if meeting.conference.draft is not None:
        return meeting.conference.draft
    rows = released(meeting)
    return rows[-1].id if rows else None


def with_version(
    meeting: Meeting, plan: Plan, now: int, *, released: bool, follows: AgendaVersionId | None
) -> tuple[Meeting, AgendaVersion]:
    """Return the meeting with this plan as its newest version, and that version."""
    number = AgendaVersionId(max(meeting.versions, default=0) + 1)
    row = AgendaVersion(number, now, plan, follows, now if released else None)
    return replace(meeting, versions=meeting.versions.put(number, row)), row


def renamed(meeting: Meeting, slot: SlotId, old: str, new: str) -> Meeting:
    """Return the meeting in whose drafts this slot has the new name wherever it had the old one.

    Without it a draft that was begun before a slot was given away would take it from its speaker.
    """
    versions = meeting.versions
    for version in versions.values():
        if version.released_at is None:
            plan = _renamed(version.plan, slot, old, new)
            if plan != version.plan:
                versions = versions.put(version.id, replace(version, plan=plan))
    return meeting if versions is meeting.versions else replace(meeting, versions=versions)


def _renamed(plan: Plan, slot: SlotId, old: str, new: str) -> Plan:
    def row(one: PlannedSlot) -> PlannedSlot:
        return replace(one, name=new) if one.id == slot and one.name == old else one

    items = (replace(r, slots=tuple(row(s) for s in r.slots)) for r in plan.items)
    return replace(plan, items=tuple(items))


def founded(meeting: Meeting, now: int) -> Meeting:
    """Return the meeting in which what is released has a version, so that a change can be told."""
    if meeting.versions:
        return meeting
    return with_version(meeting, plan_of(meeting), now, released=True, follows=None)[0]


def recorded(before: Meeting, after: Meeting, now: int) -> Meeting:
    """Return `after` with a released version of its agenda, when it is another than before."""
    plan = plan_of(after)
    if plan == plan_of(before):
        return after
    base = founded(before, now)
    follows = released(base)[-1].id
    versions = replace(after, versions=base.versions)
    return with_version(versions, plan, now, released=True, follows=follows)[0]
