"""The agenda itself: preparing and releasing it, and changing it on the day."""

from __future__ import annotations

from dataclasses import dataclass

from conference.rules.kinds import AgendaVersionId, ItemId, ItemKind
from conference.rules.planned import Plan


@dataclass(frozen=True, slots=True)
class EditAgenda:
    """Save this plan as the draft of the agenda; nobody but its editors sees it before the release.

    `base` is the version that was changed, None when nothing had been changed before. `anyway`: it
    is saved although something does not fit together, which whoever saves it has been told.
    """

    plan: Plan
    base: AgendaVersionId | None = None
    anyway: bool = False


@dataclass(frozen=True, slots=True)
class ReleaseAgenda:
    """Make the draft the agenda that everybody sees."""

    version: AgendaVersionId


@dataclass(frozen=True, slots=True)
class UndoAgenda:
    """Take the latest change of the draft back or, without a draft, prepare the release before."""

    version: AgendaVersionId


@dataclass(frozen=True, slots=True)
class MoveItem:
    """On the day: take an item before another one, or last."""

    item: ItemId
    before: ItemId | None = None


@dataclass(frozen=True, slots=True)
class ResizeItem:
    """On the day: give an item so many minutes."""

    item: ItemId
    minutes: int


@dataclass(frozen=True, slots=True)
class SkipItem:
    """On the day: leave an item out, or take it in again."""

    item: ItemId
    skip: bool = True


@dataclass(frozen=True, slots=True)
class InsertItem:
    """On the day: put one item more before another one, or last."""

    title: str
    kind: ItemKind
    minutes: int
    before: ItemId | None = None
    speaker: str = ""
    """The published name of whoever speaks in it; empty for nobody."""


@dataclass(frozen=True, slots=True)
class UndoItems:
    """On the day: take the latest change of the agenda back."""

    version: AgendaVersionId
