"""One process owns a data folder: `DATA/lock`, held as long as it writes."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path


class Locked(Exception):  # noqa: N818  (it is what the folder is)
    """Another process has this data folder."""


@contextlib.contextmanager
def owning(data: Path) -> Iterator[None]:
    """Own the folder for the duration. Raises Locked when another process does.

    The lock is the kernel's: it ends with the process, however that ends.
    """
    import fcntl  # noqa: PLC0415  (not on every platform that can import this package)

    handle = os.open(data / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(handle)
        raise Locked from error
    try:
        yield
    finally:
        os.close(handle)
