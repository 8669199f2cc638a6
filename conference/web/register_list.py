"""Everybody on the register: searched, filtered, addresses masked until somebody is opened."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from conference.permission import OFFICE
from conference.rules.change import counts_as_delegate
from conference.rules.kinds import PersonId, Role, Standing
from conference.rules.state import Person
from conference.store import people, registrations
from conference.store.people import Account
from conference.web.addresses import masked
from conference.web.guard import Visit, route
from conference.web.hints import Hints
from conference.web.pages import render
from conference.web.site import Site, site_of
from conference.web.text import gettext
from conference.web.text import lazy as _
from conference.web.views.standing import standing_in_words

LISTED = 200


@dataclass(frozen=True, slots=True)
class Listed:
    """One person of the list."""

    id: str
    name: str
    belongs: str
    address: str
    standing: str
    present: bool
    hints: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FilterLine:
    """One filter, and how many it shows."""

    name: str
    label: str
    n: int
    current: bool


@dataclass(frozen=True, slots=True)
class RegisterListPage:
    """Everybody on the register, or those who were searched for."""

    q: str
    filters: tuple[FilterLine, ...]
    people: tuple[Listed, ...]
    total: int


@dataclass(frozen=True, slots=True)
class _One:
    """What a filter looks at."""

    site: Site
    row: Person
    account: Account
    signed_in: bool
    hints: tuple[str, ...]


FILTERS: Mapping[str, tuple[str, Callable[[_One], bool]]] = {
    "all": (_("Everybody"), lambda _one: True),
    "waiting": (_("Waiting"), lambda one: one.row.standing is Standing.WAITING),
    "delegates": (_("Delegates"), lambda one: counts_as_delegate(one.row)),
    "observers": (_("Observers"), lambda one: Role.OBSERVER in one.row.roles),
    "declined": (_("Not accepted"), lambda one: one.row.standing is Standing.DECLINED),
    "present": (_("Present"), lambda one: one.row.present),
    "unseen": (
        _("Accepted, not yet signed in"),
        lambda one: one.row.standing is Standing.ACCEPTED and not one.signed_in,
    ),
    "noaddress": (_("Without an address"), lambda one: not one.account.email),
    "names": (_("New name waits"), lambda one: bool(one.site.joined[one.row.id].wish)),
    "hints": (_("With a hint"), lambda one: bool(one.hints)),
}  # fmt: skip
"""What the list can be narrowed to."""


async def everybody(request: Request, visit: Visit) -> Response:
    """List the people on the register; `q` looks into name, address and how they belong."""
    site = site_of(request)
    q = request.query_params.get("q", "").strip()[:120]
    show = request.query_params.get("show", "all")
    show = show if show in FILTERS else "all"
    async with site.store.reading() as reader:
        accounts = await people.all(reader)
        seen = await registrations.have_signed_in(reader)
    hints = Hints(site)
    rows = [
        _One(site, site.meeting.people[a.person], a, a.person in seen, hints.of(a.person))
        for a in accounts
        if a.person in site.meeting.people and a.person in site.joined
    ]
    found = [one for one in rows if _matches(one.account, q.casefold())]
    shown = [one for one in found if FILTERS[show][1](one)]
    shown.sort(key=lambda one: (one.account.name.casefold(), one.account.person))
    context = RegisterListPage(
        q=q,
        filters=tuple(
            FilterLine(name, gettext(label), sum(1 for one in found if fits(one)), name == show)
            for name, (label, fits) in FILTERS.items()
        ),
        people=tuple(_listed(one) for one in shown[:LISTED]),
        total=len(shown),
    )
    title = gettext("Everybody on the register")
    return render(request, visit, "register_list", title, context, polls=True)


def _matches(account: Account, q: str) -> bool:
    return any(
        q in text.casefold() for text in (account.name, account.belongs, account.email or "")
    )


def _listed(one: _One) -> Listed:
    return Listed(
        id=one.row.id,
        name=one.site.name(PersonId(one.row.id)) or one.account.name,
        belongs=one.account.belongs,
        address=masked(one.account.email or ""),
        standing=standing_in_words(one.row),
        present=one.row.present,
        hints=one.hints,
    )


ROUTES = [route("/registrar/people", everybody, OFFICE)]
