"""The chair changes the agenda on the day: look at what would come of it, then do it."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from conference.permission import CHAIR
from conference.rules import Refused, take
from conference.rules import acts as a
from conference.rules.kinds import AgendaVersionId, ItemId, ItemKind
from conference.web import forms, regions
from conference.web.buttons import Plain
from conference.web.guard import Refusal, Visit, route, unless_refused
from conference.web.pages import render
from conference.web.site import site_of
from conference.web.text import gettext as _
from conference.web.views.reorder import preview

Minutes = Annotated[int, Meta(ge=-9999, le=9999)]
"""Whether so many are possible is the rules' matter."""
Some = Annotated[int, Meta(ge=0, le=999_999_999)]
Words = Annotated[str, Meta(max_length=200, pattern=r"\A[^\n\t]*\Z")]


class ChangeForm(Plain, forbid_unknown_fields=True, kw_only=True):
    """One change of the agenda; which fields it needs depends on `change`. 0 stands for none."""

    change: Literal["move", "resize", "skip", "take_in", "insert", "undo"]
    item: Some = 0
    before: Some = 0
    minutes: Minutes = 0
    title: Words = ""
    kind: Literal["chair", "speakers", "procedure", "break"] = "chair"
    speaker: Words = ""
    version: Some = 0


def _act(form: ChangeForm) -> a.Act:
    item, before = ItemId(form.item), ItemId(form.before) if form.before else None
    match form.change:
        case "move":
            return a.MoveItem(item, before)
        case "resize":
            return a.ResizeItem(item, form.minutes)
        case "skip":
            return a.SkipItem(item)
        case "take_in":
            return a.SkipItem(item, skip=False)
        case "insert":
            kind = ItemKind(form.kind)
            return a.InsertItem(form.title, kind, form.minutes, before, form.speaker)
        case "undo":
            return a.UndoItems(AgendaVersionId(form.version))


async def page(request: Request, visit: Visit) -> Response:
    """What is still to come, with what can be changed about it."""
    return render(request, visit, "reorder", _("Order of business"), view=regions.REORDER)


async def look(request: Request, visit: Visit) -> Response:
    """The new times and whom they affect, before anything is changed. Changes nothing.

    It needs no step: what it shows is worked out from what is before conference now.
    """
    given = [(k, v) for k, v in request.query_params.multi_items() if k != "step"]
    form = forms.check(ChangeForm, [("step", "1"), *given])
    site = site_of(request)
    after = take(site.meeting, _act(form), visit.id, site.now())
    if isinstance(after, Refused):
        raise Refusal(after)
    context = preview(site, after, tuple(given))
    return render(request, visit, "reorder_preview", _("Change the programme?"), context)


async def change(request: Request, visit: Visit) -> Response:
    """Do it."""
    form = await forms.read(request, ChangeForm)
    unless_refused(await site_of(request).hall.act(_act(form), visit.id, form.step))
    return RedirectResponse("/chair/agenda", 303)


ROUTES = [
    route("/chair/agenda", page, CHAIR),
    route("/chair/agenda/preview", look, CHAIR),
    route("/chair/agenda/changes", change, CHAIR, ("POST",)),
]
