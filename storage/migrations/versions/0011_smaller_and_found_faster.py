"""The file is smaller and what is few is found by an index: signatures without what can be worked out of them.

What documents are compared by is made again when the corpus is next opened for writing, from the texts it holds.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
KEYED = ("run_address", "document_source")
"""Tables that are found by their key alone: without row numbers SQLite keeps that once."""
FEW = {
    "capture_waiting": ("capture", ["waiting", "seq"], "waiting = 1", "waiting"),
    "document_needs_ocr": ("document", ["needs_ocr"], "needs_ocr = 1", "needs_ocr"),
    "ix_document_lead_id": ("document", ["lead_id"], "lead_id IS NOT NULL", "lead_id IS NOT NULL"),
}
"""Indexes of few rows. SQLite uses one only where a question says the same in the same words."""


def upgrade() -> None:
    """Make the tables of what documents are compared by anew, and the indexes."""
    op.drop_table("signature")
    op.create_table(
        "signature",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.Column("keys", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("seq"),
    )
    for table in ("trace", "common_trace"):
        op.execute(f"DELETE FROM {table}")
    op.execute("UPDATE corpus SET likeness_version = ''")
    for name in ("capture_waiting", "ix_document_lead_id"):
        op.drop_index(name, FEW[name][0])
    for name, (table, columns, on_sqlite, on_postgres) in FEW.items():
        op.create_index(name, table, columns, sqlite_where=sa.text(on_sqlite), postgresql_where=sa.text(on_postgres))
    if op.get_bind().dialect.name == "sqlite":
        for table in KEYED:
            with op.batch_alter_table(table, recreate="always", table_kwargs={"sqlite_with_rowid": False}):
                pass
