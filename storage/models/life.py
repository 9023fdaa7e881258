"""What documents have to do with each other, and what happens to them."""

from __future__ import annotations

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base, Json


class Relation(Base):
    """Two documents that have to do with each other. Read from `document_id` to the earlier `other_id`.

    `contains` is read from the whole to the part, `moved_to` to the later place.
    """

    __tablename__ = "relation"
    document_id: Mapped[str] = mapped_column(ForeignKey("document.id"), primary_key=True)
    other_id: Mapped[str] = mapped_column(ForeignKey("document.id"), primary_key=True, index=True)
    type: Mapped[str] = mapped_column(primary_key=True)
    """same_bytes | same_text | near | contains | same_act | translation | moved_to"""
    similarity: Mapped[float | None]
    how: Mapped[str] = mapped_column(default="", server_default="")
    """What it was found by, in words."""


class Change(Base):
    """The dated facts of a document's life, in order: the change feed. It outlives a document that is withdrawn."""

    __tablename__ = "change"
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    at: Mapped[str]
    run_id: Mapped[str | None] = mapped_column(ForeignKey("run.id"))
    document_id: Mapped[str] = mapped_column(index=True)
    fact: Mapped[str]
    """stored | updated | moved | moved_to | restated | unlisted | relisted | missing | gone | returned | curated |
    corrected | withdrawn | redacted | unredacted
    """
    detail: Mapped[Json]
