"""What a sealed ballot costs the server beside one by name, which is not sealed: both in one run.

    .venv/bin/python benchmarks/ballots.py [voters] [rounds]

The same hall, clerk and database, the same people; rounds of the one and of the other take turns, each
a vote of its own. From the text of the wire to the acknowledgement after COMMIT; what a browser does is
done before. Prints processor time per ballot of this process, and how 10,000 envelopes are counted.
"""

from __future__ import annotations

import asyncio
import gc
import random
import statistics
import sys
import tempfile
import time
from dataclasses import replace
from itertools import count
from pathlib import Path

sys.path.insert(0, str(str(Path(__file__).resolve().parent.parent)))

from conference.counter import messages as m
from conference.counter.counting import Counting
from conference.counter.keys import KeyFolder
from conference.hall import Hall
from conference.live.messages import parse
from conference.rules.kinds import Choice, VoteId, VoteState
from conference.sealing import envelope, heads, merkle
from conference.sealing.bytes import from_text, to_text
from conference.store import Store
from conference.store.ballots import BallotPaper
from tests.store.meetings import begin, crowd, hold, person, until_open

CHOICES = [choice.value for choice in Choice]
PARALLEL = 50
"""How many ballots are under way at once: what a hall presses within a moment."""


def frames(vote: int, key: str, epoch: str, voters: int) -> list[tuple[str, str]]:
    """Person and text on the wire of each ballot; empty `key`: by name."""
    found = []
    for n in range(voters):
        who, choice = person(n).id, CHOICES[n % 3]
        paper = choice
        if key:
            context = envelope.Context(epoch, VoteId(vote), who)
            paper = envelope.write(envelope.seal(from_text(key), context, Choice(choice)))
        text = f'{{"t":"ballot","n":1,"vote":{vote},"id":"press-{n:010}","paper":"{paper}"}}'
        found.append((who, text))
    random.Random(7).shuffle(found)
    return found


async def vote_on(hall: Hall, number: int, *, by_name: bool, key: str, voters: int) -> float:
    """Milliseconds of processor time per ballot of one vote in which everybody votes."""
    row = hall.meeting.votes[VoteId(1)]
    opened = replace(
        row, id=VoteId(number), by_name=by_name, key="" if by_name else key, state=VoteState.OPEN
    )
    roll = replace(hall.meeting.rolls[VoteId(1)], vote=VoteId(number))

    async def put(desk) -> None:
        before = desk.meeting
        closed = {
            vote.id: replace(vote, state=VoteState.VOID) for vote in before.votes.values()
        } | {opened.id: opened}
        votes = before.votes
        for vote in closed.values():
            votes = votes.put(vote.id, vote)
        head = replace(before.conference, vote=opened.id)
        after = replace(
            before, votes=votes, conference=head, rolls=before.rolls.put(opened.id, roll)
        )
        await desk.tx.write(before, after)
        desk.adopt(after)

    await hall.work(put)
    texts = frames(number, "" if by_name else key, hall.store.epoch, voters)

    async def press(who: str, text: str) -> None:
        message = parse(text)
        paper = BallotPaper(VoteId(message.vote), who, message.id, message.paper)
        told = await hall.ballot(paper)
        assert told is None, told

    gc.collect()  # what sealing left behind is the browser's
    started = time.process_time()
    for at in range(0, voters, PARALLEL):
        await asyncio.gather(*(press(*one) for one in texts[at : at + PARALLEL]))
    return (time.process_time() - started) * 1000 / voters


async def side_by_side(voters: int, rounds: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = await Store.open(Path(folder), now=1, token=lambda: "e" * 32)
        meeting = await hold(store, await begin(store, crowd(voters)), until_open(1))
        everybody = frozenset(person(n).id for n in range(voters))
        wide = replace(meeting.rolls[VoteId(1)], people=everybody)
        after = replace(meeting, rolls=meeting.rolls.put(VoteId(1), wide))
        after = replace(after, votes=after.votes.put(1, replace(after.votes[1], roll=voters)))
        async with store.transaction() as tx:
            await tx.write(meeting, after)
        hall = Hall(store, after, lambda: 1)
        key = to_text(envelope.public_key(envelope.private_key(b"k" * 32)))
        numbers, cost = count(2), {"sealed": [], "by name": []}
        async with hall.working():
            for _ in range(rounds):
                for name, found in random.Random(len(cost["sealed"])).sample([*cost.items()], 2):
                    spent = await vote_on(
                        hall, next(numbers), by_name=name == "by name", key=key, voters=voters
                    )
                    found.append(spent)
        await store.close()
    sealed, plain = (statistics.median(cost[name]) for name in ("sealed", "by name"))
    pairs = [100 * (one / other - 1) for one, other in zip(*cost.values(), strict=True)]
    print(f"{voters} ballots a round, {rounds} rounds of each, taking turns; median of the rounds:")
    print(f"sealed   {sealed:.4f} ms of processor time per ballot")
    print(f"by name  {plain:.4f} ms of processor time per ballot")
    print(f"sealed costs {statistics.median(pairs):+.1f} % (median of the pairs of rounds)")


def opening(number: int = 10_000) -> None:
    with tempfile.TemporaryDirectory() as folder:
        counting = Counting(KeyFolder(Path(folder) / "keys"))
        key = from_text(counting.answer(m.MakeKey(1)).key)
        sealed = [
            (
                f"p{n:05}",
                envelope.seal(
                    key, envelope.Context("e", VoteId(1), f"p{n:05}"), list(Choice)[n % 3]
                ),
            )
            for n in range(number)
        ]
        receipts = sorted(
            merkle.receipt(envelope.Context("e", VoteId(1), who), data) for who, data in sealed
        )
        root = merkle.root(receipts).hex()
        box = counting.answer(
            m.SignBox(
                "e",
                1,
                heads.FIRST,
                1,
                "0" * 64,
                number,
                number,
                number,
                root,
                "simple",
                "cast",
                number,
            )
        )
        asked = m.OpenBox(
            box.line,
            box.signature,
            fewest=5,
            small_side=False,
            envelopes=[(who, envelope.write(data)) for who, data in sealed],
        )
        cpu, wall = time.process_time(), time.perf_counter()
        counted = counting.answer(asked)
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
        assert len(counted.choices) == number
    print(
        f"{number} envelopes opened and counted: {cpu:.2f} s of processor time, {wall:.2f} s in all"
    )


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:]]
    voters_, rounds_ = (given + [2000, 7][len(given) :])[:2]
    asyncio.run(side_by_side(voters_, rounds_))
    opening()
