"""The collector of cycles waits until it is calm, and then does come."""

from __future__ import annotations

import asyncio
import gc
import weakref
from collections.abc import Iterator

import pytest

from conference import collector
from conference.clock import beside

LOOK = 0.001


class Knot:
    """Something that only the collector can free."""

    def __init__(self) -> None:
        self.me = self


def old_knot() -> weakref.ref[Knot]:
    """Return a knot that has outlived a young pass, and that nobody holds any more."""
    knot = Knot()
    gc.collect(0)
    return weakref.ref(knot)


@pytest.fixture(autouse=True)
def by_hand() -> Iterator[None]:
    """Only what is tested collects: no young pass comes in between."""
    before = gc.get_threshold()
    gc.collect()
    gc.set_threshold(10**9, 10**6, 10**6)
    yield
    gc.set_threshold(*before)


async def test_it_waits_while_there_is_something_to_do():
    gone = old_knot()
    looks = 0

    def is_calm() -> bool:
        nonlocal looks
        looks += 1
        return False

    async with asyncio.timeout(60):
        async with beside(lambda: collector.collect_when_calm(is_calm, LOOK)):
            while looks < 10 * collector.CALM:
                await asyncio.sleep(LOOK)
    assert gone() is not None


async def test_it_comes_once_it_has_been_calm_for_some_looks():
    gone = old_knot()
    alive = []

    def is_calm() -> bool:
        alive.append(gone() is not None)
        return True

    async with asyncio.timeout(60):
        async with beside(lambda: collector.collect_when_calm(is_calm, LOOK)):
            while gone() is not None:
                await asyncio.sleep(LOOK)
    assert alive[: collector.CALM] == [True] * collector.CALM


async def test_it_waits_while_many_come_in():
    """Young passes between the looks: things are being made in numbers."""
    gone = old_knot()
    looks = 0

    def is_calm() -> bool:
        nonlocal looks
        looks += 1
        gc.collect(0)
        return True

    async with asyncio.timeout(60):
        async with beside(lambda: collector.collect_when_calm(is_calm, LOOK)):
            while looks < 10 * collector.CALM:
                await asyncio.sleep(LOOK)
    assert gone() is not None


async def test_everything_is_looked_at_now_and_then():
    knot = Knot()
    for _ in range(collector.OLD):
        gc.collect(1)
    gc.collect(0)
    gone = weakref.ref(knot)
    del knot
    async with asyncio.timeout(60):
        async with beside(lambda: collector.collect_when_calm(lambda: True, LOOK)):
            while gone() is not None:
                await asyncio.sleep(LOOK)
