"""Connections: one that writes, a few that only read, and an end that never hangs.

Transactions are begun by us, not by the driver (`isolation_level=None` and a "begin" event, as
SQLAlchemy's documentation recommends): the writer takes the write lock at once, a reader sees one
state of the database from its first statement to its last. Only the writing connection ever
checkpoints: the readers are opened read-only.
"""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

import aiosqlite
from sqlalchemy import AsyncAdaptedQueuePool, event
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from conference.store import signed_in

T = TypeVar("T")

BUSY_MS = 5000
READERS = 4
_CLOSING_SECONDS = 5.0

_COMMON = (f"PRAGMA busy_timeout={BUSY_MS}", "PRAGMA foreign_keys=ON")
WRITER_PRAGMAS = (
    *_COMMON,
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA secure_delete=ON",
    # The store does it (`Store.transaction`): SQLite's own says nothing when it fails.
    "PRAGMA wal_autocheckpoint=0",
)
READER_PRAGMAS = (*_COMMON, "PRAGMA query_only=ON", "PRAGMA wal_autocheckpoint=0")

_HAS_SESSIONS = "SELECT 1 FROM main.sqlite_master WHERE type = 'table' AND name = 'session'"


class Connections:
    """The engines of one database file, and every connection they ever opened."""

    def __init__(self, path: Path) -> None:
        """Connect to nothing yet; `path` must exist when the first connection is made."""
        self._path = path
        self._raw: set[aiosqlite.Connection] = set()
        self.touched: set[str] = set()
        """Whose sign-ins the running transaction has touched."""
        self.writer = self._engine("rw", WRITER_PRAGMAS, "BEGIN IMMEDIATE", 1)
        self.readers = self._engine("ro", READER_PRAGMAS, "BEGIN", READERS)

    def _engine(self, mode: str, pragmas: tuple[str, ...], begin: str, size: int) -> AsyncEngine:
        uri = f"file:{quote(str(self._path))}?mode={mode}"

        async def connect() -> aiosqlite.Connection:
            raw = await aiosqlite.connect(uri, uri=True, isolation_level=None)
            self._raw = {held for held in self._raw if _runs(held)} | {raw}
            try:
                for pragma in pragmas:
                    await raw.execute_fetchall(pragma)
                if mode == "rw":
                    await self._watch_sign_ins(raw)
            except BaseException:
                await _stop(raw)
                raise
            return raw

        engine = create_async_engine(
            "sqlite+aiosqlite://",
            async_creator=connect,
            pool_size=size,
            max_overflow=0,
            pool_timeout=30,
            poolclass=AsyncAdaptedQueuePool,
            pool_reset_on_return=None,  # `_undo` does it where there is something to undo
            hide_parameters=True,  # an error is logged, names and addresses are not
        )

        def do_begin(connection: Any) -> None:
            connection.exec_driver_sql(begin)

        event.listen(engine.sync_engine, "begin", do_begin)
        event.listen(engine.sync_engine, "reset", _undo)
        return engine

    async def _watch_sign_ins(self, raw: aiosqlite.Connection) -> None:
        """Note in `touched` whose sign-ins this connection touches, from the first transaction on."""
        await raw.create_function(signed_in.NOTE, 1, self.touched.add)
        if await raw.execute_fetchall(_HAS_SESSIONS):
            for trigger in signed_in.TRIGGERS:
                await raw.execute_fetchall(trigger)

    async def close(self) -> None:
        """Close every connection, the writing one last; a query still running is interrupted."""
        for engine in (self.readers, self.writer):
            await engine.dispose()
        for raw in self._raw:
            if _runs(raw):
                with contextlib.suppress(Exception):
                    await raw.interrupt()
                await _stop(raw)
        self._raw.clear()


async def in_its_thread(conn: AsyncConnection, work: Callable[[sqlite3.Connection], T]) -> T:
    """Let `work` use the connection in the database's own thread, in one go.

    For what comes a thousand times a second: each statement that is awaited by itself costs two turns
    between threads. What SQLite raises is raised as it is.
    """
    raw = await conn.get_raw_connection()
    driver: Any = raw.driver_connection
    done: T = await driver._execute(work, driver._conn)  # noqa: SLF001 - it offers no other way
    return done


def _undo(connection: Any, record: Any, _state: object) -> None:
    """Undo what a transaction that was not ended has done, before the connection is used again.

    Asked for each time, as the pool does by itself, it would be one more turn between threads for
    every batch of ballots and every page.
    """
    if record.driver_connection.in_transaction:
        connection.rollback()


def _runs(raw: aiosqlite.Connection) -> bool:
    return raw._running  # noqa: SLF001 - the driver offers no other way to ask


async def _stop(raw: aiosqlite.Connection) -> None:
    """Close `raw` and end its thread. A thread that does not answer is left behind, not awaited."""
    future = raw.stop()
    if future is not None:
        with contextlib.suppress(Exception):
            await asyncio.wait_for(future, _CLOSING_SECONDS)
