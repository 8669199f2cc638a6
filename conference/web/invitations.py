"""Speakers are invited: by a link that lives until their slot is over, and a code to be read aloud.

Neither is stored: both follow from this installation's secret, the person and the generation of
their links, so a new personal link ends them too. They work on as many devices as the speaker has.
Only whoever holds no office has one: a reusable link must never lead to the chair.
"""

from __future__ import annotations

import hmac
from typing import Annotated

from msgspec import Meta, Struct
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from conference.hall import Desk
from conference.permission import PUBLIC, STAGE
from conference.rules import acts as a
from conference.rules import slots
from conference.rules.kinds import SYSTEM, PersonId, Role, SlotId, Standing
from conference.rules.refused import Code, Refused
from conference.rules.state import Person
from conference.store import people, speakers
from conference.store.people import Account
from conference.store.speakers import Reserve
from conference.web import door, forms, letters
from conference.web.browsers import name_browser
from conference.web.forms import BadForm, Filled, filled
from conference.web.guard import STATUS, Refusal, Visit, answer, route, unless_refused, wants_json
from conference.web.limiting import allow, client_of
from conference.web.pages import render
from conference.web.register import forget, remember
from conference.web.sentences import Wrong
from conference.web.site import Site, new_person, site_of
from conference.web.text import gettext as _
from conference.web.views.invitations import (
    CodePage,
    InvitationPage,
    invitations_page,
    may_give,
)

PURPOSE = "speaker"
GUESTS = frozenset({Role.SPEAKER, Role.OBSERVER, Role.DELEGATE})
"""Whose invitation signs them in; whoever has an office signs in as always."""
DIGITS = 12
"""So many that nobody guesses one of a hundred before the conference is over."""


class Typed(Struct, forbid_unknown_fields=True):
    """The code of an invitation, typed."""

    code: Annotated[str, Meta(min_length=1, max_length=40)]


class Send(Struct, forbid_unknown_fields=True):
    """Sends the invitation, to this address from now on."""

    email: Annotated[str, Meta(max_length=254)] = ""


class ReserveForm(Struct, forbid_unknown_fields=True):
    """Who is asked when the speaker cannot make it; no name: nobody."""

    name: Annotated[str, Meta(max_length=60, pattern=r"\A[^\n\t]*\Z")] = ""
    email: Annotated[str, Meta(max_length=254)] = ""


class Plain(Struct, forbid_unknown_fields=True):
    """A press without anything to say."""


def token_of(site: Site, account: Account) -> str:
    """Return the token of this speaker's invitation."""
    return site.links.sign(PURPOSE, account.person, account.link_generation)


def code_of(site: Site, account: Account) -> str:
    """Return the code of this speaker's invitation: twelve digits in three groups."""
    key = site.links.keyed_hash(PURPOSE, account.person, str(account.link_generation))
    digits = f"{int(key, 16) % 10**DIGITS:0{DIGITS}}"
    return " ".join(digits[n : n + 4] for n in range(0, DIGITS, 4))


def way_in(site: Site, row: Person, account: Account) -> str:
    """Return where this speaker goes in: by their invitation, or from an office as always."""
    if row.roles - GUESTS:
        return f"{site.settings.address}/sign-in?next=/speaker"
    return f"{site.settings.address}/i/{token_of(site, account)}"


def may_use(site: Site, person: Person) -> bool:
    """Say whether this person's invitation signs them in: a speaker, no office, a slot to come."""
    speaks = Role.SPEAKER in person.roles and person.standing is Standing.ACCEPTED
    return speaks and not person.roles - GUESTS and not slots.is_over(site.meeting, person.id)


# --- the speaker's side --------------------------------------------------------------------------------


async def _invited(request: Request) -> PersonId:
    """Return whose invitation this is. Raises Refusal for one that is not ours, or is over."""
    site = site_of(request)
    facts = site.links.signed(PURPOSE, request.path_params["token"])
    person = site.meeting.people.get(PersonId(str(facts[0]))) if facts else None
    if facts is None or person is None:
        raise Refusal(Refused(Wrong.LINK_INVALID))
    async with site.store.reading() as reader:
        account = await people.get(reader, person.id)
    if account is None or account.link_generation != facts[1] or not may_use(site, person):
        raise Refusal(Refused(Wrong.LINK_INVALID))
    return person.id


