from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.live.serving import CHAIR, Person, Prepared, Server, prepare


@pytest.fixture(scope="session")
async def prepared(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    """A folder in which Motion 1 is moved and seconded and 40 delegates are present."""
    return await prepare(tmp_path_factory.mktemp("prepared"))


@pytest.fixture(scope="module")
async def server(
    prepared: Prepared, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Server]:
    """One server for a module."""
    async with served(prepared.copy(tmp_path_factory.mktemp("module") / "data")) as server:
        yield server


@pytest.fixture
async def own_server(prepared: Prepared, tmp_path: Path) -> AsyncIterator[Server]:
    """A server for one test, which may be killed."""
    async with served(prepared.copy(tmp_path / "data")) as server:
        yield server


@asynccontextmanager
async def served(server: Server) -> AsyncIterator[Server]:
    """Serve for the duration; in the end nothing unexpected may stand in the log."""
    server.start()
    try:
        yield server
    finally:
        await server.goodbye()
        code = server.stop()
    assert code in {0, -9}, server.stderr()
    assert "Traceback" not in server.stderr()
    assert '"level": "error"' not in server.stderr()


@pytest.fixture
async def chair(server: Server) -> AsyncIterator[Person]:
    async with server.person(CHAIR) as person:
        yield person


@pytest.fixture
async def own_chair(own_server: Server) -> AsyncIterator[Person]:
    async with own_server.person(CHAIR) as person:
        yield person
