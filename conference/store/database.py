"""The store: the one database file of a conference, `DATA/conference.db`."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from conference.rules.kinds import PersonId
from conference.rules.state import Meeting
from conference.store import ballots, inspect, meta, rows, schema, signed_in
from conference.store.ballast import Ballast
from conference.store.ballots import BallotAnswer, BallotPaper
from conference.store.engine import Connections, in_its_thread
from conference.store.errors import (
    CommitFailed,
    StoreError,
    commit_failed,
    machine_failed,
    primary_code,
    store_error,
)
from conference.store.migrate import upgrade
from conference.store.signed_in import SignedIn
from conference.store.signins import Session
from conference.store.transaction import Reader, Tx

FILE = "conference.db"
BACKUPS = "backups"
_CLOSING_SECONDS = 5.0
COMMITS, LOG_BYTES = 200, 4 * 1024 * 1024
"""The log is copied into the file after so many commits, or when it has grown by so much."""
T = TypeVar("T")


class Store:
    """One open database. Only this process may write to it."""

    def __init__(self, data: Path, connections: Connections) -> None:
        """Use `open` instead."""
        self.data = data
        self.epoch = ""
        self.signed_in = SignedIn()
        self._connections = connections
        self._writing = asyncio.Lock()
        self.fatal: Callable[[], None] = lambda: None
        """Called at once when the disk or the file fails: nothing can be stored any more."""
        self.ballast = Ballast(data)
        """Given up when the disk is full: what was refused may then be asked again."""
        self._failed: CommitFailed | None = None
        self._commits = 0
        self._log_bytes = 0

    @classmethod
    async def open(cls, data: Path, *, now: int, token: Callable[[], str]) -> Store:
        """The database in `data` exists, has the newest schema and is ready.

        A new one gets an epoch and a salt from `token`. Before an existing one is migrated,
        `DATA/backups/before-migration-<revision>-<now>.db` is made. Raises StoreError when the
        folder cannot be written or the file is not a sound database that this version knows.
        """
        path = _prepare(data)
        found = await asyncio.to_thread(inspect.revision, path, "rw")
        if found is not None and found != inspect.REVISIONS[-1]:
            name = f"before-migration-{found}-{now}.db"
            await asyncio.to_thread(inspect.copy, path, backup_folder(data) / name)
        store = cls(data, Connections(path))
        try:
            await store._start(found, now, token)
        except BaseException as error:
            await store.close()
            cause = error.__cause__ if isinstance(error, CommitFailed) else error
            if isinstance(cause, DBAPIError) and primary_code(cause) != sqlite3.SQLITE_ERROR:
                raise store_error(cause, path) from error
            raise
        return store

    async def _start(self, found: str | None, now: int, token: Callable[[], str]) -> None:
        if found != inspect.REVISIONS[-1]:
            async with self.transaction() as tx:
                await tx.conn.run_sync(upgrade)
                if found is None:
                    await meta.put(tx, meta.EPOCH, token())
                    await meta.put(tx, meta.SALT, token())
                    await meta.put(tx, meta.CREATED_AT, str(now))
            await self.checkpoint()  # what a migration took away is gone from the log, too
        async with self.transaction() as tx:  # shows now, not later, that it can be written
            self.epoch = await meta.get(tx, meta.EPOCH) or ""
            for trigger in signed_in.TRIGGERS:
                await tx.conn.exec_driver_sql(trigger)
        if not self.epoch:
            raise StoreError("corrupt", f"{self.data / FILE} has no epoch.")

    async def close(self) -> None:
        """Every connection is closed. A transaction still running gets a few seconds, no more."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_CLOSING_SECONDS):
                await self._writing.acquire()
        await self._connections.close()
        if self._writing.locked():
            self._writing.release()

    async def load(self) -> Meeting | None:
        """The meeting as it is stored, or None when nothing has been loaded yet.

        Afterwards `signed_in` knows everybody, too.
        """
        async with self._writing, self.reading() as reader:  # nobody signs in meanwhile
            self.signed_in = SignedIn(await signed_in.everybodys(reader))
            return await load(reader)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Tx]:
        """A transaction that holds the write lock: stored and fsynced at the end, or not at all.

        What is raised inside undoes everything and is raised again. When the disk or the file
        fails, inside or at COMMIT, CommitFailed is raised instead and says whether it is fatal.
        After a fatal one nothing is ever stored here again: what the kernel could not write it may
        have forgotten, and a second try would succeed and mean nothing.
        """
        async with self._writing, self._connections.writer.connect() as conn:
            self._refuse_when_failed()
            touched = self._connections.touched
            touched.clear()
            try:
                await conn.begin()
                yield Tx(conn)
                changed = await signed_in.rows_of(Reader(conn), touched) if touched else []
            except BaseException as error:
                with contextlib.suppress(DBAPIError):
                    await _whole(conn.rollback())
                if machine_failed(error):
                    raise self._failing(error) from error
                raise
            await _whole(self._commit(conn, touched, changed))

    async def put_ballots(
        self, papers: Sequence[BallotPaper], *, final: bool
    ) -> list[BallotAnswer]:
        """Store ballots and nothing else, in a transaction of their own; as `ballots.put`.

        All of it is one turn in the database's thread: thousands may come within a second. Raises as
        `transaction` does.
        """
        async with self._writing, self._connections.writer.connect() as conn:
            self._refuse_when_failed()
            work = partial(ballots.put_alone, papers=papers, final=final)
            try:
                answers = await _whole(in_its_thread(conn, work))
            except CommitFailed as failed:
                raise self._remember(failed) from failed.__cause__
            except sqlite3.Error as error:
                if machine_failed(error):
                    raise self._failing(error) from error
                raise
            await self._committed(conn)
            return answers

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Reader]:
        """One consistent view of what is committed; it cannot write."""
        async with self._connections.readers.connect() as conn:
            yield Reader(conn)

    @classmethod
    @asynccontextmanager
    async def looking(cls, data: Path) -> AsyncIterator[Reader]:
        """One consistent view of the database in `data`, beside whoever owns it; cannot write.

        Raises StoreError when there is none, or none that this version knows.
        """
        path = data / FILE
        if not path.is_file():
            raise StoreError("missing", f"There is no database at {path}.")
        if await asyncio.to_thread(inspect.revision, path) != inspect.REVISIONS[-1]:
            raise StoreError("not_ours", f"{path} was not made by this version.")
        connections = Connections(path)
        try:
            async with connections.readers.connect() as conn:
                yield Reader(conn)
        finally:
            await connections.close()

    async def checkpoint(self) -> bool:
        """What was deleted is gone from the write-ahead log too (people erased, envelopes opened).

        Waits its turn behind a running transaction. False when a reader still looks at the past, or
        the disk is full: then its part of the log stays until the next checkpoint. Raises
        CommitFailed when the disk fails.
        """
        async with self._writing, self._connections.writer.connect() as conn:
            self._refuse_when_failed()
            return await _whole(self._checkpoint(conn, "TRUNCATE"))

    def _refuse_when_failed(self) -> None:
        if self._failed is not None:
            raise self._failed

    def _failing(self, error: BaseException) -> CommitFailed:
        """Say what this failure means, and remember one after which nothing may be stored."""
        return self._remember(commit_failed(error))

    def _remember(self, failed: CommitFailed) -> CommitFailed:
        if failed.fatal:
            self._failed = failed
            self.fatal()
        if failed.full and self.ballast.held:
            self.ballast.give_up()
        return failed

    async def _commit(
        self, conn: AsyncConnection, touched: set[str], changed: list[Session]
    ) -> None:
        try:
            await conn.commit()
        except DBAPIError as error:
            with contextlib.suppress(DBAPIError):
                await conn.rollback()
            raise self._failing(error) from error
        if touched:
            self.signed_in.replace(map(PersonId, touched), changed)
        await self._committed(conn)

    async def _committed(self, conn: AsyncConnection) -> None:
        """Copy the log into the file, once enough has been committed to it."""
        self._commits += 1
        if self._commits >= COMMITS or self._log_size() >= self._log_bytes + LOG_BYTES:
            await self._checkpoint(conn, "PASSIVE")

    def _log_size(self) -> int:
        """How long the log's file is; it is used again from its start, and does not get shorter."""
        try:
            return (self.data / f"{FILE}-wal").stat().st_size
        except FileNotFoundError:
            return 0

    async def _checkpoint(self, conn: AsyncConnection, how: str) -> bool:
        """Copy the log into the file and sync that; False when something of it has to wait.

        What was committed is on the disk before this. When the disk fails here it is fatal all the
        same: the file's pages would count as written, and the log would be used again.
        """
        self._commits, self._log_bytes = 0, self._log_size()
        try:
            busy, *_pages = await in_its_thread(
                conn, lambda raw: raw.execute(f"PRAGMA wal_checkpoint({how})").fetchone()
            )
        except sqlite3.Error as error:
            failed = self._failing(error)
            if failed.fatal:
                raise failed from error
            return False  # a full disk: the log keeps everything until there is room
        if how == "TRUNCATE" and not busy:
            self._log_bytes = 0
        return not busy


