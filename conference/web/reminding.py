"""Speakers are reminded by mail: the day before, an hour before, and when their time has moved."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Literal

from msgspec import Meta, Struct
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from conference.hall import Desk
from conference.permission import STAGE
from conference.rules.kinds import Mode
from conference.rules.reminding import Kind, Reminder, Told, reminders
from conference.rules.state import Meeting
from conference.rules.timing import MINUTE
from conference.store import people, speakers
from conference.store.speakers import Reminding
from conference.web import forms, letters
from conference.web.guard import Visit, route, unless_refused
from conference.web.invitations import GUESTS, way_in
from conference.web.mailing import APART_MS
from conference.web.site import Site, site_of
from conference.web.text import gettext
from conference.web.text import lazy as _
from conference.web.views.dates import moment_in_words

SENTENCES = {
    Kind.DAY: _("A reminder: you are on %(now)s."),
    Kind.HOUR: _("A reminder: you are on soon, %(now)s."),
    Kind.MOVED: _("Your time has moved. You are on %(now)s, not %(before)s."),
}


class Wanted(Struct, forbid_unknown_fields=True):
    """Whether speakers are reminded, and by how many minutes a time moves that they are told."""

    reminders: Literal["on", "off"]
    minutes: Annotated[int, Meta(ge=5, le=240)]


async def switch(request: Request, _visit: Visit) -> Response:
    """Switch the reminders on or off, and say which move is told."""
    site = site_of(request)
    form = await forms.read(request, Wanted)

    async def work(desk: Desk) -> None:
        kept = replace(site.backstage.reminding, on=form.reminders == "on", minutes=form.minutes)
        await _keep(desk, site, kept)

    unless_refused(await site.hall.work(work))
    return RedirectResponse("/invitations#reminders", 303)


Found = tuple[list[Told], list[Reminder]]


def due(site: Site, meeting: Meeting) -> Found:
    """Return whose slots are known from now on, and who is to be written to. A demonstration: nobody."""
    kept = site.backstage.reminding
    if not kept.on or meeting.conference.mode is Mode.DEMONSTRATION:
        return [], []
    told = {row.slot: row for row in kept.told}
    return reminders(meeting, told, site.now(), kept.minutes * MINUTE)


async def remind(desk: Desk, site: Site) -> None:
    """Queue what is due, slowly, and keep in the same transaction what everybody has been told."""
    known, found = due(site, desk.meeting)
    told = {row.slot: row for row in (*site.backstage.reminding.told, *known)}
    for place, reminder in enumerate(found):
        await _write(desk, site, reminder, after=place * APART_MS)
        told[reminder.told.slot] = reminder.told
    await _keep(desk, site, replace(site.backstage.reminding, told=tuple(told.values())))


async def _write(desk: Desk, site: Site, reminder: Reminder, *, after: int) -> None:
    """Queue one mail, to a speaker who has an address."""
    person = reminder.told.person
    account = await people.get(desk.tx, person)
    if account is None or not account.email:
        return
    row, zone = desk.meeting.people[person], desk.meeting.conference.zone
    sentence = gettext(SENTENCES[reminder.kind]) % {
        "now": moment_in_words(reminder.told.starts_at, zone),
        "before": moment_in_words(reminder.before, zone),
    }
    guest = not row.roles - GUESTS
    letter = letters.TimeLetter(letters.band(site), way_in(site, row, account), sentence, guest)
    await letters.queue(desk, site, account.email, "time", letter, after=after)


async def _keep(desk: Desk, site: Site, kept: Reminding) -> None:
    await speakers.put_reminding(desk.tx, kept)
    site.backstage.reminding = kept


ROUTES = [
    route("/invitations/reminders", switch, STAGE, ("POST",)),
]
