"""Setting up second factors: passkeys, an authenticator with its secret as text, recovery codes."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Annotated, Literal

from markupsafe import Markup
from msgspec import Meta, Struct
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from conference.hall import Desk
from conference.permission import PUBLIC, SIGNED_IN
from conference.rules.kinds import PersonId
from conference.rules.refused import Code, Refused
from conference.store import factors as stored
from conference.store import signins
from conference.store.factors import Factors, Passkey, Totp
from conference.web import door, forms, passkeys, proof, totp
from conference.web.browsers import browser_of, label_of
from conference.web.door import home_of
from conference.web.forms import BadForm, Filled, filled
from conference.web.guard import STATUS, Refusal, Visit, answer, route, unless_refused, wants_json
from conference.web.limiting import allow, allow_asking
from conference.web.pages import render
from conference.web.qr import picture
from conference.web.sentences import Wrong
from conference.web.signin import own_path
from conference.web.site import Site, site_of
from conference.web.text import gettext as _
from conference.web.views.dates import day_of

RECOVERY_CODES = 10
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without letters that are taken for others when they are read off paper."""


class Credential(Struct, forbid_unknown_fields=True):
    """What a browser answers about a passkey, as JSON."""

    credential: Annotated[str, Meta(min_length=2, max_length=20_000)]
    next: Annotated[str, Meta(max_length=2000)] = ""


class Challenge(Struct, forbid_unknown_fields=True):
    """What a passkey is wanted for."""

    purpose: Literal["add", "prove", "sign-in"]


class SixDigits(Struct, forbid_unknown_fields=True):
    """The first code that a new authenticator shows."""

    code: Annotated[str, Meta(min_length=6, max_length=12, pattern=r"\A[0-9 ]+\Z")]


class Removal(Struct, forbid_unknown_fields=True):
    """Which factor is removed: a passkey by its mark, or the authenticator."""

    factor: Annotated[str, Meta(min_length=1, max_length=40)]


@dataclass(frozen=True, slots=True)
class OwnPasskey:
    """One passkey on the page."""

    mark: str
    label: str
    day: str
    since: int


@dataclass(frozen=True, slots=True)
class FactorsPage:
    """What somebody has set up and can add; for an officer who has nothing, what is wanted."""

    form: Filled
    wanted: bool
    proved: bool
    """Whether they may change anything: a factor was shown, or there is none yet."""
    passkeys: tuple[OwnPasskey, ...]
    possible: bool
    totp: bool
    secret: str
    """The new authenticator's secret as text; empty unless one is being set up."""
    picture: Markup
    uri: str
    """The same for an app on this device; empty unless an authenticator is being set up."""
    recovery: int
    go_on: str
    """Where an officer's work is, once the office is accepted in this sign-in; empty otherwise."""


@dataclass(frozen=True, slots=True)
class RecoveryPage:
    """Recovery codes, shown once."""

    codes: tuple[str, ...]
    go_on: str
    """Where an officer's work is; empty for everybody else."""


async def page(request: Request, visit: Visit) -> Response:
    """Show the factors, and how to add one."""
    return await _page(request, visit, Filled())


async def _page(request: Request, visit: Visit, form: Filled) -> Response:
    site = site_of(request)
    async with site.store.reading() as reader:
        own = await stored.of(reader, visit.id)
    zone = site.meeting.conference.zone
    changeable = _may_change(visit, own)
    secret = ""
    if changeable and own.totp is not None and own.totp.confirmed_at is None:
        secret = totp.unseal(site.links, own.totp.secret) or ""
    uri = totp.address(secret, site.meeting.conference.name, site.name(visit.id)) if secret else ""
    context = FactorsPage(
        form=form,
        wanted=bool(visit.locked),
        proved=changeable,
        passkeys=tuple(
            OwnPasskey(_mark(site, k), k.label, day_of(k.created_at, zone), k.created_at)
            for k in own.passkeys
        ),
        possible=bool(passkeys.host_of(site.settings)),
        totp=own.totp is not None and own.totp.confirmed_at is not None,
        secret=" ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        picture=picture(uri) if uri else Markup(),
        uri=uri,
        recovery=own.recovery,
        go_on=_go_on(site, visit) if own.ready and changeable else "",
    )
    status = STATUS[Wrong(form.code)] if form.code else 200
    return render(request, visit, "factors", _("Second factor"), context, status=status)


def _go_on(site: Site, visit: Visit) -> str:
    return home_of(site, visit.id) if proof.needed(site, visit.id) else ""


