"""The vocabulary of a corpus is kept in its database: a lab has no folder for a file, and a copy is whole by itself."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add the column, and take in the file that an older corpus kept beside its database."""
    with op.batch_alter_table("corpus") as table:
        table.add_column(sa.Column("vocabulary", sa.Text(), nullable=False, server_default=""))
    kept = earlier_file()
    if kept and kept.exists():
        corpus = sa.table("corpus", sa.column("vocabulary", sa.Text))
        op.get_bind().execute(sa.update(corpus).values(vocabulary=kept.read_text("utf-8", "replace")))


def earlier_file() -> Path | None:
    """Return where an older corpus in SQLite kept its vocabulary."""
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        return None
    file = connection.exec_driver_sql("PRAGMA database_list").all()[0][2]
    return Path(file).parent / "vocabulary.yaml" if file else None
