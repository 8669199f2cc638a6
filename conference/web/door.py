"""In and out: personal links, who is signed in on this browser, signing out.

A personal link works until it is made anew or the conference ends. On the device that used it first it
signs in again and again; on any other it asks for a code, so that a link that was found, forwarded or
read by a mail scanner is not enough.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

from msgspec import Meta, Struct
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from conference.hall import Desk
from conference.permission import PUBLIC, SIGNED_IN
from conference.rules.kinds import Mode, PersonId, Phase, Role
from conference.rules.refused import Code, Refused
from conference.store import Reader, people, signins
from conference.web import codes, forms, letters, sessions
from conference.web.browsers import browser_of, cookie_name, drop, name_browser
from conference.web.forms import BadForm, Filled, filled
from conference.web.guard import STATUS, Refusal, Visit, answer, route, unless_refused, wants_json
from conference.web.limiting import allow_asking
from conference.web.pages import render
from conference.web.sentences import Wrong
from conference.web.site import Site, hash_token, site_of
from conference.web.text import gettext as _
from conference.web.views.standing import minutes_in_words

DIGITS = r"\A[ \t-]*([0-9][ \t-]*){8}(([0-9][ \t-]*){4})?\Z"
"""A mailed code has eight digits, a spoken one twelve; blanks and hyphens do not matter."""


Chosen = Annotated[str, Meta(max_length=40)]
"""Who of several people signs in: a mark from the page, or `all`."""
Keep = Literal["yes", ""]
"""Whoever is signed in here already stays so: the device is shared."""


class Enter(Struct, forbid_unknown_fields=True):
    """The button of a personal link: with a code where the link alone is not enough."""

    code: Annotated[str, Meta(max_length=24, pattern=f"({DIGITS})|\\A\\Z")] = ""
    keep: Keep = ""


class Switch(Struct, forbid_unknown_fields=True):
    """To whom the shared device is handed."""

    person: Annotated[str, Meta(min_length=1, max_length=40)]


@dataclass(frozen=True, slots=True)
class Somebody:
    """One of the people who can sign in here."""

    mark: str
    name: str


@dataclass(frozen=True, slots=True)
class LinkPage:
    """A link that has been opened: opening changes nothing, the button does."""

    people: tuple[Somebody, ...]
    here: str
    """Who is signed in on this browser, when it is somebody else."""
    hidden: tuple[tuple[str, str], ...]
    """What was typed on the page before this one."""
    action: str


@dataclass(frozen=True, slots=True)
class LinkCodePage:
    """A link on another device than its own: it asks for a code."""

    name: str
    """Whose link it is; empty for a mailed one, which does not say."""
    form: Filled
    sends: bool
    sent: bool
    here: str
    lasts: str


def choice(
    request: Request,
    visit: Visit,
    whose: Sequence[PersonId],
    *,
    hidden: tuple[tuple[str, str], ...] = (),
    action: str = "",
) -> Response:
    """Return the page with the button: one for everybody who may sign in here."""
    site = site_of(request)
    context = LinkPage(
        people=tuple(Somebody(site.links.mark(p), site.name(p)) for p in whose),
        here=else_here(site, visit, *whose),
        hidden=hidden,
        action=action,
    )
    return render(request, visit, "link", _("Sign in"), context)


def chosen(site: Site, whose: Sequence[PersonId], mark: str) -> tuple[PersonId, ...] | None:
    """Return who of these people signs in; None while there is a choice to be made."""
    if len(whose) == 1:
        return tuple(whose)
    if mark == "all":
        return tuple(whose)
    one = tuple(person for person in whose if site.links.mark(person) == mark)
    return one or None


def way_in() -> RedirectResponse:
    """Return the answer to a press that signs in, before it is known where it leads."""
    return RedirectResponse("/", 303)


async def enter(
    request: Request,
    visit: Visit,
    response: RedirectResponse,
    persons: tuple[PersonId, ...],
    keep: str = "",
    leads_to: str = "",
    *,
    proved: bool = False,
) -> Response:
    """Sign these people in on this browser and go to where they wanted.

    Whoever was signed in here is so no longer, unless the device is shared.
    """
    site = site_of(request)
    leaving = [row for row in await sessions.here(request) if row.person not in persons]
    if visit.row is not None and visit.row not in leaving and visit.id not in persons:
        leaving.append(visit.row)
    instead = () if keep else tuple(leaving)
    unless_refused(await sessions.begin(request, response, persons, instead=instead, proved=proved))
    response.headers["location"] = leads_to or home_of(site, persons[0])
    return response


async def link(request: Request, visit: Visit) -> Response:
    """Show whose link this is, and the button or the field for the code. Nothing is consumed."""
    site = site_of(request)
    person = await _person(site, request.path_params["token"])
    if await _needs_code(request, person):
        response = await _code_page(request, visit, person, Filled())
    else:
        response = choice(request, visit, (person,))
    name_browser(request, response)
    return response


def else_here(site: Site, visit: Visit, *persons: PersonId) -> str:
    """Return who is signed in here, when it is none of these people."""
    if visit.person is None or visit.id in persons:
        return ""
    return site.name(visit.id)


async def _person(site: Site, token: str) -> PersonId:
    """Return whose personal link this is. Raises Refusal for one that works no longer."""
    key = hash_token(token)
    async with site.store.reading() as reader:
        person = await signins.link_person(reader, key) or await _not_yet_kept(site, reader, key)
    if person is None or person not in site.meeting.people:
        raise Refusal(Refused(Wrong.LINK_INVALID))
    if site.meeting.conference.phase is Phase.CLOSED:
        raise Refusal(Refused(Code.CONFERENCE_CLOSED))
    return person


async def _not_yet_kept(site: Site, reader: Reader, key: str) -> PersonId | None:
    """Look among the people who came since the start: their hashes are kept at the first use."""
    for person, generation in await signins.without_hash(reader):
        if site.links.link_hash(person, generation) == key:
            return person
    return None


async def keep_links(site: Site, desk: Desk) -> None:
    """Store the hash of every personal link that has none yet."""
    missing = await signins.without_hash(desk.tx)
    await signins.keep_links(desk.tx, [(p, site.links.link_hash(p, g)) for p, g in missing])


async def _needs_code(request: Request, person: PersonId) -> bool:
    """Say whether this browser is another than those on which the link has signed in."""
    site = site_of(request)
    if site.meeting.conference.mode is Mode.DEMONSTRATION:
        return False
    async with site.store.reading() as reader:
        account = await people.get(reader, person)
        known = await signins.link_browsers(reader, person)
    used = account is not None and account.link_used_at is not None
    return used and browser_of(request) not in known


async def _code_page(request: Request, visit: Visit, person: PersonId, form: Filled) -> Response:
    site = site_of(request)
    async with site.store.reading() as reader:
        account = await people.get(reader, person)
    sends = bool(account and account.email)
    return code_page(request, visit, form, name=site.name(person), sends=sends)


def code_page(request: Request, visit: Visit, form: Filled, *, name: str, sends: bool) -> Response:
    """Return the page that asks for a code beside the link."""
    site = site_of(request)
    context = LinkCodePage(
        name=name,
        form=form,
        sends=sends,
        sent="sent" in request.query_params,
        here=site.name(visit.id) if visit.person else "",
        lasts=minutes_in_words(letters.sign_in_minutes(site)),
    )
    status = STATUS[Wrong(form.code)] if form.code else 200
    return render(request, visit, "link_code", _("Sign in"), context, status=status)


async def use_link(request: Request, visit: Visit) -> Response:
    """Sign the person in on this browser: by the link alone, or with a code on a new device."""
    site = site_of(request)
    person = await _person(site, request.path_params["token"])
    try:
        form = await forms.read_or_empty(request, Enter)
    except BadForm as bad:
        if wants_json(request):
            raise
        return await _code_page(request, visit, person, filled(bad))
    if form.code:
        codes.allow_try(request, "link", person)
    response = way_in()
    browser = name_browser(request, response)

    async def work(desk: Desk) -> bool:
        await keep_links(site, desk)
        if form.code:
            return await codes.use_at_link(desk, site, person, form.code, browser)
        return await _by_link_alone(desk, person, browser)

    done = await site.hall.work(work)
    if isinstance(done, Refused):
        raise Refusal(done)
    if done:
        return await enter(request, visit, response, (person,), form.keep)
    code = Wrong.CODE_INVALID if form.code else Wrong.CODE_NEEDED
    fields = {"code": codes.look_again()} if form.code else {}
    if wants_json(request):
        return answer(request, Refused(code), fields)
    return await _code_page(
        request, visit, person, filled(BadForm(fields, {"code": form.code}), code)
    )


async def _by_link_alone(desk: Desk, person: PersonId, browser: str) -> bool:
    """Whether the link is enough: at its first use, where it was used, and in a demonstration."""
    if await signins.first_use(desk.tx, person, browser, desk.now()):
        return True
    if desk.meeting.conference.mode is Mode.DEMONSTRATION:
        return True
    return browser in await signins.link_browsers(desk.tx, person)


async def send_code(request: Request, visit: Visit) -> Response:  # noqa: ARG001  (as every handler)
    """Mail a code for this link to the person's address, if there is one; say the same anyway."""
    site, token = site_of(request), request.path_params["token"]
    person = await _person(site, token)
    allow_asking(request)
    response = RedirectResponse(f"/l/{token}?sent=yes", 303)
    browser = name_browser(request, response)

    async def work(desk: Desk) -> None:
        account = await people.get(desk.tx, person)
        if account is None or not account.email:
            return
        if not await letters.may_write(desk, account.email):
            return
        minutes = letters.sign_in_minutes(site)
        asked = await codes.link_code(desk, site, person, minutes, browser)
        context = letters.code_only(site, codes.spaced(asked.digits))
        await letters.queue(desk, site, account.email, "code", context)

    unless_refused(await site.hall.work(work))
    site.mail_wake()
    return response


