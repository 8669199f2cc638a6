"""Keeps lines alive with one timer for all: finds out who is there, and ends who is not.

A line is looked at every fifteen seconds. If nothing was heard since it was pinged it is dropped,
so a half-open line is gone after thirty seconds and a tick at the latest. A message that had begun at
one look and has not ended at the next ends the line, too, however busily it is sent. The lines are spread
over fifteen buckets: the work of a tick is a fifteenth of all.
"""

from __future__ import annotations

import asyncio
import weakref
from typing import Protocol

ROUND = 15
"""Ticks between two looks at the same line."""
TICK = 1.0
"""Seconds."""
END_TICKS = 20
"""So long the client may take to answer a close frame."""


class Kept(Protocol):
    """What the keeper needs from a line."""

    heard: bool
    pinged: bool
    bucket: int
    transport: asyncio.Transport

    def ping(self) -> None:
        """Ask whether somebody is there."""

    def is_stuck(self) -> bool:
        """Say whether the message that was not complete at the last look is not complete yet."""


class Keeper:
    """The one keeper of an event loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Begin with nobody; the timer runs only while there is somebody."""
        self._loop = loop
        self._buckets: list[set[Kept]] = [set() for _ in range(ROUND)]
        self._ending: dict[Kept, int] = {}
        self._now = 0
        self._timer: asyncio.TimerHandle | None = None

    def keep(self, line: Kept) -> None:
        """Look after this line from now on."""
        line.bucket = self._now % ROUND
        self._buckets[line.bucket].add(line)
        self._wind()

    def will_end(self, line: Kept) -> None:
        """Drop this line soon, whether or not the client answers the close frame."""
        self._ending[line] = self._now + END_TICKS
        self._wind()

    def forget(self, line: Kept) -> None:
        """The line has ended."""
        self._buckets[line.bucket].discard(line)
        self._ending.pop(line, None)

    def _wind(self) -> None:
        if self._timer is None:
            self._timer = self._loop.call_later(TICK, self._tick)

    def _tick(self) -> None:
        self._timer = None
        self._now += 1
        for line in tuple(self._buckets[self._now % ROUND]):
            if line.is_stuck() or (line.pinged and not line.heard):
                line.transport.abort()
            else:
                line.heard = False
                line.ping()
        for line, end in tuple(self._ending.items()):
            if end <= self._now:
                line.transport.abort()
        if self._ending or any(self._buckets):
            self._wind()


_KEEPERS: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, Keeper] = weakref.WeakKeyDictionary()


def keeper_of(loop: asyncio.AbstractEventLoop) -> Keeper:
    """Return the keeper of this loop."""
    found = _KEEPERS.get(loop)
    if found is None:
        found = _KEEPERS[loop] = Keeper(loop)
    return found
