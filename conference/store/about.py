"""Everything that the database holds about one person, found by the schema and not by a list.

A table that is added later is found, too: every column that refers to a person is followed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Column, Table, or_, select

from conference.rules.kinds import PersonId
from conference.store import schema
from conference.store.people import email_key
from conference.store.transaction import Reader

_SECRET = ("hash", "secret", "digits", "public_key", "browser", "token", "number_hash")
"""Columns with one of these in their name hold what signs somebody in: only that there is one."""
_BALLOT = frozenset({"paper", "sealed", "envelope", "receipt"})
SECRET = "(a secret: not shown)"  # noqa: S105  (says so)
BALLOT = "(not shown: it could be used to make you prove how you voted)"
_OTHERS = frozenset({"text", "html"})
"""Of a mail: its text holds links that sign in."""

Found = dict[str, list[dict[str, Any]]]


async def everything(reader: Reader, person: PersonId) -> Found:
    """Every row about this person, by table; secrets and choices are named, not shown.

    A table without such a row is left out. Times are milliseconds since 1970.
    """
    key = await _address_key(reader, person)
    found: Found = {}
    for name, table in sorted(schema.metadata.tables.items()):
        where = list(_mentions(table, person, key))
        if not where:
            continue
        rows = (await reader.conn.execute(select(table).where(or_(*where)))).mappings().all()
        if rows:
            found[name] = [_shown(table, dict(row), person) for row in rows]
    return found


async def _address_key(reader: Reader, person: PersonId) -> str | None:
    table = schema.account.c
    email = (await reader.conn.execute(select(table.email).where(table.person == person))).scalar()
    return None if email is None else email_key(email)


def _mentions(table: Table, person: PersonId, key: str | None) -> Iterator[Any]:
    """Conditions under which a row of this table is about the person."""
    for column in table.columns:
        if _is_person(column):
            yield column == person
        elif column.name in {"email_key", "recipient_key"} and key is not None:
            yield column == key
        elif _is_list(column):
            yield column.like(f'%"{person}"%')
    if table.name == "journal":
        yield table.c.who == person


def _is_person(column: Column[Any]) -> bool:
    if column.table.name == "person":
        return column.name == "id"
    targets = {(key.column.table.name, key.column.name) for key in column.foreign_keys}
    return bool(targets & {("person", "id"), ("account", "person")}) or column.name == "person"


def _is_list(column: Column[Any]) -> bool:
    """Whether it is a list of people as JSON."""
    lists = {"supporters", "people", "real", "not_reached"}
    return column.table.name in schema.MEETING and column.name in lists


def _shown(table: Table, row: dict[str, Any], person: PersonId) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    for name, value in row.items():
        if value in (None, ""):
            continue
        if name in _BALLOT:
            shown[name] = BALLOT
        elif any(word in name for word in _SECRET) or (table.name == "mail" and name in _OTHERS):
            shown[name] = SECRET
        elif isinstance(value, bytes):  # a picture: its owner sees it on their own page
            shown[name] = f"({len(value)} bytes)"
        elif _is_list(table.c[name]):  # of the others in it nothing
            shown[name] = [one for one in json.loads(value) if one == person]
        elif table.name == "journal" and name == "body":
            shown["act"] = json.loads(value).get("t", "")
        elif table.name == "journal" and name in {"previous", "hash"}:
            continue
        else:
            shown[name] = value
    return shown
