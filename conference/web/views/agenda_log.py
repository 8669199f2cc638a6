"""What has changed in the programme, release by release, in sentences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from conference.rules import plan
from conference.rules.plan_changes import Changed, Difference, differences
from conference.rules.planned import Plan
from conference.rules.state import Meeting
from conference.web.templates import clock_time
from conference.web.text import gettext, ngettext
from conference.web.text import lazy as _
from conference.web.views.dates import day_of, iso_day

SENTENCES: Mapping[Changed, str] = {
    Changed.ADDED: _("“%(title)s” is new, at %(after)s."),
    Changed.REMOVED: _("“%(title)s” is no longer in the programme."),
    Changed.SKIPPED: _("“%(title)s” is left out."),
    Changed.TAKEN_IN: _("“%(title)s” is taken after all, at %(after)s."),
    Changed.TIME: _("“%(title)s” is planned for %(after)s instead of %(before)s."),
    Changed.TITLE: _("An item has another title: “%(title)s”."),
    Changed.ROOM: _("“%(title)s” is in another room."),
    Changed.SPEAKERS: _("The speakers of “%(title)s” have changed."),
    Changed.DETAILS: _("The details of “%(title)s” have changed."),
    Changed.SESSIONS: _("The parts of the day have changed."),
}


@dataclass(frozen=True, slots=True)
class Release:
    """One release: its number, when, and what it changed."""

    number: int
    at: int
    day: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LogPage:
    """Every release that changed something, the latest first."""

    zone: str
    releases: tuple[Release, ...]


def log_page(meeting: Meeting) -> LogPage:
    """Return the public list of changes."""
    zone = meeting.conference.zone
    return LogPage(
        zone,
        tuple(
            Release(
                number,
                later.released_at or later.at,
                day_of(later.released_at or later.at, zone),
                lines(earlier.plan, later.plan, zone),
            )
            for number, (earlier, later) in reversed(
                list(enumerate(pairwise(plan.released(meeting)), 1))
            )
        ),
    )


def latest(meeting: Meeting) -> Release | None:
    """Return the last release that changed something, or None."""
    releases = log_page(meeting).releases
    return releases[0] if releases else None


def lines(before: Plan, after: Plan, zone: str) -> tuple[str, ...]:
    """Return what is different, a sentence for each difference."""
    return tuple(_sentence(one, zone) for one in differences(before, after))


def _sentence(one: Difference, zone: str) -> str:
    if one.kind is Changed.MINUTES:
        said = ngettext(
            "“%(title)s” has %(n)s minute instead of %(before)s.",
            "“%(title)s” has %(n)s minutes instead of %(before)s.",
            one.after,
        )
        return said % {"title": one.title, "n": one.after, "before": one.before}
    days = {iso_day(at, zone) for at in (one.before, one.after) if at}
    shown = {
        name: _moment(at, zone, with_day=len(days) > 1) if at else ""
        for name, at in (("before", one.before), ("after", one.after))
    }
    return gettext(SENTENCES[one.kind]) % {"title": one.title, **shown}


def _moment(at: int, zone: str, *, with_day: bool) -> str:
    time = clock_time(at, zone)
    return f"{day_of(at, zone)}, {time}" if with_day else time
