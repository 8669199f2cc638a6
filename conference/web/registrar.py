"""The registrar's desk: who waits, what is decided, people entered by hand, mail to pass on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from msgspec import Meta, Struct
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from conference.hall import Desk
from conference.permission import OFFICE
from conference.rules import take
from conference.rules.acts import AddPerson, CheckOut, Decide, RenewLink
from conference.rules.kinds import Mode, PersonId, Role, Standing
from conference.rules.refused import Code, Refused
from conference.rules.state import Person
from conference.store import people, signins
from conference.store.people import Account
from conference.web import forms, letters, regions
from conference.web.forms import BadForm, Filled, filled
from conference.web.guard import STATUS, Refusal, Visit, route, unless_refused, wants_json
from conference.web.pages import render
from conference.web.register import forget, remember
from conference.web.sentences import Wrong
from conference.web.site import Joined, Site, new_person, site_of
from conference.web.text import gettext as _
from conference.web.views.standing import standing_in_words

LISTED = 200
HAND_OVER = "hand over"
HAND_OVER_MS = 10 * 60 * 1000
ROLES = {"accept": Role.DELEGATE, "observer": Role.OBSERVER, "decline": None}
LINKED = frozenset({Role.DELEGATE, Role.OBSERVER, Role.SPEAKER})
"""Whose links a registrar may make anew; those of people in an office are made by the host."""


class DecisionForm(Struct, forbid_unknown_fields=True):
    """What the registrar has decided."""

    decision: Literal["accept", "observer", "decline"]


class ByHand(Struct, forbid_unknown_fields=True):
    """Somebody who has no e-mail."""

    name: forms.Name
    role: Literal["delegate", "observer"]
    agreed: Annotated[str, Meta(pattern=r"\Ayes\Z")]


@dataclass(frozen=True, slots=True)
class RegistrarPage:
    """The registrar's first page; an organiser only looks on."""

    decides: bool


@dataclass(frozen=True, slots=True)
class Listed:
    """One person of the list."""

    id: str
    name: str
    belongs: str
    standing: str
    present: bool


@dataclass(frozen=True, slots=True)
class RegisterListPage:
    """Everybody on the register, or those who were searched for."""

    q: str
    people: tuple[Listed, ...]
    total: int


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
    decisions: tuple[PossibleDecision, ...]
    may_check_out: bool
    may_renew: bool


@dataclass(frozen=True, slots=True)
class RegisterNewPage:
    """The form for somebody without e-mail."""

    form: Filled


@dataclass(frozen=True, slots=True)
class HandOverPage:
    """A personal link, to be handed over on paper."""

    name: str
    standing: str
    address: str
    reusable: bool


async def page(request: Request, visit: Visit) -> Response:
    """Show who waits and how many there are."""
    view = regions.view_of(site_of(request), regions.REGISTRAR, visit.id) or regions.OFFICE
    context = RegistrarPage(decides=view == regions.REGISTRAR)
    return render(request, visit, "registrar", _("Registrar"), context, view=view)


async def everybody(request: Request, visit: Visit) -> Response:
    """List the people on the register; `q` looks into name, address and how they belong."""
    site = site_of(request)
    q = request.query_params.get("q", "").strip()[:120]
    async with site.store.reading() as reader:
        accounts = await people.all(reader)
    found = sorted(
        (a for a in accounts if a.person in site.meeting.people and _matches(a, q.casefold())),
        key=lambda a: (a.name.casefold(), a.person),
    )
    rows = tuple(_listed(site.meeting.people[a.person], a) for a in found[:LISTED])
    context = RegisterListPage(q, rows, len(found))
    return render(request, visit, "register_list", _("Everybody on the register"), context)


def _matches(account: Account, q: str) -> bool:
    return any(
        q in text.casefold() for text in (account.name, account.belongs, account.email or "")
    )


def _listed(person: Person, account: Account) -> Listed:
    return Listed(
        person.id, account.name, account.belongs, standing_in_words(person), person.present
    )


