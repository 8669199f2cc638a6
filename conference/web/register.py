"""Registering: a form with consents, a mail to confirm the address, then the registrar decides.

The answer is the same whether the address is known or not, and opening the mailed link changes
nothing: the button does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from conference.hall import Desk
from conference.permission import PUBLIC
from conference.programme import PublicOrganiser
from conference.rules.acts import AddPerson
from conference.rules.kinds import SYSTEM, PersonId, Phase, Standing
from conference.rules.refused import Code, Refused
from conference.store import people
from conference.store.people import Account, Application
from conference.web import door, forms, letters, signin
from conference.web.browsers import name_browser
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
from conference.web.sentences import Wrong
from conference.web.site import Joined, Site, hash_token, new_person, new_token, site_of
from conference.web.text import gettext as _

Tick = Literal["yes", ""]


class Registration(Struct, forbid_unknown_fields=True):
    """What somebody who registers types and ticks."""

    name: forms.Name
    email: forms.Email
    belongs: forms.Line = ""
    taking_part: Tick = ""
    named: Tick = ""
    recorded: Tick = ""
    contact: Tick = ""


@dataclass(frozen=True, slots=True)
class RegisterPage:
    """The form, and everything that somebody must know before they tick anything."""

    form: Filled
    organiser: PublicOrganiser
    closed: bool
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
        closed=site.meeting.conference.phase is Phase.CLOSED,
        sent=not form.code and "sent" in request.query_params,
        by_hand=not letters.sends(site),
    )
    status = STATUS[Wrong(form.code)] if form.code else 200
    return render(request, visit, "register", _("Register"), context, status=status)


async def register(request: Request, visit: Visit) -> Response:
    """Store the registration and write a mail; say the same for every address."""
    site = site_of(request)
    allow_asking(request)
    try:
        form = await _read(request)
    except BadForm as bad:
        code = Wrong.CONSENT_MISSING if set(bad.fields) == {"taking_part"} else Wrong.BAD_FIELD
        if wants_json(request):
            return answer(request, Refused(code), bad.fields)
        return _page(request, visit, filled(bad, code))
    if site.meeting.conference.phase is Phase.CLOSED:
        raise Refusal(Refused(Code.CONFERENCE_CLOSED))

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
    if not form.taking_part:
        raise BadForm({"taking_part": missing}, _typed(form))
    return form


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
        application = await people.take_application(desk.tx, key, desk.now())
        if application is None or await people.by_email(desk.tx, application.email) is not None:
            return Refused(Wrong.CONFIRMATION_INVALID)
        account = _account(person, application, desk.now())
        await people.add(desk.tx, account)
        remember(site, account)  # before the room is told: the registrar's list shows the name
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


def remember(site: Site, account: Account) -> None:
    """Keep at hand what pages show of this account."""
    site.names[account.person] = account.name
    site.joined[account.person] = Joined(account.belongs, account.created_at)
    if account.consent_named:
        site.named.add(account.person)


def forget(site: Site, person: PersonId) -> None:
    """Keep nothing at hand of somebody who was not stored after all."""
    site.names.pop(person, None)
    site.joined.pop(person, None)
    site.named.discard(person)


ROUTES = [
    route("/register", page, PUBLIC),
    route("/register", register, PUBLIC, ("POST",)),
    route("/r/{token}", link, PUBLIC),
    route("/r/{token}", confirm, PUBLIC, ("POST",)),
]
