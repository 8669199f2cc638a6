"""The clerk: the only writer. Whatever queued during the last commit is the next transaction.

A batch is applied in the order of the inbox to a private copy of the picture; nobody sees the copy
before COMMIT. Acts go through `rules.take`, ballots through `rules.may_vote` and the store, and
other work (sign-ins, mail) is a function handed in: it may also take acts, in the same transaction.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

import structlog

from conference.clock import Clock
from conference.rules import RULES_VERSION, Refused, deadline, may_vote, take, to_count
from conference.rules.acts import Act, CountVote, VoidVote
from conference.rules.refused import Code
from conference.rules.state import SYSTEM, Meeting, PersonId, VoteId, VoteState
from conference.store import CommitFailed, Store, Tx, ballots, journal, meta
from conference.store.ballots import BallotAnswer, BallotPaper

log = structlog.get_logger()

INBOX = 20_000
"""How many requests may wait; one more is answered `busy`."""

T = TypeVar("T")


class Trouble(StrEnum):
    """Why the clerk refuses where the rules would not."""

    BUSY = "busy"
    INTERNAL = "internal"
    NOT_RECORDED = "not_recorded"
    STALE = "stale"
    SUPERSEDED = "superseded"
    ID_USED = "id_used"


@dataclass(frozen=True, slots=True)
class Taken:
    """One act that was taken, with the picture before and after it."""

    act: Act
    by: PersonId
    before: Meeting
    after: Meeting


@dataclass(frozen=True, slots=True)
class News:
    """What one commit changed: handed to whoever tells the room, after the commit."""

    before: Meeting
    after: Meeting
    taken: tuple[Taken, ...]
    ballots: tuple[tuple[VoteId, PersonId], ...]
    loaded: bool = False
    """Whether programme or texts were loaded anew: anything may look different."""


class Desk:
    """The clerk's private copy of the picture while one batch is being written."""

    def __init__(self, tx: Tx, meeting: Meeting, now: Clock) -> None:
        """Begin at `meeting`, as it stands in the database."""
        self.tx = tx
        self.now = now
        self.meeting = meeting
        self.taken: list[Taken] = []
        self.recorded: list[tuple[VoteId, PersonId]] = []
        self.loaded = False
        self._written = meeting
        self._lines: list[tuple[int, PersonId, Act]] = []

    def take(self, act: Act, by: PersonId) -> Refused | None:
        """Take the act on the copy; None when it was taken."""
        now = self.now()
        before = self.meeting
        result = take(before, act, by, now)
        if isinstance(result, Refused):
            return result
        self.meeting = result
        self._lines.append((now, by, act))
        self.taken.append(Taken(act, by, before, result))
        return None

    def mark(self) -> tuple[Meeting, int, int]:
        """Return a mark to which `back` returns."""
        return self.meeting, len(self._lines), len(self.taken)

    def back(self, mark: tuple[Meeting, int, int]) -> None:
        """Forget what has been taken since the mark. Nothing of it may have been flushed."""
        self.meeting, lines, taken = mark
        del self._lines[lines:], self.taken[taken:]

    async def flush(self) -> None:
        """Write the copy and its journal lines into the open transaction."""
        if self.meeting is not self._written:
            await self.tx.write(self._written, self.meeting)
            self._written = self.meeting
        if self._lines:
            await self.tx.journal_acts(self._lines)
            self._lines.clear()

    def adopt(self, meeting: Meeting) -> None:
        """Go on from this meeting, which the caller has stored in this transaction itself."""
        self.meeting = self._written = meeting
        self.loaded = True

    async def settle(self) -> None:
        """Do what a restored database or a new version of the rules asks for."""
        if await journal.last_version(self.tx) != RULES_VERSION:
            await self.tx.journal_picture(self.now(), SYSTEM, self.meeting, "rules changed")
        if await meta.get(self.tx, meta.RESTORED_AT) is None:
            return
        number = self.meeting.conference.vote
        vote = self.meeting.votes.get(number) if number else None
        if vote is not None and vote.state not in {VoteState.DECLARED, VoteState.VOID}:
            self._must(VoidVote(vote.id, "restored"))
        await meta.drop(self.tx, meta.RESTORED_AT)

    async def take_due(self) -> None:
        """Take every deadline that has passed, and count what is closed."""
        while (due := deadline(self.meeting)) is not None and due[0] <= self.now():
            self._must(due[1])
            await self._count()
        await self._count()

    async def _count(self) -> None:
        vote = to_count(self.meeting)
        if vote is None:
            return
        await self.flush()
        tally = await ballots.tally(self.tx, vote)
        self._must(CountVote(vote, tally.votes_for, tally.votes_against, tally.abstentions))

    def _must(self, act: Act) -> None:
        if refused := self.take(act, SYSTEM):
            message = f"the rules refuse the clerk's own act {type(act).__name__}: {refused.code}"
            raise RuntimeError(message)

    async def ballots(self, papers: Sequence[BallotPaper]) -> list[Refused | None]:
        """Store these ballots in order; the answers are valid once the transaction has committed."""
        await self.flush()
        answers: list[Refused | None] = [self._may(paper) for paper in papers]
        # After the close the store still knows an id that it holds: a browser that lost the answer
        # is told that its ballot was recorded. It accepts nothing new then.
        accepted = [
            i for i, a in enumerate(answers) if a is None or a.code is Code.VOTE_CLOSED
        ]
        if not accepted:
            return answers
        stored = await ballots.put(self.tx, [papers[i] for i in accepted])
        for i, answer in zip(accepted, stored, strict=True):
            if answer is BallotAnswer.RECORDED:
                self.recorded.append((papers[i].vote, papers[i].person))
                answers[i] = None
            elif answer is BallotAnswer.SUPERSEDED:
                answers[i] = Refused(Trouble.SUPERSEDED)
            elif answers[i] is None:
                # The rules allow it: what remains is the id stored last, come with another choice.
                answers[i] = Refused(Trouble.ID_USED)
        return answers

    def _may(self, paper: BallotPaper) -> Refused | None:
        vote = self.meeting.votes.get(paper.vote)
        person = self.meeting.people.get(paper.person)
        if vote is None or person is None:
            return Refused(Code.UNKNOWN)
        return may_vote(vote, self.meeting.rolls.get(paper.vote), person)


