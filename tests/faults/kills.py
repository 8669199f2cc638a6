"""The server is killed in the middle of a vote, again and again, and started again."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.history import Press, Voter, pressing, violations, voters_of
from tests.live.serving import CHAIR, Prepared, Server, close_vote, declare

VOTERS = 20


@dataclass
class Report:
    """What came of the kills."""

    kills: int = 0
    acknowledged: int = 0
    epochs: int = 0
    """How many epochs the pages were told: one, for no database was restored."""
    findings: list[str] = field(default_factory=list)


async def during_a_vote(prepared: Prepared, folder: Path, seed: object, kills: int) -> Report:
    """Kill it so often, count the vote, and compare with what people were told."""
    server, report = prepared.copy(folder), Report()
    try:
        await asyncio.to_thread(server.start)
        async with server.person(CHAIR) as chair:
            voters = await voters_of(server, VOTERS, seed, (0.01, 0.1))
            async with pressing(chair, prepared.motion, voters) as vote:
                await kill_at_random(server, voters, kills, seed)
            report.kills = kills
            presses = _presses(voters)
            report.epochs = len({epoch for voter in voters for epoch in voter.epochs})
            report.acknowledged = sum(press.answer == "ack" for press in presses)
            report.findings += violations(presses, server.data)
            report.findings += await pressed_again(vote, voters)
            turnout = await (await chair.seat("chair")).next("turnout")
            if turnout["cast"] != VOTERS:
                report.findings.append(f"the turnout is {turnout}")
            await close_vote(chair, vote)
            await declare(chair, vote)
        report.findings += violations(presses, server.data)
        done = await server.command("verify")
        report.findings += done.stdout.splitlines() if done.returncode else []
    finally:
        await server.goodbye()
        server.stop()
    return report


def _presses(voters: list[Voter]) -> list[Press]:
    return [press for voter in voters for press in voter.presses]


async def kill_at_random(server: Server, voters: list[Voter], kills: int, seed: object) -> None:
    """Kill the server so often while they vote; each time somebody votes again before the next."""
    chance = random.Random(f"{seed} kills")
    for _ in range(kills):
        await asyncio.sleep(chance.uniform(0.05, 0.8))
        before = sum(len(voter.acknowledged) for voter in voters)
        server.kill()
        await asyncio.to_thread(server.start)
        for _ in range(500):
            if sum(len(voter.acknowledged) for voter in voters) > before:
                break
            await asyncio.sleep(0.01)


async def pressed_again(vote: int, voters: list[Voter]) -> list[str]:
    """Once more, after it all: the same press is the same ballot, a replaced one stays replaced."""
    found = []
    for voter in voters:
        first, last = voter.acknowledged[0], voter.acknowledged[-1]
        told = await voter.press(vote, last.id, last.choice)
        if told["t"] != "ack":
            found.append(f"{voter.person.name}: the last press came again and got {told}")
        if first is not last:
            told = await voter.press(vote, first.id, first.choice)
            if told.get("code") != "superseded":
                found.append(f"{voter.person.name}: a replaced press came again and got {told}")
    return found
