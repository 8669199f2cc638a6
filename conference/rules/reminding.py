"""Which speakers are to be written to about their time, and what they have been told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from conference.rules import slots
from conference.rules.kinds import PersonId, Phase, Reply, SlotId, Standing
from conference.rules.state import Meeting
from conference.rules.timing import MINUTE, SlotState, SlotView, shift, slot_views

HOUR = 60 * MINUTE
DAY = 24 * HOUR
SOON = 10 * MINUTE
"""So short before a slot a mail comes too late: the speaker's page says it within a second."""
QUIET = 15 * MINUTE
"""Between two mails about the same slot, at least: a day that slips must not flood anybody."""


class Kind(StrEnum):
    """Why a speaker is written to."""

    DAY = "day"
    HOUR = "hour"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Told:
    """What a speaker knows of their slot: its time as of the last mail, or since we know of it."""

    slot: SlotId
    person: PersonId
    starts_at: int
    at: int
    day: bool
    """Whether the reminder of the day before has gone, or its time had passed."""
    hour: bool


@dataclass(frozen=True, slots=True)
class Reminder:
    """One mail to one speaker; `before` is the time that they were told, where it has moved."""

    told: Told
    """What they have been told once the mail is queued."""
    kind: Kind
    before: int


def reminders(
    meeting: Meeting, told: Mapping[SlotId, Told], now: int, moved: int
) -> tuple[list[Told], list[Reminder]]:
    """Return whose slots are known from now on without a mail, and who is to be written to.

    A day before, an hour before, and when a time has moved by `moved` milliseconds or more since
    the speaker was told. Nobody is reminded who has declined, whose slot was given to somebody else
    or left out, or who has been called; and of each only once, unless the time moved meanwhile. A
    trial run on another day than printed writes to nobody.
    """
    known: list[Told] = []
    found: list[Reminder] = []
    if meeting.conference.phase is Phase.CLOSED or shift(meeting):
        return known, found
    for view in slot_views(meeting, now).values():
        person = view.slot.person
        if person is None or not _comes(meeting, view, person):
            continue
        fresh = _fresh(meeting, view, person, now)
        row = told.get(view.slot.id)
        if row is None or row.person != person:
            known.append(fresh)
        elif kind := _kind(row, fresh, now, moved):
            found.append(Reminder(fresh, kind, row.starts_at))
    return known, found


def _comes(meeting: Meeting, view: SlotView, person: PersonId) -> bool:
    coming = view.state in {SlotState.WAITING, SlotState.NEXT}
    declined = slots.appearance(meeting, view.slot.id).reply is Reply.DECLINED
    row = meeting.people.get(person)
    return coming and not declined and row is not None and row.standing is Standing.ACCEPTED


def _fresh(meeting: Meeting, view: SlotView, person: PersonId, now: int) -> Told:
    """Return what the speaker has been told once a mail goes now."""
    runs = meeting.conference.phase is Phase.OPEN
    starts_at = (view.expected_at if runs else view.planned_at) // MINUTE * MINUTE
    left = starts_at - now
    return Told(view.slot.id, person, starts_at, now, day=left <= DAY, hour=left <= HOUR)


def _kind(row: Told, fresh: Told, now: int, moved: int) -> Kind | None:
    """Return why a mail goes now, or None."""
    if fresh.starts_at - now < SOON:
        return None
    if abs(fresh.starts_at - row.starts_at) >= moved and now - row.at >= QUIET:
        return Kind.MOVED
    if fresh.hour and not row.hour:
        return Kind.HOUR
    return Kind.DAY if fresh.day and not row.day else None
