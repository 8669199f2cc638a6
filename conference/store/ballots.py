"""The one place where a ballot is stored, and what was in the envelopes of a vote.

Of each person on the roll stands here one envelope, sealed in their browser. At the close its receipt
(the envelope's hash) is written beside it (`put_receipts`). The envelopes are opened by another process;
then the sorted list of what was in them is stored in the transaction in which the envelopes go
(`put_opened`). A vote by name has no envelopes: there the paper is the choice, and stays. A ballot has
no time and no number, and its table is ordered by person: nothing tells who voted when.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from operator import itemgetter

from sqlalchemy import func, select

from conference.rules.kinds import Choice, PersonId, VoteId
from conference.sealing import merkle
from conference.sealing.envelope import Context
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

    `paper` is an envelope as text, or in a vote by name the choice. The others are the desk's to fill
    in: `content` is what is stored, the envelope's bytes or the choice; `receipt` stands for it, the
    envelope's hash in hexadecimal, by name the choice again.
    """

    vote: VoteId
    person: PersonId
    id: str
    paper: str
    content: bytes | str = ""
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
    SELECT asked.key AS place, ballot.id AS id, ballot.paper AS paper, ballot.receipt AS receipt,
        spent.id AS spent, vote.id AS open, roll_person.person AS listed
    FROM json_each(?) AS asked
    LEFT JOIN ballot ON ballot.vote = json_extract(asked.value, '$[0]')
        AND ballot.person = json_extract(asked.value, '$[1]')
    LEFT JOIN ballot_spent AS spent ON spent.vote = json_extract(asked.value, '$[0]')
        AND spent.person = json_extract(asked.value, '$[1]')
        AND spent.id = json_extract(asked.value, '$[2]')
    LEFT JOIN vote ON vote.id = json_extract(asked.value, '$[0]') AND vote.state = 'open'
    LEFT JOIN roll_person ON roll_person.vote = json_extract(asked.value, '$[0]')
        AND roll_person.person = json_extract(asked.value, '$[1]')
"""

# Plain parameters, so that an envelope is stored as the bytes it is: what a ballot costs the server is
# above all how many pages of the table a commit has to write.
_STORE = """
    INSERT INTO ballot (vote, person, id, paper) VALUES (?, ?, ?, ?)
    ON CONFLICT (vote, person) DO UPDATE SET id = excluded.id, paper = excluded.paper
"""

_KEEP = "UPDATE ballot SET receipt = ? WHERE vote = ? AND person = ?"

_SPEND = """
    INSERT INTO ballot_spent (vote, person, id)
    SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]')
    FROM json_each(?)
    WHERE true
    ON CONFLICT DO NOTHING
"""


@dataclass(frozen=True, slots=True)
class _Stored:
    """The ballot that stands in the database: its id, and what is left of its paper."""

    id: str
    content: bytes | str | None
    """None once the envelope has been opened."""
    receipt: str | None
    """None before the close, and in a vote by name."""

    def is_of(self, asked: BallotPaper) -> bool:
        """Whether `asked` is this very ballot, come again."""
        if self.content is None:
            return (self.id, self.receipt) == (asked.id, asked.receipt)
        return (self.id, self.content) == (asked.id, asked.content)


@dataclass(slots=True)
class _Draft:
    """What a batch asks of one person's ballot in one vote, paper by paper."""

    stored: _Stored | None
    """The ballot before the batch."""
    taken: bool
    """Whether the vote is open and the person on its roll."""
    final: bool = False
    """Whether the first ballot stands: the conference lets nobody change it."""
    asked: list[tuple[int, BallotPaper, bool]] = field(default_factory=list)
    """Place in the batch, paper, and whether its id was spent before the batch."""
    last: _Stored | None = None
    """The ballot after the batch."""
    spent: set[str] = field(default_factory=set)
    """Ids that the batch replaces."""

    def answers(self) -> Iterator[tuple[int, BallotAnswer]]:
        """The answer to each paper by its place; fills `last` and `spent`."""
        self.last = self.stored
        for place, asked, spent in self.asked:
            if spent or asked.id in self.spent:
                yield place, BallotAnswer.SUPERSEDED
            elif self.last is not None and self.last.is_of(asked):
                yield place, BallotAnswer.RECORDED
            elif not self._may_store(asked):
                yield place, BallotAnswer.REFUSED
            else:
                self.spent |= {self.last.id} if self.last else set()
                self.last = _Stored(asked.id, asked.content, None)
                yield place, BallotAnswer.RECORDED

    def _may_store(self, asked: BallotPaper) -> bool:
        if not self.taken:
            return False
        return self.last is None or not (self.final or self.last.id == asked.id)


