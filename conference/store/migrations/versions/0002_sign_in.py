"""Sign-ins by browser, codes that stand beside each other, links as hashes, second factors.

Several people may share an address, sessions stay, codes that were under way do not, mails stay.
"""

from pathlib import Path

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the new tables and carry over what stays."""
    text = Path(__file__).with_name("0002.sql").read_text(encoding="utf-8")
    for statement in text.split(";\n"):
        if statement.strip():
            op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    """Refuse: the way back is a backup."""
    raise NotImplementedError("migrations go forward only; restore a backup")
