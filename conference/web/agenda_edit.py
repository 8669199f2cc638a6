"""The programme is prepared: moved, timed, written, checked and released, before the day.

Every form carries the version of the draft that it was made from. What does not fit together is
shown and asked about once; saved is what the editor then says.
"""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta, Struct
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from conference.permission import EDITOR
from conference.rules import acts as a
from conference.rules import drafting, plan
from conference.rules.kinds import AgendaVersionId, ItemId
from conference.rules.plan_problems import problems
from conference.rules.planned import Plan
from conference.rules.refused import Code, Refused
from conference.web import agenda_forms, forms, regions
from conference.web.agenda_forms import ItemForm, SessionsForm, Some, TimesForm
from conference.web.forms import BadForm
from conference.web.guard import Refusal, Visit, answer, route, unless_refused, wants_json
from conference.web.pages import render
from conference.web.site import Site, site_of
from conference.web.text import gettext as _
from conference.web.views import agenda_edit as views
from conference.web.views.odd import odd_sentences


class MoveForm(agenda_forms.Base, forbid_unknown_fields=True, kw_only=True):
    """Before which item another one is to stand; 0: last."""

    item: Some
    before: Some


class RemoveForm(agenda_forms.Base, forbid_unknown_fields=True, kw_only=True):
    """Which item is to go."""

    item: Some


class VersionForm(Struct, forbid_unknown_fields=True, kw_only=True):
    """The version that is released, or from which to go back."""

    version: Annotated[int, Meta(ge=0, le=2**53 - 1)]


class CheckForm(TimesForm, forbid_unknown_fields=True, kw_only=True):
    """Times as they are typed, to be looked at before they are saved."""


async def page(request: Request, visit: Visit) -> Response:
    """The draft, with everything that can be done to it."""
    return render(request, visit, "agenda_edit", _("Edit the programme"), view=regions.EDIT)


async def move(request: Request, visit: Visit) -> Response:
    """Take an item to another place."""
    form = await forms.read(request, MoveForm)
    before = ItemId(form.before) if form.before else None
    to = plan.moved(drafting.shown(site_of(request).meeting), ItemId(form.item), before)
    return await _save(request, visit, form, to, form.item)


async def times(request: Request, visit: Visit) -> Response:
    """Give an item the times that were typed."""
    form = await forms.read(request, TimesForm)
    to = agenda_forms.timed(site_of(request).meeting, form)
    return await _save(request, visit, form, to, form.item)


async def check(request: Request, _visit: Visit) -> Response:
    """Say what would not fit together with these times. Changes nothing."""
    form = await forms.read(request, CheckForm)
    meeting = site_of(request).meeting
    to = agenda_forms.timed(meeting, form)
    return JSONResponse({"odd": _fresh(drafting.shown(meeting), to)})


async def remove(request: Request, visit: Visit) -> Response:
    """Take an item out of the programme."""
    form = await forms.read(request, RemoveForm)
    to = plan.without(drafting.shown(site_of(request).meeting), ItemId(form.item))
    return await _save(request, visit, form, to, 0)


async def item(request: Request, visit: Visit) -> Response:
    """Everything about one item, to be typed."""
    site = site_of(request)
    number = ItemId(request.path_params["id"])
    if plan.index_of(drafting.shown(site.meeting), number) is None:
        raise Refusal(Refused(Code.UNKNOWN))
    context = views.item_page(site, number)
    return render(request, visit, "agenda_item", context.heading, context)


async def new_item(request: Request, visit: Visit) -> Response:
    """An item more, to be typed."""
    context = views.new_item_page(site_of(request))
    return render(request, visit, "agenda_item", context.heading, context)


async def save_item(request: Request, visit: Visit) -> Response:
    """Save everything about one item; a new one has the number 0."""
    site = site_of(request)
    number = ItemId(request.path_params.get("id", 0))
    try:
        form = await forms.read(request, ItemForm)
        to, saved = agenda_forms.written(site.meeting, number, form)
    except BadForm as bad:
        if wants_json(request):
            raise
        context = views.item_page(site, number, bad.typed, bad.fields)
        return render(request, visit, "agenda_item", context.heading, context, status=422)
    return await _save(request, visit, form, to, saved)


async def sessions(request: Request, visit: Visit) -> Response:
    """Save the parts of the day."""
    form = await forms.read(request, SessionsForm)
    to = agenda_forms.parted(site_of(request).meeting, form)
    return await _save(request, visit, form, to, 0)


async def _save(
    request: Request, visit: Visit, form: agenda_forms.Base, to: Plan, item: int
) -> Response:
    """Save the plan as the draft; what newly does not fit together is asked about first."""
    site = site_of(request)
    known = drafting.shown(site.meeting)
    base = AgendaVersionId(form.base) if form.base else None
    refused = await site.hall.act(a.EditAgenda(to, base, form.anyway == "yes"), visit.id)
    if refused is None:
        return RedirectResponse(f"/agenda/edit#edit-{item}" if item else "/agenda/edit", 303)
    if refused.code is not Code.AGENDA_ODD or wants_json(request):
        return answer(request, refused)
    typed = {**msgspec.structs.asdict(form), "anyway": "yes"}
    context = views.OddPage(
        action=request.url.path,
        fields=tuple((name, str(value)) for name, value in typed.items()),
        odd=_fresh(known, to),
    )
    return render(request, visit, "agenda_odd", _("Save it all the same?"), context, status=422)


def _fresh(known: Plan, to: Plan) -> tuple[str, ...]:
    old = set(problems(known))
    return odd_sentences(to, (one for one in problems(to) if one not in old))


async def release(request: Request, visit: Visit) -> Response:
    """Make the draft what everybody sees."""
    form = await forms.read(request, VersionForm)
    act = a.ReleaseAgenda(AgendaVersionId(form.version))
    return await _do(site_of(request), act, visit)


async def undo(request: Request, visit: Visit) -> Response:
    """Take the latest change of the draft back."""
    form = await forms.read(request, VersionForm)
    return await _do(site_of(request), a.UndoAgenda(AgendaVersionId(form.version)), visit)


async def _do(site: Site, act: a.Act, visit: Visit) -> Response:
    unless_refused(await site.hall.act(act, visit.id))
    return RedirectResponse("/agenda/edit", 303)


ROUTES = [
    route("/agenda/edit", page, EDITOR),
    route("/agenda/edit/moves", move, EDITOR, ("POST",)),
    route("/agenda/edit/times", times, EDITOR, ("POST",)),
    route("/agenda/edit/check", check, EDITOR, ("POST",)),
    route("/agenda/edit/removals", remove, EDITOR, ("POST",)),
    route("/agenda/edit/items/new", new_item, EDITOR),
    route("/agenda/edit/items", save_item, EDITOR, ("POST",)),
    route("/agenda/edit/items/{id:int}", item, EDITOR),
    route("/agenda/edit/items/{id:int}", save_item, EDITOR, ("POST",)),
    route("/agenda/edit/sessions", sessions, EDITOR, ("POST",)),
    route("/agenda/edit/releases", release, EDITOR, ("POST",)),
    route("/agenda/edit/undo", undo, EDITOR, ("POST",)),
]
