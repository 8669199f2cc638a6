"""The programme: what is now, what comes next, and every item with planned and expected times."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from conference.rules import agenda
from conference.rules.kinds import ItemId, ItemKind, ItemState, Phase, SlotId
from conference.rules.planned import AgendaSession, ItemPaper
from conference.rules.slots import is_public
from conference.rules.state import Item, Meeting
from conference.rules.timing import SlotState, Span, behind, expected, slot_views
from conference.rules.timing import SlotView as Timed
from conference.web.site import Site
from conference.web.text import gettext
from conference.web.text import lazy as _
from conference.web.views import agenda_log, words
from conference.web.views.agenda_log import Release
from conference.web.views.dates import city_of, day_of, iso_day, whole_minute
from conference.web.views.elections import ElectionView, election_views
from conference.web.views.late import behind_text, end_text
from conference.web.views.motions import MotionLine, motion_line
from conference.web.views.now import title_of

SLOTS = {
    SlotState.WAITING: "",
    SlotState.NEXT: _("next"),
    SlotState.ON: _("speaking now"),
    SlotState.DONE: _("has spoken"),
    SlotState.PASSED: _("not called"),
}

ITEMS = {
    ItemState.PLANNED: "",
    ItemState.CALLED: _("now"),
    ItemState.DONE: _("done"),
}


@dataclass(frozen=True, slots=True)
class SlotLine:
    """A speaker's place. `expected_at` and `began_at` are 0 where there is no such time."""

    name: str
    title: str
    minutes: int
    planned_at: int
    expected_at: int
    earliest_at: int
    began_at: int
    state: str


@dataclass(frozen=True, slots=True)
class AgendaLine:
    """One item. `expected_at`, `began_at` and `ended_at` are 0 where there is no such time."""

    id: int
    title: str
    text: str
    kind: str
    planned_at: int
    minutes: int
    room: str
    people: tuple[str, ...]
    papers: tuple[ItemPaper, ...]
    expected_at: int
    earliest_at: int
    began_at: int
    ended_at: int
    state: str
    current: bool
    slots: tuple[SlotLine, ...]
    motions: tuple[MotionLine, ...]
    election: str
    """The anchor of the election that this item is about; empty for none."""


@dataclass(frozen=True, slots=True)
class AgendaPart:
    """A part of the day with its items."""

    id: int
    title: str
    text: str
    lines: tuple[AgendaLine, ...]


@dataclass(frozen=True, slots=True)
class NowNextView:
    """The region `nownext`: what is now, what comes next, how late it is, what was changed."""

    zone: str
    city: str
    heading: str
    now_line: AgendaLine | None
    next_line: AgendaLine | None
    opened_day: str
    """The day of the opening, when it is not the planned one; else empty."""
    opened_at: int
    behind: str
    end: str
    """What is to be said about the end of the day when it is expected to be late."""
    changed: Release | None
    """The latest change of the programme."""
    announce: str


@dataclass(frozen=True, slots=True)
class AgendaView:
    """The region `agenda`: every item in its part of the day."""

    zone: str
    parts: tuple[AgendaPart, ...]
    elections: tuple[ElectionView, ...]


@dataclass(frozen=True, slots=True)
class EmbedPage:
    """The programme for another site's page: the same lines without what needs a script."""

    zone: str
    city: str
    now: int
    heading: str
    now_line: AgendaLine | None
    behind: str
    parts: tuple[AgendaPart, ...]


def embed_page(site: Site) -> EmbedPage:
    """Return the programme for another site's page."""
    now, view = nownext_view(site), agenda_view(site)
    return EmbedPage(
        now.zone, now.city, site.now(), now.heading, now.now_line, now.behind, view.parts
    )


@dataclass(frozen=True, slots=True)
class _Clock:
    """Everything about times that the lines need, asked for once."""

    meeting: Meeting
    spans: Mapping[ItemId, Span]
    early: Mapping[ItemId, Span]
    slots: Mapping[SlotId, Timed]

    @property
    def runs(self) -> bool:
        return self.meeting.conference.phase is Phase.OPEN


def _clock(site: Site) -> _Clock:
    meeting, now = site.meeting, site.now()
    return _Clock(
        meeting,
        expected(meeting, now),
        expected(meeting, now, closures=True),
        slot_views(meeting, now),
    )


def agenda_view(site: Site) -> AgendaView:
    """Return the programme as it stands now, the same for everybody."""
    meeting, clock = site.meeting, _clock(site)
    lines = {item.id: _line(clock, item) for item in agenda.in_order(meeting)}
    return AgendaView(meeting.conference.zone, _parts(meeting, lines), election_views(meeting))


