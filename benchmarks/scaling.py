"""What a message, a ballot and a connection cost the server, from a hundred delegates to eighteen thousand.

    .venv/bin/python benchmarks/scaling.py [--sizes 100,1000,...] [--turns 2] [--halls FOLDER] [--more | --draw]

For each size the whole product runs with the launch conference and so many delegates on real sessions
(`bench.py`): all connect, three announcements are made, all vote at once. What counts is the processor time of
the server, its counting process included, for each connection, message and ballot, and the memory of each
connection: other work on the machine changes it little. Halls are kept in `--halls`, for making one of
18,000 takes minutes. After each measurement docs/reports/scaling.json is written, and from it scaling.svg and
scaling.md; `--draw` does only that, `--more` adds to what was measured before. What a total cost grows with is the slope of its logarithm over that of
the number of delegates: 1 is a straight line through the origin, less is better. Exit code 1 when one is
more than `STRAIGHT`.
"""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import json
import math
import os
import platform
import resource
import sqlite3
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks import generator
from benchmarks.bench import announced, voted
from benchmarks.hall import prepared
from tests.live.serving import ROOT

SIZES = (100, 300, 1_000, 3_000, 10_000, 18_000)
REPORT = ROOT / "docs" / "reports" / "scaling.md"
SEALED = 400
"""Envelopes that are surely sealed in a second, between a vote's announcement and its opening."""
STRAIGHT = 1.05
"""The most that a slope may be: the cost of the same thing differs by a twentieth from run to run."""

WIDE, TALL = 800, 270
"""Of the picture and of a panel in it."""

Figures = dict[str, float]


@dataclass(frozen=True)
class Panel:
    """One quantity: the figure that is drawn, and its words."""

    figure: str
    title: str
    unit: str
    colour: str


PANELS = (
    Panel("event µs", "A message", "µs of processor", "#1d4f91"),
    Panel("ballot µs", "A durable ballot", "µs of processor", "#b3261e"),
    Panel("connect µs", "A connection, signed in", "µs of processor", "#2e6b34"),
    Panel("bytes", "A connection's memory", "bytes", "#6a3d9a"),
)

TEXT = """# Cost against the number of delegates

```
.venv/bin/python benchmarks/scaling.py --sizes {sizes} --turns {count}
```

Run on {day} on {machine}, program {commit}, while others used
the machine, too (load average {load}). The whole product with the launch conference; every delegate on a session of their own; sealed ballots, fsync before each
acknowledgement; all vote at once. What is measured is processor time of the server and its counting process,
so that the others' work disturbs it little; {turns}.

![What a message, a ballot and a connection cost, and a connection's memory, by the number of delegates](scaling.svg)

| delegates | a message | a ballot | a connection | memory of a connection |
|---|---|---|---|---|
{rows}

The slope of the logarithm of the *total* cost over that of the number of delegates, through all sizes: 1 is
straight, less is better than straight.

| everybody is told | everybody votes | everybody connects | memory of all |
|---|---|---|---|
| {slopes} |

What is done once (the commit, the page made anew, the beat) is shared by all: that is why each costs most in a
small hall. Memory of few connections is less than what the interpreter asks of the system at a time, so the
smallest halls say little about it.
"""


