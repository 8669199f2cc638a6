"""Sealed ballots: keys, boxes and heads; what was in the envelopes, and the roll-call by name."""

from pathlib import Path

from alembic import op

from conference.store.alter import add_columns, set_text, statements

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

FLAG, WORDS, NUMBER = (
    "INTEGER NOT NULL DEFAULT 0",
    "TEXT NOT NULL DEFAULT ''",
    "INTEGER NOT NULL DEFAULT 1",
)
SETTINGS = {
    "vote_fewest": "INTEGER NOT NULL DEFAULT 5",
    "vote_small_side": FLAG,
    "vote_confirm": FLAG,
}
VOTE = {
    "by_name": FLAG,
    "key": WORDS,
    "fewest": NUMBER,
    "small_side": FLAG,
    "envelopes": "INTEGER",
    "root": WORDS,
    "invalid": FLAG,
    "confirmed": "TEXT NOT NULL DEFAULT '[]'",
}
# Ballots stood in the clear beside their persons. Of a counted vote the sorted list stays, which is
# all that a recount needs, and who voted; of one that was still running nothing, for it is void.
LIST = """
    INSERT INTO opened_ballot (vote, place, paper)
    SELECT vote, row_number() OVER (PARTITION BY vote ORDER BY paper), paper
    FROM ballot_in_clear WHERE vote IN (SELECT id FROM vote WHERE votes_for IS NOT NULL)
"""
VOTED = """
    INSERT INTO ballot (vote, person, id, receipt, paper) SELECT vote, person, id, '', NULL
    FROM ballot_in_clear WHERE vote IN (SELECT id FROM vote WHERE votes_for IS NOT NULL)
"""


def upgrade() -> None:
    """Make the new tables, add the columns, and part every ballot from its person."""
    connection = op.get_bind()
    text = statements(Path(__file__).with_name("sealed.sql").read_text(encoding="utf-8"))
    add_columns(connection, "settings", text["settings"], SETTINGS)
    add_columns(connection, "vote", text["vote"], VOTE)
    set_text(connection, "procedural", text["procedural"])
    connection.exec_driver_sql("ALTER TABLE ballot RENAME TO ballot_in_clear")
    for name in ("ballot", "head", "opened_ballot", "roll_call"):
        connection.exec_driver_sql(text[name])
    connection.exec_driver_sql(LIST)
    connection.exec_driver_sql(VOTED)
    connection.exec_driver_sql("DROP TABLE ballot_in_clear")


def downgrade() -> None:
    """Refuse: the way back is a backup."""
    raise NotImplementedError("migrations go forward only; restore a backup")
