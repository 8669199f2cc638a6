"""Hall, store and room in one seeded world: its clock, its threads, its crashes come from one number.

The loop's time jumps to whatever is due next; what a thread of the database would do is done at once
and answered after a delay of chance; a crash closes the files as a kill does, and whatever still runs
reaches neither the disk nor anybody. The order of what is ready stays the loop's own, so whatever is found can happen. A seed
replays to the letter: `world(folder, seed)` gives the same trace.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import heapq
import random
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

import aiosqlite.core
import structlog

from conference.hall import Hall, News
from conference.room import Room, Seat
from conference.rules import acts as a
from conference.rules.kinds import Choice, ItemId, PersonId, VoteId, VoteState
from conference.scrutiny import Scrutiny
from conference.store import Store, ballots
from conference.store.ballots import BallotPaper
from conference.store.verify import verify
from tests.counting import InProcess
from tests.faults.submissions import crowd, founded
from tests.rules.builders import A1, A2, CHAIR, MOTION, TEN

SIZE = 12
CHOICES = tuple(Choice)
EVERYBODY = "everybody"


class Crash(Exception):  # noqa: N818  (what happens, not what went wrong)
    """The process is killed now."""


class SeededLoop(asyncio.SelectorEventLoop):
    """Time that jumps to whatever is due next; other threads do not exist."""

    def __init__(self) -> None:
        super().__init__()
        self._at = 0.0

    def time(self) -> float:
        return self._at

    def _run_once(self) -> None:
        if not self._ready:
            while self._scheduled and self._scheduled[0]._cancelled:
                heapq.heappop(self._scheduled)._scheduled = False
                self._timer_cancelled_count -= 1
            if not self._scheduled:
                raise RuntimeError("everybody waits for somebody else")
            self._at = max(self._at, self._scheduled[0]._when)
        super()._run_once()

    def run_in_executor(
        self, _executor: Executor | None, func: Callable[..., Any], *args: Any
    ) -> asyncio.Future[Any]:
        """Do it at once: `asyncio.to_thread` comes here."""
        future = self.create_future()
        try:
            future.set_result(func(*args))
        except Exception as error:  # noqa: BLE001  (it belongs to whoever waits)
            future.set_exception(error)
        return future


class _NoThread:
    def __init__(self, **_: object) -> None:
        """There is none."""

    def start(self) -> None:
        """Nothing begins."""


class _Answers:
    """The queue to a thread of the database: done in order, each after a delay of chance.

    A COMMIT may find the disk full, as the world says.
    """

    world: World

    def __init__(self) -> None:
        self._free = 0.0
        self.world.threads.append(self)
        self.closed = False

    def put_nowait(self, asked: tuple[asyncio.Future[Any] | None, Callable[[], Any]]) -> None:
        future, function = asked
        if self.closed:
            # Without a draw of chance: this may come from a collection of garbage, at any time.
            if getattr(function, "__name__", "") != "close_and_stop":
                raise sqlite3.OperationalError("killed")
            function()
            if future is not None:
                future.set_result(None)
            return
        loop = asyncio.get_event_loop()
        self._free = max(self._free, loop.time()) + self.world.chance.expovariate(1 / 0.001)
        loop.call_at(self._free, self._do, future, function)

    def _do(self, future: asyncio.Future[Any] | None, function: Callable[[], Any]) -> None:
        try:
            if self.closed:
                raise sqlite3.OperationalError("killed")  # noqa: TRY301
            self.world.may_fail(function)
            result = function()
        except BaseException as error:  # noqa: BLE001  (it belongs to whoever waits)
            if future is not None and not future.done():
                future.set_exception(error)
            return
        if isinstance(result, sqlite3.Connection):
            self.world.files.append(result)
        if future is not None and not future.done():
            future.set_result(result)


@dataclass
class Told:
    """One press and everything that was answered to it."""

    paper: BallotPaper
    answers: list[str] = field(default_factory=list)


class World:
    """One seed: people who press, a chair who closes, crashes, a disk that is full now and then."""

    def __init__(self, data: Path, seed: int) -> None:
        self.data = data
        self.chance = random.Random(seed)
        self.threads: list[_Answers] = []
        self.files: list[sqlite3.Connection] = []
        self.full = 0.0
        """Share of the commits that find the disk full, while the server serves."""
        self.refused = 0
        """How many batches of ballots alone found it full."""
        self.serves = False
        self.told: dict[str, Told] = {}
        self.order: dict[PersonId, list[str]] = {}
        self.trace = hashlib.sha256()
        self.findings: list[str] = []
        self.crashes = 0
        self.dead = False
        """Whether this life is over: what still runs reaches neither the disk nor anybody."""
        self.closed_with: dict[PersonId, str] | None = None
        """Who had which receipt at the commit that closed the vote, if anybody was told of it."""

    def note(self, *what: object) -> None:
        if not self.dead:
            self.trace.update(repr(what).encode())

    def may_fail(self, function: Callable[[], Any]) -> None:
        named = getattr(getattr(function, "func", None), "__name__", "")
        commits = named in {"commit", "put_alone"}  # a batch of ballots alone is one turn
        if self.full and self.serves and commits and self.chance.random() < self.full:
            self.refused += named == "put_alone"
            error = sqlite3.OperationalError("database or disk is full")
            error.sqlite_errorcode = sqlite3.SQLITE_FULL
            raise error

    # --- one life of the server -------------------------------------------------------------------

    async def life(self, until: float | None) -> VoteState:
        """Serve from the files as they are until the vote is counted, or until the crash."""
        loop = asyncio.get_running_loop()
        store = await Store.open(self.data, now=TEN, token=lambda: "t" * 32)
        counter = InProcess(self.data)
        try:
            meeting = await store.load()
            assert meeting is not None
            hall = Hall(store, meeting, lambda: TEN + int(loop.time() * 1000))
            room = Room()
            hall.listener = lambda news: self._hear(news, hall, room)
            state = await self._sit(hall, room, Scrutiny(hall, counter), until)
            self._settled(hall, room)
            await self._compare(store, hall)
        finally:
            counter.close()
            await store.close()
        return state

    async def _sit(
        self, hall: Hall, room: Room, scrutiny: Scrutiny, until: float | None
    ) -> VoteState:
        """Let everybody do what they do; raises Crash where that is wanted."""
        async with hall.working():
            self.serves = True
            await scrutiny.settle()
            async with asyncio.TaskGroup() as group:
                if until is not None:
                    group.create_task(self._crash(until))
                busy = [
                    group.create_task(self._person(hall, room, person)) for person in crowd(SIZE)
                ]
                state = await self._chair(hall, scrutiny)
                for task in busy:
                    task.cancel()
                if until is not None:
                    self.die()
                    raise Crash
        return state

    def _hear(self, news: News, hall: Hall, room: Room) -> None:
        """What everybody is told after a commit; compared with what stands in the end."""
        before, after = _state(news.before), _state(news.after)
        if self.dead:
            return
        if before is VoteState.OPEN and after is not before:
            self.closed_with = dict(hall.voted)
        if before is not after:
            room.spread("vote", str(after))
        for paper in news.ballots:
            for seat in room.of_person(paper.person):
                seat.push(f"recorded {paper.id}")

    async def _crash(self, after: float) -> None:
        await asyncio.sleep(after)
        self.die()
        raise Crash

    async def _chair(self, hall: Hall, scrutiny: Scrutiny) -> VoteState:
        """Announce the vote when there is none, and go on until it is counted."""
        while hall.meeting.conference.vote is None:
            await hall.act(a.AnnounceVote(MOTION), CHAIR)
        while True:
            await scrutiny.settle()
            vote = hall.meeting.votes[VoteId(1)]
            if vote.state in {VoteState.COUNTED, VoteState.VOID}:
                return vote.state
            if vote.state is VoteState.OPEN and vote.closable and self.chance.random() < 0.1:
                await hall.act(a.CloseVote(VoteId(1)), CHAIR)
            await asyncio.sleep(self.chance.uniform(0.01, 0.3))

    async def _person(self, hall: Hall, room: Room, person: PersonId) -> None:
        """Come, press, press again on another device, send the same again, leave and come back."""
        while True:
            seats = [Seat(EVERYBODY, person, f"{person}-{n}") for n in range(2)]
            for seat in seats:
                room.join(seat)
            await asyncio.sleep(self.chance.expovariate(1 / 1.0))
            async with asyncio.TaskGroup() as group:
                for _ in range(self.chance.randint(1, 2)):
                    group.create_task(self._press(hall, person))
            for seat in seats:
                if self.chance.random() < 0.5:
                    room.leave(seat)
                    self.note(person, [await seat.next() for _ in range(len(seat._queue))])

    async def _press(self, hall: Hall, person: PersonId) -> None:
        number = VoteId(1)
        vote = hall.meeting.votes.get(number)
        if vote is None or vote.state is not VoteState.OPEN:
            return
        mine = self.order.setdefault(person, [])
        if mine and self.chance.random() < 0.3:
            told = self.told[self.chance.choice(mine)]  # a tab that had no answer, or a second one
        else:
            id_ = f"{person}-{len(mine)}"
            paper = BallotPaper(
                number, person, id_, hall.paper(number, person, self.chance.choice(CHOICES))
            )
            told = self.told[id_] = Told(paper)
            mine.append(id_)
        answer = await hall.ballot(told.paper)
        if not self.dead and self.chance.random() < 0.8:  # or it is lost on its way
            told.answers.append("recorded" if answer is None else str(answer.code))
            self.note(told.paper.id, told.answers[-1])

    # --- what must hold -----------------------------------------------------------------------------

    def _settled(self, hall: Hall, room: Room) -> None:
        for seat in room.seats():
            states = [text for text in seat._queue if not text.startswith("recorded")]
            if states and states[-1] != str(_state(hall.meeting)):
                self.findings.append(f"{seat.person} sees {states[-1]}")

    async def _compare(self, store: Store, hall: Hall) -> None:
        async with store.reading() as reader:
            found = await reader.conn.exec_driver_sql("SELECT person, id FROM ballot")
            stored = {PersonId(row.person): str(row.id) for row in found}
            found = await reader.conn.exec_driver_sql("SELECT id FROM ballot_spent")
            spent = {str(row.id) for row in found}
            opened = await ballots.opened(reader, VoteId(1))
            receipts = await ballots.voters(reader, VoteId(1), store.epoch)
        if hall.meeting.votes[VoteId(1)].state is not VoteState.COUNTED:
            self.findings.append(f"the vote ended {hall.meeting.votes[VoteId(1)].state}")
        for id_, told in self.told.items():
            kept = id_ == stored.get(told.paper.person) or id_ in spent
            if "recorded" in told.answers and not kept:
                self.findings.append(f"{id_} was acknowledged and is lost")
            if "superseded" in told.answers and id_ not in spent:
                self.findings.append(f"{id_} was told superseded, and stands")
            if told.answers and set(told.answers) <= {"vote_closed"} and id_ in spent:
                self.findings.append(f"{id_} was refused and is counted")
        if len(opened) != len(stored):
            self.findings.append(f"{len(opened)} counted, {len(stored)} ballots")
        if self.closed_with is not None and self.closed_with != receipts:
            self.findings.append("the box changed after the close")
        self.note(sorted(stored.items()), sorted(spent), opened)

    def die(self) -> None:
        """What a kill leaves: the database does nothing any more, nothing open is committed."""
        self.crashes += 1
        self.dead = True
        for thread in self.threads:
            thread.closed = True
        for file in self.files:
            with contextlib.suppress(sqlite3.Error):
                file.rollback()  # a statement that is still open would keep the lock beyond `close`
            with contextlib.suppress(sqlite3.Error):
                file.close()
        self.threads.clear()
        self.files.clear()


def _state(meeting: Any) -> VoteState | None:
    vote = meeting.votes.get(VoteId(1))
    return None if vote is None else vote.state


@contextlib.contextmanager
def place() -> Iterator[Path]:
    """A folder in memory where there is such: here no disk is tried, and a sync should cost nothing."""
    memory = Path("/dev/shm")  # noqa: S108
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        yield Path(folder)


def prepare(folder: Path) -> Path:
    """A meeting whose motion is in debate, with everybody present: each seed begins with a copy."""
    data = folder / "template"

    async def made() -> None:
        store = await Store.open(data, now=TEN, token=lambda: "t" * 32)
        hall = Hall(store, await founded(store, crowd(SIZE), TEN), lambda: TEN)
        async with hall.working():
            for person in crowd(SIZE):
                await hall.act(a.CheckIn(), person)
            for act in (
                a.OpenConference(), a.CallItem(ItemId(2)), a.MarkMoved(MOTION),
                a.MarkSeconded(MOTION), a.LetFall(MOTION, A1), a.LetFall(MOTION, A2),
            ):  # fmt: skip
                assert await hall.act(act, CHAIR) is None
        await store.close()

    asyncio.run(made())
    return data


@contextlib.contextmanager
def _in(world: World) -> Iterator[None]:
    """Within it every database of this process belongs to the world."""
    answers = type("_AnswersHere", (_Answers,), {"world": world})
    key = random.Random(world.chance.random())
    with (
        mock.patch.object(aiosqlite.core, "Thread", _NoThread),
        mock.patch.object(aiosqlite.core, "SimpleQueue", answers),
        mock.patch("secrets.token_bytes", key.randbytes),
    ):
        yield


@dataclass
class Outcome:
    """What one seed came to."""

    seed: int
    crashes: int
    presses: int
    refused: int
    """Batches of ballots that found the disk full."""
    trace: str
    findings: list[str]


def world(template: Path, folder: Path, seed: int) -> Outcome:
    """Play this seed; the same seed leads to the same trace."""
    data = folder / f"seed-{seed}"
    shutil.copytree(template, data)
    one = World(data, seed)
    try:
        with _in(one), structlog.testing.capture_logs():
            _play(one)
        one.findings += verify(data)
    except Exception as error:  # noqa: BLE001  (whatever stops the world is a finding)
        one.findings.append(f"it stopped: {error!r}")
    shutil.rmtree(data)
    trace = one.trace.hexdigest()[:16]
    return Outcome(seed, one.crashes, len(one.told), one.refused, trace, one.findings)


def _play(one: World) -> None:
    at = 0.0
    for _ in range(one.chance.choice((0, 1, 1, 2, 4))):
        one.full = one.chance.choice((0.0, 0.0, 0.1))
        at = _run(one, one.life(one.chance.uniform(0.05, 20)), at)
        at += one.chance.uniform(0, 5)
    one.full = 0.0
    _run(one, one.life(None), at)


def _run(one: World, life: Coroutine[Any, Any, VoteState], at: float) -> float:
    """Run one life from this time on, to its end or its crash; the time afterwards."""
    loop = SeededLoop()
    loop._at = at
    loop.set_exception_handler(lambda _loop, _context: None)  # what a kill left half done
    one.dead = one.serves = False
    try:
        loop.run_until_complete(life)
    except* Crash:
        pass
    finally:
        at = loop.time()
        loop.close()
    return at
