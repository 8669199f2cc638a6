"""The folder of keys, `DATA/keys`: outside the database, never in a backup, a log or an address.

One file a vote with the 32 bytes of its private key, one with those of the signing key. A key that
was handed out is on disk, and one that was destroyed has been overwritten first; what an SSD keeps
all the same stands in docs/secrecy.md.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import time
from pathlib import Path

from conference.rules.kinds import VoteId
from conference.sealing.envelope import KEY_LENGTH

_SIGNING = "signing"
_VOTE = "vote-"
_LOCK_SECONDS = 20.0


class KeysInUseError(Exception):
    """Another counting process holds the folder."""


class KeyFolder:
    """The keys on disk. Only the process that holds the folder's lock may have one of these."""

    def __init__(self, folder: Path) -> None:
        """Hold `folder`, which exists afterwards (0700). Raises KeysInUseError, OSError.

        A process before this one may still be ending: its lock is waited for.
        """
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
        self._folder = folder
        self._lock = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        until = time.monotonic() + _LOCK_SECONDS
        while not self._locked():
            if time.monotonic() > until:
                raise KeysInUseError(str(folder))
            time.sleep(0.02)

    def _locked(self) -> bool:
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def signing(self) -> bytes:
        """The conference's signing key; made, and on disk, when there was none."""
        return self._read(_SIGNING) or self._make(_SIGNING)

    def votes(self) -> dict[VoteId, bytes]:
        """The private key of each vote that has one.

        A file that is too short was being made when the machine stopped: no vote was opened with
        it, because it was never handed out. It goes.
        """
        found: dict[VoteId, bytes] = {}
        for path in self._folder.glob(f"{_VOTE}*"):
            number = path.name.removeprefix(_VOTE)
            if not number.isdigit():
                continue
            key = self._read(path.name)
            if key is None:
                self.destroy(VoteId(int(number)))
            else:
                found[VoteId(int(number))] = key
        return found

    def make(self, vote: VoteId) -> bytes:
        """A new private key for this vote; file and folder are on disk afterwards."""
        return self._make(f"{_VOTE}{vote}")

    def destroy(self, vote: VoteId) -> None:
        """The key of this vote is overwritten and gone, on disk, if it was there."""
        path = self._folder / f"{_VOTE}{vote}"
        try:
            handle = os.open(path, os.O_WRONLY)
        except FileNotFoundError:
            return
        try:
            os.pwrite(handle, secrets.token_bytes(KEY_LENGTH), 0)
            os.fsync(handle)
        finally:
            os.close(handle)
        path.unlink()
        self._sync()

    def _read(self, name: str) -> bytes | None:
        try:
            key = (self._folder / name).read_bytes()
        except FileNotFoundError:
            return None
        return key if len(key) == KEY_LENGTH else None

    def _make(self, name: str) -> bytes:
        key = secrets.token_bytes(KEY_LENGTH)
        path = self._folder / name
        path.unlink(missing_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            os.write(handle, key)
            os.fsync(handle)
        finally:
            os.close(handle)
        self._sync()
        return key

    def _sync(self) -> None:
        handle = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
