"""One's own page: what the registrar decided, what one agreed to, where one is signed in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from conference.hall import Desk
from conference.live.messages import SESSION_ENDED, Bye, encode
from conference.permission import SIGNED_IN
from conference.rules.refused import Refused
from conference.store import people
from conference.store.people import Account
from conference.web import forms, regions
from conference.web.guard import Visit, route, unless_refused
from conference.web.pages import render
from conference.web.sentences import Wrong, say
from conference.web.site import Site, site_of
from conference.web.text import gettext as _


class ConsentForm(Struct, forbid_unknown_fields=True):
    """One of the three free consents, given or taken back."""

    consent: Literal["named", "recorded", "contact"]
    agree: Literal["yes", "no"]


@dataclass(frozen=True, slots=True)
class Consent:
    """One of the free consents as it stands."""

    name: str
    label: str
    given: bool


@dataclass(frozen=True, slots=True)
class OwnSession:
    """One browser on which one is signed in."""

    since: int
    here: bool


@dataclass(frozen=True, slots=True)
class MePage:
    """What stands on one's own page beside the live region."""

    taking_part_at: int | None
    consents: tuple[Consent, ...]
    sessions: tuple[OwnSession, ...]
    others: bool
    zone: str


async def page(request: Request, visit: Visit) -> Response:
    """Show one's own page."""
    site = site_of(request)
    async with site.store.reading() as reader:
        account = await people.get(reader, visit.id)
        sessions = await people.sessions_of(reader, visit.id)
    own = tuple(OwnSession(s.created_at, s.id_hash == visit.session) for s in sessions)
    context = MePage(
        taking_part_at=account.consent_taking_part_at if account else None,
        consents=_consents(account) if account else (),
        sessions=tuple(sorted(own, key=lambda s: not s.here)),
        others=len(own) > 1,
        zone=site.meeting.conference.zone,
    )
    return render(request, visit, "me", _("My sign-in"), context, view=regions.ME)


def _consents(account: Account) -> tuple[Consent, ...]:
    return (
        Consent("named", _("Be named in published papers"), account.consent_named),
        Consent("recorded", _("Be recorded when speaking"), account.consent_recorded),
        Consent("contact", _("Stay in touch after the conference"), account.consent_contact),
    )


async def consents(request: Request, visit: Visit) -> Response:
    """Give or take back one consent."""
    form = await forms.read(request, ConsentForm)
    site = site_of(request)
    given = form.agree == "yes"

    async def work(desk: Desk) -> None:
        await people.update(desk.tx, visit.id, **{f"consent_{form.consent}": given})

    unless_refused(await site.hall.work(work))
    if form.consent == "named":
        (site.named.add if given else site.named.discard)(visit.id)
    return RedirectResponse("/me", 303)


async def end_others(request: Request, visit: Visit) -> Response:
    """End every other sign-in of this person, and what is open there."""
    site = site_of(request)

    async def work(desk: Desk) -> None:
        await people.end_other_sessions(desk.tx, visit.id, visit.session)

    unless_refused(await site.hall.work(work))
    close_seats(site, visit.id, but=visit.session)
    return RedirectResponse("/me", 303)


def close_seats(site: Site, person: str, but: str = "") -> None:
    """Say goodbye on every open page of this person whose sign-in has ended."""
    goodbye = encode(Bye(Wrong.SESSION_ENDED, say(Refused(Wrong.SESSION_ENDED)), 0))
    for seat in site.room.of_person(person):
        if seat.session != but:
            seat.close(SESSION_ENDED, goodbye)


ROUTES = [
    route("/me", page, SIGNED_IN),
    route("/me/consents", consents, SIGNED_IN, ("POST",)),
    route("/me/sessions", end_others, SIGNED_IN, ("POST",)),
]
