"""Looks at a database file before anything is done with it, and copies it whole."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from conference.store.errors import StoreError, store_error
from conference.store.schema import APPLICATION_ID

REVISIONS = ("0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008", "0009")
"""Every schema this program knows, oldest first; the last is the one it works with."""


@contextlib.contextmanager
def opened(path: Path, mode: str = "ro") -> Iterator[sqlite3.Connection]:
    """A plain connection to an existing file; what SQLite says becomes a StoreError."""
    try:
        with contextlib.closing(
            sqlite3.connect(f"file:{quote(str(path))}?mode={mode}", uri=True, isolation_level=None)
        ) as connection:
            connection.execute("PRAGMA busy_timeout=5000")
            yield connection
    except sqlite3.Error as error:
        raise store_error(error, path) from error


def revision(path: Path, mode: str = "ro") -> str | None:
    """Which schema the file has; None when it is empty and can become a database of ours.

    Raises StoreError when it is not a database, not one of ours, made by a newer version than
    this one, or damaged.
    """
    with opened(path, mode) as connection:
        if connection.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,):
            return None
        if connection.execute("PRAGMA application_id").fetchone() != (APPLICATION_ID,):
            raise StoreError("not_ours", f"{path} is a database of another program.")
        found = [
            str(row[0]) for row in connection.execute("SELECT version_num FROM alembic_version")
        ]
        if len(found) != 1 or found[0] not in REVISIONS:
            raise StoreError(
                "newer_schema",
                f"{path} was written by a newer version of this program (schema "
                f"{', '.join(found)}; this one knows up to {REVISIONS[-1]}).",
            )
        damage = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        if damage != "ok":
            raise StoreError("corrupt", f"{path} is damaged: {damage}.")
        return found[0]


def copy(source: Path, target: Path) -> None:
    """`target` is a new file of mode 0600 with the state of `source` at one moment, on disk.

    Works while a server writes. Refuses an existing target; what fails half-way leaves nothing.
    """
    part = target.with_name(target.name + ".part")
    try:
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError as error:
        raise StoreError("exists", f"{target} exists already.") from error
    except OSError as error:
        raise StoreError(
            "not_writable", f"{target} cannot be written: {error.strerror}."
        ) from error
    try:
        part.unlink(missing_ok=True)
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        with opened(source) as here, opened(part, "rw") as there:
            here.backup(there)
            there.execute("PRAGMA journal_mode=DELETE")
        sync(part)
        part.replace(target)
        sync(target.parent)
    except BaseException as error:
        part.unlink(missing_ok=True)
        target.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise StoreError("not_writable", f"{target} cannot be written: {error}.") from error
        raise


def sync(path: Path) -> None:
    """What was written to the file or folder is on disk afterwards."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
