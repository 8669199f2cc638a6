"""Beside the panel: who waits to speak, the head counts, the running order."""

from __future__ import annotations

from dataclasses import dataclass

from conference.rehearsed import Figures
from conference.rules import acts as a
from conference.rules import question, queue
from conference.rules.agenda import in_order, is_skipped
from conference.rules.kinds import ItemState, Mode, PersonId, Phase, Side
from conference.rules.queue import Why
from conference.rules.roles import OPENERS, in_the_chair
from conference.rules.steps import steps
from conference.web.site import Site
from conference.web.text import gettext as _
from conference.web.views.cues import WHYS
from conference.web.views.helps import HelpCount, help_counts
from conference.web.views.lost import LostView, lost_view
from conference.web.views.now import title_of
from conference.web.views.reorder import OrderChanges, order_changes

CONNECTED_MS = 60_000
"""How long somebody counts as connected after asking for a page without a socket."""


@dataclass(frozen=True, slots=True)
class QueueLine:
    """One request in the queue, with what put it at its place."""

    id: int
    name: str
    side: str
    why: str
    first_time: bool
    """Whether to say so; where that is the reason, `why` says it."""


@dataclass(frozen=True, slots=True)
class CrowdView:
    """The region `hall`: head counts, and the demonstration's pretend delegates."""

    present: int
    connected: int
    quorum: int
    register: int
    is_quorate: bool
    demonstration: bool
    crowd: bool
    helps: tuple[HelpCount, ...]
    """How many ask the stewards for help, by problem."""
    lost: LostView | None
    """Who lost the connection in the vote that is open or has just closed."""
    rehearsal: Figures | None
    """On the copy of a rehearsal: what its pretend delegates have come to."""


@dataclass(frozen=True, slots=True)
class ChairQueueView:
    """The region `speakers`: who waits to speak, each with a button."""

    step: int
    waiting: tuple[QueueLine, ...]
    asks_for: int
    asks_against: int
    callable: bool
    closed: bool
    """Whether the list is closed to new requests."""


@dataclass(frozen=True, slots=True)
class OrderLine:
    """One line of the running order."""

    title: str
    state: str
    current: bool


@dataclass(frozen=True, slots=True)
class OrderView:
    """The region `order`: the running order, and for whoever acts what can be changed about it."""

    lines: tuple[OrderLine, ...]
    changes: OrderChanges | None


def a_chair(site: Site) -> PersonId:
    """Return who acts as chair; before the opening somebody who may open."""
    acting = in_the_chair(site.meeting)
    if acting is not None:
        return acting
    if site.meeting.conference.chair is not None:
        return PersonId("")  # nobody presides yet over the question about the chair
    chairs = (p.id for p in site.meeting.people.values() if p.roles & OPENERS)
    return next(chairs, PersonId(""))


def connected(site: Site) -> set[str]:
    """Return who has a live page, or asked for one a moment ago."""
    recent = site.now() - CONNECTED_MS
    asked = {p for p, at in site.asked.items() if at >= recent}
    return {p for p in site.room.people() if p} | asked


ANSWERS_MS = 10_000
"""A page without a socket asks at least so often."""


def has_lost_speaker(site: Site) -> bool:
    """Say whether the page of whoever speaks was there during this speech and is gone.

    It is gone as well while a phone shows the speaking room instead: a hint, and no more.
    """
    number = site.meeting.conference.turn
    person = site.meeting.turns[number].person if number is not None else None
    if person is None or site.heard != number or person in site.room.people():
        return False
    return site.now() - site.asked.get(person, 0) >= ANSWERS_MS


def crowd_view(site: Site) -> CrowdView:
    """Return the head counts. *Connected* is told for warnings only, never for a roll."""
    head = site.meeting.conference
    quorum = question.quorum(site.meeting)
    return CrowdView(
        head.present, len(connected(site)), quorum, head.register, head.present >= quorum,
        demonstration=head.mode is Mode.DEMONSTRATION, crowd=site.crowd is not None,
        helps=help_counts(site), lost=lost_view(site), rehearsal=site.rehearsal,
    )  # fmt: skip


def chair_queue_view(site: Site, *, acting: bool) -> ChairQueueView:
    """Return who waits to speak on the innermost question, and whether they can be called now."""
    asked = question.innermost(site.meeting)
    found = queue.suggested(site.meeting, asked) if asked is not None else []
    rows = tuple(
        QueueLine(
            x.request.id, site.name(x.request.person) or _("A delegate"), x.request.side,
            _(WHYS[x.why]), x.first_time and x.why is not Why.FIRST_TIME,
        )
        for x in found
    )  # fmt: skip
    offered = steps(site.meeting, a_chair(site), site.now()).offered
    callable_now = any(isinstance(x, a.CallSpeaker) and x.request is not None for x in offered)
    row = question.row_of(site.meeting, asked) if asked is not None else None
    return ChairQueueView(
        site.meeting.conference.step, rows, sum(r.side == Side.FOR for r in rows),
        sum(r.side == Side.AGAINST for r in rows), callable_now and acting,
        closed=bool(getattr(row, "list_closed", False)),
    )  # fmt: skip


def order_view(site: Site, *, acting: bool) -> OrderView:
    """Return the running order; with what can be changed only for whoever acts while it is open."""
    running = site.meeting.conference.phase is Phase.OPEN
    names = {
        ItemState.PLANNED: _("to come"),
        ItemState.CALLED: _("before conference"),
        ItemState.DONE: _("done"),
    }
    return OrderView(
        tuple(
            OrderLine(
                title_of(i),
                _("left out") if is_skipped(i) else names[i.state],
                i.id == site.meeting.conference.item,
            )
            for i in in_order(site.meeting)
        ),
        order_changes(site) if acting and running else None,
    )
