"""The door of every route: same origin, session, permission, and errors in plain words.

A handler runs only when all of it has been checked; what raises a refusal is answered here, as a
page for people and as `{"code", "say"}` for scripts.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from urllib.parse import quote

import structlog
from starlette.convertors import IntegerConvertor, register_url_convertor
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, HTTPConnection, Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import Message, Receive

from conference.hall import Trouble
from conference.permission import Permission
from conference.rules.kinds import Mode, PersonId, Role
from conference.rules.refused import Code, Refused
from conference.rules.roles import PROVED
from conference.rules.state import Person
from conference.store.signins import Session
from conference.web import sessions
from conference.web.browsers import LONGEST, cookie_name
from conference.web.forms import BadForm
from conference.web.sentences import Wrong, say
from conference.web.site import Site, hash_token, site_of

log = structlog.get_logger()


class _Id(IntegerConvertor):
    """An `int` in an address: as long as the ids of rows, so that no number is too long to read."""

    regex = "[0-9]{1,15}"


register_url_convertor("int", _Id())

UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})
MAX_BODY = 64 * 1024
BODY_SECONDS = 30.0
"""So long a request's body may take to come."""


@dataclass(frozen=True, slots=True)
class Visit:
    """Who asks: the person of the session, or nobody."""

    person: Person | None
    session: str
    """The hash of the session's token; empty for nobody."""
    row: Session | None = None
    locked: frozenset[Role] = frozenset()
    """Offices that do nothing until a second factor is shown; `person` stands here without them."""
    others: tuple[PersonId, ...] = ()
    """Who else has signed in on this browser, and can be switched to."""

    @property
    def id(self) -> PersonId:
        """The pseudonym of whoever has signed in. Raises when nobody has: a permission was missed."""
        if self.person is None:
            message = "this handler needs a permission that asks for a sign-in"
            raise RuntimeError(message)
        return self.person.id


NOBODY = Visit(None, "")


Handler = Callable[[Request, Visit], Awaitable[Response]]


class Refusal(Exception):  # noqa: N818  (a value of the rules, on its way to the reader)
    """Ends a handler with a refusal; its sentence and status are made here."""

    def __init__(self, refused: Refused) -> None:
        """Carry this refusal."""
        super().__init__(refused.code)
        self.refused = refused


def unless_refused(result: Refused | None) -> None:
    """Go on when the clerk has done it. Raises Refusal when it was refused."""
    if isinstance(result, Refused):
        raise Refusal(result)


def visit(connection: HTTPConnection) -> Visit:
    """Return who asks, by the session cookie."""
    site = site_of(connection)
    token = connection.cookies.get(cookie_name(site), "")
    if not token or len(token) > LONGEST:
        return NOBODY
    signed_in = site.store.signed_in
    now = site.now()
    row = signed_in.session(hash_token(token), now)
    around = signed_in.of_browser(row.browser) if row else ()
    person = site.meeting.people.get(row.person) if row is not None else None
    if row is None or person is None or sessions.has_ended(site, row):
        return NOBODY
    site.asked[person.id] = now
    beside = {s.person for s in around if s.person != person.id and not sessions.has_ended(site, s)}
    others = tuple(sorted(one for one in beside if one in site.meeting.people)) if beside else ()
    locked = _locked(site, person, row)
    shown = replace(person, roles=person.roles - locked) if locked else person
    return Visit(shown, row.id_hash, row, locked, others)


def _locked(site: Site, person: Person, row: Session) -> frozenset[Role]:
    """Return the offices that this sign-in cannot use yet: a real conference asks for a proof."""
    if site.meeting.conference.mode is not Mode.REAL or row.proved_at is not None:
        return frozenset()
    return person.roles & PROVED


def origin_problem(connection: HTTPConnection) -> str | None:
    """Say what is wrong with where this came from, or None.

    `Origin` must be one of ours; where a browser sends none, `Sec-Fetch-Site` must say that it is
    the same origin. Neither: refused.
    """
    site = site_of(connection)
    origin = connection.headers.get("origin")
    if origin is None:
        fetch_site = connection.headers.get("sec-fetch-site")
        return None if fetch_site == "same-origin" else "no Origin"
    if origin in site.origins or origin in own_origins(site, connection):
        return None
    return origin


