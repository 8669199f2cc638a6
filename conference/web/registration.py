"""How registration stands: open, by invitation, paused; its end; and the lock of the register."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from msgspec import Meta, Struct
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from conference.hall import Desk
from conference.permission import OFFICE, PUBLIC, REGISTRAR
from conference.rules.acts import LockRegister
from conference.rules.change import counts_as_delegate
from conference.rules.kinds import SYSTEM, PersonId, Phase
from conference.rules.refused import Refused
from conference.rules.register import LOCK, line_hash
from conference.store import people, registrations
from conference.web import forms
from conference.web.forms import BadForm
from conference.web.guard import Visit, route, unless_refused
from conference.web.pages import render
from conference.web.register import invitation_hash
from conference.web.site import Site, site_of
from conference.web.text import gettext as _
from conference.web.views.dates import moment_in_words

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""What invitation codes are made of: nothing that is mistaken for something else."""


PLAIN = "text/plain; charset=utf-8"


class StateForm(Struct, forbid_unknown_fields=True):
    """Who can register from now on."""

    state: Literal["open", "invited", "paused"]


class TimesForm(Struct, forbid_unknown_fields=True):
    """Two times in the conference's zone, as a browser's field gives them; empty for none."""

    closes: Annotated[str, Meta(max_length=20)] = ""
    locks: Annotated[str, Meta(max_length=20)] = ""


class InvitationForm(Struct, forbid_unknown_fields=True):
    """How many codes, each for how many people."""

    codes: Annotated[int, Meta(ge=1, le=100)]
    uses: Annotated[int, Meta(ge=1, le=1000)]


class SureForm(Struct, forbid_unknown_fields=True):
    """Something that cannot be taken back was ticked as understood."""

    sure: Annotated[str, Meta(pattern=r"\Ayes\Z")]


@dataclass(frozen=True, slots=True)
class RegistrationPage:
    """How registration stands, and the forms that change it."""

    state: str
    closes: str
    """As a browser's field wants it; empty for none."""
    locks: str
    codes: int
    uses: int
    locked: str
    """When the register was locked, in words; empty while it is not."""
    root: str
    delegates: int
    waiting: int
    zone: str
    decides: bool
    over: bool


@dataclass(frozen=True, slots=True)
class InvitationsPage:
    """The codes just made: shown once."""

    codes: tuple[str, ...]
    uses: int


async def page(request: Request, visit: Visit) -> Response:
    """Show how registration stands."""
    site = site_of(request)
    async with site.store.reading() as reader:
        codes, uses = await registrations.invitations(reader)
    lock = site.meeting.register_locks.get(LOCK)
    zone = site.meeting.conference.zone
    context = RegistrationPage(
        state=site.door.state,
        closes=_field(site.door.closes_at, zone),
        locks=_field(site.door.locks_at, zone),
        codes=codes,
        uses=uses,
        locked=moment_in_words(lock.at, zone) if lock else "",
        root=lock.root if lock else "",
        delegates=site.meeting.conference.register,
        waiting=sum(p.standing == "waiting" for p in site.meeting.people.values()),
        zone=zone,
        decides=REGISTRAR.allows(visit.person),
        over=site.meeting.conference.phase is Phase.CLOSED,
    )
    return render(request, visit, "registration", _("Registration"), context)


def _field(at: int | None, zone: str) -> str:
    if at is None:
        return ""
    return datetime.fromtimestamp(at / 1000, ZoneInfo(zone)).strftime("%Y-%m-%dT%H:%M")


def _moment(site: Site, field: str, text: str) -> int | None:
    """Return the moment of a browser's field. Raises BadForm for one that is none, or over."""
    if not text:
        return None
    try:
        local = datetime.strptime(text, "%Y-%m-%dT%H:%M")  # noqa: DTZ007  (the zone follows)
    except ValueError as error:
        raise BadForm({field: _("A day with a time was expected.")}) from error
    at = int(local.replace(tzinfo=ZoneInfo(site.meeting.conference.zone)).timestamp() * 1000)
    if at <= site.now():
        raise BadForm({field: _("This time is over.")})
    return at


