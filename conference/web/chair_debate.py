"""The chair and the debate: what is done in the same words with a motion and with an amendment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal

from starlette.requests import Request
from starlette.responses import Response

from conference.permission import CHAIR
from conference.rules import acts as a
from conference.rules.kinds import AmendmentId, LeaveId, LeaveKind, MotionId
from conference.rules.refused import Code, Refused
from conference.web import forms
from conference.web.buttons import Plain, WithLine, button, press
from conference.web.guard import GuardedRoute, Handler, Refusal, Visit, route
from conference.web.site import site_of

Where = tuple[MotionId, AmendmentId | None]


class ListForm(Plain, forbid_unknown_fields=True, kw_only=True):
    """Whether the list of speakers takes requests."""

    open: Literal["yes", "no"]


class LeaveForm(Plain, forbid_unknown_fields=True, kw_only=True):
    """What leave is asked for."""

    kind: Literal["withdraw", "accept"]


class AdmitForm(Plain, forbid_unknown_fields=True, kw_only=True):
    """Whether an amendment from the floor is admitted."""

    admit: Literal["yes", "no"]


def _where(request: Request) -> Where:
    """Return what the address names. Raises Refusal when there is no such amendment."""
    number = request.path_params["id"]
    if request.url.path.startswith("/chair/motions/"):
        return MotionId(number), None
    row = site_of(request).meeting.amendments.get(AmendmentId(number))
    if row is None:
        raise Refusal(Refused(Code.UNKNOWN))
    return row.motion, row.id


def _plain(make: Callable[..., a.Act]) -> Handler:
    async def handler(request: Request, visit: Visit) -> Response:
        form = await forms.read(request, Plain)
        return await press(request, visit, make(*_where(request)), form.step)

    return handler


async def set_list(request: Request, visit: Visit) -> Response:
    """Close or reopen the list of speakers."""
    form = await forms.read(request, ListForm)
    make = a.ReopenList if form.open == "yes" else a.CloseList
    return await press(request, visit, make(*_where(request)), form.step)


async def leave(request: Request, visit: Visit) -> Response:
    """Ask whether anybody objects."""
    form = await forms.read(request, LeaveForm)
    act = a.AskLeave(LeaveKind(form.kind), *_where(request))
    return await press(request, visit, act, form.step)


async def out_of_order(request: Request, visit: Visit) -> Response:
    """Rule it out of order, with one line."""
    form = await forms.read(request, WithLine)
    where = _where(request)
    return await press(
        request, visit, lambda remark: a.RuleOutOfOrder(*where, remark), form.step, form.line
    )


async def admission(request: Request, visit: Visit) -> Response:
    """Admit or decline an amendment that was handed in from the floor."""
    form = await forms.read(request, AdmitForm)
    number = AmendmentId(request.path_params["id"])
    return await press(request, visit, a.AdmitAmendment(number, form.admit == "yes"), form.step)


VERBS: Mapping[str, Handler] = {
    "moved": _plain(a.MarkMoved),
    "seconded": _plain(a.MarkSeconded),
    "fall": _plain(a.LetFall),
    "undecided": _plain(a.LeaveUndecided),
    "closing": _plain(a.CloseDebate),
    "reply-waiver": _plain(a.WaiveReply),
    "list": set_list,
    "leave": leave,
    "out-of-order": out_of_order,
}


def _routes(kind: str) -> list[GuardedRoute]:
    return [
        route(f"/chair/{kind}/{{id:int}}/{verb}", handler, CHAIR, ("POST",))
        for verb, handler in VERBS.items()
    ]


ROUTES = [
    button("motions/{id:int}/put", lambda n: a.PutNextQuestion(MotionId(n))),
    button("motions/{id:int}/taking-up", lambda n: a.TakeUp(MotionId(n))),
    *_routes("motions"),
    *_routes("amendments"),
    button("amendments/{id:int}/taking", lambda n: a.TakeAmendment(AmendmentId(n))),
    route("/chair/amendments/{id:int}/admission", admission, CHAIR, ("POST",)),
    button("leave/{id:int}/calling-off", lambda n: a.CallOffLeave(LeaveId(n))),
]
