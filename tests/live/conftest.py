from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.live.serving import CHAIR, Person, Prepared, Server, prepare


@pytest.fixture(scope="session")
async def prepared(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    """A folder in which Motion 1 is moved and seconded and 40 delegates are present."""
    return await prepare(tmp_path_factory.mktemp("prepared"))


@pytest.fixture(scope="module")
def server(prepared: Prepared, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for a module."""
    yield from _served(prepared.copy(tmp_path_factory.mktemp("module") / "data"))


@pytest.fixture
def own_server(prepared: Prepared, tmp_path: Path) -> Iterator[Server]:
    """A server for one test, which may be killed."""
    yield from _served(prepared.copy(tmp_path / "data"))


def _served(server: Server) -> Iterator[Server]:
    server.start()
    yield server
    code = server.stop()
    assert code in {0, -9}, server.stderr()
    assert "Traceback" not in server.stderr()


@pytest.fixture
async def chair(server: Server) -> AsyncIterator[Person]:
    async with server.person(CHAIR) as person:
        yield person


@pytest.fixture
async def own_chair(own_server: Server) -> AsyncIterator[Person]:
    async with own_server.person(CHAIR) as person:
        yield person


@pytest.fixture(autouse=True)
async def nothing_left() -> AsyncIterator[None]:
    """Let closed sockets be closed before the next test begins."""
    yield
    await asyncio.sleep(0)
