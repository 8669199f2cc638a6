"""What is sent to one person's seats only, made quickly for thousands who differ in little."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from functools import cache

from conference.live.messages import Region, encode
from conference.rules.kinds import PersonId
from conference.web import regions
from conference.web.regions import VIEWS
from conference.web.site import Site
from conference.web.views import votes
from conference.wire.frames import text_frame

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
    _version: int = -1
    _known: dict[object, tuple[str, bytes]] = field(default_factory=dict)

    def frames(self, view: str, person: PersonId) -> bytes:
        """Return all regions of this person on a page of this view; nothing for a stranger."""
        if person not in self.site.meeting.people:
            return b""
        found = self.ballot(view, person)
        for name, build in VIEWS[view].personal.items():
            if name not in OF_BALLOT:
                context = build(self.site, person)
                found += self._made(name, context, keep=name == ME)[1]
        return found

    def ballot(self, view: str, person: PersonId) -> bytes:
        """Return what a page of this view tells of this person's ballot; nothing where it does not."""
        return self.ballots(view)(person)

    def ballots(self, view: str) -> Callable[[PersonId], bytes]:
        """Return what gives it for each person, as things stand.

        It is the same for everybody but for the receipt.
        """
        name = _region_of_ballot(view)
        if not name:
            return lambda _person: b""
        views = votes.ballot_views(self.site)

        def frame(person: PersonId) -> bytes:
            shown = views(person)
            if not shown.receipt:
                return self._made(name, shown, keep=True)[1]
            alike = votes.BallotView(shown.number, shown.state, SLOT)
            return text_frame(self._made(name, alike, keep=True)[0].replace(SLOT, shown.receipt))

        return frame

    def _made(self, name: str, context: Hashable, *, keep: bool) -> tuple[str, bytes]:
        """Return the wire message of a region for this context, as it is and framed.

        The one made before, if it was to be kept.
        """
        version = self.site.meeting.conference.version
        if version != self._version or len(self._known) > MOST:
            self._known.clear()
            self._version = version
        made = self._known.get((name, context)) if keep else None
        if made is None:
            text = region_text(self.site, name, regions.render(self.site, name, context))
            made = text, text_frame(text)
            if keep:
                self._known[name, context] = made
        return made


@cache
def _region_of_ballot(view: str) -> str:
    own = VIEWS[view].personal
    return next((name for name in OF_BALLOT if name in own), "")
