"""The pieces of text that the full-text index has rows for."""

from __future__ import annotations

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base


class Chunk(Base):
    """A page-sized piece of a current version: one row of the full-text index has the same number."""

    __tablename__ = "chunk"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    document_id: Mapped[str] = mapped_column(ForeignKey("document.id"), index=True)
    page: Mapped[int | None]
    start: Mapped[int]
    end: Mapped[int]
    language: Mapped[str]
    """The language whose stems were indexed: needed to take the row out again."""
