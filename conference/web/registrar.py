"""The registrar's desk: who waits, what is decided, people entered by hand, mail to pass on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from markupsafe import Markup
from msgspec import Meta, Struct
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from conference.hall import Desk
from conference.permission import OFFICE, REGISTRAR
from conference.rules import take
from conference.rules.acts import (
    AddPerson,
    CheckOut,
    Decide,
    GrantRole,
    ProposeOfficeStep,
    RenewLink,
    RevokeRole,
)
from conference.rules.kinds import (
    Mode,
    OfficeStepKind,
    OfficeStepState,
    PersonId,
    Role,
    Standing,
)
from conference.rules.people import is_locked
from conference.rules.refused import Code, Refused
from conference.rules.roles import PROVED
from conference.rules.state import Person
from conference.store import mail, people, registrations, signins
from conference.store.people import Account
from conference.store.registrations import Particulars
from conference.web import forms, regions
from conference.web.decisions import ROLES
from conference.web.forms import BadForm, Filled, filled
from conference.web.guard import STATUS, Refusal, Visit, route, unless_refused, wants_json
from conference.web.hints import Hints
from conference.web.pages import render
from conference.web.qr import picture
from conference.web.register import forget, name_problem, remember
from conference.web.sentences import Wrong
from conference.web.site import Site, new_person, site_of
from conference.web.text import gettext as _
from conference.web.views import words
from conference.web.views.standing import standing_in_words

HAND_OVER = "hand over"
HAND_OVER_MS = 10 * 60 * 1000
LINKED = frozenset({Role.DELEGATE, Role.OBSERVER, Role.SPEAKER})
"""Whose links a registrar may make anew; those of people in an office are made by the host."""


class ByHand(Struct, forbid_unknown_fields=True):
    """Somebody who has no e-mail."""

    name: forms.Name
    role: Literal["delegate", "observer"]
    agreed: Annotated[str, Meta(pattern=r"\Ayes\Z")]


@dataclass(frozen=True, slots=True)
class RegistrarPage:
    """The registrar's first page; an organiser only looks on."""

    decides: bool
    decided: int
    left: int
    imported: int
    paused: str
    """Why nobody can register now; empty while everybody can."""
    failed: int
    """How many mails did not reach anybody."""


@dataclass(frozen=True, slots=True)
class RoleLine:
    """One role, and what an organiser can do about it."""

    value: str
    label: str
    has: bool


@dataclass(frozen=True, slots=True)
class Other:
    """Somebody who could be the same person."""

    id: str
    name: str
    standing: str


