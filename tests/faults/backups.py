"""Backups made while everybody votes: each restores, is sound, and holds what was acknowledged."""

from __future__ import annotations

import asyncio
import random
import shutil
import time
from dataclasses import dataclass, field
from pathlib import Path

from conference.store.backup import backup, restore
from conference.store.verify import verify
from tests.faults.history import pressing, violations, voters_of
from tests.live.serving import CHAIR, Prepared, close_vote

VOTERS = 20


@dataclass
class Report:
    """What came of the backups."""

    made: int = 0
    acknowledged: int = 0
    findings: list[str] = field(default_factory=list)


async def under_load(prepared: Prepared, folder: Path, seed: object, wanted: int) -> Report:
    """Make so many at random moments of a vote, and try each."""
    chance, report = random.Random(f"{seed} backups"), Report()
    server = prepared.copy(folder / "data")
    try:
        await asyncio.to_thread(server.start)
        async with server.person(CHAIR) as chair:
            voters = await voters_of(server, VOTERS, seed, (0.0, 0.03))
            async with pressing(chair, prepared.motion, voters) as vote:
                for number in range(wanted):
                    await asyncio.sleep(chance.uniform(0, 0.15))
                    began, copy = time.monotonic_ns(), folder / f"{number}.db"
                    await asyncio.to_thread(backup, server.data, copy)
                    presses = [press for voter in voters for press in voter.presses]
                    found = await asyncio.to_thread(_tried, copy, folder / "restored")
                    found += violations(presses, folder / "restored", began)
                    report.findings += [f"backup {number}: {one}" for one in found]
                    shutil.rmtree(folder / "restored")
                    copy.unlink()
                    report.made += 1
            await close_vote(chair, vote)
            report.acknowledged = sum(len(voter.acknowledged) for voter in voters)
    finally:
        await server.goodbye()
        server.stop()
    return report


def _tried(copy: Path, data: Path) -> list[str]:
    restore(copy, data, time.time_ns() // 1_000_000, lambda: "b" * 32)
    return verify(data)
