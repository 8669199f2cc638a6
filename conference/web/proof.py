"""Who must show a second factor, and showing it.

In a real conference an office does nothing until its holder has set up a passkey or an authenticator
and shown it in this sign-in. Everything else they may do, as delegates for instance, goes on without.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from typing import Annotated

from msgspec import Meta, Struct
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from conference.hall import Desk
from conference.permission import SIGNED_IN, Permission
from conference.rules.acts import LetIn
from conference.rules.kinds import Mode, PersonId
from conference.rules.refused import Code, Refused
from conference.rules.roles import PROVED
from conference.store import factors, signins
from conference.store.factors import Asking
from conference.web import forms, passkeys, sessions, totp
from conference.web.browsers import browser_of
from conference.web.forms import BadForm, Filled, filled
from conference.web.guard import STATUS, Refusal, Visit, answer, route, unless_refused, wants_json
from conference.web.limiting import allow
from conference.web.pages import render
from conference.web.sentences import Wrong, say
from conference.web.signin import own_path
from conference.web.site import Site, site_of
from conference.web.text import gettext as _
from conference.web.views.words import ROLES

OFFICE = Permission("an office", roles=PROVED)
ASK_MS = 15 * 60 * 1000
FRESH_MS = 5 * 60 * 1000
"""For what would harm everybody, a factor counts for so long after it was shown."""
AGAIN = "/prove?again=yes&next="


class Shown(Struct, forbid_unknown_fields=True):
    """The six digits of an authenticator, or a recovery code."""

    code: Annotated[str, Meta(min_length=6, max_length=24, pattern=r"\A[A-Za-z0-9 -]+\Z")]
    next: Annotated[str, Meta(max_length=2000)] = ""


class Help(Struct, forbid_unknown_fields=True):
    """Asks to be let in, on the way to a page."""

    next: Annotated[str, Meta(max_length=2000)] = ""


class Vouched(Struct, forbid_unknown_fields=True):
    """An officer lets another in: the number that stands on the other's screen."""

    person: Annotated[str, Meta(max_length=40)]
    number: Annotated[str, Meta(pattern=r"\A *[0-9]{2} ?[0-9]{2} *\Z")]


@dataclass(frozen=True, slots=True)
class ProvePage:
    """The page on which an officer shows a second factor."""

    form: Filled
    next: str
    again: bool
    """A factor was shown in this sign-in, and what comes next asks for it once more."""
    passkey: bool
    totp: bool
    number: str
    """What the other officers are told, once help was asked for."""
    vouched: str
    """Who has let them in already, as the first of two."""
    help: bool


@dataclass(frozen=True, slots=True)
class Waiting:
    """An officer who asks to be let in."""

    mark: str
    name: str
    office: str
    vouched: str
    """Who has let them in already, as the first of two."""
    mine: bool


@dataclass(frozen=True, slots=True)
class LetInPage:
    """Officers who ask two others to be let in."""

    waiting: tuple[Waiting, ...]
    code: str
    say: str


def needed(site: Site, person: PersonId) -> bool:
    """Say whether this person holds an office that asks for a second factor now."""
    row = site.meeting.people.get(person)
    real = site.meeting.conference.mode is Mode.REAL
    return real and row is not None and bool(row.roles & PROVED)


def fresh(site: Site, visit: Visit) -> bool:
    """Say whether a second factor was shown in this sign-in a moment ago."""
    shown = visit.row.proved_at if visit.row is not None else None
    return shown is not None and site.now() - shown <= FRESH_MS


def in_need_of_proof(site: Site, visit: Visit) -> bool:
    """Say whether this visit must show a second factor again before it takes what harms everybody."""
    return needed(site, visit.id) and not fresh(site, visit)


async def page(request: Request, visit: Visit) -> Response:
    """Show how to prove who one is; whoever has nothing set up goes there first."""
    return await _page(request, visit, Filled(), own_path(request.query_params.get("next", "")))


async def _page(request: Request, visit: Visit, form: Filled, wanted: str) -> Response:
    site, browser = site_of(request), browser_of(request)
    async with site.store.reading() as reader:
        own = await factors.of(reader, visit.id)
        asked = await factors.asking(reader, site.now())
    if not own.ready and not form.code:
        return RedirectResponse("/factors", 303)
    proved_at = visit.row.proved_at if visit.row is not None else None
    again = "again" in request.query_params and not visit.locked and not fresh(site, visit)
    if proved_at is not None and not again and not form.code:
        return RedirectResponse(wanted or "/factors", 303)
    mine = [row for row in asked if row.person == visit.id and row.browser == browser]
    context = ProvePage(
        form=form,
        next=wanted,
        again=again,
        passkey=bool(own.passkeys) and bool(passkeys.host_of(site.settings)),
        totp=own.totp is not None and own.totp.confirmed_at is not None,
        number=f"{mine[0].number[:2]} {mine[0].number[2:]}" if mine else "",
        vouched=site.name(mine[0].first) if mine and mine[0].first else "",
        help=bool(visit.locked) or again,
    )
    status = STATUS[Wrong(form.code)] if form.code else 200
    return render(request, visit, "prove", _("Second factor"), context, status=status)