def own_origins(site: Site, connection: HTTPConnection) -> frozenset[str]:
    """Return the origins that are ours; without a public address, the one that was asked for."""
    if site.settings.public_url:
        return site.origins
    host = connection.headers.get("host", "")
    name = host.rsplit(":", 1)[0].strip("[]") if host else ""
    loopback = name in {"127.0.0.1", "localhost", "::1", site.settings.host}
    return site.origins | ({f"http://{host}"} if loopback else frozenset())


def tell_host(connection: HTTPConnection, came: str) -> None:
    """Tell whoever hosts this what came, what was expected and which setting decides it."""
    log.warning(
        "refused: this came from another origin; if that is your own address, set --public-url",
        came=came[:200],
        expected=sorted(own_origins(site_of(connection), connection)),
        setting="--public-url / CONFERENCE_PUBLIC_URL",
    )


def route(
    path: str,
    handler: Handler,
    permission: Permission,
    methods: tuple[str, ...] = ("GET",),
    *,
    most: int = MAX_BODY,
) -> GuardedRoute:
    """Return a route whose handler runs only after all of this module's checks.

    `most` is how many bytes of a body it reads.
    """

    async def endpoint(request: Request) -> Response:
        request = Request(request.scope, _limited(request, most))
        try:
            return await _guarded(request, handler, permission)
        except ClientDisconnect:
            return Response(status_code=400)  # nobody reads it

    return GuardedRoute(path, endpoint, methods=list(methods), permission=permission)


def _limited(request: Request, most: int) -> Receive:
    """Read this request's body, but not more of it than may be sent there."""
    read = 0
    until = asyncio.get_running_loop().time() + BODY_SECONDS
    whole = False

    async def receive() -> Message:
        nonlocal read, whole
        try:
            async with asyncio.timeout_at(None if whole else until):
                message = await request.receive()
        except TimeoutError:
            raise ClientDisconnect from None  # it sends a byte now and then: nobody waits for it
        whole = not message.get("more_body", False)
        read += len(message.get("body", b""))
        if read > most:
            raise HTTPException(413)
        return message

    return receive


class GuardedRoute(Route):
    """A route that knows its permission, so that a test can ask every one."""

    def __init__(
        self,
        path: str,
        endpoint: Callable[[Request], Awaitable[Response]],
        *,
        methods: list[str],
        permission: Permission,
    ) -> None:
        """Remember the permission beside what Starlette needs."""
        super().__init__(path, endpoint, methods=methods)
        self.permission = permission


async def _guarded(request: Request, handler: Handler, permission: Permission) -> Response:
    site = site_of(request)
    unsafe = request.method in UNSAFE
    if unsafe and (problem := origin_problem(request)) is not None:
        tell_host(request, problem)
        return answer(request, Refused(Wrong.BAD_ORIGIN))
    who = visit(request)
    if not permission.allows(who.person):
        if who.person is not None:
            return _not_allowed(request, who, permission)
        if unsafe:
            return answer(request, Refused(Wrong.SIGNED_OUT))
        return RedirectResponse(f"/sign-in?next={quote(request.url.path)}", 303)
    if unsafe and who.session and not site.limits.allow("20/second", "post", who.session):
        return answer(request, Refused(Wrong.TOO_OFTEN))
    response = await _handled(request, handler, who)
    if unsafe and who.row is not None:
        await sessions.settle(request, response, who.row)
    return response


def _not_allowed(request: Request, who: Visit, permission: Permission) -> Response:
    """Refuse whoever is signed in; who only lacks the proof of an office is led to show it."""
    person = who.person
    if person is None or not permission.allows(replace(person, roles=person.roles | who.locked)):
        return answer(request, Refused(Code.NOT_ALLOWED))
    if request.method in UNSAFE or wants_json(request):
        return answer(request, Refused(Wrong.NEEDS_PROOF))
    return RedirectResponse(f"/prove?next={quote(request.url.path)}", 303)


