"""Loading a conference file over a meeting that already has people.

Only programme and texts change. What has been called, decided or ended stays as it is: a file that
would touch it is refused as a whole, with everything that stands in its way. People, ballots, the
journal and the columns that acts write are never changed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields, replace
from enum import Enum, StrEnum
from typing import Any, Final
from zoneinfo import ZoneInfo

from conference.programme.build import build
from conference.programme.guards import Guards, is_from_floor
from conference.programme.lines import Path
from conference.programme.parse import Programme
from conference.programme.places import TABLES, called, places
from conference.programme.problems import MergeRefused
from conference.programme.public import Public, public
from conference.programme.times import shown
from conference.rules import slots
from conference.rules.kinds import ItemId, ItemState, PersonId
from conference.rules.planned import ItemPaper
from conference.rules.state import Item, Meeting, Settings, Slot
from conference.rules.table import Table

_SHORT = 60
_COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "conference": ("name", "day", "zone"),
    "settings": tuple(column.name for column in fields(Settings) if column.name != "id"),
    "standing_orders": ("title", "text", "governs"),
    "sessions": ("title", "starts_at", "ends_at", "text"),
    "items": (
        "position",
        "number",
        "title",
        "kind",
        "starts_at",
        "minutes",
        "text",
        "guillotine",
        "slack",
        "room",
        "people",
        "papers",
    ),
    "slots": ("item", "position", "name", "title", "minutes"),
    "motions": (
        "item",
        "position",
        "label",
        "title",
        "kind",
        "text",
        "rule",
        "base",
        "mover_name",
        "seconder_name",
        "requires",
        "falls_if",
        "speech",
    ),
    "amendments": (
        "motion",
        "position",
        "label",
        "instruction",
        "text",
        "note",
        "action",
        "paragraph",
        "words",
        "received",
        "falls_if",
        "accepted",
        "amends",
        "mover_name",
        "seconder_name",
    ),
    "elections": (
        "closing_item",
        "result_item",
        "post",
        "places",
        "method",
        "link",
        "opens_at",
        "closes_at",
    ),
    "candidates": ("election", "position", "name", "woman"),
}
"""What a file may change, by table; all other columns belong to the acts."""

_PARENTS: Final = {
    "slots": "item",
    "motions": "item",
    "amendments": "motion",
    "candidates": "election",
}


class Kind(StrEnum):
    """What happens to one thing."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between the meeting and the file."""

    kind: Kind
    what: str
    """Such as `item 4 “Motion 1”: title`."""
    before: str = ""
    after: str = ""

    def __str__(self) -> str:
        if self.kind is Kind.CHANGED:
            return f"changed: {self.what}: “{_short(self.before)}” → “{_short(self.after)}”"
        return f"{self.kind}: {self.what}"


@dataclass(frozen=True, slots=True)
class Merge:
    """The meeting as it would be, and what is different about it."""

    meeting: Meeting
    changes: list[Change]


def merge(current: Meeting, programme: Programme, published: Public | None = None) -> Merge:
    """Return `current` with the programme and texts of the file.

    Given what is `published` now, differences of the public page are listed, too. Raises
    `MergeRefused` with everything that has already been called, decided or ended.
    """
    work = _Merging(current, programme)
    work.row("conference")
    work.row("settings")
    for name in TABLES:
        work.table(name)
    if published is not None:
        work.changes += _public_changes(published, public(programme))
    if work.refused:
        found = dict.fromkeys(work.refused)
        raise MergeRefused([programme.source.problem(*one) for one in found])
    return Merge(slots.tidy(current, _point_to_next(current, work.meeting)), work.changes)


class _Merging:
    """One comparison, table by table."""

    def __init__(self, current: Meeting, programme: Programme) -> None:
        self.current = current
        self.meeting = current
        self.fresh = build(programme, mode=current.conference.mode)
        self.zones = ZoneInfo(current.conference.zone), ZoneInfo(programme.file.zone)
        self.places = places(programme.file)
        self.guards = Guards(current)
        self.changes: list[Change] = []
        self.refused: list[tuple[Path, str]] = []

    def row(self, name: str) -> None:
        """Compare the one row of `conference` or `settings`."""
        old, new = getattr(self.current, name), getattr(self.fresh, name)
        columns = _different(name, old, new)
        for key in columns:
            path: Path = (key,) if name == "conference" else (name, *key.split("_", 1))
            self._compare(f"{name}: {_word(key)}", old, new, key)
            self._refuse(path, f"{name}: {_word(key)}", self.guards.one(name))
        if columns:
            self.meeting = replace(self.meeting, **{name: replace(old, **columns)})

    def table(self, name: str) -> None:
        """Compare one table, row by row."""
        old: Table[Any, Any] = getattr(self.current, name)
        new: Table[Any, Any] = getattr(self.fresh, name)
        moved = _moved(name, old, new)
        table = old
        for key, path in self.places[name].items():
            row = new[key]
            if key not in old:
                self._note(Kind.ADDED, path, None, row)
                table = table.put(key, self._linked(row))
            elif columns := _different(name, old[key], row):
                self._changed(path, old[key], row, columns if key in moved else _unmoved(columns))
                table = table.put(key, self._updated(old[key], columns))
        for key in old:
            if key not in new and not is_from_floor(old[key]):
                self._note(Kind.REMOVED, (name,), old[key], None)
                table = table.drop(key)
        if table is not old:
            tables: dict[str, Any] = {name: table}
            self.meeting = replace(self.meeting, **tables)

    def _changed(self, path: Path, old: Any, new: Any, columns: Iterable[str]) -> None:
        for key in columns:
            self._compare(f"{called(old)}: {_word(key)}", old, new, key)
        self._refuse(path, called(old), self.guards.row(old, new))

    def _note(self, kind: Kind, path: Path, old: Any, new: Any) -> None:
        what = called(new if old is None else old)
        self.changes.append(Change(kind, what))
        self._refuse(path, what, self.guards.row(old, new))

    def _compare(self, what: str, old: Any, new: Any, key: str) -> None:
        before = _said(getattr(old, key), key, self.zones[0])
        after = _said(getattr(new, key), key, self.zones[1])
        # Another day or zone moves every moment; the times of day may be the same as before.
        if before != after:
            self.changes.append(Change(Kind.CHANGED, what, before, after))

    def _refuse(self, path: Path, what: str, reason: str | None) -> None:
        if reason is not None:
            self.refused.append((path, f"{what} cannot change any more: {reason}"))

    def _updated(self, old: Any, columns: dict[str, Any]) -> Any:
        row = replace(old, **columns)
        return self._linked(row) if "name" in columns else row

    def _linked(self, row: Any) -> Any:
        """Give a slot the person who already speaks under its name, if there is one."""
        if not isinstance(row, Slot):
            return row
        speakers = (slot.person for slot in self.current.slots.values() if slot.name == row.name)
        person: PersonId | None = next((one for one in speakers if one is not None), None)
        return replace(row, person=person)


