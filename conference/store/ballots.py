"""The one place where a ballot is stored, and what was in the envelopes of a vote.

Of each person on the roll stands here one envelope, sealed in their browser, with its receipt (the
envelope's hash). The envelopes are opened by another process; then the sorted list of what was in
them is stored in the transaction in which the envelopes go (`put_opened`). A vote by name has no
envelopes: there the paper is the choice, and stays. A ballot has no time and no number, and its
table is ordered by person: nothing tells who voted when.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from sqlalchemy import func, select

from conference.rules.kinds import Choice, PersonId, VoteId
from conference.store import schema
from conference.store.transaction import Reader, Tx


class BallotAnswer(StrEnum):
    """What became of one ballot paper."""

    RECORDED = "recorded"
    """It is stored, or was stored already and came again."""
    SUPERSEDED = "superseded"
    """A later paper of the same person had replaced it; it is not stored again."""
    REFUSED = "refused"
    """The vote is not open, or the person is not on its roll."""


@dataclass(frozen=True, slots=True)
class BallotPaper:
    """One person's ballot in one vote; `id` is random per press.

    `paper` is an envelope as text, or in a vote by name the choice. `receipt` stands for it, and is
    the desk's to fill in: the envelope's hash in hexadecimal, by name the choice again.
    """

    vote: VoteId
    person: PersonId
    id: str
    paper: str
    receipt: str = ""


@dataclass(frozen=True, slots=True)
class Tally:
    """What the ballots of one vote add up to."""

    votes_for: int
    votes_against: int
    abstentions: int

    @property
    def cast(self) -> int:
        """How many ballots there are, abstentions included."""
        return self.votes_for + self.votes_against + self.abstentions


_Seat = tuple[VoteId, PersonId]

_KNOWN = """
    SELECT asked.key AS place, ballot.id AS id, ballot.receipt AS receipt, spent.id AS spent
    FROM json_each(?) AS asked
    LEFT JOIN ballot ON ballot.vote = json_extract(asked.value, '$[0]')
        AND ballot.person = json_extract(asked.value, '$[1]')
    LEFT JOIN ballot_spent AS spent ON spent.vote = json_extract(asked.value, '$[0]')
        AND spent.person = json_extract(asked.value, '$[1]')
        AND spent.id = json_extract(asked.value, '$[2]')
"""

# CROSS JOIN keeps SQLite to this order: paper by paper, each looked up by its key.
_STORE = """
    INSERT INTO ballot (vote, person, id, receipt, paper)
    SELECT vote.id, roll_person.person, json_extract(asked.value, '$[2]'),
        json_extract(asked.value, '$[3]'), json_extract(asked.value, '$[4]')
    FROM json_each(?) AS asked
    CROSS JOIN vote ON vote.id = json_extract(asked.value, '$[0]') AND vote.state = 'open'
    CROSS JOIN roll_person ON roll_person.vote = vote.id
        AND roll_person.person = json_extract(asked.value, '$[1]')
    WHERE true
    ON CONFLICT (vote, person) DO UPDATE
        SET id = excluded.id, receipt = excluded.receipt, paper = excluded.paper
    RETURNING vote, person
"""

_SPEND = """
    INSERT INTO ballot_spent (vote, person, id)
    SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]')
    FROM json_each(?)
    WHERE true
    ON CONFLICT DO NOTHING
