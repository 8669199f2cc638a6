"""Notices that the chair, or whoever speaks, has lost the connection (issue: chair lost)."""

from __future__ import annotations

import asyncio
from contextlib import AbstractAsyncContextManager

import structlog

from conference.clock import beside
from conference.rules.acts import ReportChairLost
from conference.rules.kinds import SYSTEM, PersonId, Phase
from conference.rules.roles import in_the_chair
from conference.web.site import Site

log = structlog.get_logger()

LOOK = 2.0
"""Seconds between two looks."""


class Watch:
    """Looks whether whoever is in the chair, or presides, has a live page, or asked for one a moment ago."""

    def __init__(self, site: Site) -> None:
        """Begin as if the chair had just been seen: a start of the server loses nobody the chair."""
        self.site = site
        self._chair: PersonId | None = None
        self._seen = site.now()

    def working(self) -> AbstractAsyncContextManager[None]:
        """Look every few seconds for the duration."""
        return beside(self.run)

    async def run(self) -> None:
        """Look every few seconds, until cancelled."""
        while True:
            await asyncio.sleep(LOOK)
            try:
                await self.look()
            except Exception as error:
                log.exception("looking for the chair failed", error=type(error).__name__)

    async def look(self) -> None:
        """Report the chair lost after the set time without a connection, and back with one."""
        head, now = self.site.meeting.conference, self.site.now()
        self._hear()
        chair = in_the_chair(self.site.meeting) or head.chair
        if head.phase is not Phase.OPEN or chair is None:
            return
        if chair != self._chair:
            self._chair, self._seen = chair, now
        if chair in self.site.room.people():
            self._seen = now
        self._seen = max(self._seen, self.site.asked.get(chair, 0))
        lost = now - self._seen >= self.site.meeting.settings.chair_lost * 1000
        if lost != (head.chair_lost_at is not None):
            await self.site.hall.act(ReportChairLost(lost), SYSTEM)

    def _hear(self) -> None:
        """Note that whoever speaks has a live page: only then can they lose it."""
        meeting = self.site.meeting
        number = meeting.conference.turn
        person = meeting.turns[number].person if number is not None else None
        if person is not None and person in self.site.room.people():
            self.site.heard = number
