"""Who *lost the connection* in a vote (standing order 18): counted, never named.

Was connected at the opening, then dropped, has no ballot in, and was not back before the close. In
memory only: after a restart of the server nothing is known of the vote that was running.
"""

from __future__ import annotations

from dataclasses import dataclass

from conference.rules.kinds import PersonId, VoteState
from conference.rules.state import Meeting
from conference.web.site import Openings, Site

TENTH = 10
"""Standing order 18: a tenth of the delegates who were checked in when the vote opened."""


@dataclass(frozen=True, slots=True)
class LostView:
    """How many, of how many on the roll; `many` from a tenth on."""

    count: int
    roll: int
    many: bool


def follow(site: Site, after: Meeting) -> None:
    """Note who is connected as a vote opens, and count who is lost as it closes."""
    number = after.conference.vote
    vote = after.votes.get(number) if number is not None else None
    seen = site.openings
    if vote is None or vote.state is VoteState.ANNOUNCED:
        return
    if vote.state is VoteState.OPEN:
        if seen.vote != vote.id:
            roll = after.rolls.get(vote.id)
            here = {PersonId(person) for person in site.room.people() if person}
            people = roll.people & here if roll is not None else here
            site.openings = Openings(vote.id, frozenset(people))
    elif seen.vote == vote.id and seen.final is None:
        seen.final = _lost(site, seen)


def _lost(site: Site, seen: Openings) -> int:
    return len(seen.people - set(site.hall.voted) - {PersonId(p) for p in site.room.people()})


def lost_view(site: Site) -> LostView | None:
    """Return the figure of the latest vote while it is open and after its close; None without one."""
    seen = site.openings
    number = site.meeting.conference.vote
    vote = site.meeting.votes.get(number) if number is not None else None
    if vote is None or seen.vote != vote.id or vote.state is VoteState.VOID:
        return None
    count = _lost(site, seen) if seen.final is None else seen.final
    return LostView(count, vote.roll, many=count > 0 and count * TENTH >= vote.roll)
