"""Copies of the database: made while a server runs, and put back with care.

Plain, synchronous SQLite: these run from the command line or in a thread.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from conference.store import inspect, meta
from conference.store.database import FILE, backup_folder
from conference.store.errors import StoreError
from conference.store.verify import verify

__all__ = ["backup", "restore", "verify"]


def backup(data: Path, target: Path) -> None:
    """`target` is a new file (0600) with the database of `data` at one moment, fsynced.

    Works while a server writes. Raises StoreError when there is no database or `target` exists.
    """
    _must_be_ours(data / FILE)
    inspect.copy(data / FILE, target)


def restore(source: Path, data: Path, now: int, token: Callable[[], str]) -> None:
    """The database of `data` is a copy of `source`, with a new epoch from `token`.

    What was there stands in `DATA/backups/before-restore-<now>.db`. Nothing changes when `source`
    is not a sound database of ours. Nobody else may use `data` meanwhile: the caller holds its
    lock. An older schema is migrated when the store is opened next.
    """
    _must_be_ours(source)
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    kept = backup_folder(data) / f"before-restore-{now}.db"
    staged = data / f"{FILE}.restored"
    staged.unlink(missing_ok=True)
    try:
        inspect.copy(source, staged)
        _prepare(staged, now, token())
        inspect.sync(staged)
        _keep(data / FILE, kept)
        for suffix in ("-wal", "-shm"):
            # A log that belongs to the old file must never meet the new one.
            (data / (FILE + suffix)).unlink(missing_ok=True)
        staged.replace(data / FILE)
        inspect.sync(data)
    finally:
        staged.unlink(missing_ok=True)


def _must_be_ours(path: Path) -> None:
    if not path.is_file():
        raise StoreError("missing", f"There is no database at {path}.")
    if inspect.revision(path) is None:
        raise StoreError("not_ours", f"{path} is empty.")


def _prepare(staged: Path, now: int, epoch: str) -> None:
    """The copy is sound throughout and has a new epoch."""
    with inspect.opened(staged, "rw") as connection:
        damage = [row[0] for row in connection.execute("PRAGMA integrity_check")]
        if damage != ["ok"]:
            raise StoreError("corrupt", f"The backup is damaged: {damage[0]}.")
        change = "INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = ?"
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("BEGIN IMMEDIATE")
        for key, value in ((meta.EPOCH, epoch), (meta.RESTORED_AT, str(now))):
            connection.execute(change, (key, value, value))
        connection.execute("COMMIT")


def _keep(old: Path, kept: Path) -> None:
    """What was in the data folder is kept: as a copy, or file by file when it cannot be read."""
    if not old.exists() or old.stat().st_size == 0:
        return
    try:
        inspect.copy(old, kept)
    except StoreError as error:
        if error.code == "exists":
            raise
        for suffix in ("", "-wal", "-shm"):
            part = old.with_name(old.name + suffix)
            if part.exists():
                part.replace(kept.with_name(kept.name + suffix))
