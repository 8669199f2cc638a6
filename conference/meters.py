"""What the house counts about itself: sizes, times and codes, never who or what."""

from __future__ import annotations

import os
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator

SIZES = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000)
SECONDS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)


class Histogram:
    """How often something was so large: counts by upper bound, their sum, and the largest."""

    __slots__ = ("_bounds", "_counts", "largest", "total")

    def __init__(self, bounds: tuple[float, ...]) -> None:
        """Begin with nothing, in these steps."""
        self._bounds = bounds
        self._counts = [0] * (len(bounds) + 1)
        self.total = 0.0
        self.largest = 0.0

    def see(self, value: float) -> None:
        """Count one."""
        self._counts[bisect_left(self._bounds, value)] += 1
        self.total += value
        self.largest = max(self.largest, value)

    def lines(self, name: str) -> Iterator[str]:
        """Yield the samples of a Prometheus histogram of this name."""
        seen = 0
        for bound, count in zip(self._bounds, self._counts, strict=False):
            seen += count
            yield f'{name}_bucket{{le="{bound}"}} {seen}'
        seen += self._counts[-1]
        yield f'{name}_bucket{{le="+Inf"}} {seen}'
        yield f"{name}_sum {self.total:.6f}"
        yield f"{name}_count {seen}"


class Meters:
    """The counters of one hall and its press."""

    def __init__(self) -> None:
        """Begin at nothing."""
        self.batch = Histogram(SIZES)
        self.commit = Histogram(SECONDS)
        self.beat = Histogram(SECONDS)
        self.stall = Histogram(SECONDS)
        self.acts = 0
        self.ballots = 0
        self.last_act = 0
        """When the last act was on the disk and could be told, in milliseconds; 0: none yet."""
        self.refused: Counter[str] = Counter()
        """Refusals by code."""


def family(name: str, kind: str, meaning: str, samples: Iterable[str]) -> str:
    """Return one family of the Prometheus text form, version 0.0.4."""
    return "\n".join((f"# HELP {name} {meaning}", f"# TYPE {name} {kind}", *samples)) + "\n"


def resident_bytes() -> int:
    """Return how much memory this process has; 0 where the system does not tell."""
    try:
        with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123  (no folder's file)
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        return 0
