"""The stage manager's board, and the hall screen's link."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from conference.hall import Desk
from conference.permission import STAGE
from conference.rules import acts as a
from conference.rules.kinds import ItemId, Ready, Shows, Signal, SlotId, TurnId
from conference.rules.refused import Code, Refused
from conference.store import meta, notes
from conference.web import backstage, forms, regions
from conference.web.guard import Refusal, Visit, route, unless_refused
from conference.web.pages import render
from conference.web.site import site_of
from conference.web.speaker import ReadyForm
from conference.web.text import gettext as _
from conference.web.views.now import title_of
from conference.web.views.stage import can_come_next

LONGEST = 300
"""Characters of a note."""


class Plain(Struct, forbid_unknown_fields=True):
    """A press without anything to say."""


class CheckedForm(Struct, forbid_unknown_fields=True):
    """Whether sound and picture have been checked."""

    checked: Literal["yes", "no"]


class SignalForm(Struct, forbid_unknown_fields=True):
    """A hand signal."""

    signal: Literal["one_minute", "please_finish", "louder"]


class DelayForm(Struct, forbid_unknown_fields=True):
    """A step of the measurement, or the seconds by hand."""

    what: Literal["said", "heard", "set"]
    seconds: Annotated[int, Meta(ge=0, le=9999)] = 0


class ScreenForm(Struct, forbid_unknown_fields=True):
    """What the hall screen shows."""

    shows: Literal["automatic", "programme", "speaker", "result"]


async def _press(request: Request, visit: Visit, act: a.Act) -> Response:
    unless_refused(await site_of(request).hall.act(act, visit.id))
    return RedirectResponse("/stage", 303)


def _slot(request: Request) -> SlotId:
    return SlotId(request.path_params["id"])


async def page(request: Request, visit: Visit) -> Response:
    """The board, the help list, the stream and the hall screen."""
    return render(request, visit, "stage", _("Stage"), view=regions.STAGE)


async def ready(request: Request, visit: Visit) -> Response:
    """Note where a speaker is, on their behalf."""
    form = await forms.read(request, ReadyForm)
    return await _press(request, visit, a.SayReady(_slot(request), Ready(form.ready)))


async def checked(request: Request, visit: Visit) -> Response:
    """Note that a speaker's sound and picture have been checked."""
    form = await forms.read(request, CheckedForm)
    return await _press(request, visit, a.MarkChecked(_slot(request), form.checked == "yes"))


async def forward(request: Request, visit: Visit) -> Response:
    """Let a speaker come next in their item."""
    await forms.read(request, Plain)
    return await _press(request, visit, a.BringForward(_slot(request)))


async def suggest(request: Request, visit: Visit) -> Response:
    """Ask the chair to take an item next: a line among the officers' notes. Changes nothing else.

    Refuses what cannot come next; the order itself is the chair's.
    """
    site, number = site_of(request), ItemId(request.path_params["id"])
    await forms.read(request, Plain)
    if number not in can_come_next(site.meeting):
        raise Refusal(Refused(Code.UNKNOWN))
    title = title_of(site.meeting.items[number])
    text = (_("The stage asks you to take this next: %(title)s") % {"title": title})[:LONGEST]

    async def work(desk: Desk) -> None:
        site.notes.append(await notes.add(desk.tx, desk.now(), visit.id, text))
        desk.tell = True

    unless_refused(await site.hall.work(work))
    return RedirectResponse("/stage", 303)


async def signal(request: Request, visit: Visit) -> Response:
    """Give whoever speaks a hand signal."""
    form = await forms.read(request, SignalForm)
    turn = TurnId(request.path_params["id"])
    return await _press(request, visit, a.SendSignal(turn, Signal(form.signal)))


async def delay(request: Request, visit: Visit) -> Response:
    """Measure the stream's delay, or set it by hand."""
    form = await forms.read(request, DelayForm)
    acts: dict[str, a.Act] = {
        "said": a.SayNow(),
        "heard": a.HearNow(),
        "set": a.SetDelay(form.seconds),
    }
    return await _press(request, visit, acts[form.what])


async def shows(request: Request, visit: Visit) -> Response:
    """Choose what the hall screen shows."""
    form = await forms.read(request, ScreenForm)
    return await _press(request, visit, a.ShowOnScreen(Shows(form.shows)))


async def new_link(request: Request, _visit: Visit) -> Response:
    """Make the hall screen's link anew; screens that were opened by the old one go dark."""
    site = site_of(request)
    await forms.read(request, Plain)
    number = site.backstage.screen_link + 1

    async def work(desk: Desk) -> None:
        await meta.put(desk.tx, backstage.SCREEN_LINK, str(number))
        site.backstage.screen_link = number
        desk.tell = True

    unless_refused(await site.hall.work(work))
    request.state.press.end_screens()
    return RedirectResponse("/stage#stream-card", 303)


ROUTES = [
    route("/stage", page, STAGE),
    route("/stage/slots/{id:int}/ready", ready, STAGE, ("POST",)),
    route("/stage/slots/{id:int}/checked", checked, STAGE, ("POST",)),
    route("/stage/slots/{id:int}/forward", forward, STAGE, ("POST",)),
    route("/stage/items/{id:int}/suggestion", suggest, STAGE, ("POST",)),
    route("/stage/turns/{id:int}/signal", signal, STAGE, ("POST",)),
    route("/stage/delay", delay, STAGE, ("POST",)),
    route("/stage/screen", shows, STAGE, ("POST",)),
    route("/stage/screen/link", new_link, STAGE, ("POST",)),
]
