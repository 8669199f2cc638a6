"""A database of each released schema, with a conference in it, is opened by this program."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

from conference.rules import kinds as k
from conference.rules.planned import AgendaSession
from conference.store import database, inspect, schema
from tests.store.meetings import NOW, opened, table

FIRST = Path(database.__file__).parent / "migrations" / "versions" / "0001.sql"

SESSIONS = [
    {"title": "Morning", "starts_at": NOW, "ends_at": NOW + 5, "text": "In the chair: Ada."},
    {"title": "Afternoon", "starts_at": NOW + 5, "ends_at": NOW + 9, "text": ""},
]


def insert(connection: sqlite3.Connection, name: str, /, **fields: object) -> None:
    """One row, every column that is not given filled with what its table allows."""
    row: dict[str, object] = {}
    for _cid, column, kind, required, _default, _key in connection.execute(
        f"PRAGMA table_info({name})"
    ):
        if required:
            row[column] = 0 if kind == "INTEGER" else ""
    row |= fields
    marks = ", ".join("?" * len(row))
    connection.execute(
        f"INSERT INTO {name} ({', '.join(row)}) VALUES ({marks})", tuple(row.values())
    )


def first_database(data: Path) -> None:
    """A conference as the first schema held it: two items, a motion, public texts with sessions."""
    data.mkdir(mode=0o700)
    with closing(sqlite3.connect(data / "conference.db", isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("BEGIN")
        for statement in FIRST.read_text().split(";\n"):
            if statement.strip():
                connection.execute(statement)
        connection.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        connection.execute("INSERT INTO alembic_version VALUES ('0001')")
        connection.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
        for key, value in {"epoch": "old", "salt": "s", "created_at": str(NOW)}.items():
            insert(connection, "meta", key=key, value=value)
        insert(connection, "meta", key="public", value=json.dumps({"sessions": SESSIONS}))
        insert(connection, "person", id="p1", roles="[]", standing="accepted")
        insert(
            connection, "conference", id=1, name="C", day="2021-02-27", zone="Europe/London",
            mode="real", phase="open", version=7, step=5, opened_at=NOW, item=2, chair="p1",
        )  # fmt: skip
        insert(
            connection, "settings", id=1, profile="uk_labour", quorum_of="register",
            amend_order="cac_order", amend_friendly="unanimous_leave", reply_when="end_of_debate",
            closure_majority="simple", suspend_majority="simple", challenge_majority="simple",
            confidence_majority="simple", withdraw_by="unanimous", chair_vote="casting_only",
            guillotine_effect="to_vote",
        )  # fmt: skip
        common = {"kind": "chair", "minutes": 10, "starts_at": NOW}
        insert(
            connection, "item", id=1, position=1, number=1, title="One", state="done",
            called_at=NOW, done_at=NOW + 1, **common,
        )  # fmt: skip
        insert(connection, "item", id=2, position=2, title="Zwei ß", state="planned", **common)
        insert(connection, "slot", id=1, item=2, position=1, name="Ada", minutes=5, person="p1")
        connection.execute("COMMIT")


async def test_from_the_first_schema(data: Path):
    first_database(data)
    store = await opened(data, NOW + 1)
    try:
        meeting = await store.load()
        assert meeting is not None
        head = meeting.conference
        assert (head.name, head.step, head.item, head.chair, head.draft) == ("C", 5, 2, "p1", None)
        assert [(i.title, i.state, i.slack, i.room) for i in meeting.items.values()] == [
            ("One", k.ItemState.DONE, 0, ""),
            ("Zwei ß", k.ItemState.PLANNED, 0, ""),
        ]
        assert {(i.people, i.papers) for i in meeting.items.values()} == {((), ())}
        assert meeting.slots[k.SlotId(1)].person == "p1"
        settings = meeting.settings
        assert settings.timing_slack
        assert settings.timing_breaks_protected
        assert settings.timing_end_protected
        assert meeting.sessions == table(
            *(AgendaSession(n, **row) for n, row in enumerate(SESSIONS, 1))
        )
        assert not meeting.versions
        assert store.epoch == "old"
    finally:
        await store.close()
    with inspect.opened(data / "conference.db") as connection:
        made = {
            name: " ".join(sql.split())
            for name, sql in connection.execute(
                "SELECT name, sql FROM sqlite_master WHERE sql > ''"
            )
        }
        wanted = [" ".join(text.split()) for text in schema.statements()]
        assert set(wanted) <= set(made.values())
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    assert [path.name for path in (data / "backups").iterdir()] == [
        f"before-migration-0001-{NOW + 1}.db"
    ]