async def put(tx: Tx, papers: Sequence[BallotPaper], *, final: bool = False) -> list[BallotAnswer]:
    """Store the papers in their order and answer each, in the same order.

    *Recorded* holds once the transaction is committed. A paper is refused when the vote is not
    open or the person not on its roll as this transaction sees them; the id stored last coming
    again is recorded also after the close, unless it comes with another paper: that is refused.
    Three statements at most, however many papers.
    """
    drafts = await _drafts(tx, papers, final=final)
    answers = {place: said for draft in drafts.values() for place, said in draft.answers()}
    changed = {seat: draft for seat, draft in drafts.items() if draft.last is not draft.stored}
    await _store(tx, changed)
    await _spend(tx, changed)
    return [answers[place] for place in range(len(papers))]


async def _drafts(tx: Tx, papers: Sequence[BallotPaper], *, final: bool) -> dict[_Seat, _Draft]:
    """What is asked of each seat, with what this transaction sees of it."""
    asked = json.dumps([(paper.vote, paper.person, paper.id) for paper in papers])
    drafts: dict[_Seat, _Draft] = {}
    found = await tx.conn.exec_driver_sql(_KNOWN, (asked,))
    for row in sorted(found, key=itemgetter(0)):
        paper = papers[row.place]
        stored = None if row.id is None else _Stored(row.id, row.paper, row.receipt)
        taken = row.open is not None and row.listed is not None
        draft = drafts.setdefault((paper.vote, paper.person), _Draft(stored, taken, final))
        draft.asked.append((row.place, paper, row.spent is not None))
    return drafts


async def _store(tx: Tx, drafts: dict[_Seat, _Draft]) -> None:
    """Store the last paper of each draft."""
    rows = [(*seat, one.last.id, one.last.content) for seat, one in drafts.items() if one.last]
    if rows:
        await tx.conn.exec_driver_sql(_STORE, rows)


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
    """The receipts in the fixed box of `vote`, sorted: neither order nor place tells."""
    table = schema.ballot.c
    wanted = select(table.receipt).where(table.vote == vote, table.receipt.is_not(None))
    return sorted((await reader.conn.execute(wanted)).scalars())


async def receipt_of(reader: Reader, vote: VoteId, person: PersonId, conference: str) -> str | None:
    """The receipt of this person's envelope in `vote`, or None when there is none.

    `conference` is the mark of the conference, for a box that is not fixed yet.
    """
    table = schema.ballot.c
    wanted = select(table.receipt, table.paper)
    found = (
        await reader.conn.execute(wanted.where(table.vote == vote, table.person == person))
    ).first()
    if found is None:
        return None
    return _receipt(conference, vote, person, found.paper, found.receipt)


def _receipt(
    conference: str, vote: VoteId, person: PersonId, paper: bytes | str | None, kept: str | None
) -> str:
    """The receipt as it was kept at the close, or as it will be; by name the choice."""
    if isinstance(paper, bytes) and kept is None:
        return merkle.receipt(Context(conference, vote, person), paper).hex()
    return kept or str(paper or "")


async def envelopes(reader: Reader, vote: VoteId) -> list[tuple[PersonId, bytes]]:
    """Person and envelope of every unopened ballot of `vote`, for the counting process alone."""
    table = schema.ballot.c
    wanted = select(table.person, table.paper).where(table.vote == vote, table.paper.is_not(None))
    rows = await reader.conn.execute(wanted.order_by(table.person))
    return [(PersonId(row.person), row.paper) for row in rows if isinstance(row.paper, bytes)]


async def put_receipts(tx: Tx, vote: VoteId, kept: Mapping[PersonId, str]) -> None:
    """Write each person's receipt beside their envelope: the box of `vote` is fixed as it is."""
    rows = [(receipt, vote, person) for person, receipt in sorted(kept.items())]
    if rows:
        await tx.conn.exec_driver_sql(_KEEP, rows)


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


async def voters(reader: Reader, vote: VoteId, conference: str) -> dict[PersonId, str]:
    """The receipt of whoever has a ballot stored in `vote`; of a vote by name the choice.

    `conference` is the mark of the conference, for a box that is not fixed yet.
    """
    table = schema.ballot.c
    wanted = select(table.person, table.paper, table.receipt).where(table.vote == vote)
    rows = await reader.conn.execute(wanted)
    return {
        PersonId(who): _receipt(conference, vote, PersonId(who), paper, kept)
        for who, paper, kept in rows
    }
