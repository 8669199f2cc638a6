"""Pages that need nobody: whether it is well, the hall screen, whom to tell about a weakness."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from conference.permission import CHAIR, STAGE
from conference.rules.kinds import Mode
from conference.rules.refused import Refused
from conference.web import regions
from conference.web.forms import is_email
from conference.web.guard import Refusal, Visit
from conference.web.live import SCREEN_COOKIE
from conference.web.pages import render
from conference.web.sentences import Wrong
from conference.web.site import site_of
from conference.web.text import gettext as _


async def alive(_request: Request, _visit: Visit) -> Response:
    """Say that the process answers, also while it stops: no reason to start another."""
    return JSONResponse({"alive": True})


async def healthz(request: Request, _visit: Visit) -> Response:
    """Say whether the conference can be used: 503 while it stops, so that nobody new is sent here."""
    site = site_of(request)
    body = {
        "ok": site.ready,
        "version": site.meeting.conference.version,
        "epoch": site.store.epoch,
    }
    return JSONResponse(body, 200 if site.ready else 503)


async def security_txt(request: Request, _visit: Visit) -> Response:
    """Say whom to write to about a weakness (RFC 9116): whoever is responsible for the conference."""
    site = site_of(request)
    contact = site.public.organiser.contact.strip()
    address = site.settings.address
    expires = datetime.fromtimestamp(site.now() / 1000, UTC) + timedelta(days=90)
    lines = (
        f"Contact: {f'mailto:{contact}' if is_email(contact) else f'{address}/privacy'}",
        f"Expires: {expires.replace(hour=0, minute=0, second=0, microsecond=0).isoformat()}",
        "Preferred-Languages: en",
        f"Canonical: {address}/.well-known/security.txt",
        f"Policy: {address}/privacy",
    )
    return PlainTextResponse("\n".join(lines) + "\n")


async def screen(request: Request, visit: Visit) -> Response:
    """The hall screen; in a real conference only for officers and whoever runs the stage."""
    site = site_of(request)
    staff = STAGE.allows(visit.person) or CHAIR.allows(visit.person)
    if site.meeting.conference.mode is Mode.REAL and not staff:
        raise Refusal(Refused(Wrong.SCREEN_LINK))
    return _screen(request, visit)


async def linked_screen(request: Request, visit: Visit) -> Response:
    """The hall screen by its own link, until that is made anew."""
    site = site_of(request)
    facts = site.links.signed("screen", request.path_params["token"])
    if facts != [site.backstage.screen_link]:
        raise Refusal(Refused(Wrong.SCREEN_LINK))
    return _screen(request, visit)


def _screen(request: Request, visit: Visit) -> Response:
    """The page, with a signed pass for its socket, so that nothing is stored by looking."""
    site = site_of(request)
    response = render(request, visit, "screen", _("Hall screen"), view=regions.SCREEN)
    response.set_cookie(
        SCREEN_COOKIE, site.links.screen_pass(site.backstage.screen_link), path="/live",
        httponly=True, samesite="lax", secure=site.settings.secure, max_age=2 * 24 * 3600,
    )  # fmt: skip
    return response
