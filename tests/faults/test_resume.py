"""Lines that are cut in the middle of anything: the pages are as fresh ones afterwards, in short.

`python3 run.py faults resume` cuts very often, with the same code.
"""

from __future__ import annotations

from pathlib import Path

from tests.faults.resume import cut_at_random
from tests.live.serving import Prepared

SEED = 20210227


async def test_after_forty_cuts_every_page_is_as_a_fresh_one(prepared: Prepared, tmp_path: Path):
    report = await cut_at_random(prepared, tmp_path, SEED, 40)
    assert report.findings == []
    assert report.cuts >= 40
    assert report.compared > 0
