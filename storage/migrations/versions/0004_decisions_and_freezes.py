"""What people decide and correct, and the lists of versions they freeze."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add three tables, and the two corrected columns that are not among a document's own."""
    with op.batch_alter_table("document") as table:
        table.add_column(sa.Column("kind_corrected", sa.Text(), nullable=False, server_default=""))
        table.add_column(sa.Column("authority_corrected", sa.Text(), nullable=False, server_default=""))
    make_decision()
    make_freeze()


def make_decision() -> None:
    """Make decision."""
    op.create_table(
        "decision",
        sa.Column("seq", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("document_id", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=True),
        sa.Column("machine", sa.Text(), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("blob_sha256", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"]),
        sa.PrimaryKeyConstraint("seq"),
    )
    op.create_index("decision_document", "decision", ["document_id", "field", "seq"], unique=False)
    op.create_index(op.f("ix_decision_blob_sha256"), "decision", ["blob_sha256"], unique=False)


def make_freeze() -> None:
    """Make freeze, frozen_version."""
    op.create_table(
        "freeze",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("filters", sa.JSON(), nullable=False),
        sa.Column("software", sa.JSON(), nullable=False),
        sa.Column("account", sa.JSON(), nullable=False),
        sa.Column("documents", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "frozen_version",
        sa.Column("freeze_name", sa.Text(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text_sha256", sa.Text(), nullable=False),
        sa.Column("blob_sha256", sa.Text(), nullable=False),
        sa.Column("extraction_id", sa.Integer(), nullable=False),
        sa.Column("shown", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["freeze_name"], ["freeze.name"]),
        sa.PrimaryKeyConstraint("freeze_name", "place"),
    )
    op.create_index(op.f("ix_frozen_version_document_id"), "frozen_version", ["document_id"], unique=False)
    op.create_index(op.f("ix_frozen_version_text_sha256"), "frozen_version", ["text_sha256"], unique=False)