@dataclass(frozen=True, slots=True)
class PossibleDecision:
    """A decision that would not be refused now."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class RegisterPersonPage:
    """One person, and what can be done about them now."""

    id: str
    name: str
    standing: str
    present: bool
    belongs: str
    email: str
    since: int
    zone: str
    note: str
    voucher: str
    access_needs: str
    wish: str
    hints: tuple[str, ...]
    decisions: tuple[PossibleDecision, ...]
    may_admit: bool
    """Whether a late admission can be proposed."""
    proposed: bool
    """Whether one waits for another officer."""
    others: tuple[Other, ...]
    roles: tuple[RoleLine, ...]
    decides: bool
    may_check_out: bool
    may_renew: bool
    may_readdress: bool
    """Not for another officer: see `particulars.change_address`."""


@dataclass(frozen=True, slots=True)
class RegisterNewPage:
    """The form for somebody without e-mail."""

    form: Filled
    locked: bool
    """Whether the register is locked: then another officer has to confirm a delegate."""


@dataclass(frozen=True, slots=True)
class HandOverPage:
    """A personal link, to be handed over on paper."""

    name: str
    standing: str
    address: str
    picture: Markup
    reusable: bool


async def page(request: Request, visit: Visit) -> Response:
    """Show who waits and how many there are."""
    view = regions.view_of(site_of(request), regions.REGISTRAR, visit.id) or regions.OFFICE
    site = site_of(request)
    closed = {"paused": _("Registration is paused."), "invited": _("By invitation only.")}
    async with site.store.reading() as reader:
        failed = await mail.given_up(reader)
    context = RegistrarPage(
        decides=view == regions.REGISTRAR,
        decided=_number(request, "decided"),
        left=_number(request, "left"),
        imported=_number(request, "imported"),
        paused=closed.get(site.door.state, ""),
        failed=failed,
    )
    return render(request, visit, "registrar", _("Registrar"), context, view=view)


def _number(request: Request, name: str) -> int:
    """Return a small number from the address, 0 when it has none."""
    text = request.query_params.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 0  # noqa: PLR2004


async def found_person(request: Request) -> tuple[Person, Account]:
    """Return whom the address names. Raises Refusal when there is nobody."""
    site = site_of(request)
    person = site.meeting.people.get(PersonId(request.path_params["person"]))
    async with site.store.reading() as reader:
        account = await people.get(reader, person.id) if person else None
    if person is None or account is None:
        raise Refusal(Refused(Code.UNKNOWN))
    return person, account


async def one(request: Request, visit: Visit) -> Response:
    """Show one person, with those buttons that would not be refused."""
    site = site_of(request)
    person, account = await found_person(request)
    async with site.store.reading() as reader:
        told = await registrations.get(reader, person.id)
    context = _person_page(site, visit, person, account, told)
    return render(request, visit, "register_person", account.name, context)


def _person_page(
    site: Site, visit: Visit, person: Person, account: Account, told: Particulars
) -> RegisterPersonPage:
    hints = Hints(site)

    def may(act: Decide | CheckOut | RenewLink | ProposeOfficeStep) -> bool:
        return not isinstance(take(site.meeting, act, visit.id, site.now()), Refused)

    return RegisterPersonPage(
        id=person.id,
        name=account.name,
        standing=standing_in_words(person),
        present=person.present,
        belongs=account.belongs,
        email=account.email or "",
        since=account.created_at,
        zone=site.meeting.conference.zone,
        note=told.note,
        voucher=told.voucher,
        access_needs=told.access_needs,
        wish=told.wish_name,
        hints=hints.of(person.id),
        decisions=tuple(
            PossibleDecision(value, label)
            for value, label in _decisions()
            if may(Decide(person.id, ROLES[value]))
        ),
        may_admit=may(ProposeOfficeStep(OfficeStepKind.ADMIT, person.id)),
        proposed=_proposed(site, person),
        others=_others(site, person, hints),
        roles=_roles(site, visit, person),
        decides=REGISTRAR.allows(visit.person),
        may_check_out=may(CheckOut(person.id)),
        may_renew=_may_renew(person) and may(RenewLink(person.id)),
        may_readdress=person.id == visit.id or not person.roles & PROVED,
    )


def _decisions() -> tuple[tuple[str, str], ...]:
    return (("accept", _("Accept")), ("observer", _("Observer")), ("decline", _("Decline")))


def _proposed(site: Site, person: Person) -> bool:
    """Say whether a late admission of this person waits for another officer."""
    return any(
        step.person == person.id and step.state is OfficeStepState.PROPOSED
        for step in site.meeting.office_steps.values()
    )


def _others(site: Site, person: Person, hints: Hints) -> tuple[Other, ...]:
    """Return who could be the same person; only of a registration that nobody has accepted."""
    if person.standing is Standing.ACCEPTED:
        return ()
    rows = (site.meeting.people[p] for p in hints.duplicates(person.id) if p in site.meeting.people)
    return tuple(Other(r.id, site.name(r.id), standing_in_words(r)) for r in rows)


def _roles(site: Site, visit: Visit, person: Person) -> tuple[RoleLine, ...]:
    """Return the roles that this organiser could give or take now."""
    rows = []
    for role in Role:
        has = role in person.roles
        act = RevokeRole(person.id, role) if has else GrantRole(person.id, role)
        if not isinstance(take(site.meeting, act, visit.id, site.now()), Refused):
            rows.append(RoleLine(role, gettext_role(role), has))
    return tuple(rows)


def gettext_role(role: Role) -> str:
    """Return the role's name in the reader's language."""
    return _(words.ROLES[role])


def _may_renew(person: Person) -> bool:
    return person.standing is Standing.ACCEPTED and not person.roles - LINKED


async def check_out(request: Request, visit: Visit) -> Response:
    """Mark somebody as having left."""
    person = PersonId(request.path_params["person"])
    unless_refused(await site_of(request).hall.act(CheckOut(person), visit.id))
    return RedirectResponse(f"/registrar/people/{person}", 303)


async def new(request: Request, visit: Visit) -> Response:
    """Show the form for somebody without e-mail."""
    return _new(request, visit, Filled())


def _new(request: Request, visit: Visit, form: Filled) -> Response:
    status = STATUS[Wrong(form.code)] if form.code else 200
    title = _("Enter somebody by hand")
    context = RegisterNewPage(form, is_locked(site_of(request).meeting))
    return render(request, visit, "register_new", title, context, status=status)


async def enter(request: Request, visit: Visit) -> Response:
    """Put somebody on the register, accepted, and go on to their personal link.

    Once the register is locked a delegate waits instead, and another officer is asked to admit them.
    """
    try:
        form = await forms.read(request, ByHand)
    except BadForm as bad:
        if wants_json(request):
            raise
        return _new(request, visit, filled(bad))
    site, person = site_of(request), new_person()
    if problem := name_problem(site, form.name):
        typed = {name: getattr(form, name) for name in form.__struct_fields__}
        wrong = BadForm({"name": problem}, typed)
        if wants_json(request):
            raise wrong
        return _new(request, visit, filled(wrong))

    async def work(desk: Desk) -> Refused | None:
        now = desk.now()
        account = Account(
            person, form.name, confirmed_at=now, consent_taking_part_at=now, created_at=now
        )
        await people.add(desk.tx, account)
        remember(site, account)
        role = Role(form.role)
        if role is Role.DELEGATE and is_locked(desk.meeting):
            late = ProposeOfficeStep(OfficeStepKind.ADMIT, person)
            waits = AddPerson(person, frozenset(), Standing.WAITING)
            return desk.take(waits, visit.id) or desk.take(late, visit.id)
        return desk.take(AddPerson(person, frozenset({role}), Standing.ACCEPTED), visit.id)

    refused = await site.hall.work(work)
    if refused is not None:
        forget(site, person)
        raise Refusal(refused)
    if _proposed(site, site.meeting.people[person]):
        return RedirectResponse(f"/registrar/people/{person}", 303)
    return _to_link(site, visit, person, 0)


async def renew(request: Request, visit: Visit) -> Response:
    """Make a person's link anew; the old one and every sign-in end."""
    site = site_of(request)
    person, _account = await found_person(request)
    if not _may_renew(person):
        raise Refusal(Refused(Code.NOT_ALLOWED))

    async def work(desk: Desk) -> int | Refused:
        await signins.new_links(desk.tx, [person.id])
        await signins.end_all(desk.tx, person.id)
        account = await people.get(desk.tx, person.id)
        refused = desk.take(RenewLink(person.id), visit.id)
        return refused or (account.link_generation if account else 0)

    generation = await site.hall.work(work)
    if isinstance(generation, Refused):
        raise Refusal(generation)
    return _to_link(site, visit, person.id, generation)


