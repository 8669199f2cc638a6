"""Meetings to store: one with every kind of row, one that was really held, and random ones."""

from __future__ import annotations

import random
import sqlite3
import typing
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from enum import Enum
from itertools import count
from pathlib import Path
from typing import Any

from msgspec import structs
from sqlalchemy import event

from conference.rules import acts as a
from conference.rules import kinds as k
from conference.rules import planned, take
from conference.rules import state as s
from conference.rules.table import Table
from conference.sealing import envelope, heads, merkle
from conference.sealing.bytes import to_text
from conference.store import Store, ballots, rows, schema

NOW = 1_614_412_800_000
CHAIR = k.PersonId("chair")
PAPER = planned.ItemPaper("Text", "/motions/1")
PLAN = planned.Plan(
    (planned.AgendaSession(1, "Morning", NOW, NOW + 5, "ü"),),
    (
        planned.PlannedItem(1, None, "Doors", k.ItemKind.DOORS, NOW, 30),
        planned.PlannedItem(
            2, 1, "Votes", k.ItemKind.VOTES, NOW, 20, 2, "Hall", "text", ("Ada", "Bea"), (PAPER,),
            slots=(planned.PlannedSlot(1, "Name", "Talk", 5),),
        ),
    ),
)  # fmt: skip


async def opened(data: Path, now: int = NOW) -> Store:
    numbers = count(1)
    return await Store.open(data, now=now, token=lambda: f"token-{next(numbers)}")


def table(*found: Any) -> Table[Any, Any]:
    return Table((row.id, row) for row in found)


def person(number: int, **fields: Any) -> s.Person:
    given = {"roles": frozenset({k.Role.DELEGATE}), "standing": k.Standing.ACCEPTED, **fields}
    return s.Person(k.PersonId(f"p{number:04}"), **given)


