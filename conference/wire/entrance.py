"""How many connections there may be: all together, and of those that have not said what they want.

Without a limit thousands of idle connections would take every file that the process may open, the
database's among them. Over the limit a request is answered 503. Of the connections whose first
request is not complete the oldest is dropped for a new one: an honest one takes a moment, so a crowd
that dawdles keeps nobody out. Whoever takes longer than `HEAD_SECONDS` is dropped in any case, by one
timer for all.
"""

from __future__ import annotations

import asyncio
import contextlib
import weakref

MOST = 20_000
"""Connections of one process, however many files it may open."""
DAWDLING = 4096
"""Connections whose request is not complete: more than the system's own queue hands over at once."""
KEPT_FREE = 256
"""Open files for the database, pages, documents, the counting process."""
SPARE = 128
"""Connections beyond the most that are told so; the next ones are dropped without a word."""
HEAD_SECONDS = 10.0
"""From the first byte of a request, or from the connection, until its head must be complete."""
LOOK_SECONDS = 1.0
"""Between two looks at who is over that time: so much later than it somebody goes at most."""


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
    """The one entrance of an event loop; a connection is known by its transport, whoever reads it."""

    def __init__(self, files: int) -> None:
        """Let in what so many open files allow."""
        self.most = max(16, min(MOST, files - KEPT_FREE - SPARE))
        self.dawdling = min(DAWDLING, max(8, self.most // 2))
        self._waiting: dict[asyncio.Transport, float] = {}
        """Since when they wait, the oldest first."""
        self._look: asyncio.TimerHandle | None = None

    @property
    def waiting(self) -> int:
        """How many have not said yet what they want."""
        return len(self._waiting)

    def came(self, line: asyncio.Transport) -> None:
        """This one begins a request; the oldest that has not ended its own may have to go.

        One that waits already keeps its place and its time.
        """
        if line in self._waiting:
            return
        loop = asyncio.get_running_loop()
        self._waiting[line] = loop.time()
        if len(self._waiting) > self.dawdling:
            self._drop_oldest()
        if self._look is None:
            self._look = loop.call_later(LOOK_SECONDS, self._drop_late, loop)

    def said(self, line: asyncio.Transport) -> None:
        """Its request is complete, or it has gone."""
        self._waiting.pop(line, None)

    def _drop_oldest(self) -> None:
        oldest = next(iter(self._waiting))
        del self._waiting[oldest]
        oldest.abort()

    def _drop_late(self, loop: asyncio.AbstractEventLoop) -> None:
        self._look = None
        begun = loop.time() - HEAD_SECONDS
        while self._waiting and next(iter(self._waiting.values())) <= begun:
            self._drop_oldest()
        if self._waiting:
            self._look = loop.call_later(LOOK_SECONDS, self._drop_late, loop)


_ENTRANCES: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, Entrance] = (
    weakref.WeakKeyDictionary()
)


def entrance_of(loop: asyncio.AbstractEventLoop) -> Entrance:
    """Return the entrance of this loop."""
    found = _ENTRANCES.get(loop)
    if found is None:
        found = _ENTRANCES[loop] = Entrance(raise_open_files())
    return found
