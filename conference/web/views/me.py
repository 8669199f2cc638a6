"""What depends on one person: presence, place in the queue."""

from __future__ import annotations

from dataclasses import dataclass

from conference.rules import debate, people, question, queue
from conference.rules.kinds import PersonId, Phase, Role, Side, Standing
from conference.rules.points import open_points
from conference.web.site import Site
from conference.web.views import procedures


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
    amendment: int | None
    procedural: int | None
    place: int
    """Place in the queue, from 1; 0 when not waiting."""
    side_for: bool
    spoken: bool
    """Whether this person has spoken on the question before conference."""
    seconder: bool
    mover: bool
    """Moved the motion: the reply is theirs."""
    point: int
    """The own point that waits; 0 for none."""
    point_title: str
    lobby_until: int
    """Sent out by the chair until then; 0 when not."""
    zone: str


def me_view(site: Site, person: PersonId) -> MeView:
    """Return what this person sees of themself."""
    meeting = site.meeting
    row = meeting.people[person]
    motion = debate.current_motion(meeting)
    place, side_for = 0, False
    asked = question.innermost(meeting)
    order = queue.queue(meeting, asked) if asked is not None else []
    for number, request in enumerate(order, 1):
        if request.person == person:
            place, side_for = number, request.side is Side.FOR
    accepted = row.standing is Standing.ACCEPTED
    named = asked or question.Question()
    point = next((p for p in open_points(meeting) if p.by == person), None)
    out = people.in_lobby(row, site.now())
    return MeView(
        name=site.name(person),
        standing=row.standing,
        delegate=accepted and Role.DELEGATE in row.roles,
        observer=accepted and Role.OBSERVER in row.roles,
        present=row.present,
        closed=meeting.conference.phase is Phase.CLOSED,
        motion=named.motion,
        amendment=named.amendment,
        procedural=named.procedural,
        place=place,
        side_for=side_for,
        spoken=asked is not None and queue.has_had_turns(meeting, asked, person, site.now()),
        seconder=motion is not None and motion.seconder == person,
        mover=motion is not None and motion.mover == person,
        point=point.id if point is not None else 0,
        point_title=procedures.point_title(point) if point is not None else "",
        lobby_until=(row.lobby_until or 0) if out else 0,
        zone=meeting.conference.zone,
    )
