"""Withdrawals: tombstones, what must not come back, and a change feed that outlives its documents."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
NAMES = {"fk": "%(table_name)s_%(column_0_name)s_fkey"}
"""How PostgreSQL names a foreign key; SQLite gives it no name, and one is needed to take it away."""


def upgrade() -> None:
    """Add six tables, and let the change feed speak of documents that are no more."""
    with op.batch_alter_table("change", naming_convention=NAMES) as table:
        table.drop_constraint("change_document_id_fkey", type_="foreignkey")
    if op.get_bind().dialect.name == "postgresql":  # SQLite has it since the first schema; there it was forgotten
        name = "document_current_version_id_fkey"
        op.create_foreign_key(name, "document", "version", ["current_version_id"], ["id"])
    make_tombstones()
    make_redactions()
    op.create_table("unswept", sa.Column("sha256", sa.Text(), nullable=False), sa.PrimaryKeyConstraint("sha256"))


def make_tombstones() -> None:
    """Make withdrawal, withdrawn_address, withdrawn_bytes."""
    op.create_table(
        "withdrawal",
        sa.Column("seq", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("document_id", sa.Text(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=True),
        sa.Column("end", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("seq"),
    )
    op.create_index(op.f("ix_withdrawal_document_id"), "withdrawal", ["document_id"], unique=False)
    withheld: list[sa.Column[bool]] = [sa.Column("withheld", sa.Boolean(), nullable=False)]
    for name, columns in (("withdrawn_address", withheld[:0]), ("withdrawn_bytes", withheld)):
        op.create_table(
            name,
            sa.Column("sha256", sa.Text(), nullable=False),
            sa.Column("withdrawal_seq", sa.Integer(), nullable=False),
            *columns,
            sa.ForeignKeyConstraint(["withdrawal_seq"], ["withdrawal.seq"]),
            sa.PrimaryKeyConstraint("sha256"),
        )


def make_redactions() -> None:
    """Make redaction, redacted_text."""
    op.create_table(
        "redaction",
        sa.Column("withdrawal_seq", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Text(), nullable=False),
        sa.Column("salt", sa.Text(), nullable=False),
        sa.Column("letters", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("whole_words", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"]),
        sa.ForeignKeyConstraint(["withdrawal_seq"], ["withdrawal.seq"]),
        sa.PrimaryKeyConstraint("withdrawal_seq", "document_id"),
    )
    op.create_index(op.f("ix_redaction_document_id"), "redaction", ["document_id"], unique=False)
    op.create_table(
        "redacted_text",
        sa.Column("document_id", sa.Text(), nullable=False),
        sa.Column("was", sa.Text(), nullable=False),
        sa.Column("now", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"]),
        sa.PrimaryKeyConstraint("document_id", "was"),
    )