async def _put_door(site: Site, **changed: object) -> None:
    async def work(desk: Desk) -> None:
        site.door = replace(site.door, **changed)  # type: ignore[arg-type]
        await registrations.put_door(desk.tx, site.door)
        desk.tell = True

    unless_refused(await site.hall.work(work))


async def switch(request: Request, visit: Visit) -> Response:  # noqa: ARG001  (every handler has it)
    """Open registration to everybody, to the invited only, or pause it."""
    form = await forms.read(request, StateForm)
    await _put_door(site_of(request), state=form.state)
    return RedirectResponse("/registrar/registration", 303)


async def times(request: Request, visit: Visit) -> Response:  # noqa: ARG001
    """Set until when people register, and when the register is locked by itself."""
    form = await forms.read(request, TimesForm)
    site = site_of(request)
    closes, locks = _moment(site, "closes", form.closes), _moment(site, "locks", form.locks)
    await _put_door(site, closes_at=closes, locks_at=locks)
    return RedirectResponse("/registrar/registration", 303)


def _new_code() -> str:
    signs = [secrets.choice(LETTERS) for _sign in range(12)]
    return "-".join("".join(signs[i : i + 4]) for i in (0, 4, 8))


async def invite(request: Request, visit: Visit) -> Response:
    """Make invitation codes and show them, once: only their hashes are kept."""
    form = await forms.read(request, InvitationForm)
    site = site_of(request)
    codes = tuple(_new_code() for _code in range(form.codes))

    async def work(desk: Desk) -> None:
        for code in codes:
            hashed = invitation_hash(site, code)
            await registrations.add_invitation(desk.tx, hashed, form.uses, desk.now())

    unless_refused(await site.hall.work(work))
    context = InvitationsPage(codes, form.uses)
    return render(request, visit, "invitations", _("Invitation codes"), context)


async def end_invitations(request: Request, visit: Visit) -> Response:  # noqa: ARG001
    """Let no invitation code work any more."""

    async def work(desk: Desk) -> None:
        await registrations.end_invitations(desk.tx)

    unless_refused(await site_of(request).hall.work(work))
    return RedirectResponse("/registrar/registration", 303)


async def lock(request: Request, visit: Visit) -> Response:
    """Lock the register and publish its hash."""
    await forms.read(request, SureForm)
    site = site_of(request)

    async def work(desk: Desk) -> Refused | None:
        return await lock_register(desk, visit.id)

    unless_refused(await site.hall.work(work))
    return RedirectResponse("/registrar/registration", 303)


async def lock_register(desk: Desk, by: PersonId = SYSTEM) -> Refused | None:
    """Lock the register as it stands in this transaction, with a fresh salt for every delegate."""
    names = await people.names(desk.tx)
    lines = [
        (row.id, secrets.token_hex(16), names.get(row.id, ""))
        for row in desk.meeting.people.values()
        if counts_as_delegate(row)
    ]
    act = LockRegister(tuple((who, line_hash(salt, name)) for who, salt, name in lines))
    if refused := desk.take(act, by):
        return refused
    await registrations.put_salts(desk.tx, [line for line in lines if line[0] in names])
    return None


async def hashes(request: Request, visit: Visit) -> Response:  # noqa: ARG001
    """Publish the salted hashes of all lines of the locked register: who has a salt finds their own."""
    site = site_of(request)
    if LOCK not in site.meeting.register_locks:
        return Response(_("The register is not locked yet.") + "\n", media_type=PLAIN)
    leaves = sorted(line.leaf for line in site.meeting.register_lines.values())
    text = "register\n" + "".join(f"{leaf}\n" for leaf in leaves)
    return Response(text, media_type=PLAIN)


ROUTES = [
    route("/register/hashes.txt", hashes, PUBLIC),
    route("/registrar/registration", page, OFFICE),
    route("/registrar/registration", switch, OFFICE, ("POST",)),
    route("/registrar/registration/times", times, OFFICE, ("POST",)),
    route("/registrar/registration/lock", lock, REGISTRAR, ("POST",)),
    route("/registrar/invitations", invite, OFFICE, ("POST",)),
    route("/registrar/invitations/end", end_invitations, OFFICE, ("POST",)),
]
