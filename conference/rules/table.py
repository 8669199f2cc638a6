"""An immutable mapping whose copies share what did not change.

A meeting of ten thousand people must not be copied person by person for every check-in, and the
store must find what an act changed without comparing everything. `Table` keeps its rows in
buckets: `put` and `drop` copy one bucket, and `changes` skips the buckets that are the same object.
"""

from __future__ import annotations

from collections.abc import Hashable, ItemsView, Iterable, Iterator, Mapping, ValuesView
from typing import Generic, TypeVar, overload
from zlib import crc32

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
T = TypeVar("T")

BUCKETS = 64


def _bucket(key: object) -> int:
    # str hashes differ from process to process; a replay must build the same table everywhere.
    return key % BUCKETS if isinstance(key, int) else crc32(str(key).encode()) % BUCKETS


class Table(Mapping[K, V], Generic[K, V]):
    """Rows by id. Iteration is in ascending order of the ids, so it is the same in every process."""

    __slots__ = ("_buckets", "_size", "_sorted")

    def __init__(self, rows: Iterable[tuple[K, V]] = ()) -> None:
        """Hold `rows`, pairs of id and row; a later pair with the same id wins."""
        buckets: list[dict[K, V]] = [{} for _ in range(BUCKETS)]
        for key, row in rows:
            buckets[_bucket(key)][key] = row
        self._buckets = tuple(buckets)
        self._size = sum(len(bucket) for bucket in buckets)
        self._sorted: dict[K, V] | None = None

    @classmethod
    def _of(cls, buckets: tuple[dict[K, V], ...], size: int) -> Table[K, V]:
        table = cls.__new__(cls)
        table._buckets = buckets  # noqa: SLF001  (its own class)
        table._size = size  # noqa: SLF001
        table._sorted = None  # noqa: SLF001
        return table

    def __getitem__(self, key: K) -> V:
        return self._buckets[_bucket(key)][key]

    def __contains__(self, key: object) -> bool:
        return key in self._buckets[_bucket(key)]

    @overload
    def get(self, key: K, default: None = None, /) -> V | None: ...
    @overload
    def get(self, key: K, default: V | T, /) -> V | T: ...
    def get(self, key: K, default: object = None, /) -> object:
        """Return the row of `key`, or the default: asked for every ballot, so without detours."""
        return self._buckets[_bucket(key)].get(key, default)

    def __iter__(self) -> Iterator[K]:
        return iter(self._in_order())

    def values(self) -> ValuesView[V]:
        """Return the rows in the order of their ids."""
        return self._in_order().values()

    def items(self) -> ItemsView[K, V]:
        """Return ids and rows in the order of the ids."""
        return self._in_order().items()

    def _in_order(self) -> dict[K, V]:
        """Return all rows, sorted once for as long as nothing changes."""
        if self._sorted is None:
            pairs = [pair for bucket in self._buckets for pair in bucket.items()]
            pairs.sort(key=lambda pair: pair[0])  # type: ignore[arg-type,return-value]
            self._sorted = dict(pairs)
        return self._sorted

    def __len__(self) -> int:
        return self._size

    def __repr__(self) -> str:
        return f"Table({dict(self)!r})"

    def put(self, key: K, row: V) -> Table[K, V]:
        """Return a table in which `key` has `row`; everything else is shared with this one."""
        index = _bucket(key)
        old = self._buckets[index]
        buckets = (*self._buckets[:index], {**old, key: row}, *self._buckets[index + 1 :])
        return self._of(buckets, self._size + (key not in old))

    def drop(self, key: K) -> Table[K, V]:
        """Return a table without `key`. Raises KeyError when it is not there."""
        index = _bucket(key)
        bucket = dict(self._buckets[index])
        del bucket[key]
        buckets = (*self._buckets[:index], bucket, *self._buckets[index + 1 :])
        return self._of(buckets, self._size - 1)

    def changes(self, after: Table[K, V]) -> tuple[dict[K, V], list[K]]:
        """Say what leads from this table to `after`: rows to store by id, and ids to delete."""
        stored: dict[K, V] = {}
        deleted: list[K] = []
        if self is after:
            return stored, deleted
        for old, new in zip(self._buckets, after._buckets, strict=True):
            if old is new:
                continue
            stored |= {k: row for k, row in new.items() if k not in old or old[k] is not row}
            deleted += [k for k in old if k not in new]
        return stored, deleted
