"""Hints to the registrar: what is odd about a registration. Nobody is ever refused for one."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter

from conference.rules.kinds import PersonId, Standing
from conference.web.addresses import COMMON, DISPOSABLE, domain_of
from conference.web.display_names import skeleton
from conference.web.site import Site
from conference.web.text import gettext as _
from conference.web.text import ngettext

MINUTE_MS = 60_000


class Hints:
    """Everybody who is known, looked at once, so that one hint costs the same in a large register."""

    def __init__(self, site: Site) -> None:
        """Look at everybody as they stand now."""
        self._site = site
        known = {p: j for p, j in site.joined.items() if p in site.meeting.people}
        self._addresses = Counter(j.email.casefold() for j in known.values() if j.email)
        self._domains = Counter(domain_of(j.email) for j in known.values() if j.email)
        self._names: dict[str, list[PersonId]] = {}
        for person in known:
            self._names.setdefault(skeleton(site.names.get(person, "")), []).append(person)
        self._waiting = sorted(j.at for p, j in known.items() if self._waits(p))

    def _waits(self, person: PersonId) -> bool:
        row = self._site.meeting.people.get(person)
        return row is not None and row.standing is Standing.WAITING

    def of(self, person: PersonId) -> tuple[str, ...]:
        """Return what is odd about somebody who waits, in words; nothing about the others."""
        own = self._site.joined.get(person)
        if own is None or not self._waits(person):
            return ()
        hints = []
        domain = domain_of(own.email)
        if domain in DISPOSABLE:
            hints.append(_("address for one use"))
        if own.email and self._addresses[own.email.casefold()] > 1:
            hints.append(_("same address as somebody else"))
        same = self._domains[domain] - 1 if domain and domain not in COMMON else 0
        if same > 0:
            text = ngettext("%(n)s other with this domain", "%(n)s others with this domain", same)
            hints.append(text % {"n": same})
        if at_once := self._within_a_minute(own.at):
            text = ngettext(
                "%(n)s other in the same minute", "%(n)s others in the same minute", at_once
            )
            hints.append(text % {"n": at_once})
        if len(self._names.get(skeleton(self._site.names.get(person, "")), ())) > 1:
            hints.append(_("name like somebody else's"))
        return tuple(hints)

    def _within_a_minute(self, at: int) -> int:
        first = bisect_left(self._waiting, at - MINUTE_MS + 1)
        return bisect_right(self._waiting, at + MINUTE_MS - 1) - first - 1

    def duplicates(self, person: PersonId) -> tuple[PersonId, ...]:
        """Return who could be the same person: the same address, or a name that looks the same."""
        own = self._site.joined.get(person)
        if own is None:
            return ()
        alike = set(self._names.get(skeleton(self._site.names.get(person, "")), ()))
        if own.email:
            key = own.email.casefold()
            alike |= {p for p, j in self._site.joined.items() if j.email.casefold() == key}
        return tuple(
            p for p in self._site.joined if p in alike and p != person and p in self._site.names
        )
