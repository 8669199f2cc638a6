"""The queue as its keeper sees it, and the delegates who can be put on it."""

from __future__ import annotations

from dataclasses import dataclass

from conference.rules import question
from conference.rules.kinds import Role, Standing
from conference.web.display_names import skeleton
from conference.web.site import Site
from conference.web.text import gettext as _
from conference.web.views.beside import QueueLine, chair_queue_view
from conference.web.views.now import TurnView, current_turn
from conference.web.views.queue import queue_view
from conference.web.views.subjects import subject

SHOWN = 20


@dataclass(frozen=True, slots=True)
class KeeperView:
    """The region `keeper`: the question, who speaks, and who waits in which order."""

    label: str
    """What is before conference; empty when there is no question."""
    turn: TurnView | None
    said: str
    """Why nobody can be put on the list now; empty while the list takes requests."""
    waiting: tuple[QueueLine, ...]
    asks_for: int
    asks_against: int


@dataclass(frozen=True, slots=True)
class FoundLine:
    """A delegate who was searched for."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class FoundView:
    """Who was found, and the question to which they would be put on the list."""

    people: tuple[FoundLine, ...]
    label: str
    motion: int | None
    amendment: int | None
    procedural: int | None
    may_ask: bool


@dataclass(frozen=True, slots=True)
class KeeperPage:
    """The queue-keeper's page besides the live queue: the search."""

    q: str
    found: FoundView


def keeper_view(site: Site) -> KeeperView:
    """Return the queue on the innermost question, with names."""
    here, waiting = queue_view(site, buttons=False), chair_queue_view(site, acting=False)
    said = "" if here.may_ask else here.said or _("The list takes no requests now.")
    return KeeperView(
        here.label,
        current_turn(site),
        said,
        waiting.waiting,
        waiting.asks_for,
        waiting.asks_against,
    )


def found(site: Site, q: str) -> FoundView:
    """Return the delegates whose display name has this in it, at most 20."""
    wanted, asked = skeleton(q), question.innermost(site.meeting)
    lines = [
        FoundLine(row.id, site.name(row.id))
        for row in site.meeting.people.values()
        if wanted and row.standing is Standing.ACCEPTED and Role.DELEGATE in row.roles
        and wanted in skeleton(site.names.get(row.id, ""))
    ]  # fmt: skip
    lines.sort(key=lambda line: line.name.casefold())
    named = asked or question.Question()
    return FoundView(
        tuple(lines[:SHOWN]),
        subject(site, asked).label if asked is not None else "",
        named.motion, named.amendment, named.procedural,
        may_ask=queue_view(site, buttons=False).may_ask,
    )  # fmt: skip