async def switch(request: Request, visit: Visit) -> Response:
    """Hand a shared device to somebody else who has signed in on it."""
    form = await forms.read(request, Switch)
    site = site_of(request)
    rows = {site.links.mark(row.person): row for row in await sessions.here(request)}
    row = rows.get(form.person)
    if row is None or row.person not in visit.others:
        raise Refusal(Refused(Wrong.NOT_HERE))
    response = RedirectResponse(home_of(site, row.person), 303)
    if not await sessions.renew(request, response, row, grace=0):
        raise Refusal(Refused(Wrong.NOT_HERE))
    # After the answer: a page that reloads at once must find the new cookie.
    response.background = BackgroundTask(sessions.close_seats, site, visit.id, visit.session)
    return response


def home_of(site: Site, person: PersonId) -> str:
    """Return the page on which this person begins."""
    roles = site.meeting.people[person].roles
    places = (
        ({Role.CHAIR, Role.VICE_CHAIR, Role.SECRETARY}, "/chair"),
        ({Role.REGISTRAR, Role.ORGANISER}, "/registrar"),
        ({Role.STEWARD}, "/stage"),
        ({Role.QUEUE_KEEPER}, "/queue-keeper"),
        ({Role.SPEAKER}, "/speaker"),
        ({Role.TELLER}, "/teller"),
        ({Role.ARRANGEMENTS}, "/agenda/edit"),
        ({Role.DELEGATE, Role.OBSERVER}, "/floor"),
    )
    return next((path for need, path in places if roles & need), "/me")


async def sign_out(request: Request, visit: Visit) -> Response:
    """End every sign-in on this browser, and what is open by them."""
    site = site_of(request)
    rows = [row for row in await sessions.here(request) if row.id_hash != visit.session]
    if visit.row is not None:
        rows.append(visit.row)

    async def work(desk: Desk) -> None:
        for row in rows:
            await signins.end(desk.tx, row.id_hash)

    unless_refused(await site.hall.work(work))
    for row in rows:
        sessions.close_seats(site, row.person, row.id_hash)
    response = RedirectResponse("/", 303)
    drop(site, response, cookie_name(site))
    response.headers["Clear-Site-Data"] = '"storage"'
    return response


ROUTES = [
    route("/l/{token}", link, PUBLIC),
    route("/l/{token}", use_link, PUBLIC, ("POST",)),
    route("/l/{token}/code", send_code, PUBLIC, ("POST",)),
    route("/switch", switch, SIGNED_IN, ("POST",)),
    route("/sign-out", sign_out, SIGNED_IN, ("POST",)),
]
