"""What documents are found by when they are compared: never shown, and made again by `relate --again`."""

from __future__ import annotations

from sqlalchemy import BigInteger
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base


class Signature(Base):
    """What the shown text of a document is compared by."""

    __tablename__ = "signature"
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """The document's first capture: a number is found faster than an id, and says who came first."""
    size: Mapped[int]  # different shingles
    signature: Mapped[bytes]
    keys: Mapped[bytes]
    """The values under which it stands in `trace` beside the bands of its signature, 64 bits each."""


class Trace(Base):
    """A value and a document that has it: a band of its signature, the day of its séance, an act in it."""

    __tablename__ = "trace"
    value: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)

    __table_args__ = ({"sqlite_with_rowid": False},)


class CommonTrace(Base):
    """A value that too many documents have to say anything: nothing is looked up by it."""

    __tablename__ = "common_trace"
    value: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    cap: Mapped[int]
    """So many documents may have it before it is common."""
