"""The housekeeper: what falls due by the clock and is no act of the chair.

Works beside the clerk, through its inbox: decisions become final, the register is locked, reminders
go, and what has been kept long enough is forgotten.
"""

from __future__ import annotations

import asyncio
from contextlib import AbstractAsyncContextManager

import structlog

from conference.clock import beside
from conference.hall import Desk
from conference.rules.people import is_locked
from conference.rules.refused import Refused
from conference.store import registrations
from conference.web import reminding
from conference.web.mailing import remind, reminder_due
from conference.web.registration import lock_register
from conference.web.site import Site
from conference.web.tidy import forget_what_is_due

log = structlog.get_logger()

FORGET_MS = 3_600_000
"""Between two looks at what is to be forgotten; the first comes with the start."""
REMIND_MS = 20_000
"""Between two looks at which speakers are to be told of their time."""
LOOK = 1.0
"""Seconds between two looks at the clock."""


class Housekeeper:
    """Looks at the clock every second; what is due is done in the clerk's transaction."""

    def __init__(self, site: Site) -> None:
        """Begin with nothing under way."""
        self.site = site
        self._forgot_at = 0
        self._reminded_at = 0

    def working(self) -> AbstractAsyncContextManager[None]:
        """Look every second for the duration."""
        return beside(self.run)

    async def run(self) -> None:
        """Look every second, until cancelled."""
        while True:
            await asyncio.sleep(LOOK)
            try:
                await self.look()
            except Exception as error:  # noqa: BLE001  (what fails now is tried again in a second)
                # Without the traceback: its text may name an address.
                log.warning("housekeeping failed", error=type(error).__name__)

    async def look(self) -> None:
        """Do everything that is due now."""
        await self._make_final()
        await self._lock()
        await self._remind()
        await self._remind_speakers()
        await self._forget()

    async def _make_final(self) -> None:
        site, now = self.site, self.site.now()
        if not any(row.final_at <= now for row in site.pending.values()):
            return

        async def work(desk: Desk) -> None:
            belongs = not site.public.registration.keep_belongs
            done = await registrations.make_final(desk.tx, desk.now(), belongs=belongs)
            for person in done:
                site.forget_evidence(person, belongs=belongs)
            desk.tell = True

        await site.hall.work(work)
        site.mail_wake()

    async def _lock(self) -> None:
        site, at = self.site, self.site.door.locks_at
        if at is None or at > site.now() or is_locked(site.meeting):
            return

        async def work(desk: Desk) -> Refused | None:
            return await lock_register(desk)

        await site.hall.work(work)

    async def _remind(self) -> None:
        site, which = self.site, reminder_due(self.site)
        if not which:
            return

        async def work(desk: Desk) -> None:
            await remind(desk, site, which)

        await site.hall.work(work)
        site.mail_wake()

    async def _remind_speakers(self) -> None:
        site, now = self.site, self.site.now()
        if now - self._reminded_at < REMIND_MS:
            return
        self._reminded_at = now
        if not any(reminding.due(site, site.meeting)):
            return

        async def work(desk: Desk) -> None:
            await reminding.remind(desk, site)

        await site.hall.work(work)
        site.mail_wake()

    async def _forget(self) -> None:
        now = self.site.now()
        if now - self._forgot_at < FORGET_MS:
            return
        self._forgot_at = now
        await forget_what_is_due(self.site)