async def load(reader: Reader) -> Meeting | None:
    """The stored meeting as `reader` sees it, or None when nothing has been loaded yet."""
    found: dict[str, Any] = {}
    for part in rows.COLLECTIONS:
        result = await reader.conn.execute(select(schema.MEETING[part.table]))
        found[part.table] = result.mappings().all()
    if not found["conference"]:
        return None
    pairs = await reader.conn.execute(select(schema.roll_person))
    found["roll"] = rows.roll_rows(found["roll"], ((pair.vote, pair.person) for pair in pairs))
    return rows.meeting_from(found)


def backup_folder(data: Path) -> Path:
    """The folder of the copies made before something dangerous; it exists afterwards."""
    folder = data / BACKUPS
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def _prepare(data: Path) -> Path:
    """The folder and the file exist, the file readable by its owner only."""
    path = data / FILE
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        path.chmod(0o600)
    except OSError as error:
        raise StoreError("not_writable", f"{path} cannot be written: {error.strerror}.") from error
    if not os.access(data, os.W_OK | os.X_OK):
        raise StoreError("not_writable", f"The folder {data} cannot be written.")
    return path


async def _whole(work: Awaitable[T]) -> T:
    """Finish `work` even when the caller is cancelled, then let the cancellation go on.

    A COMMIT that is given up half-way would leave nobody knowing whether it happened.
    """
    task = asyncio.ensure_future(work)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.wait({task})
        except asyncio.CancelledError as error:
            cancelled = error
    outcome = task.result()
    if cancelled is not None:
        raise cancelled
    return outcome
