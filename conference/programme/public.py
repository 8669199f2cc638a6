"""What the public pages show beyond the rows of the meeting; kept as one JSON document."""

from __future__ import annotations

from dataclasses import dataclass

from conference.programme.parse import Programme


@dataclass(frozen=True, slots=True)
class PublicPassage:
    """A heading with its text."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class PublicOrganiser:
    """Who is responsible, for what, for how long, and where to complain."""

    name: str
    contact: str
    purpose: str
    complaints: str
    retention_days: int
    challenge_days: int = 14


@dataclass(frozen=True, slots=True)
class PublicRegistration:
    """What the registration form asks beside name and address; `places` 0: no limit."""

    belongs: tuple[str, ...] = ()
    keep_belongs: bool = False
    places: int = 0


@dataclass(frozen=True, slots=True)
class Public:
    """Everything of a conference file that the rules do not need to know."""

    about: tuple[str, ...]
    aims: tuple[PublicPassage, ...]
    practical: tuple[PublicPassage, ...]
    organiser: PublicOrganiser
    registration: PublicRegistration = PublicRegistration()


def public(programme: Programme) -> Public:
    """Return what the public pages show beyond the meeting."""
    file = programme.file
    return Public(
        about=file.about,
        aims=tuple(PublicPassage(row.title, row.text) for row in file.aims),
        practical=tuple(PublicPassage(row.title, row.text) for row in file.practical),
        organiser=PublicOrganiser(
            name=file.organiser.name,
            contact=file.organiser.contact,
            purpose=file.organiser.purpose,
            complaints=file.organiser.complaints,
            retention_days=file.organiser.retention_days,
            challenge_days=file.organiser.challenge_days or min(14, file.organiser.retention_days),
        ),
        registration=PublicRegistration(
            belongs=file.registration.belongs,
            keep_belongs=file.registration.keep_belongs,
            places=file.registration.places or 0,
        ),
    )
