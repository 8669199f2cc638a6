"""Registration: what the registrar is told and decides, the locked register, the draw."""

from pathlib import Path

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the new tables; nothing that is there is touched."""
    text = Path(__file__).with_name("0004.sql").read_text(encoding="utf-8")
    for statement in text.split(";\n"):
        if statement.strip():
            op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    """Refuse: the way back is a backup."""
    raise NotImplementedError("migrations go forward only; restore a backup")
