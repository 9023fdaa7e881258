"""Acts, tables, margins, records and mentions among the facts of an extraction; what a document speaks of.

Extractions made before have none of them: the facts say so with empty lists, until `minutier extract --again`.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

extraction = sa.table("extraction", sa.column("id", sa.Integer), sa.column("facts", sa.JSON))


def upgrade() -> None:
    """Add the column, and complete the facts of every extraction."""
    with op.batch_alter_table("document") as table:
        table.add_column(sa.Column("speaks_of", sa.Text(), nullable=False, server_default=""))
    connection = op.get_bind()
    last = 0
    while rows := connection.execute(
        sa.select(extraction).where(extraction.c.id > last).order_by(extraction.c.id).limit(500)
    ).all():
        for row in rows:
            change = sa.update(extraction).where(extraction.c.id == row.id).values(facts=completed(row.facts))
            connection.execute(change)
        last = rows[-1].id


def completed(facts: dict[str, Any]) -> dict[str, Any]:
    """Return the facts of an older extraction in today's shape."""
    return facts | {
        "pages": [{"verdict": facts["quality"]["verdict"], "confidence": None} | page for page in facts["pages"]],
        "languages": [{"spans": []} | share for share in facts["languages"]],
        "margins": [],
        "tables": [],
        "acts": [],
        "records": [],
        "mentions": [],
        "speaks_of": "",
    }