async def measure(program: Path, halls: Path, size: int) -> Figures:
    """Connect, announce, and vote once with so many delegates; the cost of one of each."""
    hall = await prepared(halls / f"{size}", size)
    with closing(sqlite3.connect(hall.folder / "data" / "conference.db")) as connection, connection:
        connection.execute("UPDATE settings SET vote_announcement = ?", (6 + size // SEALED,))
    with tempfile.TemporaryDirectory(prefix="scaling-") as scratch:
        told = await announced(program, hall, Path(scratch) / "event")
        vote = await voted(program, hall, Path(scratch) / "once")
    return {
        "event µs": told["event µs"],
        "ballot µs": vote["ballots CPU s"] * 1e6 / size,
        "connect µs": told["connect CPU µs"],
        "bytes": told["bytes a connection"],
    }


def medians(found: dict[str, list[Figures]]) -> dict[int, Figures]:
    """The middle of the turns, by size."""
    return {
        int(size): {panel.figure: statistics.median(t[panel.figure] for t in turns) for panel in PANELS}
        for size, turns in sorted(found.items(), key=lambda pair: int(pair[0]))
    }  # fmt: skip


def slope(points: Iterable[tuple[float, float]]) -> float:
    """With which power of the number the total grows, from what one costs."""
    logs = [(math.log(n), math.log(n * max(each, 1e-9))) for n, each in points]
    return statistics.linear_regression(*zip(*logs, strict=True)).slope


def drawing(found: dict[str, list[Figures]]) -> str:
    """An SVG with a panel for each quantity: what one costs over the number of delegates."""
    panels = "".join(
        _panel(panel, found, index % 2 * WIDE / 2, index // 2 * TALL, WIDE / 2)
        for index, panel in enumerate(PANELS)
    )
    return f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {2 * TALL + 10}" font-family="sans-serif" font-size="12">
<title>What one message, ballot and connection cost, and a connection's memory, by the number of delegates</title>
<rect width="{WIDE}" height="{2 * TALL + 10}" fill="#fff"/>
{panels}</svg>
"""


def _panel(
    panel: Panel, found: dict[str, list[Figures]], across: float, down: float, wide: float
) -> str:
    """One panel; its upper left corner is at `across` and `down`."""
    spans = {int(n): sorted(t[panel.figure] for t in turns) for n, turns in found.items()}
    left, right, top, low = across + 58, across + wide - 28, down + 34, down + TALL - 30
    least, most = math.log(min(spans)), math.log(max(spans))
    step = _step(max(values[-1] for values in spans.values()))
    ticks = math.ceil(max(values[-1] for values in spans.values()) / step)

    def x(n: int) -> float:
        return left + (math.log(n) - least) / (most - least) * (right - left)

    def y(value: float) -> float:
        return low - value / (ticks * step) * (low - top)

    grid = [
        f'<path d="M{left:.1f} {y(tick * step):.1f}H{right:.1f}" stroke="#ddd"/>'
        f'<text x="{left - 8:.1f}" y="{y(tick * step) + 4:.1f}" text-anchor="end">{tick * step:,.0f}</text>'
        for tick in range(ticks + 1)
    ]
    points = sorted(
        (x(n), y(statistics.median(span)), y(span[0]), y(span[-1])) for n, span in spans.items()
    )
    numbers = [
        f'<text x="{x(n):.1f}" y="{low + 18:.1f}" text-anchor="middle">{n:,}</text>' for n in spans
    ]
    bars = [
        f'<path d="M{at:.1f} {few:.1f}V{many:.1f}" stroke-width="5" opacity="0.3"/>'
        for at, _, few, many in points
    ]
    dots = [
        f'<circle cx="{at:.1f}" cy="{mid:.1f}" r="3" fill="{panel.colour}"/>'
        for at, mid, _, _ in points
    ]
    line = " ".join(f"{at:.1f},{mid:.1f}" for at, mid, _, _ in points)
    return f"""<g fill="#333">{"".join(grid + numbers)}<text x="{across + 12}" y="{down + 18}">{panel.title}, {panel.unit}</text></g>
<g stroke="{panel.colour}" fill="none">{"".join(bars + dots)}<polyline points="{line}" stroke-width="2"/></g>
"""


def _step(most: float) -> float:
    """A round distance between lines of the grid, of which four to eight cover this."""
    power = 10 ** math.floor(math.log10(most))
    return next(power * part for part in (0.2, 0.25, 0.5, 1, 2) if most / (power * part) <= 6)


def write(report: dict) -> dict[str, float]:
    """Write the picture and the page of what was measured; the slopes by figure."""
    found = {size: turns for size, turns in report["turns"].items() if turns}
    middle = medians(found)
    slopes = {
        panel.figure: slope((n, figures[panel.figure]) for n, figures in middle.items())
        for panel in PANELS
    }
    turns = max(len(turns) for turns in found.values())
    REPORT.with_suffix(".svg").write_text(drawing(found))
    rows = "\n".join(
        f"| {n:,} | {f['event µs']:.1f} µs | {f['ballot µs']:.1f} µs | {f['connect µs']:.0f} µs | {f['bytes']:,.0f} bytes |"
        for n, f in middle.items()
    )
    REPORT.write_text(
        TEXT.format(
            **{name: report[name] for name in ("day", "machine", "commit")},
            load=f"{min(report['loads']):.0f} to {max(report['loads']):.0f}",
            sizes=",".join(str(n) for n in middle),
            count=turns,
            turns=f"medians of {turns} runs, the bars from least to most"
            if turns > 1
            else "one run",
            rows=rows,
            slopes=" | ".join(f"{slopes[panel.figure]:.2f}" for panel in PANELS),
        )
    )
    return slopes


async def run(sizes: list[int], turns: int, halls: Path, before: dict) -> dict:
    """Measure every size so often, in turns, and keep what was found after each, and `before`."""
    program = generator.build()
    found = before.get("turns", {})
    report = {
        "day": dt.datetime.now(dt.UTC).date().isoformat(),
        "machine": f"{os.cpu_count()} × {platform.machine()}, Python {platform.python_version()}",
        "commit": _commit(),
        "loads": before.get("loads", []),
        "turns": found | {f"{size}": found.get(f"{size}", []) for size in sizes},
    }
    for _ in range(turns):
        for size in sizes:
            figures = await measure(program, halls, size)
            report["loads"].append(os.getloadavg()[0])
            report["turns"][f"{size}"].append(figures)
            REPORT.with_suffix(".json").write_text(json.dumps(report, indent=1) + "\n")
            print(f"{size}: {json.dumps(figures)}", flush=True)
    return report


def _commit() -> str:
    done = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )  # fmt: skip
    return done.stdout.strip() or "unknown"


def main() -> int:
    """Measure and draw; 1 when a cost grows faster than the number of delegates, 2 without gcc."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)))
    parser.add_argument("--turns", type=int, default=2)
    parser.add_argument("--halls", type=Path, help="where the prepared halls are kept")
    parser.add_argument("--more", action="store_true", help="add to what was measured before")
    parser.add_argument("--draw", action="store_true", help="only draw what was measured")
    asked = parser.parse_args()
    report: dict = {}
    if asked.draw or asked.more:
        report = json.loads(REPORT.with_suffix(".json").read_text())
    if not asked.draw:
        _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        sizes = [int(word) for word in asked.sizes.split(",")]
        try:
            with tempfile.TemporaryDirectory(prefix="halls-") as scratch:
                report = asyncio.run(run(sizes, asked.turns, asked.halls or Path(scratch), report))
        except generator.NoCompiler:
            print("The load generator is written in C: install gcc.")
            return 2
    slopes = write(report)
    print(", ".join(f"{name}: slope {value:.2f}" for name, value in slopes.items()))
    return 1 if any(value > STRAIGHT for value in slopes.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
