"""The completeness ledger: by source and month what was announced, came, is missing, cannot be known.

`docs/ledger.md` says what may be claimed from it, `docs/decisions/0010-ledger.md` why the rules are as they are.
"""

from storage.ledger.model import Gap, Ledger, Month, SourceLedger
from storage.ledger.whole import ledger

__all__ = ["Gap", "Ledger", "Month", "SourceLedger", "ledger"]
