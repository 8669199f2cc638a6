"""Crowds that misbehave all at once: cut off and coming back, not reading, half-open.

The crowd is `benchmarks/wsload.c`, whose clients come back as `static/js/connection.js` does: its
numbers are read from that file.
"""

from __future__ import annotations

import asyncio
import json
import re
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks import generator
from tests.live.serving import ROOT, Person, Server

OPENED = r"vote-state=\"open"
"""What stands in the region of an open vote, inside of JSON."""


@dataclass(frozen=True)
class Crowd:
    """So many clients on these sessions, one cookie a line, before a server that is up."""

    program: Path
    server: Server
    chair: Person
    cookies: Path
    size: int
    motion: int


def habits() -> dict[str, int]:
    """How a page comes back, in milliseconds, as its script says."""
    script = (ROOT / "static" / "js" / "connection.js").read_text()
    page = (ROOT / "static" / "js" / "live.js").read_text()
    names = {"first_ms": "FIRST_MS", "spread_ms": "SPREAD_MS", "longest_ms": "LONGEST_MS",
             "hanging_ms": "HANGING_MS"}  # fmt: skip
    found = {"patience_ms": int(re.findall(r"const LOST_MS = (\d+)", page)[0])}
    for name, constant in names.items():
        found[name] = int(re.findall(rf"const {constant} = (\d+)", script)[0])
    return found


@asynccontextmanager
async def connected(crowd: Crowd, **options: object) -> AsyncIterator[generator.Load]:
    """Everybody has a seat, with a page as new as the server."""
    server = crowd.server
    assert server.process is not None
    ((epoch,),) = server.rows("SELECT value FROM meta WHERE key = 'epoch'")
    ((version,),) = server.rows("SELECT version FROM conference")
    load = await generator.start(
        crowd.program, port=server.port, path=f"/live?view=floor&e={epoch}&v={version}",
        n=crowd.size, rate=0, srcs=1, cookie_file=crowd.cookies, origin=server.url,
        server_pid=server.process.pid, **options,
    )  # fmt: skip
    try:
        yield load
    finally:
        if load.process.returncode is None:
            load.process.kill()
            await load.process.wait()


async def line(load: generator.Load) -> dict:
    """The next line that the crowd says."""
    assert load.process.stdout is not None
    return dict(json.loads(await load.process.stdout.readline()))


@dataclass
class Cut:
    """What came of a cut; times in milliseconds from the cut."""

    tries: int
    fetches: int
    """How often the page was fetched by somebody without a line."""
    away: int
    """Who was not current again in the end, or had not been told of the vote."""
    again: dict[str, float]
    opened: dict[str, float]
    memory: tuple[int, int]
    """Kilobytes of the server: with everybody connected, and the most of the storm."""
    cpu: float
    seats: int


async def cut(crowd: Crowd, seed: int, within: int = 60, **habit: int) -> Cut:
    """A vote is about to open; every line is reset; it opens while everybody is away."""
    options = habits() | habit
    async with connected(
        crowd, storm="cut", expect=OPENED, page="/floor", listen_s=within, seed=seed, **options
    ) as load:
        begun = await line(load)
        assert begun["up"] == crowd.size, begun
        done = await crowd.chair.press("votes", motion=crowd.motion)
        assert done.status_code == 303, done.text
        await line(load)
        await asyncio.sleep(max(0, await opens_at(crowd.server) - time.time() - 0.2))
        load.process.send_signal(signal.SIGUSR1)
        told = await line(load)
        seats = await seats_of(crowd.server)
    return Cut(
        told["tries"], told["fetches"], told["away"], told["again_ms"], told["open_ms"],
        (told["rss_kb_before"], told["rss_kb_peak"]), told["server_cpu_s"], seats,
    )  # fmt: skip


async def opens_at(server: Server) -> float:
    """When the announced vote opens, in seconds of the wall clock."""
    for _ in range(200):
        found = server.rows("SELECT opens_at FROM vote ORDER BY id DESC LIMIT 1")
        if found and found[0][0]:
            return int(str(found[0][0])) / 1000
        await asyncio.sleep(0.05)
    raise AssertionError("no vote was announced")