def _to_link(site: Site, visit: Visit, person: PersonId, generation: int) -> Response:
    """Go on to the page with the link: for ten minutes, and for nobody else's eyes."""
    ticket = site.links.sign(
        HAND_OVER, person, generation, visit.session, site.now() + HAND_OVER_MS
    )
    return RedirectResponse(f"/registrar/people/{person}/link?ticket={ticket}", 303)


async def hand_over(request: Request, visit: Visit) -> Response:
    """Show the link that was just made, to whoever made it."""
    site = site_of(request)
    person, account = await found_person(request)
    facts = site.links.signed(HAND_OVER, request.query_params.get("ticket", ""))
    wanted = [person.id, account.link_generation, visit.session]
    if facts is None or facts[:3] != wanted or int(facts[3]) < site.now():
        raise Refusal(Refused(Wrong.LINK_INVALID))
    address = site.links.address(person.id, account.link_generation)
    context = HandOverPage(
        name=account.name,
        standing=standing_in_words(person),
        address=address,
        picture=picture(address),
        reusable=site.meeting.conference.mode is Mode.DEMONSTRATION,
    )
    return render(request, visit, "hand_over", _("Personal link"), context)


ROUTES = [
    route("/registrar", page, OFFICE),
    route("/registrar/people", enter, REGISTRAR, ("POST",)),
    route("/registrar/people/new", new, REGISTRAR),
    route("/registrar/people/{person}", one, OFFICE),
    route("/registrar/people/{person}/departure", check_out, REGISTRAR, ("POST",)),
    route("/registrar/people/{person}/link", hand_over, REGISTRAR),
    route("/registrar/people/{person}/link", renew, REGISTRAR, ("POST",)),
]
