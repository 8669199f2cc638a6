"""Envelopes are stored as the bytes they are, and a receipt only once the box is fixed."""

import base64

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

BALLOT = """CREATE TABLE ballot (
	vote INTEGER NOT NULL,
	person TEXT NOT NULL,
	id TEXT NOT NULL,
	receipt TEXT,
	paper ANY,
	PRIMARY KEY (vote, person),
	CONSTRAINT fk_ballot_vote FOREIGN KEY(vote, person) REFERENCES roll_person (vote, person) DEFERRABLE INITIALLY DEFERRED
)
 WITHOUT ROWID,
 STRICT"""
# In a vote by name the paper is the choice and the receipt was the choice again.
COPY = """
    INSERT INTO ballot (vote, person, id, receipt, paper)
    SELECT old.vote, old.person, old.id, CASE WHEN vote.by_name THEN NULL ELSE old.receipt END, old.paper
    FROM ballot_as_text AS old JOIN vote ON vote.id = old.vote
"""
ENVELOPES = """
    SELECT ballot.paper, vote.root <> '', ballot.vote, ballot.person
    FROM ballot JOIN vote ON vote.id = ballot.vote
    WHERE NOT vote.by_name AND ballot.paper IS NOT NULL
"""
# Until the box is fixed the receipt follows from the envelope.
AS_BYTES = """
    UPDATE ballot SET paper = ?, receipt = CASE WHEN ? THEN receipt END WHERE vote = ? AND person = ?
"""


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def upgrade() -> None:
    """Write every ballot anew, in the order it has: by vote and person."""
    connection = op.get_bind()
    connection.exec_driver_sql("ALTER TABLE ballot RENAME TO ballot_as_text")
    connection.exec_driver_sql(BALLOT)
    connection.exec_driver_sql(COPY)
    connection.exec_driver_sql("DROP TABLE ballot_as_text")
    found = connection.exec_driver_sql(ENVELOPES).fetchall()
    if found:
        rows = [(_bytes(paper), *rest) for paper, *rest in found]
        connection.exec_driver_sql(AS_BYTES, rows)


def downgrade() -> None:
    """Refuse: the way back is a backup."""
    raise NotImplementedError("migrations go forward only; restore a backup")
