"""The agenda as a calendar (iCalendar, RFC 5545): of everything for everybody, of one speaker for them.

A calendar program looks again now and then, and knows an event by its UID. So an event keeps its UID
for ever, its SEQUENCE rises whenever a release changed it, and what was removed stays, cancelled.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from icalendar import Alarm, Calendar, Event

from conference.rules import plan
from conference.rules.kinds import PersonId
from conference.rules.planned import Plan, PlannedItem, PlannedSlot
from conference.rules.state import Meeting
from conference.rules.timing import MINUTE
from conference.web.site import Site
from conference.web.text import gettext as _
from conference.web.text import ngettext
from conference.web.views.agenda import named

REFRESH = timedelta(minutes=15)
REMINDER = timedelta(minutes=-15)


@dataclass(frozen=True, slots=True)
class Entry:
    """One event as a release had it."""

    summary: str
    starts_at: int
    ends_at: int
    location: str
    description: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Dated:
    """An event as it stands now: how often it was changed, and whether it is still to take place."""

    key: str
    entry: Entry
    sequence: int
    cancelled: bool


Frame = Mapping[str, Entry]


def history(frames: Sequence[Frame]) -> tuple[Dated, ...]:
    """Return every event that any frame had, with the number of its changes since it first came."""
    known: dict[str, Dated] = {}
    for frame in frames:
        for key in [*known, *(key for key in frame if key not in known)]:
            old, entry = known.get(key), frame.get(key)
            if old is None and entry is not None:
                known[key] = Dated(key, entry, 0, cancelled=False)
            elif old is not None and entry is None and not old.cancelled:
                known[key] = Dated(key, old.entry, old.sequence + 1, cancelled=True)
            elif old is not None and entry is not None and (old.cancelled or old.entry != entry):
                known[key] = Dated(key, entry, old.sequence + 1, cancelled=False)
    return tuple(known.values())


def plans(meeting: Meeting) -> list[Plan]:
    """Return what was released, the oldest first; the last is what is released now."""
    found = [version.plan for version in plan.released(meeting)]
    now = plan.plan_of(meeting)
    return found if found and found[-1] == now else [*found, now]


def programme(site: Site) -> bytes:
    """Return the whole programme as a calendar."""
    shown = named(site)
    frames = [_items(site, one, shown) for one in plans(site.meeting)]
    return _calendar(site, site.meeting.conference.name, history(frames))


def own(site: Site, person: PersonId) -> bytes:
    """Return a speaker's own slots as a calendar, with a reminder before each."""
    names = {slot.name for slot in site.meeting.slots.values() if slot.person == person}
    names |= {site.names.get(person, "")} - {""}
    frames = [_slots(site, one, names) for one in plans(site.meeting)]
    name = _("%(name)s: my slots") % {"name": site.meeting.conference.name}
    return _calendar(site, name, history(frames), reminder=True)


def _items(site: Site, of: Plan, shown: frozenset[tuple[int, str]]) -> Frame:
    return {f"item-{row.id}": _item(site, row, shown) for row in of.items if not row.skipped}


def _item(site: Site, row: PlannedItem, shown: frozenset[tuple[int, str]]) -> Entry:
    title = row.title
    if row.number is not None:
        title = _("Item %(number)s: %(title)s") % {"number": row.number, "title": row.title}
    spoken = [_spoken(slot) for slot in row.slots if (row.id, slot.name) in shown]
    return Entry(
        summary=title,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        location=row.room,
        description="\n".join([*([row.text] if row.text else []), *spoken]),
        anchor=f"{site.settings.address}/agenda#item-{row.id}",
    )


def _spoken(slot: PlannedSlot) -> str:
    said = ngettext("%(name)s, %(n)s minute", "%(name)s, %(n)s minutes", slot.minutes)
    return said % {"name": slot.name, "n": slot.minutes}


def _slots(site: Site, of: Plan, names: set[str]) -> Frame:
    found = {}
    for row, slot, at in _slots_of(of):
        if slot.name in names:
            found[f"slot-{slot.id}"] = Entry(
                summary=_("You speak: %(title)s") % {"title": slot.title or row.title},
                starts_at=at,
                ends_at=at + slot.minutes * MINUTE,
                location=row.room,
                description=_("On the day the page of your slot says when you are really on."),
                anchor=f"{site.settings.address}/speaker",
            )
    return found


def _slots_of(of: Plan) -> Iterator[tuple[PlannedItem, PlannedSlot, int]]:
    for row in of.items:
        at = row.starts_at
        for slot in row.slots:
            if not row.skipped:
                yield row, slot, at
            at += slot.minutes * MINUTE


def _calendar(site: Site, name: str, events: Sequence[Dated], *, reminder: bool = False) -> bytes:
    calendar = Calendar()
    for field, value in {
        "prodid": "-//Conference//Agenda//EN",
        "version": "2.0",
        "method": "PUBLISH",
        "x-wr-calname": name,
        "x-wr-timezone": site.meeting.conference.zone,
    }.items():
        calendar.add(field, value)
    calendar.add("refresh-interval", REFRESH, parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", "PT15M")
    uid = _uids(site)
    for one in events:
        calendar.add_component(_event(site, one, uid, reminder=reminder and not one.cancelled))
    return bytes(calendar.to_ical())


def _uids(site: Site) -> Callable[[str], str]:
    """Return what makes the UID of an event: the same for as long as this installation lives."""
    ours = site.links.keyed_hash("calendar", str(site.meeting.conference.id))[:16]
    return lambda key: f"{key}@{ours}.conference.invalid"


def _event(site: Site, one: Dated, uid: Callable[[str], str], *, reminder: bool) -> Event:
    event = Event()
    entry = one.entry
    event.add("uid", uid(one.key))
    event.add("dtstamp", _utc(site.now()))
    event.add("dtstart", _utc(entry.starts_at))
    event.add("dtend", _utc(entry.ends_at))
    event.add("summary", entry.summary)
    event.add("sequence", one.sequence)
    event.add("status", "CANCELLED" if one.cancelled else "CONFIRMED")
    event.add("url", entry.anchor)
    if entry.location:
        event.add("location", entry.location)
    if entry.description:
        event.add("description", entry.description)
    if reminder:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("trigger", REMINDER)
        alarm.add("description", entry.summary)
        event.add_component(alarm)
    return event


def _utc(ms: int) -> datetime:
    return datetime.fromtimestamp(ms // 1000, UTC)