def _mark(site: Site, key: Passkey) -> str:
    return site.links.keyed_hash("passkey mark", key.id)[:16]


def _may_change(visit: Visit, own: Factors) -> bool:
    shown = visit.row is not None and visit.row.proved_at is not None
    return shown or not own.ready


async def _own(desk: Desk, visit: Visit) -> Factors | Refused:
    """Return what this person has; a refusal unless they may change it."""
    own = await stored.of(desk.tx, visit.id)
    return own if _may_change(visit, own) else Refused(Wrong.NEEDS_PROOF)


# --- an authenticator --------------------------------------------------------------------------------


async def begin(request: Request, visit: Visit) -> Response:
    """Make a secret for an authenticator; it counts once its first code was typed."""
    site = site_of(request)

    async def work(desk: Desk) -> Refused | None:
        own = await _own(desk, visit)
        if isinstance(own, Refused):
            return own
        sealed = totp.seal(site.links, totp.new_secret())
        await stored.begin_totp(desk.tx, Totp(visit.id, sealed, desk.now()))
        return None

    unless_refused(await site.hall.work(work))
    return RedirectResponse("/factors#authenticator", 303)


async def confirm(request: Request, visit: Visit) -> Response:
    """Prove a new authenticator by its first code; recovery codes come with it."""
    try:
        form = await forms.read(request, SixDigits)
    except BadForm as bad:
        if wants_json(request):
            raise
        return await _page(request, visit, filled(bad))
    site = site_of(request)
    allow(request, "10/minute", "prove", visit.session)

    async def work(desk: Desk) -> bool | Refused:
        own = await _own(desk, visit)
        if isinstance(own, Refused):
            return own
        return await proof.proves(desk, site, visit, form.code)

    done = await site.hall.work(work)
    if isinstance(done, Refused):
        raise Refusal(done)
    if not done:
        wrong = BadForm({"code": _("Type the six digits that the app shows now.")}, {})
        if wants_json(request):
            return answer(request, Refused(Wrong.CODE_INVALID), wrong.fields)
        return await _page(request, visit, filled(wrong, Wrong.CODE_INVALID))
    return await proof.proved(request, visit, await _fresh_recovery(request, visit))


# --- recovery codes ------------------------------------------------------------------------------------


async def recovery(request: Request, visit: Visit) -> Response:
    """Make new recovery codes and show them once; older ones are gone."""
    return await _fresh_recovery(request, visit)


async def _fresh_recovery(request: Request, visit: Visit) -> Response:
    site = site_of(request)
    made = [
        "".join(secrets.choice(ALPHABET) for _n in range(10)) for _code in range(RECOVERY_CODES)
    ]

    async def work(desk: Desk) -> Refused | None:
        own = await stored.of(desk.tx, visit.id)
        row = await signins.session(desk.tx, visit.session, desk.now())
        if not own.ready or row is None or row.proved_at is None:
            return Refused(Wrong.NEEDS_PROOF)
        hashes = [proof.recovery_hash(site, visit.id, code) for code in made]
        await stored.new_recovery(desk.tx, visit.id, hashes)
        return None

    unless_refused(await site.hall.work(work))
    context = RecoveryPage(tuple(f"{code[:5]}-{code[5:]}" for code in made), _go_on(site, visit))
    if wants_json(request):
        return JSONResponse({"codes": list(context.codes)})
    return render(request, visit, "recovery", _("Recovery codes"), context)


async def remove(request: Request, visit: Visit) -> Response:
    """Remove one factor. An officer of a real conference keeps at least one."""
    form = await forms.read(request, Removal)
    site = site_of(request)

    async def work(desk: Desk) -> Refused | None:
        own = await _own(desk, visit)
        if isinstance(own, Refused):
            return own
        count = len(own.passkeys) + (own.totp is not None and own.totp.confirmed_at is not None)
        if count == 1 and proof.needed(site, visit.id):
            return Refused(Wrong.LAST_FACTOR)
        if form.factor == "authenticator":
            await stored.remove_totp(desk.tx, visit.id)
            return None
        key = next((k for k in own.passkeys if _mark(site, k) == form.factor), None)
        if key is None:
            return Refused(Code.UNKNOWN)
        await stored.remove_passkey(desk.tx, visit.id, key.id)
        return None

    unless_refused(await site.hall.work(work))
    return RedirectResponse("/factors", 303)


# --- passkeys --------------------------------------------------------------------------------------------


