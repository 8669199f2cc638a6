"""Delegates and procedure: the guided form, points, objections, more time to vote."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from conference.permission import DELEGATE
from conference.rules import acts as a
from conference.rules import rulings, undo
from conference.rules.kinds import (
    ItemId,
    LeaveId,
    MotionId,
    PointAbout,
    PointId,
    PointKind,
    ProceduralId,
    Procedure,
    VoteId,
)
from conference.rules.refused import Code, Refused
from conference.web import forms
from conference.web.guard import Refusal, Visit, route, unless_refused
from conference.web.pages import render
from conference.web.remarks import OneLine, take_with_remark
from conference.web.site import Site, site_of
from conference.web.text import gettext as _
from conference.web.views.procedure import procedure_form, procedure_page

Small = Annotated[int, Meta(ge=0, le=10_000)]
Numbers = Annotated[str, Meta(max_length=200, pattern=r"^[0-9 ,]*$")]


class MoveForm(Struct, forbid_unknown_fields=True, kw_only=True):
    """The particulars of a procedural motion; each kind uses some of them."""

    minutes: Small = 0
    seconds: Small = 0
    target: Small = 0
    motion: Small = 0
    purpose: OneLine = ""
    numbers: Numbers = ""


class PointForm(Struct, forbid_unknown_fields=True, kw_only=True):
    """What a point is about, and which standing order it names."""

    about: Literal[
        "procedure",
        "standing_order",
        "irrelevance",
        "language",
        "voting",
        "misquoted",
        "question",
        "cannot_follow",
        "access",
        "timetable",
    ]
    number: Annotated[str, Meta(max_length=3, pattern=r"^[0-9]*$")] = ""


class Nothing(Struct, forbid_unknown_fields=True):
    """A button that carries nothing."""


KINDS = {
    PointAbout.MISQUOTED: PointKind.EXPLANATION,
    PointAbout.QUESTION: PointKind.INFORMATION,
    PointAbout.CANNOT_FOLLOW: PointKind.PRIVILEGE,
    PointAbout.ACCESS: PointKind.PRIVILEGE,
    PointAbout.TIMETABLE: PointKind.ORDERS_OF_THE_DAY,
}


async def chooser(request: Request, visit: Visit) -> Response:
    """Every procedural motion, with its rule and whether this person may move it now."""
    context = procedure_page(site_of(request), visit.id)
    return render(request, visit, "procedure", _("Procedural motions"), context)


def _kind(request: Request) -> Procedure:
    try:
        return Procedure(request.path_params["kind"])
    except ValueError:
        raise Refusal(Refused(Code.UNKNOWN)) from None


async def form(request: Request, visit: Visit) -> Response:
    """The form of one kind, with its rule once more."""
    context = procedure_form(site_of(request), _kind(request), visit.id)
    return render(request, visit, "procedure_form", context.line.name, context)


async def move(request: Request, visit: Visit) -> Response:
    """Move it."""
    site, kind = site_of(request), _kind(request)
    filled = await _read(request)
    refused = await take_with_remark(
        site, filled.purpose, lambda remark: _act(site, kind, filled, remark), visit.id, None
    )
    unless_refused(refused)
    return RedirectResponse("/floor", 303)


async def _read(request: Request) -> MoveForm:
    """Read the form; the numbers that were ticked arrive as fields of the same name."""
    async with request.form(max_files=0, max_fields=60, max_part_size=64 * 1024) as data:
        typed = [(name, value) for name, value in data.multi_items() if isinstance(value, str)]
    ticked = ",".join(value for name, value in typed if name == "numbers")
    others = [(name, value or "0") for name, value in typed if name != "numbers"]
    purpose = [(n, v) for n, v in typed if n == "purpose"]
    rest = [pair for pair in others if pair[0] != "purpose"]
    return forms.check(MoveForm, [*rest, *purpose, ("numbers", ticked)])


def _act(site: Site, kind: Procedure, filled: MoveForm, remark: str) -> a.Act:
    numbers = tuple(int(n) for n in filled.numbers.replace(",", " ").split())
    ruling = rulings.latest(site.meeting) if kind is Procedure.CHALLENGE else None
    motion = MotionId(filled.motion) if filled.motion else None
    result = undo.latest_result(site.meeting) if kind is Procedure.RETAKE else None
    return a.MoveProcedural(
        kind,
        motion=ruling.motion if ruling is not None else motion,
        amendment=ruling.amendment if ruling is not None else None,
        numbers=numbers,
        minutes=filled.minutes,
        seconds=filled.seconds,
        target=ItemId(filled.target) if filled.target else None,
        point=ruling.point if ruling is not None else None,
        refused=ruling.refused if ruling is not None else None,
        vote=result.id if result is not None else None,
        remark=remark,
    )


async def _press(request: Request, visit: Visit, act: a.Act, back: str = "/floor") -> Response:
    unless_refused(await site_of(request).hall.act(act, visit.id))
    return RedirectResponse(back, 303)


async def second(request: Request, visit: Visit) -> Response:
    """Second a procedural motion, or support a challenge."""
    await forms.read(request, Nothing)
    return await _press(request, visit, a.SecondProcedural(ProceduralId(_id(request))))


async def withdraw(request: Request, visit: Visit) -> Response:
    """Take one's own procedural motion back."""
    await forms.read(request, Nothing)
    act = a.WithdrawProcedural(ProceduralId(_id(request)))
    return await _press(request, visit, act, "/procedure")


def _id(request: Request) -> int:
    return int(request.path_params["id"])


async def raise_point(request: Request, visit: Visit) -> Response:
    """Raise a point of order, explanation or information."""
    filled = await forms.read(request, PointForm)
    about = PointAbout(filled.about)
    named = about is PointAbout.STANDING_ORDER and filled.number
    act = a.RaisePoint(
        KINDS.get(about, PointKind.ORDER), about, int(filled.number) if named else None
    )
    return await _press(request, visit, act)


async def withdraw_point(request: Request, visit: Visit) -> Response:
    """Take one's own point back."""
    await forms.read(request, Nothing)
    return await _press(request, visit, a.WithdrawPoint(PointId(_id(request))))


async def object_to(request: Request, visit: Visit) -> Response:
    """Object to what leave is asked for."""
    await forms.read(request, Nothing)
    return await _press(request, visit, a.Object(LeaveId(_id(request))))


async def more_time(request: Request, visit: Visit) -> Response:
    """Ask for more time to vote."""
    await forms.read(request, Nothing)
    return await _press(request, visit, a.AskMoreTime(VoteId(_id(request))))


async def recount(request: Request, visit: Visit) -> Response:
    """Ask that the ballots be counted again."""
    await forms.read(request, Nothing)
    return await _press(request, visit, a.AskRecount(VoteId(_id(request))))


ROUTES = [
    route("/procedure", chooser, DELEGATE),
    route("/procedure/{kind}", form, DELEGATE),
    route("/procedure/{kind}", move, DELEGATE, ("POST",)),
    route("/procedure/{id:int}/seconds", second, DELEGATE, ("POST",)),
    route("/procedure/{id:int}/withdrawal", withdraw, DELEGATE, ("POST",)),
    route("/points", raise_point, DELEGATE, ("POST",)),
    route("/points/{id:int}/withdrawal", withdraw_point, DELEGATE, ("POST",)),
    route("/leave/{id:int}/objection", object_to, DELEGATE, ("POST",)),
    route("/votes/{id:int}/more-time", more_time, DELEGATE, ("POST",)),
    route("/votes/{id:int}/recount", recount, DELEGATE, ("POST",)),
]
