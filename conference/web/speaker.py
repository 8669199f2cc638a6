"""A speaker's own page: their slots, what they say about them, and what they tell of themselves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from msgspec import Meta, Struct
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from conference.hall import Desk
from conference.permission import SPEAKER
from conference.rules import acts as a
from conference.rules.kinds import Ready, SlotId
from conference.rules.refused import Refused
from conference.store import speakers
from conference.store.speakers import Details
from conference.web import forms, letters, regions
from conference.web.forms import BadForm, Filled, filled
from conference.web.guard import Visit, route, unless_refused, wants_json
from conference.web.pages import render
from conference.web.site import site_of
from conference.web.text import gettext as _

Text = Annotated[str, Meta(max_length=1500)]


class Seen(Struct, forbid_unknown_fields=True):
    """The press of *Seen*; which slot stands in the address."""


class Answer(Struct, forbid_unknown_fields=True):
    """Whether the speaker can make it."""

    coming: Literal["yes", "no"]


class Booking(Struct, forbid_unknown_fields=True):
    """A time for the sound check; empty gives it back."""

    at: Annotated[str, Meta(pattern=r"\A[0-9]{0,15}\Z")]


class ReadyForm(Struct, forbid_unknown_fields=True):
    """Where the speaker is."""

    ready: Literal["away", "here", "standing_by"]


class AboutForm(Struct, forbid_unknown_fields=True):
    """What a speaker tells of themselves, all of it optional."""

    needs: Text = ""
    phone: forms.Line = ""
    biography: Text = ""
    published: Literal["yes", ""] = ""


@dataclass(frozen=True, slots=True)
class AboutPage:
    """The form for that, and the picture."""

    form: Filled
    picture: bool
    person: str


async def speaker(request: Request, visit: Visit) -> Response:
    """The speaker's slots and what is before conference."""
    return render(request, visit, "speaker", _("My slot"), view=regions.SPEAKER)


def _slot(request: Request) -> SlotId:
    return SlotId(request.path_params["id"])


async def seen(request: Request, visit: Visit) -> Response:
    """Remember that the speaker has seen the news about a slot."""
    await forms.read(request, Seen)
    unless_refused(await site_of(request).hall.act(a.ConfirmSeen(_slot(request)), visit.id))
    return RedirectResponse("/speaker", 303)


async def answer(request: Request, visit: Visit) -> Response:
    """Confirm or decline a slot; the organisers are told when somebody declines."""
    site, form = site_of(request), await forms.read(request, Answer)
    act = a.AnswerSlot(_slot(request), coming=form.coming == "yes")

    async def work(desk: Desk) -> Refused | None:
        if refused := desk.take(act, visit.id):
            return refused
        if not act.coming:
            await letters.tell_organisers(desk, site)
        return None

    unless_refused(await site.hall.work(work))
    site.mail_wake()
    return RedirectResponse("/speaker", 303)


async def check(request: Request, visit: Visit) -> Response:
    """Book the sound check, or give it back."""
    form = await forms.read(request, Booking)
    act = a.BookCheck(_slot(request), int(form.at) if form.at else None)
    unless_refused(await site_of(request).hall.act(act, visit.id))
    return RedirectResponse("/speaker", 303)


async def ready(request: Request, visit: Visit) -> Response:
    """Be here, stand by, or be away again."""
    form = await forms.read(request, ReadyForm)
    act = a.SayReady(_slot(request), Ready(form.ready))
    unless_refused(await site_of(request).hall.act(act, visit.id))
    return RedirectResponse("/speaker", 303)


async def about(request: Request, visit: Visit) -> Response:
    """Show what the speaker has told of themselves."""
    told = site_of(request).backstage.details(visit.id)
    typed = {"needs": told.needs, "phone": told.phone, "biography": told.biography,
             "published": "yes" if told.published else ""}  # fmt: skip
    return _about(request, visit, Filled(typed))


def _about(request: Request, visit: Visit, form: Filled) -> Response:
    picture = visit.id in site_of(request).backstage.pictures
    context = AboutPage(form, picture, visit.id)
    status = 422 if form.code else 200
    return render(request, visit, "speaker_about", _("About you"), context, status=status)


async def tell(request: Request, visit: Visit) -> Response:
    """Keep what the speaker tells of themselves. Without consent nothing of it is published."""
    try:
        form = await forms.read(request, AboutForm)
    except BadForm as bad:
        if wants_json(request):
            raise
        return _about(request, visit, filled(bad))
    site = site_of(request)
    details = Details(
        visit.id, form.needs, form.phone, form.biography, published=form.published == "yes"
    )

    async def work(desk: Desk) -> None:
        await speakers.put(desk.tx, details)
        site.backstage.speakers[visit.id] = details
        desk.tell = True

    unless_refused(await site.hall.work(work))
    return RedirectResponse("/speaker", 303)


ROUTES = [
    route("/speaker", speaker, SPEAKER),
    route("/speaker/about", about, SPEAKER),
    route("/speaker/about", tell, SPEAKER, ("POST",)),
    route("/speaker/slots/{id:int}/seen", seen, SPEAKER, ("POST",)),
    route("/speaker/slots/{id:int}/answer", answer, SPEAKER, ("POST",)),
    route("/speaker/slots/{id:int}/check", check, SPEAKER, ("POST",)),
    route("/speaker/slots/{id:int}/ready", ready, SPEAKER, ("POST",)),
]
