"""Kills the server and its counting process two hundred times during closes of sealed votes.

    .venv/bin/python benchmarks/close_kills.py [kills]

Each close must give one result, equal to an independent count of what was sent. Exit code 1 when
one does not. The suite does six of them (tests/live/test_close_kill.py).
"""

from __future__ import annotations

import asyncio
import random
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.live.closing import killed_close
from tests.live.serving import prepare

EACH = 5
"""Kills of one close."""
SEED = 20210227


async def trials(kills: int) -> int:
    """How many closes went wrong."""
    wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "prepared").mkdir()
        prepared = await prepare(Path(folder) / "prepared")
        for trial in range(-(-kills // EACH)):
            server = prepared.copy(Path(folder) / f"trial-{trial}")
            started = time.monotonic()
            try:
                await asyncio.to_thread(server.start)
                await killed_close(server, random.Random(SEED + trial), EACH)
                said = "one result, as sent"
            except Exception as error:  # noqa: BLE001  (whatever went wrong is the finding)
                wrong += 1
                said = f"WRONG: {error!r}"
            finally:
                await server.goodbye()
                server.stop()
            print(
                f"close {trial + 1}, {EACH} kills: {said} ({time.monotonic() - started:.0f} s)",
                flush=True,
            )
    return wrong


def run(kills: int = 200) -> int:
    wrong = asyncio.run(trials(kills))
    print(f"{kills} kills during the close: {wrong} closes went wrong")
    return wrong


if __name__ == "__main__":
    sys.exit(1 if run(int(sys.argv[1]) if sys.argv[1:] else 200) else 0)
