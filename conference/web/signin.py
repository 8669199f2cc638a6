"""Signing in by mail: a link with a button, and a code to type on another device.

The answer is the same whether anybody is registered with the address or not. Link and code are one
row of the database: whichever is used first uses both. The link is bound to the browser that asked;
anywhere else it asks for the code of the same mail.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated

from msgspec import Meta, Struct
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from conference.hall import Desk
from conference.permission import PUBLIC
from conference.rules.kinds import PersonId
from conference.rules.refused import Refused
from conference.store import Reader, people, signins
from conference.store.people import email_key
from conference.store.signins import Code, Purpose
from conference.web import codes, door, forms, letters, passkeys
from conference.web.browsers import browser_of, name_browser
from conference.web.door import DIGITS
from conference.web.forms import BadForm, Filled, filled
from conference.web.guard import STATUS, Refusal, Visit, answer, route, unless_refused, wants_json
from conference.web.limiting import allow_asking
from conference.web.pages import render
from conference.web.sentences import Wrong
from conference.web.site import Site, hash_token, site_of
from conference.web.text import gettext as _
from conference.web.views.standing import minutes_in_words

OWN_PATH = re.compile(r"\A/(?![/\\])[A-Za-z0-9/_.~-]{0,200}\Z")
UNKNOWN_BUDGET = "60/minute"
"""So many mails go to addresses that nobody has, from everybody together: we are no way to spam."""


class Ask(Struct, forbid_unknown_fields=True):
    """Asks for a mail that signs in."""

    email: forms.Email
    next: Annotated[str, Meta(max_length=2000)] = ""


class Typed(Struct, forbid_unknown_fields=True):
    """A code, typed: with the address it was mailed to, or alone when it was read out."""

    code: Annotated[str, Meta(min_length=1, max_length=24, pattern=DIGITS)]
    email: Annotated[str, Meta(max_length=254, pattern=f"({forms.EMAIL})|\\A\\Z")] = ""
    next: Annotated[str, Meta(max_length=2000)] = ""
    person: door.Chosen = ""
    keep: door.Keep = ""


class Enter(Struct, forbid_unknown_fields=True):
    """The button of a mailed link; on another device with the code."""

    code: Annotated[str, Meta(max_length=24, pattern=f"({DIGITS})|\\A\\Z")] = ""
    person: door.Chosen = ""
    keep: door.Keep = ""


@dataclass(frozen=True, slots=True)
class SignInPage:
    """The page for signing in; `sent`: a mail has been asked for just now."""

    form: Filled
    typing: Filled
    types: bool
    """Whether it shows the field for a code."""
    sent: bool
    by_hand: bool
    lasts: str
    next: str
    here: str
    passkeys: bool


def own_path(text: str) -> str:
    """Return the path when it is one of ours, otherwise nothing."""
    return text if OWN_PATH.match(text) else ""


async def page(request: Request, visit: Visit) -> Response:
    """Show how to sign in; who has signed in goes on to where they wanted."""
    wanted = own_path(request.query_params.get("next", ""))
    if visit.person is not None and "other" not in request.query_params:
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
    wrong = next((one for one in (form, typing) if one is not None and one.code), None)
    context = SignInPage(
        form=form or Filled(),
        typing=typing or Filled(),
        types=typing is not None or (form is None and "sent" in request.query_params),
        sent=form is None and "sent" in request.query_params,
        by_hand=not letters.sends(site),
        lasts=minutes_in_words(letters.sign_in_minutes(site)),
        next=wanted,
        here=site.name(visit.id) if visit.person else "",
        passkeys=bool(passkeys.host_of(site.settings)),
    )
    status = STATUS[Wrong(wrong.code)] if wrong else 200
    response = render(request, visit, "sign_in", _("Sign in"), context, status=status)
    name_browser(request, response)
    return response


async def code_page(request: Request, visit: Visit) -> Response:
    """Show the field for a code that somebody has at hand."""
    wanted = own_path(request.query_params.get("next", ""))
    return _page(request, visit, wanted, typing=Filled())


async def ask(request: Request, visit: Visit) -> Response:
    """Write a mail to this address, whoever it belongs to; say the same in every case."""
    site = site_of(request)
    allow_asking(request)
    try:
        form = await forms.read(request, Ask)
    except BadForm as bad:
        if wants_json(request):
            raise
        return _page(request, visit, own_path(bad.typed.get("next", "")), form=filled(bad))
    wanted = own_path(form.next)
    where = "/sign-in?other=yes&sent=yes" if visit.person else "/sign-in?sent=yes"
    response = RedirectResponse(f"{where}&next={wanted}" if wanted else where, 303)
    browser = name_browser(request, response)

    async def work(desk: Desk) -> None:
        if await letters.may_write(desk, form.email):
            known = bool(await _people(desk, desk.tx, email_key(form.email)))
            template = "sign_in" if known else "unknown"
            await write_sign_in(desk, site, form.email, template, browser, wanted)

    unless_refused(await site.hall.work(work))
    site.mail_wake()
    return response


async def _people(desk: Desk, reader: Reader, key: str) -> list[PersonId]:
    found = await people.sharing_email(reader, key)
    return [a.person for a in found if a.person in desk.meeting.people]


async def write_sign_in(
    desk: Desk, site: Site, email: str, template: str, browser: str, wanted: str = ""
) -> None:
    """Queue a mail with a link for this browser and a code for another one; older ones still work."""
    minutes = letters.sign_in_minutes(site)
    asked = await codes.mail_code(desk, site, email, minutes, browser=browser, leads_to=wanted)
    # Both mails are written in every case and one of them sent, or none: the time must not tell.
    known = letters.sign_in(site, asked.token, codes.spaced(asked.digits))
    nobody = letters.unknown(site)
    is_known = template != "unknown"
    letters.write(site, "unknown" if is_known else "sign_in", nobody if is_known else known)
    sends_it = is_known or site.limits.allow(UNKNOWN_BUDGET, "unknown")
    context = known if is_known else nobody
    await letters.queue(desk, site, email, template, context, sends_it=sends_it)


async def _row(site: Site, request: Request) -> tuple[Code, tuple[PersonId, ...]]:
    """Return the code behind a mailed link, and who has its address.

    Raises Refusal for one that works no longer, unless this browser has just used it.
    """
    key, now = hash_token(request.path_params["token"]), site.now()
    async with site.store.reading() as reader:
        row = await signins.code(reader, key, now)
        if row is None or row.purpose is not Purpose.MAIL:
            raise Refusal(Refused(Wrong.LINK_INVALID))
        found = await people.sharing_email(reader, row.email_key or "")
    whose = tuple(a.person for a in found if a.person in site.meeting.people)
    if row.used_at is not None and not codes.pressed_again(row, browser_of(request), now):
        raise Refusal(Refused(Wrong.LINK_INVALID))
    if not whose:
        raise Refusal(Refused(Wrong.LINK_INVALID))
    return row, whose


def _is_bound(request: Request, row: Code) -> bool:
    """Say whether this is the browser that asked for the mail."""
    return bool(row.browser) and row.browser == browser_of(request)


async def link(request: Request, visit: Visit) -> Response:
    """Show who can sign in here, and the buttons; elsewhere the field for the code."""
    site = site_of(request)
    row, whose = await _row(site, request)
    if _is_bound(request, row):
        response = door.choice(request, visit, whose)
    else:
        response = _code_page(request, visit, Filled())
    name_browser(request, response)
    return response


def _code_page(request: Request, visit: Visit, form: Filled) -> Response:
    return door.code_page(request, visit, form, name="", sends=False)


async def use_link(request: Request, visit: Visit) -> Response:
    """Sign in by the button of a mailed link; link and code are used up."""
    site = site_of(request)
    row, whose = await _row(site, request)
    try:
        form = await forms.read_or_empty(request, Enter)
    except BadForm as bad:
        if wants_json(request):
            raise
        return _code_page(request, visit, filled(bad))
    bound = _is_bound(request, row)
    if not bound and not form.code:
        return _code_wanted(request, visit)
    chosen = door.chosen(site, whose, form.person)
    if not bound:
        codes.allow_try(request, row.id_hash)
    response = door.way_in()
    browser = name_browser(request, response)

    async def work(desk: Desk) -> bool:
        if not bound and await codes.match(
            desk, site, [row], row.email_key or "", form.code, browser
        ) is None:  # fmt: skip
            return False
        return chosen is None or await codes.used(desk, row, browser)

    done = await site.hall.work(work)
    if isinstance(done, Refused):
        raise Refusal(done)
    if not done and bound:
        raise Refusal(Refused(Wrong.LINK_INVALID))
    if not done:
        return _code_wrong(request, visit, form.code)
    if chosen is None:
        return door.choice(request, visit, whose, hidden=(("code", form.code),))
    return await door.enter(request, visit, response, chosen, form.keep, row.leads_to)


def _code_wanted(request: Request, visit: Visit) -> Response:
    if wants_json(request):
        return answer(request, Refused(Wrong.CODE_NEEDED))
    return _code_page(request, visit, filled(BadForm({}), Wrong.CODE_NEEDED))


def _code_wrong(request: Request, visit: Visit, typed: str) -> Response:
    wrong = BadForm({"code": codes.look_again()}, {"code": typed})
    if wants_json(request):
        return answer(request, Refused(Wrong.CODE_INVALID), wrong.fields)
    return _code_page(request, visit, filled(wrong, Wrong.CODE_INVALID))


async def use_code(request: Request, visit: Visit) -> Response:
    """Sign in with a typed code. A missed code costs that code at last, never the account."""
    try:
        form = await forms.read(request, Typed)
    except BadForm as bad:
        if wants_json(request):
            raise
        return _page(request, visit, own_path(bad.typed.get("next", "")), typing=filled(bad))
    site, wanted = site_of(request), own_path(form.next)
    codes.allow_try(request, hash_token(email_key(form.email)))
    response = door.way_in()
    browser = name_browser(request, response)

    async def work(desk: Desk) -> tuple[PersonId, ...]:
        return await _entering(desk, site, form, browser)

    whose = await site.hall.work(work)
    if isinstance(whose, Refused):
        raise Refusal(whose)
    if not whose:
        return _mistyped(request, visit, form)
    chosen = door.chosen(site, whose, form.person)
    if chosen is None:
        hidden = (("email", form.email), ("code", form.code), ("next", wanted))
        return door.choice(request, visit, whose, hidden=hidden, action="/sign-in/code")
    return await door.enter(request, visit, response, chosen, form.keep, wanted)


def _mistyped(request: Request, visit: Visit, form: Typed) -> Response:
    typed = {"email": form.email, "code": form.code, "next": form.next}
    wrong = BadForm({"code": codes.look_again()}, typed)
    if wants_json(request):
        return answer(request, Refused(Wrong.CODE_INVALID), wrong.fields)
    return _page(request, visit, own_path(form.next), typing=filled(wrong, Wrong.CODE_INVALID))


async def _entering(desk: Desk, site: Site, form: Typed, browser: str) -> tuple[PersonId, ...]:
    """Return whom this code signs in, of whom one may have to be chosen; nobody for a wrong one.

    The code is used up unless there is a choice to be made first.
    """
    digits = codes.digits_of(form.code)
    if len(digits) == codes.LONG:
        person = await codes.spoken_person(desk, site, digits, browser)
        return (person,) if person in desk.meeting.people and person is not None else ()
    key = email_key(form.email)
    whose = tuple(await _people(desk, desk.tx, key))
    rows = await codes.live(desk, browser, email_key=key)
    row = await codes.match(desk, site, rows, key, digits, browser)
    if row is None or not whose:
        return ()
    if door.chosen(site, whose, form.person) is None:
        return whose
    return whose if await codes.used(desk, row, browser) else ()


ROUTES = [
    route("/sign-in", page, PUBLIC),
    route("/sign-in", ask, PUBLIC, ("POST",)),
    route("/sign-in/code", code_page, PUBLIC),
    route("/sign-in/code", use_code, PUBLIC, ("POST",)),
    route("/s/{token}", link, PUBLIC),
    route("/s/{token}", use_link, PUBLIC, ("POST",)),
]
