"""What a corpus is, and who publishes what is in it."""

from __future__ import annotations

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base, Json


class Corpus(Base):
    """One row: what this corpus is and which software shaped its index."""

    __tablename__ = "corpus"
    id: Mapped[str] = mapped_column(primary_key=True)
    created_at: Mapped[str]
    minutier_version: Mapped[str]
    terms_version: Mapped[str]
    vocabulary: Mapped[str] = mapped_column(default="", server_default="")
    """The file of terms that its texts are searched for; empty for the one that comes with Minutier."""
    likeness_version: Mapped[str] = mapped_column(default="", server_default="")
    """What made the signatures and found the relations; after a change all are made again."""


class Authority(Base):
    """A public body that publishes, as `sources.yaml` names it."""

    __tablename__ = "authority"
    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    level: Mapped[str] = mapped_column(default="")
    insee: Mapped[str] = mapped_column(default="")
    siren: Mapped[str] = mapped_column(default="")
    departement: Mapped[str] = mapped_column(default="")
    country: Mapped[str] = mapped_column(default="")


class Source(Base):
    """A place that publishes, as it was configured when it last ran."""

    __tablename__ = "source"
    id: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    kind: Mapped[str]
    voice: Mapped[str]
    authority_id: Mapped[str | None] = mapped_column(ForeignKey("authority.id"))
    country: Mapped[str] = mapped_column(default="")
    rights: Mapped[Json]
    settings: Mapped[Json]  # the whole entry of sources.yaml, for the record
