"""The power is cut at moments of chance: what was acknowledged is there, once, in its vote.

A short form of `python3 run.py faults "power cuts"`, with the same code.
"""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.faults.disk import Disk, Record, compiler
from tests.faults.powercut import cut, recorded
from tests.live.serving import Prepared

SEED = 20210227


@pytest.mark.skipif(compiler() is None, reason="the recorder is C, and there is no compiler")
async def test_forty_power_cuts_lose_no_acknowledged_ballot(prepared: Prepared, tmp_path: Path):
    run = await recorded(prepared, tmp_path, SEED, seconds=2)
    report = await cut(run, tmp_path, SEED, cuts=40)
    assert report.findings == []
    assert report.held > 1000, report.said


def test_what_is_not_synced_may_be_gone(tmp_path: Path):
    (tmp_path / "before").write_bytes(b"a" * 1024)
    disk = Disk(tmp_path)
    for record in (
        Record("W", "before", 0, b"b" * 1024, 1),
        Record("C", "new", 0, b"", 2),
        Record("W", "new", 0, b"n", 3),
        Record("S", "new", 0, b"", 4),
    ):
        disk.apply(record)
    assert left(disk, tmp_path, "dropped") == {"before": b"a" * 1024}
    torn = left(disk, tmp_path, "torn", seeds=50)
    assert {b"a" * 512 + b"b" * 512, b"b" * 512 + b"a" * 512} <= set(torn["before"])
    disk.apply(Record("S", "before", 0, b"", 5))
    disk.apply(Record("S", "", 0, b"", 6))
    disk.apply(Record("U", "before", 0, b"", 7))
    assert left(disk, tmp_path, "dropped") == {"before": b"b" * 1024, "new": b"n"}


def left(disk: Disk, folder: Path, way: str, seeds: int = 0) -> dict:
    """What stands in each file after a cut; with `seeds`, everything that may stand there."""
    found: dict[str, list[bytes]] = {}
    for seed in range(seeds or 1):
        target = folder / f"{way}-{len(list(folder.iterdir()))}"
        disk.cut(way, random.Random(seed), target)
        for path in target.iterdir():
            found.setdefault(path.name, []).append(path.read_bytes())
    return found if seeds else {name: contents[0] for name, contents in found.items()}
