"""Rows and bytes that were changed by hand: `verify` names the table, or no result is touched."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.faults.damage import flips, rows
from tests.faults.submissions import counted
from tests.live.serving import Prepared

SEED = 20210227


@pytest.fixture(scope="module")
async def sound(prepared: Prepared, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """A small meeting with a counted vote, and a large one with a register and a programme."""
    folder = tmp_path_factory.mktemp("sound")
    await counted(folder / "counted", SEED)
    shutil.copytree(prepared.data, folder / "prepared")
    return [folder / "counted", folder / "prepared"]


def test_a_changed_row_of_any_table_is_named(sound: list[Path], tmp_path: Path):
    done = rows(sound, tmp_path, SEED, most=1)
    assert done.unseen == []
    assert {"vote", "ballot", "opened_ballot", "journal", "head", "roll_person"} <= done.tables


async def test_changed_bytes_never_change_a_result_without_a_word(
    sound: list[Path], tmp_path: Path
):
    kinds = await flips(sound[0], tmp_path, SEED, 30)
    assert kinds["silently wrong"] == 0, kinds
    assert kinds["named by verify"] + kinds["refused at the start"] > 0, kinds
