"""What the clients know: each press, when it was sent, what was answered and when. And its check.

A checker of histories: it compares what a database says with what people were told before it was cut
off. The check imports nothing of the application; times are the machine's monotonic clock, in nanoseconds,
which the recorder of `benchmarks/powercut.c` uses too.
"""

from __future__ import annotations

import asyncio
import random
import sqlite3
import time
from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from conference.store import Store
from tests.live.serving import Person, Seat, Server, delegate, open_vote

PAPERS = ("for", "against", "abstain")
LOST = (ConnectionClosed, InvalidHandshake, OSError, EOFError, httpx2.HTTPError)
"""What a client sees when the server or the line is gone."""
FOR_EVER = 2**63


@dataclass
class Press:
    """One press of a button; repeated with its id until there is an answer."""

    name: str
    vote: int
    id: str
    choice: str
    sent: int
    answer: str = ""
    """`ack`, or the code of the refusal; empty while there is none."""
    answered: int = FOR_EVER


@dataclass
class Voter:
    """Votes, changes the vote, and repeats a press with its id until it is answered."""

    person: Person
    number: int
    seed: object
    pause: tuple[float, float] = (0.05, 0.2)
    """How long it thinks between two presses, in seconds: at least, at most."""
    presses: list[Press] = field(default_factory=list)
    epochs: set[str] = field(default_factory=set)
    connections: int = 0
    seat: Seat | None = None

    @property
    def acknowledged(self) -> list[Press]:
        return [press for press in self.presses if press.answer == "ack"]

    @property
    def refused(self) -> list[Press]:
        return [press for press in self.presses if press.answer not in {"ack", ""}]

    async def go(self, vote: int, until: asyncio.Event) -> None:
        """Press until the event, or until the vote has closed."""
        chance = random.Random(f"{self.seed} {self.number} {vote}")
        while not until.is_set():
            id_ = f"{self.number:03}-{chance.getrandbits(64):016x}"
            press = Press(self.person.name, vote, id_, chance.choice(PAPERS), time.monotonic_ns())
            self.presses.append(press)
            told = await self.press(vote, press.id, press.choice)
            press.answered = time.monotonic_ns()
            press.answer = "ack" if told["t"] == "ack" else told["code"]
            if press.answer == "vote_closed":
                return
            await asyncio.sleep(chance.uniform(*self.pause))

    async def press(self, vote: int, id_: str, choice: str) -> dict:
        """The answer to this press, however often the connection is lost meanwhile."""
        while True:
            try:
                if self.seat is None:
                    self.seat = await self.person.seat()
                    self.epochs.add((await self.seat.next("hello"))["epoch"])
                    self.connections += 1
                answer = await self.seat.vote(vote, id_, choice)
                self.seat.unread.clear()
            except LOST:
                self.seat = None
                await asyncio.sleep(0.05)
            else:
                return answer


async def voters_of(
    server: Server, count: int, seed: object, pause: tuple[float, float]
) -> list[Voter]:
    """So many delegates, signed in."""
    people = [await server.enter(delegate(number)) for number in range(1, count + 1)]
    return [Voter(person, number, seed, pause) for number, person in enumerate(people, 1)]


@asynccontextmanager
async def pressing(chair: Person, motion: int, voters: list[Voter]) -> AsyncIterator[int]:
    """Open a vote, let everybody press until the block ends, and wait for their last answers."""
    vote, over = await open_vote(chair, motion), asyncio.Event()
    tasks = [asyncio.create_task(voter.go(vote, over)) for voter in voters]
    try:
        yield vote
    finally:
        over.set()
    await asyncio.gather(*tasks)


@dataclass
class Box:
    """What a database says about one vote."""

    state: str
    figures: tuple[int | None, ...]
    ballots: dict[str, str]
    """The id of the ballot stored for everybody, by name."""
    spent: set[str]
    opened: list[str]


async def opened(data: Path) -> None:
    """Open the conference and close it again, as a start does; raises what stops a start."""
    store = await Store.open(data, now=0, token=lambda: "f" * 32)
    try:
        await store.load()
    finally:
        await store.close()


def violations(presses: list[Press], data: Path, before: int = FOR_EVER) -> list[str]:
    """How the database of `data` breaks what was answered `before` this moment; empty when it keeps it.

    Acknowledged and lost, in the wrong vote, counted twice, refused as closed and counted all the
    same, figures that are not those of the ballots.
    """
    own: dict[tuple[int, str], list[Press]] = defaultdict(list)
    for press in presses:
        own[press.vote, press.name].append(press)
    choices = {press.id: press.choice for press in presses}
    found: list[str] = []
    with closing(sqlite3.connect(f"file:{data / 'conference.db'}?mode=ro", uri=True)) as database:
        boxes = {vote: _box(database, vote) for vote in sorted({press.vote for press in presses})}
    for (vote, name), theirs in own.items():
        found += _of_person(boxes[vote], vote, name, theirs, before)
    for vote, box in boxes.items():
        wrong = [id_ for id_ in box.ballots.values() if id_ not in choices]
        found += [f"vote {vote}: {id_} was pressed by nobody" for id_ in wrong]
        if box.state in {"counted", "declared"} and not wrong:
            found += _of_count(box, vote, choices)
    return found


def _of_person(box: Box, vote: int, name: str, theirs: list[Press], before: int) -> list[str]:
    found = []
    places = {press.id: place for place, press in enumerate(theirs)}
    stored = box.ballots.get(name)
    told = [press for press in theirs if press.answered < before]
    acknowledged = [press for press in told if press.answer == "ack"]
    if stored is not None and stored not in places:
        return [f"vote {vote}, {name}: {stored} is another's, or of another vote"]
    at = -1 if stored is None else places[stored]
    for press in acknowledged:
        if places[press.id] > at:
            found.append(f"vote {vote}, {name}: {press.id} was acknowledged and is lost")
        elif press.id != stored and press.id not in box.spent:
            found.append(f"vote {vote}, {name}: {press.id} was replaced and is forgotten")
    kept = {stored} | box.spent
    return found + [
        f"vote {vote}, {name}: {press.id} came after the close and is counted"
        for press in told
        if press.answer == "vote_closed" and press.id in kept
    ]


def _of_count(box: Box, vote: int, choices: dict[str, str]) -> list[str]:
    cast = [choices[id_] for id_ in box.ballots.values()]
    counts = Counter(cast)
    figures = (*(counts[paper] for paper in PAPERS), 0)
    found = []
    if box.figures != figures:
        found.append(f"vote {vote}: counted {box.figures}, the ballots are {figures}")
    if box.opened != sorted(cast):
        found.append(f"vote {vote}: {len(box.opened)} on the list, {len(cast)} ballots")
    return found


def _box(database: sqlite3.Connection, vote: int) -> Box:
    row = database.execute(
        "SELECT state, votes_for, votes_against, abstentions, invalid FROM vote WHERE id = ?",
        (vote,),
    ).fetchone()
    ballots = database.execute(
        "SELECT account.name, ballot.id FROM ballot JOIN account USING (person) WHERE vote = ?",
        (vote,),
    ).fetchall()
    spent = database.execute("SELECT id FROM ballot_spent WHERE vote = ?", (vote,))
    opened = database.execute(
        "SELECT paper FROM opened_ballot WHERE vote = ? ORDER BY place", (vote,)
    )
    return Box(
        state=row[0] if row else "",
        figures=tuple(row[1:]) if row else (),
        ballots={str(name): str(id_) for name, id_ in ballots},
        spent={str(id_) for (id_,) in spent},
        opened=[str(paper) for (paper,) in opened],
    )
