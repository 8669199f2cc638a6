"""The one place where a ballot is stored, and what was in the envelopes of a vote.

Of each person on the roll stands here one envelope, sealed in their browser. At the close its receipt
(the envelope's hash) is written beside it (`put_receipts`). The envelopes are opened by another process;
then the sorted list of what was in them is stored in the transaction in which the envelopes go
(`put_opened`). A vote by name has no envelopes: there the paper is the choice, and stays. A ballot has
no time and no number, and its table is ordered by person: nothing tells who voted when.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from sqlite3 import Connection, Error

from msgspec import Struct
from sqlalchemy import func, select

from conference.rules.kinds import Choice, PersonId, VoteId
from conference.sealing import merkle
from conference.sealing.envelope import Context
from conference.store import schema
from conference.store.engine import in_its_thread
from conference.store.errors import commit_failed
from conference.store.transaction import Reader, Tx


class BallotAnswer(StrEnum):
    """What became of one ballot paper."""

    RECORDED = "recorded"
    """It is stored, or was stored already and came again."""
    SUPERSEDED = "superseded"
    """A later paper of the same person had replaced it; it is not stored again."""
    REFUSED = "refused"
    """The vote is not open, or the person is not on its roll."""


class BallotPaper(Struct, frozen=True, gc=False):
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


# Only what is out of the ordinary comes back: of thousands who vote for the first time, nothing.
_KNOWN = """
    SELECT 'open' AS what, '' AS person, '' AS id, NULL AS paper, NULL AS receipt
    FROM vote WHERE id = ?1 AND state = 'open'
    UNION ALL
    SELECT 'stored', person, id, paper, receipt
    FROM ballot WHERE vote = ?1 AND person IN (SELECT value FROM json_each(?2))
    UNION ALL
    SELECT 'spent', person, id, NULL, NULL
    FROM ballot_spent WHERE vote = ?1 AND person IN (SELECT value FROM json_each(?2))
    UNION ALL
    SELECT 'unlisted', asked.value, '', NULL, NULL
    FROM json_each(?2) AS asked
    WHERE NOT EXISTS (SELECT 1 FROM roll_person WHERE vote = ?1 AND person = asked.value)
"""

# One statement, and the envelopes of a batch in one piece, cut up by SQLite: parameters one by one would
# take the interpreter's lock from everybody else once a ballot.
_STORE = """
    INSERT INTO ballot (vote, person, id, paper)
    SELECT ?1, asked.value ->> 0, asked.value ->> 1, substr(?3, 1 + asked.key * ?4, ?4)
    FROM json_each(?2) AS asked
    WHERE true
    ON CONFLICT (vote, person) DO UPDATE SET id = excluded.id, paper = excluded.paper
"""
_STORE_BY_NAME = _STORE.replace("substr(?3, 1 + asked.key * ?4, ?4)", "asked.value ->> 2")

_KEEP = "UPDATE ballot SET receipt = ? WHERE vote = ? AND person = ?"

_SPEND = """
    INSERT INTO ballot_spent (vote, person, id)
    SELECT ?1, value ->> 0, value ->> 1 FROM json_each(?2) WHERE true
    ON CONFLICT DO NOTHING
