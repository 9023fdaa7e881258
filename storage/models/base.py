"""What all tables share: their registry, and how Python's types are kept."""

from __future__ import annotations

from typing import Any, ClassVar

from sqlalchemy import JSON, Text
from sqlalchemy.orm import DeclarativeBase

Json = dict[str, Any]


class Base(DeclarativeBase):
    """The registry of all tables."""

    type_annotation_map: ClassVar[dict[Any, Any]] = {Json: JSON, list[Any]: JSON, str: Text}