def _different(name: str, old: Any, new: Any) -> dict[str, Any]:
    """Return the columns of the file that differ, with their new values."""
    return {
        key: getattr(new, key) for key in _COLUMNS[name] if getattr(old, key) != getattr(new, key)
    }


def _unmoved(columns: dict[str, Any]) -> list[str]:
    return [key for key in columns if key != "position"]


def _moved(name: str, old: Table[Any, Any], new: Table[Any, Any]) -> set[Any]:
    """Return the rows whose order changed, not those that others only pushed along."""
    if "position" not in _COLUMNS[name]:
        return set()
    parent = _PARENTS.get(name)

    def order(table: Table[Any, Any]) -> dict[Any, list[Any]]:
        both = [row for row in table.values() if row.id in old and row.id in new]
        groups: dict[Any, list[Any]] = {}
        for row in sorted(both, key=lambda row: row.position):
            groups.setdefault(getattr(row, parent) if parent else None, []).append(row.id)
        return groups

    before, after = order(old), order(new)
    places_before = {
        key: (group, n) for group, keys in before.items() for n, key in enumerate(keys)
    }
    places_after = {key: (group, n) for group, keys in after.items() for n, key in enumerate(keys)}
    return {
        key
        for key, place in places_before.items()
        if place != places_after[key] and place[0] == places_after[key][0]
    }


def _point_to_next(current: Meeting, meeting: Meeting) -> Meeting:
    """Let `Conference.item`, while it only waits, name the item that now comes next."""
    waiting = current.conference.item
    if waiting is None or current.items[waiting].state is not ItemState.PLANNED:
        return meeting
    rows = sorted(meeting.items.values(), key=lambda item: item.position)
    last = max((item.position for item in rows if item.state is not ItemState.PLANNED), default=0)
    old = current.items[waiting].position
    following = [
        item
        for item in rows
        if item.state is ItemState.PLANNED
        and (item.id == waiting or (item.position > last and _came_later(current, item, old)))
        # A conference begins with its first numbered item, not with the doors.
        and (last or item.number is not None or item.id == waiting)
    ]
    following_id: ItemId | None = following[0].id if following else None
    if following_id == waiting:
        return meeting
    return replace(meeting, conference=replace(meeting.conference, item=following_id))


def _came_later(current: Meeting, item: Item, position: int) -> bool:
    known = current.items.get(item.id)
    return known is None or known.position > position


def _public_changes(before: Public, after: Public) -> list[Change]:
    """List the sections of the public page that differ."""
    old, new = asdict(before), asdict(after)
    return [
        Change(Kind.CHANGED, f"public page: {_word(key)}", _flat(old[key]), _flat(new[key]))
        for key in new
        if old[key] != new[key]
    ]


def _flat(value: Any) -> str:
    if isinstance(value, dict):
        return " ".join(_flat(one) for one in value.values())
    if isinstance(value, list | tuple):
        return " / ".join(_flat(one) for one in value)
    return str(value)


def _said(value: Any, key: str, zone: ZoneInfo) -> str:
    if value is None:
        return "none"
    if key.endswith("_at"):
        return shown(value, zone)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, frozenset | tuple):
        return ", ".join(_one(member) for member in sorted(value, key=_one)) or "none"
    return str(value.value) if isinstance(value, Enum) else str(value)


def _one(member: Any) -> str:
    return f"{member.title} ({member.link})" if isinstance(member, ItemPaper) else str(member)


def _word(column: str) -> str:
    return column.removesuffix("_at").replace("_", " ")


def _short(text: str) -> str:
    return text if len(text) <= _SHORT else f"{text[:_SHORT]}…"
