"""Officers pass each other lines, and the chair keeps notes for each item; gone at the close."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from conference.hall import Desk
from conference.permission import CHAIR, SECOND
from conference.rules.kinds import ItemId
from conference.rules.refused import Code, Refused
from conference.store import notes
from conference.web import forms, regions
from conference.web.guard import Refusal, Visit, route, unless_refused
from conference.web.pages import render
from conference.web.remarks import OneLine
from conference.web.site import site_of
from conference.web.text import gettext as _

Text = Annotated[str, Meta(max_length=2000)]


class NoteForm(Struct, forbid_unknown_fields=True):
    """One line to the other officers."""

    text: OneLine


class OwnForm(Struct, forbid_unknown_fields=True):
    """The chair's own note for an item."""

    text: Text = ""


async def officers(request: Request, visit: Visit) -> Response:
    """The officers' page: their notes, and what waits for a second officer."""
    return render(request, visit, "officers", _("Officers"), view=regions.OFFICERS)


async def pass_note(request: Request, visit: Visit) -> Response:
    """Pass one line to the other officers."""
    site = site_of(request)
    form = await forms.read(request, NoteForm)
    text = " ".join(form.text.split())
    if not text:
        raise Refusal(Refused(Code.NEEDS_REASON))

    async def work(desk: Desk) -> None:
        note = await notes.add(desk.tx, desk.now(), visit.id, text)
        site.notes.append(note)
        desk.tell = True

    unless_refused(await site.hall.work(work))
    back = "/chair" if CHAIR.allows(visit.person) else "/officers"
    return RedirectResponse(back, 303)


async def keep_own(request: Request, _visit: Visit) -> Response:
    """Keep the chair's own note for an item."""
    site = site_of(request)
    item = ItemId(request.path_params["id"])
    if item not in site.meeting.items:
        raise Refusal(Refused(Code.UNKNOWN))
    form = await forms.read(request, OwnForm)

    async def work(desk: Desk) -> None:
        await notes.put_own(desk.tx, item, form.text)
        site.own_notes[item] = form.text
        desk.tell = True

    unless_refused(await site.hall.work(work))
    return RedirectResponse("/chair", 303)


ROUTES = [
    route("/officers", officers, SECOND),
    route("/officers/notes", pass_note, SECOND, ("POST",)),
    route("/chair/items/{id:int}/note", keep_own, CHAIR, ("POST",)),
]
