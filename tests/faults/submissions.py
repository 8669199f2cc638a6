"""The clerk and a real store under presses as they come: doubled, late, lost, from two devices.

No network here, so that there can be very many. A device is what sends a press again until it has an
answer; an answer may be lost on its way after the commit.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from msgspec import structs

from conference.hall import Hall, News
from conference.rules import Refused, change
from conference.rules import acts as a
from conference.rules.kinds import (
    SYSTEM,
    Choice,
    ItemId,
    PersonId,
    Role,
    Standing,
    VoteId,
    VoteState,
)
from conference.rules.state import Meeting, Person
from conference.scrutiny import Scrutiny
from conference.sealing.bytes import to_text as as_text
from conference.store import Store, ballots
from conference.store import people as accounts
from conference.store.ballots import BallotPaper
from conference.store.people import Account
from conference.store.verify import verify
from tests.counting import InProcess
from tests.rules.builders import A1, A2, CHAIR, DELEGATES, MOTION, TEN, small_meeting

CHOICES = tuple(Choice)


@dataclass
class Clock:
    """Time that stands still until it is moved."""

    at: int = TEN

    def __call__(self) -> int:
        return self.at


@dataclass
class House:
    """A clerk, a store on a real file, and a counting process, in this process."""

    store: Store
    hall: Hall
    clock: Clock
    counter: InProcess
    voters: tuple[PersonId, ...]
    closed_with: dict[VoteId, dict[PersonId, str]] = field(default_factory=dict)
    """Who had which receipt at the commit that closed a vote."""

    def hear(self, news: News) -> None:
        for number, vote in news.after.votes.items():
            before = news.before.votes.get(number)
            if before is not None and before.state is VoteState.OPEN is not vote.state:
                self.closed_with[number] = dict(self.hall.voted)

    async def take(self, act: a.Act, by: PersonId = CHAIR) -> None:
        refused = await self.hall.act(act, by)
        assert refused is None, (act, refused)

    async def settle(self) -> None:
        await Scrutiny(self.hall, self.counter).settle()

    async def until(self, at: int) -> None:
        """Move the time and let the clerk and the counting process see it."""
        self.clock.at = max(self.clock.at, at)
        await self.settle()
        await self.hall.work(_nothing)
        await self.settle()

    @property
    def latest(self) -> VoteId:
        number = self.hall.meeting.conference.vote
        assert number is not None
        return number

    async def open_vote(self) -> VoteId:
        """Take the vote before conference until it is open; its number."""
        await self.take(a.AnnounceVote(MOTION))
        await self.until(self.hall.meeting.votes[self.latest].opens_at)
        assert self.hall.meeting.votes[self.latest].state is VoteState.OPEN
        return self.latest

    def sealed(self, person: PersonId, id_: str, choice: Choice) -> BallotPaper:
        """A press as a browser makes it: one envelope, however often it is sent."""
        paper = BallotPaper(self.latest, person, id_, choice.value)
        return structs.replace(paper, paper=self.hall.paper(self.latest, person, choice))

    async def stored(self, vote: VoteId) -> dict[PersonId, str]:
        async with self.store.reading() as reader:
            return await ballots.voters(reader, vote, self.store.epoch)


async def _nothing(_desk: object) -> None:
    return None


def crowd(size: int) -> tuple[PersonId, ...]:
    """So many delegates."""
    return (*DELEGATES, *(PersonId(f"e{n:04}") for n in range(size - len(DELEGATES))))


async def founded(store: Store, voters: tuple[PersonId, ...], at: int) -> Meeting:
    """A meeting with these delegates is stored."""
    meeting = small_meeting()
    for somebody in voters:
        if somebody not in meeting.people:
            new = Person(somebody, frozenset({Role.DELEGATE}), Standing.ACCEPTED)
            meeting = change.person(meeting, new)
    async with store.transaction() as tx:
        await tx.write(None, meeting)
        await tx.journal_picture(at, SYSTEM, meeting, "founded")
        await accounts.add_all(tx, [Account(p, str(p)) for p in meeting.people])
    return meeting


@asynccontextmanager
async def sitting(data: Path, size: int) -> AsyncIterator[House]:
    """A motion is in debate and so many delegates are present; in the end `verify` finds nothing."""
    store = await Store.open(data, now=TEN, token=lambda: "t" * 32)
    clock, voters = Clock(), crowd(size)
    try:
        meeting = await founded(store, voters, clock())
        hall = Hall(store, meeting, clock)
        house = House(store, hall, clock, InProcess(data), voters)
        hall.listener = house.hear
        async with hall.working():
            await asyncio.gather(*(house.take(a.CheckIn(), person) for person in voters))
            for act in (
                a.OpenConference(), a.CallItem(ItemId(2)), a.MarkMoved(MOTION),
                a.MarkSeconded(MOTION), a.LetFall(MOTION, A1), a.LetFall(MOTION, A2),
            ):  # fmt: skip
                await house.take(act)
            yield house
        house.counter.close()
    finally:
        await store.close()
    findings = verify(data)
    assert findings == [], findings


@dataclass
class Tried:
    """What came of a trial."""

    submissions: int = 0
    presses: int = 0
    refused: int = 0
    """Presses that were told that the vote had closed."""
    findings: list[str] = field(default_factory=list)


async def duplicates(data: Path, seed: object, submissions: int, size: int = 200) -> Tried:
    """Everybody presses on two devices, each press is sent one to five times, answers get lost.

    Afterwards each has one ballot; it is that of a press that was acknowledged; the same press sent
    again is answered as before.
    """
    chance, tried = random.Random(f"{seed}"), Tried()
    async with sitting(data, size) as house:
        vote = await house.open_vote()
        answers: dict[str, set[str]] = {}
        sent: dict[str, BallotPaper] = {}
        last: dict[PersonId, set[str]] = {}

        async def press(person: PersonId, device: int) -> None:
            number = len(sent)
            id_ = f"{person}-{device}-{number}"
            paper = house.sealed(person, id_, chance.choice(CHOICES))
            sent[id_] = paper
            tried.presses += 1
            while True:
                copies = chance.randint(1, 5)
                tried.submissions += copies
                told = await asyncio.gather(*(house.hall.ballot(paper) for _ in range(copies)))
                if chance.random() < 0.3:  # the answer is lost on its way: it is sent again
                    continue
                answers.setdefault(id_, set()).update(_said(one) for one in told)
                return

        while tried.submissions < submissions:
            both = [(person, device) for person in house.voters for device in (1, 2)]
            chance.shuffle(both)
            before = len(sent)
            await asyncio.gather(*(press(person, device) for person, device in both))
            last = {person: set() for person in house.voters}
            for id_ in list(sent)[before:]:
                last[sent[id_].person].add(id_)
        stored = await house.stored(vote)
        tried.findings += await _one_each(house, stored, last, sent)
        for id_, said in answers.items():
            # A press may be recorded first and then replaced by the other device; never back.
            if not said <= {"recorded", "superseded"}:
                tried.findings.append(f"{id_}: {sorted(said)}")
        for id_ in chance.sample(sorted(sent), min(len(sent), 2000)):
            tried.findings += await _again(house, sent[id_])
        if await house.stored(vote) != stored:
            tried.findings.append("a press that came again has changed a ballot")
        await _count(house, vote)
        if house.closed_with[vote] != stored:
            tried.findings.append("the box is not what was acknowledged")
    return tried


def _said(answer: Refused | None) -> str:
    return "recorded" if answer is None else str(answer.code)


async def _one_each(
    house: House,
    stored: dict[PersonId, str],
    last: dict[PersonId, set[str]],
    sent: dict[str, BallotPaper],
) -> list[str]:
    """Each has one ballot: one of the two that their devices pressed in the last round."""
    found = [f"{person}: no ballot" for person in house.voters if person not in stored]
    async with house.store.reading() as reader:
        rows = await reader.conn.exec_driver_sql("SELECT person, id, paper FROM ballot")
        found += [
            f"{row.person}: {row.id} is not the last press"
            for row in rows
            if row.id not in last[PersonId(row.person)] or sent[row.id].paper != as_text(row.paper)
        ]
    return found


async def _again(house: House, paper: BallotPaper) -> list[str]:
    """The same press sent five times more has one answer, each time the same."""
    told = {_said(await house.hall.ballot(paper)) for _ in range(5)}
    async with house.store.reading() as reader:
        rows = await reader.conn.exec_driver_sql(
            "SELECT id FROM ballot WHERE vote = ? AND person = ?", (paper.vote, paper.person)
        )
        (row,) = rows
    wanted = "recorded" if row.id == paper.id else "superseded"
    return [] if told == {wanted} else [f"{paper.id}: answered {sorted(told)}, not {wanted}"]


async def _count(house: House, vote: VoteId) -> None:
    await house.until(house.hall.meeting.votes[vote].closes_at or 0)
    for _ in range(3):
        await house.settle()
    assert house.hall.meeting.votes[vote].state is VoteState.COUNTED


async def counted(data: Path, seed: object, size: int = 30) -> None:
    """`data` holds a meeting with a counted vote."""
    chance = random.Random(f"{seed}")
    async with sitting(data, size) as house:
        vote = await house.open_vote()
        for person in house.voters:
            for press in range(2):
                paper = house.sealed(person, f"{person}-{press}", chance.choice(CHOICES))
                assert await house.hall.ballot(paper) is None
        await _count(house, vote)


async def races(data: Path, seed: object, wanted: int, size: int = 100) -> Tried:
    """Ballots race the close, vote after vote: acknowledged if and only if they are counted.

    What is acknowledged stood in the box at the commit that closed the vote; what is refused never
    does; nothing enters the box afterwards.
    """
    chance, tried = random.Random(f"{seed} races"), Tried()
    async with sitting(data, size) as house:
        while tried.presses < wanted:
            vote = await house.open_vote()
            told: dict[PersonId, str] = {}

            async def press(person: PersonId, vote: VoteId = vote, told: dict = told) -> None:
                paper = house.sealed(person, f"{vote}-{person}", chance.choice(CHOICES))
                for _ in range(chance.randint(0, 12)):
                    await asyncio.sleep(0)
                if chance.random() < 0.3:
                    await asyncio.sleep(chance.uniform(0, 0.02))
                told[person] = _said(await house.hall.ballot(paper))

            async def close(vote: VoteId = vote) -> None:
                for _ in range(chance.randint(0, 12)):
                    await asyncio.sleep(0)
                await asyncio.sleep(chance.uniform(0, 0.01))
                house.clock.at = house.hall.meeting.votes[vote].closes_at or 0
                await house.hall.work(_nothing)

            people = list(house.voters)
            chance.shuffle(people)
            await asyncio.gather(close(), *(press(person) for person in people))
            tried.presses += len(people)
            tried.submissions += len(people)
            tried.refused += list(told.values()).count("vote_closed")
            stored = await house.stored(vote)
            tried.findings += _agree(vote, told, stored, house.closed_with[vote])
            await _count(house, vote)
            cast = house.hall.meeting.votes[vote].envelopes
            if cast != len(stored):
                tried.findings.append(f"vote {vote}: {cast} counted, {len(stored)} acknowledged")
            await house.take(a.VoidVote(vote, "again"), SYSTEM)
    return tried


def _agree(
    vote: VoteId,
    told: dict[PersonId, str],
    stored: dict[PersonId, str],
    closed_with: dict[PersonId, str],
) -> list[str]:
    found = []
    for person, said in told.items():
        if (said == "recorded") != (person in stored):
            found.append(f"vote {vote}, {person}: told {said}, stored {person in stored}")
        elif said not in {"recorded", "vote_closed"}:
            found.append(f"vote {vote}, {person}: told {said}")
    if stored != closed_with:
        found.append(f"vote {vote}: the box changed after the close")
    return found
