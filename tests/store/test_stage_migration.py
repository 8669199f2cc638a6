"""A database of the first schema, with people and slots in it, becomes one with a stage."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from conference.rules.state import Stage
from conference.store import database, schema
from tests.store.meetings import opened

FIRST = Path(database.__file__).parent / "migrations" / "versions" / "0001.sql"
ROWS = """
    INSERT INTO conference (id, name, day, zone, mode, phase, version, step, register, present,
        attended, announcement) VALUES (1, 'C', '2021-02-27', 'UTC', 'real', 'before', 7, 3, 0, 0,
        0, '');
    INSERT INTO person (id, roles, standing, present) VALUES ('p1', '["speaker"]', 'accepted', 0);
    INSERT INTO account (person, name, belongs, consent_named, consent_recorded, consent_contact,
        link_generation, created_at) VALUES ('p1', 'Name', '', 0, 0, 0, 0, 1);
    INSERT INTO item (id, position, title, kind, starts_at, minutes, text, state, guillotine,
        extended, guillotined, stood_ms) VALUES (1, 1, 'Talk', 'speakers', 1000, 10, '', 'planned',
        0, 0, 0, 0);
    INSERT INTO slot (id, item, position, name, title, minutes, person, seen)
        VALUES (1, 1, 1, 'Name', '', 5, 'p1', 3);
    INSERT INTO meta (key, value) VALUES ('epoch', 'e'), ('salt', 's'), ('created_at', '1'),
        ('public', '{}');
"""


def first_schema(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.executescript(FIRST.read_text(encoding="utf-8"))
        connection.executescript(
            "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY);"
            "INSERT INTO alembic_version VALUES ('0001');"
            f"PRAGMA application_id = {schema.APPLICATION_ID};"
        )
        columns = ", ".join(
            row[1] for row in connection.execute("PRAGMA table_info(settings)") if row[1] != "id"
        )
        connection.executescript(ROWS)
        values = [
            {"INTEGER": 1}.get(row[2], "")
            for row in connection.execute("PRAGMA table_info(settings)")
            if row[1] != "id"
        ]
        allowed = {"profile": "uk_labour", "quorum_of": "register", "amend_order": "cac_order",
                   "amend_friendly": "unanimous_leave", "reply_when": "end_of_debate",
                   "closure_majority": "simple", "suspend_majority": "two_thirds_cast",
                   "challenge_majority": "two_thirds_cast",
                   "confidence_majority": "two_thirds_cast", "withdraw_by": "unanimous",
                   "chair_vote": "none_tie_falls", "guillotine_effect": "to_vote"}  # fmt: skip
        names = columns.split(", ")
        values = [allowed.get(name, value) for name, value in zip(names, values, strict=True)]
        marks = ", ".join("?" * len(values))
        connection.execute(f"INSERT INTO settings (id, {columns}) VALUES (1, {marks})", values)


async def test_a_conference_of_the_first_schema_gets_a_stage(tmp_path):
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    first_schema(data / "conference.db")
    (data / "conference.db").chmod(0o600)
    store = await opened(data)
    meeting = await store.load()
    await store.close()
    assert meeting is not None
    assert meeting.stage == Stage(1)
    assert meeting.appearances == {}
    assert meeting.slots[1].person == "p1"
    assert meeting.slots[1].seen is None  # a step of conference before, a time from now on
