"""One's own devices: ending a sign-in elsewhere, and a code for another device."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from msgspec import Meta, Struct
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from conference.hall import Desk
from conference.permission import SIGNED_IN
from conference.rules.refused import Code, Refused
from conference.store import signins
from conference.store.signins import Session
from conference.web import codes, forms, sessions
from conference.web.guard import Refusal, Visit, route, unless_refused, wants_json
from conference.web.limiting import allow
from conference.web.pages import render
from conference.web.site import Site, site_of
from conference.web.text import gettext as _
from conference.web.views.standing import minutes_in_words


class EndForm(Struct, forbid_unknown_fields=True):
    """Which sign-in ends: one of one's own, or empty for all but this one."""

    session: Annotated[str, Meta(max_length=40)] = ""


@dataclass(frozen=True, slots=True)
class SpokenCodePage:
    """A code that stands nowhere else: for oneself, or to be read out by the help desk."""

    name: str
    code: str
    reads_out: bool
    address: str
    lasts: str
    back: str


def mark_of(site: Site, row: Session) -> str:
    """Return a name for this sign-in that a page can carry."""
    return site.links.keyed_hash("session", row.id_hash)[:16]


async def end(request: Request, visit: Visit) -> Response:
    """End one sign-in of this person, or every other one, and what is open there."""
    form = await forms.read_or_empty(request, EndForm)
    site = site_of(request)
    if not form.session:

        async def others(desk: Desk) -> None:
            await signins.end_all(desk.tx, visit.id, but=visit.session)

        unless_refused(await site.hall.work(others))
        sessions.close_seats(site, visit.id, but=visit.session)
        return RedirectResponse("/me", 303)
    async with site.store.reading() as reader:
        own = {mark_of(site, row): row for row in await signins.of_person(reader, visit.id)}
    row = own.get(form.session)
    if row is None:
        raise Refusal(Refused(Code.UNKNOWN))

    async def one(desk: Desk) -> None:
        await signins.end(desk.tx, row.id_hash)

    unless_refused(await site.hall.work(one))
    sessions.close_seats(site, visit.id, row.id_hash)
    return RedirectResponse("/me", 303)


async def own_code(request: Request, visit: Visit) -> Response:
    """Show a code with which this person signs in on another device."""
    site = site_of(request)
    allow(request, "6/minute", "own code", visit.id)

    async def work(desk: Desk) -> str:
        return await codes.spoken_code(desk, site, visit.id)

    digits = await site.hall.work(work)
    if isinstance(digits, Refused):
        raise Refusal(digits)
    return show(request, visit, site.name(visit.id), digits, "/me", reads_out=False)


def show(
    request: Request, visit: Visit, name: str, digits: str, back: str, *, reads_out: bool
) -> Response:
    """Return the page with the code: the only place where it stands."""
    site = site_of(request)
    if wants_json(request):
        return JSONResponse({"code": digits})
    context = SpokenCodePage(
        name=name,
        code=codes.spaced(digits),
        reads_out=reads_out,
        address=f"{site.settings.address}/sign-in/code",
        lasts=minutes_in_words(codes.SPOKEN_MINUTES),
        back=back,
    )
    return render(request, visit, "spoken_code", _("A code to type"), context)


ROUTES = [
    route("/me/sessions", end, SIGNED_IN, ("POST",)),
    route("/me/code", own_code, SIGNED_IN, ("POST",)),
]
