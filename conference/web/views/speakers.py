"""The speakers who are announced, with what they tell of themselves where they agreed to that."""

from __future__ import annotations

from dataclasses import dataclass

from conference.rules import slots
from conference.rules.kinds import PersonId
from conference.web.site import Site
from conference.web.views.invitations import in_programme_order
from conference.web.views.now import title_of


@dataclass(frozen=True, slots=True)
class SpeakerCard:
    """One speaker."""

    name: str
    titles: tuple[str, ...]
    biography: str
    picture: str
    """The address of their picture; empty for none."""


@dataclass(frozen=True, slots=True)
class SpeakersPage:
    """The public page about the speakers."""

    speakers: tuple[SpeakerCard, ...]


def speakers_page(site: Site) -> SpeakersPage:
    """Return everybody who may be named, in the order of the programme, each once."""
    meeting = site.meeting
    cards: dict[str, SpeakerCard] = {}
    for slot in in_programme_order(meeting):
        if not slots.is_public(meeting, slot):
            continue
        title = slot.title or title_of(meeting.items[slot.item])
        before = cards.get(slot.name)
        titles = (*before.titles, title) if before else (title,)
        cards[slot.name] = _card(site, slot.name, titles, slot.person)
    return SpeakersPage(tuple(cards.values()))


def _card(site: Site, name: str, titles: tuple[str, ...], person: PersonId | None) -> SpeakerCard:
    unique = tuple(dict.fromkeys(titles))
    if person is None or not site.backstage.details(person).published:
        return SpeakerCard(name, unique, "", "")
    has_picture = person in site.backstage.pictures
    picture = f"/speakers/{person}/picture" if has_picture else ""
    return SpeakerCard(name, unique, site.backstage.details(person).biography, picture)
