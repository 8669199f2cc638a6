"""What is sent to one person's seats only, made quickly for thousands who differ in little."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from conference.live.messages import Region, encode
from conference.rules.kinds import PersonId
from conference.web import regions
from conference.web.regions import VIEWS
from conference.web.site import Site
from conference.web.views import votes
from conference.web.views.votes import BallotView
from conference.wire.frames import text_frame

SLOT = "0receipt0"
"""Where a receipt stands in a region that was rendered once for all receipts."""
MOST = 64
"""Variants that are kept: a hall has a handful."""


def region_frame(site: Site, name: str, html: str) -> bytes:
    """Return the wire message for a region."""
    return text_frame(encode(Region(name, site.meeting.conference.version, html)))


@dataclass(slots=True)
class OwnRegions:
    """The frames of personal regions."""

    site: Site
    _version: int = -1
    _ballots: dict[BallotView, str] = field(default_factory=dict)

    def frames(self, view: str, person: PersonId) -> bytes:
        """Return all regions of this person on a page of this view; nothing for a stranger."""
        if person not in self.site.meeting.people:
            return b""
        found = b""
        for name, build in VIEWS[view].personal.items():
            if name == "ballot":
                found += self.ballot(person)
            else:
                html = regions.render(self.site, name, build(self.site, person))
                found += region_frame(self.site, name, html)
        return found

    def ballot(self, person: PersonId) -> bytes:
        """Return the region `ballot`: the same for everybody but for the receipt."""
        view = votes.ballot_view(self.site, person)
        alike = replace(view, receipt=SLOT) if view.receipt else view
        version = self.site.meeting.conference.version
        if version != self._version or len(self._ballots) > MOST:
            self._ballots.clear()
            self._version = version
        text = self._ballots.get(alike)
        if text is None:
            html = regions.render(self.site, "ballot", alike)
            text = self._ballots[alike] = encode(Region("ballot", version, html))
        return text_frame(text.replace(SLOT, view.receipt) if view.receipt else text)
