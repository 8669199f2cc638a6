"""The chair's control panel: each button is a form, each form one act."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Literal

from msgspec import Meta, Struct
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from conference.permission import CHAIR
from conference.rules import acts as a
from conference.rules.kinds import ItemId, MotionId, RequestId, Side, SlotId, TurnId, VoteId
from conference.rules.refused import Code, Refused
from conference.web import forms, regions
from conference.web.guard import GuardedRoute, Refusal, Visit, route, unless_refused
from conference.web.pages import render
from conference.web.site import site_of
from conference.web.text import gettext as _
from conference.web.views.panel import Confirm, confirm_view

Number = Annotated[int, Meta(ge=1, le=2**53 - 1)]


class Plain(Struct, forbid_unknown_fields=True):
    """A button; `step` is the state of conference for which it was made."""

    step: Number


class CallForm(Struct, forbid_unknown_fields=True):
    """Who is called."""

    step: Number
    side: Literal["mover", "seconder", "for", "against", "speaker"]
    request: Number | None = None
    slot: Number | None = None


class VoteForm(Struct, forbid_unknown_fields=True):
    """Which motion is put to the vote."""

    step: Number
    motion: Number


@dataclass(frozen=True, slots=True)
class ConfirmPage:
    """*Open the vote*, asked once more, for browsers without scripts."""

    step: int
    confirm: Confirm


async def panel(request: Request, visit: Visit) -> Response:
    """The control panel."""
    return render(request, visit, "chair", _("Chair"), view=regions.CHAIR)


async def new_vote(request: Request, visit: Visit) -> Response:
    """Ask once more before the vote is announced. Changes nothing."""
    site = site_of(request)
    text = request.query_params.get("motion", "")
    motion = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0  # noqa: PLR2004
    confirm = confirm_view(site, motion)
    if confirm is None:
        raise Refusal(Refused(Code.UNKNOWN))
    context = ConfirmPage(site.meeting.conference.step, confirm)
    return render(request, visit, "new_vote", _("Open the vote"), context)


async def _take(request: Request, visit: Visit, act: a.Act, step: int) -> Response:
    unless_refused(await site_of(request).hall.act(act, visit.id, step))
    return RedirectResponse("/chair", 303)


def button(path: str, act: Callable[[int], a.Act]) -> GuardedRoute:
    """Return the route of a button whose act needs at most the id in its address."""

    async def press(request: Request, visit: Visit) -> Response:
        form = await forms.read(request, Plain)
        number = request.path_params.get("id", 0)
        return await _take(request, visit, act(number), form.step)

    return route(f"/chair/{path}", press, CHAIR, ("POST",))


async def call_speaker(request: Request, visit: Visit) -> Response:
    """Call somebody to speak."""
    form = await forms.read(request, CallForm)
    act = a.CallSpeaker(
        Side(form.side),
        RequestId(form.request) if form.request is not None else None,
        SlotId(form.slot) if form.slot is not None else None,
    )
    return await _take(request, visit, act, form.step)


async def announce_vote(request: Request, visit: Visit) -> Response:
    """Announce a vote, which then opens by itself."""
    form = await forms.read(request, VoteForm)
    return await _take(request, visit, a.AnnounceVote(MotionId(form.motion)), form.step)


ROUTES = [
    route("/chair", panel, CHAIR),
    route("/chair/votes/new", new_vote, CHAIR),
    route("/chair/votes", announce_vote, CHAIR, ("POST",)),
    route("/chair/turns", call_speaker, CHAIR, ("POST",)),
    button("opening", lambda _id: a.OpenConference()),
    button("end", lambda _id: a.CloseConference()),
    button("items/{id:int}/call", lambda n: a.CallItem(ItemId(n))),
    button("items/{id:int}/end", lambda n: a.NextItem(ItemId(n))),
    button("motions/{id:int}/put", lambda n: a.PutNextQuestion(MotionId(n))),
    button("motions/{id:int}/moved", lambda n: a.MarkMoved(MotionId(n))),
    button("motions/{id:int}/seconded", lambda n: a.MarkSeconded(MotionId(n))),
    button("motions/{id:int}/fall", lambda n: a.LetFall(MotionId(n))),
    button("motions/{id:int}/undecided", lambda n: a.LeaveUndecided(MotionId(n))),
    button("votes/{id:int}/calling-off", lambda n: a.CallOffVote(VoteId(n))),
    button("turns/{id:int}/end", lambda n: a.EndSpeech(TurnId(n))),
    button("votes/{id:int}/extension", lambda n: a.ExtendVote(VoteId(n))),
    button("votes/{id:int}/closure", lambda n: a.CloseVote(VoteId(n))),
    button("votes/{id:int}/declaration", lambda n: a.DeclareResult(VoteId(n))),
]
