"""A vote on the real server while its machine fails: what was acknowledged, and what comes after."""

from __future__ import annotations

import asyncio
import os
import random
import re
import resource
import signal
import sqlite3
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path

from tests.faults.disk import Faults, shim
from tests.faults.history import Press, Voter, pressing, violations, voters_of
from tests.live.serving import (
    CHAIR,
    Person,
    Prepared,
    Server,
    close_vote,
    wait_for_vote,
)

VOTERS = 20
EXIT_DISK = 3


@dataclass
class Scene:
    """An open vote in which people press all the time."""

    server: Server
    faults: Faults
    chair: Person
    vote: int
    voters: list[Voter]
    chance: random.Random

    @property
    def presses(self) -> list[Press]:
        return [press for voter in self.voters for press in voter.presses]

    def answers(self, since: int = 0) -> set[str]:
        return {press.answer for press in self.presses if press.sent >= since} - {""}

    async def acknowledged_after(self, moment: int, within: float = 20) -> float:
        """Wait until a press that was sent after this moment is acknowledged; seconds it took."""
        begun = time.monotonic()
        while not any(p.sent > moment and p.answer == "ack" for p in self.presses):
            assert time.monotonic() < begun + within, self.answers(moment)
            await asyncio.sleep(0.01)
        return time.monotonic() - begun

    async def ends(self, within: float = 20) -> int:
        """Wait until the server's process has ended by itself; its exit code."""
        assert self.server.process is not None
        return int(await asyncio.to_thread(self.server.process.wait, within))

    async def again(self) -> None:
        """Start the server again, on a disk that works."""
        self.faults.set(full=0, write_fails=0, sync_fails=0, file_fails=0, clock_ms=0)
        await asyncio.to_thread(self.server.start)


@asynccontextmanager
async def voting(prepared: Prepared, folder: Path, seed: object) -> AsyncIterator[Scene]:
    """An open vote; in the end it is closed and counted, and everything acknowledged is in it."""
    server = prepared.copy(folder / "data")
    faults = Faults(folder / "faults")
    server.around = faults.environment(await asyncio.to_thread(shim, folder), server.data)
    try:
        await asyncio.to_thread(server.start)
        async with server.person(CHAIR) as chair:
            voters = await voters_of(server, VOTERS, seed, (0.01, 0.06))
            async with pressing(chair, prepared.motion, voters) as vote:
                scene = Scene(server, faults, chair, vote, voters, random.Random(f"{seed}"))
                await scene.acknowledged_after(0)
                yield scene
                await _close(scene)
        assert violations(scene.presses, server.data) == []
        done = await server.command("verify")
        assert done.returncode == 0, done.stdout
    finally:
        await server.goodbye()
        server.stop()


async def _close(scene: Scene) -> None:
    (state,) = scene.server.rows("SELECT state FROM vote WHERE id = ?", scene.vote)
    if state[0] == "open":
        await scene.acknowledged_after(time.monotonic_ns())
        await close_vote(scene.chair, scene.vote)
    await wait_for_vote(scene.server, {"counted"})


async def sync_fails(scene: Scene) -> None:
    """fsync of the log says EIO once: the process ends, and acknowledges nothing after it."""
    await asyncio.sleep(scene.chance.uniform(0, 0.3))
    scene.faults.set(sync_fails=1)
    await _dies_of_the_disk(scene)


async def checkpoint_fails(scene: Scene) -> None:
    """The same while the log is copied into the file, of which SQLite by itself says nothing."""
    scene.faults.set(file_fails=1)
    await _dies_of_the_disk(scene)


async def write_fails(scene: Scene) -> None:
    """Each write says EIO."""
    await asyncio.sleep(scene.chance.uniform(0, 0.3))
    scene.faults.set(write_fails=1)
    await _dies_of_the_disk(scene)


async def _dies_of_the_disk(scene: Scene) -> None:
    assert await scene.ends() == EXIT_DISK
    told = sum(press.answer == "ack" for press in scene.presses)
    await asyncio.sleep(0.2)
    assert sum(press.answer == "ack" for press in scene.presses) == told
    log = scene.server.stderr()
    await scene.again()
    assert '"event": "self-check"' in scene.server.stderr()[len(log) :]


async def disk_full(scene: Scene) -> None:
    """No file may grow: *not recorded* at once, and recorded again as soon as there is room."""
    await asyncio.sleep(scene.chance.uniform(0, 0.3))
    scene.faults.set(full=1)
    began = time.monotonic_ns()
    while "not_recorded" not in scene.answers(began):
        # The log is used again from its start: it may have room for a while.
        assert time.monotonic_ns() < began + 20e9, scene.answers(began)
        await asyncio.sleep(0.02)
    late = [p for p in scene.presses if p.answer == "not_recorded" and p.answered - p.sent > 5e9]
    assert not late
    assert scene.server.process is not None
    assert scene.server.process.poll() is None
    scene.faults.set(full=0)
    await scene.acknowledged_after(time.monotonic_ns())


