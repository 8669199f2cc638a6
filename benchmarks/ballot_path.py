"""Where the processor time of a ballot goes inside the server, sealed and by name.

    .venv/bin/python benchmarks/ballot_path.py [voters] [rounds]

The whole product in this process, with seats whose lines end nowhere: what the kernel takes is not in it.
From the bytes of a ballot's frame to those of its acknowledgement, a thousand at once. Prints for each
stage the least of all rounds, in microseconds of the thread's own time per ballot.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.bench import decide_by_name
from benchmarks.hall import Hall, prepared
from conference import app, desk, hall
from conference.app import House
from conference.live.socket import Talk
from conference.room import Seat
from conference.rules import acts as a
from conference.rules.kinds import Choice, VoteState
from conference.sealing import envelope
from conference.sealing.bytes import from_text
from conference.settings import Settings
from conference.store import Store, ballots
from conference.web import regions
from conference.web.live import LiveDesk
from conference.wire.frames import Reader
from tests.counting import InProcess

BATCH = 1000
HEARD, LOOKED, STORED, TOLD = STAGES = (
    "from the bytes to the inbox", "rules, envelope, receipt", "the database's thread", "the answer",
)  # fmt: skip
SPENT: Counter[str] = Counter()
"""Seconds in each stage."""


class Nowhere:
    """A line that takes everything, and what reads its client's frames."""

    def __init__(self) -> None:
        self.talk: Talk | None = None
        self.reader = Reader(64 * 1024)

    def receive(self, data: bytes) -> None:
        for _opcode, payload in self.reader.feed(data):
            self.talk.heard(payload.decode())

    def write(self, _frame: bytes) -> int:
        return 0

    def straight(self) -> int:
        return -1

    def waiting(self) -> int:
        return 0

    def close(self, _code: int) -> None:
        pass


def timed(stage: str, call: Callable[..., Any]) -> Callable[..., Any]:
    """`call`, and what it takes is noted."""

    def measured(*given: Any, **named: Any) -> Any:
        begun = time.thread_time()
        try:
            return call(*given, **named)
        finally:
            SPENT[stage] += time.thread_time() - begun

    return measured


async def take_ballots(
    meeting: Any, epoch: str, papers: Any, put: Callable[..., Awaitable[Any]]
) -> Any:
    """As the desk's, and what it takes before and after the store is noted."""
    begun = time.thread_time()

    async def putting(papers: Any, *, final: bool) -> Any:
        nonlocal begun
        SPENT[LOOKED] += time.thread_time() - begun
        answers = await put(papers, final=final)
        begun = time.thread_time()
        return answers

    answers = await desk.take_ballots(meeting, epoch, papers, putting)
    SPENT[LOOKED] += time.thread_time() - begun
    return answers


def framed(text: str) -> bytes:
    """As a browser sends it: masked."""
    payload, mask = text.encode(), os.urandom(4)
    size = len(payload)
    head = bytes((0x81, 0x80 | size)) if size < 126 else bytes((0x81, 0xFE)) + size.to_bytes(2)
    return head + mask + bytes(byte ^ mask[i % 4] for i, byte in enumerate(payload))


@contextlib.asynccontextmanager
async def opened(hall: Hall, data: Path, *, by_name: bool) -> AsyncIterator[House]:
    """The product in this process, with a vote that is open."""
    hall.copy(data)
    if by_name:
        decide_by_name(data, hall.motion)
    at = int(time.time() * 1000)
    app.running_clock = lambda: lambda: at
    store = await Store.open(data, now=1, token=lambda: "e" * 32)
    house = await app.build(Settings(data=data), store, await store.load(), InProcess(data))
    clerk = house.site.hall
    async with app.running(house.site, house.press), asyncio.timeout(600):
        chair = clerk.meeting.conference.chair
        assert await clerk.act(a.AnnounceVote(hall.motion, None), chair) is None
        while not by_name and not vote_of(house).key:
            await asyncio.sleep(0.05)
        at += clerk.meeting.settings.vote_announcement * 1000 + 1000
        while vote_of(house).state is not VoteState.OPEN:
            await clerk.work(nothing)
        yield house


def vote_of(house: House) -> Any:
    meeting = house.site.hall.meeting
    return meeting.votes[meeting.conference.vote]


async def nothing(_desk: desk.Desk) -> None:
    pass


async def clear(desk: desk.Desk) -> None:
    """Let nobody have voted."""
    await desk.tx.conn.exec_driver_sql("DELETE FROM ballot")


async def measure(house: House, rounds: int) -> dict[str, float]:
    """Everybody votes, again and again as if for the first time: the least that each stage took."""
    site, vote = house.site, vote_of(house)
    live, key = LiveDesk(site, house.press), from_text(vote.key) if vote.key else None
    lines = {who: Nowhere() for who in sorted(site.meeting.rolls[vote.id].people)}
    for who, line in lines.items():
        seat = Seat(regions.audience_of(site, regions.FLOOR, who), who, "s", line)
        site.room.join(seat)
        line.talk = Talk(seat, live)
    least = dict.fromkeys(STAGES, 1.0)
    for number in range(rounds):
        cast = []
        for n, (who, line) in enumerate(lines.items()):
            paper = choice = list(Choice)[n % 3]
            if key is not None:
                where = envelope.Context(site.store.epoch, vote.id, who)
                paper = envelope.write(envelope.seal(key, where, choice))
            text = (
                f'{{"t":"ballot","n":{number},"vote":{vote.id},"id":"{n:032x}","paper":"{paper}"}}'
            )
            cast.append((line, framed(text)))
        random.Random(number).shuffle(cast)
        await site.hall.work(clear)
        site.hall.voted.clear()
        gc.collect()
        SPENT.clear()
        for begin in range(0, len(cast), BATCH):
            begun = time.thread_time()
            for line, frame in cast[begin : begin + BATCH]:
                line.receive(frame)
            SPENT[HEARD] += time.thread_time() - begun
            while len(site.hall.voted) < min(begin + BATCH, len(cast)):
                await asyncio.sleep(0.001)
        least = {stage: min(least[stage], SPENT[stage] / len(cast)) for stage in STAGES}
        await asyncio.sleep(2.5)  # so that the rate of a seat is kept
    return least


async def main() -> None:
    voters, rounds = (*map(int, sys.argv[1:]), *(2000, 7)[len(sys.argv) - 1 :])
    hall.take_ballots = take_ballots
    setattr(hall, "_tell", timed(TOLD, getattr(hall, "_tell")))  # noqa: B009, B010
    ballots.put_alone = timed(STORED, ballots.put_alone)
    found = {}
    with tempfile.TemporaryDirectory(prefix="path-") as scratch:
        made = await prepared(Path(scratch) / "hall", voters)
        for name in ("sealed", "by name"):
            async with opened(made, Path(scratch) / name, by_name=name == "by name") as house:
                found[name] = await measure(house, rounds)
    print(
        f"{voters} ballots, {rounds} rounds, µs each\n\n| stage | {' | '.join(found)} |\n|---|---|---|"
    )
    for stage in STAGES:
        print(f"| {stage} |", " | ".join(f"{one[stage] * 1e6:.2f}" for one in found.values()), "|")
    print(
        "| together |", " | ".join(f"{sum(one.values()) * 1e6:.2f}" for one in found.values()), "|"
    )


if __name__ == "__main__":
    asyncio.run(main())
