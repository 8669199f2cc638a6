"""A conference of eight hours at sixty times its speed: how much memory the server has, all the while.

    .venv/bin/python benchmarks/day.py [--hours 8] [--speed 60]

The server runs with a clock that goes sixty times as fast (`fast_clock.py`), so that eight hours are eight
minutes. Forty delegates come and go, load pages, ask to speak, withdraw, vote; the chair announces something
every few minutes and presses what the panel suggests. What the server's process holds is read from /proc,
a straight line is fitted through all of it behind the first hour, and its slope is told. Writes
docs/reports/day.md and day.svg.
"""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import os
import platform
import random
import secrets
import statistics
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.faults.history import LOST
from tests.live.serving import CHAIR, PRESENT, ROOT, Person, Server, delegate, prepare

REPORT = ROOT / "docs" / "reports" / "day.md"
PICTURE = REPORT.with_suffix(".svg")
PACE = (2.0, 12.0)
"""Seconds between two things that one delegate does."""
STEP = 4.0
"""Seconds between two presses of the chair."""
SAMPLE = 2.0
WARM = 1.0
"""The first hour is left out of the line: pages and templates are met for the first time."""
PAPERS = ("for", "against", "abstain")

TEXT = """# Memory over a conference of {hours:g} hours

`benchmarks/day.py`, run on {day} on {machine}, beside other work. The server's clock went {speed} times as
fast. {people} delegates came and went, loaded pages, asked to speak, voted; the chair pressed what the panel
suggests and made announcements: {did}.

![The memory of the server's process over {hours:g} hours]({picture})

| | |
|---|---|
| acts in the journal at the end | {acts:,} |
| resident memory after the first hour, at the end, at most | {first:.1f} MB, {last:.1f} MB, {most:.1f} MB |
| slope of the straight line behind the first hour | {slope:+.2f} MB an hour |

What grows is the conference itself: every request to speak, speech, vote and line of the minutes stays in
memory until the close.
"""


@dataclass
class Day:
    """One run while it lasts."""

    server: Server
    chance: random.Random
    until: float
    did: Counter[str] = field(default_factory=Counter)
    samples: list[tuple[float, float]] = field(default_factory=list)
    """Seconds since the beginning, and megabytes."""

    @property
    def over(self) -> bool:
        return time.monotonic() >= self.until

    async def delegate(self, person: Person) -> None:
        """Do one thing after the other; a page that is not read is not kept."""
        seat = await person.seat()
        while not self.over:
            await asyncio.sleep(self.chance.uniform(*PACE))
            what = self.chance.choice(("page", "come back", "ask", "withdraw", "leave", "vote"))
            try:
                seat.unread.clear()
                if what == "come back":
                    await seat.ws.close()
                    person.seats.remove(seat)
                    seat = await person.seat()
                elif what == "page":
                    await person.http.get("/floor", headers={"Accept": "text/html"})
                else:
                    await self._press(person, what)
            except (*LOST, TimeoutError):
                seat = await person.seat()
                what = "lost the line"
            self.did[what] += 1

    async def _press(self, person: Person, what: str) -> None:
        ((motion, amendment, vote),) = self.server.rows(
            "SELECT motion, amendment, vote FROM conference"
        )
        if what == "leave":
            await person.post("/presence", here="no")
            await person.post("/presence", here="yes")
        elif what == "vote" and vote is not None:
            id_ = secrets.token_hex(16)
            paper = await person.envelope(int(str(vote)), id_, self.chance.choice(PAPERS))
            await person.post(f"/votes/{vote}/ballots", id=id_, paper=paper)
        elif motion is not None:
            about = {"motion": motion} | ({"amendment": amendment} if amendment else {})
            wish = "withdraw" if what == "withdraw" else self.chance.choice(("for", "against"))
            await person.post("/queue", wish=wish, **about)

    async def chair(self, chair: Person) -> None:
        """Press what is suggested; make an announcement now and then."""
        while not self.over:
            await asyncio.sleep(STEP)
            if self.chance.random() < 0.3:
                await chair.press("announcement", line=f"It is {time.time():.0f}.")
                self.did["announcement"] += 1
                continue
            try:
                self.did["step of the chair"] += bool(await chair.suggested())
            except AssertionError:  # it was another's turn meanwhile, as on the day
                self.did["refused step"] += 1

    async def sample(self) -> None:
        """Read how much memory the server has."""
        assert self.server.process is not None
        statm = Path(f"/proc/{self.server.process.pid}/statm")
        page, begun = os.sysconf("SC_PAGE_SIZE"), time.monotonic()
        while not self.over:
            held = int(statm.read_text().split()[1]) * page / 1e6
            self.samples.append((time.monotonic() - begun, held))
            await asyncio.sleep(SAMPLE)


