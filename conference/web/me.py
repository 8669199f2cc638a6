"""One's own page: what the registrar decided, what one agreed to, where one is signed in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from conference.hall import Desk
from conference.permission import SIGNED_IN
from conference.store import feeds, people, signins
from conference.store.people import Account
from conference.web import devices, forms, regions, sessions
from conference.web.guard import Visit, route, unless_refused
from conference.web.pages import render
from conference.web.programme import feed_address, speaks
from conference.web.site import site_of
from conference.web.text import gettext as _
from conference.web.views.dates import day_of


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

    mark: str
    label: str
    day: str
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
    speaks: bool
    """Whether one can have a calendar of one's own slots."""
    calendar: str
    """Its address; empty while there is none."""
    email: str
    wish: str
    """A new display name that waits for the registrar."""


async def page(request: Request, visit: Visit) -> Response:
    """Show one's own page."""
    site = site_of(request)
    zone = site.meeting.conference.zone
    async with site.store.reading() as reader:
        account = await people.get(reader, visit.id)
        found = await signins.of_person(reader, visit.id)
        feed = await feeds.active(reader, visit.id)
    own = tuple(
        OwnSession(
            devices.mark_of(site, s),
            s.label,
            day_of(s.created_at, zone),
            s.created_at,
            s.id_hash == visit.session,
        )
        for s in found
        if not sessions.has_ended(site, s)
    )
    context = MePage(
        taking_part_at=account.consent_taking_part_at if account else None,
        consents=_consents(account) if account else (),
        sessions=tuple(sorted(own, key=lambda s: not s.here)),
        others=len(own) > 1,
        zone=zone,
        speaks=speaks(visit),
        calendar=feed_address(site, visit.id, feed) if feed is not None else "",
        email=(account.email or "") if account else "",
        wish=site.joined[visit.id].wish if visit.id in site.joined else "",
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


ROUTES = [
    route("/me", page, SIGNED_IN),
    route("/me/consents", consents, SIGNED_IN, ("POST",)),
]
