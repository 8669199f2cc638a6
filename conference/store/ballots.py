"""The one place where a ballot is stored and where ballots are counted.

Today a ballot is stored with the person who cast it and shown as totals only; sealed ballots,
which an issue of their own brings, replace what stands here and nothing else. A ballot has no
time and no number, and its table is ordered by person: nothing tells who voted when.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

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
    """One person's choice in one vote; `id` is random per press."""

    vote: VoteId
    person: PersonId
    id: str
    paper: Choice


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
    SELECT asked.key AS place, ballot.id AS id, ballot.paper AS paper, spent.id AS spent
    FROM json_each(?) AS asked
    LEFT JOIN ballot ON ballot.vote = json_extract(asked.value, '$[0]')
        AND ballot.person = json_extract(asked.value, '$[1]')
    LEFT JOIN ballot_spent AS spent ON spent.vote = json_extract(asked.value, '$[0]')
        AND spent.person = json_extract(asked.value, '$[1]')
        AND spent.id = json_extract(asked.value, '$[2]')
"""

# CROSS JOIN keeps SQLite to this order: paper by paper, each looked up by its key.
_STORE = """
    INSERT INTO ballot (vote, person, id, paper)
    SELECT vote.id, roll_person.person,
        json_extract(asked.value, '$[2]'), json_extract(asked.value, '$[3]')
    FROM json_each(?) AS asked
    CROSS JOIN vote ON vote.id = json_extract(asked.value, '$[0]') AND vote.state = 'open'
    CROSS JOIN roll_person ON roll_person.vote = vote.id
        AND roll_person.person = json_extract(asked.value, '$[1]')
    WHERE true
    ON CONFLICT (vote, person) DO UPDATE SET id = excluded.id, paper = excluded.paper
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
    """Id and choice of the ballot before the batch."""
    final: bool = False
    """Whether the first ballot stands: the conference lets nobody change it."""
    asked: list[tuple[int, str, str, bool]] = field(default_factory=list)
    """Place in the batch, id, choice, and whether the id was spent before the batch."""
    last: tuple[str, str] | None = None
    """Id and choice of the ballot after the batch."""
    spent: set[str] = field(default_factory=set)
    """Ids that the batch replaces."""

    def if_taken(self) -> Iterator[tuple[int, BallotAnswer]]:
        """The answers when the vote is open and the person on its roll; fills `last`, `spent`."""
        self.last = self.stored
        for place, id_, choice, spent in self.asked:
            if spent or id_ in self.spent:
                yield place, BallotAnswer.SUPERSEDED
            elif self.last is not None and self.last[0] == id_:
                same = self.last == (id_, choice)
                yield place, BallotAnswer.RECORDED if same else BallotAnswer.REFUSED
            elif self.final and self.last is not None:
                yield place, BallotAnswer.REFUSED
            else:
                self.spent |= {self.last[0]} if self.last else set()
                self.last = (id_, choice)
                yield place, BallotAnswer.RECORDED

    def if_not_taken(self) -> Iterator[tuple[int, BallotAnswer]]:
        """The answers when the vote takes no ballot of this person: only what is stored counts."""
        for place, id_, choice, spent in self.asked:
            if spent:
                yield place, BallotAnswer.SUPERSEDED
            else:
                known = self.stored == (id_, choice)
                yield place, BallotAnswer.RECORDED if known else BallotAnswer.REFUSED


async def put(tx: Tx, papers: Sequence[BallotPaper], *, final: bool = False) -> list[BallotAnswer]:
    """Store the papers in their order and answer each, in the same order.

    *Recorded* holds once the transaction is committed. A paper is refused when the vote is not
    open or the person not on its roll as this transaction sees them; the id stored last coming
    again is recorded also after the close, unless it comes with another choice: that is refused.
    statements at most, however many papers.
    """
    known = await _known(tx, papers)
    drafts: dict[_Seat, _Draft] = {}
    for place, paper in enumerate(papers):
        stored, spent = known[place]
        draft = drafts.setdefault((paper.vote, paper.person), _Draft(stored, final))
        draft.asked.append((place, paper.id, paper.paper.value, spent))
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
        row.place: (None if row.id is None else (row.id, row.paper), row.spent is not None)
        for row in found
    }


async def _store(tx: Tx, drafts: dict[_Seat, _Draft]) -> set[_Seat]:
    """Store the last paper of each draft; the seats whose vote took it come back."""
    if not drafts:
        return set()
    asked: list[Any] = [(*seat, *draft.last) for seat, draft in drafts.items() if draft.last]
    taken = await tx.conn.exec_driver_sql(_STORE, (json.dumps(asked),))
    return {(VoteId(row.vote), PersonId(row.person)) for row in taken}


async def _spend(tx: Tx, drafts: dict[_Seat, _Draft]) -> None:
    spent = [(*seat, id_) for seat, draft in drafts.items() for id_ in sorted(draft.spent)]
    if spent:
        await tx.conn.exec_driver_sql(_SPEND, (json.dumps(spent),))


async def tally(reader: Reader, vote: VoteId) -> Tally:
    """What the stored ballots of `vote` add up to."""
    table = schema.ballot.c
    wanted = select(table.paper, func.count()).where(table.vote == vote).group_by(table.paper)
    counts = {row[0]: row[1] for row in await reader.conn.execute(wanted)}
    return Tally(
        counts.get(Choice.FOR.value, 0),
        counts.get(Choice.AGAINST.value, 0),
        counts.get(Choice.ABSTAIN.value, 0),
    )


async def drop(tx: Tx, vote: VoteId) -> None:
    """Delete every ballot of a vote that was stopped: nothing of it is counted or kept."""
    for table in (schema.ballot, schema.ballot_spent):
        await tx.conn.execute(table.delete().where(table.c.vote == vote))


async def voters(reader: Reader, vote: VoteId) -> set[PersonId]:
    """Who has a ballot stored in `vote`; never what it says."""
    wanted = select(schema.ballot.c.person).where(schema.ballot.c.vote == vote)
    return {PersonId(person) for person in (await reader.conn.execute(wanted)).scalars()}
