"""The machine fails in the middle of a vote: some troubles here, `python3 run.py faults machine` has all."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.disk import compiler
from tests.faults.machine import SAMPLE, TROUBLES, voting
from tests.live.serving import Prepared

SEED = 20210227


@pytest.mark.skipif(compiler() is None, reason="what fails is made by C, and there is no compiler")
@pytest.mark.parametrize("trouble", SAMPLE)
async def test_a_failing_machine_loses_nothing(trouble: str, prepared: Prepared, tmp_path: Path):
    async with voting(prepared, tmp_path, SEED) as scene:
        await TROUBLES[trouble](scene)
