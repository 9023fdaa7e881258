"""What a run observed of its source, so that later runs can be compared with it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Add the column; of runs before, nothing is known."""
    with op.batch_alter_table("run") as table:
        table.add_column(sa.Column("observed", sa.JSON(), nullable=False, server_default="{}"))
