"""Signing in by mail: a link with a button, and a code to type where the link cannot be opened.

The answer is the same whether anybody is registered with the address or not. Link and code are one
row of the database: whichever is used first uses both.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from typing import Annotated

from msgspec import Meta, Struct
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from conference.hall import Desk
from conference.permission import PUBLIC
from conference.rules.kinds import PersonId
from conference.rules.refused import Refused
from conference.store import people
from conference.store.people import Account
from conference.web import door, forms, letters
from conference.web.forms import BadForm, Filled
from conference.web.guard import STATUS, Refusal, Visit, answer, route, unless_refused, wants_json
from conference.web.pages import render
from conference.web.sentences import Wrong, say
from conference.web.site import Site, hash_token, site_of
from conference.web.text import gettext as _
from conference.web.views.standing import minutes_in_words

PURPOSE = "sign-in"
TRIES = 10
"""So often a code may be missed before it is no longer good; its link goes with it."""
OWN_PATH = re.compile(r"\A/(?![/\\])[A-Za-z0-9/_.~-]{0,200}\Z")


class Ask(Struct, forbid_unknown_fields=True):
    """Asks for a mail that signs in."""

    email: forms.Email
    next: Annotated[str, Meta(max_length=2000)] = ""


class Typed(Struct, forbid_unknown_fields=True):
    """The code of such a mail, typed."""

    email: forms.Email
    code: Annotated[str, Meta(min_length=1, max_length=20, pattern=r"\A[ \t-]*([0-9][ \t-]*){8}\Z")]
    next: Annotated[str, Meta(max_length=2000)] = ""


@dataclass(frozen=True, slots=True)
class SignInPage:
    """The page for signing in; `sent`: a mail has been asked for."""

    form: Filled
    typing: Filled
    sent: bool
    by_hand: bool
    lasts: str
    next: str


def own_path(text: str) -> str:
    """Return the path when it is one of ours, otherwise nothing."""
    return text if OWN_PATH.match(text) else ""


def client_of(request: Request) -> str:
    """Return what tells one remote end from another."""
    return request.client.host if request.client else ""


def allow(request: Request, rule: str, *key: str) -> None:
    """Count one try. Raises Refusal when there have been too many."""
    if not site_of(request).limits.allow(rule, *key):
        raise Refusal(Refused(Wrong.TOO_OFTEN))


def filled(bad: BadForm, code: Wrong = Wrong.BAD_FIELD) -> Filled:
    """Return the form as it was typed, with what is wrong about it."""
    sentence = " ".join([say(Refused(code)), *(s for n, s in bad.fields.items() if not n)])
    return Filled(bad.typed, bad.fields, str(code), sentence)


async def page(request: Request, visit: Visit) -> Response:
    """Show how to sign in; who has signed in goes on to where they wanted."""
    wanted = own_path(request.query_params.get("next", ""))
    if visit.person is not None:
        return RedirectResponse(wanted or door.home_of(site_of(request), visit.id), 303)
    return _page(request, visit, wanted)


def _page(
    request: Request,
    visit: Visit,
    wanted: str,
    *,
    form: Filled | None = None,
    typing: Filled | None = None,
) -> Response:
    site = site_of(request)
    wrong = form or typing
    context = SignInPage(
        form=form or Filled(),
        typing=typing or Filled(),
        sent=typing is not None or (form is None and "sent" in request.query_params),
        by_hand=not letters.sends(site),
        lasts=minutes_in_words(letters.sign_in_minutes(site)),
        next=wanted,
    )
    status = STATUS[Wrong(wrong.code)] if wrong else 200
    return render(request, visit, "sign_in", _("Sign in"), context, status=status)


async def ask(request: Request, visit: Visit) -> Response:
    """Write a mail to this address, whoever it belongs to; say the same in every case."""
    site = site_of(request)
    allow(request, "300/minute", "mail", client_of(request))
    try:
        form = await forms.read(request, Ask)
    except BadForm as bad:
        if wants_json(request):
            raise
        return _page(request, visit, own_path(bad.typed.get("next", "")), form=filled(bad))
    wanted = own_path(form.next)

    async def work(desk: Desk) -> None:
        if not await letters.may_write(desk, form.email):
            return
        account = await people.by_email(desk.tx, form.email)
        if account is not None and account.person in desk.meeting.people:
            await write_sign_in(desk, site, account, "sign_in", wanted)
        else:
            await letters.queue(desk, site, form.email, "unknown", letters.unknown(site))

    unless_refused(await site.hall.work(work))
    site.mail_wake()
    return RedirectResponse(
        f"/sign-in?sent=yes&next={wanted}" if wanted else "/sign-in?sent=yes", 303
    )


async def write_sign_in(
    desk: Desk, site: Site, account: Account, template: str, wanted: str = ""
) -> None:
    """Queue a mail with a link and a code that sign this person in; older ones are dead."""
    code = f"{secrets.randbelow(10**8):08}"
    expires = desk.now() + letters.sign_in_minutes(site) * letters.MINUTE
    key = site.links.keyed_hash(PURPOSE, account.person, code)
    await people.add_code(desk.tx, key, account.person, PURPOSE, expires)
    token = site.links.sign(PURPOSE, account.person, code, wanted)
    context = letters.sign_in(site, token, f"{code[:4]} {code[4:]}")
    await letters.queue(desk, site, account.email or "", template, context)


def _read(site: Site, token: str) -> tuple[PersonId, str, str]:
    """Return whose token it is, the hash of its code, and where to go on."""
    facts = site.links.signed(PURPOSE, token)
    if facts is None:
        raise Refusal(Refused(Wrong.LINK_INVALID))
    person, code, wanted = (str(fact) for fact in facts)
    return PersonId(person), site.links.keyed_hash(PURPOSE, person, code), wanted


async def link(request: Request, visit: Visit) -> Response:
    """Show whose link this is, and the button. Nothing is consumed."""
    site = site_of(request)
    person, key, _wanted = _read(site, request.path_params["token"])
    async with site.store.reading() as reader:
        found = await people.code_person(reader, key, site.now(), PURPOSE)
    if found != person or person not in site.meeting.people:
        raise Refusal(Refused(Wrong.LINK_INVALID))
    context = door.LinkPage(site.name(person), practice=not site.settings.secure)
    return render(request, visit, "link", _("Sign in"), context)


async def use_link(request: Request, visit: Visit) -> Response:
    """Sign the person in on this browser; link and code are used up."""
    site = site_of(request)
    person, key, wanted = _read(site, request.path_params["token"])
    if await _use(site, key) == person and person in site.meeting.people:
        return await _enter(request, visit, person, wanted)
    if visit.person is not None and visit.id == person:  # a double click: the first one did it
        return RedirectResponse(wanted or door.home_of(site, person), 303)
    raise Refusal(Refused(Wrong.LINK_INVALID))


async def _use(site: Site, key: str) -> PersonId | None:
    async def work(desk: Desk) -> PersonId | None:
        return await people.use_code(desk.tx, key, desk.now(), PURPOSE)

    result = await site.hall.work(work)
    if isinstance(result, Refused):
        raise Refusal(result)
    return result


async def _enter(request: Request, visit: Visit, person: PersonId, wanted: str) -> Response:
    response = await door.sign_in(request, visit, person)
    if wanted:
        response.headers["location"] = wanted
    return response


async def use_code(request: Request, visit: Visit) -> Response:
    """Sign in with address and code. A missed code costs that code at last, never the account."""
    try:
        form = await forms.read(request, Typed)
    except BadForm as bad:
        if wants_json(request):
            raise
        return _page(request, visit, own_path(bad.typed.get("next", "")), typing=filled(bad))
    site, wanted = site_of(request), own_path(form.next)
    allow(
        request, "10/minute", "code", client_of(request), hash_token(people.email_key(form.email))
    )
    person = await _person_of_code(site, form)
    if person is not None and person in site.meeting.people:
        return await _enter(request, visit, person, wanted)
    look = _("Look at the code and at the address again; only the newest code works.")
    wrong = BadForm({"code": look}, _typed(form))
    if wants_json(request):
        return answer(request, Refused(Wrong.CODE_INVALID), wrong.fields)
    return _page(request, visit, wanted, typing=filled(wrong, Wrong.CODE_INVALID))


def _typed(form: Typed) -> dict[str, str]:
    return {"email": form.email, "code": form.code, "next": form.next}


async def _person_of_code(site: Site, form: Typed) -> PersonId | None:
    digits = "".join(c for c in form.code if c.isdigit())

    async def work(desk: Desk) -> PersonId | None:
        account = await people.by_email(desk.tx, form.email)
        whose = account.person if account else PersonId("")
        key = site.links.keyed_hash(PURPOSE, whose, digits)
        person = await people.use_code(desk.tx, key, desk.now(), PURPOSE)
        if person is None:
            await people.miss_code(desk.tx, whose, PURPOSE, desk.now(), TRIES)
        return person

    result = await site.hall.work(work)
    if isinstance(result, Refused):
        raise Refusal(result)
    return result


ROUTES = [
    route("/sign-in", page, PUBLIC),
    route("/sign-in", ask, PUBLIC, ("POST",)),
    route("/sign-in/code", use_code, PUBLIC, ("POST",)),
    route("/s/{token}", link, PUBLIC),
    route("/s/{token}", use_link, PUBLIC, ("POST",)),
]
