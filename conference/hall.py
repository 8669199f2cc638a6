"""The clerk: the only writer. Whatever queued during the last commit is the next transaction.

A batch is applied in the order of the inbox to a private copy of the picture; nobody sees the copy
before COMMIT. Acts go through `rules.take`, ballots through `rules.may_vote` and the store, and
other work (sign-ins, mail) is a function handed in: it may also take acts, in the same transaction.
"""

from __future__ import annotations

import asyncio
import contextlib
import math
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

import structlog
from msgspec import Struct

from conference.clock import Clock
from conference.desk import Desk, Taken, Trouble, due, take_ballots
from conference.meters import Meters
from conference.rules import Refused, deadline
from conference.rules.acts import Act
from conference.rules.kinds import Choice, PersonId, VoteId, VoteState
from conference.rules.state import Meeting
from conference.sealing import envelope
from conference.sealing.bytes import from_text
from conference.store import CommitFailed, Store, ballots
from conference.store.ballots import BallotPaper

log = structlog.get_logger()

__all__ = ["Desk", "Hall", "News", "Trouble", "Work"]

INBOX = 20_000
"""How many requests may wait; one more is answered `busy`."""

GATHER = 0.002
"""Seconds that the clerk lets requests gather when it has only just finished a batch: a commit costs the
same for one ballot as for fifty, and whoever comes first waits for nothing."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class News:
    """What one commit changed: handed to whoever tells the room, after the commit."""

    before: Meeting
    after: Meeting
    taken: tuple[Taken, ...]
    ballots: tuple[BallotPaper, ...]
    loaded: bool = False
    """Whether programme or texts were loaded anew: anything may look different."""


Work = Callable[[Desk], Awaitable[T]]
"""Something to be done in the clerk's transaction. To refuse is to return a `Refused`."""


class _Entry(Struct, gc=False):
    """One request: exactly one of the three ways in which it can be done is set.

    Thousands may wait: the collector of cycles need not look at them, nothing refers to them but the inbox.
    """

    tell: Callable[[Any], None]
    """Is told the answer once, after COMMIT."""
    quick: Callable[[Desk], Refused | None] | None = None
    """An act: touches only the copy of the picture, so it needs no savepoint."""
    work: Work[Any] | None = None
    paper: BallotPaper | None = None


