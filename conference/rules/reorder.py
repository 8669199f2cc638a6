"""On the day: the chair moves, shortens, skips and inserts items (screens H1.22).

Nothing that has been called is moved. A question that conference has not decided is never dropped:
its item can be taken later, not skipped. Each change is released at once and can be taken back.
"""

from __future__ import annotations

from dataclasses import replace

from conference.rules import acts as a
from conference.rules import agenda, change, plan
from conference.rules.kinds import ItemId, ItemKind, ItemState
from conference.rules.plan_problems import LONGEST, PAUSES, undecided, used
from conference.rules.planned import Plan, PlannedItem, PlannedSlot
from conference.rules.refused import Code, Refused
from conference.rules.state import Item, Meeting

INSERTED = frozenset({ItemKind.CHAIR, ItemKind.SPEAKERS, ItemKind.PROCEDURE, ItemKind.BREAK})
"""What can be put in on the day: everything that needs no motion and no candidates."""
TITLE = 200
"""Characters."""


def _coming(meeting: Meeting, number: ItemId) -> Item | Refused:
    """Return an item that has not been called and can still come, or why it is none."""
    item = meeting.items.get(number)
    if item is None:
        return Refused(Code.UNKNOWN)
    if item.state is ItemState.PLANNED and item.kind is not ItemKind.DOORS:
        return item
    return Refused(Code.ITEM_SKIPPED if agenda.is_skipped(item) else Code.ITEM_CALLED)


def _released(meeting: Meeting, to: Plan, now: int) -> Meeting | Refused:
    """Return the meeting with this plan as its newest release. Refuses what changes nothing."""
    after = plan.applied(meeting, to, now)
    if isinstance(after, Refused):
        return after
    if plan.plan_of(after) == plan.plan_of(meeting):
        return Refused(Code.NOTHING_CHANGED)
    return plan.recorded(meeting, after, now)


def _last_place(of: Plan) -> ItemId | None:
    """Return the skipped item before which the end of the agenda is, or None."""
    trailing: ItemId | None = None
    for row in reversed(of.items):
        if not row.skipped:
            break
        trailing = row.id
    return trailing


def move(meeting: Meeting, act: a.MoveItem, now: int) -> Meeting | Refused:
    """Take the item before another one that is still to come, or last. Times in between move along."""
    if refusal := agenda.is_open(meeting):
        return refusal
    item = _coming(meeting, act.item)
    if isinstance(item, Refused):
        return item
    if act.before is not None and isinstance(before := _coming(meeting, act.before), Refused):
        return before
    of = plan.plan_of(meeting)
    to = plan.moved(of, act.item, act.before if act.before is not None else _last_place(of))
    after = _released(_waiting_for_first(meeting), to, now)
    if isinstance(after, Refused):
        return after
    return change.note(after, now, "item_moved", item=act.item)


def _waiting_for_first(meeting: Meeting) -> Meeting:
    """Return the meeting that waits for whatever comes first, when it waits: the chair decides anew."""
    head = meeting.conference
    if head.item is not None and meeting.items[head.item].state is not ItemState.PLANNED:
        return meeting
    following = agenda.next_item(meeting)
    return change.conference(meeting, item=following.id if following else None)


def resize(meeting: Meeting, act: a.ResizeItem, now: int) -> Meeting | Refused:
    """Give the item so many minutes, called or still to come; what follows keeps its printed times.

    Refuses fewer minutes than its speakers need, and an item that is over.
    """
    if refusal := agenda.is_open(meeting):
        return refusal
    item: Item | Refused | None = meeting.items.get(act.item)
    if not isinstance(item, Item) or item.state is not ItemState.CALLED:
        item = _coming(meeting, act.item)
    if isinstance(item, Refused):
        return item
    if not 1 <= act.minutes <= LONGEST:
        return Refused(Code.BAD_TIME)
    of = plan.plan_of(meeting)
    row = next(row for row in of.items if row.id == act.item)
    needed = sum(slot.minutes for slot in row.slots)
    if act.minutes < needed:
        return Refused(Code.SPEAKERS_NEED, {"n": needed})
    cut = max(row.minutes - act.minutes, 0)
    to = plan.with_item(of, replace(row, minutes=act.minutes, slack=max(row.slack - cut, 0)))
    after = _released(meeting, to, now)
    if isinstance(after, Refused):
        return after
    facts = {"item": act.item, "minutes": act.minutes, "was": item.minutes}
    return change.note(after, now, "item_resized", **facts)


def skip(meeting: Meeting, act: a.SkipItem, now: int) -> Meeting | Refused:
    """Leave the item out, or take it in again where it stood, if nothing after it has been called.

    Refuses an item with a question that conference has not decided, or with an election.
    """
    if refusal := agenda.is_open(meeting):
        return refusal
    if refusal := skippable(meeting, act.item) if act.skip else _skipped(meeting, act.item):
        return refusal
    of = plan.plan_of(meeting)
    row = next(row for row in of.items if row.id == act.item)
    to = plan.with_item(of, replace(row, skipped=act.skip))
    after = _released(meeting, to, now)
    if isinstance(after, Refused):
        return after
    code = "item_skipped" if act.skip else "item_taken_in"
    return change.note(after, now, code, item=act.item)


