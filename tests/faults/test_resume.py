"""Pages whose line is cut at moments of chance show afterwards what a page loaded now would.

`python3 run.py faults resume` does it with a thousand cuts, with the same code.
"""

from __future__ import annotations

from pathlib import Path

from tests.faults.resume import cut_at_random
from tests.live.serving import Prepared

SEED = 20210227
CUTS = 12


async def test_a_page_that_was_cut_off_is_as_if_loaded_anew(prepared: Prepared, tmp_path: Path):
    done = await cut_at_random(prepared, tmp_path, SEED, CUTS)
    assert done.findings == []
    assert done.cuts >= CUTS
    assert done.compared
