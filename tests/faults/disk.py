"""The disk below the real server: recorded, cut off, slow, full or broken (`benchmarks/powercut.c`)."""

from __future__ import annotations

import mmap
import os
import random
import shutil
import struct
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
SOURCE = ROOT / "benchmarks" / "powercut.c"
SECTOR = 512
"""What a disk writes whole, or not at all."""
WAYS = ("dropped", "subset", "torn")
"""What becomes of the writes that were not synced: none is there, some are, some sectors are."""
_HEAD = struct.Struct("<BBHIqq")


def compiler() -> str | None:
    return shutil.which("cc") or shutil.which("gcc")


def shim(folder: Path) -> Path:
    """The library to be loaded before libc."""
    made = folder / "powercut.so"
    words = [compiler() or "cc", "-shared", "-fPIC", "-O2", "-o", str(made), str(SOURCE)]
    subprocess.run([*words, "-ldl", "-lpthread"], check=True)
    return made


class Faults:
    """What goes wrong now, for every process that was started with `environment`."""

    NAMES = ("full", "write_fails", "sync_fails", "file_fails", "sync_ms", "clock_ms", "failed")

    def __init__(self, path: Path) -> None:
        """Nothing goes wrong yet; `path` is how the processes are told."""
        self.path = path
        path.write_bytes(bytes(8 * len(self.NAMES)))
        with path.open("r+b") as file:
            self._shared = mmap.mmap(file.fileno(), 8 * len(self.NAMES))

    def set(self, **values: int) -> None:
        for name, value in values.items():
            struct.pack_into("<q", self._shared, 8 * self.NAMES.index(name), value)

    @property
    def failed(self) -> int:
        """How many calls have failed so far."""
        (number,) = struct.unpack_from("<q", self._shared, 8 * self.NAMES.index("failed"))
        return int(number)

    def environment(self, library: Path, data: Path) -> dict[str, str]:
        return {
            "LD_PRELOAD": str(library),
            "POWERCUT_FOLDER": str(data),
            "POWERCUT_FAULTS": str(self.path),
        }


@dataclass
class Record:
    """One change of a file, or one sync, and when it began (monotonic, in nanoseconds)."""

    op: str
    name: str
    offset: int
    data: bytes
    at: int


def records(path: Path) -> Iterator[Record]:
    """What was recorded, in its order; the last may be cut short by a kill."""
    with path.open("rb") as file:
        while len(head := file.read(_HEAD.size)) == _HEAD.size:
            op, _, name, length, offset, at = _HEAD.unpack(head)
            yield Record(chr(op), file.read(name).decode(), offset, file.read(length), at)


@dataclass(eq=False)
class Inode:
    """What of one file is on the disk for sure, and what is on its way."""

    synced: bytearray = field(default_factory=bytearray)
    pending: list[Record] = field(default_factory=list)

    def sync(self) -> None:
        for record in self.pending:
            _apply(self.synced, record.op, record.offset, record.data)
        self.pending.clear()

    def after(self, way: str, chance: random.Random) -> bytearray:
        """What might stand in it after a power cut now."""
        content = bytearray(self.synced)
        likely = chance.random()
        for record in self.pending if way != "dropped" else ():
            if record.op == "T" or way == "subset":
                if chance.random() < likely:
                    _apply(content, record.op, record.offset, record.data)
                continue
            for start in range(0, len(record.data), SECTOR):
                if chance.random() < likely:
                    part = record.data[start : start + SECTOR]
                    _apply(content, "W", record.offset + start, part)
        return content


def _apply(content: bytearray, op: str, offset: int, data: bytes) -> None:
    if op == "T":
        del content[offset:]
    end = offset + len(data)
    content.extend(bytes(max(0, end - len(content))))
    content[offset:end] = data


class Disk:
    """A folder as it stands on a disk: names and contents are there for sure once they are synced.

    What is asked of it is the least that POSIX promises: a new name is on the disk when its folder
    was synced, a file's content when the file was.
    """

    def __init__(self, folder: Path) -> None:
        """Everything in `folder` is on the disk."""
        self._live: dict[str, Inode] = {}
        for path in folder.rglob("*"):
            if path.is_file():
                name = str(path.relative_to(folder))
                self._live[name] = Inode(bytearray(path.read_bytes()))
        self._folders = {"", *(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_dir())}
        self._durable = dict(self._live)
        self._names: list[tuple[str, Inode | None]] = []
        """Names that were given or taken away and are not synced, in order."""

    def apply(self, record: Record) -> None:
        name = record.name
        if record.op == "C":
            self._give(name, Inode())
        elif record.op == "U":
            self._give(name, None)
        elif record.op == "R":
            inode = self._live.get(name)
            self._give(name, None)
            self._give(record.data.decode(), inode)
        elif record.op == "S" and name in self._live:
            self._live[name].sync()
        elif record.op == "S":
            self._folders.add(name)
            here = [pair for pair in self._names if os.path.dirname(pair[0]) == name]  # noqa: PTH120
            self._names = [pair for pair in self._names if pair not in here]
            _rename(self._durable, here)
        elif name in self._live:
            self._live[name].pending.append(record)

    def _give(self, name: str, inode: Inode | None) -> None:
        _rename(self._live, [(name, inode)])
        self._names.append((name, inode))

    def cut(self, way: str, chance: random.Random, target: Path) -> None:
        """Write what might be left of the folder after a power cut now."""
        names = dict(self._durable)
        if way != "dropped":
            _rename(names, self._names[: chance.randint(0, len(self._names))])
        for name, inode in names.items():
            path = target / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(inode.after(way, chance))


def _rename(names: dict[str, Inode], changes: list[tuple[str, Inode | None]]) -> None:
    for name, inode in changes:
        if inode is None:
            names.pop(name, None)
        else:
            names[name] = inode
