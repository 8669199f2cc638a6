"""The programme outside its page: calendars, JSON, and a page that others may embed."""

from __future__ import annotations

from typing import Final

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from conference.hall import Desk
from conference.permission import PUBLIC, SPEAKER
from conference.rules.kinds import PersonId, Role
from conference.rules.refused import Refused
from conference.store import feeds
from conference.web import forms
from conference.web.guard import Refusal, Visit, route, unless_refused
from conference.web.pages import render
from conference.web.sentences import Wrong
from conference.web.site import Site, site_of
from conference.web.text import gettext as _
from conference.web.views import agenda_log, calendar
from conference.web.views.agenda import embed_page
from conference.web.views.agenda_json import agenda_json

PURPOSE: Final = "calendar"
"""What a speaker's calendar address is signed for."""

FRAMED: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors *"
)
"""The policy of the one page that may be framed: by anybody, with no script and no form in it."""

OPEN: Final = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}
"""What is public may be read by other sites' scripts; no sign-in is ever looked at here."""


class FeedForm(Struct, forbid_unknown_fields=True):
    """The press of a button that makes or ends a calendar address."""


def feed_address(site: Site, person: PersonId, generation: int) -> str:
    """Return the address of a speaker's calendar: unguessable, and dead with its generation."""
    token = site.links.sign(PURPOSE, person, generation)
    return f"{site.settings.address}/calendar/{token}.ics"


async def changes(request: Request, visit: Visit) -> Response:
    """What has changed in the programme since it was published."""
    context = agenda_log.log_page(site_of(request).meeting)
    return render(request, visit, "agenda_changes", _("Changes to the programme"), context)


async def ics(request: Request, _visit: Visit) -> Response:
    """The programme as a calendar that everybody may subscribe to."""
    return _calendar(calendar.programme(site_of(request)))


async def own_ics(request: Request, _visit: Visit) -> Response:
    """A speaker's slots as a calendar: whoever has the address may read it, so it can be ended."""
    site = site_of(request)
    facts = site.links.signed(PURPOSE, request.path_params["token"]) or []
    if len(facts) != 2:  # noqa: PLR2004  (person and generation)
        raise Refusal(Refused(Wrong.LINK_INVALID))
    person, generation = PersonId(str(facts[0])), facts[1]
    async with site.store.reading() as reader:
        active = await feeds.active(reader, person)
    if active is None or active != generation or person not in site.meeting.people:
        raise Refusal(Refused(Wrong.LINK_INVALID))
    return _calendar(calendar.own(site, person))


def _calendar(body: bytes) -> Response:
    return Response(body, media_type="text/calendar; charset=utf-8")


async def json(request: Request, _visit: Visit) -> Response:
    """The programme as JSON."""
    return JSONResponse(agenda_json(site_of(request)), headers=OPEN)


async def embed(request: Request, _visit: Visit) -> Response:
    """The programme to be put into another site's page, without script."""
    headers = {"Content-Security-Policy": FRAMED, "Cross-Origin-Resource-Policy": "cross-origin"}
    context = embed_page(site_of(request))
    return render(request, None, "embed", _("Programme"), context, headers=headers)


async def make_feed(request: Request, visit: Visit) -> Response:
    """Make the speaker's calendar address, or make it anew: the old one is dead."""
    await forms.read(request, FeedForm)

    async def work(desk: Desk) -> Refused | None:
        await feeds.renew(desk.tx, visit.id)
        return None

    unless_refused(await site_of(request).hall.work(work))
    return RedirectResponse("/me#calendar", 303)


async def end_feed(request: Request, visit: Visit) -> Response:
    """End the speaker's calendar address."""
    await forms.read(request, FeedForm)

    async def work(desk: Desk) -> Refused | None:
        await feeds.end(desk.tx, visit.id)
        return None

    unless_refused(await site_of(request).hall.work(work))
    return RedirectResponse("/me#calendar", 303)


def speaks(visit: Visit) -> bool:
    """Say whether this person can have a calendar of their own."""
    return visit.person is not None and Role.SPEAKER in visit.person.roles


ROUTES = [
    route("/agenda/changes", changes, PUBLIC),
    route("/agenda.ics", ics, PUBLIC),
    route("/agenda.json", json, PUBLIC),
    route("/embed/agenda", embed, PUBLIC),
    route("/calendar/{token}.ics", own_ics, PUBLIC),
    route("/me/calendar", make_feed, SPEAKER, ("POST",)),
    route("/me/calendar/end", end_feed, SPEAKER, ("POST",)),
]
