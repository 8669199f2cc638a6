"""What is different between two plans: for the public list of changes, and for calendars."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from conference.rules.kinds import ItemId
from conference.rules.planned import Plan, PlannedItem


class Changed(StrEnum):
    """What can be different about an item; SESSIONS is about the parts of the day."""

    ADDED = "added"
    REMOVED = "removed"
    SKIPPED = "skipped"
    TAKEN_IN = "taken_in"
    TIME = "time"
    MINUTES = "minutes"
    TITLE = "title"
    ROOM = "room"
    SPEAKERS = "speakers"
    DETAILS = "details"
    SESSIONS = "sessions"


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference. `before` and `after` are moments for TIME, minutes for MINUTES, else 0.

    `title` is the item's title afterwards or, of one that was removed, before. No speaker is named:
    whoever does not speak any more is not to be read of in a list of changes.
    """

    kind: Changed
    item: ItemId
    title: str
    before: int = 0
    after: int = 0


def differences(before: Plan, after: Plan) -> tuple[Difference, ...]:
    """Return what is different, in the order of the later plan; what was removed comes last."""
    old = {row.id: row for row in before.items}
    new = {row.id: row for row in after.items}
    found: list[Difference] = []
    for row in after.items:
        if row.id in old:
            found += _of(old[row.id], row)
        elif not row.skipped:
            found.append(Difference(Changed.ADDED, row.id, row.title, 0, row.starts_at))
    for row in before.items:
        if row.id not in new and not row.skipped:
            found.append(Difference(Changed.REMOVED, row.id, row.title, row.starts_at))
    if before.sessions != after.sessions:
        found.append(Difference(Changed.SESSIONS, ItemId(0), ""))
    return tuple(found)


def _of(old: PlannedItem, new: PlannedItem) -> Iterator[Difference]:
    def told(kind: Changed, before: int = 0, after: int = 0) -> Difference:
        return Difference(kind, new.id, new.title, before, after)

    if old.skipped or new.skipped:
        if not old.skipped:
            yield told(Changed.SKIPPED)
        elif not new.skipped:
            yield told(Changed.TAKEN_IN, 0, new.starts_at)
        return
    if old.title != new.title:
        yield told(Changed.TITLE)
    if old.starts_at != new.starts_at:
        yield told(Changed.TIME, old.starts_at, new.starts_at)
    if old.minutes != new.minutes:
        yield told(Changed.MINUTES, old.minutes, new.minutes)
    if old.room != new.room:
        yield told(Changed.ROOM)
    if old.slots != new.slots:
        yield told(Changed.SPEAKERS)
    if _details(old) != _details(new):
        yield told(Changed.DETAILS)


def _details(row: PlannedItem) -> tuple[object, ...]:
    return row.kind, row.number, row.text, row.people, row.papers, row.slack, row.guillotine
