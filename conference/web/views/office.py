"""What the registrar sees live: who waits for a decision, and how many are on the register."""

from __future__ import annotations

from dataclasses import dataclass

from conference.rules.kinds import Role, Standing
from conference.rules.people import is_locked
from conference.rules.state import Person
from conference.web.hints import Hints
from conference.web.site import Joined, Site
from conference.web.text import gettext as _
from conference.web.views.gaps import gaps_view

SHOWN = 100
"""How many of those who wait are shown at a time: who decides begins with the first."""


@dataclass(frozen=True, slots=True)
class WaitingPerson:
    """Somebody who has registered and waits for the registrar's decision."""

    id: str
    name: str
    belongs: str
    note: str
    voucher: str
    since: int
    hints: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PendingDecision:
    """A decision that can still be taken back."""

    id: str
    name: str
    what: str
    until: int


@dataclass(frozen=True, slots=True)
class NameWish:
    """Somebody who wants another display name."""

    id: str
    name: str
    wish: str


@dataclass(frozen=True, slots=True)
class WaitingView:
    """The region `waiting`. Who may only watch the register gets no buttons."""

    people: tuple[WaitingPerson, ...]
    more: int
    pending: tuple[PendingDecision, ...]
    wishes: tuple[NameWish, ...]
    full: bool
    locked: bool
    decides: bool
    zone: str


@dataclass(frozen=True, slots=True)
class RegisterView:
    """The region `register`: how many there are of each."""

    delegates: int
    observers: int
    waiting: int
    present: int
    gaps: tuple[str, ...]
    """What the officers of this conference cannot do yet."""


def _waiting(site: Site) -> list[Person]:
    return [p for p in site.meeting.people.values() if p.standing is Standing.WAITING]


def waiting_view(site: Site, *, decides: bool) -> WaitingView:
    """Return those who wait, the longest waiting first."""
    nobody = Joined("", 0)
    waits = [(site.joined.get(p.id, nobody), p.id) for p in _waiting(site)]
    waits.sort(key=lambda row: (row[0].at, row[1]))
    hints = Hints(site) if waits else None
    rows = tuple(
        WaitingPerson(
            who, site.name(who), known.belongs, known.note, known.voucher, known.at,
            hints.of(who) if hints else (),
        )
        for known, who in waits[:SHOWN]
    )  # fmt: skip
    places = site.public.registration.places
    return WaitingView(
        people=rows,
        more=max(len(waits) - SHOWN, 0),
        pending=_pending(site),
        wishes=_wishes(site),
        full=bool(places) and site.meeting.conference.register >= places,
        locked=is_locked(site.meeting),
        decides=decides,
        zone=site.meeting.conference.zone,
    )


def _pending(site: Site) -> tuple[PendingDecision, ...]:
    words = {"accept": _("accepted"), "observer": _("observer"), "decline": _("not accepted")}
    rows = sorted(site.pending.values(), key=lambda row: (-row.at, row.person))
    return tuple(
        PendingDecision(row.person, site.name(row.person), words[row.what], row.final_at)
        for row in rows
        if row.final_at > site.now()
    )[:SHOWN]


def _wishes(site: Site) -> tuple[NameWish, ...]:
    return tuple(
        NameWish(person, site.name(person), known.wish)
        for person, known in site.joined.items()
        if known.wish and person in site.meeting.people
    )[:SHOWN]


def register_view(site: Site) -> RegisterView:
    """Return how many are accepted, wait and are present."""
    head = site.meeting.conference
    people = site.meeting.people.values()
    accepted = [p for p in people if p.standing is Standing.ACCEPTED]
    return RegisterView(
        delegates=head.register,
        observers=sum(Role.OBSERVER in p.roles for p in accepted),
        waiting=len(_waiting(site)),
        present=head.present,
        gaps=gaps_view(site),
    )
