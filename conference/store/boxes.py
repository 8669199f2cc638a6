"""Checks the boxes of sealed votes, the chain of heads over them, and the roll-calls."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from conference.rules import figures
from conference.rules.kinds import VoteId
from conference.sealing import heads, merkle, roll_call
from conference.sealing.bytes import from_text


def findings(connection: sqlite3.Connection) -> Iterator[str]:
    """What is wrong with what was signed, one sentence each; `connection` gives rows by name."""
    yield from _chains(connection)
    if _column(connection, "SELECT value FROM meta WHERE key = ?", "ballots_gone"):
        return  # their time was up: only the heads are left
    for row in connection.execute("SELECT * FROM vote WHERE root <> '' ORDER BY id").fetchall():
        yield from (_called(connection, row) if row["by_name"] else _box(connection, row))


def _chains(connection: sqlite3.Connection) -> Iterator[str]:
    rows = connection.execute("SELECT * FROM head ORDER BY id").fetchall()
    for signer in sorted({str(row["signer"]) for row in rows}):
        own = [row for row in rows if row["signer"] == signer]
        signed = [heads.Signed(r["line"], from_text(r["signature"]) or b"") for r in own]
        if wrong := heads.broken(from_text(signer) or b"", signed):
            yield f"heads: {wrong}"


def _box(connection: sqlite3.Connection, vote: sqlite3.Row) -> Iterator[str]:
    """How the receipts and the figures of a vote differ from what its heads say."""
    if vote["state"] == "void" and vote["votes_for"] is None:
        return  # its envelopes went uncounted
    entries = _column(connection, "SELECT receipt FROM ballot WHERE vote = ?", vote["id"])
    root = _root(entries)
    if (root, len(entries)) != (vote["root"], vote["envelopes"]):
        yield f"vote {vote['id']}: the receipts are not those of the box that was fixed"
    found = [heads.read(line) for line in _lines(connection, vote)]
    for head in found:
        if isinstance(head, heads.Box):
            same = (head.root, head.envelopes, head.roll) == (root, len(entries), vote["roll"])
        else:
            same = head is not None and _says(head, vote)
        if not same:
            yield f"vote {vote['id']}: a head says something else than the vote's row"
    wanted = [heads.Box] if vote["votes_for"] is None else [heads.Box, heads.Count]
    if [type(head) for head in found] != wanted:
        yield f"vote {vote['id']}: it has {len(found)} heads, {len(wanted)} were expected"


def _root(entries: list[str]) -> str:
    """The root of the tree over these receipts; empty when one of them is none."""
    try:
        return merkle.root(sorted(bytes.fromhex(entry) for entry in entries)).hex()
    except ValueError:
        return ""


def _says(head: heads.Count, vote: sqlite3.Row) -> bool:
    sides = (vote["votes_for"], vote["votes_against"], vote["abstentions"])
    withheld = figures.withheld(sides, vote["fewest"], small_side=bool(vote["small_side"]))
    shown = None if withheld else heads.Figures(*sides)
    return (head.figures, head.counted, head.invalid) == (shown, sum(sides), vote["invalid"])


def _called(connection: sqlite3.Connection, vote: sqlite3.Row) -> Iterator[str]:
    """How the lines of a roll-call differ from the hash that was put down at its count."""
    wanted = "SELECT name, paper, hash FROM roll_call WHERE vote = ? ORDER BY place"
    lines = connection.execute(wanted, (vote["id"],)).fetchall()
    first = roll_call.start(VoteId(vote["id"]), vote["text_hash"])
    chain = roll_call.chain(first, [(line["name"], line["paper"]) for line in lines])
    if (chain[-1] if chain else first) != vote["root"]:
        yield f"vote {vote['id']}: its roll-call is not the one that was counted"


def _lines(connection: sqlite3.Connection, vote: sqlite3.Row) -> list[str]:
    return _column(connection, "SELECT line FROM head WHERE vote = ? ORDER BY id", vote["id"])


def _column(connection: sqlite3.Connection, query: str, value: object) -> list[str]:
    return [str(row[0]) for row in connection.execute(query, (value,))]