async def prove(request: Request, visit: Visit) -> Response:
    """Take the code of an authenticator or a recovery code; each is good once."""
    try:
        form = await forms.read(request, Shown)
    except BadForm as bad:
        if wants_json(request):
            raise
        return await _page(request, visit, filled(bad), own_path(bad.typed.get("next", "")))
    site, wanted = site_of(request), own_path(form.next)
    allow(request, "6/minute", "prove", visit.session)
    allow(request, "60/hour", "prove", visit.id)

    async def work(desk: Desk) -> bool:
        return await proves(desk, site, visit, form.code)

    done = await site.hall.work(work)
    if isinstance(done, Refused):
        raise Refusal(done)
    if not done:
        wrong = BadForm({"code": _("Look again: a code works once, and for half a minute.")}, {})
        if wants_json(request):
            return answer(request, Refused(Wrong.CODE_INVALID), wrong.fields)
        return await _page(request, visit, filled(wrong, Wrong.CODE_INVALID), wanted)
    return await proved(request, visit, RedirectResponse(wanted or "/factors", 303))


async def proves(desk: Desk, site: Site, visit: Visit, typed: str) -> bool:
    """Whether what was typed is their second factor; then this sign-in is proved, and it is used up."""
    shown = await shows(desk, site, visit.id, typed)
    if shown:
        await signins.prove(desk.tx, visit.session, desk.now())
    return shown


async def shows(desk: Desk, site: Site, person: PersonId, typed: str) -> bool:
    """Whether what was typed is this person's second factor; it is used up."""
    text = "".join(typed.split()).replace("-", "").lower()
    if len(text) == totp.DIGITS and text.isdigit():
        own = await factors.of(desk.tx, person)
        secret = totp.unseal(site.links, own.totp.secret) if own.totp else None
        step = totp.step_of(secret, text, desk.now()) if secret else None
        return step is not None and await factors.use_step(desk.tx, person, step, desk.now())
    return await factors.use_recovery(
        desk.tx, person, recovery_hash(site, person, text), desk.now()
    )


def recovery_hash(site: Site, person: PersonId, text: str) -> str:
    """Return what the database keeps of a recovery code."""
    return site.links.keyed_hash("recovery", person, text)


async def proved(request: Request, visit: Visit, response: Response) -> Response:
    """Give a sign-in that has just gained an office's rights a new secret."""
    if visit.row is not None:
        await sessions.renew(request, response, visit.row)
    return response


# --- let in by two other officers ------------------------------------------------------------------


async def ask(request: Request, visit: Visit) -> Response:
    """Ask two other officers to be let in on this browser, for a quarter of an hour."""
    form = await forms.read_or_empty(request, Help)
    site, wanted = site_of(request), own_path(form.next)
    if not visit.locked and not in_need_of_proof(site, visit):
        raise Refusal(Refused(Code.NOT_ALLOWED))
    number = f"{secrets.randbelow(10_000):04}"

    async def work(desk: Desk) -> None:
        until = desk.now() + ASK_MS
        await factors.ask(desk.tx, Asking(visit.id, browser_of(request), number, until))

    unless_refused(await site.hall.work(work))
    back = "/prove?next=" if visit.locked else AGAIN
    return RedirectResponse(f"{back}{wanted}" if wanted else "/prove", 303)


async def waiting(request: Request, visit: Visit) -> Response:
    """Show who asks to be let in."""
    return await _waiting(request, visit, None)


async def _waiting(request: Request, visit: Visit, refused: Refused | None) -> Response:
    site = site_of(request)
    async with site.store.reading() as reader:
        asked = await factors.asking(reader, site.now())
    rows = tuple(
        Waiting(
            site.links.mark(row.person), site.name(row.person), _office(site, row.person),
            site.name(row.first), mine=row.first == visit.id,
        )
        for row in asked
        if row.person != visit.id
    )  # fmt: skip
    context = LetInPage(rows, str(refused.code) if refused else "", say(refused) if refused else "")
    status = STATUS.get(refused.code, 409) if refused else 200
    return render(request, visit, "let_in", _("Let an officer in"), context, status=status)


def _office(site: Site, person: PersonId) -> str:
    row = site.meeting.people.get(person)
    return ", ".join(_(ROLES[role]) for role in sorted(row.roles & PROVED)) if row else ""


async def let_in(request: Request, visit: Visit) -> Response:
    """Vouch for an officer as the first of two, or let them in as the second."""
    form = await forms.read(request, Vouched)
    site = site_of(request)
    allow(request, "10/minute", "let in", visit.id)

    async def work(desk: Desk) -> Refused | None:
        asked = await factors.asking(desk.tx, desk.now())
        row = next((a for a in asked if site.links.mark(a.person) == form.person), None)
        if row is None:
            return Refused(Code.UNKNOWN)
        if not hmac.compare_digest(row.number, "".join(form.number.split())):
            return Refused(Wrong.CODE_INVALID)
        if row.first is None or row.first == visit.id:
            if row.person == visit.id:
                return Refused(Code.SECOND_OFFICER)
            await factors.vouch(desk.tx, row.person, visit.id)
            return None
        refused = desk.take(LetIn(row.person, row.first), visit.id)
        if refused is None:
            await factors.let_in(desk.tx, row, desk.now())
        return refused

    refused = await site.hall.work(work)
    if refused is not None and wants_json(request):
        return answer(request, refused)
    if refused is not None:
        return await _waiting(request, visit, refused)
    return RedirectResponse("/let-in", 303)


ROUTES = [
    route("/prove", page, SIGNED_IN),
    route("/prove", prove, SIGNED_IN, ("POST",)),
    route("/prove/help", ask, SIGNED_IN, ("POST",)),
    route("/let-in", waiting, OFFICE),
    route("/let-in", let_in, OFFICE, ("POST",)),
]
