"""A vote over a bad phone network, in short: everybody is recorded, nobody is left without an answer.

`python3 run.py faults phones` takes votes of a minute, with the same code.
"""

from __future__ import annotations

from pathlib import Path

from tests.faults.chaos import Line
from tests.faults.phones import bad_network
from tests.live.serving import Prepared

SEED = 20210227


async def test_a_bad_network_leaves_nobody_without_an_answer(prepared: Prepared, tmp_path: Path):
    line = Line(stall_every=4, stall=1, cut_every=8)
    report = await bad_network(prepared, tmp_path, SEED, line, press_within=6)
    assert report.findings == []
    assert report.recorded == report.voters == 40
    assert report.cuts > 0
