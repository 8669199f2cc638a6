"""The one place where time is asked for.

Running time is monotonic: the wall clock is read once, at start, and never again, so that a
correction of the machine's clock neither shortens nor lengthens a vote.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any

Clock = Callable[[], int]
"""Says what time it is, in whole milliseconds since 1970 (UTC)."""


def running_clock() -> Clock:
    """Return a clock anchored at the wall clock now, which only ever moves forward."""
    anchor = time.time_ns() - time.monotonic_ns()

    def now() -> int:
        return (anchor + time.monotonic_ns()) // 1_000_000

    return now


def wall_against_running() -> float:
    """Return how far the wall clock is from the running one, in seconds: a jump changes it."""
    return time.time() - time.monotonic()


@contextlib.asynccontextmanager
async def beside(work: Callable[[], Coroutine[Any, Any, None]]) -> AsyncIterator[None]:
    """Do this work beside the block; it is cancelled when the block ends, and waited for."""
    task = asyncio.create_task(work())
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