def named(site: Site) -> frozenset[tuple[int, str]]:
    """Return whom the programme names in which item: calendars and data name nobody else."""
    lines = (line for part in agenda_view(site).parts for line in part.lines)
    return frozenset((line.id, slot.name) for line in lines for slot in line.slots)


def nownext_view(site: Site) -> NowNextView:
    """Return what is now and what comes next, the same for everybody."""
    meeting, now, clock = site.meeting, site.now(), _clock(site)
    head = meeting.conference
    called = head.item is not None and meeting.items[head.item].state is ItemState.CALLED
    following = agenda.next_item(meeting) if head.phase is not Phase.CLOSED else None
    opened = head.opened_at or 0
    elsewhen = bool(opened) and iso_day(opened, head.zone) != head.day
    line = _heading(meeting, called=called)
    now_line = _line(clock, meeting.items[head.item]) if called and head.item else None
    return NowNextView(
        zone=head.zone,
        city=city_of(head.zone),
        heading=line,
        now_line=now_line,
        next_line=_line(clock, following) if following else None,
        opened_day=day_of(opened, head.zone) if elsewhen else "",
        opened_at=opened,
        behind=behind_text(behind(meeting, now)),
        end=end_text(meeting, now),
        changed=agenda_log.latest(meeting),
        announce=f"{line} {now_line.title}" if now_line else line,
    )


def _heading(meeting: Meeting, *, called: bool) -> str:
    phase = meeting.conference.phase
    if phase is Phase.BEFORE:
        return gettext("The conference starts when the chair opens it.")
    if phase is Phase.CLOSED:
        return gettext("The conference is closed.")
    return gettext("Now:") if called else gettext("Between two items.")


def _line(clock: _Clock, item: Item) -> AgendaLine:
    meeting = clock.meeting
    waits = clock.runs and item.state is ItemState.PLANNED and item.kind is not ItemKind.DOORS
    elections = [e for e in election_views(meeting) if item.id in _items(meeting, e.id)]
    return AgendaLine(
        id=item.id,
        title=title_of(item),
        text=item.text,
        kind=gettext(words.KINDS[item.kind]),
        planned_at=item.starts_at,
        minutes=item.minutes,
        room=item.room,
        people=item.people,
        papers=item.papers,
        expected_at=whole_minute(clock.spans[item.id].start) if waits else 0,
        earliest_at=whole_minute(clock.early[item.id].start) if waits else 0,
        began_at=item.called_at or 0,
        ended_at=item.done_at or 0 if item.called_at else 0,
        state=_state(item),
        current=item.state is ItemState.CALLED,
        slots=tuple(
            _slot(clock, view)
            for view in clock.slots.values()
            if view.slot.item == item.id and is_public(meeting, view.slot)
        ),
        motions=tuple(motion_line(meeting, m) for m in agenda.motions_of(meeting, item.id)),
        election=elections[0].anchor if elections else "",
    )


def _state(item: Item) -> str:
    if agenda.is_skipped(item):
        return gettext("left out")
    return gettext(ITEMS[item.state]) if item.state is not ItemState.PLANNED else ""


def _items(meeting: Meeting, number: int) -> set[ItemId | None]:
    election = meeting.elections[ItemId(number)]
    return {election.id, election.closing_item, election.result_item}


def _slot(clock: _Clock, view: Timed) -> SlotLine:
    coming = clock.runs and view.state in {SlotState.WAITING, SlotState.NEXT}
    return SlotLine(
        name=view.slot.name,
        title=view.slot.title,
        minutes=view.slot.minutes,
        planned_at=view.planned_at,
        expected_at=whole_minute(view.expected_at) if coming else 0,
        earliest_at=whole_minute(view.earliest_at) if coming else 0,
        began_at=view.turn.started_at if view.turn else 0,
        state=gettext(SLOTS[view.state]) if view.state is not SlotState.WAITING else "",
    )


def _parts(meeting: Meeting, lines: Mapping[ItemId, AgendaLine]) -> tuple[AgendaPart, ...]:
    """Return the lines by session; what begins in none stands with the one before it."""
    parts: list[tuple[AgendaSession | None, list[AgendaLine]]] = []
    for line in lines.values():
        session = _session(meeting, line.planned_at)
        if not parts or (session is not None and session != parts[-1][0]):
            parts.append((session, []))
        parts[-1][1].append(line)
    return tuple(
        AgendaPart(number, session.title, session.text, tuple(rows))
        if session is not None
        else AgendaPart(number, gettext("Programme"), "", tuple(rows))
        for number, (session, rows) in enumerate(parts, 1)
    )


def _session(meeting: Meeting, at: int) -> AgendaSession | None:
    return next((s for s in meeting.sessions.values() if s.starts_at <= at < s.ends_at), None)
