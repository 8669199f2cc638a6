"""The chair's control panel: each button is a form, each form one act."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeVar

from starlette.requests import Request
from starlette.responses import Response

from conference.permission import CHAIR
from conference.rules import acts as a
from conference.rules.kinds import (
    AmendmentId,
    ItemId,
    MotionId,
    PointId,
    PointState,
    ProceduralId,
    RequestId,
    Side,
    SlotId,
    TurnId,
)
from conference.rules.refused import Code, Refused
from conference.web import forms, regions
from conference.web.buttons import Number, Plain, WithLine, button, line_button, press
from conference.web.guard import Refusal, Visit, route
from conference.web.pages import render
from conference.web.sentences import Wrong
from conference.web.site import site_of
from conference.web.text import gettext as _
from conference.web.views.panel import Confirm, confirm_view

Id = TypeVar("Id")


@dataclass(frozen=True, slots=True)
class ConfirmPage:
    """*Open the vote*, asked once more, for browsers without scripts."""

    step: int
    confirm: Confirm


class CallForm(Plain, forbid_unknown_fields=True, kw_only=True):
    """Who is called."""

    side: Literal["mover", "seconder", "for", "against", "reply", "speaker"]
    request: Number | None = None
    slot: Number | None = None


class RulingForm(WithLine, forbid_unknown_fields=True, kw_only=True):
    """How the chair rules, with one line."""

    state: Literal["well_taken", "not_well_taken", "answered"]


async def panel(request: Request, visit: Visit) -> Response:
    """The control panel."""
    return render(request, visit, "chair", _("Chair"), view=regions.CHAIR)


async def new_vote(request: Request, visit: Visit) -> Response:
    """Ask once more before the vote is announced. Changes nothing."""
    site = site_of(request)
    act = a.AnnounceVote(
        _number(request, "motion", MotionId),
        _number(request, "amendment", AmendmentId),
        _number(request, "procedural", ProceduralId),
    )
    confirm = confirm_view(site, act)
    if confirm is None:
        raise Refusal(Refused(Code.UNKNOWN))
    context = ConfirmPage(site.meeting.conference.step, confirm)
    return render(request, visit, "new_vote", _("Open the vote"), context)


def _number(request: Request, name: str, kind: Callable[[int], Id]) -> Id | None:
    text = request.query_params.get(name, "")
    return kind(int(text)) if text.isascii() and text.isdigit() and len(text) < 10 else None  # noqa: PLR2004


async def call_speaker(request: Request, visit: Visit) -> Response:
    """Call somebody to speak."""
    form = await forms.read(request, CallForm)
    act = a.CallSpeaker(
        Side(form.side),
        RequestId(form.request) if form.request is not None else None,
        SlotId(form.slot) if form.slot is not None else None,
    )
    return await press(request, visit, act, form.step)


async def ruling(request: Request, visit: Visit) -> Response:
    """Rule on a point, or answer it."""
    form = await forms.read(request, RulingForm)
    point, state = PointId(request.path_params["id"]), PointState(form.state)
    return await press(
        request, visit, lambda remark: a.RulePoint(point, state, remark), form.step, form.line
    )


async def end(request: Request, visit: Visit) -> Response:
    """Close the conference, once the word that confirms it has been typed (screens H1.28)."""
    form = await forms.read(request, WithLine)
    if form.line.strip().casefold() != _("close").casefold():
        raise Refusal(Refused(Wrong.NOT_CONFIRMED))
    return await press(request, visit, a.CloseConference(), form.step)


ROUTES = [
    route("/chair", panel, CHAIR),
    route("/chair/votes/new", new_vote, CHAIR),
    route("/chair/turns", call_speaker, CHAIR, ("POST",)),
    button("opening", lambda _id: a.OpenConference()),
    route("/chair/end", end, CHAIR, ("POST",)),
    button("items/{id:int}/call", lambda n: a.CallItem(ItemId(n))),
    button("items/{id:int}/end", lambda n: a.NextItem(ItemId(n))),
    button("turns/{id:int}/end", lambda n: a.EndSpeech(TurnId(n))),
    button("turns/{id:int}/undo", lambda n: a.UndoCall(TurnId(n))),
    button("turns/{id:int}/pause", lambda n: a.PauseClock(TurnId(n))),
    button("turns/{id:int}/waiting", lambda n: a.WaitForSpeaker(TurnId(n))),
    button("turns/{id:int}/putting-off", lambda n: a.PutSpeechOff(TurnId(n))),
    button("turns/{id:int}/reading-out", lambda n: a.HaveReadOut(TurnId(n))),
    button("turns/{id:int}/resumption", lambda n: a.ResumeClock(TurnId(n))),
    button("turns/{id:int}/extension", lambda n: a.AddTime(TurnId(n))),
    button("procedurals/{id:int}/taking", lambda n: a.TakeProcedural(ProceduralId(n))),
    button(
        "procedurals/{id:int}/undecided", lambda n: a.LeaveUndecided(procedural=ProceduralId(n))
    ),
    line_button(
        "procedurals/{id:int}/refusal", lambda n, r: a.RefuseProcedural(ProceduralId(n), r)
    ),
    button("points/{id:int}/hearing", lambda n: a.HearPoint(PointId(n))),
    route("/chair/points/{id:int}/ruling", ruling, CHAIR, ("POST",)),
]
