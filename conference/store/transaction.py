"""What can be done inside a transaction: read, write the meeting, add a journal line."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects.sqlite import Insert, insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncTransaction
from sqlalchemy.sql.dml import Delete

from conference.rules.acts import Act
from conference.rules.kinds import PersonId
from conference.rules.state import Meeting
from conference.store import journal, rows, schema

_CLEAR_ROLLS = "DELETE FROM roll_person WHERE vote IN (SELECT value FROM json_each(?))"
_FILL_ROLL = "INSERT INTO roll_person (vote, person) SELECT ?1, value FROM json_each(?2)"


def _upsert(part: rows.Collection) -> Insert:
    table = schema.MEETING[part.table]
    made = insert(table)
    changed = {column.name: made.excluded[column.name] for column in table.columns}
    del changed[part.key]
    if not changed:
        return made.on_conflict_do_nothing()
    return made.on_conflict_do_update(index_elements=[part.key], set_=changed)


def _delete(part: rows.Collection) -> Delete:
    return delete(schema.MEETING[part.table]).where(
        schema.MEETING[part.table].c[part.key] == bindparam("row_key")
    )


_UPSERTS = {part.table: _upsert(part) for part in rows.COLLECTIONS}
_DELETES = {part.table: _delete(part) for part in rows.COLLECTIONS}


class Reader:
    """One consistent view of the database."""

    def __init__(self, conn: AsyncConnection) -> None:
        """Read through `conn`, in the transaction it is in."""
        self.conn = conn


class Savepoint:
    """A point inside a transaction to which it can be taken back."""

    def __init__(self, nested: AsyncTransaction) -> None:
        """Hold the nested transaction."""
        self._nested = nested

    async def rollback(self) -> None:
        """Undo what was done since the point; nothing more can be done before its block ends."""
        await self._nested.rollback()


class Tx(Reader):
    """The one writing transaction. What is done here is stored at its end, or not at all."""

    def __init__(self, conn: AsyncConnection) -> None:
        """Write through `conn`."""
        super().__init__(conn)
        self._tail: tuple[int, str] | None = None

    async def write(self, before: Meeting | None, after: Meeting) -> None:
        """Store what leads from `before` to `after`; `before` must be what is stored now.

        A collection that is the same object costs nothing, a changed one costs its changed rows.
        None as `before` means that nothing is stored, and writes everything. Foreign keys are
        checked at COMMIT; a row that breaks a constraint of its own raises IntegrityError here.
        """
        if before is after:
            return
        for part in rows.COLLECTIONS:
            old = None if before is None else getattr(before, part.field)
            new = getattr(after, part.field)
            if old is not new:
                await self._write_collection(part, *_changes(part, old, new))

    async def _write_collection(
        self, part: rows.Collection, stored: dict[Any, Any], deleted: list[Any]
    ) -> None:
        if rows.is_roll(part) and (stored or deleted):
            await self.conn.exec_driver_sql(_CLEAR_ROLLS, (json.dumps([*stored, *deleted]),))
        if deleted:
            keys = [{"row_key": key} for key in deleted]
            await self.conn.execute(_DELETES[part.table], keys)
        if stored:
            values = [_values(part, row) for row in stored.values()]
            await self.conn.execute(_UPSERTS[part.table], values)
        if rows.is_roll(part) and stored:
            await self._fill_rolls(stored.values())

    async def _fill_rolls(self, rolls: Iterable[Any]) -> None:
        for roll in rolls:
            people = json.dumps(sorted(roll.people))  # in the order of the table's key
            await self.conn.exec_driver_sql(_FILL_ROLL, (roll.vote, people))

    async def journal_act(self, at: int, who: PersonId, act: Act) -> int:
        """Add one line for `act` as it was handed in and return its number."""
        return await self.journal_acts([(at, who, act)])

    async def journal_acts(self, acts: Iterable[tuple[int, PersonId, Act]]) -> int:
        """Add one line for each of these acts, in one statement; the last number comes back."""
        encoded = [(at, who, "act", journal.encode_act(act)) for at, who, act in acts]
        return await self._append(encoded)

    async def journal_picture(self, at: int, who: PersonId, meeting: Meeting, why: str) -> int:
        """Add one line that holds all rows of `meeting`: a replay can start here."""
        return await self._append([(at, who, "picture", journal.picture_body(meeting, why))])

    async def _append(self, entries: Iterable[tuple[int, PersonId, str, dict[str, Any]]]) -> int:
        number, previous = self._tail or await self._last_line()
        lines: list[rows.Row] = []
        for at, who, kind, body in entries:
            line = journal.make_line(number + 1, at, who, kind, body, previous)
            number, previous = line.number, line.hash
            lines.append(line.to_row())
        if lines:
            await self.conn.execute(insert(schema.journal), lines)
        self._tail = (number, previous)
        return number

    async def _last_line(self) -> tuple[int, str]:
        line = schema.journal.c
        last = select(line.number, line.hash).order_by(line.number.desc()).limit(1)
        found = (await self.conn.execute(last)).first()
        return (found.number, found.hash) if found else (0, "")

    @asynccontextmanager
    async def savepoint(self) -> AsyncIterator[Savepoint]:
        """Undo what is done inside when it raises or is rolled back; the transaction goes on."""
        tail, kept = self._tail, False
        try:
            async with self.conn.begin_nested() as nested:
                yield Savepoint(nested)
                kept = nested.is_active
        finally:
            if not kept:
                self._tail = tail


def _changes(part: rows.Collection, old: Any, new: Any) -> tuple[dict[Any, Any], list[Any]]:
    """Rows to store by id, and ids to delete."""
    if not part.single:
        return (dict(new), []) if old is None else old.changes(new)
    key = getattr(new, part.key)
    gone = [] if old is None or getattr(old, part.key) == key else [getattr(old, part.key)]
    return {key: new}, gone


def _values(part: rows.Collection, row: Any) -> rows.Row:
    return rows.to_row(row, without="people" if rows.is_roll(part) else "")
