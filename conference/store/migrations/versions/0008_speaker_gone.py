"""A speaker who loses the connection: the wait, the time left, the reading out."""

from pathlib import Path

from alembic import op

from conference.store.alter import add_columns, statements

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

SETTINGS = {"speech_grace": "INTEGER NOT NULL DEFAULT 30"}
TURN = {
    "waits_until": "INTEGER",
    "seconds_left": "INTEGER",
    "read_out": "INTEGER NOT NULL DEFAULT 0",
}


def upgrade() -> None:
    """Add the columns; nobody has been waited for yet."""
    connection = op.get_bind()
    text = statements(Path(__file__).with_name("0008.sql").read_text(encoding="utf-8"))
    add_columns(connection, "settings", text["settings"], SETTINGS)
    add_columns(connection, "turn", text["turn"], TURN)


def downgrade() -> None:
    """Refuse: the way back is a backup."""
    raise NotImplementedError("migrations go forward only; restore a backup")