"""


@dataclass(slots=True)
class _Draft:
    """What a batch asks of one person's ballot in one vote, paper by paper."""

    stored: tuple[str, str] | None
    """Id and receipt of the ballot before the batch."""
    final: bool = False
    """Whether the first ballot stands: the conference lets nobody change it."""
    asked: list[tuple[int, BallotPaper, bool]] = field(default_factory=list)
    """Place in the batch, paper, and whether its id was spent before the batch."""
    last: tuple[str, str] | None = None
    """Id and receipt of the ballot after the batch."""
    paper: str = ""
    """The paper that goes with it, when the batch has brought it."""
    spent: set[str] = field(default_factory=set)
    """Ids that the batch replaces."""

    def if_taken(self) -> Iterator[tuple[int, BallotAnswer]]:
        """The answers when the vote is open and the person on its roll; fills `last`, `spent`."""
        self.last = self.stored
        for place, asked, spent in self.asked:
            if spent or asked.id in self.spent:
                yield place, BallotAnswer.SUPERSEDED
            elif self.last is not None and self.last[0] == asked.id:
                same = self.last == (asked.id, asked.receipt)
                yield place, BallotAnswer.RECORDED if same else BallotAnswer.REFUSED
            elif self.final and self.last is not None:
                yield place, BallotAnswer.REFUSED
            else:
                self.spent |= {self.last[0]} if self.last else set()
                self.last, self.paper = (asked.id, asked.receipt), asked.paper
                yield place, BallotAnswer.RECORDED

    def if_not_taken(self) -> Iterator[tuple[int, BallotAnswer]]:
        """The answers when the vote takes no ballot of this person: only what is stored counts."""
        for place, asked, spent in self.asked:
            if spent:
                yield place, BallotAnswer.SUPERSEDED
            else:
                known = self.stored == (asked.id, asked.receipt)
                yield place, BallotAnswer.RECORDED if known else BallotAnswer.REFUSED


async def put(tx: Tx, papers: Sequence[BallotPaper], *, final: bool = False) -> list[BallotAnswer]:
    """Store the papers in their order and answer each, in the same order.

    *Recorded* holds once the transaction is committed. A paper is refused when the vote is not
    open or the person not on its roll as this transaction sees them; the id stored last coming
    again is recorded also after the close, unless it comes with another paper: that is refused.
    Three statements at most, however many papers.
    """
    known = await _known(tx, papers)
    drafts: dict[_Seat, _Draft] = {}
    for place, paper in enumerate(papers):
        stored, spent = known[place]
        draft = drafts.setdefault((paper.vote, paper.person), _Draft(stored, final))
        draft.asked.append((place, paper, spent))
    answers = {place: said for draft in drafts.values() for place, said in draft.if_taken()}
    changed = {seat: draft for seat, draft in drafts.items() if draft.last != draft.stored}
    taken = await _store(tx, changed)
    await _spend(tx, {seat: draft for seat, draft in changed.items() if seat in taken})
    for seat, draft in changed.items():
        if seat not in taken:
            answers.update(draft.if_not_taken())
    return [answers[place] for place in range(len(papers))]


async def _known(
    tx: Tx, papers: Sequence[BallotPaper]
) -> dict[int, tuple[tuple[str, str] | None, bool]]:
    """By place in the batch: the ballot stored now, and whether the paper's id is spent."""
    asked = json.dumps([(paper.vote, paper.person, paper.id) for paper in papers])
    found = await tx.conn.exec_driver_sql(_KNOWN, (asked,))
    return {
        row.place: (None if row.id is None else (row.id, row.receipt), row.spent is not None)
        for row in found
    }


async def _store(tx: Tx, drafts: dict[_Seat, _Draft]) -> set[_Seat]:
    """Store the last paper of each draft; the seats whose vote took it come back."""
    if not drafts:
        return set()
    asked = [(*seat, *draft.last, draft.paper) for seat, draft in drafts.items() if draft.last]
    taken = await tx.conn.exec_driver_sql(_STORE, (json.dumps(asked),))
    return {(VoteId(row.vote), PersonId(row.person)) for row in taken}


async def _spend(tx: Tx, drafts: dict[_Seat, _Draft]) -> None:
    spent = [(*seat, id_) for seat, draft in drafts.items() for id_ in sorted(draft.spent)]
    if spent:
        await tx.conn.exec_driver_sql(_SPEND, (json.dumps(spent),))


