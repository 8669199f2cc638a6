"""A vote over a bad phone network: everybody votes once, and everybody gets a definite answer."""

from __future__ import annotations

import asyncio
import random
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.chaos import Line, Proxy
from tests.faults.history import LOST, PAPERS, Press, violations
from tests.live.serving import CHAIR, Person, Prepared, Seat, delegate, open_vote, wait_for_vote

VOTERS = 40
WAIT = 4.0
"""Seconds after which a browser sends a press again (`static/js/ballot.js`)."""


@dataclass
class Report:
    """What came of it."""

    voters: int = 0
    recorded: int = 0
    cuts: int = 0
    slowest: float = 0.0
    """Seconds from the press to *Recorded*."""
    findings: list[str] = field(default_factory=list)


async def bad_network(
    prepared: Prepared, folder: Path, seed: object, line: Line, press_within: float = 40
) -> Report:
    """One vote of a minute in which everybody presses once, at some moment of the first 40 s.

    Sockets go through the bad line; the way there (signing in, reading the ballot) does not.
    """
    chance, report = random.Random(f"{seed} phones"), Report()
    server = prepared.copy(folder / "data")
    try:
        await asyncio.to_thread(server.start)
        async with (
            Proxy(server.port, line, seed).listening() as proxy,
            server.person(CHAIR) as chair,
        ):
            people = [await server.enter(delegate(n)) for n in range(1, VOTERS + 1)]
            vote = await open_vote(chair, prepared.motion)
            await asyncio.gather(*(person.envelope(vote, "first", "for") for person in people))
            over = time.monotonic() + 60
            presses = await asyncio.gather(
                *(
                    _presses_once(
                        person, proxy.port, vote, random.Random(f"{seed} {n}"),
                        chance.uniform(0, press_within), over,
                    )
                    for n, person in enumerate(people)
                )
            )  # fmt: skip
            report.cuts = proxy.cuts
            done = await chair.press(f"votes/{vote}/closure")
            assert done.status_code == 303, done.text
            await wait_for_vote(server, {"counted"})
        for press in presses:
            report.voters += 1
            report.recorded += press.answer == "ack"
            if not press.answer:
                report.findings.append(f"{press.name}: no answer within the minute")
        answered = [p for p in presses if p.answer == "ack"]
        report.slowest = max(((p.answered - p.sent) / 1e9 for p in answered), default=0.0)
        report.findings += violations(presses, server.data)
    finally:
        await server.goodbye()
        server.stop()
    return report


async def _presses_once(
    person: Person, port: int, vote: int, chance: random.Random, after: float, over: float
) -> Press:
    """Sit on the line, press at this moment, and send it again as a browser does until answered."""
    seat: Seat | None = None
    begun = time.monotonic()
    press = Press(
        person.name, vote, f"press-{chance.getrandbits(64):016x}", chance.choice(PAPERS), 0
    )
    while time.monotonic() < over:
        try:
            if seat is None:
                seat = await person.seat(port=port)
            wait = begun + after - time.monotonic()
            if wait > 0:
                # A page reads what comes while nobody presses.
                with suppress(TimeoutError):
                    await seat.until(lambda _message: False, wait)
            press.sent = press.sent or time.monotonic_ns()
            async with asyncio.timeout(WAIT):
                told = await seat.vote(vote, press.id, press.choice)
        except (*LOST, TimeoutError):
            if press.sent == 0 or seat is None or seat.ws.state.name != "OPEN":
                seat = None
                await asyncio.sleep(chance.uniform(0.2, 1.0))
        else:
            press.answer = "ack" if told["t"] == "ack" else told["code"]
            press.answered = time.monotonic_ns()
            return press
    return press
