"""What the store says when it cannot do what was asked."""

from __future__ import annotations

import sqlite3

from sqlalchemy.exc import DBAPIError

_SURVIVABLE = frozenset(
    {
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_CONSTRAINT,
    }
)
_OF_THE_MACHINE = frozenset(
    {
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_NOTADB,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PROTOCOL,
    }
)


class StoreError(Exception):
    """The data folder or a database file cannot be used; `code` is stable, the text is a sentence.

    Codes: `not_a_database`, `not_ours`, `newer_schema`, `not_writable`, `corrupt`, `in_use`,
    `missing`, `exists`.
    """

    def __init__(self, code: str, sentence: str) -> None:
        """Keep `code` for programs and `sentence` for people."""
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence


class CommitFailed(Exception):  # noqa: N818 - what happened, not who is to blame
    """Nothing of the transaction is recorded, or nobody can know.

    `fatal` is true when the disk or the file failed (I/O, fsync, corruption): the process must
    end. It is false when the disk is full or a constraint held the commit back: nothing was
    stored, and the next transaction may well succeed. `full` is true for the full disk alone.
    """

    def __init__(self, fatal: bool, reason: str = "", *, full: bool = False) -> None:  # noqa: FBT001
        """Keep whether the process must end, and the database's own words."""
        super().__init__(reason)
        self.fatal = fatal
        self.full = full


class ReplayError(Exception):
    """The journal cannot be replayed; `number` names the line, or is 0 for the whole journal."""

    def __init__(self, number: int, reason: str) -> None:
        """Keep the line's `number` and say why."""
        super().__init__(f"journal line {number}: {reason}" if number else f"journal: {reason}")
        self.number = number


def primary_code(error: BaseException) -> int | None:
    """SQLite's primary result code behind `error`, or None when there is none."""
    origin = error.orig if isinstance(error, DBAPIError) else error
    code = getattr(origin, "sqlite_errorcode", None)
    return code & 0xFF if isinstance(code, int) else None


def commit_failed(error: BaseException) -> CommitFailed:
    """Say what a failed COMMIT means. What is not known to be harmless is fatal."""
    code = primary_code(error)
    reason = str(getattr(error, "orig", error))
    return CommitFailed(code not in _SURVIVABLE, reason, full=code == sqlite3.SQLITE_FULL)


def machine_failed(error: BaseException) -> bool:
    """Whether `error` comes from the disk or the file rather than from what was asked."""
    return primary_code(error) in _OF_THE_MACHINE


def store_error(error: BaseException, path: object) -> StoreError:
    """Turn what SQLite said while opening `path` into one sentence with a code."""
    code = primary_code(error)
    if code == sqlite3.SQLITE_NOTADB:
        return StoreError("not_a_database", f"{path} is not a database.")
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
        return StoreError("not_writable", f"{path} cannot be opened for writing.")
    if code == sqlite3.SQLITE_FULL:
        return StoreError("not_writable", f"{path} cannot be written: the disk is full.")
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return StoreError("in_use", f"{path} is in use by another program.")
    return StoreError("corrupt", f"{path} is damaged: {getattr(error, 'orig', error)}.")
