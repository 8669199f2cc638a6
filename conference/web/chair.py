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
    LeaveId,
    LeaveKind,
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
from conference.web.guard import GuardedRoute, Refusal, Visit, route
from conference.web.pages import render
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


class ListForm(Plain, forbid_unknown_fields=True, kw_only=True):
    """Whether the list of speakers takes requests."""

    open: Literal["yes", "no"]


class LeaveForm(Plain, forbid_unknown_fields=True, kw_only=True):
    """What leave is asked for."""

    kind: Literal["withdraw", "accept"]


class AdmitForm(Plain, forbid_unknown_fields=True, kw_only=True):
    """Whether an amendment from the floor is admitted."""

    admit: Literal["yes", "no"]


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


Named = Callable[[Request], tuple[MotionId, AmendmentId | None]]


def _of_motion(request: Request) -> tuple[MotionId, AmendmentId | None]:
    return MotionId(request.path_params["id"]), None


def _of_amendment(request: Request) -> tuple[MotionId, AmendmentId | None]:
    """Return the amendment with its motion. Raises Refusal when there is no such amendment."""
    number = AmendmentId(request.path_params["id"])
    row = site_of(request).meeting.amendments.get(number)
    if row is None:
        raise Refusal(Refused(Code.UNKNOWN))
    return row.motion, number


def _question_routes(kind: str, named: Named) -> list[GuardedRoute]:
    """Return what can be done with a motion, and in the same words with an amendment."""

    def on(verb: str, make: Callable[..., a.Act]) -> GuardedRoute:
        async def handler(request: Request, visit: Visit) -> Response:
            form = await forms.read(request, Plain)
            return await press(request, visit, make(*named(request)), form.step)

        return route(f"/chair/{kind}/{{id:int}}/{verb}", handler, CHAIR, ("POST",))

    async def set_list(request: Request, visit: Visit) -> Response:
        """Close or reopen the list of speakers."""
        form = await forms.read(request, ListForm)
        make = a.ReopenList if form.open == "yes" else a.CloseList
        return await press(request, visit, make(*named(request)), form.step)

    async def leave(request: Request, visit: Visit) -> Response:
        """Ask whether anybody objects."""
        form = await forms.read(request, LeaveForm)
        act = a.AskLeave(LeaveKind(form.kind), *named(request))
        return await press(request, visit, act, form.step)

    async def out_of_order(request: Request, visit: Visit) -> Response:
        """Rule it out of order, with one line."""
        form = await forms.read(request, WithLine)
        where = named(request)
        return await press(
            request, visit, lambda remark: a.RuleOutOfOrder(*where, remark), form.step, form.line
        )

    base = f"/chair/{kind}/{{id:int}}"
    return [
        on("moved", a.MarkMoved),
        on("seconded", a.MarkSeconded),
        on("fall", a.LetFall),
        on("undecided", a.LeaveUndecided),
        on("closing", a.CloseDebate),
        on("reply-waiver", a.WaiveReply),
        route(f"{base}/list", set_list, CHAIR, ("POST",)),
        route(f"{base}/leave", leave, CHAIR, ("POST",)),
        route(f"{base}/out-of-order", out_of_order, CHAIR, ("POST",)),
    ]


async def admission(request: Request, visit: Visit) -> Response:
    """Admit or decline an amendment that was handed in from the floor."""
    form = await forms.read(request, AdmitForm)
    number = AmendmentId(request.path_params["id"])
    return await press(request, visit, a.AdmitAmendment(number, form.admit == "yes"), form.step)


async def ruling(request: Request, visit: Visit) -> Response:
    """Rule on a point, or answer it."""
    form = await forms.read(request, RulingForm)
    point, state = PointId(request.path_params["id"]), PointState(form.state)
    return await press(
        request, visit, lambda remark: a.RulePoint(point, state, remark), form.step, form.line
    )


ROUTES = [
    route("/chair", panel, CHAIR),
    route("/chair/votes/new", new_vote, CHAIR),
    route("/chair/turns", call_speaker, CHAIR, ("POST",)),
    button("opening", lambda _id: a.OpenConference()),
    button("end", lambda _id: a.CloseConference()),
    button("items/{id:int}/call", lambda n: a.CallItem(ItemId(n))),
    button("items/{id:int}/end", lambda n: a.NextItem(ItemId(n))),
    button("motions/{id:int}/put", lambda n: a.PutNextQuestion(MotionId(n))),
    button("motions/{id:int}/taking-up", lambda n: a.TakeUp(MotionId(n))),
    *_question_routes("motions", _of_motion),
    *_question_routes("amendments", _of_amendment),
    button("amendments/{id:int}/taking", lambda n: a.TakeAmendment(AmendmentId(n))),
    route("/chair/amendments/{id:int}/admission", admission, CHAIR, ("POST",)),
    button("leave/{id:int}/calling-off", lambda n: a.CallOffLeave(LeaveId(n))),
    button("turns/{id:int}/end", lambda n: a.EndSpeech(TurnId(n))),
    button("turns/{id:int}/undo", lambda n: a.UndoCall(TurnId(n))),
    button("turns/{id:int}/pause", lambda n: a.PauseClock(TurnId(n))),
    button("turns/{id:int}/resumption", lambda n: a.ResumeClock(TurnId(n))),
    button("turns/{id:int}/extension", lambda n: a.AddTime(TurnId(n))),
    button("procedurals/{id:int}/taking", lambda n: a.TakeProcedural(ProceduralId(n))),
    line_button(
        "procedurals/{id:int}/refusal", lambda n, r: a.RefuseProcedural(ProceduralId(n), r)
    ),
    button("points/{id:int}/hearing", lambda n: a.HearPoint(PointId(n))),
    route("/chair/points/{id:int}/ruling", ruling, CHAIR, ("POST",)),
]
