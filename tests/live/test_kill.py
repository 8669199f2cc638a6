"""Killed in the middle of a vote, again and again: what was acknowledged is there (story 8)."""

from __future__ import annotations

import asyncio
import json
import random
import sqlite3

from tests.faults.history import Voter, violations
from tests.live.serving import (
    CHAIR,
    Person,
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


async def kill_at_random(
    server: Server, voters: list[Voter], kills: int = KILLS, seed: object = SEED
) -> None:
    """Kill the server so often while they vote, and start it again; each time somebody gets through."""
    chance = random.Random(seed)
    for _ in range(kills):
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
        voters = [Voter(person, n, SEED) for n, person in enumerate(people, 1)]
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
        assert turnout["cast"] == VOTERS
        await press_again(vote, voters)
        check(server, vote, voters)
        await close_vote(chair, vote)
        await declare(chair, vote)
    presses = [press for voter in voters for press in voter.presses]
    assert violations(presses, server.data) == []  # and the figures are those of the ballots
    done = await server.command("verify")
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    print(
        f"{sum(len(v.acknowledged) for v in voters)} ballots acknowledged, "
        f"{KILLS} kills, {sum(v.connections for v in voters)} connections"
    )


async def press_again(vote: int, voters: list[Voter]) -> None:
    """Once more, after it all: the same press is the same ballot, a replaced one stays replaced."""
    for voter in voters:
        first, last = voter.acknowledged[0], voter.acknowledged[-1]
        assert (await voter.press(vote, last.id, last.choice))["t"] == "ack"
        if first is not last:
            told = await voter.press(vote, first.id, first.choice)
            assert told.get("code") == "superseded", told


def check(server: Server, vote: int, voters: list[Voter]) -> None:
    """Everything acknowledged is stored, the last of each person as their ballot."""
    for voter in voters:
        assert {press.vote for press in voter.acknowledged} == {vote}
        assert not voter.refused
    assert violations([press for voter in voters for press in voter.presses], server.data) == []
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
