"""Buttons of the officers: a form with `step`, an act, and back to the panel."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from msgspec import Meta, Struct
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from conference.permission import CHAIR
from conference.rules import acts as a
from conference.web import forms
from conference.web.guard import GuardedRoute, Visit, route, unless_refused
from conference.web.remarks import OneLine, take_with_remark
from conference.web.site import site_of

Number = Annotated[int, Meta(ge=1, le=2**53 - 1)]


class Plain(Struct, forbid_unknown_fields=True, kw_only=True):
    """A button; `step` is the state of conference for which it was made."""

    step: Number


class WithLine(Plain, forbid_unknown_fields=True, kw_only=True):
    """A button with one line that the chair writes."""

    line: OneLine = ""


async def press(
    request: Request,
    visit: Visit,
    act: a.Act | Callable[[str], a.Act],
    step: int | None,
    line: str = "",
) -> Response:
    """Take the act, with its line of text where it carries one, and go back to the panel."""
    site = site_of(request)
    if callable(act):
        unless_refused(await take_with_remark(site, line, act, visit.id, step))
    else:
        unless_refused(await site.hall.act(act, visit.id, step))
    return RedirectResponse("/chair", 303)


def button(path: str, act: Callable[[int], a.Act]) -> GuardedRoute:
    """Return the route of a button whose act needs at most the id in its address."""

    async def handler(request: Request, visit: Visit) -> Response:
        form = await forms.read(request, Plain)
        number = request.path_params.get("id", 0)
        return await press(request, visit, act(number), form.step)

    return route(f"/chair/{path}", handler, CHAIR, ("POST",))


def line_button(path: str, act: Callable[[int, str], a.Act]) -> GuardedRoute:
    """Return the route of a button whose act carries the one line that is written with it."""

    async def handler(request: Request, visit: Visit) -> Response:
        form = await forms.read(request, WithLine)
        number = request.path_params.get("id", 0)
        return await press(request, visit, lambda remark: act(number, remark), form.step, form.line)

    return route(f"/chair/{path}", handler, CHAIR, ("POST",))
