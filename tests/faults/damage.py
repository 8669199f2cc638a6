"""Bytes and rows that somebody or something has changed: noticed, or without effect on any result."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from conference.store import StoreError, schema
from conference.store.verify import verify
from tests.faults.history import opened

RESULTS = (
    "SELECT id, state, votes_for, votes_against, abstentions, invalid, outcome, root FROM vote",
    "SELECT vote, place, paper FROM opened_ballot",
    "SELECT vote, person, receipt FROM ballot",
)
"""What must never be wrong without a word."""


def results(data: Path) -> list[list[tuple[object, ...]]]:
    """Everything that a result consists of."""
    path = data / "conference.db"
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        return [sorted(database.execute(query).fetchall(), key=repr) for query in RESULTS]


def last_line(data: Path) -> int:
    path = data / "conference.db"
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        return int(database.execute("SELECT max(number) FROM journal").fetchone()[0])


async def flips(sound: Path, folder: Path, seed: object, trials: int) -> Counter[str]:
    """Flip bytes of the file, or of the log, in so many copies; what became of it, by its kind.

    *silently wrong* is what must not be. *earlier* is a log that ends before its end, as SQLite takes
    it after a damage: a state that was committed once, sound, but not the last.
    """
    chance = random.Random(f"{seed} flips")
    shutil.copytree(sound, folder / "whole")
    await _opened(folder / "whole")
    wanted, newest = results(folder / "whole"), last_line(folder / "whole")
    kinds: Counter[str] = Counter()
    for number in range(trials):
        copy = folder / f"flip-{number}"
        shutil.copytree(sound, copy)
        files = [f for f in ("conference.db", "conference.db-wal") if (copy / f).exists()]
        _flip(copy / chance.choice(files), chance)
        kinds[await _kind(copy, wanted, newest)] += 1
        shutil.rmtree(copy)
    return kinds


def _flip(path: Path, chance: random.Random) -> None:
    content = bytearray(path.read_bytes())
    for _ in range(chance.choice((1, 1, 8, 64))):
        if content:
            content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    path.write_bytes(content)


async def _kind(copy: Path, wanted: list[list[tuple[object, ...]]], newest: int) -> str:
    try:
        await _opened(copy)
        if verify(copy):
            return "named by verify"
        if results(copy) == wanted:
            return "no result touched"
        return "earlier" if last_line(copy) < newest else "silently wrong"
    except (StoreError, sqlite3.Error):
        return "refused at the start"


async def _opened(data: Path) -> None:
    """Open and close it as a start does; whatever stops that is said as a StoreError."""
    try:
        await opened(data)
    except StoreError:
        raise
    except Exception as error:
        raise StoreError("corrupt", repr(error)) from error


TABLES = {
    **{name: list(table.columns.keys()) for name, table in schema.MEETING.items()},
    "roll_person": ["vote", "person"],
    "ballot": ["vote", "person", "receipt"],
    "opened_ballot": ["vote", "place", "paper"],
    "journal": list(schema.journal.columns.keys()),
}
"""Every column of every table that a result or the meeting is made of."""


@dataclass
class Rows:
    """What became of changed rows."""

    changed: int = 0
    tables: set[str] = field(default_factory=set)
    unseen: list[str] = field(default_factory=list)
    """Columns whose change `verify` has not named."""


def rows(sound: list[Path], folder: Path, seed: object, most: int) -> Rows:
    """Change one row by hand in up to `most` columns of each table, each in a copy of its own."""
    chance, done = random.Random(f"{seed} rows"), Rows()
    for table, columns in TABLES.items():
        for column in chance.sample(columns, min(most, len(columns))):
            for data in sound:
                copy = folder / "spoiled"
                shutil.copytree(data, copy)
                changed = spoil(copy, table, column, chance)
                if changed:
                    done.changed += 1
                    done.tables.add(table)
                    done.unseen += _unseen(copy, f"{table}.{column}")
                shutil.rmtree(copy)
                if changed:
                    break
    return done


def _unseen(copy: Path, what: str) -> list[str]:
    try:
        return [] if verify(copy) else [what]
    except StoreError:
        return []
    except Exception as error:  # noqa: BLE001  (verify must say what is wrong, not break)
        return [f"{what}: {error!r}"]


def spoil(data: Path, table: str, column: str, chance: random.Random) -> bool:
    """Change this column in one row by hand, past every constraint; False when there is no row."""
    with closing(sqlite3.connect(data / "conference.db", isolation_level=None)) as database:
        database.execute("PRAGMA ignore_check_constraints=ON")
        keys = _keys(database, table)
        rows = database.execute(f"SELECT {', '.join([*keys, column])} FROM {table}").fetchall()
        if not rows:
            return False
        *key, value = chance.choice(rows)
        where = " AND ".join(f"{name} = ?" for name in keys)
        database.execute(
            f"UPDATE {table} SET {column} = ? WHERE {where}",
            (_other(value, _type(database, table, column)), *key),
        )
        return True


def _keys(database: sqlite3.Connection, table: str) -> list[str]:
    found = database.execute("SELECT name FROM pragma_table_info(?) WHERE pk > 0", (table,))
    return [str(name) for (name,) in found]


def _type(database: sqlite3.Connection, table: str, column: str) -> str:
    query = "SELECT type FROM pragma_table_info(?) WHERE name = ?"
    return str(database.execute(query, (table, column)).fetchone()[0])


def _other(value: object, kind: str) -> object:
    """Another value of the same kind."""
    if kind == "INTEGER":
        return int(str(value or 0)) + 1_000_003
    text = str(value or "")
    if text[:1] in {"[", "{"}:
        return "[]" if text != "[]" else '["x"]'
    return text[:-1] + ("~" if text[-1:] != "~" else "x")