async def tally(reader: Reader, vote: VoteId, *, by_name: bool) -> Tally:
    """What the ballots of `vote` add up to: those of its roll-call, or the sorted list."""
    table = schema.ballot.c if by_name else schema.opened_ballot.c
    wanted = select(table.paper, func.count()).where(table.vote == vote).group_by(table.paper)
    counts = {row[0]: row[1] for row in await reader.conn.execute(wanted)}
    return Tally(*(counts.get(choice.value, 0) for choice in Choice))


async def receipts(reader: Reader, vote: VoteId) -> list[str]:
    """The receipts of every envelope in the box of `vote`, sorted: neither order nor place tells."""
    table = schema.ballot.c
    wanted = select(table.receipt).where(table.vote == vote)
    return sorted((await reader.conn.execute(wanted)).scalars())


async def receipt_of(reader: Reader, vote: VoteId, person: PersonId) -> str | None:
    """The receipt of this person's envelope in `vote`, or None when there is none."""
    table = schema.ballot.c
    wanted = select(table.receipt).where(table.vote == vote, table.person == person)
    found: str | None = (await reader.conn.execute(wanted)).scalar()
    return found


async def envelopes(reader: Reader, vote: VoteId) -> list[tuple[str, str]]:
    """Person and envelope of every unopened ballot of `vote`, for the counting process alone.

    In the order of the receipts, which is chance.
    """
    table = schema.ballot.c
    wanted = select(table.person, table.paper).where(table.vote == vote, table.paper.is_not(None))
    rows = await reader.conn.execute(wanted.order_by(table.receipt))
    return [(row.person, row.paper) for row in rows]


async def put_opened(tx: Tx, vote: VoteId, papers: Sequence[str]) -> None:
    """`papers` is what was in the envelopes of `vote`, sorted here once more; the envelopes go.

    Receipts stay, so that everybody can find their own in the published tree.
    """
    rows = [{"vote": vote, "place": n, "paper": p} for n, p in enumerate(sorted(papers), 1)]
    if rows:
        await tx.conn.execute(schema.opened_ballot.insert(), rows)
    table = schema.ballot
    await tx.conn.execute(table.update().where(table.c.vote == vote).values(paper=None))


async def opened(reader: Reader, vote: VoteId) -> list[str]:
    """What was in the envelopes of `vote`, sorted; reasons stand for those that do not count."""
    table = schema.opened_ballot.c
    wanted = select(table.paper).where(table.vote == vote).order_by(table.place)
    return list((await reader.conn.execute(wanted)).scalars())


async def put_roll_call(
    tx: Tx, vote: VoteId, lines: Sequence[tuple[str, str]], chain: Sequence[str]
) -> None:
    """Store the roll-call of a vote by name: name and choice of each line, and its hash."""
    rows = [
        {"vote": vote, "place": n, "name": name, "paper": paper, "hash": mark}
        for n, ((name, paper), mark) in enumerate(zip(lines, chain, strict=True), 1)
    ]
    if rows:
        await tx.conn.execute(schema.roll_call.insert(), rows)


async def roll_call(reader: Reader, vote: VoteId) -> list[tuple[str, str, str]]:
    """Name, choice and hash of every line of the roll-call of `vote`, in order."""
    table = schema.roll_call.c
    wanted = select(table.name, table.paper, table.hash).where(table.vote == vote)
    rows = await reader.conn.execute(wanted.order_by(table.place))
    return [(row.name, row.paper, row.hash) for row in rows]


async def drop(tx: Tx, vote: VoteId) -> None:
    """Delete every ballot of a vote that became void uncounted: nothing of it is counted or kept."""
    for table in (schema.ballot, schema.ballot_spent):
        await tx.conn.execute(table.delete().where(table.c.vote == vote))


async def voters(reader: Reader, vote: VoteId) -> dict[PersonId, str]:
    """The receipt of whoever has a ballot stored in `vote`; never what it says."""
    table = schema.ballot.c
    wanted = select(table.person, table.receipt).where(table.vote == vote)
    return {PersonId(row.person): row.receipt for row in await reader.conn.execute(wanted)}
