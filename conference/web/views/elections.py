"""An election whose ballot is held outside: its candidates and, once confirmed, its count sheet."""

from __future__ import annotations

from dataclasses import dataclass

from conference.rules.election import candidates_of
from conference.rules.state import Election, Meeting


@dataclass(frozen=True, slots=True)
class CandidateLine:
    """A candidate; the figures are zero until the count sheet is confirmed."""

    name: str
    reserved: bool
    """Counts towards the reserved places."""
    first_preferences: int
    elected: bool


@dataclass(frozen=True, slots=True)
class ElectionView:
    """An election for people. Figures that no second scrutineer has confirmed are not in it."""

    id: int
    anchor: str
    post: str
    places: int
    method: str
    link: str
    opens_at: int
    closes_at: int
    candidates: tuple[CandidateLine, ...]
    confirmed: bool
    received: int
    invalid: int


def election_view(meeting: Meeting, election: Election) -> ElectionView:
    """Return the election as everybody may see it now."""
    confirmed = election.confirmed_by is not None
    first = min(meeting.elections, default=election.id)
    return ElectionView(
        id=election.id,
        anchor="election" if election.id == first else f"election-{election.id}",
        post=election.post,
        places=election.places,
        method=election.method,
        link=election.link,
        opens_at=election.opens_at,
        closes_at=election.closes_at,
        candidates=tuple(
            CandidateLine(
                row.name,
                row.woman,
                (row.first_preferences or 0) if confirmed else 0,
                confirmed and row.elected,
            )
            for row in candidates_of(meeting, election.id)
        ),
        confirmed=confirmed,
        received=(election.received or 0) if confirmed else 0,
        invalid=(election.invalid or 0) if confirmed else 0,
    )


def election_views(meeting: Meeting) -> tuple[ElectionView, ...]:
    """Return every election, by the item that explains it."""
    return tuple(election_view(meeting, meeting.elections[n]) for n in sorted(meeting.elections))
