"""Alembic's entry: migrations run on the connection that `storage.database.migrate` hands over.

The views for analysts are dropped before, for a table that a view looks at cannot be changed, and made again once the
schema is the newest. They are no models: autogenerate does not look for views.
"""

from __future__ import annotations

from typing import Any

from alembic import context

from storage import views
from storage.database import HEAD
from storage.models import Base


def include_name(name: str | None, kind: str, parents: Any) -> bool:
    """Leave the full-text tables out: the writer keeps them, not the models."""
    return not (kind == "table" and (name or "").startswith(("chunk_index", "commit_mark")))


connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=Base.metadata, include_name=include_name, render_as_batch=True)
with context.begin_transaction():
    views.drop(connection)
    context.run_migrations()
    context.config.attributes["settle"](connection)
    if HEAD in context.get_context().get_current_heads():
        views.create(connection)
