"""Alembic's entry: migrations run on the connection that `storage.database.upgrade` hands over."""

from __future__ import annotations

from typing import Any

from alembic import context

from storage.models import Base


def include_name(name: str | None, kind: str, parents: Any) -> bool:
    """Leave the full-text tables out: the writer keeps them, not the models."""
    return not (kind == "table" and (name or "").startswith("chunk_index"))


connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=Base.metadata, include_name=include_name, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
