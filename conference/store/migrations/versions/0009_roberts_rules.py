"""Robert's Rules: a recess, reconsidering, questions of privilege, the orders of the day."""

from pathlib import Path

from alembic import op

from conference.store.alter import set_text, statements

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Allow the new kinds; no row changes."""
    connection = op.get_bind()
    text = statements(Path(__file__).with_name("0009.sql").read_text(encoding="utf-8"))
    for table in ("procedural", "point"):
        set_text(connection, table, text[table])


def downgrade() -> None:
    """Refuse: the way back is a backup."""
    raise NotImplementedError("migrations go forward only; restore a backup")
