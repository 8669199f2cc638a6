"""A conference that takes one vote after the other, and everything it leaves behind.

The real server as a process, real browsers' envelopes, and copies made in the middle of it. Nothing
here imports the application.
"""

from __future__ import annotations

import asyncio
import random
import re
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from websockets.exceptions import ConnectionClosed

from tests.forensics.attacker import Ballots
from tests.forensics.loot import CHOICES, Loot, memory
from tests.live.serving import (
    CHAIR,
    ROOT,
    SECONDS,
    Person,
    Seat,
    Server,
    close_vote,
    declare,
    delegate,
    quick_file,
    wait_for_vote,
)

MEMORY = "memory of the web process"

QUESTION = """
[[motions]]
id = {id}
item = 2
label = "Q{id}"
title = "Question {id}"
kind = "question"
text = "That question number {id} be agreed by this conference."
"""


@dataclass
class Scene:
    """What happened, and what is left of it."""

    votes: list[Ballots] = field(default_factory=list)
    keys: dict[int, bytes] = field(default_factory=dict)
    """The private keys, as they stood in their files while these were there."""
    loot: Loot = field(default_factory=lambda: Loot({}))


def conference_of(votes: int, target: Path) -> Path:
    """A conference file with that many questions under its second item, and nothing after them."""
    text = quick_file(target).read_text()
    # The launch day's own questions of that item come first; the rest of its motions stay out.
    kept, motion = [], True
    for part in re.split(r"(?m)^(?=\[\[)", text):
        if part.startswith("[[motions]]"):
            motion = re.search(r"(?m)^item = 2$", part) is not None
        if motion or not part.startswith("[[motions"):
            kept.append(part)
    more = [QUESTION.format(id=1000 + n) for n in range(votes)]
    target.write_text("".join(kept) + "".join(more))
    return target


@asynccontextmanager
async def sitting(votes: int, voters: int, folder: Path, tree: Path = ROOT):
    """A server that can take that many votes, its chair, and that many delegates' seats."""
    server = Server(folder / "data", tree=tree)
    file = conference_of(votes, folder / "votes.toml")
    done = await server.command("load", str(file), "--mode", "demonstration")
    assert done.returncode == 0, done.stdout + done.stderr
    await asyncio.to_thread(server.start)  # other sittings go on meanwhile
    try:
        await asyncio.to_thread(server.links)
        people = [await server.enter(delegate(n)) for n in range(1, voters + 1)]
        for person in people:
            done = await person.post("/presence", here="yes")
            assert done.status_code == 303, done.text
        seats = [await person.seat() for person in people]
        async with server.person(CHAIR) as chair:
            yield server, chair, seats
    finally:
        await server.goodbye()
        assert await asyncio.to_thread(server.stop) == 0, server.stderr()


async def play(
    votes: int, voters: int, seed: int, folder: Path, tree: Path = ROOT, *, clear: bool = False
) -> Scene:
    """Take that many votes, then collect every byte on disk and the server's memory.

    Every ballot is sealed as a browser seals it; with `clear` it comes as the plain form of a
    browser without JavaScript, and the server seals it.
    """
    chance = random.Random(seed)
    scene = Scene()
    async with sitting(votes, voters, folder, tree) as (server, chair, seats):
        while len(scene.votes) < votes:
            await one_vote(server, chair, seats, chance, scene, clear=clear)
        # While it still runs: afterwards log and shared memory of the database are gone.
        # Beside the loop: who votes in another sitting has to answer a ping within fifteen seconds.
        scene.loot.files |= (await asyncio.to_thread(Loot.of, folder)).files
        assert server.process is not None
        scene.loot.files[MEMORY] = await asyncio.to_thread(memory, server.process.pid)
    return scene


async def ballot_shown(server: Server, person: Person, vote: int) -> None:
    """Wait until pages have the ballot: the database says a moment earlier that the vote is open.

    Whoever looks too early finds no key, and sends what nobody can open.
    """
    async with asyncio.timeout(SECONDS):
        while vote not in server.keys:
            await person.envelope(vote, "looked for", "for")
            await asyncio.sleep(0.02)


async def cast(seat: Seat, vote: int, press: str, choice: str) -> dict:
    """Hand a ballot in; when the line is gone, the same again over a new one, as a page does."""
    try:
        return await seat.vote(vote, press, choice)
    except ConnectionClosed:
        seat.ws = (await seat.person.seat()).ws
        return await seat.vote(vote, press, choice)


async def one_vote(
    server: Server,
    chair: Person,
    seats: list[Seat],
    chance: random.Random,
    scene: Scene,
    *,
    clear: bool,
) -> None:
    """Walk to the next question, have everybody vote in an order of chance, close and declare."""
    vote = await next_open(server, chair)
    truth: dict[str, str] = {}
    names: dict[str, str] = {}
    seats = chance.sample(seats, len(seats))
    await ballot_shown(server, seats[0].person, vote)
    for turn, seat in enumerate(seats):
        choice, press = chance.choice(CHOICES), f"{chance.getrandbits(64):016x}"
        sealed = await seat.person.envelope(vote, press, choice)
        who = seat.person.number
        if clear:
            done = await seat.person.post(f"/votes/{vote}/ballots", paper=choice)
            assert done.status_code == 303, done.text
        else:
            answer = await cast(seat, vote, press, choice)
            assert answer["t"] == "ack", answer
            names |= {press: who, sealed: who}
        seat.unread.clear()
        truth[who] = choice
        names[seat.person.cookie.partition("=")[2]] = who
        if turn in {len(seats) // 3, len(seats) // 2} and vote % 5 == 0:
            copy = server.data.parent / f"copy-{vote}-{turn}.db"
            assert (await server.command("backup", str(copy))).returncode == 0
    key = server.data / "keys" / f"vote-{vote}"
    scene.keys[vote] = key.read_bytes()
    await close_vote(chair, vote)
    while key.exists():  # what is promised is promised from here on
        await asyncio.sleep(0.02)
    log = server.data / "conference.db-wal"
    scene.loot.files[f"close-{vote}.db-wal"] = log.read_bytes()
    await declare(chair, vote)
    scene.votes.append(Ballots(vote, truth, names | other_names(server, vote, truth)))


def other_names(server: Server, vote: int, truth: dict[str, str]) -> dict[str, str]:
    """Every other name of the voters that the database gives: account, address, session, receipt."""
    found = {who: who for who in truth}
    for query in (
        "SELECT person, name FROM account",
        "SELECT person, email FROM account WHERE email IS NOT NULL",
        "SELECT person, receipt FROM ballot WHERE vote = ?1 AND receipt <> ''",
        "SELECT person, id_hash FROM session",
    ):
        values = (vote,) if "?1" in query else ()
        for who, name in server.rows(query, *values):
            if who in truth and isinstance(name, str) and len(name) > 2:
                found[name] = str(who)
    return found


async def next_open(server: Server, chair: Person) -> int:
    """Press what the panel suggests until a vote is open."""
    for _ in range(200):
        pressed = await chair.suggested()
        if pressed.endswith("/votes"):
            return (await wait_for_vote(server, {"open"}))[0]
        if not pressed:
            await asyncio.sleep(0.05)
    raise AssertionError(await chair.panel())
