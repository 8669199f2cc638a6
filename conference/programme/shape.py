"""From what TOML holds to the structs of `schema`, with every mistake named at once.

msgspec stops at the first mistake and speaks of types; this walks msgspec's own description of the
structs, goes on after a mistake, and says what was expected in plain words.
"""

from __future__ import annotations

import re
from datetime import date
from difflib import get_close_matches
from enum import Enum
from typing import Any, Final

from msgspec import inspect

from conference.programme.lines import Path
from conference.programme.schema import ConferenceFile

_BAD: Final = object()
_SHOWN = 40
_HUGE = 10**30
_EMPTY = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")
_INSIDE = re.compile(r"(?<!\n)[ \t]*\n[ \t]*(?!\n|[-*•] |[0-9]{1,3}[.)] |\(?[a-z]\) )")
_HINTS: Final = {
    "mode": "the mode is no part of a file: it is changed by typing the conference's name",
}


def shape(document: dict[str, Any]) -> tuple[ConferenceFile | None, list[tuple[Path, str]]]:
    """Return the file as structs, or None and everything that does not fit."""
    walk = _Walk()
    value = walk.value(document, inspect.type_info(ConferenceFile), ())
    return (value if isinstance(value, ConferenceFile) and not walk.found else None), walk.found


class _Walk:
    """One walk over the document; `found` collects the mistakes."""

    def __init__(self) -> None:
        self.found: list[tuple[Path, str]] = []

    def value(self, value: Any, kind: inspect.Type, path: Path, expected: str = "") -> Any:
        """Convert one value; returns `_BAD` when it does not fit."""
        match kind:
            case inspect.Metadata():
                return self.value(
                    value, kind.type, path, str((kind.extra or {}).get("expected", ""))
                )
            case inspect.UnionType():
                return self.value(value, _member(kind, value), path)
            case inspect.StructType():
                return self._table(value, kind, path)
            case inspect.VarTupleType():
                return self._list(value, kind, path)
            case _:
                return self._plain(value, kind, path, expected)

    def _wrong(self, path: Path, expected: str, value: Any) -> Any:
        self.found.append((path, f"expected {expected}; found {_shown(value)}"))
        return _BAD

    def _table(self, value: Any, kind: inspect.StructType, path: Path) -> Any:
        if not isinstance(value, dict):
            return self._wrong(path, "a table", value)
        fields = {member.encode_name: member for member in kind.fields}
        meant = self._unknown(value, list(fields), path)
        taken = {}
        for name, member in fields.items():
            if name in value:
                taken[name] = self.value(value[name], member.type, (*path, name))
            elif member.required:
                taken[name] = _BAD
                if name not in meant:
                    wanted = _expected(member.type)
                    self.found.append(((*path, name), f"this key is missing; expected {wanted}"))
        return _BAD if any(one is _BAD for one in taken.values()) else kind.cls(**taken)

    def _unknown(self, value: dict[str, Any], known: list[str], path: Path) -> set[str]:
        """Name the keys that are not known; returns those that were probably meant."""
        meant = set()
        for key in sorted(value.keys() - set(known)):
            sentence = _HINTS.get(key, f"this key is not known here; known are {', '.join(known)}")
            if close := get_close_matches(key, [name for name in known if name not in value], 1):
                meant.add(close[0])
                sentence = f"this key is not known; did you mean “{close[0]}”?"
            self.found.append(((*path, key), sentence))
        return meant

    def _list(self, value: Any, kind: inspect.VarTupleType, path: Path) -> Any:
        if not isinstance(value, list):
            return self._wrong(path, _expected(kind), value)
        few, many = kind.min_length or 0, kind.max_length
        if len(value) < few or (many is not None and len(value) > many):
            self.found.append((path, f"expected {_expected(kind)}; found {len(value)}"))
            return _BAD
        taken = [self.value(row, kind.item_type, (*path, n)) for n, row in enumerate(value)]
        return _BAD if any(row is _BAD for row in taken) else tuple(taken)

    def _plain(self, value: Any, kind: inspect.Type, path: Path, expected: str) -> Any:
        plain = _tidy(value) if isinstance(value, str) else value
        if isinstance(kind, inspect.EnumType):
            member = next((one for one in kind.cls if one.value == plain), _BAD)
            return self._wrong(path, _expected(kind), value) if member is _BAD else member
        return (
            plain if _fits(plain, kind) else self._wrong(path, expected or _expected(kind), value)
        )


def _tidy(text: str) -> str:
    """Join the lines of a paragraph; empty lines and the lines of a list stay."""
    return _INSIDE.sub(" ", _EMPTY.sub("\n\n", text.strip()))


def _members(kind: inspect.UnionType) -> list[inspect.Type]:
    """Return what a value may be: TOML has no null, so `None` only means that it is left out."""
    return [one for one in kind.types if not isinstance(one, inspect.NoneType)]


def _member(kind: inspect.UnionType, value: Any) -> inspect.Type:
    """Return the one of *a value or a table* that is meant, with the words for both."""
    members = _members(kind)
    if len(members) == 1:
        return members[0]
    tables = [one for one in members if isinstance(one, inspect.StructType)]
    if isinstance(value, dict) and tables:
        return tables[0]
    plain = next(one for one in members if one not in tables)
    return inspect.Metadata(plain, extra={"expected": _expected(kind)})


def _fits(value: Any, kind: inspect.Type) -> bool:
    match kind:
        case inspect.StrType():
            return (
                isinstance(value, str)
                and (kind.max_length is None or len(value) <= kind.max_length)
                and re.search(kind.pattern or "", value) is not None
            )
        case inspect.IntType():
            # A bool is an int and a datetime is a date: neither is meant.
            return type(value) is int and (kind.ge or 0) <= value <= (kind.le or 0)
        case inspect.BoolType():
            return isinstance(value, bool)
        case inspect.DateType():
            return type(value) is date
        case _:
            raise TypeError(kind)


def _expected(kind: inspect.Type) -> str:
    """Say in words what belongs there."""
    match kind:
        case inspect.Metadata():
            return str((kind.extra or {}).get("expected", "")) or _expected(kind.type)
        case inspect.UnionType():
            return " or ".join(_expected(one) for one in _members(kind))
        case inspect.IntType():
            return f"a whole number from {kind.ge:,} to {kind.le:,}"
        case inspect.BoolType():
            return "true or false"
        case inspect.EnumType():
            return "one of " + ", ".join(f'"{_word(member)}"' for member in kind.cls)
        case inspect.VarTupleType():
            few, many = kind.min_length or 0, kind.max_length
            return f"a list of {few} to {many}" if many else "a list"
        case inspect.StructType():
            return "a table"
        case _:
            return "a text"


def _word(member: Enum) -> str:
    return str(member.value)


def _shown(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case dict():
            return "a table"
        case list():
            return "a list"
        case str() if not value.strip():
            return "an empty text"
        case str() if len(value) > _SHOWN:
            return f"a text of {len(value):,} characters that begins “{value[:_SHOWN]}”"
        case str():
            return f"the text “{value}”"
        case int() if abs(value) >= _HUGE:
            return "a far larger number"
        case _:
            words = str(value)
            return words if len(words) <= _SHOWN else f"{words[:_SHOWN]}…"