async def link(request: Request, visit: Visit) -> Response:
    """Show whose invitation this is, and the button. Nothing is changed by looking."""
    person = await _invited(request)
    site = site_of(request)
    context = InvitationPage(site.name(person))
    return render(request, visit, "invitation", _("Your invitation"), context)


async def use_link(request: Request, visit: Visit) -> Response:
    """Sign the speaker in on this browser; other devices of theirs stay signed in."""
    person = await _invited(request)
    return await _enter(request, visit, person)


async def _enter(request: Request, visit: Visit, person: PersonId) -> Response:
    response = door.way_in()
    name_browser(request, response)
    return await door.enter(request, visit, response, (person,))


async def code_page(request: Request, visit: Visit) -> Response:
    """Ask for the code of an invitation."""
    return _code_page(request, visit, Filled())


def _code_page(request: Request, visit: Visit, form: Filled) -> Response:
    status = STATUS[Wrong(form.code)] if form.code else 200
    return render(request, visit, "code", _("Your invitation"), CodePage(form), status=status)


async def use_code(request: Request, visit: Visit) -> Response:
    """Sign a speaker in by the code that was read out to them."""
    site = site_of(request)
    allow(request, "10/minute", PURPOSE, client_of(request))
    allow(request, "120/minute", PURPOSE, "everybody")
    try:
        form = await forms.read(request, Typed)
    except BadForm as bad:
        if wants_json(request):
            raise
        return _code_page(request, visit, filled(bad))
    typed = "".join(c for c in form.code if c.isdigit())
    async with site.store.reading() as reader:
        accounts = await people.all(reader)
    for account in accounts:
        row = site.meeting.people.get(account.person)
        known = code_of(site, account).replace(" ", "")
        if row is not None and hmac.compare_digest(known, typed) and may_use(site, row):
            return await _enter(request, visit, account.person)
    wrong = BadForm(
        {"code": _("Three groups of four digits, as in the mail.")}, {"code": form.code}
    )
    if wants_json(request):
        return answer(request, Refused(Wrong.CODE_INVALID), wrong.fields)
    return _code_page(request, visit, filled(wrong, Wrong.CODE_INVALID))


# --- the organiser's side ------------------------------------------------------------------------------


async def page(request: Request, visit: Visit) -> Response:
    """Every slot with its speaker's answer, and what can be done about it."""
    site = site_of(request)
    async with site.store.reading() as reader:
        accounts = {account.person: account for account in await people.all(reader)}
    guests = {
        who: (f"{site.settings.address}/i/{token_of(site, account)}", code_of(site, account))
        for who, account in accounts.items()
        if who in site.meeting.people
        and may_use(site, site.meeting.people[who])
        and Role.DELEGATE not in site.meeting.people[who].roles
    }
    addresses = {who: account.email or "" for who, account in accounts.items()}
    context = invitations_page(site, addresses, guests)
    return render(request, visit, "speakers_invited", _("Speakers"), context)


async def _account(request: Request, person: PersonId) -> Account:
    site = site_of(request)
    async with site.store.reading() as reader:
        account = await people.get(reader, person)
    if account is None or person not in site.meeting.people:
        raise Refusal(Refused(Code.UNKNOWN))
    return account


async def send(request: Request, _visit: Visit) -> Response:
    """Send a speaker their invitation.

    The address can be changed here, but not a delegate's: whoever could redirect a delegate's mail
    could vote for them.
    """
    site, person = site_of(request), PersonId(request.path_params["person"])
    form = await forms.read(request, Send)
    account = await _account(request, person)
    row = site.meeting.people[person]
    email = form.email or account.email or ""
    fixed = bool(row.roles - {Role.SPEAKER, Role.OBSERVER})
    if not forms.is_email(email):
        raise BadForm({"email": _("This does not look as expected.")})
    if fixed and email != account.email:
        raise Refusal(Refused(Wrong.ADDRESS_FIXED))

    async def work(desk: Desk) -> Refused | None:
        other = await people.by_email(desk.tx, email)
        if other is not None and other.person != person:
            return Refused(Wrong.ADDRESS_TAKEN)
        await people.update(desk.tx, person, email=email)
        await _write(desk, site, account, email)
        return None

    unless_refused(await site.hall.work(work))
    site.mail_wake()
    return RedirectResponse(f"/invitations?sent={person}#speaker-{person}", 303)


