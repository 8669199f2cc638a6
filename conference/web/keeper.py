"""The queue-keeper's page: who waits to speak, and putting on the list whoever asks by other ways.

Hands are raised in a hall, notes are passed, somebody telephones: the keeper of the queue writes them
down as if they had pressed the button. The keeper calls nobody and never touches a vote.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from conference.permission import QUEUE
from conference.rules.acts import EnterRequest, StrikeRequest
from conference.rules.kinds import (
    AmendmentId,
    MotionId,
    PersonId,
    ProceduralId,
    RequestId,
    Side,
)
from conference.web import forms, regions
from conference.web.buttons import Number
from conference.web.guard import Visit, route, unless_refused
from conference.web.pages import render
from conference.web.site import site_of
from conference.web.text import gettext as _
from conference.web.views.keeper import KeeperPage, found

PAGE = "/queue-keeper"


class EnterForm(Struct, forbid_unknown_fields=True):
    """Who asks to speak, on which question and side."""

    person: Annotated[str, Meta(max_length=40)]
    side: Literal["for", "against"]
    motion: Number | None = None
    amendment: Number | None = None
    procedural: Number | None = None


async def page(request: Request, visit: Visit) -> Response:
    """Show the queue, and search for a delegate to put on it."""
    q = request.query_params.get("q", "").strip()[:60]
    context = KeeperPage(q, found(site_of(request), q))
    return render(request, visit, "keeper", _("The queue"), context, view=regions.KEEPER)


async def enter(request: Request, visit: Visit) -> Response:
    """Put a delegate on the list for or against the question before conference."""
    form = await forms.read(request, EnterForm)
    act = EnterRequest(
        PersonId(form.person),
        MotionId(form.motion) if form.motion is not None else None,
        Side(form.side),
        AmendmentId(form.amendment) if form.amendment is not None else None,
        ProceduralId(form.procedural) if form.procedural is not None else None,
    )
    unless_refused(await site_of(request).hall.act(act, visit.id))
    return RedirectResponse(PAGE, 303)


async def strike(request: Request, visit: Visit) -> Response:
    """Take a request off the list."""
    act = StrikeRequest(RequestId(request.path_params["id"]))
    unless_refused(await site_of(request).hall.act(act, visit.id))
    return RedirectResponse(PAGE, 303)


ROUTES = [
    route(PAGE, page, QUEUE),
    route(f"{PAGE}/requests", enter, QUEUE, ("POST",)),
    route(f"{PAGE}/requests/{{id:int}}/removal", strike, QUEUE, ("POST",)),
]
