"""A real conference needs HTTPS, or somebody who answers for it by name."""

from __future__ import annotations

from conference.hall import Desk
from conference.rules.acts import WaiveEncryption
from conference.rules.kinds import SYSTEM, Mode
from conference.rules.refused import Refused
from conference.settings import Settings
from conference.store import remarks
from conference.web.site import Site


def is_missing(settings: Settings, mode: Mode) -> bool:
    """Say whether a conference in this mode may not be served: unencrypted, and nobody answers."""
    return mode is Mode.REAL and not settings.secure and not settings.without_https


async def note(site: Site, desk: Desk) -> Refused | None:
    """Let the journal say who answers for serving a real conference unencrypted, if somebody does."""
    settings = site.settings
    if desk.meeting.conference.mode is not Mode.REAL or settings.secure:
        return None
    number = await remarks.put(desk.tx, settings.without_https, desk.now())
    site.remarks[number] = settings.without_https
    return desk.take(WaiveEncryption(number), SYSTEM)
