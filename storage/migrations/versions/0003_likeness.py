"""What documents are compared by, and how each relation was found.

An older corpus has neither: both are made when it is next opened for writing, from the texts it holds.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the tables of signatures and traces, and the columns."""
    op.create_table(
        "signature",
        sa.Column("document_id", sa.Text(), sa.ForeignKey("document.id"), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.Column("traces", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("document_id"),
        sa.UniqueConstraint("seq"),
    )
    op.create_table(
        "trace",
        sa.Column("value", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("value", "seq"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "common_trace",
        sa.Column("value", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("cap", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("value"),
    )
    with op.batch_alter_table("relation") as table:
        table.add_column(sa.Column("how", sa.Text(), nullable=False, server_default=""))
    with op.batch_alter_table("corpus") as table:
        table.add_column(sa.Column("likeness_version", sa.Text(), nullable=False, server_default=""))
