"""The pages about the conference: what it is, its rules in words, privacy, help."""

from __future__ import annotations

from dataclasses import dataclass

from conference.programme.public import PublicOrganiser, PublicPassage
from conference.rules import agenda
from conference.rules.kinds import ItemKind, PersonId, Phase
from conference.rules.people import is_locked
from conference.rules.queue import slots_of
from conference.rules.slots import is_public
from conference.rules.state import Meeting
from conference.rules.timing import MINUTE
from conference.web.letters import sends
from conference.web.site import Site
from conference.web.views.dates import day_in_words, day_of
from conference.web.views.helps import HelpLine, own_call
from conference.web.views.kept import KeptLine, kept_lines
from conference.web.views.motions import MotionLine, motions_page
from conference.web.views.now import heading, title_of


@dataclass(frozen=True, slots=True)
class ItemLine:
    """An item of the summary."""

    id: int
    at: int
    title: str


@dataclass(frozen=True, slots=True)
class SpeakerLine:
    """A speaker, with the items in which they speak."""

    name: str
    about: str


@dataclass(frozen=True, slots=True)
class HomePage:
    """The public page."""

    day: str
    starts_at: int
    ends_at: int
    zone: str
    phase: str
    heading: str
    about: tuple[str, ...]
    aims: tuple[PublicPassage, ...]
    practical: tuple[PublicPassage, ...]
    speakers: tuple[SpeakerLine, ...]
    items: tuple[ItemLine, ...]
    motions: tuple[MotionLine, ...]
    link_by_hand: bool
    """Whether the registrar hands over the sign-in link, because no mail leaves this machine."""
    left: bool
    """Whether somebody has just left and is told so."""
    locked: bool
    """Whether the register is locked, so that the name of whoever leaves stays behind it."""


@dataclass(frozen=True, slots=True)
class PrivacyPage:
    """What becomes of people's data."""

    organiser: PublicOrganiser
    closed_on: str
    """Empty until the conference is closed: the days count from there."""
    kept: tuple[KeptLine, ...]
    keeps_belongs: bool


@dataclass(frozen=True, slots=True)
class HelpPage:
    """How to take part."""

    contact: str
    practical: tuple[PublicPassage, ...]
    signed_in: bool
    mine: HelpLine | None
    """One's own call for help that still waits."""


def home_page(site: Site, *, left: bool = False) -> HomePage:
    """Return the public page."""
    meeting = site.meeting
    head = meeting.conference
    items = [i for i in agenda.in_order(meeting) if i.kind is not ItemKind.DOORS]
    item = meeting.items[head.item] if head.item is not None else None
    return HomePage(
        day=day_in_words(head.day),
        starts_at=items[0].starts_at if items else 0,
        ends_at=max((i.starts_at + i.minutes * MINUTE for i in items), default=0),
        zone=head.zone,
        phase=head.phase,
        heading=heading(meeting, item),
        about=site.public.about,
        aims=site.public.aims,
        practical=site.public.practical,
        speakers=_speakers(meeting),
        items=tuple(ItemLine(i.id, i.starts_at, title_of(i)) for i in items if i.number),
        motions=motions_page(site).motions,
        link_by_hand=not sends(site),
        left=left,
        locked=is_locked(meeting),
    )


def _speakers(meeting: Meeting) -> tuple[SpeakerLine, ...]:
    found: dict[str, list[str]] = {}
    for item in agenda.in_order(meeting):
        for slot in (s for s in slots_of(meeting, item.id) if is_public(meeting, s)):
            titles = found.setdefault(slot.name, [])
            if (title := slot.title or item.title) not in titles:
                titles.append(title)
    return tuple(SpeakerLine(name, ", ".join(titles)) for name, titles in found.items())


def privacy_page(site: Site) -> PrivacyPage:
    """Return what becomes of people's data; dates count from the recorded close."""
    head = site.meeting.conference
    organiser = site.public.organiser
    closed = head.closed_at if head.phase is Phase.CLOSED else None
    return PrivacyPage(
        organiser=organiser,
        closed_on=day_of(closed, head.zone) if closed is not None else "",
        kept=kept_lines(site),
        keeps_belongs=site.public.registration.keep_belongs,
    )


def help_page(site: Site, person: PersonId | None) -> HelpPage:
    """Return how to take part, and one's own call for help."""
    mine = own_call(site, person)
    practical = site.public.practical
    return HelpPage(site.public.organiser.contact, practical, person is not None, mine)