async def _found(request: Request) -> tuple[Person, Account]:
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
    person, account = await _found(request)
    labels = {"accept": _("Accept"), "observer": _("Observer"), "decline": _("Decline")}
    known = site.joined.get(person.id, Joined(account.belongs, account.created_at))

    def may(act: Decide | CheckOut | RenewLink) -> bool:
        return not isinstance(take(site.meeting, act, visit.id, site.now()), Refused)

    context = RegisterPersonPage(
        id=person.id,
        name=account.name,
        standing=standing_in_words(person),
        present=person.present,
        belongs=known.belongs,
        email=account.email or "",
        since=known.at,
        zone=site.meeting.conference.zone,
        decisions=tuple(
            PossibleDecision(value, labels[value])
            for value, role in ROLES.items()
            if may(Decide(person.id, role))
        ),
        may_check_out=may(CheckOut(person.id)),
        may_renew=_may_renew(person) and may(RenewLink(person.id)),
    )
    return render(request, visit, "register_person", account.name, context)


def _may_renew(person: Person) -> bool:
    return person.standing is Standing.ACCEPTED and not person.roles - LINKED


async def decide(request: Request, visit: Visit) -> Response:
    """Take the registrar's decision and write to the person about it, in one transaction."""
    form = await forms.read(request, DecisionForm)
    site = site_of(request)
    person = PersonId(request.path_params["person"])

    async def work(desk: Desk) -> Refused | None:
        if refused := desk.take(Decide(person, ROLES[form.decision]), visit.id):
            return refused
        account = await people.get(desk.tx, person)
        if account is not None and account.email:
            context = letters.decided(site, form.decision)
            await letters.queue(desk, site, account.email, "decision", context)
        return None

    unless_refused(await site.hall.work(work))
    site.mail_wake()
    return RedirectResponse("/registrar", 303)


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
    return render(request, visit, "register_new", title, RegisterNewPage(form), status=status)


async def enter(request: Request, visit: Visit) -> Response:
    """Put somebody on the register, accepted, and go on to their personal link."""
    try:
        form = await forms.read(request, ByHand)
    except BadForm as bad:
        if wants_json(request):
            raise
        return _new(request, visit, filled(bad))
    site, person = site_of(request), new_person()

    async def work(desk: Desk) -> Refused | None:
        now = desk.now()
        account = Account(
            person, form.name, confirmed_at=now, consent_taking_part_at=now, created_at=now
        )
        await people.add(desk.tx, account)
        remember(site, account)
        act = AddPerson(person, frozenset({Role(form.role)}), Standing.ACCEPTED)
        return desk.take(act, visit.id)

    refused = await site.hall.work(work)
    if refused is not None:
        forget(site, person)
        raise Refusal(refused)
    return _to_link(site, visit, person, 0)


async def renew(request: Request, visit: Visit) -> Response:
    """Make a person's link anew; the old one and every sign-in end."""
    site = site_of(request)
    person, _account = await _found(request)
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
    person, account = await _found(request)
    facts = site.links.signed(HAND_OVER, request.query_params.get("ticket", ""))
    wanted = [person.id, account.link_generation, visit.session]
    if facts is None or facts[:3] != wanted or int(facts[3]) < site.now():
        raise Refusal(Refused(Wrong.LINK_INVALID))
    context = HandOverPage(
        name=account.name,
        standing=standing_in_words(person),
        address=site.links.address(person.id, account.link_generation),
        reusable=site.meeting.conference.mode is Mode.DEMONSTRATION,
    )
    return render(request, visit, "hand_over", _("Personal link"), context)


ROUTES = [
    route("/registrar", page, OFFICE),
    route("/registrar/people", everybody, OFFICE),
    route("/registrar/people", enter, OFFICE, ("POST",)),
    route("/registrar/people/new", new, OFFICE),
    route("/registrar/people/{person}", one, OFFICE),
    route("/registrar/people/{person}/decision", decide, OFFICE, ("POST",)),
    route("/registrar/people/{person}/departure", check_out, OFFICE, ("POST",)),
    route("/registrar/people/{person}/link", hand_over, OFFICE),
    route("/registrar/people/{person}/link", renew, OFFICE, ("POST",)),
]
