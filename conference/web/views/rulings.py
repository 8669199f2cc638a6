"""The chair's latest line to conference: a ruling, a refusal, an answer; on every screen for a while."""

from __future__ import annotations

import json
from dataclasses import dataclass

from conference.rules import rulings
from conference.rules.kinds import PointState
from conference.rules.question import motion_or_amendment
from conference.rules.rulings import Ruling
from conference.rules.state import Meeting, Point
from conference.web.site import Site
from conference.web.text import gettext as _
from conference.web.views import procedures

SHOWN_MS = 60_000
"""For how long a ruling stands on every screen at least; as long as it can be challenged."""


@dataclass(frozen=True, slots=True)
class RulingView:
    """What the chair has ruled or answered."""

    about: str
    """What it is about and how it was ruled, such as *Point of order: ...: not well taken*."""
    line: str
    """The chair's own line; empty where an answer had none."""
    until: int


def ruling_view(site: Site) -> RulingView | None:
    """Return the latest ruling or answer while it is fresh, else None."""
    meeting = site.meeting
    latest, answered = rulings.latest(meeting), _answered(meeting)
    if answered is not None and (latest is None or (answered.ruled_at or 0) > latest.at):
        at, about, line = answered.ruled_at or 0, _point(answered), site.remark(answered.ruling)
    elif latest is not None:
        at, about, line = latest.at, _about(site, latest), procedures.ruling_line(site, latest)
    else:
        return None
    until = at + max(SHOWN_MS, meeting.settings.challenge_window * 1000)
    return RulingView(about, line, until) if site.now() < until else None


def _answered(meeting: Meeting) -> Point | None:
    rows = (p for p in meeting.points.values() if p.state is PointState.ANSWERED)
    return max(rows, key=lambda p: p.ruled_at or 0, default=None)


def _about(site: Site, ruling: Ruling) -> str:
    meeting = site.meeting
    if ruling.point is not None:
        return _point(meeting.points[ruling.point])
    if ruling.refused is not None:
        refused = procedures.title(site, meeting.procedurals[ruling.refused])
        return _("%(what)s: refused") % {"what": refused}
    row = motion_or_amendment(meeting, ruling.motion, ruling.amendment) if ruling.motion else None
    label = row.label if row is not None else ""
    if ruling.amendment is not None:
        label = _("Amendment %(label)s") % {"label": label}
    return _("%(what)s: out of order") % {"what": label}


def _point(point: Point) -> str:
    return f"{procedures.point_title(point)}: {_(procedures.POINT_STATES[point.state])}"


@dataclass(frozen=True, slots=True)
class ObjectionView:
    """That somebody has objected, never who."""

    text: str
    until: int


@dataclass(frozen=True, slots=True)
class HandedOverView:
    """That somebody else is in the chair now."""

    name: str
    until: int


def handed_over_view(site: Site) -> HandedOverView | None:
    """Return who has just come into the chair, while it is news; else None."""
    chair = site.meeting.conference.chair
    for minute in reversed(list(site.meeting.minutes.values())):
        until = minute.at + SHOWN_MS
        if site.now() >= until:
            return None
        if minute.code == "chair_changed" and chair is not None:
            return HandedOverView(site.name(chair), until)
    return None


def objection_view(site: Site) -> ObjectionView | None:
    """Return the latest objection while it is fresh, else None."""
    meeting = site.meeting
    sentences = {
        "objection_accept": _("There is an objection: %(label)s is debated and voted on."),
        "objection_withdraw": _("There is an objection: %(label)s is not withdrawn."),
    }
    for minute in reversed(list(meeting.minutes.values())):
        until = minute.at + SHOWN_MS
        if site.now() >= until:
            return None
        if minute.code in sentences:
            facts = json.loads(minute.facts)
            row = motion_or_amendment(meeting, facts["motion"], facts.get("amendment"))
            label = row.label if row is not None else ""
            if facts.get("amendment"):
                label = _("amendment %(label)s") % {"label": label}
            return ObjectionView(sentences[minute.code] % {"label": label}, until)
    return None
