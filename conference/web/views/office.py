"""What the registrar sees live: who waits for a decision, and how many are on the register."""

from __future__ import annotations

from dataclasses import dataclass

from conference.rules.kinds import Role, Standing
from conference.rules.state import Person
from conference.web.site import Joined, Site

SHOWN = 100
"""How many of those who wait are shown at a time: who decides begins with the first."""


@dataclass(frozen=True, slots=True)
class WaitingPerson:
    """Somebody who has registered and waits for the registrar's decision."""

    id: str
    name: str
    belongs: str
    since: int


@dataclass(frozen=True, slots=True)
class WaitingView:
    """The region `waiting`. Who may only watch the register gets no buttons."""

    people: tuple[WaitingPerson, ...]
    more: int
    decides: bool
    zone: str


@dataclass(frozen=True, slots=True)
class RegisterView:
    """The region `register`: how many there are of each."""

    delegates: int
    observers: int
    waiting: int
    present: int


def _waiting(site: Site) -> list[Person]:
    return [p for p in site.meeting.people.values() if p.standing is Standing.WAITING]


def waiting_view(site: Site, *, decides: bool) -> WaitingView:
    """Return those who wait, the longest waiting first."""
    nobody = Joined("", 0)
    rows = [
        WaitingPerson(p.id, site.name(p.id), known.belongs, known.at)
        for p in _waiting(site)
        for known in (site.joined.get(p.id, nobody),)
    ]
    rows.sort(key=lambda row: (row.since, row.id))
    zone = site.meeting.conference.zone
    return WaitingView(tuple(rows[:SHOWN]), max(len(rows) - SHOWN, 0), decides, zone)


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
    )
