"""One person on the register: a new name or address, a second registration, a late admission, roles."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from conference.hall import Desk
from conference.permission import ORGANISER, REGISTRAR, SECOND, SIGNED_IN
from conference.rules.acts import (
    ConfirmOfficeStep,
    DropOfficeStep,
    GrantRole,
    ProposeOfficeStep,
    RevokeRole,
    Withdraw,
)
from conference.rules.kinds import OfficeStepId, OfficeStepKind, PersonId, Role, Standing
from conference.rules.refused import Code, Refused
from conference.rules.roles import PROVED
from conference.store import people, registrations
from conference.web import forms, letters
from conference.web.guard import Refusal, Visit, route, unless_refused
from conference.web.register import forget, name_problem
from conference.web.sentences import Wrong
from conference.web.site import Site, site_of


class NameForm(Struct, forbid_unknown_fields=True):
    """A new display name."""

    name: forms.Name


class AnswerForm(Struct, forbid_unknown_fields=True):
    """Whether a new display name is accepted."""

    answer: Literal["yes", "no"]


class AddressForm(Struct, forbid_unknown_fields=True):
    """A new e-mail address; `shared` where the registrar agrees that somebody else has it, too."""

    email: forms.Email
    shared: Literal["yes", ""] = ""


class MergeForm(Struct, forbid_unknown_fields=True):
    """Whose second registration this is."""

    into: forms.Line


class RoleForm(Struct, forbid_unknown_fields=True):
    """One role, given or taken away."""

    role: Role
    wish: Literal["give", "take"]


def _back(person: PersonId) -> Response:
    return RedirectResponse(f"/registrar/people/{person}", 303)


# --- names ---------------------------------------------------------------------------------------


async def wish_name(request: Request, visit: Visit) -> Response:
    """Ask for another display name: the registrar accepted the one there is, and decides."""
    form = await forms.read(request, NameForm)
    site, person = site_of(request), visit.id
    if name_problem(site, form.name):
        raise Refusal(Refused(Wrong.NAME_REFUSED))
    row = site.meeting.people[person]

    async def work(desk: Desk) -> None:
        if row.standing is Standing.WAITING:  # nothing has been accepted yet
            await _rename(desk, site, person, form.name)
            return
        await registrations.change(desk.tx, person, wish_name=form.name, wish_at=desk.now())
        site.joined[person] = replace(site.joined[person], wish=form.name)
        desk.tell = True

    unless_refused(await site.hall.work(work))
    return RedirectResponse("/me", 303)


async def _rename(desk: Desk, site: Site, person: PersonId, name: str) -> None:
    await people.update(desk.tx, person, name=name)
    await registrations.change(desk.tx, person, wish_name="", wish_at=None)
    site.names[person] = name
    site.joined[person] = replace(site.joined[person], wish="")
    desk.tell = True


async def answer_name(request: Request, visit: Visit) -> Response:  # noqa: ARG001  (every handler has it)
    """Accept somebody's new display name, or keep the old one."""
    form = await forms.read(request, AnswerForm)
    site, person = site_of(request), PersonId(request.path_params["person"])

    async def work(desk: Desk) -> Refused | None:
        told = await registrations.get(desk.tx, person)
        account = await people.get(desk.tx, person)
        if not told.wish_name or account is None:
            return Refused(Code.UNKNOWN)
        name = told.wish_name if form.answer == "yes" else account.name
        await _rename(desk, site, person, name)
        return None

    unless_refused(await site.hall.work(work))
    return RedirectResponse("/registrar", 303)


# --- addresses -----------------------------------------------------------------------------------


