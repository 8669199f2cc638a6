"""What depends on one person: presence, place in the queue."""

from __future__ import annotations

from dataclasses import dataclass

from conference.rules import debate, question, queue
from conference.rules.kinds import PersonId, Phase, Role, Side, Standing
from conference.web.site import Site


@dataclass(frozen=True, slots=True)
class MeView:
    """The region `me` of the floor."""

    name: str
    standing: str
    delegate: bool
    observer: bool
    present: bool
    closed: bool
    motion: int | None
    place: int
    """Place in the queue, from 1; 0 when not waiting."""
    side_for: bool
    seconder: bool


def me_view(site: Site, person: PersonId) -> MeView:
    """Return what this person sees of themself."""
    row = site.meeting.people[person]
    motion = debate.current_motion(site.meeting)
    place, side_for = 0, False
    asked = question.innermost(site.meeting)
    if asked is not None:
        order = queue.queue(site.meeting, asked)
        for number, request in enumerate(order, 1):
            if request.person == person:
                place, side_for = number, request.side is Side.FOR
    accepted = row.standing is Standing.ACCEPTED
    return MeView(
        name=site.name(person),
        standing=row.standing,
        delegate=accepted and Role.DELEGATE in row.roles,
        observer=accepted and Role.OBSERVER in row.roles,
        present=row.present,
        closed=site.meeting.conference.phase is Phase.CLOSED,
        motion=motion.id if motion else None,
        place=place,
        side_for=side_for,
        seconder=motion is not None and motion.seconder == person,
    )
