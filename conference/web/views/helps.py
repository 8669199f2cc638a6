"""The help list as the stewards see it, and the counts that the chair sees."""

from __future__ import annotations

from dataclasses import dataclass

from conference.rules.kinds import PersonId
from conference.web.site import Site
from conference.web.text import gettext
from conference.web.text import lazy as _
from conference.web.views import words

PROBLEMS = {
    "hear": _("I cannot hear"),
    "see": _("I cannot see the picture or the text"),
    "speak": _("I cannot speak: my microphone"),
    "vote": _("I cannot vote"),
    "lost": _("I do not know what is going on"),
    "person": _("Please speak to me"),
}


@dataclass(frozen=True, slots=True)
class HelpLine:
    """One call for help."""

    id: int
    at: int
    name: str
    roles: str
    problem: str
    reach: str


@dataclass(frozen=True, slots=True)
class HelpsView:
    """The region `helps`: who waits for help, the longest first."""

    zone: str
    lines: tuple[HelpLine, ...]
    announce: str


@dataclass(frozen=True, slots=True)
class HelpCount:
    """How many ask for help with one problem."""

    problem: str
    count: int


def helps_view(site: Site) -> HelpsView:
    """Return who waits for help."""
    lines = tuple(
        HelpLine(
            row.id, row.at, site.name(row.person), _roles(site, row.person),
            gettext(PROBLEMS[row.problem]), row.reach,
        )
        for row in site.backstage.helps.values()
    )  # fmt: skip
    newest = lines[-1] if lines else None
    announce = f"{gettext('Help')}: {newest.name}. {newest.problem}." if newest else ""
    return HelpsView(site.meeting.conference.zone, lines, announce)


def _roles(site: Site, person: PersonId) -> str:
    row = site.meeting.people.get(person)
    return ", ".join(sorted(gettext(words.ROLES[r]) for r in row.roles)) if row else ""


def help_counts(site: Site) -> tuple[HelpCount, ...]:
    """Return how many ask for what, without names: for the chair."""
    asked = [row.problem for row in site.backstage.helps.values()]
    return tuple(
        HelpCount(gettext(text), asked.count(problem))
        for problem, text in PROBLEMS.items()
        if problem in asked
    )


def own_call(site: Site, person: PersonId | None) -> HelpLine | None:
    """Return this person's own call that still waits, or None."""
    lines = {site.backstage.helps[line.id].person: line for line in helps_view(site).lines}
    return lines.get(person) if person is not None else None
