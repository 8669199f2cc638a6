"""What is typed about the agenda becomes a plan; what cannot be meant is said field by field."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Meta, Struct

from conference.programme.times import exists, moment
from conference.programme.values import Place
from conference.rules import drafting, plan
from conference.rules.kinds import AgendaSessionId, ItemId, ItemKind
from conference.rules.planned import AgendaSession, ItemPaper, Plan, PlannedItem, PlannedSlot
from conference.rules.refused import Code, Refused
from conference.rules.state import Meeting
from conference.web.forms import BadForm
from conference.web.guard import Refusal
from conference.web.text import gettext as _

Some = Annotated[int, Meta(ge=0, le=999_999_999)]
Line = Annotated[str, Meta(max_length=200, pattern=r"\A[^\n\t]*\Z")]
Long = Annotated[str, Meta(max_length=20_000)]
Typed = Annotated[str, Meta(max_length=20)]
"""A number or a time as somebody typed it: what is wrong with it is said in our own words."""

CLOCK = re.compile(r"\A([01]?[0-9]|2[0-3])[:.]([0-5][0-9])\Z")
LONGEST = 600


class Base(Struct, forbid_unknown_fields=True, kw_only=True):
    """What every form of the editor carries: its version, and whether it is wanted all the same."""

    base: Some
    anyway: Literal["", "yes"] = ""


class TimesForm(Base, forbid_unknown_fields=True, kw_only=True):
    """When an item begins and how long it is; `follow`: what comes after it moves along."""

    item: Some
    starts: Typed
    minutes: Typed
    follow: Literal["", "yes"] = ""


class ItemForm(Base, forbid_unknown_fields=True, kw_only=True):
    """Everything about one item. Lists stand one to a line, their parts with a bar between."""

    title: Line
    kind: ItemKind
    number: Typed = ""
    starts: Typed
    minutes: Typed
    slack: Typed = "0"
    room: Line = ""
    text: Long = ""
    people: Long = ""
    papers: Long = ""
    slots: Long = ""
    guillotine: Literal["", "yes"] = ""
    before: Some = 0


class SessionsForm(Base, forbid_unknown_fields=True, kw_only=True):
    """The parts of the day, one to a line: begin, end, title, text."""

    sessions: Long = ""


class _Wrong:
    """Collects what is wrong, so that all of it is said at once."""

    def __init__(self, meeting: Meeting, form: Struct) -> None:
        head = meeting.conference
        self._day, self._zone = date.fromisoformat(head.day), ZoneInfo(head.zone)
        self._form = form
        self.fields: dict[str, str] = {}

    def clock(self, name: str, typed: str) -> int:
        """Return the moment of a time of the conference's day; 0 when it is wrong."""
        found = CLOCK.match(typed.strip())
        if found is None:
            self.fields[name] = _("Write a time of day, such as 09:30.")
            return 0
        at = f"{int(found[1]):02}:{found[2]}"
        if not exists(self._day, at, self._zone):
            self.fields[name] = _("On that day the clocks leave this time out.")
            return 0
        return moment(self._day, at, self._zone)

    def number(self, name: str, typed: str, low: int, high: int = LONGEST) -> int:
        """Return a whole number between these two; `low` when it is wrong."""
        text = typed.strip()
        if not re.fullmatch(r"-?[0-9]{1,6}", text) or not low <= int(text) <= high:
            self.fields[name] = _("Write a whole number from %(low)s to %(high)s.") % {
                "low": low,
                "high": high,
            }
            return low
        return int(text)

    def done(self) -> None:
        """Raise BadForm with everything that was wrong, if anything was."""
        if self.fields:
            typed = {k: str(v) for k, v in msgspec.structs.asdict(self._form).items()}
            raise BadForm(self.fields, typed)


def _row(of: Plan, item: int) -> PlannedItem:
    place = plan.index_of(of, ItemId(item))
    if place is None:
        raise Refusal(Refused(Code.UNKNOWN))
    return of.items[place]


def timed(meeting: Meeting, form: TimesForm) -> Plan:
    """Return the draft with the times that were typed. Raises BadForm when they are none."""
    of = drafting.shown(meeting)
    row = _row(of, form.item)
    wrong = _Wrong(meeting, form)
    starts_at = wrong.clock("starts", form.starts)
    minutes = wrong.number("minutes", form.minutes, 1)
    wrong.done()
    return _placed(
        of,
        row,
        replace(row, starts_at=starts_at, minutes=minutes, slack=min(row.slack, minutes)),
        follow=form.follow == "yes",
    )


