"""A vote whose close is killed again and again, and an independent count of what was sent."""

from __future__ import annotations

import asyncio
import os
import random
import signal
from collections import Counter
from pathlib import Path

from tests.live.serving import CHAIR, Server, delegate, open_vote, wait_for_vote

VOTERS = 12
PAPERS = ("for", "against", "abstain")


def counting_process(server: Server) -> int | None:
    """The number of the server's counting process, if there is one now."""
    assert server.process is not None
    children = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children")
    try:
        for child in children.read_text().split():
            if b"conference.counter" in Path(f"/proc/{child}/cmdline").read_bytes():
                return int(child)
    except FileNotFoundError:
        pass
    return None


async def killed_close(server: Server, chance: random.Random, kills: int) -> None:
    """Vote, close, and kill around and after the close; one result, equal to what was sent."""
    sent: dict[int, str] = {}
    async with server.person(CHAIR) as chair:
        vote = await open_vote(chair, 1)
        for number in range(1, VOTERS + 1):
            person = await server.enter(delegate(number))
            seat = await person.seat()
            for press in range(chance.choice((1, 1, 2))):
                sent[number] = chance.choice(PAPERS)
                told = await seat.vote(vote, f"press-{number:03}-{press}", sent[number])
                assert told["t"] == "ack", told
        done = await chair.press(f"votes/{vote}/closure")
        while done.status_code != 303:
            await asyncio.sleep(0.05)
            done = await chair.press(f"votes/{vote}/closure")
        await asyncio.sleep(1.0 + chance.uniform(-0.05, 0.3))
        await server.goodbye()
    for number in range(kills):
        other = counting_process(server) if chance.random() < 0.3 else None
        if other is not None:  # the counting process alone: the server starts it again
            os.kill(other, signal.SIGKILL)
            await asyncio.sleep(chance.uniform(0, 0.2))
        server.kill()
        if number < kills - 1:
            await asyncio.to_thread(server.launch)
            await asyncio.sleep(chance.uniform(0.1, 2.0))
    await asyncio.to_thread(server.start)
    await wait_for_vote(server, {"counted"})
    check(server, vote, sent)


def check(server: Server, vote: int, sent: dict[int, str]) -> None:
    wanted = Counter(sent.values())
    row = server.rows(
        "SELECT votes_for, votes_against, abstentions, invalid, envelopes FROM vote WHERE id = ?",
        vote,
    )[0]
    assert row == (*(wanted[paper] for paper in PAPERS), 0, len(sent)), (row, wanted)
    listed = server.rows("SELECT paper FROM opened_ballot WHERE vote = ? ORDER BY place", vote)
    assert [paper for (paper,) in listed] == sorted(sent.values())
    assert server.rows("SELECT count(*) FROM head WHERE vote = ?", vote) == [(2,)]
    left = server.rows("SELECT count(*) FROM ballot WHERE vote = ? AND paper IS NOT NULL", vote)
    assert left == [(0,)]
    assert not list((server.data / "keys").glob("vote-*"))
    done = server.run("verify")
    assert done.returncode == 0, done.stdout
