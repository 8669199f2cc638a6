"""Two hundred clients are cut off at once, while a vote is about to open: all are current again.

`python3 run.py faults storms` does it with ten thousand, and lets a tenth stop reading or go deaf, with
the same code.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from benchmarks import generator
from tests.faults.disk import compiler
from tests.faults.storms import Crowd, cut
from tests.live.serving import CHAIR, PRESENT, Prepared, delegate

SEED = 20210227
CLIENTS = 5 * PRESENT


@asynccontextmanager
async def crowd_of(prepared: Prepared, folder: Path) -> AsyncIterator[Crowd]:
    """Every present delegate has five pages open."""
    server = prepared.copy(folder / "data")
    program = await asyncio.to_thread(generator.build)
    try:
        await asyncio.to_thread(server.start)
        people = [await server.enter(delegate(n)) for n in range(1, PRESENT + 1)]
        cookies = folder / "cookies.txt"
        cookies.write_text("\n".join(person.cookie for person in people) + "\n")
        async with server.person(CHAIR) as chair:
            yield Crowd(program, server, chair, cookies, CLIENTS, prepared.motion)
    finally:
        await server.goodbye()
        server.stop()


@pytest.mark.skipif(compiler() is None, reason="the crowd is C, and there is no compiler")
async def test_whoever_was_cut_off_is_current_again_and_has_the_vote(
    prepared: Prepared, tmp_path: Path
):
    async with crowd_of(prepared, tmp_path) as crowd:
        done = await cut(crowd, SEED)
    assert done.away == 0
    assert done.seats == CLIENTS
    assert done.again["n"] == done.opened["n"] == CLIENTS
    assert done.tries >= CLIENTS
