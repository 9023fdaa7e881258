"""A mask may wait for its document: a withdrawal can be replayed on a corpus that has not met the document yet."""

from __future__ import annotations

from alembic import op

revision = "0008"
down_revision = "0007"
NAMES = {"fk": "%(table_name)s_%(column_0_name)s_fkey"}
"""How PostgreSQL names a foreign key; SQLite gives it no name, and one is needed to take it away."""


def upgrade() -> None:
    """Let a redaction speak of a document that is not there."""
    with op.batch_alter_table("redaction", naming_convention=NAMES) as table:
        table.drop_constraint("redaction_document_id_fkey", type_="foreignkey")
