"""The programme for other programs: `/agenda.json`, described in docs/agenda-json.md.

Times are ISO 8601 in UTC. Keys are only ever added; what one means does not change.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from conference.rules import agenda, timing
from conference.rules.kinds import ItemKind, ItemState, Phase
from conference.rules.planned import AgendaSession
from conference.rules.state import Item, Meeting, Motion
from conference.rules.timing import SlotState, behind, expected, planned, slot_views
from conference.web.site import Site
from conference.web.views.agenda import named

FORMAT = 1
"""Raised when a key goes or changes its meaning."""

Object = dict[str, Any]


def agenda_json(site: Site) -> Object:
    """Return the released programme as it stands now."""
    meeting, now = site.meeting, site.now()
    head = meeting.conference
    views = slot_views(meeting, now)
    shown = named(site)
    slots: dict[int, list[Object]] = {}
    for view in views.values():
        if (view.slot.item, view.slot.name) not in shown:
            continue
        slots.setdefault(view.slot.item, []).append(_slot(view, runs=head.phase is Phase.OPEN))
    is_open = head.phase is Phase.OPEN
    return {
        "format": FORMAT,
        "conference": {
            "name": head.name,
            "day": head.day,
            "zone": head.zone,
            "mode": head.mode.value,
            "phase": head.phase.value,
        },
        "made_at": iso(now),
        "behind_minutes": behind(meeting, now),
        "planned_end": iso(timing.planned_end(meeting)),
        "expected_end": iso(timing.expected_end(meeting, now)) if is_open else None,
        "sessions": [_session(row) for row in _sessions(meeting)],
        "items": [
            _item(meeting, now, row, slots.get(row.id, [])) for row in agenda.in_order(meeting)
        ],
    }


def iso(ms: int) -> str:
    """Return a moment as ISO 8601 in UTC, whole seconds."""
    return datetime.fromtimestamp(ms // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _sessions(meeting: Meeting) -> list[AgendaSession]:
    return sorted(meeting.sessions.values(), key=lambda row: row.starts_at)


def _session(row: AgendaSession) -> Object:
    return {
        "id": row.id,
        "title": row.title,
        "starts_at": iso(row.starts_at),
        "ends_at": iso(row.ends_at),
        "text": row.text,
    }


def _item(meeting: Meeting, now: int, row: Item, speakers: list[Object]) -> Object:
    plan = planned(row)
    return {
        "id": row.id,
        "number": row.number,
        "title": row.title,
        "kind": row.kind.value,
        "state": "skipped" if agenda.is_skipped(row) else row.state.value,
        "room": row.room,
        "text": row.text,
        "minutes": row.minutes,
        "slack": row.slack,
        "planned": {"starts_at": iso(plan.start), "ends_at": iso(plan.end)},
        "expected": _expected(meeting, now, row),
        "actual": _actual(row),
        "people": list(row.people),
        "papers": [{"title": paper.title, "link": paper.link} for paper in row.papers],
        "speakers": speakers,
        "motions": [_motion(motion) for motion in agenda.motions_of(meeting, row.id)],
    }


def _expected(meeting: Meeting, now: int, row: Item) -> Object | None:
    """Return when it is expected, None when that is no question: not open yet, over, or doors."""
    if meeting.conference.phase is not Phase.OPEN or row.state is ItemState.DONE:
        return None
    if row.kind is ItemKind.DOORS:
        return None
    span = expected(meeting, now)[row.id]
    early = expected(meeting, now, closures=True)[row.id]
    return {
        "earliest": iso(early.start),
        "starts_at": iso(span.start),
        "ends_at": iso(span.end),
    }


def _actual(row: Item) -> Object | None:
    if row.called_at is None:
        return None
    return {
        "starts_at": iso(row.called_at),
        "ends_at": iso(row.done_at) if row.done_at is not None else None,
    }


def _slot(view: timing.SlotView, *, runs: bool) -> Object:
    coming = runs and view.state in {SlotState.WAITING, SlotState.NEXT}
    return {
        "id": view.slot.id,
        "name": view.slot.name,
        "title": view.slot.title,
        "minutes": view.slot.minutes,
        "state": view.state.value,
        "planned_at": iso(view.planned_at),
        "earliest": iso(view.earliest_at) if coming else None,
        "expected_at": iso(view.expected_at) if coming else None,
        "began_at": iso(view.turn.started_at) if view.turn else None,
    }


def _motion(motion: Motion) -> Object:
    return {
        "id": motion.id,
        "label": motion.label,
        "title": motion.title,
        "link": f"/motions/{motion.id}",
    }