class Hall:
    """The one hall: its picture, its inbox and its clerk."""

    def __init__(self, store: Store, meeting: Meeting, now: Clock) -> None:
        """Stand ready with the picture as it was loaded; `run` does the work."""
        self.store = store
        self.meeting = meeting
        self.now = now
        self.voted: dict[PersonId, str] = {}
        """The receipt of whoever has a ballot in the latest vote: turnout, never a choice."""
        self.listener: Callable[[News], None] = lambda _news: None
        self.fatal: Callable[[str], None] = lambda _reason: None
        self.meters = Meters()
        self._inbox: deque[_Entry] = deque()
        self._wake = asyncio.Event()
        self._stopping = False
        self._finished = -math.inf

    @contextlib.asynccontextmanager
    async def working(self) -> AsyncIterator[asyncio.Task[None]]:
        """Let the clerk work for the duration; at the end finish what it was given."""
        await self.start()
        clerk = asyncio.create_task(self.run())
        try:
            yield clerk
        finally:
            self.stop()
            await clerk

    async def start(self) -> None:
        """Settle what a restore or an update left, then take every deadline that passed meanwhile.

        A vote that was running in a restored backup is void: ballots acknowledged after the
        backup are not in it. Rules of another version begin with a picture.
        """
        async with self.store.transaction() as tx:
            desk = Desk(tx, self.meeting, self.now, self.store.epoch)
            await desk.settle()
            await desk.flush()
        self.meeting = desk.meeting
        vote = self.meeting.conference.vote
        if vote is not None:
            async with self.store.reading() as reader:
                self.voted = await ballots.voters(reader, vote, self.store.epoch)
        await self._process([])

    async def act(self, act: Act, by: PersonId, step: int | None = None) -> Refused | None:
        """Take one act; None when it has been taken and committed.

        `step` is the conference's step for which a form of the chair was made: another step now
        is answered `stale`.
        """

        def quick(desk: Desk) -> Refused | None:
            if step is not None and step != desk.meeting.conference.step:
                return Refused(Trouble.STALE)
            return desk.take(act, by)

        result: Refused | None = await self._ask(quick=quick)
        return result

    async def work(self, work: Work[T]) -> T | Refused:
        """Do this work in the clerk's transaction; what it returns is returned after COMMIT."""
        result: T | Refused = await self._ask(work=work)
        return result

    async def ballot(self, paper: BallotPaper) -> Refused | None:
        """Store this ballot; None means stored and on disk."""
        result: Refused | None = await self._ask(paper=paper)
        return result

    def put(self, paper: BallotPaper, tell: Callable[[Refused | None], None]) -> None:
        """As `ballot`, for who has no task to wait in: `tell` is called with the answer."""
        if not self._submit(_Entry(tell, paper=paper)):
            tell(Refused(Trouble.BUSY))

    def paper(self, vote: VoteId, person: PersonId, choice: Choice) -> str:
        """Return the paper for this choice, sealed here: for who has no script that could.

        In a vote by name, and where there is no key to seal to, that is the choice itself; the
        second is refused when it is handed in.
        """
        row = self.meeting.votes.get(vote)
        if row is None or row.by_name or not row.key:
            return choice.value
        context = envelope.Context(self.store.epoch, vote, person)
        return envelope.write(envelope.seal(from_text(row.key) or b"", context, choice))

    async def _ask(self, **what: Any) -> Any:
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        if not self._submit(_Entry(partial(_settle, answer), **what)):
            return Refused(Trouble.BUSY)
        # A caller that goes away must not take its request back: the clerk may be writing it.
        return await asyncio.shield(answer)

    def _submit(self, entry: _Entry) -> bool:
        if self._stopping or len(self._inbox) >= INBOX:
            self.meters.refused[Trouble.BUSY.value] += 1
            return False
        self._inbox.append(entry)
        self._wake.set()
        return True

    @property
    def waiting(self) -> int:
        """How many requests wait for the clerk."""
        return len(self._inbox)

    @property
    def calm(self) -> bool:
        """Whether nobody waits for the clerk, and no vote is on its way to its result."""
        number = self.meeting.conference.vote
        vote = self.meeting.votes.get(number) if number else None
        over = vote is None or vote.state in {VoteState.DECLARED, VoteState.VOID}
        return over and not self._inbox

    async def run(self) -> None:
        """Be the clerk until `stop`; then finish what is in the inbox."""
        now = asyncio.get_running_loop().time  # the simulation's loop has a time of its own
        while not self._stopping or self._inbox:
            await self._sleep()
            if not self._stopping and now() - self._finished < GATHER:
                await asyncio.sleep(GATHER)
            batch = [self._inbox.popleft() for _ in range(len(self._inbox))]
            await self._process(batch)
            self._finished = now()

    def stop(self) -> None:
        """Accept nothing more; what is in the inbox will still be done."""
        self._stopping = True
        self._wake.set()

    async def _sleep(self) -> None:
        next_ = deadline(self.meeting)
        seconds = None if next_ is None else max(next_[0] - self.now(), 0) / 1000
        try:
            async with asyncio.timeout(seconds):
                await self._wake.wait()
        except TimeoutError:
            pass
        self._wake.clear()

    async def _process(self, batch: list[_Entry]) -> None:
        try:
            await self._commit(batch)
        except CommitFailed as failed:
            log.exception("commit failed", fatal=failed.fatal)
            _answer_all(batch, Trouble.NOT_RECORDED)
            if failed.fatal:
                self.fatal("the database could not be written")
            await asyncio.sleep(0.2)
        except Exception as error:
            log.exception("a batch failed", size=len(batch), error=type(error).__name__)
            if len(batch) <= 1:
                _answer_all(batch, Trouble.INTERNAL)
                await asyncio.sleep(0.2)  # a deadline that fails must not become a busy loop
            else:
                for entry in batch:
                    await self._process([entry])

    async def _commit(self, batch: list[_Entry]) -> None:
        begun = time.perf_counter()
        papers = [entry.paper for entry in batch if entry.paper is not None]
        only_ballots = bool(papers) and len(papers) == len(batch)
        if only_ballots and due(self.meeting, self.now()) is None:
            news, answers = await self._store_ballots(batch, papers)
        else:
            news, answers = await self._transact(batch)
        self.meeting = news.after
        self._remember(news)
        self._measure(news, answers, time.perf_counter() - begun)
        for entry, answer in answers:
            _tell(entry, answer)
        self._announce(news)

    async def _store_ballots(
        self, batch: list[_Entry], papers: list[BallotPaper]
    ) -> tuple[News, list[tuple[_Entry, Any]]]:
        """Commit a batch that is nothing but ballots, as most are while a vote is open."""
        put, epoch = self.store.put_ballots, self.store.epoch
        answers, recorded = await take_ballots(self.meeting, epoch, papers, put)
        news = News(self.meeting, self.meeting, (), tuple(recorded))
        return news, list(zip(batch, answers, strict=True))

    async def _transact(self, batch: list[_Entry]) -> tuple[News, list[tuple[_Entry, Any]]]:
        """Commit any batch, with the deadlines that have passed, in one transaction."""
        answers: list[tuple[_Entry, Any]] = []
        async with self.store.transaction() as tx:
            desk = Desk(tx, self.meeting, self.now, self.store.epoch)
            await desk.take_due()
            for run in _runs(batch):
                answers += await _do(desk, run)
                await desk.take_due()
            await desk.flush()
        news = News(
            self.meeting,
            desk.meeting,
            tuple(desk.taken),
            tuple(desk.recorded),
            desk.loaded or desk.tell,
        )
        return news, answers

    def _remember(self, news: News) -> None:
        if news.before.conference.vote != news.after.conference.vote:
            self.voted = {}
        latest = news.after.conference.vote
        for paper in news.ballots:
            if paper.vote == latest:
                self.voted[paper.person] = paper.receipt

    def _measure(self, news: News, answers: list[tuple[_Entry, Any]], seconds: float) -> None:
        self.meters.batch.see(len(answers))
        self.meters.commit.see(seconds)
        self.meters.acts += len(news.taken)
        if news.taken:
            self.meters.last_act = self.now()
        self.meters.ballots += len(news.ballots)
        for _entry, answer in answers:
            if isinstance(answer, Refused):
                self.meters.refused[str(answer.code)] += 1

    def _announce(self, news: News) -> None:
        try:
            self.listener(news)
        except Exception as error:
            # What is committed stays committed: the room is told with the next change.
            log.exception("telling the room failed", error=type(error).__name__)

    def turnout(self) -> tuple[int, int]:
        """Return how many ballots the latest vote has, and how many people stand on its roll."""
        number = self.meeting.conference.vote
        vote = self.meeting.votes.get(number) if number else None
        if vote is None or vote.state is VoteState.ANNOUNCED:
            return 0, 0
        return len(self.voted), vote.roll


