"""What was withdrawn: tombstones without content, what must not come back, and what is still to be swept away."""

from __future__ import annotations

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base


class Withdrawal(Base):
    """A tombstone: which document, or which passage of it, was taken down, when, by whom and why. Rows are only added.

    It refers to no other row, and holds no word of what was withdrawn.
    """

    __tablename__ = "withdrawal"
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    at: Mapped[str]
    by: Mapped[str]
    reason: Mapped[str]
    document_id: Mapped[str] = mapped_column(index=True)
    start: Mapped[int | None]
    """Of a passage: where it stood in the text that was shown then; nothing for a whole document."""
    end: Mapped[int | None]


class WithdrawnAddress(Base):
    """An address that is never fetched nor kept again: only its hash."""

    __tablename__ = "withdrawn_address"
    sha256: Mapped[str] = mapped_column(primary_key=True)
    withdrawal_seq: Mapped[int] = mapped_column(ForeignKey("withdrawal.seq"))


class WithdrawnBytes(Base):
    """Bytes that are not kept any more, wherever they come from: only their hash."""

    __tablename__ = "withdrawn_bytes"
    sha256: Mapped[str] = mapped_column(primary_key=True)
    withdrawal_seq: Mapped[int] = mapped_column(ForeignKey("withdrawal.seq"))
    withheld: Mapped[bool]
    """Their document is still there, with a passage masked."""


class Redaction(Base):
    """What finds a withdrawn passage in the later texts of a document: a hash of its letters, never the letters.

    It may be there before its document: the corpus may be older than the withdrawal, which was done in another one.
    """

    __tablename__ = "redaction"
    withdrawal_seq: Mapped[int] = mapped_column(ForeignKey("withdrawal.seq"), primary_key=True)
    document_id: Mapped[str] = mapped_column(primary_key=True, index=True)
    salt: Mapped[str]
    letters: Mapped[int]
    """How many letters and digits it has."""
    sha256: Mapped[str]
    """Of the salt and its letters, folded."""
    whole_words: Mapped[bool]
    """Whether it began and ended where words do."""


class RedactedText(Base):
    """The text that stands in the place of one that a version or a freeze had before a passage was masked."""

    __tablename__ = "redacted_text"
    document_id: Mapped[str] = mapped_column(ForeignKey("document.id"), primary_key=True)
    was: Mapped[str] = mapped_column(primary_key=True)
    now: Mapped[str]


class Unswept(Base):
    """What a withdrawal has yet to remove outside its transaction: a blob, or with no name what the database freed."""

    __tablename__ = "unswept"
    sha256: Mapped[str] = mapped_column(primary_key=True)
