"""Storms: ten thousand delegates who are cut off at once, stop reading, or go deaf.

    .venv/bin/python benchmarks/storms.py [words of a storm's name] [--count N] [--hall FOLDER] [--seed N]

On the real server with the launch conference and so many delegates on sessions of their own (`--count`,
10,000 without it), who come back as a page does. *storm, cut*: every line is reset while a vote is about
to open. *storm, slow readers*: a tenth reads nothing while announcements are made and all others vote.
*storm, half-open*: a tenth neither reads nor answers, and does not close. What was found is put into
docs/reports/faults.md.
Exit code 1 when one of them fails.
"""

from __future__ import annotations

import argparse
import asyncio
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks import generator, nothing_lost
from benchmarks.bench import SPREAD_MS, voted
from benchmarks.hall import Hall, prepared
from tests.faults import storms
from tests.faults.storms import Crowd
from tests.live.serving import CHAIR, Person

DELEGATES = 10_000
TURNS = 2
ROUNDS = 12
"""Announcements of a turn, one every two and a half seconds: half a minute."""
MOST_MORE = 1.10
KILOBYTES = 64
Answer = tuple[bool, str]


@asynccontextmanager
async def serving(hall: Hall, data: Path) -> AsyncIterator[Crowd]:
    """The product on a copy of the hall, its chair, and a crowd that has not come yet."""
    server = hall.copy(data)
    program = await asyncio.to_thread(generator.build)
    await asyncio.to_thread(server.start)
    chair = Person(server, CHAIR)
    chair.http.headers["Cookie"] = hall.chair
    try:
        yield Crowd(program, server, chair, hall.cookies, hall.delegates, hall.motion)
    finally:
        await chair.leave()
        await server.goodbye()
        server.stop()


async def cut(hall: Hall, folder: Path, seed: int) -> Answer:
    async with serving(hall, folder / "cut") as crowd:
        done = await storms.cut(crowd, seed)
    before, peak = done.memory
    well = (
        done.away == 0
        and done.seats == crowd.size
        and done.again["p99"] <= 15_000
        and done.again["max"] <= 30_000
        and peak < 2 * before
    )
    return well, (
        f"{crowd.size:,} lines reset: 99 % current again after {done.again['p99'] / 1000:.1f} s, the last"
        f" after {done.again['max'] / 1000:.1f} s ({done.tries:,} tries, {done.fetches:,} pages fetched);"
        f" {done.opened['n']:,.0f} have the vote that opened meanwhile, the last after"
        f" {done.opened['max'] / 1000:.1f} s; memory {before / 1024:,.0f} MB, at most"
        f" {peak / 1024:,.0f} MB; {done.cpu:.1f} s of processor"
    )


async def slow_readers(hall: Hall, folder: Path, _seed: int) -> Answer:
    """In turns: all read, a tenth does not; announcements are made, and all others vote within five seconds."""
    few = hall.delegates // 10
    late: dict[int, list[float]] = {0: [], few: []}
    acks: dict[int, list[float]] = {0: [], few: []}
    grown: dict[int, list[float]] = {0: [], few: []}
    program = await asyncio.to_thread(generator.build)
    for number in range(TURNS):
        for stall in (0, few):
            async with serving(hall, folder / f"slow-{number}-{stall}") as crowd:
                p99, kilobytes = await storms.told(crowd, ROUNDS, stall)
            vote = await voted(
                program, hall, folder / f"vote-{number}-{stall}", SPREAD_MS, stall=stall
            )
            late[stall].append(statistics.median(p99))
            acks[stall].append(vote["ack p99 ms"])
            grown[stall].append(kilobytes)
            print(
                f"  {stall} do not read: {late[stall][-1]:.0f}, {acks[stall][-1]:.1f} ms",
                flush=True,
            )
    told, untold = statistics.median(late[few]), statistics.median(late[0])
    acked, before = min(acks[few]), min(acks[0])  # whatever else the machine does only adds to it
    each = max(0.0, statistics.median(grown[few]) - statistics.median(grown[0])) / few
    well = told <= MOST_MORE * untold and acked <= MOST_MORE * before and each <= KILOBYTES
    return well, (
        f"{few:,} of {hall.delegates:,} read nothing: an announcement reaches 99 % of the others after"
        f" {told:.0f} ms, {untold:.0f} ms when all read (medians of {TURNS} × {ROUNDS}); in a vote spread over"
        f" {SPREAD_MS // 1000} s 99 % of their ballots are acknowledged within {acked:.1f} ms, {before:.1f} ms when"
        f" all read (the better of {TURNS}); {each:.1f} KB more memory for each that does not"
    )


async def half_open(hall: Hall, folder: Path, seed: int) -> Answer:
    async with serving(hall, folder / "deaf") as crowd:
        done = await storms.deaf(crowd, seed)
    well = done.seconds <= 35 and done.before == done.after
    well = well and done.seats == crowd.size - done.deaf
    same = "do not move" if done.before == done.after else "MOVED"
    return well, (
        f"{done.deaf:,} of {crowd.size:,} neither read nor answer: none counts as connected after"
        f" {done.seconds:.1f} s; presence and the roll of the open vote {same}"
    )


STORMS: dict[str, Callable[[Hall, Path, int], Awaitable[Answer]]] = {
    "storms: storm, cut": cut,
    "storms: storm, slow readers": slow_readers,
    "storms: storm, half-open": half_open,
}


def run(wish: argparse.Namespace) -> int:
    """Run the storms in whose names these words stand; how many failed."""
    wanted = [name for name in STORMS if all(word in name for word in wish.words)]
    if not wanted:
        return 0
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    delegates = wish.count or max(100, DELEGATES // wish.share)
    with tempfile.TemporaryDirectory(prefix="storms-") as scratch:
        hall = asyncio.run(prepared(wish.hall or Path(scratch) / "hall", delegates))
        return sum(not _one(name, hall, Path(scratch), wish.seed) for name in wanted)


def _one(name: str, hall: Hall, folder: Path, seed: int) -> bool:
    begun = time.monotonic()
    try:
        well, said = asyncio.run(STORMS[name](hall, folder, seed))
    except Exception as error:  # noqa: BLE001  (the other storms are still worth having)
        well, said = False, f"it stopped: {error!r}"
    seconds = time.monotonic() - begun
    print(f"{name}: {'' if well else 'FAILED: '}{said} ({seconds:.0f} s)", flush=True)
    nothing_lost.note(name, well=well, said=said, seconds=seconds)
    return well


if __name__ == "__main__":
    sys.exit(1 if run(nothing_lost.asked(sys.argv[1:])) else 0)
