"""The completeness ledger: people's words on gaps, what a document's date is of, what listings say of what never came.

What older corpora know is filled in: the role of each date stands in the facts. What their listings said is in the kept
pages, and no longer with the address: it comes with the next run.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
ROLE = {"sqlite": "json_extract(e.facts, '$.dates[0].role')", "postgresql": "(e.facts #>> '{dates,0,role}')"}


def upgrade() -> None:
    """Add the table and the columns."""
    op.create_table(
        "ledger_explanation",
        sa.Column("seq", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("gap_id", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("gap", sa.Text(), nullable=False, server_default=""),
        sa.Column("because", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("seq"),
    )
    op.create_index("ledger_explanation_gap", "ledger_explanation", ["gap_id", "seq"], unique=False)
    with op.batch_alter_table("document") as table:
        table.add_column(sa.Column("date_role", sa.Text(), nullable=False, server_default=""))
    with op.batch_alter_table("run_address") as table:
        table.add_column(sa.Column("words", sa.Text(), nullable=False, server_default=""))
    fill_roles()


def fill_roles() -> None:
    """Take the role of each date from the facts; of one that stands corrected it is a person's."""
    role = ROLE[op.get_bind().dialect.name]
    op.execute(
        f"UPDATE document SET date_role = coalesce((SELECT {role} FROM extraction AS e "
        "WHERE e.id = document.extraction_id), '')"
    )
    op.execute(
        "UPDATE document SET date_role = 'stated' WHERE EXISTS (SELECT 1 FROM decision AS p "
        "WHERE p.document_id = document.id AND p.field = 'date' AND p.value IS NOT NULL AND p.seq = "
        "(SELECT max(n.seq) FROM decision AS n WHERE n.document_id = document.id AND n.field = 'date'))"
    )