async def _write(desk: Desk, site: Site, account: Account, email: str) -> None:
    """Queue the invitation: with link and code, or for an office the way in as always."""
    row = desk.meeting.people[account.person]
    code = "" if row.roles - GUESTS else code_of(site, account)
    context = letters.invitation(site, way_in(site, row, account), code)
    await letters.queue(desk, site, email, "invitation", context)


async def put_reserve(request: Request, _visit: Visit) -> Response:
    """Note who stands in reserve for a slot."""
    site, slot = site_of(request), _slot(request)
    form = await forms.read(request, ReserveForm)
    if form.email and not forms.is_email(form.email):
        raise BadForm({"email": _("This does not look as expected.")})
    reserve = Reserve(slot, form.name, form.email)

    async def work(desk: Desk) -> None:
        await speakers.put_reserve(desk.tx, reserve)
        site.backstage.reserves = await speakers.reserves(desk.tx)
        desk.tell = True

    unless_refused(await site.hall.work(work))
    return RedirectResponse(f"/invitations#slot-{slot}", 303)


def _slot(request: Request) -> SlotId:
    slot = SlotId(request.path_params["id"])
    if slot not in site_of(request).meeting.slots:
        raise Refusal(Refused(Code.UNKNOWN))
    return slot


async def give(request: Request, visit: Visit) -> Response:
    """Give the slot to its reserve, who is entered as a speaker and invited, in one transaction."""
    site, slot = site_of(request), _slot(request)
    await forms.read(request, Plain)
    reserve = site.backstage.reserves.get(slot)
    if reserve is None:
        raise Refusal(Refused(Wrong.NO_RESERVE))
    return await _hand_over(request, visit, reserve, (slot,))


async def enter_speaker(request: Request, visit: Visit) -> Response:
    """Enter whoever a slot only names as a person, with all their slots, and invite them."""
    site, slot = site_of(request), _slot(request)
    form = await forms.read(request, Send)
    if not forms.is_email(form.email):
        raise BadForm({"email": _("This does not look as expected.")})
    rows = site.meeting.slots
    if rows[slot].person is not None:
        raise Refusal(Refused(Code.ALREADY_DONE))
    name = rows[slot].name
    same = [s.id for s in rows.values() if s.person is None and s.name == name and s.id != slot]
    waiting = (s for s in same if may_give(site.meeting, rows[s]))
    return await _hand_over(request, visit, Reserve(slot, name, form.email), (slot, *waiting))


async def _hand_over(
    request: Request, visit: Visit, who: Reserve, given: tuple[SlotId, ...]
) -> Response:
    """Give these slots to this name, who is entered as a person where no account has the address."""
    site = site_of(request)
    made = new_person()

    async def work(desk: Desk) -> Refused | None:
        account = await people.by_email(desk.tx, who.email) if who.email else None
        if account is None:
            account = Account(
                made, who.name, who.email or None, confirmed_at=desk.now(), created_at=desk.now()
            )
            speaks = frozenset({Role.SPEAKER})
            if refused := desk.take(a.AddPerson(made, speaks, Standing.ACCEPTED), SYSTEM):
                return refused
            await people.add(desk.tx, account)
            remember(site, account)
        for slot in given:
            if refused := desk.take(a.GiveSlot(slot, account.person, who.name), visit.id):
                return refused
        await speakers.put_reserve(desk.tx, Reserve(who.slot, "", ""))
        site.backstage.reserves = await speakers.reserves(desk.tx)
        if account.email:
            await _write(desk, site, account, account.email)
        return None

    refused = await site.hall.work(work)
    if refused is not None:
        forget(site, made)
        raise Refusal(refused)
    site.mail_wake()
    return RedirectResponse(f"/invitations#slot-{who.slot}", 303)


ROUTES = [
    route("/i", code_page, PUBLIC),
    route("/i", use_code, PUBLIC, ("POST",)),
    route("/i/{token}", link, PUBLIC),
    route("/i/{token}", use_link, PUBLIC, ("POST",)),
    route("/invitations", page, STAGE),
    route("/invitations/people/{person}", send, STAGE, ("POST",)),
    route("/invitations/slots/{id:int}/reserve", put_reserve, STAGE, ("POST",)),
    route("/invitations/slots/{id:int}/gift", give, STAGE, ("POST",)),
    route("/invitations/slots/{id:int}/speaker", enter_speaker, STAGE, ("POST",)),
]
