"""Registering: a form with consents, a mail to confirm the address, then the registrar decides.

The answer is the same, and takes as long, whether the address is known or not; opening the mailed
link changes nothing: the button does. Nobody whose address is not confirmed reaches the registrar.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from conference.hall import Desk
from conference.permission import PUBLIC
from conference.programme import PublicOrganiser, PublicRegistration
from conference.rules.acts import AddPerson
from conference.rules.kinds import SYSTEM, PersonId, Phase, Role, Standing
from conference.rules.refused import Code, Refused
from conference.rules.state import Meeting
from conference.store import people, registrations
from conference.store.people import Account, Application
from conference.store.registrations import Particulars, Words
from conference.web import door, forms, letters, signin
from conference.web.addresses import probably_meant
from conference.web.browsers import name_browser
from conference.web.display_names import is_a_role, looks_like_one_of
from conference.web.evenly import evenly
from conference.web.forms import BadForm, Filled, filled
from conference.web.guard import (
    STATUS,
    Refusal,
    Visit,
    answer,
    route,
    unless_refused,
    wants_json,
)
from conference.web.limiting import allow_asking
from conference.web.pages import render
from conference.web.sentences import Wrong, say
from conference.web.site import Site, hash_token, joined_of, new_person, new_token, site_of
from conference.web.text import gettext as _
from conference.web.views.dates import moment_in_words

Tick = Literal["yes", ""]
ORDINARY = frozenset({Role.DELEGATE, Role.OBSERVER, Role.SPEAKER})


class Registration(Struct, forbid_unknown_fields=True):
    """What somebody who registers types and ticks."""

    name: forms.Name
    email: forms.Email
    belongs: forms.Line = ""
    note: forms.Note = ""
    voucher: forms.Line = ""
    access_needs: forms.Paragraph = ""
    invitation: forms.Line = ""
    sure: Tick = ""
    taking_part: Tick = ""
    named: Tick = ""
    recorded: Tick = ""
    contact: Tick = ""


@dataclass(frozen=True, slots=True)
class RegisterPage:
    """The form, and everything that somebody must know before they tick anything."""

    form: Filled
    organiser: PublicOrganiser
    asked: PublicRegistration
    closed: str
    """Why nobody can register now, in a sentence; empty while they can."""
    closes: str
    """Until when, in words; empty for no end."""
    invited: bool
    """Whether it takes an invitation code."""
    full: bool
    """Whether every place is taken: then one registers for the waiting list."""
    sent: bool
    by_hand: bool


@dataclass(frozen=True, slots=True)
class ConfirmRegistrationPage:
    """A mailed link that has been opened."""

    name: str


async def page(request: Request, visit: Visit) -> Response:
    """Show the form, or what to do after it was sent."""
    return _page(request, visit, Filled())


def _page(request: Request, visit: Visit, form: Filled) -> Response:
    site = site_of(request)
    context = RegisterPage(
        form=form,
        organiser=site.public.organiser,
        asked=site.public.registration,
        closed=say(Refused(code)) if (code := door_closed(site)) else "",
        closes=_closes(site),
        invited=site.door.state == "invited",
        full=is_full(site, site.meeting),
        sent=not form.code and "sent" in request.query_params,
        by_hand=not letters.sends(site),
    )
    status = STATUS[Wrong(form.code)] if form.code else 200
    return render(request, visit, "register", _("Register"), context, status=status)


def _closes(site: Site) -> str:
    at = site.door.closes_at
    return "" if at is None else moment_in_words(at, site.meeting.conference.zone)


def door_closed(site: Site) -> Code | Wrong | None:
    """Say why nobody can register now, or None."""
    door = site.door
    if site.meeting.conference.phase is Phase.CLOSED:
        return Code.CONFERENCE_CLOSED
    if door.state == "paused":
        return Wrong.REGISTRATION_PAUSED
    over = door.closes_at is not None and site.now() >= door.closes_at
    return Wrong.REGISTRATION_OVER if over else None


def is_full(site: Site, meeting: Meeting) -> bool:
    """Say whether as many delegates have been accepted as the conference has places."""
    places = site.public.registration.places
    return bool(places) and meeting.conference.register >= places


async def register(request: Request, visit: Visit) -> Response:
    """Store the registration and write a mail; say the same for every address."""
    site = site_of(request)
    allow_asking(request)
    try:
        form = await _read(request)
        if code := door_closed(site):
            raise Refusal(Refused(code))
        await _check_invitation(site, form)
    except BadForm as bad:
        wrong = Wrong.CONSENT_MISSING if set(bad.fields) == {"taking_part"} else Wrong.BAD_FIELD
        if wants_json(request):
            return answer(request, Refused(wrong), bad.fields)
        return _page(request, visit, filled(bad, wrong))

    response = RedirectResponse("/register?sent=yes", 303)
    browser = name_browser(request, response)

    async def work(desk: Desk) -> None:
        if not await letters.may_write(desk, form.email):
            return
        account = await people.by_email(desk.tx, form.email)
        if account is not None and account.person in desk.meeting.people:
            await signin.write_sign_in(desk, site, form.email, "known", browser)
        else:
            await _write_confirmation(desk, site, form)

    async with evenly():
        unless_refused(await site.hall.work(work))
    site.mail_wake()
    return response


async def _read(request: Request) -> Registration:
    """Return the form. Raises BadForm, also when the first consent is not given."""
    missing = _("Taking part is impossible without this consent.")
    try:
        form = await forms.read(request, Registration)
    except BadForm as bad:
        if bad.typed.get("taking_part") != "yes":
            bad.fields.setdefault("taking_part", missing)
        raise
    wrong = _wrong(site_of(request), form)
    if not form.taking_part:
        wrong["taking_part"] = missing
    if wrong:
        raise BadForm(wrong, _typed(form))
    return form


def _wrong(site: Site, form: Registration) -> dict[str, str]:
    """Return what is wrong with fields that are each well-formed; nothing here asks who is known."""
    wrong: dict[str, str] = {}
    if problem := name_problem(site, form.name):
        wrong["name"] = problem
    listed = site.public.registration.belongs
    if form.belongs and listed and form.belongs not in listed:
        wrong["belongs"] = _("Choose one of the list, or nothing.")
    if not form.sure and (meant := probably_meant(form.email)):
        wrong["email"] = _(
            "Did you mean %(address)s? Correct it, or tick that it is right as it stands."
        ) % {"address": meant}
    return wrong


def name_problem(site: Site, name: str) -> str:
    """Say why nobody can have this display name, or nothing.

    Only names that everybody can read are compared: of those who take part nothing is told.
    """
    if is_a_role(name):
        return _("This reads like the name of a role. Choose another.")
    printed = {slot.name for slot in site.meeting.slots.values()}
    offices = {site.names.get(p.id, "") for p in site.meeting.people.values() if p.roles - ORDINARY}
    if looks_like_one_of(name, printed | offices):
        return _("This looks like a name in the programme. Choose another.")
    return ""


async def _check_invitation(site: Site, form: Registration) -> None:
    if site.door.state != "invited":
        return
    async with site.store.reading() as reader:
        left = await registrations.invitation_left(reader, invitation_hash(site, form.invitation))
    if not left:
        told = _("It takes an invitation code to register now; this one is not valid (any more).")
        raise BadForm({"invitation": told}, _typed(form))


def invitation_hash(site: Site, code: str) -> str:
    """Return what is stored of an invitation code, however it is spaced."""
    return site.links.keyed_hash("invitation", "".join(c for c in code.upper() if c.isalnum()))


def _typed(form: Registration) -> dict[str, str]:
    return {name: getattr(form, name) for name in form.__struct_fields__}


async def _write_confirmation(desk: Desk, site: Site, form: Registration) -> None:
    token, now = new_token(), desk.now()
    application = Application(
        id_hash=hash_token(token),
        name=form.name,
        email=form.email,
        belongs=form.belongs,
        consent_taking_part=True,
        consent_named=bool(form.named),
        consent_recorded=bool(form.recorded),
        consent_contact=bool(form.contact),
        created_at=now,
        expires_at=now + letters.APPLICATION_MINUTES * letters.MINUTE,
    )
    await people.add_application(desk.tx, application)
    words = Words(form.note, form.voucher, form.access_needs)
    invited = invitation_hash(site, form.invitation) if site.door.state == "invited" else ""
    await registrations.add_words(desk.tx, application.id_hash, words, invited)
    await letters.queue(desk, site, form.email, "confirm", letters.confirmation(site, token))


async def link(request: Request, visit: Visit) -> Response:
    """Show the button that confirms. Nothing is consumed."""
    site = site_of(request)
    key = hash_token(request.path_params["token"])
    async with site.store.reading() as reader:
        application = await people.application(reader, key, site.now())
    if application is None:
        raise Refusal(Refused(Wrong.CONFIRMATION_INVALID))
    context = ConfirmRegistrationPage(application.name)
    return render(request, visit, "confirm_registration", _("Confirm"), context)


async def confirm(request: Request, visit: Visit) -> Response:
    """Put the person on the register, waiting, and sign them in."""
    site = site_of(request)
    key = hash_token(request.path_params["token"])
    person = new_person()

    async def work(desk: Desk) -> Account | Refused:
        words, invited = await registrations.words_of(desk.tx, key)
        application = await people.take_application(desk.tx, key, desk.now())
        if application is None or await people.by_email(desk.tx, application.email) is not None:
            return Refused(Wrong.CONFIRMATION_INVALID)
        if code := door_closed(site):
            return Refused(code)
        if invited and not await registrations.use_invitation(desk.tx, invited):
            return Refused(Wrong.INVITATION_USED)
        account = _account(person, application, desk.now())
        await people.add(desk.tx, account)
        await people.forget_applications(desk.tx, application.email)
        told = Particulars(person, words.note, words.voucher, words.access_needs)
        await registrations.put(desk.tx, told)
        remember(
            site, account, told
        )  # before the room is told: the registrar's list shows the name
        return desk.take(AddPerson(person, frozenset(), Standing.WAITING), SYSTEM) or account

    result = await site.hall.work(work)
    if isinstance(result, Refused):
        forget(site, person)
        raise Refusal(result)
    return await door.enter(request, visit, door.way_in(), (person,))


def _account(person: PersonId, application: Application, now: int) -> Account:
    return Account(
        person=person,
        name=application.name,
        email=application.email,
        belongs=application.belongs,
        confirmed_at=now,
        consent_taking_part_at=application.created_at,
        consent_named=application.consent_named,
        consent_recorded=application.consent_recorded,
        consent_contact=application.consent_contact,
        created_at=now,
    )


def remember(site: Site, account: Account, told: Particulars | None = None) -> None:
    """Keep at hand what pages show of this account."""
    site.names[account.person] = account.name
    site.joined[account.person] = joined_of(account, told or Particulars(account.person))
    if account.consent_named:
        site.named.add(account.person)


def forget(site: Site, person: PersonId) -> None:
    """Keep nothing at hand of somebody who was not stored after all."""
    site.names.pop(person, None)
    site.joined.pop(person, None)
    site.named.discard(person)
    site.pending.pop(person, None)


ROUTES = [
    route("/register", page, PUBLIC),
    route("/register", register, PUBLIC, ("POST",)),
    route("/r/{token}", link, PUBLIC),
    route("/r/{token}", confirm, PUBLIC, ("POST",)),
]
