"""The stage manager's board: every speaker at a glance, and what can be done about each."""

from __future__ import annotations

from dataclasses import dataclass

from conference.rules import queue, slots
from conference.rules.agenda import coming, in_order
from conference.rules.kinds import ItemId, ItemState, Phase, Ready, Reply, Shows, Signal
from conference.rules.state import Meeting, Slot
from conference.rules.timing import SlotState, SlotView, behind, slot_views
from conference.web.site import Site
from conference.web.text import gettext
from conference.web.text import lazy as _
from conference.web.views.beside import connected
from conference.web.views.invitations import REPLIES
from conference.web.views.late import behind_text
from conference.web.views.now import TurnView, current_turn, heading, title_of

READY = {
    Ready.AWAY: _("not here"),
    Ready.HERE: _("here"),
    Ready.STANDING_BY: _("standing by"),
}
SIGNALS = {
    Signal.ONE_MINUTE: _("One minute"),
    Signal.PLEASE_FINISH: _("Please finish"),
    Signal.LOUDER: _("Louder"),
}
SHOWS = {
    Shows.AUTOMATIC: _("Automatic"),
    Shows.PROGRAMME: _("Programme"),
    Shows.SPEAKER: _("Speaker with large clock"),
    Shows.RESULT: _("Latest result"),
}


@dataclass(frozen=True, slots=True)
class BoardLine:
    """One speaker on the board."""

    id: int
    name: str
    title: str
    state: str
    """`on`, `next`, `waiting`, `done` or `passed`."""
    expected_at: int
    minutes: int
    reply: str
    declined: bool
    ready: str
    ready_text: str
    late: bool
    unseen: bool
    """The news is not confirmed although it is soon: ring them."""
    connected: bool
    phone: str
    needs: str
    check_at: int | None
    checked: bool
    may_bring: bool
    named_only: bool
    """Whether the programme only names them: nobody has been entered who could be invited."""


@dataclass(frozen=True, slots=True)
class BoardItem:
    """One item with its speakers."""

    id: int
    title: str
    current: bool
    may_suggest: bool
    """Whether the chair can be asked to take it next."""
    lines: tuple[BoardLine, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several buttons."""

    value: str
    text: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class StageView:
    """The region `stage`."""

    zone: str
    now: int
    heading: str
    behind: str
    turn: TurnView | None
    signals: tuple[Choice, ...]
    items: tuple[BoardItem, ...]
    alarm: str
    """Whom to ring, in one sentence for a screen reader; empty for nobody."""


@dataclass(frozen=True, slots=True)
class StreamView:
    """The region `stream`: the stream's delay and the hall screen."""

    delay: int
    said_at: int
    shows: tuple[Choice, ...]
    screen_link: str


def stage_view(site: Site) -> StageView:
    """Return the board as it stands now."""
    meeting, now = site.meeting, site.now()
    head = meeting.conference
    views = slot_views(meeting, now)
    here = connected(site)
    suggested = can_come_next(meeting)
    items = []
    for item in in_order(meeting):
        rows = queue.slots_of(meeting, item.id)
        if rows and (item.state is not ItemState.DONE or _missed(meeting, rows)):
            lines = tuple(_line(site, views[row.id], now, row.person in here) for row in rows)
            suggest = item.id in suggested
            items.append(BoardItem(item.id, title_of(item), item.id == head.item, suggest, lines))
    red = [line.name for item in items for line in item.lines if line.unseen or line.late]
    alarm = gettext("Please ring: %(names)s.") % {"names": ", ".join(red)} if red else ""
    called = meeting.items[head.item] if head.item is not None else None
    return StageView(
        zone=head.zone, now=now, heading=heading(meeting, called),
        behind=behind_text(behind(meeting, now)), turn=current_turn(site),
        signals=_signals(meeting), items=tuple(items), alarm=alarm,
    )  # fmt: skip


def can_come_next(meeting: Meeting) -> frozenset[ItemId]:
    """Return the items that the chair could take next instead of the one that is due."""
    if meeting.conference.phase is not Phase.OPEN:
        return frozenset()
    planned = [i.id for i in coming(meeting) if i.state is ItemState.PLANNED]
    return frozenset(planned[1:])


def _missed(meeting: Meeting, rows: list[Slot]) -> bool:
    """Say whether somebody of an item that is over was not called: that stays on the board."""
    closed = meeting.conference.phase is Phase.CLOSED
    return not closed and any(not queue.has_spoken(meeting, row) for row in rows)


def _line(site: Site, view: SlotView, now: int, is_connected: bool) -> BoardLine:  # noqa: FBT001
    meeting, slot = site.meeting, view.slot
    row = slots.appearance(meeting, slot.id)
    told = site.backstage.details(slot.person) if slot.person is not None else None
    waits = view.state in {SlotState.WAITING, SlotState.NEXT}
    ahead = [s for s in queue.slots_of(meeting, slot.item) if s.position < slot.position]
    return BoardLine(
        id=slot.id,
        name=slot.name,
        title=slot.title,
        state=view.state,
        expected_at=view.expected_at,
        minutes=slot.minutes,
        reply=gettext(REPLIES[row.reply]),
        declined=row.reply is Reply.DECLINED,
        ready=row.ready,
        ready_text=gettext(READY[row.ready]),
        late=slots.is_late(meeting, view, now),
        unseen=slots.unseen(meeting, view, now),
        connected=is_connected,
        phone=told.phone if told else "",
        needs=told.needs if told else "",
        check_at=row.check_at,
        checked=row.checked,
        may_bring=waits and any(not queue.has_spoken(meeting, s) for s in ahead),
        named_only=waits and slot.person is None,
    )


def _signals(meeting: Meeting) -> tuple[Choice, ...]:
    stage = meeting.stage
    given = stage.signal if stage.signal_turn == meeting.conference.turn else None
    return tuple(Choice(s, gettext(text), s is given) for s, text in SIGNALS.items())


def stream_view(site: Site) -> StreamView:
    """Return the stream's delay, what the hall screen shows, and the screen's own link."""
    stage = site.meeting.stage
    token = site.links.sign("screen", site.backstage.screen_link)
    return StreamView(
        delay=stage.delay,
        said_at=stage.said_at or 0,
        shows=tuple(Choice(s, gettext(text), s is stage.shows) for s, text in SHOWS.items()),
        screen_link=f"{site.settings.address}/screen/{token}",
    )