async def change_address(request: Request, visit: Visit) -> Response:
    """Change somebody's address; the old and the new one are both told.

    Not that of another officer: whoever could choose where an officer's mail goes could sign in as
    that officer, and be the first to set up a second factor.
    """
    form = await forms.read(request, AddressForm)
    site, person = site_of(request), PersonId(request.path_params["person"])

    async def work(desk: Desk) -> Refused | None:
        account = await people.get(desk.tx, person)
        row = desk.meeting.people.get(person)
        if account is None or row is None:
            return Refused(Code.UNKNOWN)
        if row.roles & PROVED and person != visit.id:
            return Refused(Code.NOT_ALLOWED)
        other = await people.by_email(desk.tx, form.email)
        if other is not None and other.person != person and not form.shared:
            return Refused(Wrong.ADDRESS_TAKEN)
        await people.update(desk.tx, person, email=form.email)
        letter = letters.address_changed(site)
        for address in {account.email or "", form.email} - {""}:
            await letters.queue(desk, site, address, "address_changed", letter)
        site.joined[person] = replace(site.joined[person], email=form.email)
        desk.tell = True
        return None

    unless_refused(await site.hall.work(work))
    site.mail_wake()
    return _back(person)


# --- second registrations, late admissions ---------------------------------------------------------


async def merge(request: Request, visit: Visit) -> Response:
    """Drop a second registration of somebody: the other one stays as it is."""
    form = await forms.read(request, MergeForm)
    site, person = site_of(request), PersonId(request.path_params["person"])
    into = PersonId(form.into)

    async def work(desk: Desk) -> Refused | None:
        if into == person or into not in desk.meeting.people:
            return Refused(Code.UNKNOWN)
        gone = desk.meeting.people.get(person)
        if gone is None or await people.get(desk.tx, into) is None:
            return Refused(Code.UNKNOWN)
        if gone.standing is Standing.ACCEPTED:
            return Refused(Code.ALREADY_DECIDED)  # the one that was accepted is the one to keep
        if refused := desk.take(Withdraw(person), visit.id):
            return refused
        await registrations.drop_account(desk.tx, person)
        forget(site, person)
        return None

    unless_refused(await site.hall.work(work))
    return _back(into)


async def propose_admission(request: Request, visit: Visit) -> Response:
    """Propose to admit somebody after the register was locked; another officer confirms it."""
    site, person = site_of(request), PersonId(request.path_params["person"])
    act = ProposeOfficeStep(OfficeStepKind.ADMIT, person)
    unless_refused(await site.hall.act(act, visit.id))
    return _back(person)


async def confirm_step(request: Request, visit: Visit) -> Response:
    """Confirm, as another officer, a late admission or an export; who is admitted is told by mail."""
    site, step = site_of(request), OfficeStepId(request.path_params["id"])

    async def work(desk: Desk) -> Refused | None:
        if refused := desk.take(ConfirmOfficeStep(step), visit.id):
            return refused
        row = desk.meeting.office_steps[step]
        account = await people.get(desk.tx, row.person) if row.person else None
        if account is not None and account.email:
            letter = letters.decided(site, "accept")
            await letters.queue(desk, site, account.email, "decision", letter)
        return None

    unless_refused(await site.hall.work(work))
    site.mail_wake()
    return RedirectResponse("/officers", 303)


async def drop_step(request: Request, visit: Visit) -> Response:
    """Leave undone what was proposed."""
    step = OfficeStepId(request.path_params["id"])
    unless_refused(await site_of(request).hall.act(DropOfficeStep(step), visit.id))
    return RedirectResponse("/officers", 303)


# --- roles -----------------------------------------------------------------------------------------


async def roles(request: Request, visit: Visit) -> Response:
    """Give or take away one role."""
    form = await forms.read(request, RoleForm)
    site, person = site_of(request), PersonId(request.path_params["person"])
    kind = GrantRole if form.wish == "give" else RevokeRole
    unless_refused(await site.hall.act(kind(person, form.role), visit.id))
    return _back(person)


ROUTES = [
    route("/me/name", wish_name, SIGNED_IN, ("POST",)),
    route("/registrar/people/{person}/name", answer_name, REGISTRAR, ("POST",)),
    route("/registrar/people/{person}/address", change_address, REGISTRAR, ("POST",)),
    route("/registrar/people/{person}/merge", merge, REGISTRAR, ("POST",)),
    route("/registrar/people/{person}/admission", propose_admission, REGISTRAR, ("POST",)),
    route("/registrar/people/{person}/roles", roles, ORGANISER, ("POST",)),
    route("/officers/steps/{id:int}/confirmation", confirm_step, SECOND, ("POST",)),
    route("/officers/steps/{id:int}/dropping", drop_step, SECOND, ("POST",)),
]
