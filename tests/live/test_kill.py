"""Killed in the middle of a vote, again and again: what was acknowledged is there (story 8)."""

from __future__ import annotations

import asyncio
import json
import random
import sqlite3
from dataclasses import dataclass, field

import httpx2
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from tests.live.serving import (
    CHAIR,
    Person,
    Seat,
    Server,
    close_vote,
    declare,
    delegate,
    open_vote,
    wait_for_vote,
)

VOTERS = 30
KILLS = 10
SEED = 20210227


@dataclass
class Voter:
    """Votes, changes the vote, and repeats a press with its id until it is answered."""

    person: Person
    number: int
    acknowledged: list[tuple[str, str]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    epochs: set[str] = field(default_factory=set)
    reconnected: int = 0
    seat: Seat | None = None

    async def go(self, vote: int, until: asyncio.Event) -> None:
        chance = random.Random(f"{SEED} {self.number}")
        while not until.is_set():
            press = f"{self.number:03}-{chance.getrandbits(64):016x}"
            paper = chance.choice(["for", "against", "abstain"])
            answer = await self.press(vote, press, paper)
            if answer["t"] == "ack":
                self.acknowledged.append((press, paper))
            else:
                self.refused.append(answer["code"])
            await asyncio.sleep(chance.uniform(0.05, 0.2))

    async def press(self, vote: int, id_: str, paper: str) -> dict:
        """The answer to this press, however often the connection is lost meanwhile."""
        while True:
            try:
                if self.seat is None:
                    self.seat = await self.person.seat()
                    self.epochs.add((await self.seat.next("hello"))["epoch"])
                    self.reconnected += 1
                answer = await self.seat.vote(vote, id_, paper)
                self.seat.unread.clear()
            except (ConnectionClosed, InvalidHandshake, OSError, EOFError, httpx2.HTTPError):
                self.seat = None
                await asyncio.sleep(0.05)
            else:
                return answer


def ballots(server: Server, vote: int) -> tuple[dict[str, tuple[str, str]], set[str]]:
    """The stored ballot of everybody by name, and every id that was stored and then replaced."""
    stored = server.rows(
        "SELECT account.name, ballot.id, paper FROM ballot JOIN account USING (person) "
        "WHERE vote = ?",
        vote,
    )
    spent = server.rows("SELECT id FROM ballot_spent WHERE vote = ?", vote)
    return (
        {str(name): (str(id_), server.said.get(str(paper), "")) for name, id_, paper in stored},
        {str(row[0]) for row in spent},
    )


async def kill_at_random(server: Server, voters: list[Voter]) -> None:
    chance = random.Random(SEED)
    for _ in range(KILLS):
        await asyncio.sleep(chance.uniform(0.15, 1.0))
        before = sum(len(voter.acknowledged) for voter in voters)
        server.kill()
        await asyncio.to_thread(server.start)
        for _ in range(500):  # the next is not killed before somebody voted again
            if sum(len(voter.acknowledged) for voter in voters) > before:
                break
            await asyncio.sleep(0.01)


async def test_ten_kills_lose_no_acknowledged_ballot(own_server: Server):
    server = own_server
    async with server.person(CHAIR) as chair:
        people = [await server.enter(delegate(n)) for n in range(1, VOTERS + 1)]
        voters = [Voter(person, n) for n, person in enumerate(people, 1)]
        vote = await open_vote(chair, 1)
        over = asyncio.Event()
        voting = [asyncio.create_task(voter.go(vote, over)) for voter in voters]
        try:
            await kill_at_random(server, voters)
        finally:
            over.set()
        await asyncio.gather(*voting)

        check(server, vote, voters)
        turnout = await (await chair.seat("chair")).next("turnout")
        assert turnout["cast"] == len(ballots(server, vote)[0]) == VOTERS
        for voter in voters:  # once more, after it all: the same press is the same ballot
            assert (await voter.press(vote, *voter.acknowledged[-1]))["t"] == "ack"
            first = voter.acknowledged[0]
            if first != voter.acknowledged[-1]:
                assert (await voter.press(vote, *first))["code"] == "superseded"
        check(server, vote, voters)

        papers = [paper for _id, paper in ballots(server, vote)[0].values()]
        await close_vote(chair, vote)
        await declare(chair, vote)
    figures = server.rows(
        "SELECT votes_for, votes_against, abstentions FROM vote WHERE id = ?", vote
    )[0]
    assert figures == tuple(papers.count(choice) for choice in ("for", "against", "abstain"))
    done = await server.command("verify")
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    print(
        f"{sum(len(v.acknowledged) for v in voters)} ballots acknowledged, "
        f"{KILLS} kills, {sum(v.reconnected for v in voters)} connections"
    )


def check(server: Server, vote: int, voters: list[Voter]) -> None:
    """Everything acknowledged is stored, the last of each person as their ballot."""
    stored, spent = ballots(server, vote)
    for voter in voters:
        assert voter.acknowledged
        assert not voter.refused
        assert stored[delegate(voter.number)] == voter.acknowledged[-1]
        assert {id_ for id_, _paper in voter.acknowledged[:-1]} <= spent
        assert len(voter.epochs) == 1
    assert len({epoch for voter in voters for epoch in voter.epochs}) == 1


async def test_a_deadline_that_passed_while_dead_is_taken_at_the_start(own_server: Server):
    server = own_server
    async with server.person(CHAIR) as chair, server.person(delegate(1)) as person:
        vote = await open_vote(chair, 1)
        seat = await person.seat()
        assert (await seat.vote(vote, "before-the-kill"))["t"] == "ack"
        done = await chair.press(f"votes/{vote}/closure")
        while done.status_code != 303:
            assert done.json()["code"] == "too_early"
            await asyncio.sleep(0.05)
            done = await chair.press(f"votes/{vote}/closure")
        server.kill()
        assert server.rows("SELECT state FROM vote WHERE id = ?", vote) == [("open",)]
        await asyncio.sleep(1.2)
        server.start()
        assert server.rows("SELECT state FROM vote WHERE id = ?", vote) == [("counted",)]
        seat = await person.seat()
        assert "Recorded" in await seat.region("ballot", "Recorded")
        assert (await seat.vote(vote, "before-the-kill"))["t"] == "ack"
        assert (await seat.vote(vote, "after-the-kill"))["code"] == "vote_closed"
        await declare(chair, vote)
        await seat.region("result", "data-result")
    assert (await server.command("verify")).returncode == 0


async def test_a_kill_between_announcement_and_opening(own_server: Server):
    server = own_server
    async with server.person(CHAIR) as chair, server.person(delegate(1)) as person:
        assert (await chair.press("votes", motion=1)).status_code == 303
        server.kill()
        server.start()
        vote, state = await wait_for_vote(server, {"open"})
        assert state == "open"
        assert (await (await person.seat()).vote(vote, "after-the-kill"))["t"] == "ack"
    assert (await server.command("verify")).returncode == 0


async def test_the_database_is_sound_after_a_kill_while_people_sign_in(own_server: Server):
    server = own_server
    people = [asyncio.create_task(server.enter(delegate(n))) for n in range(1, 31)]
    await asyncio.sleep(0.1)
    server.kill()
    came = await asyncio.gather(*people, return_exceptions=True)
    with sqlite3.connect(server.data / "conference.db") as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    connection.close()
    server.start()
    for person in came:
        if isinstance(person, Person):
            page = await person.http.get("/floor")
            assert page.status_code == 200, json.dumps(person.name)
