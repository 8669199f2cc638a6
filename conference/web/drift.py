"""When what moves by itself is told next: expected times, and clocks that run out."""

from __future__ import annotations

from conference.rules.kinds import PersonId
from conference.rules.speech import UNDO_MS
from conference.rules.state import Meeting
from conference.web.site import Site
from conference.web.views import panel

DRIFT = 30.0
"""Seconds between two tellings of expected times, which move while nothing happens."""


def seconds(site: Site) -> float:
    """Return how long the times may stand: a speech, a wait or a break that ends is told when it does."""
    head, now = site.meeting.conference, site.now()
    ends = [head.resumes_at or 0, panel.break_until(site), *sent_out(site.meeting).values()]
    if head.turn is not None:
        row = site.meeting.turns[head.turn]
        ends += [row.started_at + UNDO_MS, row.started_at + row.seconds * 1000]
        ends.append(row.waits_until or 0)
    return min([DRIFT, *((at - now) / 1000 + 0.1 for at in ends if at > now)])


def sent_out(meeting: Meeting) -> dict[PersonId, int]:
    """Return who has been sent out for a while, and until when."""
    people = meeting.people.values()
    return {p.id: p.lobby_until for p in people if p.lobby_until is not None}
