"""The agenda: sessions, slack, rooms, people and papers of items, versions; speakers' calendars."""

from pathlib import Path

from alembic import op

from conference.store.alter import add_columns, statements

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

NUMBER, WORDS, LIST = (
    "INTEGER NOT NULL DEFAULT 0",
    "TEXT NOT NULL DEFAULT ''",
    "TEXT NOT NULL DEFAULT '[]'",
)

SESSIONS = """
    INSERT INTO agenda_session (id, title, starts_at, ends_at, text)
    SELECT session.key + 1, session.value ->> 'title', session.value ->> 'starts_at',
           session.value ->> 'ends_at', session.value ->> 'text'
    FROM meta, json_each(meta.value, '$.sessions') AS session
    WHERE meta.key = 'public'
"""


def upgrade() -> None:
    """Make the new tables, add the columns, and move the sessions out of the public texts."""
    connection = op.get_bind()
    text = statements(Path(__file__).with_name("0003.sql").read_text(encoding="utf-8"))
    connection.exec_driver_sql(text["agenda_session"])
    connection.exec_driver_sql(text["agenda_version"])
    connection.exec_driver_sql(text["calendar_feed"])
    add_columns(connection, "conference", text["conference"], {"draft": "INTEGER"})
    add_columns(
        connection,
        "settings",
        text["settings"],
        dict.fromkeys(
            ("timing_slack", "timing_breaks_protected", "timing_end_protected"),
            "INTEGER NOT NULL DEFAULT 1",
        ),
    )
    add_columns(
        connection,
        "item",
        text["item"],
        {"slack": NUMBER, "room": WORDS, "people": LIST, "papers": LIST},
    )
    connection.exec_driver_sql(SESSIONS)


def downgrade() -> None:
    """Refuse: the way back is a backup."""
    raise NotImplementedError("migrations go forward only; restore a backup")