def full() -> s.Meeting:
    """Every kind of row, every optional field once empty and once filled."""
    ada, bea = person(1, present=True, present_at=NOW), person(2, standing=k.Standing.WAITING)
    both = person(3, roles=frozenset({k.Role.SPEAKER, k.Role.CHAIR, k.Role.TELLER}))
    nobody = person(4, roles=frozenset(), standing=k.Standing.DECLINED)
    item = s.Item(1, 1, None, "Doors — “open”", k.ItemKind.DOORS, NOW, 30)
    second = s.Item(2, 2, 1, "Votes", k.ItemKind.VOTES, NOW, 20, "text\nü", k.ItemState.CALLED, NOW)
    second = replace(second, slack=2, room="Hall", people=("Ada",), papers=(PAPER,))
    first = s.Motion(1, 2, 1, "Motion 1", "A", k.MotionKind.MOTION, "That …", seconder=ada.id)
    other = replace(first, id=2, requires=1, seconder=None, outcome=k.Outcome.NOT_CARRIED)
    request = s.FloorRequest(1, 1, ada.id, k.Side.AGAINST, NOW)
    vote = s.Vote(1, 1, "A?", "00", k.Rule.TWO_THIRDS, k.Base.REGISTER, k.VoteState.DECLARED, 1, 2)
    vote = replace(vote, roll=2, closable=True, votes_for=1, votes_against=0, abstentions=1)
    amendment = s.Amendment(1, 1, 1, "1a", "insert", "text", falls_if=(1,), mover=ada.id)
    return s.Meeting(
        s.Conference(1, "C", "2021-02-27", "Europe/London", k.Mode.REAL, item=2, motion=1, vote=2),
        s.Settings(1),
        standing_orders=table(
            s.StandingOrder(1, "One", "text"),
            s.StandingOrder(2, "Two", "text", frozenset({k.Governs.REPLY, k.Governs.QUORUM})),
        ),
        people=table(ada, bea, both, nobody),
        items=table(item, second),
        slots=table(s.Slot(1, 2, 1, "Name", "Talk", 5, both.id, 3), s.Slot(2, 2, 2, "Name", "", 5)),
        appearances=table(
            s.Appearance(1, k.Reply.COMING, NOW, NOW + 300_000, True, k.Ready.STANDING_BY, NOW),
            s.Appearance(2, k.Reply.DECLINED, NOW),
        ),
        stage=s.Stage(1, k.Shows.SPEAKER, 20, NOW, k.Signal.ONE_MINUTE, 2),
        motions=table(first, replace(other, referred=(2, 1), falls_if=(1,))),
        texts=table(s.TextVersion(1, 1, 2, "That.\n\nNew.", (1, 0), NOW, 1)),
        amendments=table(amendment, replace(amendment, id=2, amends=1, falls_if=(), mover=None)),
        procedurals=table(
            s.Procedural(1, k.Procedure.CLOSURE, ada.id, NOW, motion=1, amendment=1),
            s.Procedural(
                2, k.Procedure.SUSPEND, ada.id, NOW, numbers=(2, 1), minutes=10,
                supporters=frozenset({ada.id, both.id}), purpose="r", outcome=k.Outcome.LOST,
            ),
        ),
        points=table(
            s.Point(1, k.PointKind.ORDER, k.PointAbout.LANGUAGE, ada.id, NOW),
            s.Point(
                2, k.PointKind.INFORMATION, k.PointAbout.QUESTION, ada.id, NOW, turn=1,
                state=k.PointState.ANSWERED, ruled_at=NOW, ruled_by=both.id, ruling="r",
            ),
        ),
        leaves=table(s.Leave(1, k.LeaveKind.ACCEPT, 1, NOW, NOW + 1, 1)),
        suspensions=table(s.Suspension(1, 2, frozenset({1, 2}), NOW, NOW + 9)),
        doubles=table(s.Double(1, k.DoubleKind.VOID_VOTE, both.id, NOW, "r", vote=1)),
        requests=table(request),
        turns=table(
            s.Turn(1, 2, k.Side.AGAINST, 120, NOW, 1, 1, None, ada.id, "", NOW, paused_at=NOW),
            s.Turn(2, 2, k.Side.SPEAKER, 300, NOW, slot=1, name="Name"),
        ),
        votes=table(
            vote, s.Vote(2, None, "B", "11", k.Rule.SIMPLE, k.Base.CAST, k.VoteState.OPEN, 3, 4)
        ),
        heads=table(s.Head(1, 1, "{}", "c2ln", "a2V5")),
        rolls=Table(
            {1: s.Roll(1, frozenset({ada.id, both.id})), 2: s.Roll(2, frozenset())}.items()
        ),
        elections=table(
            s.Election(1, None, 2, "Chair", 1, "STV", "https://x.invalid", 1, 2, 9, 1, ada.id)
        ),
        candidates=table(
            s.Candidate(1, 1, 1, "N", woman=True, first_preferences=3), s.Candidate(2, 1, 2, "M")
        ),
        minutes=table(s.Minute(1, NOW, "opened", '{"present":1}')),
        corrections=table(s.Correction(1, "r", both.id, NOW)),
        sessions=table(planned.AgendaSession(1, "Morning", NOW, NOW + 5)),
        versions=table(
            s.AgendaVersion(1, NOW, PLAN, None, NOW), s.AgendaVersion(2, NOW, PLAN, 1, None, True)
        ),
        register_locks=table(s.RegisterLock(1, NOW, None, "00", 3)),
        register_lines=Table([(ada.id, s.RegisterLine(ada.id, "01"))]),
        office_steps=table(
            s.OfficeStep(1, k.OfficeStepKind.ADMIT, both.id, NOW, ada.id),
            s.OfficeStep(
                2, k.OfficeStepKind.EXPORT_LINKS, both.id, NOW,
                state=k.OfficeStepState.TAKEN, second=ada.id, lines=3,
            ),
        ),
        hidden_names=Table([(bea.id, s.HiddenName(bea.id, both.id, NOW))]),
        draws=table(
            s.Draw(
                1, ada.id, NOW, 5, bea.id, 6, (ada.id, bea.id), frozenset({ada.id}),
                frozenset({bea.id}),
            )
        ),
    )  # fmt: skip