async def disk_full_but_for_the_ballast(scene: Scene) -> None:
    """The same, and nobody makes room: what the server kept free for it is enough to go on."""
    ballast = scene.server.data / "ballast"
    began = time.monotonic()
    while not ballast.exists():
        assert time.monotonic() < began + 60, "this disk has no room for a ballast"
        await asyncio.sleep(0.05)
    scene.faults.set(full=2)
    began = time.monotonic()
    while ballast.exists():
        # The log is used again from its start, and the file may have room: it may take a while.
        assert time.monotonic() < began + 300, scene.answers()
        await asyncio.sleep(0.02)
    await scene.acknowledged_after(time.monotonic_ns())
    assert '"event": "the disk is full"' in scene.server.stderr()


async def long_reader(scene: Scene) -> None:
    """Somebody reads one state of the database for long, from another process: all goes on."""
    path = scene.server.data / "conference.db"
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, isolation_level=None)) as other:
        other.execute("BEGIN")
        other.execute("SELECT count(*) FROM ballot").fetchone()
        for _ in range(4):
            await scene.acknowledged_after(time.monotonic_ns())
            await asyncio.sleep(0.25)
    grown = (scene.server.data / "conference.db-wal").stat().st_size
    assert grown < 64 * 1024 * 1024


def clock_jumps(milliseconds: int) -> Callable[[Scene], Awaitable[None]]:
    """Set the wall clock to another time: the vote closes when it was announced to."""

    async def jump(scene: Scene) -> None:
        scene.faults.set(clock_ms=milliseconds)
        await scene.acknowledged_after(time.monotonic_ns())
        (row,) = scene.server.rows("SELECT state FROM vote WHERE id = ?", scene.vote)
        assert row == ("open",)
        done = await scene.chair.press(f"votes/{scene.vote}/closure")
        while done.status_code != 303:
            assert done.json()["code"] == "too_early", done.text
            await asyncio.sleep(0.05)
            done = await scene.chair.press(f"votes/{scene.vote}/closure")
        pressed = time.monotonic()
        await wait_for_vote(scene.server, {"closed", "counted"})
        assert 0.5 < time.monotonic() - pressed < 5  # announced: one second
        for _ in range(30):  # more than a window of the limits lets through, were it to last a day
            one = await scene.chair.post("/nowhere-to-be-found")
            assert one.status_code != 429, one.text
            await asyncio.sleep(0.06)
        times = scene.server.rows("SELECT at FROM journal ORDER BY number")
        assert times == sorted(times)

    return jump


async def stalled(scene: Scene) -> None:
    """The whole process stands still for two seconds: nothing is lost, everything is answered."""
    assert scene.server.process is not None
    pid = scene.server.process.pid
    os.kill(pid, signal.SIGSTOP)
    try:
        await asyncio.sleep(2)
    finally:
        os.kill(pid, signal.SIGCONT)
    await scene.acknowledged_after(time.monotonic_ns())
    assert "vote_closed" not in scene.answers()
    assert '"event": "stalled"' in scene.server.stderr()
    metrics = (await scene.chair.http.get("/metrics")).text
    # A busy machine may have let it stand still before.
    (seconds,) = re.findall(r"conference_stall_seconds_sum ([\d.]+)", metrics)
    assert float(seconds) > 1


async def out_of_memory(scene: Scene) -> None:
    """The process gets no more memory: it refuses or dies, and acknowledges nothing it has not."""
    assert scene.server.process is not None
    pid = scene.server.process.pid
    status = Path(f"/proc/{pid}/statm").read_text().split()
    size = int(status[0]) * resource.getpagesize()
    resource.prlimit(pid, resource.RLIMIT_AS, (size + 256 * 1024, resource.RLIM_INFINITY))
    began = time.monotonic()
    while time.monotonic() < began + 2 and scene.server.process.poll() is None:
        await asyncio.gather(
            *(voter.person.http.get("/motions") for voter in scene.voters), return_exceptions=True
        )
    if scene.server.process.poll() is None:
        resource.prlimit(pid, resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        await scene.acknowledged_after(time.monotonic_ns())
        scene.server.kill()
    await scene.again()


HOUR = 3_600_000
TROUBLES: dict[str, Callable[[Scene], Awaitable[None]]] = {
    "fsync error": sync_fails,
    "fsync error in a checkpoint": checkpoint_fails,
    "I/O error": write_fails,
    "disk full": disk_full,
    "disk full but for the ballast": disk_full_but_for_the_ballast,
    "long reader": long_reader,
    "clock an hour on": clock_jumps(HOUR),
    "clock an hour back": clock_jumps(-HOUR),
    "clock a day on": clock_jumps(24 * HOUR),
    "clock a day back": clock_jumps(-24 * HOUR),
    "stalled for two seconds": stalled,
    "out of memory": out_of_memory,
}
"""What can go wrong with the machine; docs/running.md says of each what becomes of it."""
SAMPLE = (
    "fsync error",
    "fsync error in a checkpoint",
    "disk full but for the ballast",
    "clock a day back",
    "stalled for two seconds",
    "out of memory",
)
"""Those that the suite tries every time."""
