"""The clerk against a real store: one order of things, and nothing visible before COMMIT."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from msgspec import structs

from conference import desk as desk_module
from conference import hall as hall_module
from conference.desk import Desk, Trouble
from conference.hall import Hall, News
from conference.rules import Refused, change
from conference.rules import acts as a
from conference.rules.kinds import (
    SYSTEM,
    Choice,
    ItemId,
    Pause,
    PersonId,
    Role,
    Standing,
    VoteId,
    VoteState,
)
from conference.rules.refused import Code
from conference.rules.state import Person
from conference.scrutiny import Scrutiny
from conference.store import CommitFailed, Store, Tx, ballots, meta
from conference.store import people as accounts
from conference.store.ballots import BallotPaper
from conference.store.people import Account
from conference.store.verify import verify
from tests.counting import InProcess
from tests.mutants import MUTANTS, fails_with
from tests.rules.builders import A1, A2, CHAIR, D1, D2, DELEGATES, MOTION, TEN, V1, small_meeting

WANTED = 40
MORE = tuple(PersonId(f"e{n:02}") for n in range(WANTED - len(DELEGATES)))
VOTERS = (*DELEGATES, *MORE)


class Counting(Store):
    """A store that counts its transactions, and whose next COMMIT can be made to fail."""

    commits = 0
    failing: CommitFailed | None = None
    gate: asyncio.Event | None = None

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Tx]:
        async with super().transaction() as tx:
            yield tx
            await self._pass()
            self.commits += 1

    async def put_ballots(self, papers, *, final):
        await self._pass()
        stored = await super().put_ballots(papers, final=final)
        self.commits += 1
        return stored

    async def _pass(self) -> None:
        if self.gate is not None:
            await self.gate.wait()
        if self.failing is not None:
            raise self.failing


@dataclass
class Clock:
    """Time that stands still until it is moved."""

    at: int = TEN

    def __call__(self) -> int:
        return self.at


class Sealing(Hall):
    """A hall to which choices are handed in as a browser hands them in: sealed, once a press."""

    def __init__(self, *given) -> None:
        super().__init__(*given)
        self.made: dict[BallotPaper, BallotPaper] = {}

    async def ballot(self, paper: BallotPaper) -> Refused | None:
        if paper not in self.made:
            text = self.paper(paper.vote, paper.person, Choice(paper.paper))
            self.made[paper] = structs.replace(paper, paper=text)
        return await super().ballot(self.made[paper])


@dataclass
class House:
    hall: Hall
    store: Counting
    clock: Clock
    scrutiny: Scrutiny
    news: list[News] = field(default_factory=list)

    async def take(self, act: a.Act, by: PersonId = CHAIR) -> None:
        assert await self.hall.act(act, by) is None

    async def until(self, at: int) -> None:
        """Move the time and let the clerk see it."""
        self.clock.at = at
        await self.scrutiny.settle()
        await self.hall.work(_nothing)
        await self.scrutiny.settle()

    async def open_vote(self) -> None:
        await self.take(a.AnnounceVote(MOTION))
        await self.until(self.hall.meeting.votes[V1].opens_at)
        assert self.hall.meeting.votes[V1].state is VoteState.OPEN

    async def stored(self) -> dict[str, str]:
        async with self.store.reading() as reader:
            found = await reader.conn.exec_driver_sql("SELECT person, id FROM ballot")
            return {row.person: row.id for row in found}


async def _nothing(_desk: Desk) -> None:
    return None


@asynccontextmanager
async def standing(data: Path) -> AsyncIterator[House]:
    """A hall whose clerk does not work yet; in the end everything stored must be sound."""
    store = await Counting.open(data, now=TEN, token=lambda: "t" * 32)
    try:
        yield await _house(store)
    finally:
        await store.close()
    assert verify(data) == []


async def _house(store: Counting) -> House:
    clock = Clock()
    meeting = small_meeting()
    for somebody in MORE:
        meeting = change.person(
            meeting, Person(somebody, frozenset({Role.DELEGATE}), Standing.ACCEPTED)
        )
    async with store.transaction() as tx:
        await tx.write(None, meeting)
        await tx.journal_picture(clock(), PersonId("system"), meeting, "founded")
        await accounts.add_all(tx, [Account(p, str(p)) for p in meeting.people])
    hall = Sealing(store, meeting, clock)
    house = House(hall, store, clock, Scrutiny(hall, InProcess(store.data)))
    house.hall.listener = house.news.append
    return house


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """A hall whose motion is in debate, with forty delegates present."""
    async with standing(tmp_path) as house, house.hall.working():
        await asyncio.gather(*(house.take(a.CheckIn(), person) for person in VOTERS))
        for act in (
            a.OpenConference(),
            a.CallItem(ItemId(2)),
            a.MarkMoved(MOTION),
            a.MarkSeconded(MOTION),
            a.LetFall(MOTION, A1),
            a.LetFall(MOTION, A2),
        ):
            await house.take(act)
        yield house


def paper(
    person: PersonId, press: int = 1, choice: Choice = Choice.FOR, vote: VoteId = V1
) -> BallotPaper:
    return BallotPaper(vote, person, f"{person}-press-{press:04}", choice)


def code(answer: object) -> object:
    return answer.code if isinstance(answer, Refused) else answer


# --- group commit --------------------------------------------------------------------------------


async def test_what_queues_during_a_commit_is_the_next_transaction(house: House):
    await house.open_vote()
    house.store.gate = asyncio.Event()
    before = house.store.commits
    first = asyncio.create_task(house.hall.ballot(paper(VOTERS[0])))
    await asyncio.sleep(0.05)  # it is being written
    rest = [asyncio.create_task(house.hall.ballot(paper(person))) for person in VOTERS[1:]]
    await asyncio.sleep(0.05)
    assert not first.done()
    house.store.gate.set()
    assert await asyncio.gather(first, *rest) == [None] * WANTED
    assert house.store.commits == before + 2
    assert set(await house.stored()) == set(VOTERS)
    assert house.hall.turnout() == (WANTED, WANTED)


async def test_ballots_and_acts_are_taken_in_the_order_of_the_inbox(house: House):
    await house.open_vote()
    house.store.gate = asyncio.Event()
    answers = [
        asyncio.create_task(work)
        for work in (
            house.hall.ballot(paper(D1)),
            house.hall.act(a.EndVote(V1), SYSTEM),
            house.hall.ballot(paper(D2)),
            house.hall.ballot(paper(D1)),
            house.hall.ballot(paper(D1, 2)),
        )
    ]
    await asyncio.sleep(0.05)
    house.store.gate.set()
    told = [code(answer) for answer in await asyncio.gather(*answers)]
    assert told == [None, None, Code.VOTE_CLOSED, None, Code.VOTE_CLOSED]
    assert await house.stored() == {D1: paper(D1).id}
    await house.scrutiny.settle()
    vote = house.hall.meeting.votes[V1]
    assert (vote.state, vote.votes_for) == (VoteState.COUNTED, 1)


async def test_one_hundred_races_between_ballots_and_the_close(house: House):
    chance = random.Random(7)
    late = 0
    for number in range(1, 101):
        vote = VoteId(number)
        await house.take(a.AnnounceVote(MOTION))
        await house.until(house.hall.meeting.votes[vote].opens_at)
        acknowledged = await race(house, vote, chance)
        await house.scrutiny.settle()
        figures = house.hall.meeting.votes[vote]
        assert figures.state is VoteState.COUNTED
        async with house.store.reading() as reader:
            stored = set(await ballots.voters(reader, vote, house.store.epoch))
        assert stored == acknowledged
        assert figures.votes_for == len(acknowledged)
        late += len(acknowledged) < RACING
        await house.take(a.VoidVote(vote, "restored"), SYSTEM)
    assert late > 10


RACING = 12


async def race(house: House, vote: VoteId, chance: random.Random) -> set[PersonId]:
    """Let people vote while the vote closes; who was told that their ballot is recorded."""
    closes_at = house.hall.meeting.votes[vote].closes_at

    async def press(person: PersonId, waits: int) -> PersonId | None:
        for _ in range(waits):
            await asyncio.sleep(0)
        answer = await house.hall.ballot(paper(person, vote=vote))
        assert code(answer) in {None, Code.VOTE_CLOSED}
        return None if answer else person

    async def close(waits: int, by_time: bool) -> None:
        for _ in range(waits):
            await asyncio.sleep(0)
        if by_time:
            await house.until(closes_at)
        else:
            assert await house.hall.act(a.EndVote(vote), SYSTEM) is None

    pressing = [press(person, chance.randrange(30)) for person in VOTERS[:RACING]]
    closing = close(chance.randrange(30), chance.random() < 0.5)
    *answers, _closed = await asyncio.gather(*pressing, closing)
    return {person for person in answers if person is not None}


# --- what fails ----------------------------------------------------------------------------------


async def test_a_failed_commit_is_told_to_everybody_and_changes_nothing(house: House):
    await house.open_vote()
    picture, told = house.hall.meeting, len(house.news)
    house.store.failing = CommitFailed(fatal=False, reason="the disk is full")
    answers = await asyncio.gather(
        *(house.hall.ballot(paper(person)) for person in VOTERS[:5]),
        house.hall.act(a.Leave(), VOTERS[6]),
        house.hall.work(lambda desk: meta.put(desk.tx, "mark", "x")),
    )
    assert [code(answer) for answer in answers] == [Trouble.NOT_RECORDED] * 7
    assert house.hall.meeting is picture
    assert len(house.news) == told
    assert house.hall.turnout() == (0, WANTED)
    assert await house.stored() == {}
    house.store.failing = None
    assert await house.hall.ballot(paper(D1)) is None
    assert house.hall.turnout() == (1, WANTED)


async def test_a_disk_that_fails_ends_the_process(house: House):
    ended: list[str] = []
    house.hall.fatal = ended.append
    house.store.failing = CommitFailed(fatal=True, reason="input/output error")
    assert code(await house.hall.act(a.Leave(), D1)) is Trouble.NOT_RECORDED
    assert len(ended) == 1
    house.store.failing = None


async def test_work_that_raises_is_answered_internal_and_harms_nobody(house: House):
    await house.open_vote()

    async def broken(desk: Desk) -> None:
        assert desk.take(a.Leave(), D2) is None
        await meta.put(desk.tx, "mark", "must not stay")
        raise ZeroDivisionError

    async def declines(desk: Desk) -> Refused:
        assert desk.take(a.Leave(), D2) is None
        await meta.put(desk.tx, "mark", "must not stay")
        return Refused(Code.UNKNOWN)

    answers = await asyncio.gather(
        house.hall.ballot(paper(D1)),
        house.hall.work(broken),
        house.hall.work(declines),
        house.hall.work(lambda desk: meta.put(desk.tx, "other", "stays")),
        house.hall.act(a.Leave(), VOTERS[7]),
        house.hall.ballot(paper(D2)),
    )
    told = [code(answer) for answer in answers]
    assert told == [None, Trouble.INTERNAL, Code.UNKNOWN, None, None, None]
    assert house.hall.meeting.people[D2].present
    assert not house.hall.meeting.people[VOTERS[7]].present
    async with house.store.reading() as reader:
        assert await meta.get(reader, "mark") is None
        assert await meta.get(reader, "other") == "stays"


async def test_an_act_that_raises_is_answered_internal(
    house: House, monkeypatch: pytest.MonkeyPatch
):
    real = desk_module.take

    def take(meeting, act, by, now):
        if by == D1:
            raise ZeroDivisionError
        return real(meeting, act, by, now)

    monkeypatch.setattr(desk_module, "take", take)
    answers = await asyncio.gather(*(house.hall.act(a.Leave(), p) for p in (D2, D1, VOTERS[5])))
    assert [code(answer) for answer in answers] == [None, Trouble.INTERNAL, None]


async def test_ballots_that_break_a_batch_are_left_out_of_it(
    house: House, monkeypatch: pytest.MonkeyPatch
):
    await house.open_vote()
    real = ballots._put

    def put(connection, papers, **more):
        stored = real(connection, papers, **more)
        if any(p.person == D1 for p in papers):
            raise ZeroDivisionError
        return stored

    monkeypatch.setattr(ballots, "_put", put)
    answers = await asyncio.gather(*(house.hall.ballot(paper(p)) for p in VOTERS))
    assert [p for p, answer in zip(VOTERS, answers, strict=True) if answer] == [D1]
    assert code(answers[VOTERS.index(D1)]) is Trouble.INTERNAL
    assert set(await house.stored()) == set(VOTERS) - {D1}


async def test_an_answer_that_cannot_be_given_is_nobody_elses_trouble(house: House):
    await house.open_vote()
    told: list[object] = []

    def raises(_answer: object) -> None:
        raise ZeroDivisionError

    def sealed(person: PersonId) -> BallotPaper:
        text = house.hall.paper(V1, person, Choice.FOR)
        return BallotPaper(V1, person, paper(person).id, text)

    before = house.store.commits
    house.hall.put(sealed(D1), raises)
    house.hall.put(sealed(D2), told.append)
    assert await house.hall.ballot(paper(VOTERS[5])) is None
    assert told == [None]
    assert set(await house.stored()) == {D1, D2, VOTERS[5]}
    assert house.store.commits == before + 1


async def test_a_full_inbox_is_busy(house: House, monkeypatch: pytest.MonkeyPatch):
    await house.open_vote()
    monkeypatch.setattr(hall_module, "INBOX", 5)
    house.store.gate = asyncio.Event()
    first = asyncio.create_task(house.hall.ballot(paper(VOTERS[0])))
    await asyncio.sleep(0.05)
    rest = [asyncio.create_task(house.hall.ballot(paper(p))) for p in VOTERS[1:9]]
    await asyncio.sleep(0.05)
    house.store.gate.set()
    told = [code(answer) for answer in await asyncio.gather(first, *rest)]
    assert told == [None] * 6 + [Trouble.BUSY] * 3
    assert await house.hall.ballot(paper(VOTERS[8])) is None


async def test_a_room_that_cannot_be_told_changes_no_answer(house: House):
    def broken(_news: News) -> None:
        raise ZeroDivisionError

    house.hall.listener = broken
    assert await house.hall.act(a.Leave(), D1) is None
    assert code(await house.hall.act(a.Leave(), D1)) is Code.NOT_PRESENT


async def test_who_goes_away_takes_nothing_back(house: House):
    await house.open_vote()
    house.store.gate = asyncio.Event()
    press = asyncio.create_task(house.hall.ballot(paper(D1)))
    await asyncio.sleep(0.05)
    press.cancel()
    house.store.gate.set()
    with pytest.raises(asyncio.CancelledError):
        await press
    await house.hall.work(_nothing)
    assert await house.stored() == {D1: paper(D1).id}


async def test_after_the_end_nothing_is_accepted_and_everything_accepted_is_done(tmp_path: Path):
    async with standing(tmp_path) as house:
        async with house.hall.working():
            waiting = [asyncio.create_task(house.hall.act(a.CheckIn(), p)) for p in VOTERS]
            await asyncio.sleep(0)
            house.hall.stop()
            assert code(await house.hall.act(a.CheckIn(), D1)) is Trouble.BUSY
            assert await asyncio.gather(*waiting) == [None] * WANTED
        assert await house.store.load() == house.hall.meeting


# --- deadlines -------------------------------------------------------------------------------------


async def test_deadlines_are_taken_when_their_time_has_come(house: House):
    await house.take(a.AnnounceVote(MOTION))
    vote = house.hall.meeting.votes[V1]
    await house.until(vote.opens_at - 1)
    assert house.hall.meeting.votes[V1].state is VoteState.ANNOUNCED
    await house.until(vote.opens_at)
    vote = house.hall.meeting.votes[V1]
    assert (vote.state, vote.roll, vote.closable) == (VoteState.OPEN, WANTED, False)
    assert await house.hall.ballot(paper(D1)) is None
    await house.until(vote.minimum_at)
    assert house.hall.meeting.votes[V1].closable
    await house.until(vote.closes_at - 1)
    assert await house.hall.ballot(paper(D2)) is None
    house.clock.at = vote.closes_at
    assert code(await house.hall.ballot(paper(VOTERS[2]))) is Code.VOTE_CLOSED
    assert house.hall.meeting.votes[V1].state is VoteState.CLOSED
    await house.scrutiny.settle()
    counted = house.hall.meeting.votes[V1]
    assert (counted.state, counted.votes_for) == (VoteState.COUNTED, 2)


async def test_the_clerk_wakes_by_itself(house: House):
    loop = asyncio.get_running_loop()
    anchor = [house.clock.at, loop.time()]
    house.hall.now = lambda: int(anchor[0] + (loop.time() - anchor[1]) * 1000)

    async def soon(at: int) -> None:
        """It is 50 milliseconds before this time, and time goes on."""
        anchor[:] = [at - 50, loop.time()]
        await house.hall.work(_nothing)

    async def becomes(state: VoteState) -> None:
        async with asyncio.timeout(5):
            while house.hall.meeting.votes[V1].state is not state:
                await asyncio.sleep(0.01)

    await house.take(a.AnnounceVote(MOTION))
    await house.scrutiny.settle()
    await soon(house.hall.meeting.votes[V1].opens_at)
    assert house.hall.meeting.votes[V1].state is VoteState.ANNOUNCED
    await becomes(VoteState.OPEN)
    await soon(house.hall.meeting.votes[V1].closes_at)
    assert house.hall.meeting.votes[V1].state is VoteState.OPEN
    await becomes(VoteState.CLOSED)


async def test_overdue_deadlines_are_taken_at_the_start(tmp_path: Path):
    async with standing(tmp_path) as house:
        async with house.hall.working():
            await asyncio.gather(*(house.take(a.CheckIn(), person) for person in VOTERS))
            for act in (a.OpenConference(), a.CallItem(ItemId(2)), a.MarkMoved(MOTION)):
                await house.take(act)
            for act in (a.MarkSeconded(MOTION), a.LetFall(MOTION, A1), a.LetFall(MOTION, A2)):
                await house.take(act)
            await house.open_vote()
            assert await house.hall.ballot(paper(D1)) is None
        meeting = await house.store.load()
        assert meeting is not None
        again = Hall(house.store, meeting, lambda: TEN + 3_600_000)
        await again.start()
        assert again.meeting.votes[V1].state is VoteState.CLOSED
        assert set(again.voted) == {D1}


async def test_a_form_for_another_step_is_stale(house: House):
    step = house.hall.meeting.conference.step
    told = await house.hall.act(a.AnnounceVote(MOTION), CHAIR, step - 1)
    assert code(told) is Trouble.STALE
    assert house.hall.meeting.votes == {}
    assert await house.hall.act(a.CheckOut(D1), PersonId("registrar"), None) is None
    assert house.hall.meeting.conference.step == step
    assert await house.hall.act(a.AnnounceVote(MOTION), CHAIR, step) is None


async def test_one_id_with_two_choices_is_said_so(house: House):
    await house.open_vote()
    assert await house.hall.ballot(paper(D1)) is None
    assert code(await house.hall.ballot(paper(D1, choice=Choice.AGAINST))) is Trouble.ID_USED
    assert await house.hall.ballot(paper(D1)) is None


# --- these tests would notice ------------------------------------------------------------------------


def test_an_acknowledgement_before_the_commit_is_noticed(tmp_path: Path):
    mutant = MUTANTS["acknowledge before COMMIT"]
    assert fails_with(mutant, tmp_path, "tests/hall/test_hall.py", "-k", "failed_commit")


async def test_a_stopped_vote_keeps_no_ballot(house: House):
    await house.open_vote()
    assert await house.hall.ballot(paper(D1)) is None
    await house.take(a.StopVote(V1, "r"))
    assert await house.stored() == {}
    assert house.hall.meeting.votes[V1].state is VoteState.VOID
    await house.take(a.AnnounceVote(MOTION))
    assert house.hall.meeting.votes[VoteId(2)].supersedes == V1


async def test_it_is_calm_but_for_a_vote_on_its_way_to_its_result(house: House):
    assert house.hall.calm
    await house.take(a.AnnounceVote(MOTION))
    assert not house.hall.calm
    await house.until(house.hall.meeting.votes[V1].opens_at)
    assert not house.hall.calm
    await house.until(house.hall.meeting.votes[V1].closes_at or 0)
    assert house.hall.meeting.votes[V1].state is VoteState.COUNTED
    assert not house.hall.calm
    await house.take(a.DeclareResult(V1))
    assert house.hall.calm
    waits = asyncio.create_task(house.hall.work(_nothing))
    await asyncio.sleep(0)
    assert not house.hall.calm
    await waits
    assert house.hall.calm


async def test_a_recount_counts_the_stored_ballots_again(house: House):
    await house.open_vote()
    assert await house.hall.ballot(paper(D1)) is None
    await house.until(house.hall.meeting.votes[V1].closes_at or 0)
    await house.take(a.DeclareResult(V1))
    await house.take(a.RecountVote(V1))
    await house.until(house.clock.at)
    meeting = house.hall.meeting
    assert not meeting.votes[V1].recount
    assert meeting.minutes[len(meeting.minutes)].code == "recount_same"


async def test_a_technical_stop_takes_no_ballots_and_gives_the_time_back(house: House):
    await house.open_vote()
    closes_at = house.hall.meeting.votes[V1].closes_at or 0
    await house.take(a.TakeBreak(Pause.TECHNICAL))
    assert await house.hall.ballot(paper(D1)) == Refused(Code.PAUSED)
    await house.until(closes_at + 60_000)
    assert house.hall.meeting.votes[V1].state is VoteState.OPEN
    stood = house.clock.at - (house.hall.meeting.conference.paused_at or 0)
    await house.take(a.Resume())
    assert house.hall.meeting.votes[V1].closes_at == closes_at + stood
    assert await house.hall.ballot(paper(D1)) is None


async def test_where_a_ballot_is_final_the_first_one_stands(house: House):
    meeting = house.hall.meeting
    house.hall.meeting = replace(meeting, settings=replace(meeting.settings, vote_change=False))
    await house.open_vote()
    assert await house.hall.ballot(paper(D1)) is None
    assert await house.hall.ballot(paper(D1)) is None  # the same press again
    assert await house.hall.ballot(paper(D1, 2)) == Refused(Code.BALLOT_FINAL)
    assert len(await house.stored()) == 1
