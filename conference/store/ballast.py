"""Room that is kept for the moment when the disk is full.

`DATA/ballast` takes up as much as a close, its count and what follows need. When the database says that
the disk is full it is given up, and what was refused a moment ago can be stored. A stop takes it away;
it is made again when there is room for it, with as much again left.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from pathlib import Path

import structlog

log = structlog.get_logger()

NAME = "ballast"
BYTES = 64 * 1024 * 1024
LEFT = 4
"""It is made only where the disk has room for so many of it."""


class Ballast:
    """The one of a data folder."""

    def __init__(self, data: Path) -> None:
        """Nothing is made yet."""
        self._path = data / NAME

    @property
    def held(self) -> int:
        """Bytes that would be given up."""
        try:
            return self._path.stat().st_size
        except OSError:
            return 0

    def take(self) -> bool:
        """The ballast is there, if the disk has room for it; says whether it is."""
        if self.held == BYTES:
            return True
        try:
            if shutil.disk_usage(self._path.parent).free < LEFT * BYTES:
                return False
            self._make()
        except OSError as error:
            log.warning("no ballast", reason=os.strerror(error.errno or 0))
            self.drop()
            return False
        return True

    def _make(self) -> None:
        file = os.open(self._path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
        try:
            if hasattr(os, "posix_fallocate"):
                os.posix_fallocate(file, 0, BYTES)
            else:  # a file with holes would keep nothing free
                for _ in range(BYTES // 2**20):
                    os.write(file, bytes(2**20))
        finally:
            os.close(file)

    def give_up(self) -> None:
        """The disk is full: what it takes up is free, and the host is told."""
        held = self.held
        self.drop()
        log.error("the disk is full", ballast=held)

    def drop(self) -> None:
        """It is gone: a stopped server keeps no room."""
        with contextlib.suppress(OSError):
            self._path.unlink()