async def _handled(request: Request, handler: Handler, who: Visit) -> Response:
    """Let the handler answer; what it raises as a refusal is an answer, too."""
    try:
        return await handler(request, who)
    except Refusal as refusal:
        return answer(request, refusal.refused)
    except BadForm as bad:
        return answer(request, Refused(Wrong.BAD_FIELD), bad.fields)
    except HTTPException as error:
        too_large = error.status_code == 413  # noqa: PLR2004
        return answer(request, Refused(Wrong.TOO_LARGE if too_large else Wrong.BAD_FIELD))


STATUS = {
    Wrong.BAD_FIELD: 422,
    Wrong.CONSENT_MISSING: 422,
    Wrong.CODE_INVALID: 422,
    Wrong.MALFORMED: 422,
    Wrong.NOT_CONFIRMED: 422,
    Wrong.BAD_ORIGIN: 403,
    Wrong.SIGNED_OUT: 403,
    Wrong.NOT_FOUND: 404,
    Wrong.METHOD: 405,
    Wrong.TOO_LARGE: 413,
    Wrong.TOO_OFTEN: 429,
    Wrong.LINK_INVALID: 403,
    Wrong.CODE_NEEDED: 403,
    Wrong.NEEDS_PROOF: 403,
    Wrong.PASSKEY_INVALID: 403,
    Wrong.CONFIRMATION_INVALID: 403,
    Wrong.STARTING: 503,
    Wrong.NO_PAPER: 503,
    Wrong.NAME_REFUSED: 422,
    Wrong.IMPORT_GONE: 404,
    Wrong.NO_BUNDLE: 404,
    Wrong.NOT_YOUR_TURN: 403,
    Wrong.NO_ROOM: 404,
    Wrong.PICTURE_REFUSED: 422,
    Wrong.SCREEN_LINK: 403,
    Wrong.ADDRESS_FIXED: 403,
    Wrong.NO_RESERVE: 422,
    Trouble.BUSY: 503,
    Trouble.INTERNAL: 500,
    Trouble.NOT_RECORDED: 503,
    Code.NOT_ALLOWED: 403,
    Code.OBSERVER: 403,
    Code.WAITS_FOR_REGISTRAR: 403,
    Code.NOT_ON_ROLL: 403,
    Code.LATE: 403,
    Code.NOT_YOUR_SLOT: 403,
    Code.SAME_SCRUTINEER: 403,
    Code.NOT_IN_THE_CHAIR: 403,
    Code.CHAIR_BARRED: 403,
    Code.SECOND_OFFICER: 403,
    Code.IN_LOBBY: 403,
    Code.NOT_YOURS: 403,
    Code.UNKNOWN: 404,
    Code.NEEDS_REASON: 422,
    Code.BAD_NUMBERS: 422,
    Code.BAD_TIME: 422,
    Code.BAD_TARGET: 422,
    Code.WORDS_NOT_FOUND: 422,
    Code.BAD_AGENDA: 422,
    Code.AGENDA_ODD: 422,
    Code.SPEAKERS_NEED: 422,
    Code.WRONG_NAME: 422,
    Code.COUNT_DOES_NOT_ADD_UP: 422,
    Code.COUNT_DIFFERS: 422,
}
"""The HTTP status of a refusal; whatever is not named here is a matter of the state: 409."""


def wants_json(request: Request) -> bool:
    """Say whether a script asks, rather than a person."""
    return "application/json" in request.headers.get("accept", "")


def answer(request: Request, refused: Refused, fields: dict[str, str] | None = None) -> Response:
    """Return the refusal with its status: JSON for scripts, a page for people."""
    from conference.web.pages import refused_page  # noqa: PLC0415  (the page needs this module)

    status = STATUS.get(refused.code, 409)
    if isinstance(refused.code, Wrong):  # the hall has counted its own
        site_of(request).hall.meters.refused[refused.code.value] += 1
    headers = {"Retry-After": "1"} if status in {429, 503} else None
    if wants_json(request):
        body: dict[str, object] = {"code": str(refused.code), "say": say(refused)}
        if fields:
            body["fields"] = fields
        return JSONResponse(body, status, headers)
    return refused_page(request, refused, status, headers, fields or {})
