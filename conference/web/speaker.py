"""A speaker's own page: their slots, and *Seen*."""

from __future__ import annotations

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from conference.permission import SPEAKER
from conference.rules import acts as a
from conference.rules.kinds import SlotId
from conference.web import forms, regions
from conference.web.guard import Visit, route, unless_refused
from conference.web.pages import render
from conference.web.site import site_of
from conference.web.text import gettext as _


class Seen(Struct, forbid_unknown_fields=True):
    """The press of *Seen*; which slot stands in the address."""


async def speaker(request: Request, visit: Visit) -> Response:
    """The speaker's slots and what is before conference."""
    return render(request, visit, "speaker", _("My slot"), view=regions.SPEAKER)


async def seen(request: Request, visit: Visit) -> Response:
    """Remember that the speaker has seen the news about a slot."""
    await forms.read(request, Seen)
    act = a.ConfirmSeen(SlotId(request.path_params["id"]))
    unless_refused(await site_of(request).hall.act(act, visit.id))
    return RedirectResponse("/speaker", 303)


ROUTES = [
    route("/speaker", speaker, SPEAKER),
    route("/speaker/slots/{id:int}/seen", seen, SPEAKER, ("POST",)),
]
