"""Killed in the middle of the close: one result, equal to an independent count of what was sent.

Six kills here; `python3 run.py faults close` does two hundred.
"""

from __future__ import annotations

import random

from tests.live.closing import killed_close
from tests.live.serving import Server


async def test_six_kills_during_the_close_give_one_result(own_server: Server):
    await killed_close(own_server, random.Random(6), 6)