def skippable(meeting: Meeting, number: ItemId) -> Refused | None:
    """Return why this item cannot be left out, or None."""
    item = _coming(meeting, number)
    if isinstance(item, Refused):
        return item
    if label := undecided(meeting, number):
        return Refused(Code.QUESTION_UNDECIDED, {"label": label})
    if number in used(meeting) and not agenda.motions_of(meeting, number):
        return Refused(Code.ITEM_IN_USE, {"title": item.title})
    return None


def _skipped(meeting: Meeting, number: ItemId) -> Refused | None:
    item = meeting.items.get(number)
    if item is None:
        return Refused(Code.UNKNOWN)
    return None if agenda.is_skipped(item) else Refused(Code.NOTHING_CHANGED)


def insert(meeting: Meeting, act: a.InsertItem, now: int) -> Meeting | Refused:
    """Put one item more before one that is still to come, or last; what follows is so much later.

    Refuses a kind that needs motions or candidates, and a speaker in a break.
    """
    if refusal := agenda.is_open(meeting):
        return refusal
    title, speaker = act.title.strip(), act.speaker.strip()
    if act.kind not in INSERTED or (speaker and act.kind in PAUSES):
        return Refused(Code.BAD_AGENDA)
    if not title or len(title) > TITLE or len(speaker) > TITLE:
        return Refused(Code.BAD_AGENDA)
    if not 1 <= act.minutes <= LONGEST:
        return Refused(Code.BAD_TIME)
    if act.before is not None and isinstance(before := _coming(meeting, act.before), Refused):
        return before
    of = plan.plan_of(meeting)
    place = plan.index_of(of, act.before) if act.before is not None else len(of.items)
    if place is None:
        return Refused(Code.UNKNOWN)
    number = plan.new_item_id(meeting)
    spoken = (PlannedSlot(plan.new_slot_id(meeting), speaker, title, act.minutes),)
    row = PlannedItem(
        number, None, title, act.kind, now, act.minutes, slots=spoken if speaker else ()
    )
    at = of.items[place].starts_at if place < len(of.items) else None
    to = plan.inserted(of, row, place)
    if at is not None:
        to = plan.with_item(to, replace(row, starts_at=at))
    to = plan.shifted(to, place + 1, act.minutes)
    after = _released(meeting, to, now)
    if isinstance(after, Refused):
        return after
    return change.note(after, now, "item_inserted", item=number)


def undo(meeting: Meeting, act: a.UndoItems, now: int) -> Meeting | Refused:
    """Take the latest change that was made on the day back, and with the next press the one before.

    Refuses what was released before the opening, any version but the latest, and when an item has
    been called since that the change had brought in or moved.
    """
    if refusal := agenda.is_open(meeting):
        return refusal
    rows = plan.released(meeting)
    opened_at = meeting.conference.opened_at
    if not rows or opened_at is None or (rows[-1].released_at or 0) < opened_at:
        return Refused(Code.NOTHING_TO_UNDO)
    if act.version != rows[-1].id:
        return Refused(Code.AGENDA_CHANGED)
    target = meeting.versions.get(rows[-1].follows) if rows[-1].follows is not None else None
    if target is None:
        return Refused(Code.NOTHING_TO_UNDO)
    after = plan.applied(meeting, _as_called(meeting, target.plan), now)
    if isinstance(after, Refused):
        return after
    # What was released before the opening is where the way back ends.
    follows = target.follows if (target.released_at or 0) >= opened_at else None
    back, _row = plan.with_version(after, plan.plan_of(after), now, released=True, follows=follows)
    return change.note(back, now, "items_undone")


def _as_called(meeting: Meeting, to: Plan) -> Plan:
    """Return the plan as far as it is the chair's to take back.

    What was called since is not skipped any more, and whoever has been given a slot or has been
    brought forward since keeps it.
    """
    called = {item.id for item in meeting.items.values() if item.called_at is not None}
    rows = (
        replace(r, skipped=r.skipped and r.id not in called, slots=_as_given(meeting, r.slots))
        for r in to.items
    )
    return replace(to, items=tuple(rows))


def _as_given(meeting: Meeting, slots: tuple[PlannedSlot, ...]) -> tuple[PlannedSlot, ...]:
    """Return the slots under the names and in the order that they have now, the unknown ones last."""
    known = [s for s in slots if s.id in meeting.slots]
    known.sort(key=lambda s: meeting.slots[s.id].position)
    named = (replace(s, name=meeting.slots[s.id].name) for s in known)
    return (*named, *(s for s in slots if s.id not in meeting.slots))
