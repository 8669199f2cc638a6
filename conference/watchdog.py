"""Notices when the process stands still, and makes room for the disk again.

Everything here happens in one event loop: one call that takes two seconds is two seconds in which
nobody is answered. The loop itself sees how late it was; a thread beside it sees meanwhile where it
stands. Neither knows anything about whom it was for.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
import threading
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Protocol

import structlog

from conference.clock import beside
from conference.meters import Meters

log = structlog.get_logger()

TICK = 0.1
"""Seconds between two signs of life."""
LATE = 0.5
"""Seconds that a sign of life may be late before it is a stall."""
ROOM_SECONDS = 30.0
"""Between two looks whether the disk has room for the ballast."""


class Room(Protocol):
    """What is kept free on the disk."""

    def take(self) -> bool:
        """Make it, if there is room."""


class Watchdog:
    """Watches the loop in which it runs."""

    def __init__(self, meters: Meters) -> None:
        """Begin with nothing seen."""
        self._meters = meters
        self._alive = time.monotonic()
        self._stands = ""
        self._ended = threading.Event()

    @contextlib.asynccontextmanager
    async def working(self) -> AsyncIterator[None]:
        """Watch for the duration."""
        loop_thread = threading.get_ident()
        thread = threading.Thread(target=self._look, args=(loop_thread,), daemon=True)
        thread.start()
        try:
            async with beside(self._live):
                yield
        finally:
            self._ended.set()
            await asyncio.to_thread(thread.join)

    async def _live(self) -> None:
        while True:
            self._alive = time.monotonic()
            await asyncio.sleep(TICK)
            late = time.monotonic() - self._alive - TICK
            if late > LATE:
                self._meters.stall.see(late)
                # The whole process may have stood still, and the thread with it.
                log.warning("stalled", seconds=round(late, 2), at=self._stands or "unknown")
            self._stands = ""

    def _look(self, loop_thread: int) -> None:
        """In a thread of its own: note where the loop stands while it gives no sign of life."""
        while not self._ended.wait(TICK):
            if not self._stands and time.monotonic() - self._alive > LATE:
                self._stands = _place(loop_thread)


def _place(thread: int) -> str:
    """Our own line at which this thread is; file, line and function, nothing of what is in them."""
    here = Path(__file__).parent
    frame = sys._current_frames().get(thread)  # noqa: SLF001  (its documented name)
    innermost = frame
    while frame is not None:
        path = Path(frame.f_code.co_filename)
        if path.is_relative_to(here):
            return f"{path.relative_to(here.parent)}:{frame.f_lineno} {frame.f_code.co_name}"
        frame = frame.f_back
    return innermost.f_code.co_name if innermost else ""


async def keep_room(ballast: Room) -> None:
    """Make the ballast again as soon as there is room for it, until cancelled."""
    while True:
        await asyncio.to_thread(ballast.take)
        await asyncio.sleep(ROOM_SECONDS)
