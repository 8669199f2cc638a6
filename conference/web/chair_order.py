"""Order in the hall: breaks, announcements, the chair itself, what takes two officers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from msgspec import Meta
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from conference.permission import CHAIR, SECOND
from conference.rules import acts as a
from conference.rules.kinds import DoubleId, DoubleKind, Pause, PersonId
from conference.rules.refused import Code, Refused
from conference.web import forms
from conference.web.buttons import Plain, WithLine, button, press
from conference.web.guard import Refusal, Visit, route, unless_refused
from conference.web.pages import render
from conference.web.site import site_of
from conference.web.text import gettext as _

Minutes = Annotated[int, Meta(ge=0, le=600)]
Who = Annotated[str, Meta(max_length=40, pattern=r"^[A-Za-z0-9_-]+$")]


class BreakForm(Plain, forbid_unknown_fields=True, kw_only=True):
    """What kind of pause, and for how many minutes; 0: until the chair goes on."""

    kind: Literal["break", "technical", "adjourned", "disorder"]
    minutes: Minutes = 0


@dataclass(frozen=True, slots=True)
class PreviewPage:
    """An announcement before it is made, for browsers without scripts."""

    step: int
    line: str


class ResumeForm(Plain, forbid_unknown_fields=True, kw_only=True):
    """Going on, before the announced time when pressed a second time."""

    early: Literal["", "yes"] = ""


class PersonForm(WithLine, forbid_unknown_fields=True, kw_only=True):
    """A person, and why."""

    person: Who


class NameForm(Plain, forbid_unknown_fields=True, kw_only=True):
    """Whose name."""

    person: Who


class OfferForm(Plain, forbid_unknown_fields=True, kw_only=True):
    """To whom the chair is offered."""

    to: Who


async def take_break(request: Request, visit: Visit) -> Response:
    """Do no business for a while."""
    form = await forms.read(request, BreakForm)
    return await press(request, visit, a.TakeBreak(Pause(form.kind), form.minutes), form.step)


async def resume(request: Request, visit: Visit) -> Response:
    """Go on."""
    form = await forms.read(request, ResumeForm)
    return await press(request, visit, a.Resume(form.early == "yes"), form.step)


async def preview(request: Request, visit: Visit) -> Response:
    """Show an announcement as it will stand, and ask once more. Changes nothing."""
    line = " ".join(request.query_params.get("line", "").split())[:300]
    if not line:
        raise Refusal(Refused(Code.NEEDS_REASON))
    step = site_of(request).meeting.conference.step
    return render(request, visit, "new_announcement", _("Announcement"), PreviewPage(step, line))


async def announce(request: Request, visit: Visit) -> Response:
    """Put a sentence on every screen, or take it off when nothing was written."""
    form = await forms.read(request, WithLine)
    if not form.line.strip():
        return await press(request, visit, a.TakeBackAnnouncement(), form.step)
    return await press(request, visit, a.Announce, form.step, form.line)


async def lobby(request: Request, visit: Visit) -> Response:
    """Send somebody out for a few minutes."""
    form = await forms.read(request, PersonForm)
    person = PersonId(form.person)
    return await press(
        request, visit, lambda remark: a.SendToLobby(person, remark), form.step, form.line
    )


async def remove(request: Request, visit: Visit) -> Response:
    """Propose to remove somebody for good; another officer confirms it."""
    form = await forms.read(request, PersonForm)
    person = PersonId(form.person)

    def make(remark: str) -> a.Act:
        return a.ProposeDouble(DoubleKind.REMOVE_PERSON, remark, person=person)

    return await press(request, visit, make, form.step, form.line)


async def hide_name(request: Request, visit: Visit) -> Response:
    """Show this name nowhere, at once."""
    form = await forms.read(request, NameForm)
    return await press(request, visit, a.HideName(PersonId(form.person)), None)


async def show_name(request: Request, visit: Visit) -> Response:
    """Show this name again."""
    form = await forms.read(request, NameForm)
    return await press(request, visit, a.ShowName(PersonId(form.person)), None)


async def offer(request: Request, visit: Visit) -> Response:
    """Offer the chair to another officer."""
    form = await forms.read(request, OfferForm)
    return await press(request, visit, a.OfferChair(PersonId(form.to)), form.step)


async def _double(request: Request, visit: Visit, act: a.Act) -> Response:
    await forms.read(request, Plain)
    unless_refused(await site_of(request).hall.act(act, visit.id))
    return RedirectResponse("/officers", 303)


async def confirm(request: Request, visit: Visit) -> Response:
    """Confirm, as the second officer, what was proposed."""
    return await _double(request, visit, a.ConfirmDouble(DoubleId(request.path_params["id"])))


async def drop(request: Request, visit: Visit) -> Response:
    """Leave undone what was proposed."""
    return await _double(request, visit, a.DropDouble(DoubleId(request.path_params["id"])))


ROUTES = [
    route("/chair/break", take_break, CHAIR, ("POST",)),
    route("/chair/resumption", resume, CHAIR, ("POST",)),
    route("/chair/announcement/new", preview, CHAIR),
    route("/chair/announcement", announce, CHAIR, ("POST",)),
    route("/chair/lobby", lobby, CHAIR, ("POST",)),
    route("/chair/removal", remove, CHAIR, ("POST",)),
    route("/chair/names/hiding", hide_name, CHAIR, ("POST",)),
    route("/chair/names/showing", show_name, CHAIR, ("POST",)),
    route("/chair/offer", offer, CHAIR, ("POST",)),
    button("acceptance", lambda _id: a.AcceptChair()),
    button("taking", lambda _id: a.TakeChair()),
    button("keeping", lambda _id: a.KeepChair()),
    button("presiding", lambda _id: a.Preside()),
    route("/chair/doubles/{id:int}/confirmation", confirm, SECOND, ("POST",)),
    route("/chair/doubles/{id:int}/dropping", drop, SECOND, ("POST",)),
]
