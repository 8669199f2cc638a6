"""Days and lengths of time in words."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from conference.rules.timing import MINUTE
from conference.web.text import gettext, ngettext
from conference.web.text import lazy as _

WEEKDAYS = (
    _("Monday"),
    _("Tuesday"),
    _("Wednesday"),
    _("Thursday"),
    _("Friday"),
    _("Saturday"),
    _("Sunday"),
)

MONTHS = (
    _("January"),
    _("February"),
    _("March"),
    _("April"),
    _("May"),
    _("June"),
    _("July"),
    _("August"),
    _("September"),
    _("October"),
    _("November"),
    _("December"),
)


def day_in_words(iso: str) -> str:
    """Return an ISO date as people say it."""
    day = date.fromisoformat(iso)
    return gettext("%(weekday)s %(day)s %(month)s %(year)s") % {
        "weekday": gettext(WEEKDAYS[day.weekday()]),
        "day": day.day,
        "month": gettext(MONTHS[day.month - 1]),
        "year": day.year,
    }


def iso_day(ms: int, zone: str) -> str:
    """Return the ISO date of a moment in the conference's zone."""
    return datetime.fromtimestamp(ms / 1000, ZoneInfo(zone)).date().isoformat()


def day_of(ms: int, zone: str) -> str:
    """Return the day of a moment in the conference's zone, in words."""
    return day_in_words(iso_day(ms, zone))


def city_of(zone: str) -> str:
    """Return what a zone is called after, as people say it: *London* of `Europe/London`."""
    return zone.rsplit("/", 1)[-1].replace("_", " ")


def moment_in_words(ms: int, zone: str) -> str:
    """Return day and time of a moment in the conference's zone, in words."""
    clock = datetime.fromtimestamp(ms / 1000, ZoneInfo(zone)).strftime("%H:%M")
    return gettext("%(day)s, %(time)s (%(zone)s)") % {
        "day": day_of(ms, zone), "time": clock, "zone": zone,
    }  # fmt: skip


def length(seconds: int) -> str:
    """Return a duration in whole minutes where it is one, else in seconds."""
    if seconds and seconds % 60 == 0:
        minutes = seconds // 60
        return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}
    return ngettext("%(n)s second", "%(n)s seconds", seconds) % {"n": seconds}


def whole_minute(ms: int) -> int:
    """Return the moment without its seconds, so that an expected time does not flicker."""
    return ms - ms % MINUTE
