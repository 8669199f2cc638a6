"""Killed in the middle of a vote, again and again: what was acknowledged is there (story 8)."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from pathlib import Path

from tests.faults.kills import VOTERS, during_a_vote
from tests.live.serving import (
    CHAIR,
    Person,
    Prepared,
    Server,
    declare,
    delegate,
    open_vote,
    wait_for_vote,
)

KILLS = 6
SEED = 20210227


async def test_six_kills_lose_no_acknowledged_ballot(prepared: Prepared, tmp_path: Path):
    report = await during_a_vote(prepared, tmp_path / "data", SEED, KILLS)
    assert report.findings == []
    assert (report.kills, report.epochs) == (KILLS, 1)
    assert report.acknowledged > VOTERS


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
