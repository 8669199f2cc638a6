"""Looks at a whole database and says what is wrong with it, without changing anything."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from conference.store import boxes, inspect, journal, rows
from conference.store.database import FILE
from conference.store.errors import ReplayError, StoreError
from conference.store.journal import Line, rules_version

_SHOWN = 5
"""How many findings of one kind are named."""

_RECOUNT = """
    SELECT vote.id, vote.votes_for, vote.votes_against, vote.abstentions, vote.invalid,
        count(*) FILTER (WHERE list.paper = 'for') AS counted_for,
        count(*) FILTER (WHERE list.paper = 'against') AS counted_against,
        count(*) FILTER (WHERE list.paper = 'abstain') AS counted_abstentions,
        count(*) FILTER (WHERE list.paper NOT IN ('for', 'against', 'abstain')) AS counted_invalid
    FROM vote LEFT JOIN (
        SELECT vote, paper, 0 AS by_name FROM opened_ballot
        UNION ALL SELECT vote, paper, 1 FROM ballot
    ) AS list ON list.vote = vote.id AND list.by_name = vote.by_name
    WHERE vote.state IN ('counted', 'declared')
    GROUP BY vote.id
"""
_LEFT_BEHIND = """
    SELECT vote.id, count(*) AS envelopes FROM vote JOIN ballot ON ballot.vote = vote.id
    WHERE vote.by_name = 0 AND vote.state IN ('counted', 'declared', 'void')
        AND ballot.paper IS NOT NULL
    GROUP BY vote.id
"""
_TOO_MANY = """
    SELECT vote.id, vote.roll, count(*) AS cast FROM vote JOIN ballot ON ballot.vote = vote.id
    GROUP BY vote.id HAVING count(*) > vote.roll
"""
_OUT_OF_ORDER = """
    SELECT DISTINCT vote FROM (
        SELECT vote, place, row_number() OVER (PARTITION BY vote ORDER BY paper, place) AS wanted
        FROM opened_ballot
    ) WHERE place <> wanted
"""
_ROLL_SIZES = """
    SELECT vote.id, vote.roll, count(*) AS people
    FROM vote JOIN roll_person ON roll_person.vote = vote.id
    GROUP BY vote.id HAVING count(*) <> vote.roll
"""
_STRANGERS = """
    SELECT ballot.vote, count(*) AS ballots FROM ballot
    WHERE NOT EXISTS (SELECT 1 FROM roll_person
        WHERE roll_person.vote = ballot.vote AND roll_person.person = ballot.person)
    GROUP BY ballot.vote
"""


def verify(data: Path, *, other_rules: bool = False) -> list[str]:
    """What is wrong with the database of `data`, one sentence each; empty when it is well.

    Checked are the file, the foreign keys, the chain of the journal, that replaying the journal
    gives the stored rows, that the ballots add up to what is stored, and that every box is the one
    that was signed. With `other_rules` a journal that ends under another version of the rules is not
    replayed: only that version could. Works while a server writes. Raises StoreError when there is
    nothing that could be checked.
    """
    path = data / FILE
    if not path.is_file():
        raise StoreError("missing", f"There is no database at {path}.")
    try:
        inspect.revision(path)
        with inspect.opened(path) as connection:
            connection.row_factory = sqlite3.Row
            connection.execute("BEGIN")
            return [
                *_file(connection),
                *_journal(connection, other_rules=other_rules),
                *_votes(connection),
                *boxes.findings(connection),
            ]
    except StoreError as error:
        if error.code == "corrupt":
            return [error.sentence]
        raise


def _file(connection: sqlite3.Connection) -> Iterator[str]:
    for row in connection.execute("PRAGMA integrity_check").fetchall():
        if row[0] != "ok":
            yield f"file: {row[0]}"
    for table, _, parent, _ in connection.execute("PRAGMA foreign_key_check").fetchmany(_SHOWN):
        yield f"{table}: a row refers to a row of {parent} that does not exist"


def _select(connection: sqlite3.Connection, table: str) -> list[dict[str, Any]]:
    key = "number" if table == "journal" else "1"
    return [dict(row) for row in connection.execute(f"SELECT * FROM {table} ORDER BY {key}")]  # noqa: S608


def _stored(connection: sqlite3.Connection) -> rows.Snapshot:
    found = {part.table: _select(connection, part.table) for part in rows.COLLECTIONS}
    pairs = ((row["vote"], row["person"]) for row in _select(connection, "roll_person"))
    found["roll"] = rows.roll_rows(found["roll"], pairs)
    return found


def _journal(connection: sqlite3.Connection, *, other_rules: bool) -> Iterator[str]:
    found = [Line(**row) for row in _select(connection, "journal")]
    yield from journal.check_chain(found)
    if other_rules and found and found[-1].rules_version != rules_version():
        return
    stored = _stored(connection)
    if not found and not any(stored.values()):
        return
    try:
        replayed = rows.snapshot(journal.replay(found))
    except ReplayError as error:
        yield str(error)
        return
    for part in rows.COLLECTIONS:
        yield from _compare(part, stored[part.table], replayed[part.table])


def _compare(part: rows.Collection, stored: list[rows.Row], replayed: list[rows.Row]) -> list[str]:
    """How the stored rows of one table differ from those the journal leads to."""
    if stored == replayed:
        return []
    here = {row[part.key]: row for row in stored}
    there = {row[part.key]: row for row in replayed}
    differing = [key for key in {**here, **there} if here.get(key) != there.get(key)]
    named = [_difference(key, here.get(key), there.get(key)) for key in differing[:_SHOWN]]
    more = f" and {len(differing) - _SHOWN} more" if len(differing) > _SHOWN else ""
    return [f"{part.table}: rows and journal differ: {'; '.join(named)}{more}"]


def _difference(key: object, stored: rows.Row | None, replayed: rows.Row | None) -> str:
    if stored is None:
        return f"{key} is missing"
    if replayed is None:
        return f"{key} is in no act"
    return f"{key} ({', '.join(sorted(n for n in stored if stored[n] != replayed.get(n)))})"


def _votes(connection: sqlite3.Connection) -> Iterator[str]:
    gone = connection.execute("SELECT 1 FROM meta WHERE key = 'ballots_gone'").fetchone()
    for row in () if gone else connection.execute(_RECOUNT):
        names = ("for", "against", "abstentions", "invalid")
        stored = (row["votes_for"], row["votes_against"], row["abstentions"], row["invalid"])
        counted = tuple(row[f"counted_{name}"] for name in names)
        if stored != counted:
            yield f"vote {row['id']}: the ballots give {counted}, stored is {stored}"
    for row in connection.execute(_LEFT_BEHIND):
        yield f"vote {row['id']}: {row['envelopes']} envelopes are still there after the count"
    for row in connection.execute(_TOO_MANY):
        yield f"vote {row['id']}: {row['cast']} ballots, {row['roll']} people on the roll"
    for row in connection.execute(_OUT_OF_ORDER):
        yield f"vote {row['vote']}: the list of what was in its envelopes is not in order"
    for row in connection.execute(_ROLL_SIZES):
        yield f"vote {row['id']}: its roll has {row['people']} people, stored is {row['roll']}"
    for row in connection.execute(_STRANGERS):
        yield f"vote {row['vote']}: {row['ballots']} ballots of people who are not on its roll"
    opened = connection.execute("SELECT count(*) FROM vote WHERE state = 'open'").fetchone()[0]
    if opened > 1:
        yield f"{opened} votes are open at once"