Work = Callable[[Desk], Awaitable[T]]
"""Something to be done in the clerk's transaction. To refuse is to return a `Refused`."""


@dataclass(slots=True)
class _Entry:
    """One request: exactly one of the three ways in which it can be done is set."""

    answer: asyncio.Future[Any]
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
        self.voted: set[PersonId] = set()
        """Who has a ballot in the latest vote: turnout, never a choice."""
        self.listener: Callable[[News], None] = lambda _news: None
        self.fatal: Callable[[str], None] = lambda _reason: None
        self._inbox: deque[_Entry] = deque()
        self._wake = asyncio.Event()
        self._stopping = False

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
            desk = Desk(tx, self.meeting, self.now)
            await desk.settle()
            await desk.flush()
        self.meeting = desk.meeting
        vote = self.meeting.conference.vote
        if vote is not None:
            async with self.store.reading() as reader:
                self.voted = await ballots.voters(reader, vote)
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

        entry = _Entry(asyncio.get_running_loop().create_future(), quick=quick)
        result: Refused | None = await self._submit(entry)
        return result

    async def work(self, work: Work[T]) -> T | Refused:
        """Do this work in the clerk's transaction; what it returns is returned after COMMIT."""
        entry = _Entry(asyncio.get_running_loop().create_future(), work=work)
        result: T | Refused = await self._submit(entry)
        return result

    async def ballot(self, paper: BallotPaper) -> Refused | None:
        """Store this ballot; None means stored and on disk."""
        entry = _Entry(asyncio.get_running_loop().create_future(), paper=paper)
        result: Refused | None = await self._submit(entry)
        return result

    async def _submit(self, entry: _Entry) -> Any:  # noqa: ANN401  (what the work returns)
        if self._stopping or len(self._inbox) >= INBOX:
            return Refused(Trouble.BUSY)
        self._inbox.append(entry)
        self._wake.set()
        # A caller that goes away must not take its request back: the clerk may be writing it.
        return await asyncio.shield(entry.answer)

    async def run(self) -> None:
        """Be the clerk until `stop`; then finish what is in the inbox."""
        while not self._stopping or self._inbox:
            await self._sleep()
            batch = [self._inbox.popleft() for _ in range(len(self._inbox))]
            await self._process(batch)

    def stop(self) -> None:
        """Accept nothing more; what is in the inbox will still be done."""
        self._stopping = True
        self._wake.set()

    async def _sleep(self) -> None:
        due = deadline(self.meeting)
        seconds = None if due is None else max(due[0] - self.now(), 0) / 1000
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
            log.error("commit failed", fatal=failed.fatal)
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
        answers: list[tuple[_Entry, Any]] = []
        async with self.store.transaction() as tx:
            desk = Desk(tx, self.meeting, self.now)
            await desk.take_due()
            for run in _runs(batch):
                answers += await _do(desk, run)
                await desk.take_due()
            await desk.flush()
        news = News(
            self.meeting, desk.meeting, tuple(desk.taken), tuple(desk.recorded), desk.loaded
        )
        self.meeting = desk.meeting
        self._remember(news)
        for entry, answer in answers:
            if not entry.answer.done():
                entry.answer.set_result(answer)
        self._announce(news)

    def _remember(self, news: News) -> None:
        if news.before.conference.vote != news.after.conference.vote:
            self.voted = set()
        latest = news.after.conference.vote
        self.voted |= {person for vote, person in news.ballots if vote == latest}

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


async def _work(desk: Desk, work: Work[Any]) -> Any:  # noqa: ANN401  (what the work returns)
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
        if not entry.answer.done():
            entry.answer.set_result(Refused(trouble))
