"""Power cuts: one recorded run of real voting, and what might be left of it at any moment."""

from __future__ import annotations

import asyncio
import random
import shutil
from dataclasses import dataclass, field
from pathlib import Path

from conference.store.verify import verify
from tests.faults.disk import WAYS, Disk, Faults, Record, records, shim
from tests.faults.history import FOR_EVER, Press, opened, pressing, violations, voters_of
from tests.live.serving import CHAIR, ROOT, Prepared, close_vote

VOTERS = 30
SYNC_MS = 4
"""A sync takes so much longer than on this machine: an acknowledgement that does not wait shows."""


@dataclass
class Run:
    """A recorded run: the folder before it, what happened to its files, and what people were told."""

    start: Path
    records: list[Record]
    presses: list[Press] = field(default_factory=list)
    opened: int = 0
    """When the vote was open: cuts lie behind it."""


async def recorded(
    prepared: Prepared, folder: Path, seed: object, seconds: float, tree: Path = ROOT
) -> Run:
    """Vote for so long, close the vote while people press, count it; then the server is killed."""
    start = folder / "start"
    server = prepared.copy(start)
    shutil.copytree(start, folder / "data")
    server.data = folder / "data"
    server.tree = tree
    journal, faults = folder / "journal", Faults(folder / "faults")
    faults.set(sync_ms=SYNC_MS)
    server.around = {
        **faults.environment(await asyncio.to_thread(shim, folder), server.data),
        "POWERCUT_JOURNAL": str(journal),
    }
    run = Run(start, [])
    try:
        await asyncio.to_thread(server.start)
        async with server.person(CHAIR) as chair:
            voters = await voters_of(server, VOTERS, seed, (0.01, 0.06))
            async with pressing(chair, prepared.motion, voters) as vote:
                await asyncio.sleep(seconds)
                await close_vote(chair, vote)
            run.presses = [press for voter in voters for press in voter.presses]
            run.opened = min(press.sent for press in run.presses)
    finally:
        await server.goodbye()
        server.kill()
    run.records = list(records(journal))
    return run


@dataclass
class Report:
    """What came of the cuts."""

    cuts: int = 0
    acknowledged: int = 0
    """Ballots that people were told were recorded, before the last cut."""
    held: int = 0
    """Acknowledgements that all cuts together had to keep."""
    findings: list[str] = field(default_factory=list)

    @property
    def said(self) -> str:
        return (
            f"{self.cuts:,} power cuts, {self.acknowledged:,} ballots acknowledged in the run, "
            f"{self.held:,} times one had to be there; {len(self.findings)} findings"
        )


async def cut(run: Run, folder: Path, seed: object, cuts: int, stop_at: int = 0) -> Report:
    """Cut the power at so many random moments; stops after `stop_at` findings, if that is not 0."""
    chance = random.Random(f"{seed} cuts")
    first = next(n for n, record in enumerate(run.records) if record.at >= run.opened)
    moments = sorted(chance.randint(first, len(run.records)) for _ in range(cuts))
    disk, done, report = Disk(run.start), 0, Report()
    report.acknowledged = sum(press.answer == "ack" for press in run.presses)
    for number, moment in enumerate(moments):
        for record in run.records[done:moment]:
            disk.apply(record)
        done = moment
        before = run.records[moment].at if moment < len(run.records) else FOR_EVER
        way = WAYS[number % len(WAYS)]
        target = folder / f"cut-{number}"
        disk.cut(way, random.Random(f"{seed} {number}"), target)
        found = await _after(target, run.presses, before)
        report.cuts += 1
        report.held += sum(p.answer == "ack" and p.answered < before for p in run.presses)
        report.findings += [f"cut {number} ({way}, at record {moment}): {one}" for one in found]
        shutil.rmtree(target)
        if 0 < stop_at <= len(report.findings):
            break
    return report


async def _after(data: Path, presses: list[Press], before: int) -> list[str]:
    """Open what is left as a start does, and say what is wrong with it."""
    try:
        await opened(data)
        return verify(data) + violations(presses, data, before)
    except Exception as error:  # noqa: BLE001  (whatever stops a start is a finding)
        return [f"it cannot be opened: {error!r}"]
