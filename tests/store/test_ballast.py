"""Room that is kept for a full disk."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import pytest
import structlog

from conference import watchdog
from conference.clock import beside
from conference.store import ballast
from conference.store.ballast import Ballast


def test_it_is_taken_given_up_and_taken_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(ballast, "BYTES", 2**20)
    kept = Ballast(tmp_path)
    assert kept.held == 0
    assert kept.take()
    file = tmp_path / "ballast"
    assert kept.held == file.stat().st_size == 2**20
    assert file.stat().st_blocks * 512 >= 2**20  # not a file with holes
    with structlog.testing.capture_logs() as logs:
        kept.give_up()
    assert [(line["event"], line["ballast"]) for line in logs] == [("the disk is full", 2**20)]
    assert not file.exists()
    assert kept.take()
    kept.drop()
    kept.drop()
    assert kept.held == 0


def test_it_takes_no_room_that_is_needed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    free = shutil.disk_usage(tmp_path)._replace(free=3 * ballast.BYTES)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: free)
    assert not Ballast(tmp_path).take()
    assert not (tmp_path / "ballast").exists()


async def test_it_is_made_again_as_soon_as_there_is_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(ballast, "BYTES", 2**20)
    monkeypatch.setattr(watchdog, "ROOM_SECONDS", 0.01)
    kept = Ballast(tmp_path)
    async with asyncio.timeout(60), beside(lambda: watchdog.keep_room(kept)):
        for _ in range(3):
            while kept.held != 2**20:
                await asyncio.sleep(0.01)
            kept.give_up()
