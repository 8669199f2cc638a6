"""What the officers of this conference cannot do yet, in words: said before the day, not on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from conference.rules.appointments import gaps
from conference.rules.kinds import Phase, Role, Standing
from conference.web.site import Site
from conference.web.text import gettext
from conference.web.text import lazy as _

WORDS: Mapping[str, str] = {
    "chair": _("Nobody is chair or vice-chair: nobody can open the conference."),
    "registrar": _("Nobody is registrar: nobody decides who takes part."),
    "organiser": _("Nobody is organiser: nobody can change the mode or give roles."),
    "second": _(
        "Only one person could be the second of two officers: nobody can be removed, admitted late, "
        "and no counted vote made void."
    ),
    "preside": _(
        "Only one person can be in the chair: nobody could preside over a question about the chair, "
        "or take it when the connection is lost."
    ),
    "tellers": _(
        "There are no two tellers: no count sheet can be confirmed and the register cannot be checked."
    ),
}


def in_words(holders: Iterable[frozenset[Role]]) -> tuple[str, ...]:
    """Return one sentence for everything that people with these roles cannot do."""
    return tuple(gettext(WORDS[name]) for name in gaps(holders))


def gaps_view(site: Site) -> tuple[str, ...]:
    """Return what is missing, until the conference is closed."""
    if site.meeting.conference.phase is Phase.CLOSED:
        return ()
    people = site.meeting.people.values()
    return in_words(p.roles for p in people if p.standing is Standing.ACCEPTED)
