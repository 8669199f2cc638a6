"""How many connections there may be: all together, and of those that have not said what they want.

Without a limit thousands of idle connections would take every file that the process may open, the
database's among them. Over the limit a request is answered 503. Of the connections whose first
request is not complete the oldest is dropped for a new one: an honest one takes a moment, so a crowd
that dawdles keeps nobody out.
"""

from __future__ import annotations

import asyncio
import contextlib
import weakref
from typing import Protocol

MOST = 20_000
"""Connections of one process, however many files it may open."""
DAWDLING = 4096
"""Connections whose request is not complete: more than the system's own queue hands over at once."""
KEPT_FREE = 256
"""Open files for the database, pages, documents, the counting process."""
SPARE = 128
"""Connections beyond the most that are told so; the next ones are dropped without a word."""


class Waiting(Protocol):
    """A connection whose request is not complete."""

    transport: asyncio.Transport


def raise_open_files() -> int:
    """Let this process open as many files as the system allows; how many those are."""
    try:
        import resource  # noqa: PLC0415 - not on Windows
    except ImportError:
        return MOST + KEPT_FREE
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = MOST + KEPT_FREE + SPARE
    wanted = most if hard == resource.RLIM_INFINITY else min(hard, most)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
            soft = wanted
    return wanted if soft == resource.RLIM_INFINITY else min(soft, most)


class Entrance:
    """The one entrance of an event loop."""

    def __init__(self, files: int) -> None:
        """Let in what so many open files allow."""
        self.most = max(16, min(MOST, files - KEPT_FREE - SPARE))
        self.dawdling = min(DAWDLING, max(8, self.most // 2))
        self._waiting: dict[Waiting, None] = {}

    @property
    def waiting(self) -> int:
        """How many have not said yet what they want."""
        return len(self._waiting)

    def came(self, line: Waiting) -> None:
        """This one begins a request; the oldest that has not ended its own may have to go."""
        self._waiting[line] = None
        if len(self._waiting) > self.dawdling:
            oldest = next(iter(self._waiting))
            del self._waiting[oldest]
            oldest.transport.abort()

    def said(self, line: Waiting) -> None:
        """Its request is complete, or it has gone."""
        self._waiting.pop(line, None)


_ENTRANCES: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, Entrance] = (
    weakref.WeakKeyDictionary()
)


def entrance_of(loop: asyncio.AbstractEventLoop) -> Entrance:
    """Return the entrance of this loop."""
    found = _ENTRANCES.get(loop)
    if found is None:
        found = _ENTRANCES[loop] = Entrance(raise_open_files())
    return found
