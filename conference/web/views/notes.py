"""The officers' notes, and the chair's own."""

from __future__ import annotations

from dataclasses import dataclass

from conference.rules.kinds import Phase
from conference.web.site import Site
from conference.web.text import gettext as _

SHOWN = 20


@dataclass(frozen=True, slots=True)
class NoteLine:
    """One line from one officer."""

    id: int
    at: int
    who: str
    text: str


@dataclass(frozen=True, slots=True)
class NotesView:
    """The region `notes`: the last lines, newest first, and the chair's note for this item."""

    lines: tuple[NoteLine, ...]
    closed: bool
    chairs: bool
    """On the panel, where the chair's own note stands, too."""
    item: int
    own: str
    zone: str
    announce: str


def notes_view(site: Site, *, chairs: bool) -> NotesView:
    """Return the officers' notes."""
    head = site.meeting.conference
    lines = tuple(
        NoteLine(n.id, n.at, site.name(n.person) or _("An officer"), n.text)
        for n in reversed(site.notes[-SHOWN:])
    )
    item = head.item if chairs and head.item is not None else None
    return NotesView(
        lines=lines,
        closed=head.phase is Phase.CLOSED,
        chairs=chairs,
        item=item or 0,
        own=site.own_notes.get(item, "") if item is not None else "",
        zone=head.zone,
        announce=f"{lines[0].who}: {lines[0].text}" if lines else "",
    )
