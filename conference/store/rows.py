"""One dataclass is one table, one instance is one row of plain values.

Everything here is derived from the dataclasses of `conference.rules.state`, so the schema, the
loading, the writing, the pictures in the journal and the verification cannot disagree about what
a row is. Plain values are int, str and None: an enum stands as its value, a boolean as 0 or 1,
a set or tuple as JSON with sets sorted.
"""

from __future__ import annotations

import json
import types
import typing
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from enum import Enum
from hashlib import sha256
from typing import Any

import msgspec

from conference.rules.kinds import PersonId
from conference.rules.state import Meeting, Roll
from conference.rules.table import Table

Value = int | str | None
Row = dict[str, Value]
Snapshot = dict[str, list[Row]]


@dataclass(frozen=True, slots=True)
class Column:
    """How one field of a dataclass stands in its table."""

    name: str
    hint: Any
    """The field's type without `None`."""
    optional: bool
    is_id: bool
    """Whether it is an id of some table's rows."""
    text: bool
    json: bool
    boolean: bool
    allowed: tuple[str, ...]
    """An enum's values; empty for everything else."""
    encode: Callable[[Any], Value]
    decode: Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Collection:
    """One table of the meeting: the field of `Meeting` that holds it, and its dataclass."""

    field: str
    table: str
    row: type[Any]
    key: str
    single: bool
    """True for the conference and its settings: one row, not a `Table`."""
    columns: tuple[Column, ...]


def _same(value: Any) -> Any:
    return value


def _codec(hint: Any) -> tuple[Callable[[Any], Value], Callable[[Any], Any]]:
    if isinstance(hint, type) and issubclass(hint, Enum):
        return (lambda value: str(value.value)), hint
    if hint is bool:
        return int, bool
    if hint in (int, str):
        return _same, _same
    return (
        lambda value: canonical(msgspec.to_builtins(value, order="deterministic")),
        lambda text: msgspec.convert(json.loads(text), hint),
    )


def _column(name: str, hint: Any) -> Column:
    members = typing.get_args(hint)
    union = typing.get_origin(hint) in (typing.Union, types.UnionType)
    optional = union and types.NoneType in members
    if optional:
        (hint,) = (member for member in members if member is not types.NoneType)
    base = getattr(hint, "__supertype__", hint)
    encode, decode = _codec(base)
    enum = isinstance(base, type) and issubclass(base, Enum)
    return Column(
        name=name,
        hint=hint,
        optional=optional,
        is_id=base is not hint,
        text=base not in (int, bool),
        json=base not in (int, bool, str) and not enum,
        boolean=base is bool,
        allowed=tuple(str(member.value) for member in base) if enum else (),
        encode=(lambda value: None if value is None else encode(value)) if optional else encode,
        decode=(lambda value: None if value is None else decode(value)) if optional else decode,
    )


def _columns(row: type[Any]) -> tuple[Column, ...]:
    """The columns of a dataclass, in the order of its fields."""
    hints = typing.get_type_hints(row)
    return tuple(_column(part.name, hints[part.name]) for part in fields(row))


def _snake(name: str) -> str:
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")


def _collection(field: str, hint: Any) -> Collection:
    single = typing.get_origin(hint) is not Table
    row = hint if single else typing.get_args(hint)[1]
    found = _columns(row)
    return Collection(field, _snake(row.__name__), row, found[0].name, single, found)


COLLECTIONS: tuple[Collection, ...] = tuple(
    _collection(part.name, typing.get_type_hints(Meeting)[part.name]) for part in fields(Meeting)
)
"""Every table of the meeting."""

_COLUMNS = {part.row: part.columns for part in COLLECTIONS}


def to_row(row: Any, without: str = "") -> Row:
    """The plain values of one instance, by field; one field may be left out."""
    columns = _COLUMNS[type(row)]
    return {c.name: c.encode(getattr(row, c.name)) for c in columns if c.name != without}


def from_row(kind: type[Any], values: Mapping[str, Any]) -> Any:
    """The instance that `to_row` made `values` of. Raises when a value cannot be read."""
    return kind(**{part.name: part.decode(values[part.name]) for part in _COLUMNS[kind]})


def snapshot(meeting: Meeting) -> Snapshot:
    """All rows of the meeting by table, each table in ascending order of its ids."""
    return {part.table: [to_row(row) for row in members(part, meeting)] for part in COLLECTIONS}


def members(part: Collection, meeting: Meeting) -> Iterable[Any]:
    """The rows of one collection, in ascending order of their ids."""
    held = getattr(meeting, part.field)
    return (held,) if part.single else held.values()


def meeting_from(rows: Mapping[str, Sequence[Mapping[str, Any]]]) -> Meeting:
    """The meeting whose `snapshot` is `rows`. Raises ValueError when it is not one conference."""
    held: dict[str, Any] = {}
    for part in COLLECTIONS:
        made = [from_row(part.row, values) for values in rows.get(part.table, ())]
        if not part.single:
            held[part.field] = Table((getattr(row, part.key), row) for row in made)
        elif len(made) == 1:
            held[part.field] = made[0]
        else:
            raise ValueError(f"{part.table} has {len(made)} rows, one was expected")
    return Meeting(**held)


def roll_rows(heads: Iterable[Mapping[str, Any]], pairs: Iterable[tuple[int, str]]) -> list[Row]:
    """The rows of the rolls, from the votes that have one and the pairs of vote and person."""
    people: dict[int, list[PersonId]] = {int(head["vote"]): [] for head in heads}
    for vote, person in pairs:
        people.setdefault(vote, []).append(PersonId(person))
    return [{"vote": vote, "people": canonical(sorted(people[vote]))} for vote in sorted(people)]


def is_roll(part: Collection) -> bool:
    """Whether this collection is stored as pairs of vote and person."""
    return part.row is Roll


def canonical(value: Any) -> str:
    """JSON in the one form that is hashed: keys sorted, no spaces, no escapes beyond need."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def digest(value: Any) -> str:
    """The sha256 of the canonical JSON of `value`, in hexadecimal."""
    return sha256(canonical(value).encode()).hexdigest()
