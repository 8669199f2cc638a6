"""What the public pages show beyond the rows of the meeting; kept as one JSON document."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from conference.programme.parse import Programme
from conference.programme.times import moment


@dataclass(frozen=True, slots=True)
class PublicPassage:
    """A heading with its text."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class PublicSession:
    """A part of the day."""

    title: str
    starts_at: int
    ends_at: int
    text: str


@dataclass(frozen=True, slots=True)
class PublicOrganiser:
    """Who is responsible, for what, for how long, and where to complain."""

    name: str
    contact: str
    purpose: str
    complaints: str
    retention_days: int


@dataclass(frozen=True, slots=True)
class Public:
    """Everything of a conference file that the rules do not need to know."""

    about: tuple[str, ...]
    aims: tuple[PublicPassage, ...]
    practical: tuple[PublicPassage, ...]
    sessions: tuple[PublicSession, ...]
    organiser: PublicOrganiser


def public(programme: Programme) -> Public:
    """Return what the public pages show beyond the meeting."""
    file = programme.file
    zone = ZoneInfo(file.zone)
    return Public(
        about=file.about,
        aims=tuple(PublicPassage(row.title, row.text) for row in file.aims),
        practical=tuple(PublicPassage(row.title, row.text) for row in file.practical),
        sessions=tuple(
            PublicSession(
                title=row.title,
                starts_at=moment(file.day, row.starts, zone),
                ends_at=moment(file.day, row.ends, zone),
                text=row.text or "",
            )
            for row in file.sessions
        ),
        organiser=PublicOrganiser(
            name=file.organiser.name,
            contact=file.organiser.contact,
            purpose=file.organiser.purpose,
            complaints=file.organiser.complaints,
            retention_days=file.organiser.retention_days,
        ),
    )
