"""A freeze is written in many small transactions: until the last one it says who is writing it, and is not shown."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add the column; the freezes that are there are whole."""
    with op.batch_alter_table("freeze") as table:
        table.add_column(sa.Column("written_by", sa.Text(), nullable=False, server_default=""))
