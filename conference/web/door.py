"""In and out: personal links, the session cookie, signing out."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from conference.hall import Desk
from conference.live.messages import SESSION_ENDED, Bye, encode
from conference.rules.kinds import Mode, PersonId, Role
from conference.rules.refused import Refused
from conference.store import people
from conference.web.guard import Refusal, Visit, cookie_name
from conference.web.pages import render
from conference.web.sentences import Wrong, say
from conference.web.site import Site, hash_token, new_token, site_of
from conference.web.text import gettext as _


@dataclass(frozen=True, slots=True)
class LinkPage:
    """A personal link that has been opened: opening changes nothing, the button does."""

    name: str
    practice: bool


async def link(request: Request, visit: Visit) -> Response:
    """Show whose link this is, and the button. Nothing is consumed."""
    site = site_of(request)
    person, _generation = await _read(site, request.path_params["token"])
    context = LinkPage(site.name(person), practice=not site.settings.secure)
    return render(request, visit, "link", _("Sign in"), context)


async def _read(site: Site, token: str) -> tuple[PersonId, int]:
    """Return whose link this is. Raises Refusal for one that is not ours or has been replaced."""
    read = site.links.read(token)
    if read is None:
        raise Refusal(Refused(Wrong.LINK_INVALID))
    async with site.store.reading() as reader:
        account = await people.get(reader, read[0])
    if account is None or account.link_generation != read[1] or read[0] not in site.meeting.people:
        raise Refusal(Refused(Wrong.LINK_INVALID))
    return read


async def use_link(request: Request, visit: Visit) -> Response:
    """Sign the person in on this browser; the link is used up unless it is a demonstration's."""
    site = site_of(request)
    person, generation = await _read(site, request.path_params["token"])
    reusable = site.meeting.conference.mode is Mode.DEMONSTRATION

    async def work(desk: Desk) -> Refused | None:
        used = await people.use_link(desk.tx, person, generation, site.now(), reusable=reusable)
        return None if used else Refused(Wrong.LINK_USED)

    refused = await site.hall.work(work)
    if refused is not None:
        raise Refusal(refused)
    return await sign_in(request, visit, person)


async def sign_in(request: Request, visit: Visit, person: PersonId) -> Response:
    """Start a new session for this person and go to their first page; an older one here ends."""
    site = site_of(request)
    token = new_token()

    async def work(desk: Desk) -> None:
        if visit.session:
            await people.end_session(desk.tx, visit.session)
        await people.start_session(desk.tx, hash_token(token), person, site.now())

    result = await site.hall.work(work)
    if isinstance(result, Refused):
        raise Refusal(result)
    if visit.session:
        _close_seats(site, visit.session)
    response = RedirectResponse(home_of(site, person), 303)
    response.set_cookie(
        cookie_name(site), token, max_age=14 * 24 * 3600, path="/",
        secure=site.settings.secure, httponly=True, samesite="lax",
    )  # fmt: skip
    return response


def home_of(site: Site, person: PersonId) -> str:
    """Return the page on which this person begins."""
    roles = site.meeting.people[person].roles
    places = (
        ({Role.CHAIR, Role.VICE_CHAIR}, "/chair"),
        ({Role.REGISTRAR, Role.ORGANISER}, "/registrar"),
        ({Role.SPEAKER}, "/speaker"),
        ({Role.TELLER}, "/count"),
        ({Role.DELEGATE, Role.OBSERVER}, "/floor"),
    )
    return next((path for need, path in places if roles & need), "/me")


async def sign_out(request: Request, visit: Visit) -> Response:
    """End this session here and on its open pages."""
    site = site_of(request)

    async def work(desk: Desk) -> None:
        await people.end_session(desk.tx, visit.session)

    result = await site.hall.work(work)
    if isinstance(result, Refused):
        raise Refusal(result)
    _close_seats(site, visit.session)
    response = RedirectResponse("/", 303)
    response.delete_cookie(cookie_name(site), path="/", secure=site.settings.secure, httponly=True)
    return response


def _close_seats(site: Site, session: str) -> None:
    goodbye = Bye(Wrong.SESSION_ENDED, say(Refused(Wrong.SESSION_ENDED)), 0)
    site.room.close_session(session, SESSION_ENDED, encode(goodbye))
