"""The close of a sealed vote, stopped at every step of it, and everything a box may hold."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from conference.counter import messages as m
from conference.counter.client import Counter as CountingProcess
from conference.counter.client import CounterLost
from conference.hall import Hall
from conference.rules import acts as a
from conference.rules.kinds import Choice, ItemId, VoteState
from conference.scrutiny import Scrutiny
from conference.store import ballots
from conference.store.ballots import BallotPaper
from conference.store.verify import verify
from tests.counting import InProcess, sealed
from tests.hall.test_hall import VOTERS, Counting, House, code, standing
from tests.rules.builders import A1, A2, MOTION, V1

CHOICES = [Choice.FOR, Choice.AGAINST, Choice.ABSTAIN]


class StoppedError(Exception):
    """The machine has stopped here."""


class Stopping(InProcess):
    """A counting process whose asker stops before or after the request of this kind."""

    def __init__(self, data: Path, kind: type, moment: str) -> None:
        super().__init__(data)
        self.kind, self.moment = kind, moment

    async def ask(self, request: m.Request) -> m.Answer:
        hit = isinstance(request, self.kind)
        if hit and self.moment == "before":
            raise StoppedError
        answer = await super().ask(request)
        if hit and self.moment == "after":
            raise StoppedError
        return answer


async def until_open(house: House) -> dict[str, Choice]:
    """Everybody votes, a few twice; what they chose last."""
    await asyncio.gather(*(house.take(a.CheckIn(), person) for person in VOTERS))
    for act in (a.OpenConference(), a.CallItem(ItemId(2)), a.MarkMoved(MOTION)):
        await house.take(act)
    for act in (a.MarkSeconded(MOTION), a.LetFall(MOTION, A1), a.LetFall(MOTION, A2)):
        await house.take(act)
    await house.open_vote()
    chance, sent = random.Random(5), {}
    for press in range(60):
        person, choice = chance.choice(VOTERS), chance.choice(CHOICES)
        paper = BallotPaper(V1, person, f"press-{press:08}", choice)
        assert await house.hall.ballot(paper) is None
        sent[person] = choice
    return sent


STEPS = [
    (kind, moment)
    for kind in (m.ListKeys, m.SignBox, m.OpenBox, m.DestroyKey)
    for moment in ("before", "after")
]


class StopsAtCommit(Counting):
    """A store that is gone before or after this COMMIT."""

    left = -1
    after = False

    @asynccontextmanager
    async def transaction(self):
        self.left -= 1
        stops = self.left == 0
        async with super().transaction() as tx:
            yield tx
            if stops and not self.after:
                raise StoppedError
        if stops:
            raise StoppedError


async def counted(data: Path, sent: dict[str, Choice]) -> None:
    """Start again on what is on the disk: one result, that of an independent count."""
    counter = InProcess(data)
    store = await Counting.open(data, now=1, token=lambda: "t" * 32)
    try:
        meeting = await store.load()
        at = (meeting.votes[V1].closes_at or 0) + 1000
        hall = Hall(store, meeting, lambda: at)
        scrutiny = Scrutiny(hall, counter)
        async with hall.working():
            await scrutiny.settle()
            assert scrutiny.trouble == ""
            await check(hall, counter, data, sent)
    finally:
        await store.close()
        counter.close()
    assert verify(data) == []


async def check(hall: Hall, counter: InProcess, data: Path, sent: dict[str, Choice]) -> None:
    wanted = Counter(sent.values())
    vote = hall.meeting.votes[V1]
    assert vote.state is VoteState.COUNTED
    assert [vote.votes_for, vote.votes_against, vote.abstentions] == [wanted[c] for c in CHOICES]
    assert (vote.envelopes, vote.invalid) == (len(sent), 0)
    assert len(hall.meeting.heads) == 2
    assert not list((data / "keys").glob("vote-*"))
    assert counter.counting._keys == {}
    async with hall.store.reading() as reader:
        assert await ballots.envelopes(reader, V1) == []
        assert len(await ballots.receipts(reader, V1)) == len(sent)
    wal = data / "conference.db-wal"
    assert not wal.exists() or wal.stat().st_size == 0


@pytest.mark.parametrize(("kind", "moment"), STEPS, ids=lambda x: getattr(x, "__name__", x))
async def test_stopped_at_any_request_of_the_close_it_is_counted_once(tmp_path, kind, moment):
    async with standing(tmp_path) as house:
        async with house.hall.working():
            sent = await until_open(house)
            house.scrutiny._counter.close()
            stopping = Stopping(tmp_path, kind, moment)
            scrutiny = Scrutiny(house.hall, stopping)
            house.clock.at = house.hall.meeting.votes[V1].closes_at
            await house.hall.work(_nothing)
            await scrutiny.settle()
            assert scrutiny.trouble == "internal"
        stopping.close()
    await counted(tmp_path, sent)


async def _nothing(_desk) -> None:
    return None


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("commit", [1, 2], ids=["box", "count"])
async def test_stopped_at_any_commit_of_the_close_it_is_counted_once(tmp_path, commit, after):
    async with standing(tmp_path) as house:
        async with house.hall.working():
            sent = await until_open(house)
            house.clock.at = house.hall.meeting.votes[V1].closes_at
            await house.hall.work(_nothing)
        meeting = await house.store.load()
    house.scrutiny._counter.close()
    store = await StopsAtCommit.open(tmp_path, now=1, token=lambda: "t" * 32)
    counter = InProcess(tmp_path)
    hall = Hall(store, meeting, house.clock)
    hall.voted = dict.fromkeys(sent, "")
    scrutiny = Scrutiny(hall, counter)
    clerk = asyncio.create_task(hall.run())
    store.left, store.after = commit, after
    with suppress(TimeoutError):
        async with asyncio.timeout(0.6):
            await scrutiny.settle()
    clerk.cancel()
    with suppress(asyncio.CancelledError, StoppedError):
        await clerk
    await store.close()
    counter.close()
    await counted(tmp_path, sent)


@pytest.mark.parametrize("state", ["open", "closed", "fixed"])
async def test_a_vote_whose_key_is_lost_is_void_and_can_be_taken_again(tmp_path, state):
    async with standing(tmp_path) as house, house.hall.working():
        await until_open(house)
        house.scrutiny._counter.close()
        if state != "open":
            house.clock.at = house.hall.meeting.votes[V1].closes_at
            await house.hall.work(_nothing)
        if state == "fixed":
            stopping = Stopping(tmp_path, m.OpenBox, "before")
            await Scrutiny(house.hall, stopping).settle()
            stopping.close()
            assert house.hall.meeting.votes[V1].root
        (tmp_path / "keys" / "vote-1").unlink()
        counter = InProcess(tmp_path)
        house.scrutiny = Scrutiny(house.hall, counter)
        await house.scrutiny.settle()
        vote = house.hall.meeting.votes[V1]
        assert (vote.state, vote.void_reason, vote.votes_for) == (VoteState.VOID, "key_lost", None)
        assert await house.stored() == {}
        await house.take(a.AnnounceVote(MOTION))
        await house.until(house.hall.meeting.votes[2].opens_at)
        assert house.hall.meeting.votes[2].state is VoteState.OPEN


async def test_envelopes_that_are_not_those_that_were_fixed_are_never_counted(tmp_path):
    async with standing(tmp_path) as house, house.hall.working():
        await until_open(house)
        house.scrutiny._counter.close()
        house.clock.at = house.hall.meeting.votes[V1].closes_at
        await house.hall.work(_nothing)
        stopping = Stopping(tmp_path, m.OpenBox, "before")
        await Scrutiny(house.hall, stopping).settle()
        stopping.close()
        other = sealed(house.hall.meeting.votes[V1].key, "t" * 32, 1, VOTERS[0], "for")

        async def swap(desk) -> None:
            await desk.tx.conn.exec_driver_sql(
                "UPDATE ballot SET paper = ? WHERE person = (SELECT min(person) FROM ballot)",
                (other,),
            )

        await house.hall.work(swap)
        counter = InProcess(tmp_path)
        await Scrutiny(house.hall, counter).settle()
        vote = house.hall.meeting.votes[V1]
        assert (vote.state, vote.void_reason, vote.votes_for) == (
            VoteState.VOID,
            "box_differs",
            None,
        )
        counter.close()


async def test_a_counting_process_that_does_not_answer_is_asked_again(tmp_path):
    class Deaf(InProcess):
        deaf = True

        async def ask(self, request):
            if self.deaf:
                raise CounterLost
            return await super().ask(request)

    async with standing(tmp_path) as house, house.hall.working():
        house.scrutiny._counter.close()
        counter = Deaf(tmp_path)
        house.scrutiny = Scrutiny(house.hall, counter)
        told = []
        house.scrutiny.changed = lambda: told.append(house.scrutiny.trouble)
        await asyncio.gather(*(house.take(a.CheckIn(), person) for person in VOTERS))
        for act in (a.OpenConference(), a.CallItem(ItemId(2)), a.MarkMoved(MOTION)):
            await house.take(act)
        for act in (a.MarkSeconded(MOTION), a.LetFall(MOTION, A1), a.LetFall(MOTION, A2)):
            await house.take(act)
        await house.take(a.AnnounceVote(MOTION))
        await house.until(house.hall.meeting.votes[V1].opens_at + 60_000)
        assert house.hall.meeting.votes[V1].state is VoteState.ANNOUNCED
        counter.deaf = False
        await house.scrutiny.settle()
        await house.hall.work(_nothing)
        assert house.hall.meeting.votes[V1].state is VoteState.OPEN
        assert told == ["lost", ""]


async def test_what_a_box_may_hold_and_what_is_not_even_taken(tmp_path):
    """Malformed is refused; what does not open counts as invalid, with its reason, and for nobody."""
    async with standing(tmp_path) as house, house.hall.working():
        await until_open(house)
        hall, vote = house.hall, house.hall.meeting.votes[V1]
        for bad in (
            "",
            "for",
            "A" * 65,
            "A" * 67,
            "!" * 66,
            "A" * 65 + "B",
            "A" * 70_000,
            "\0" * 66,
        ):
            paper = BallotPaper(V1, VOTERS[0], "a-bad-press", bad)
            assert code(await Hall.ballot(hall, paper)) == "bad_paper"
        epoch, other_key = house.store.epoch, InProcess(tmp_path / "other")
        key = (await other_key.ask(m.MakeKey(1))).key
        other_key.close()
        given = {
            VOTERS[0]: "A" * 66,  # noise
            VOTERS[1]: sealed(key, epoch, 1, VOTERS[1], "for"),  # another key
            VOTERS[2]: sealed(vote.key, epoch, 2, VOTERS[2], "for"),  # another vote
            VOTERS[3]: sealed(vote.key, epoch, 1, VOTERS[4], "for"),  # another person's
            VOTERS[5]: sealed(vote.key, "e" * 32, 1, VOTERS[5], "for"),  # another conference
        }
        before = len(await house.stored())
        fresh = [who for who in given if who not in await house.stored()]
        for who, text in given.items():
            paper = BallotPaper(V1, who, f"press-{who}-odd", text)
            assert await Hall.ballot(hall, paper) is None
        await house.until(hall.meeting.votes[V1].closes_at)
        counted_ = hall.meeting.votes[V1]
        assert (counted_.state, counted_.invalid) == (VoteState.COUNTED, len(given))
        assert counted_.envelopes == before + len(fresh)
        valid = (counted_.votes_for, counted_.votes_against, counted_.abstentions)
        assert sum(valid) + counted_.invalid == counted_.envelopes
        async with house.store.reading() as reader:
            assert (await ballots.opened(reader, V1)).count("unreadable") == len(given)


async def test_the_process_itself_makes_counts_and_ends_with_whoever_asks(tmp_path):
    counter = CountingProcess(tmp_path)
    async with counter.working():
        made = await counter.ask(m.MakeKey(7))
        assert (await counter.ask(m.MakeKey(7))) == made
        first = counter.pid
        for _ in range(2):  # killed while it is needed, it is there again with its keys
            counter._process.kill()
            with suppress(CounterLost):
                await counter.ask(m.ListKeys())
            async with asyncio.timeout(20):
                while True:
                    with suppress(CounterLost):
                        keys = await counter.ask(m.ListKeys())
                        break
            assert keys.votes == {7: made.key}
        assert counter.pid != first
        environ = Path(f"/proc/{counter.pid}/environ").read_bytes()
        assert b"CONFERENCE" not in environ
        folder = tmp_path / "keys"
        assert folder.stat().st_mode & 0o777 == 0o700
        assert (folder / "vote-7").stat().st_mode & 0o777 == 0o600
        await counter.ask(m.DestroyKey(7))
        assert not (folder / "vote-7").exists()
        last = counter.pid
    assert not Path(f"/proc/{last}").exists()
