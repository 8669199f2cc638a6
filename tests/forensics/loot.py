"""Every byte that is left of a conference, and the records that a forensic reader finds in it.

Nothing here imports the application: pages, cells and frames are read as SQLite's file format has
them, free and overwritten places included, so nothing of ours can hide anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

Value = int | float | str | bytes | None

HEAD = b"SQLite format 3\x00"
TABLE_LEAF, INDEX_LEAF = 13, 10
CHOICES = ("for", "against", "abstain")


@dataclass(frozen=True)
class Record:
    """One record of a page, wherever it lay: its values, and how it could be put in order."""

    source: str
    """The artefact: database, journal file, copy, free space."""
    shape: tuple[str, ...]
    """The kinds of its values, by which the tables are told apart."""
    values: tuple[Value, ...]
    rowid: int
    place: int
    """Number of the page or frame in its file, then the byte in it: where it lay."""
    turn: int
    """Its turn in the page's list of cells: the order of the keys."""
    size: int


def varint(data: bytes, at: int) -> tuple[int, int]:
    """The number at this place, and the place behind it. Raises IndexError at the end."""
    number = 0
    for step in range(9):
        byte = data[at + step]
        if step == 8:
            return number << 8 | byte, at + 9
        number = number << 7 | byte & 127
        if byte < 128:
            return number, at + step + 1
    raise AssertionError


def value(data: bytes, at: int, kind: int) -> tuple[Value, int, str]:
    """The value of this serial type at this place, the place behind it, and its kind."""
    sizes = {0: 0, 1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8, 7: 8, 8: 0, 9: 0}
    if kind in {10, 11}:
        raise ValueError("reserved")
    size = sizes[kind] if kind < 12 else (kind - 12) // 2
    raw = data[at : at + size]
    if len(raw) != size:
        raise IndexError(at)
    if kind == 0:
        return None, at, "0"
    if kind in {8, 9}:
        return kind - 8, at, "i"
    if kind < 8:
        return int.from_bytes(raw, "big", signed=True), at + size, "i"
    if kind % 2:
        return raw.decode(errors="replace"), at + size, "s"
    return raw, at + size, "b"


def payload(data: bytes, at: int) -> tuple[tuple[Value, ...], tuple[str, ...], int]:
    """The record at this place: values, kinds, and the place behind it."""
    begin = at
    length, at = varint(data, at)
    kinds, end = [], begin + length
    if not 2 <= length <= 200:
        raise ValueError("no record head")
    while at < end:
        kind, at = varint(data, at)
        kinds.append(kind)
    if at != end:
        raise ValueError("no record head")
    values, shape = [], []
    for kind in kinds:
        one, at, letter = value(data, at, kind)
        values.append(one)
        shape.append(letter)
    return tuple(values), tuple(shape), at


def cells(page: bytes, first: int, source: str, number: int) -> Iterator[Record]:
    """Every cell of a leaf in the list of cells, and what can be carved out of the free space."""
    kind = page[first]
    if kind not in {TABLE_LEAF, INDEX_LEAF}:
        yield from carved(page, set(), source, number)
        return
    count = int.from_bytes(page[first + 3 : first + 5], "big")
    starts = [
        int.from_bytes(page[first + 8 + 2 * n : first + 10 + 2 * n], "big") for n in range(count)
    ]
    known: set[int] = set()
    for turn, start in enumerate(starts):
        try:
            _size, at = varint(page, start)
            rowid, at = varint(page, at) if kind == TABLE_LEAF else (0, at)
            values, shape, end = payload(page, at)
        except (ValueError, IndexError):
            continue
        known.update(range(start, end))
        yield Record(source, shape, values, rowid, number << 20 | start, turn, end - at)
    yield from carved(page, known, source, number)


def carved(page: bytes, known: set[int], source: str, number: int) -> Iterator[Record]:
    """Records in the space that no cell uses: the rests of what was deleted or moved."""
    at = 8
    while at < len(page) - 4:
        if at in known or page[at] == 0:
            at += 1
            continue
        try:
            values, shape, end = payload(page, at)
        except (ValueError, IndexError):
            at += 1
            continue
        if any(isinstance(v, str) and len(v) > 2 and v.isprintable() for v in values):
            yield Record(f"{source} (free)", shape, values, 0, number << 20 | at, at, end - at)
            at = end
        else:
            at += 1


def records(name: str, data: bytes) -> Iterator[Record]:
    """Every record of a database file, or of the frames of its write-ahead log in their order."""
    if data.startswith(HEAD):
        size = int.from_bytes(data[16:18], "big")
        size = 65536 if size == 1 else size
        for number in range(len(data) // size):
            page = data[number * size : (number + 1) * size]
            yield from cells(page, 100 if number == 0 else 0, name, number)
    elif name.endswith("-wal") and len(data) > 32:
        size = int.from_bytes(data[8:12], "big")
        for number, at in enumerate(range(32, len(data) - size - 23, size + 24)):
            page = data[at + 24 : at + 24 + size]
            yield from cells(page, 0, name, number)


@dataclass
class Loot:
    """What the attacker has: files by name, in the order of their times."""

    files: dict[str, bytes]

    @classmethod
    def of(cls, *folders: Path) -> Loot:
        """Every file below these folders, the oldest first."""
        found = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
        found.sort(key=lambda path: (path.stat().st_mtime_ns, path.name))
        return cls({str(path): path.read_bytes() for path in found})

    def records(self) -> list[Record]:
        return [one for name, data in self.files.items() for one in records(name, data)]

    def has(self, secret: bytes) -> list[str]:
        """The files in which these bytes stand, as they are or written down."""
        import base64

        forms = [secret, secret.hex().encode(), base64.b64encode(secret).rstrip(b"=")]
        forms.append(base64.urlsafe_b64encode(secret).rstrip(b"="))
        return [name for name, data in self.files.items() if any(form in data for form in forms)]


def memory(pid: int) -> bytes:
    """Everything that this process has in memory and could write: what a core dump would hold."""
    found = []
    with Path(f"/proc/{pid}/maps").open() as maps, Path(f"/proc/{pid}/mem").open("rb", 0) as mem:
        for line in maps:
            matched = re.match(r"([0-9a-f]+)-([0-9a-f]+) rw", line)
            if matched is None or "[v" in line:
                continue
            begin, end = (int(one, 16) for one in matched.groups())
            try:
                mem.seek(begin)
                found.append(mem.read(end - begin))
            except (OSError, ValueError):
                continue
    return b"".join(found)
