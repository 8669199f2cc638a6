"""A process that stands still is noticed, with the place where it stood, and nothing else."""

from __future__ import annotations

import asyncio
import time

import structlog

from conference.meters import Meters
from conference.watchdog import LATE, Watchdog


async def test_a_call_that_takes_long_is_noticed_and_named():
    meters = Meters()
    dog = Watchdog(meters)

    def stands_still() -> None:
        until = time.monotonic() + 60
        begun = time.monotonic()
        while not dog._stands or time.monotonic() < begun + 2 * LATE:
            assert time.monotonic() < until
            time.sleep(0.02)

    with structlog.testing.capture_logs() as logs:
        async with dog.working():
            await asyncio.sleep(0)
            stands_still()
            async with asyncio.timeout(60):
                while not meters.stall.total:
                    await asyncio.sleep(0.01)
    stalled = next(line for line in logs if "stands_still" in line.get("at", ""))
    assert stalled["event"] == "stalled"
    assert stalled["log_level"] == "warning"
    assert stalled["seconds"] > LATE
    assert meters.stall.largest > LATE
