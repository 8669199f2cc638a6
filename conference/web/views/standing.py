"""What the registrar has decided about one person, in words."""

from __future__ import annotations

from dataclasses import dataclass

from conference.rules.kinds import PersonId, Role, Standing
from conference.rules.slots import of_person
from conference.rules.state import Person
from conference.web.site import Site
from conference.web.text import gettext, ngettext
from conference.web.views.words import ROLES

NO_OFFICE = frozenset({Role.DELEGATE, Role.OBSERVER, Role.SPEAKER})


@dataclass(frozen=True, slots=True)
class StandingView:
    """The region `standing` of a person's own page."""

    name: str
    standing: str
    roles: str
    delegate: bool
    observer: bool
    speaks: bool
    """Whether they have a slot in the programme."""
    office: bool


def roles_in_words(person: Person) -> str:
    """Return the roles as a list in words."""
    return ", ".join(gettext(ROLES[role]) for role in Role if role in person.roles)


def standing_in_words(person: Person) -> str:
    """Return what was decided, and as what, in a few words."""
    if person.standing is Standing.WAITING:
        return gettext("waits for a decision")
    if person.standing is Standing.DECLINED:
        return gettext("not accepted")
    return roles_in_words(person)


def standing_view(site: Site, person: PersonId) -> StandingView:
    """Return what this person is told about their own standing."""
    row = site.meeting.people[person]
    accepted = row.standing is Standing.ACCEPTED
    return StandingView(
        name=site.name(person),
        standing=row.standing,
        roles=roles_in_words(row),
        delegate=accepted and Role.DELEGATE in row.roles,
        observer=accepted and Role.OBSERVER in row.roles,
        speaks=any(True for _slot in of_person(site.meeting, person)),
        office=accepted and bool(row.roles - NO_OFFICE),
    )


def minutes_in_words(minutes: int) -> str:
    """Return a length of time in words."""
    if minutes % 60 == 0 and minutes >= 60:  # noqa: PLR2004  (an hour)
        hours = minutes // 60
        return ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours}
    return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}
