"""Times of the conference's day, in its own zone, as milliseconds since 1970."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

_MINUTES = 60


def zone_named(name: str) -> ZoneInfo | None:
    """Return the zone, or None when there is none of that name."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown; malformed; a folder of the zone files
        return None


def minute(clock: str) -> int:
    """Return how many minutes of the day have passed at `clock`, written as "09:30"."""
    hours, minutes = clock.split(":")
    return int(hours) * _MINUTES + int(minutes)


def clock(minute_of_day: int) -> str:
    """Return a minute of the day as it is written: "09:30"."""
    return f"{minute_of_day // _MINUTES:02}:{minute_of_day % _MINUTES:02}"


def _local(day: date, at: str, zone: ZoneInfo) -> datetime:
    hours, minutes = at.split(":")
    return datetime(day.year, day.month, day.day, int(hours), int(minutes), tzinfo=zone)


def moment(day: date, at: str, zone: ZoneInfo) -> int:
    """Return the moment of a time of day; of a time that comes twice, the first."""
    return int(_local(day, at, zone).timestamp()) * 1000


def exists(day: date, at: str, zone: ZoneInfo) -> bool:
    """Say whether the clocks show that time on that day: in spring they leave an hour out."""
    local = _local(day, at, zone)
    return local.astimezone(UTC).astimezone(zone).replace(fold=0) == local


def shown(at: int, zone: ZoneInfo) -> str:
    """Return a moment as a time of day in the zone."""
    return datetime.fromtimestamp(at / 1000, zone).strftime("%H:%M")