"""


class _Stored(Struct, frozen=True, gc=False):
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
class _Box:
    """The box of one vote as a batch finds it, and what the batch puts into it."""

    open: bool = False
    final: bool = False
    """Whether the first ballot stands: the conference lets nobody change it."""
    unlisted: set[PersonId] = field(default_factory=set)
    """Who of the batch is not on the roll."""
    stored: dict[PersonId, _Stored] = field(default_factory=dict)
    """The ballot of each person, in the end the last of the batch."""
    spent: set[tuple[PersonId, str]] = field(default_factory=set)
    """Ids that have been replaced."""
    fresh: dict[PersonId, _Stored] = field(default_factory=dict)
    """What is to be stored."""
    replaced: list[tuple[PersonId, str]] = field(default_factory=list)
    """Ids that the batch replaces."""

    def take(self, asked: BallotPaper) -> BallotAnswer:
        """Answer the next paper of the batch, and have it stored if it is taken."""
        person, last = asked.person, self.stored.get(asked.person)
        if self.spent and (person, asked.id) in self.spent:
            return BallotAnswer.SUPERSEDED
        if last is not None and last.is_of(asked):
            return BallotAnswer.RECORDED
        if not self.open or person in self.unlisted:
            return BallotAnswer.REFUSED
        if last is not None:
            if self.final or last.id == asked.id:
                return BallotAnswer.REFUSED
            self.spent.add((person, last.id))
            self.replaced.append((person, last.id))
        self.stored[person] = self.fresh[person] = _Stored(asked.id, asked.content, None)
        return BallotAnswer.RECORDED


async def put(tx: Tx, papers: Sequence[BallotPaper], *, final: bool = False) -> list[BallotAnswer]:
    """Store the papers in their order and answer each, in the same order.

    *Recorded* holds once the transaction is committed. A paper is refused when the vote is not
    open or the person not on its roll as this transaction sees them; the id stored last coming
    again is recorded also after the close, unless it comes with another paper: that is refused.
    Three statements for each vote at most, however many papers.
    """
    return await in_its_thread(tx.conn, partial(_put, papers=papers, final=final))


def put_alone(
    connection: Connection, papers: Sequence[BallotPaper], *, final: bool
) -> list[BallotAnswer]:
    """As `put`, as a transaction of its own: committed when it returns, undone when it raises.

    For the database's own thread. Raises CommitFailed where COMMIT fails.
    """
    connection.execute("BEGIN IMMEDIATE")
    try:
        answers = _put(connection, papers, final=final)
    except BaseException:
        connection.rollback()
        raise
    try:
        connection.execute("COMMIT")
    except Error as error:
        with contextlib.suppress(Error):
            connection.rollback()
        raise commit_failed(error) from error
    return answers


def _put(
    connection: Connection, papers: Sequence[BallotPaper], *, final: bool
) -> list[BallotAnswer]:
    asked: dict[VoteId, set[PersonId]] = {}
    for paper in papers:
        asked.setdefault(paper.vote, set()).add(paper.person)
    boxes = {vote: _box(connection, vote, people, final=final) for vote, people in asked.items()}
    answers = [boxes[paper.vote].take(paper) for paper in papers]
    for vote, box in boxes.items():
        _store(connection, vote, box)
    return answers


def _box(connection: Connection, vote: VoteId, people: set[PersonId], *, final: bool) -> _Box:
    """The box of `vote` as this transaction sees it, as far as these people are concerned."""
    box = _Box(final=final)
    for row in connection.execute(_KNOWN, (vote, json.dumps(sorted(people)))):
        what, person, id_, paper, receipt = row
        if what == "open":
            box.open = True
        elif what == "stored":
            box.stored[person] = _Stored(id_, paper, receipt)
        elif what == "spent":
            box.spent.add((person, id_))
        else:
            box.unlisted.add(person)
    return box


def _store(connection: Connection, vote: VoteId, box: _Box) -> None:
    """Store what the batch has put into the box, in the order of its table.

    That is quicker than in the order in which it came, and nothing is left of that order.
    """
    sealed: list[tuple[PersonId, str]] = []
    named: list[tuple[PersonId, str, str | None]] = []
    envelopes: list[bytes] = []
    for person in sorted(box.fresh):
        one = box.fresh[person]
        if isinstance(one.content, bytes):
            sealed.append((person, one.id))
            envelopes.append(one.content)
        else:
            named.append((person, one.id, one.content))
    if sealed:
        length = len(envelopes[0])
        if any(len(envelope) != length for envelope in envelopes):
            message = "envelopes are all of one length"
            raise ValueError(message)
        pieces = (vote, json.dumps(sealed), b"".join(envelopes), length)
        connection.execute(_STORE, pieces)
    if named:
        connection.execute(_STORE_BY_NAME, (vote, json.dumps(named)))
    if box.replaced:
        connection.execute(_SPEND, (vote, json.dumps(box.replaced)))


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
