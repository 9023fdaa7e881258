"""What people say of gaps: why something is missing."""

from __future__ import annotations

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base


class LedgerExplanation(Base):
    """One word of one person on one gap. Rows are only ever added: the newest stands."""

    __tablename__ = "ledger_explanation"
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    at: Mapped[str]
    by: Mapped[str]
    gap_id: Mapped[str]
    """What names the gap (`storage.ledger.model.gap_id`): it is found again after every crawl."""
    source_id: Mapped[str]
    """No foreign key: the word stays when the source is no more."""
    gap: Mapped[str] = mapped_column(default="", server_default="")
    """The gap in a sentence, as it stood then."""
    because: Mapped[str | None]
    """Nothing: the explanation before is taken back."""

    __table_args__ = (Index("ledger_explanation_gap", "gap_id", "seq"),)
