"""Runs the program with a clock that goes so many times as fast: `fast_clock.py 60 PYTHON -m conference …`.

The words behind the number are those of `tests.live.serving.Server`, which puts this program before them.
"""

from __future__ import annotations

import runpy
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from conference import app
from conference.clock import Clock


def fast_clock(times: int) -> Clock:
    """Return a clock that starts with the wall clock and goes so many times as fast."""
    wall, begun = time.time_ns(), time.monotonic_ns()

    def now() -> int:
        return (wall + (time.monotonic_ns() - begun) * times) // 1_000_000

    return now


if __name__ == "__main__":
    speed, _python, _m, module, *words = sys.argv[1:]
    app.running_clock = lambda: fast_clock(int(speed))
    sys.argv = [module, *words]
    runpy.run_module(module, run_name="__main__", alter_sys=True)