def crowd(size: int) -> s.Meeting:
    """A conference of `size` delegates with one question to vote on, not yet open."""
    item = s.Item(1, 1, 1, "Votes", k.ItemKind.VOTES, NOW, 20)
    question = s.Motion(1, 1, 1, "Q", "Shall we?", k.MotionKind.QUESTION, "That we do.")
    chair = s.Person(CHAIR, frozenset({k.Role.CHAIR}), k.Standing.ACCEPTED)
    return s.Meeting(
        s.Conference(1, "C", "2021-02-27", "UTC", k.Mode.DEMONSTRATION, register=size),
        s.Settings(1, quorum=1),
        people=table(chair, *(person(number) for number in range(size))),
        items=table(item),
        motions=table(question),
    )


Step = tuple[a.Act, k.PersonId]

SIGNING = heads.signing_key(b"s" * 32)
SIGNER = to_text(heads.verifying_key(SIGNING))
PUBLIC = envelope.public_key(envelope.private_key(b"v" * 32))
KEY = to_text(PUBLIC)


def signed(head: heads.Box | heads.Count) -> a.SignedHead:
    made = heads.sign(SIGNING, head)
    return a.SignedHead(made.line, to_text(made.signature), SIGNER)


def until_open(size: int) -> list[Step]:
    """The acts that lead a `crowd` to an open vote with everybody on its roll."""
    return [
        *((a.CheckIn(), person(number).id) for number in range(size)),
        (a.OpenConference(), CHAIR),
        (a.CallItem(k.ItemId(1)), CHAIR),
        (a.AnnounceVote(k.MotionId(1)), CHAIR),
        (a.GiveKey(k.VoteId(1), KEY), k.SYSTEM),
        (a.OpenVote(k.VoteId(1)), k.SYSTEM),
    ]


def after(*figures: int, receipts: Sequence[str] = (), roll: int = 0) -> list[Step]:
    """The acts from the open vote to its declared result: for, against, abstentions."""
    vote, sum_ = k.VoteId(1), sum(figures)
    root = merkle.root(sorted(bytes.fromhex(one) for one in receipts)).hex()
    mark = envelope.fingerprint(PUBLIC).hex()
    facts = (roll, sum_, sum_, root, "simple", "cast", roll)
    box = signed(heads.Box("e", 1, heads.FIRST, vote, "00", mark, *facts))
    box_hash = heads.Signed(box.line, b"").hash
    shown = heads.Figures(*figures)
    count_ = signed(heads.Count("e", 2, box_hash, vote, box_hash, sum_, 0, 1, shown))
    return [
        (a.EndVote(vote), k.SYSTEM),
        (a.FixBox(vote, sum_, root, box), k.SYSTEM),
        (a.CountVote(vote, *figures, head=count_), k.SYSTEM),
        (a.DeclareResult(vote), CHAIR),
    ]


async def begin(store: Store, meeting: s.Meeting) -> s.Meeting:
    async with store.transaction() as tx:
        await tx.write(None, meeting)
        await tx.journal_picture(NOW, k.SYSTEM, meeting, "loaded")
    return meeting


async def hold(store: Store, meeting: s.Meeting, steps: list[Step], at: int = NOW) -> s.Meeting:
    """Do these acts as the clerk does, each in its own transaction."""
    for place, (act, by) in enumerate(steps):
        result = take(meeting, act, by, at + place)
        assert isinstance(result, s.Meeting), (act, result)
        async with store.transaction() as tx:
            await tx.write(meeting, result)
            await tx.journal_act(at + place, by, act)
        meeting = result
    return meeting


