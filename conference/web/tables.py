"""Tables of people that were sent and looked at, and wait in memory for a press."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

from conference.rules.kinds import Role

KEPT = 5
"""So many tables wait; the oldest goes first."""


@dataclass(frozen=True, slots=True)
class Row:
    """One person of the table. `number` is the row in the file, the head being 1."""

    number: int
    name: str
    email: str
    role: Role
    belongs: str


@dataclass(frozen=True, slots=True)
class RowError:
    """What is wrong with one row, so that nothing is taken."""

    number: int
    name: str
    say: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table that was looked at and waits for a press. `by` is the session that brought it."""

    by: str
    rows: tuple[Row, ...]
    errors: tuple[RowError, ...]
    warnings: tuple[RowError, ...]


@dataclass(slots=True)
class Tables:
    """The tables that wait; in memory only, so that what is not taken is kept nowhere."""

    waiting: dict[str, Table] = field(default_factory=dict)

    def put(self, table: Table) -> str:
        """Keep the table and return its ticket."""
        ticket = secrets.token_urlsafe(24)
        self.waiting[ticket] = table
        while len(self.waiting) > KEPT:
            del self.waiting[next(iter(self.waiting))]
        return ticket
