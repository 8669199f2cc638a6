"""Two hundred clients of which a tenth stops reading, or goes deaf; run only by name, for each takes half a minute.

`benchmarks/storms.py` does both with ten thousand, and with the same code. The faults that these must
notice are in `tests/fault_mutants.py`.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.disk import compiler
from tests.faults.storms import deaf, told
from tests.faults.test_storms import CLIENTS, SEED, crowd_of
from tests.live.serving import Prepared

pytestmark = pytest.mark.skipif(compiler() is None, reason="the crowd is C")
FEW = CLIENTS // 10
ROUNDS = 6
LATE = 10
"""Seconds: whoever has to wait for those who read nothing waits far longer."""


async def test_whoever_reads_nothing_keeps_nobody_waiting(prepared: Prepared, tmp_path: Path):
    async with crowd_of(prepared, tmp_path) as crowd:
        late, _kilobytes = await told(crowd, ROUNDS, FEW, 1.5, "'" * 270, LATE)
    assert max(late) < LATE * 1000


async def test_half_open_lines_end_and_neither_presence_nor_the_roll_moves(
    prepared: Prepared, tmp_path: Path
):
    async with crowd_of(prepared, tmp_path) as crowd:
        done = await deaf(crowd, SEED)
    assert done.seats == CLIENTS - FEW
    assert done.before == done.after
