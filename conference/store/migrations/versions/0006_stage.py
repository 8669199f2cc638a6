"""Speakers' answers and checks, the stage, sound and picture, the help list: new tables only."""

from pathlib import Path

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables; a conference that is there gets its one row of the stage.

    What a speaker had *seen* was a step of conference and is now a time: they are asked anew.
    """
    connection = op.get_bind()
    text = Path(__file__).with_name("0006.sql").read_text(encoding="utf-8")
    for statement in text.split(";\n"):
        if statement.strip():
            connection.exec_driver_sql(statement)
    connection.exec_driver_sql(
        "INSERT INTO stage (id, shows, delay) SELECT 1, 'automatic', 0 FROM conference"
    )
    connection.exec_driver_sql("UPDATE slot SET seen = NULL")


def downgrade() -> None:
    """Refuse: the way back is a backup."""
    raise NotImplementedError("migrations go forward only; restore a backup")
