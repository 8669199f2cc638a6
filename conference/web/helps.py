"""Help: one of six problems, sent from any page to the stewards' list."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from conference.hall import Desk
from conference.permission import SIGNED_IN, STAGE
from conference.rules.refused import Code, Refused
from conference.store import helps
from conference.web import forms
from conference.web.guard import Refusal, Visit, route, unless_refused, wants_json
from conference.web.limiting import allow
from conference.web.site import site_of
from conference.web.text import gettext as _

Reach = Annotated[str, Meta(max_length=120, pattern=r"\A[^\n\t]*\Z")]


class Call(Struct, forbid_unknown_fields=True):
    """A call for help; `reach` is where the caller can be reached, if they want to say it."""

    problem: Literal["hear", "see", "speak", "vote", "lost", "person"]
    reach: Reach = ""


class Settled(Struct, forbid_unknown_fields=True):
    """The press that says that somebody has been helped."""


async def call(request: Request, visit: Visit) -> Response:
    """Put this person on the help list; an earlier call of theirs is replaced."""
    site = site_of(request)
    allow(request, "10/minute", "help", visit.session)
    form = await forms.read(request, Call)

    async def work(desk: Desk) -> None:
        await helps.add(desk.tx, desk.now(), visit.id, form.problem, form.reach)
        site.backstage.helps = await helps.waiting(desk.tx)
        desk.tell = True

    unless_refused(await site.hall.work(work))
    sentence = _("The stewards know. Somebody will look after it as soon as they can.")
    if wants_json(request):
        return JSONResponse({"say": sentence})
    return RedirectResponse("/help#ask", 303)


async def settle(request: Request, visit: Visit) -> Response:
    """Take a call off the list: whoever made it, or a steward."""
    site, number = site_of(request), request.path_params["id"]
    await forms.read(request, Settled)
    row = site.backstage.helps.get(number)
    if row is None:
        raise Refusal(Refused(Code.ALREADY_DONE))
    if row.person != visit.id and not STAGE.allows(visit.person):
        raise Refusal(Refused(Code.NOT_YOURS))

    async def work(desk: Desk) -> None:
        await helps.settle(desk.tx, number, desk.now())
        site.backstage.helps = await helps.waiting(desk.tx)
        desk.tell = True

    unless_refused(await site.hall.work(work))
    return RedirectResponse("/stage" if row.person != visit.id else "/help#ask", 303)


ROUTES = [
    route("/help/calls", call, SIGNED_IN, ("POST",)),
    route("/help/calls/{id:int}/settled", settle, SIGNED_IN, ("POST",)),
]
