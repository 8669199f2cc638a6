"""What is sent to one person's seats only, made quickly for thousands who differ in little."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, replace
from functools import cache

from conference.live.messages import Region, encode
from conference.rules.kinds import PersonId
from conference.rules.state import Meeting
from conference.web import regions
from conference.web.regions import VIEWS
from conference.web.site import Site
from conference.web.views import ballots, me
from conference.wire.frames import text_around, text_frame

ME = "me"
OF_BALLOT = ("ballot", "cast")
"""The regions that tell of a ballot of theirs: on the floor the one, on other pages the other."""
SLOT = "0receipt0"
"""Where a receipt stands in a region that was rendered once for all receipts."""
MOST = 64
"""Variants that are kept: a hall has a handful."""


def region_text(site: Site, name: str, html: str) -> str:
    """Return the wire message for a region."""
    return encode(Region(name, site.meeting.conference.version, html))


def region_frame(site: Site, name: str, html: str) -> bytes:
    """Return the wire message for a region, framed."""
    return text_frame(region_text(site, name, html))


@dataclass(slots=True)
class OwnRegions:
    """The frames of personal regions; of whoever sees the very same, rendered once."""

    site: Site
    _at: Meeting | None = None
    """The meeting of which all below tells."""
    _ballots: dict[str, Callable[[PersonId], bytes]] = field(default_factory=dict)
    _selves: me.MeViews | None = None
    _known: dict[object, bytes] = field(default_factory=dict)

    def frames(self, view: str, person: PersonId) -> bytes:
        """Return all regions of this person on a page of this view; nothing for a stranger."""
        if person not in self.site.meeting.people:
            return b""
        found = self.ballot(view, person)
        for name, build in VIEWS[view].personal.items():
            if name not in OF_BALLOT:
                context = self._self(person) if name == ME else build(self.site, person)
                found += self._made(name, context, keep=name == ME)
        return found

    def _self(self, person: PersonId) -> me.MeView:
        self._forget_the_past()
        self._selves = self._selves or me.MeViews(self.site)
        return self._selves.of(person)

    def ballot(self, view: str, person: PersonId) -> bytes:
        """Return what a page of this view tells of this person's ballot; nothing where it does not."""
        return self.ballots(view)(person)

    def ballots(self, view: str) -> Callable[[PersonId], bytes]:
        """Return what gives it for each person until the next act is taken.

        It is the same for everybody but for the receipt.
        """
        self._forget_the_past()
        found = self._ballots.get(view)
        if found is None:
            found = self._ballots[view] = self._telling(_region_of_ballot(view))
        return found

    def _telling(self, name: str) -> Callable[[PersonId], bytes]:
        if not name:
            return lambda _person: b""
        views = ballots.ballot_views(self.site)
        stored = self._text(name, replace(views.stored, receipt=SLOT)) if views.shows else ""
        head, _slot, tail = stored.encode().partition(SLOT.encode())
        around = text_around(head, tail)

        def frames(person: PersonId) -> bytes:
            words = views.words(person)
            if not words:
                return self._made(name, views.alike(person), keep=True)
            return around(words.encode())

        return frames

    def _forget_the_past(self) -> None:
        if self._at is not self.site.meeting or len(self._known) > MOST:
            self._known.clear()
            self._ballots.clear()
            self._selves = None
            self._at = self.site.meeting

    def _text(self, name: str, context: object) -> str:
        return region_text(self.site, name, regions.render(self.site, name, context))

    def _made(self, name: str, context: Hashable, *, keep: bool) -> bytes:
        """Return the frame of a region for this context: the one made before, if it was to be kept."""
        self._forget_the_past()
        made = self._known.get((name, context)) if keep else None
        if made is None:
            made = text_frame(self._text(name, context))
            if keep:
                self._known[name, context] = made
        return made


@cache
def _region_of_ballot(view: str) -> str:
    own = VIEWS[view].personal
    return next((name for name in OF_BALLOT if name in own), "")
