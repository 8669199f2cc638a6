"""The tellers' page: what left the register as a file, and the draw that checks it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from msgspec import Meta, Struct
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from conference.permission import TELLER
from conference.rules.acts import JoinDraw, RecordDraw, StartDraw
from conference.rules.draw import DRAWN, MOST
from conference.rules.kinds import DrawId, OfficeStepKind, OfficeStepState, PersonId
from conference.rules.register import LOCK
from conference.rules.state import Draw
from conference.store import people
from conference.web import forms
from conference.web.guard import Visit, route, unless_refused
from conference.web.pages import render
from conference.web.site import Site, site_of
from conference.web.text import gettext as _


class NumberForm(Struct, forbid_unknown_fields=True):
    """A teller's own number: thrown with dice, or thought of."""

    number: Annotated[int, Meta(ge=0, lt=MOST)]


class AnswerForm(Struct, forbid_unknown_fields=True):
    """What calling somebody has shown."""

    answer: Literal["real", "not_reached"]


@dataclass(frozen=True, slots=True)
class DrawnLine:
    """Somebody who was drawn. The address is shown to tellers, to reach them."""

    id: str
    name: str
    address: str
    answer: str


@dataclass(frozen=True, slots=True)
class DrawView:
    """One draw."""

    id: int
    by: str
    second_by: str
    numbers: str
    """Both numbers, once there are two."""
    mine: bool
    """Whether this teller began it, and so another has to join."""
    people: tuple[DrawnLine, ...]
    real: int
    not_reached: int


@dataclass(frozen=True, slots=True)
class TellersPage:
    """Exports and draws."""

    locked: bool
    root: str
    drawn: int
    draws: tuple[DrawView, ...]
    may_start: bool
    links: int
    """Lines of personal links that were exported, altogether."""
    addresses: int


async def page(request: Request, visit: Visit) -> Response:
    """Show the draws and how much was exported."""
    site = site_of(request)
    async with site.store.reading() as reader:
        accounts = {a.person: a.email or "" for a in await people.all(reader)}
    lock = site.meeting.register_locks.get(LOCK)
    draws = site.meeting.draws.values()
    context = TellersPage(
        locked=lock is not None,
        root=lock.root if lock else "",
        drawn=DRAWN,
        draws=tuple(_draw(site, row, visit, accounts) for row in reversed(list(draws))),
        may_start=lock is not None and all(row.second_by is not None for row in draws),
        links=_exported(site, OfficeStepKind.EXPORT_LINKS),
        addresses=_exported(site, OfficeStepKind.EXPORT_ADDRESSES),
    )
    return render(request, visit, "tellers", _("Tellers"), context)


def _exported(site: Site, kind: OfficeStepKind) -> int:
    steps = site.meeting.office_steps.values()
    return sum(s.lines for s in steps if s.kind is kind and s.state is OfficeStepState.TAKEN)


def _draw(site: Site, row: Draw, visit: Visit, accounts: dict[PersonId, str]) -> DrawView:
    words = {True: _("real"), False: _("not reached")}
    lines = tuple(
        DrawnLine(
            who, site.names.get(who, _("(erased)")), accounts.get(who, ""),
            words[who in row.real] if who in row.real | row.not_reached else "",
        )
        for who in row.people
    )  # fmt: skip
    both = f"{row.first}, {row.second}" if row.second is not None else ""
    return DrawView(
        row.id, site.name(row.by), site.name(row.second_by), both, row.by == visit.id, lines,
        len(row.real), len(row.not_reached),
    )  # fmt: skip


async def start(request: Request, visit: Visit) -> Response:
    """Begin a draw with one's own number."""
    form = await forms.read(request, NumberForm)
    unless_refused(await site_of(request).hall.act(StartDraw(form.number), visit.id))
    return RedirectResponse("/tellers", 303)


async def join(request: Request, visit: Visit) -> Response:
    """Add one's own number as the second teller: the people are drawn."""
    form = await forms.read(request, NumberForm)
    act = JoinDraw(DrawId(request.path_params["id"]), form.number)
    unless_refused(await site_of(request).hall.act(act, visit.id))
    return RedirectResponse("/tellers", 303)


async def record(request: Request, visit: Visit) -> Response:
    """Record *real* or *not reached*, and nothing else."""
    form = await forms.read(request, AnswerForm)
    draw, person = DrawId(request.path_params["id"]), PersonId(request.path_params["person"])
    act = RecordDraw(draw, person, real=form.answer == "real")
    unless_refused(await site_of(request).hall.act(act, visit.id))
    return RedirectResponse("/tellers", 303)


ROUTES = [
    route("/tellers", page, TELLER),
    route("/tellers/draws", start, TELLER, ("POST",)),
    route("/tellers/draws/{id:int}/second", join, TELLER, ("POST",)),
    route("/tellers/draws/{id:int}/people/{person}", record, TELLER, ("POST",)),
]
