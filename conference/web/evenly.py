"""An answer that takes the same time whatever it was about, so that its length tells nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

TAKES = 0.15
"""Seconds: several times what the work behind such an answer takes, and less than anybody notices."""


@asynccontextmanager
async def evenly() -> AsyncIterator[None]:
    """Leave the block no sooner than after that time, and at a whole multiple of it if it was long."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    try:
        yield
    finally:
        taken = loop.time() - began
        await asyncio.sleep((taken // TAKES + 1) * TAKES - taken)