async def seats_of(server: Server) -> int:
    """How many pages are connected, as `/metrics` says."""
    person = server.nobody()
    text = (await person.http.get("/metrics", timeout=60)).text
    return sum(int(n) for n in re.findall(r'conference_seats\{view="floor"\} (\d+)', text))


@dataclass
class Deaf:
    """What came of clients that neither read nor answer, and do not close."""

    deaf: int
    seconds: float
    """Until none of them counted as connected."""
    seats: int
    before: tuple[object, ...]
    after: tuple[object, ...]
    """Presence, the rolls, the quorum: in the database, and as the panel says."""


async def deaf(crowd: Crowd, seed: int, share: int = 10) -> Deaf:
    """One in so many goes deaf in an open vote; the roll and the quorum stay."""
    few = crowd.size // share
    async with connected(
        crowd, storm="deaf", deaf=few, expect=OPENED, listen_s=120, seed=seed
    ) as load:
        begun = await line(load)
        assert begun["up"] == crowd.size, begun
        await line(load)
        done = await crowd.chair.press("votes", motion=crowd.motion)
        assert done.status_code == 303, done.text
        await asyncio.sleep(max(0, await opens_at(crowd.server) - time.time() + 1))
        before = await _counted(crowd)
        load.process.send_signal(signal.SIGUSR1)
        started = time.monotonic()
        while (seats := await seats_of(crowd.server)) > crowd.size - few:
            assert time.monotonic() < started + 90, f"{seats} seats"
            await asyncio.sleep(0.25)
        seconds = time.monotonic() - started
        # Whatever the end of those lines has set off goes through the clerk before this does.
        step = await crowd.chair.step()
        done = await crowd.chair.post("/chair/announcement", step=step, line="Still here")
        assert done.status_code == 303, done.text
        return Deaf(few, seconds, seats, before, await _counted(crowd))


async def _counted(crowd: Crowd) -> tuple[object, ...]:
    """Who is present, every roll, and what the panel says of both and of the quorum."""
    present = crowd.server.rows("SELECT id, present FROM person ORDER BY id")
    hall = crowd.server.rows("SELECT register, present FROM conference")
    votes = crowd.server.rows("SELECT id, roll FROM vote ORDER BY id")
    roll = crowd.server.rows("SELECT * FROM roll_person ORDER BY vote, person")
    page = await crowd.chair.panel()
    shown = re.findall(r"<dt>(Present|Quorum|Register)</dt>\s*<dd>(.*?)</dd>", page, re.DOTALL)
    assert [name for name, _figure in shown] == ["Present", "Quorum", "Register"], shown
    return (*present, *hall, *votes, *roll, *shown)


async def told(
    crowd: Crowd,
    rounds: int,
    stall: int,
    pause: float = 2.5,
    more: str = "x" * 100,
    within: int = 30,
) -> tuple[list[float], int]:
    """Announcements with `more` in them while so many read nothing; each must be there `within` seconds.

    Gives the p99 of each at the others, in milliseconds, and the kilobytes by which the server has grown.
    """
    async with connected(
        crowd, stall=stall, rounds=rounds, trigger="", gap_ms=300, settle_ms=300,
        expect="Announcement %r ", timeout_s=within,
    ) as load:  # fmt: skip
        await load.connected()
        pressed = []
        await asyncio.sleep(1)
        for number in range(1, rounds + 1):
            step = await crowd.chair.step()
            pressed.append(time.time() * 1000)
            text = f"Announcement {number} {more}"
            done = await crowd.chair.post("/chair/announcement", step=step, line=text)
            assert done.status_code == 303, done.text
            await asyncio.sleep(pause)
        assert load.process.stdout is not None
        rest = (await load.process.stdout.read()).decode()
    found = json.loads(load.begun + rest)
    missing = [r["open_missing"] for r in found["rounds"] if r["open_missing"]]
    assert not missing, missing
    late = [
        r["t0_unix_ms"] + r["open_ms"]["p99"] - at
        for r, at in zip(found["rounds"], pressed, strict=True)
    ]
    return late, found["rounds"][-1]["server_rss_kb"] - found["rss_kb_connected"]
