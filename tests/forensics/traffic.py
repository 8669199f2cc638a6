"""What the traffic of a ballot says about it: its sizes and its times, beside the choice.

A delegate's browser is stood in for by the test's own seat, which sends what the browser sends. The
classifier learns from one half which choice goes with which sizes and times, and is tried on the
other half; how good it is without anything to be learned, shuffled labels say.
"""

from __future__ import annotations

import asyncio
import json
import random
import time
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from tests.forensics.loot import CHOICES
from tests.live.serving import Seat

PER_SECOND = 15
"""How often one seat presses."""
BINS = 24
"""Into how many equal parts a measured quantity is cut."""


@dataclass(frozen=True)
class Seen:
    """One ballot as somebody on the line sees it."""

    choice: str
    features: tuple[float, ...]
    """Bytes out, bytes back, seconds from the one to the other, the envelope's own length."""


async def ballot(seat: Seat, vote: int, press: str, choice: str) -> Seen:
    """Send one ballot over the wire and measure it as a listener would."""
    paper = await seat.person.envelope(vote, press, choice)
    seat.number += 1
    out = json.dumps({"t": "ballot", "n": seat.number, "vote": vote, "id": press, "paper": paper})
    begun = time.perf_counter()
    await seat.ws.send(out)
    answer = await seat.until(lambda m: m["t"] == "ack" and m["n"] == seat.number)
    took = time.perf_counter() - begun
    seat.unread.clear()
    digits = len(str(seat.number))  # the browser counts its requests; how far says nothing here
    return Seen(choice, (len(out) - digits, len(json.dumps(answer)) - digits, took, len(paper)))


async def listen(seats: Sequence[Seat], vote: int, number: int, seed: int) -> list[Seen]:
    """That many ballots by these seats in turn, each replacing the one before; choices by chance."""
    chance = random.Random(seed)
    found = []
    begun = time.monotonic()
    for turn in range(number):
        seat = seats[turn % len(seats)]
        press = f"{chance.getrandbits(64):016x}"
        found.append(await ballot(seat, vote, press, chance.choice(CHOICES)))
        # As often as the server lets a seat speak, and no more.
        await asyncio.sleep(max(0.0, begun + turn / (PER_SECOND * len(seats)) - time.monotonic()))
    return found


def accuracy(cells: Sequence[tuple[int, ...]], choices: Sequence[str]) -> float:
    """How many of the second half it gets right by the most frequent choice of the first half.

    Each quantity alone, and all together, are tried; the best of them counts.
    """
    half = len(cells) // 2
    columns = [[(cell[n],) for cell in cells] for n in range(len(cells[0]))] + [list(cells)]
    best = 0
    for column in columns:
        learned: dict[tuple[int, ...], Counter[str]] = defaultdict(Counter)
        for cell, choice in zip(column[:half], choices[:half], strict=True):
            learned[cell][choice] += 1
        usual = {cell: counted.most_common(1)[0][0] for cell, counted in learned.items()}
        tested = zip(column[half:], choices[half:], strict=True)
        best = max(best, sum(usual.get(cell) == choice for cell, choice in tested))
    return best / (len(cells) - half)


def in_bins(seen: Sequence[Seen]) -> list[tuple[int, ...]]:
    """The quantities cut into equal parts, so that a rare value is as good as a common one."""
    edges = []
    for column in zip(*(one.features for one in seen), strict=True):
        values = sorted(column)
        edges.append(sorted({values[len(values) * n // BINS] for n in range(1, BINS)}))
    return [
        tuple(bisect_right(e, f) for e, f in zip(edges, one.features, strict=True)) for one in seen
    ]


def p_value(seen: Sequence[Seen], seed: int, shuffles: int) -> tuple[float, float]:
    """How good the classifier is, and how probable it is that it is so good by chance."""
    chance = random.Random(seed)
    order = chance.sample(range(len(seen)), len(seen))
    seen = [seen[n] for n in order]
    cells, choices = in_bins(seen), [one.choice for one in seen]
    reached = accuracy(cells, choices)
    as_good = 0
    for _ in range(shuffles):
        chance.shuffle(choices)
        as_good += accuracy(cells, choices) >= reached
    return reached, (1 + as_good) / (1 + shuffles)
