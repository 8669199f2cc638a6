from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, async_playwright, expect

from conference.devtools import find_browser
from tests.browser.served import CHROMIUM_FLAGS, GOODBYE, People, Served, quick_launch

expect.set_options(
    timeout=10_000
)  # as long as every other wait of ours: three pages share two cores


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    """A Chromium for a module: one that stands still is not handed on to the next."""
    path = find_browser()
    assert path, "Chromium is missing: install Debian's package chromium"
    playwright = await async_playwright().start()
    browser = await playwright.chromium.launch(executable_path=str(path), args=CHROMIUM_FLAGS)
    yield browser
    for goodbye in (browser.close, playwright.stop):
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(goodbye(), GOODBYE)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One demonstration for a module, started by `run.py` as a process."""
    server = Served(tmp_path_factory.mktemp("served") / "data")
    server.start()
    yield server
    server.stop()


@pytest.fixture
def own_served(tmp_path: Path) -> Iterator[Served]:
    """A demonstration of its own with quick votes, for tests that kill it or walk it."""
    server = Served(tmp_path / "data")
    quick_launch(tmp_path / "quick.toml")
    done = server.run("load", str(tmp_path / "quick.toml"), "--mode", "demonstration")
    assert done.returncode == 0, done.stderr
    server.start()
    yield server
    server.stop()


@pytest.fixture
async def people(browser: Browser, served: Served) -> AsyncIterator[People]:
    """Browsers for the people of the module's server."""
    people = People(browser, served.links())
    yield people
    await people.close()


@pytest.fixture
async def own_people(browser: Browser, own_served: Served) -> AsyncIterator[People]:
    """Browsers for the people of the test's own server."""
    people = People(browser, own_served.links())
    yield people
    await people.close()
