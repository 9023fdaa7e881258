"""Names for SQLAlchemy's connections, queries and rows of any columns: the types that the rooms above may see."""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import Connection, Row, Select, Table
from sqlalchemy.orm import DeclarativeBase

__all__ = ["AnyRow", "AnySelect", "Connection", "table_of"]

AnySelect = Select[*tuple[Any, ...]]
AnyRow = Row[*tuple[Any, ...]]


def table_of(model: type[DeclarativeBase]) -> Table:
    """Return the bare table of a model: statements on it are cheaper than those on the model."""
    return cast(Table, model.__table__)
