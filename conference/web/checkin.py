"""The check-in desk: whoever stands before it, or telephones, is found by name and counted as here."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from conference.permission import DOOR
from conference.rules.acts import CheckInPerson, CheckOut
from conference.rules.change import counts_as_delegate
from conference.rules.kinds import PersonId, Phase, Role
from conference.web.display_names import skeleton
from conference.web.guard import Visit, route, unless_refused
from conference.web.pages import render
from conference.web.site import site_of
from conference.web.text import gettext as _
from conference.web.views.standing import standing_in_words

SHOWN = 30


@dataclass(frozen=True, slots=True)
class DeskLine:
    """One person of those who were searched for; no address stands here."""

    id: str
    name: str
    standing: str
    delegate: bool
    present: bool


@dataclass(frozen=True, slots=True)
class CheckInPage:
    """The desk: a search, and what it found."""

    q: str
    people: tuple[DeskLine, ...]
    more: int
    present: int
    register: int
    closed: bool
    registrar: bool


async def page(request: Request, visit: Visit) -> Response:
    """Search by name; nobody is shown before something was typed."""
    site = site_of(request)
    q = request.query_params.get("q", "").strip()[:60]
    wanted, head = skeleton(q), site.meeting.conference
    found = [
        row
        for row in site.meeting.people.values()
        if wanted and row.id in site.names and wanted in skeleton(site.names[row.id])
    ]
    found.sort(key=lambda row: (site.names[row.id].casefold(), row.id))
    lines = tuple(
        DeskLine(
            row.id, site.name(row.id), standing_in_words(row), counts_as_delegate(row), row.present
        )
        for row in found[:SHOWN]
    )
    context = CheckInPage(
        q=q,
        people=lines,
        more=max(len(found) - SHOWN, 0),
        present=head.present,
        register=head.register,
        closed=head.phase is Phase.CLOSED,
        registrar=visit.person is not None and Role.REGISTRAR in visit.person.roles,
    )
    return render(request, visit, "check_in", _("Check-in desk"), context)


async def arrive(request: Request, visit: Visit) -> Response:
    """Count somebody as present."""
    act = CheckInPerson(PersonId(request.path_params["person"]))
    unless_refused(await site_of(request).hall.act(act, visit.id))
    return RedirectResponse("/desk", 303)


async def depart(request: Request, visit: Visit) -> Response:
    """Mark somebody as having left."""
    act = CheckOut(PersonId(request.path_params["person"]))
    unless_refused(await site_of(request).hall.act(act, visit.id))
    return RedirectResponse("/desk", 303)


ROUTES = [
    route("/desk", page, DOOR),
    route("/desk/people/{person}/arrival", arrive, DOOR, ("POST",)),
    route("/desk/people/{person}/departure", depart, DOOR, ("POST",)),
]