async def run(hours: float, speed: int) -> Day:
    """Live through it."""
    with tempfile.TemporaryDirectory() as folder:
        prepared = await prepare(Path(folder), duration=600)
        server = prepared.copy(Path(folder) / "day")
        server.before = (sys.executable, str(ROOT / "benchmarks" / "fast_clock.py"), str(speed))
        await asyncio.to_thread(server.start)
        try:
            chair = await server.enter(CHAIR)
            people = [await server.enter(delegate(n)) for n in range(1, PRESENT + 1)]
            day = Day(server, random.Random(1), time.monotonic() + hours * 3600 / speed)
            await asyncio.gather(
                day.sample(), day.chair(chair), *(day.delegate(person) for person in people)
            )
            ((acts,),) = server.rows("SELECT count(*) FROM journal")
            day.did["lines of the journal"] = int(str(acts))
        finally:
            await server.goodbye()
            server.stop()
    return day


def picture(samples: list[tuple[float, float]], line: tuple[float, float]) -> str:
    """Return an SVG of these points (hours, megabytes), and of the line through them."""
    wide, high, left, low = 720, 320, 60, 280
    last = max(hour for hour, _held in samples)
    top = max(held for _hour, held in samples) * 1.2

    def place(hour: float, held: float) -> str:
        return f"{left + hour / last * (wide - left - 20):.1f},{low - held / top * (low - 20):.1f}"

    grid, labels = [], []
    for tick in range(0, int(top) + 1, 25):
        _x, y = place(0, tick).split(",")
        grid.append(f'<path d="M{left} {y}H{wide - 20}"/>')
        labels.append(f'<text x="{left - 8}" y="{y}" text-anchor="end" dy="4">{tick}</text>')
    for hour in range(int(last) + 1):
        x, _y = place(hour, 0).split(",")
        labels.append(f'<text x="{x}" y="{low + 18}" text-anchor="middle">{hour} h</text>')
    slope, base = line
    points = " ".join(place(hour, held) for hour, held in samples)
    ends = " ".join(place(hour, base + slope * hour) for hour in (min(WARM, last), last))
    return f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" font-family="sans-serif" font-size="12">
<title>Resident memory of the server in megabytes, by hours of the conference</title>
<rect width="{wide}" height="{high}" fill="#fff"/>
<g stroke="#ddd" fill="none">{"".join(grid)}</g>
<g fill="#333">{"".join(labels)}<text x="{left}" y="14">MB resident</text></g>
<polyline points="{points}" fill="none" stroke="#1d4f91" stroke-width="1.5"/>
<polyline points="{ends}" fill="none" stroke="#b3261e" stroke-width="1.5" stroke-dasharray="6 4"/>
</svg>
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--hours", type=float, default=8)
    parser.add_argument("--speed", type=int, default=60)
    asked = parser.parse_args()
    day = asyncio.run(run(asked.hours, asked.speed))
    samples = [(second * asked.speed / 3600, held) for second, held in day.samples]
    warm = [point for point in samples if point[0] >= WARM] or samples
    line = statistics.linear_regression(*zip(*warm, strict=True))
    acts = day.did.pop("lines of the journal")
    PICTURE.write_text(picture(samples, (line.slope, line.intercept)))
    REPORT.write_text(
        TEXT.format(
            hours=asked.hours,
            speed=asked.speed,
            day=dt.datetime.now(dt.UTC).date().isoformat(),
            machine=f"{os.cpu_count()} × {platform.machine()}, Python {platform.python_version()}",
            people=PRESENT,
            did=", ".join(f"{name} {count:,}" for name, count in sorted(day.did.items())),
            picture=PICTURE.name,
            acts=acts,
            first=warm[0][1],
            last=samples[-1][1],
            most=max(held for _hour, held in samples),
            slope=line.slope,
        )
    )
    print(REPORT.read_text())
    return 0


if __name__ == "__main__":
    sys.exit(main())