def _runs(batch: list[_Entry]) -> list[list[_Entry]]:
    """Cut the batch into runs of ballots, which are stored together, and single pieces of work."""
    runs: list[list[_Entry]] = []
    for entry in batch:
        if entry.paper is not None and runs and runs[-1][0].paper is not None:
            runs[-1].append(entry)
        else:
            runs.append([entry])
    return runs


async def _do(desk: Desk, run: list[_Entry]) -> list[tuple[_Entry, Any]]:
    papers = [entry.paper for entry in run if entry.paper is not None]
    if papers:
        return list(zip(run, await desk.ballots(papers), strict=True))
    (entry,) = run
    mark = desk.mark()
    if entry.quick is not None:
        try:
            return [(entry, entry.quick(desk))]
        except Exception as error:
            log.exception("an act failed", error=type(error).__name__)
            desk.back(mark)
            return [(entry, Refused(Trouble.INTERNAL))]
    if entry.work is not None:
        return [(entry, await _work(desk, entry.work))]
    return [(entry, Refused(Trouble.INTERNAL))]


async def _work(desk: Desk, work: Work[Any]) -> Any:
    await desk.flush()
    mark = desk.mark()
    try:
        async with desk.tx.savepoint() as savepoint:
            answer = await work(desk)
            if isinstance(answer, Refused):
                await savepoint.rollback()
                desk.back(mark)
            return answer
    except CommitFailed:
        raise
    except Exception as error:
        log.exception("a piece of work failed", error=type(error).__name__)
        desk.back(mark)
        return Refused(Trouble.INTERNAL)


def _answer_all(batch: list[_Entry], trouble: Trouble) -> None:
    for entry in batch:
        _tell(entry, Refused(trouble))


def _tell(entry: _Entry, answer: Any) -> None:
    """Answer one request. Whatever goes wrong there, the batch is done and the others are answered."""
    try:
        entry.tell(answer)
    except Exception as error:
        log.exception("an answer could not be given", error=type(error).__name__)


def _settle(answer: asyncio.Future[Any], result: Any) -> None:
    if not answer.done():
        answer.set_result(result)
