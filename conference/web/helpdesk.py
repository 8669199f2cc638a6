"""The help desk: a code read out to somebody who has just been checked, and links on paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from conference.hall import Desk
from conference.permission import REGISTRAR
from conference.rules.acts import GiveCode
from conference.rules.kinds import PersonId, Standing
from conference.rules.people import HELPED
from conference.rules.refused import Code, Refused
from conference.rules.state import Person
from conference.web import codes, devices
from conference.web.guard import Refusal, Visit, route
from conference.web.pages import render
from conference.web.qr import picture
from conference.web.site import site_of
from conference.web.text import gettext as _


@dataclass(frozen=True, slots=True)
class Slip:
    """One person's link on paper."""

    name: str
    standing: str
    address: str
    picture: Markup


@dataclass(frozen=True, slots=True)
class SheetPage:
    """Links to print."""

    conference: str
    slips: tuple[Slip, ...]


def may_help(person: Person) -> bool:
    """Say whether the help desk may let this person in: accepted, and in no office."""
    return person.standing is Standing.ACCEPTED and not person.roles - HELPED


async def read_out(request: Request, visit: Visit) -> Response:
    """Show a one-time code for this person; the journal notes that there was one."""
    site = site_of(request)
    person = site.meeting.people.get(PersonId(request.path_params["person"]))
    if person is None:
        raise Refusal(Refused(Code.UNKNOWN))
    if not may_help(person):
        raise Refusal(Refused(Code.NOT_ALLOWED))

    async def work(desk: Desk) -> str | Refused:
        refused = desk.take(GiveCode(person.id), visit.id)
        return refused or await codes.spoken_code(desk, site, person.id)

    digits = await site.hall.work(work)
    if isinstance(digits, Refused):
        raise Refusal(digits)
    back = f"/registrar/people/{person.id}"
    return devices.show(request, visit, site.name(person.id), digits, back, reads_out=True)


def sheet(request: Request, visit: Visit, rows: Sequence[tuple[str, str, str]]) -> Response:
    """Return personal links as slips to print and cut: name, standing and address of each."""
    slips = tuple(
        Slip(name, standing, address, picture(address)) for name, standing, address in rows
    )
    context = SheetPage(site_of(request).meeting.conference.name, slips)
    return render(request, visit, "sheet", _("Personal links on paper"), context)


ROUTES = [
    route("/registrar/people/{person}/code", read_out, REGISTRAR, ("POST",)),
]
