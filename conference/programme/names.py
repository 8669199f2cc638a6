"""The people a conference file lists: single names, and patterns that stand for many."""

from __future__ import annotations

import re

from conference.programme.schema import PeopleRow

_PATTERN = re.compile(r"\{n(?::0([1-9]))?\}")


def name_problem(row: PeopleRow) -> str | None:
    """Say what is wrong with the pattern of a row, if anything is."""
    rest, patterns = _PATTERN.subn("", row.name)
    if "{" in rest or "}" in rest or patterns > 1:
        return 'expected at most one "{n}" or "{n:03}" for the number, and no other braces'
    if row.count > 1 and not patterns:
        return 'this row stands for several people; expected "{n}" or "{n:03}" for the number'
    return None


def names(row: PeopleRow) -> list[str]:
    """Return the names that a row stands for."""
    return [
        _PATTERN.sub(lambda found, n=n: f"{n:0{found[1] or 1}}", row.name)  # type: ignore[misc]
        for n in range(1, row.count + 1)
    ]
