"""Doubled presses, two devices, lost answers, and ballots that race the close: in short.

`python3 run.py faults submissions` and `faults races` do very many, with the same code.
"""

from __future__ import annotations

from pathlib import Path

from tests.faults.submissions import duplicates, races

SEED = 20210227


async def test_two_thousand_submissions_leave_one_ballot_each(tmp_path: Path):
    tried = await duplicates(tmp_path, SEED, 2_000, size=60)
    assert tried.findings == []
    assert tried.submissions >= 2_000


async def test_three_hundred_races_against_the_close_are_acknowledged_or_not_counted(
    tmp_path: Path,
):
    tried = await races(tmp_path, SEED, 300, size=60)
    assert tried.findings == []
    assert 0 < tried.refused < tried.presses