def _placed(of: Plan, old: PlannedItem, new: PlannedItem, *, follow: bool) -> Plan:
    to = plan.with_item(of, new)
    place = plan.index_of(of, old.id)
    if not follow or place is None:
        return to
    return plan.shifted(to, place + 1, (new.ends_at - old.ends_at) // plan.MINUTE)


def written(meeting: Meeting, number: ItemId, form: ItemForm) -> tuple[Plan, ItemId]:
    """Return the draft with the item as it was typed, and its id; 0 makes a new one.

    Raises BadForm with a sentence for each field that cannot be meant.
    """
    of = drafting.shown(meeting)
    old = _row(of, number) if number else None
    wrong = _Wrong(meeting, form)
    row = PlannedItem(
        id=number or plan.new_item_id(meeting),
        number=wrong.number("number", form.number, 1, 999) if form.number else None,
        title=form.title.strip(),
        kind=form.kind,
        starts_at=wrong.clock("starts", form.starts),
        minutes=wrong.number("minutes", form.minutes, 1),
        slack=wrong.number("slack", form.slack or "0", 0),
        room=form.room.strip(),
        text=form.text.strip(),
        people=tuple(
            " ".join(one.split())[:200] for one in form.people.splitlines() if one.strip()
        ),
        papers=_papers(wrong, form.papers),
        guillotine=form.guillotine == "yes",
        skipped=False,
        slots=_slots(meeting, wrong, form.slots, old),
    )
    if not row.title:
        wrong.fields["title"] = _("This is missing.")
    if row.slack > row.minutes:
        wrong.fields["slack"] = _("An item cannot have more slack than minutes.")
    wrong.done()
    if old is not None:
        return plan.with_item(of, row), row.id
    place = plan.index_of(of, ItemId(form.before)) if form.before else len(of.items)
    at = len(of.items) if place is None else place
    return replace(of, items=(*of.items[:at], row, *of.items[at:])), row.id


def _parts(line: str, count: int) -> list[str]:
    """Return the parts of a line between bars, as many as asked for; what is missing is empty."""
    found = [part.strip() for part in line.split("|", count - 1)]
    return found + [""] * (count - len(found))


def _papers(wrong: _Wrong, typed: str) -> tuple[ItemPaper, ...]:
    found = []
    for line in filter(str.strip, typed.splitlines()):
        title, link = _parts(line, 2)
        try:
            found.append(ItemPaper(title, msgspec.convert(link, Place)))
        except msgspec.ValidationError:
            title = ""
        if not title:
            wrong.fields["papers"] = _(
                "Write one paper to a line: its title, a bar, and a web address or a path such "
                "as /motions/1."
            )
    return tuple(found)


def _slots(
    meeting: Meeting, wrong: _Wrong, typed: str, old: PlannedItem | None
) -> tuple[PlannedSlot, ...]:
    """Return the speakers; one who was there before keeps their slot, known by the name."""
    known = {slot.name.casefold(): slot.id for slot in old.slots} if old is not None else {}
    fresh = plan.new_slot_id(meeting)
    found = []
    for line in filter(str.strip, typed.splitlines()):
        name, minutes, title = _parts(line, 3)
        before = set(wrong.fields)
        length = wrong.number("slots", minutes, 1)
        if not name or set(wrong.fields) != before:
            wrong.fields["slots"] = _(
                "Write one speaker to a line: the name, a bar, the minutes and, if you like, "
                "another bar and a title."
            )
        number = known.pop(name.casefold(), None)
        if number is None:
            number, fresh = fresh, type(fresh)(fresh + 1)
        found.append(PlannedSlot(number, name[:200], title[:200], length))
    return tuple(found)


def parted(meeting: Meeting, form: SessionsForm) -> Plan:
    """Return the draft with the parts of the day as they were typed. Raises BadForm."""
    wrong = _Wrong(meeting, form)
    found: list[AgendaSession] = []
    for number, line in enumerate(filter(str.strip, form.sessions.splitlines()), 1):
        begins, ends, title, text = _parts(line, 4)
        row = AgendaSession(
            AgendaSessionId(number),
            title[:200],
            wrong.clock("sessions", begins),
            wrong.clock("sessions", ends),
            text,
        )
        if not row.title or row.ends_at <= row.starts_at:
            wrong.fields.setdefault(
                "sessions", _("Write one part of the day to a line: 09:30 | 13:00 | Morning.")
            )
        found.append(row)
    found.sort(key=lambda row: row.starts_at)
    if any(later.starts_at < earlier.ends_at for earlier, later in pairwise(found)):
        wrong.fields.setdefault("sessions", _("The parts of the day must follow each other."))
    wrong.done()
    return replace(drafting.shown(meeting), sessions=tuple(found))