async def challenge(request: Request, visit: Visit) -> Response:
    """Return what the browser is to ask its passkey for, as JSON. Stores nothing."""
    form = await forms.read(request, Challenge)
    site, browser = site_of(request), browser_of(request)
    allow_asking(request)
    if not passkeys.host_of(site.settings) or not browser:
        raise Refusal(Refused(Wrong.NO_PASSKEYS))
    if visit.person is None and form.purpose != "sign-in":
        raise Refusal(Refused(Wrong.SIGNED_OUT))
    fresh = site.challenges.ask(browser, form.purpose, site.now())
    if form.purpose == "sign-in":
        return _json(passkeys.request(site, fresh))
    async with site.store.reading() as reader:
        own = await stored.of(reader, visit.id)
    if form.purpose == "prove":
        return _json(passkeys.request(site, fresh, own.passkeys))
    return _json(passkeys.creation(site, visit.id, fresh, own.passkeys))


def _json(text: str) -> Response:
    return Response(text, media_type="application/json")


async def add_passkey(request: Request, visit: Visit) -> Response:
    """Keep a passkey that this browser has just made; it counts as shown."""
    form = await forms.read(request, Credential)
    site = site_of(request)
    asked = site.challenges.take(browser_of(request), "add", site.now())
    made = passkeys.check_new(site, form.credential, asked) if asked else None
    if made is None:
        raise Refusal(Refused(Wrong.PASSKEY_INVALID))

    async def work(desk: Desk) -> Refused | None:
        own = await _own(desk, visit)
        if isinstance(own, Refused):
            return own
        key = Passkey(
            made.id, visit.id, made.public_key, made.sign_count, label_of(request), desk.now()
        )
        if not await stored.add_passkey(desk.tx, key):
            return Refused(Wrong.PASSKEY_INVALID)
        await signins.prove(desk.tx, visit.session, desk.now())
        return None

    unless_refused(await site.hall.work(work))
    return await proof.proved(request, visit, JSONResponse({"go": "/factors"}))


async def show_passkey(request: Request, visit: Visit) -> Response:
    """Take a passkey as the second factor of whoever is signed in."""
    form = await forms.read(request, Credential)
    person = await _shown(request, form.credential, "prove")
    if person != visit.id:
        raise Refusal(Refused(Wrong.PASSKEY_INVALID))

    async def work(desk: Desk) -> None:
        await signins.prove(desk.tx, visit.session, desk.now())

    unless_refused(await site_of(request).hall.work(work))
    go = JSONResponse({"go": own_path(form.next) or "/factors"})
    return await proof.proved(request, visit, go)


async def enter_by_passkey(request: Request, visit: Visit) -> Response:
    """Sign in by a passkey alone: it is something one has and, checked by the device, is or knows."""
    form = await forms.read(request, Credential)
    site = site_of(request)
    person = await _shown(request, form.credential, "sign-in")
    if person is None or person not in site.meeting.people:
        raise Refusal(Refused(Wrong.PASSKEY_INVALID))
    response = door.way_in()
    await door.enter(request, visit, response, (person,), leads_to=own_path(form.next), proved=True)
    go = JSONResponse({"go": response.headers["location"]})
    for name, value in response.raw_headers:
        if name == b"set-cookie":
            go.raw_headers.append((name, value))
    return go


async def _shown(request: Request, credential: str, purpose: str) -> PersonId | None:
    """Return whose passkey was shown; its challenge is used up."""
    site = site_of(request)
    asked = site.challenges.take(browser_of(request), purpose, site.now())
    if asked is None:
        return None

    async def work(desk: Desk) -> PersonId | None:
        key = await stored.passkey(desk.tx, passkeys.id_of(credential))
        count = passkeys.check_shown(site, credential, asked, key) if key else None
        if key is None or count is None:
            return None
        await stored.passkey_used(desk.tx, key.id, count)
        return key.person

    person = await site.hall.work(work)
    if isinstance(person, Refused):
        raise Refusal(person)
    return person


ROUTES = [
    route("/factors", page, SIGNED_IN),
    route("/factors/authenticator", begin, SIGNED_IN, ("POST",)),
    route("/factors/authenticator/confirmation", confirm, SIGNED_IN, ("POST",)),
    route("/factors/recovery", recovery, SIGNED_IN, ("POST",)),
    route("/factors/removal", remove, SIGNED_IN, ("POST",)),
    route("/passkeys", add_passkey, SIGNED_IN, ("POST",)),
    route("/passkeys/proof", show_passkey, SIGNED_IN, ("POST",)),
    route("/passkeys/challenge", challenge, PUBLIC, ("POST",)),
    route("/passkeys/entry", enter_by_passkey, PUBLIC, ("POST",)),
]
