"""When Python's collector of cycles passes over what has come to stay: while nothing happens.

One pass over what ten thousand connections hold takes a tenth of a second in which nobody is answered,
and by its own rules it comes after so many things have been made: that is, in the middle of a vote. What
is made and dropped at once is looked at as ever (a pass of some milliseconds); what has outlived that is
looked at when nobody waits.
"""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable

LOOK = 1.0
"""Seconds between two looks whether it is calm."""
CALM = 2
"""Looks in a row that must find it calm: whatever has just been committed has been told by then."""
YOUNG = 20_000
"""Things made and not yet gone, after which the young ones are looked at."""
MOST = 200
"""Young passes after which the others are looked at, calm or not: memory must not grow without end."""
OLD = 50
"""Passes over what has outlived the young ones, after which everything is looked at."""


def spare() -> None:
    """Leave alone what stands for the whole conference, and look at the rest less often.

    A full pass over the rows of ten thousand people is a pause that every screen feels.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, MOST, OLD)


async def collect_when_calm(is_calm: Callable[[], bool], look: float = LOOK) -> None:
    """Collect what is left of the young passes whenever it is calm, until cancelled.

    It is not calm either while things are being made in numbers, as when a hall comes in.
    """
    calm, seen = 0, 0
    while True:
        await asyncio.sleep(look)
        still = is_calm()
        _things, young, old = gc.get_count()
        calm = calm + 1 if still and young == seen else 0
        if young and calm >= CALM:
            gc.collect(2 if old >= OLD else 1)
        seen = gc.get_count()[1]
