"""Names for SQLAlchemy's queries and rows of any columns: the types that the rooms above may see."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, Select

AnySelect = Select[*tuple[Any, ...]]
AnyRow = Row[*tuple[Any, ...]]
