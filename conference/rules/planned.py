"""The plan of a day as one value: what a draft of the agenda holds, and a released version of it.

The rows of the meeting say what was released and what became of it; a `Plan` is the same without
what became of it, so that two of them can be compared, kept and gone back to. Times are whole
milliseconds since 1970 (UTC), lengths are whole minutes.
"""

from __future__ import annotations

from dataclasses import dataclass

from conference.rules.kinds import AgendaSessionId, ItemId, ItemKind, SlotId


@dataclass(frozen=True, slots=True)
class ItemPaper:
    """A document to read for an item: its title, and where it is."""

    title: str
    link: str
    """A web address, or a path of this conference such as `/motions/1`."""


@dataclass(frozen=True, slots=True)
class AgendaSession:
    """A part of the day, such as the morning."""

    id: AgendaSessionId
    title: str
    starts_at: int
    ends_at: int
    text: str = ""


@dataclass(frozen=True, slots=True)
class PlannedSlot:
    """One speaker's place in an item."""

    id: SlotId
    name: str
    title: str
    minutes: int


@dataclass(frozen=True, slots=True)
class PlannedItem:
    """One line of the plan, its speakers in their order."""

    id: ItemId
    number: int | None
    title: str
    kind: ItemKind
    starts_at: int
    minutes: int
    slack: int = 0
    room: str = ""
    text: str = ""
    people: tuple[str, ...] = ()
    papers: tuple[ItemPaper, ...] = ()
    guillotine: bool = False
    skipped: bool = False
    slots: tuple[PlannedSlot, ...] = ()

    @property
    def ends_at(self) -> int:
        """When it is planned to be over."""
        return self.starts_at + self.minutes * 60_000


@dataclass(frozen=True, slots=True)
class Plan:
    """The parts of the day in the order of their times, and the items in their own order."""

    sessions: tuple[AgendaSession, ...]
    items: tuple[PlannedItem, ...]