def papers(size: int, press: str = "a", choice: k.Choice = k.Choice.FOR):
    return [
        ballots.BallotPaper(
            k.VoteId(1), person(number).id, f"{press}{number}", choice, choice, choice
        )
        for number in range(size)
    ]


async def held(store: Store, size: int = 5) -> s.Meeting:
    """A conference with one declared vote: three for, the rest against."""
    meeting = await hold(store, await begin(store, crowd(size)), until_open(size))
    async with store.transaction() as tx:
        cast = papers(3) + papers(size, choice=k.Choice.AGAINST)[3:]
        receipts = [f"{number:064x}" for number in range(size)]
        cast = [structs.replace(p, receipt=r) for p, r in zip(cast, receipts, strict=True)]
        assert set(await ballots.put(tx, cast)) == {ballots.BallotAnswer.RECORDED}
    steps = after(3, size - 3, 0, receipts=receipts, roll=size)
    meeting = await hold(store, meeting, steps[:2], NOW + 100_000)
    async with store.transaction() as tx:
        await ballots.put_receipts(tx, k.VoteId(1), {p.person: p.receipt for p in cast})
        await ballots.put_opened(tx, k.VoteId(1), [p.paper for p in cast])
    return await hold(store, meeting, steps[2:], NOW + 100_002)


def random_row(chance: random.Random, meeting: s.Meeting, part: rows.Collection, key: Any) -> Any:
    """A row of any content whose references point to rows that exist."""
    values: rows.Row = {}
    for column in part.columns:
        values[column.name] = _random_value(chance, meeting, part, column)
    values[part.key] = key
    if part.table == "vote":
        values |= {"roll": 3000, "state": chance.choice(["announced", "closed", "void"])}
    return rows.from_row(part.row, values)


def _random_value(chance, meeting, part, column) -> rows.Value:
    if column.name == "people":
        return rows.canonical(sorted(p for p in meeting.people if chance.random() < 0.5))
    keys = schema.MEETING[part.table].c[column.name].foreign_keys
    if keys:
        target = next(iter(keys)).column.table.name
        field = next(p.field for p in rows.COLLECTIONS if p.table == target)
        known = list(getattr(meeting, field))
        return None if column.optional and chance.random() < 0.3 else chance.choice(known)
    if column.optional and chance.random() < 0.3:
        return None
    if column.allowed:
        return chance.choice(column.allowed)
    if column.boolean:
        return chance.randrange(2)
    if column.json:
        if column.name == "plan":
            return column.encode(PLAN)
        return rows.canonical(sorted(_some(chance, meeting, typing.get_args(column.hint)[0])))
    if column.name == "facts":
        return "{}"
    return chance.choice(["", "x", "ß\n'\"", "\u2028"]) if column.text else chance.randrange(900)


def _some(chance: random.Random, meeting: s.Meeting, kind: Any) -> list[Any]:
    """A few elements of a set or tuple of this kind."""
    if kind is planned.ItemPaper:
        return []
    if isinstance(kind, type) and issubclass(kind, Enum):
        return chance.sample([member.value for member in kind], 2)
    if getattr(kind, "__supertype__", kind) is str:
        return [person for person in meeting.people if chance.random() < 0.3]
    return chance.sample(range(1, 9), 2)


@contextmanager
def statements(store: Store) -> Iterator[list[tuple[str, int]]]:
    """What is sent to the database by the writer: the statement, and for how many rows."""
    seen: list[tuple[str, int]] = []

    def note(_conn, _cursor, statement, parameters, _context, many) -> None:
        seen.append((" ".join(statement.split()), len(parameters) if many else 1))

    engine = store._connections.writer.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


def tamper(data: Path, *changes: str) -> None:
    """Change the closed database behind the store's back."""
    with closing(sqlite3.connect(data / "conference.db", isolation_level=None)) as connection:
        for change in changes:
            assert connection.execute(change).rowcount != 0, change
