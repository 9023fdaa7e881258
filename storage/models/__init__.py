"""The tables. Everything derived can be rebuilt from captures and blobs. Full-text tables are not models.

Times are ISO 8601 text in UTC; facts that were guessed keep how they were found (`Extraction.facts`).
"""

from storage.models.base import Base
from storage.models.captures import Blob, Capture
from storage.models.corpus import Authority, Corpus, Source
from storage.models.decisions import Decision, Freeze, FrozenVersion
from storage.models.documents import BodyText, Document, DocumentAlias, DocumentSource, Extraction, Passage, Version
from storage.models.index import Chunk
from storage.models.ledger import LedgerExplanation
from storage.models.life import Change, Relation
from storage.models.likeness import CommonTrace, Signature, Trace
from storage.models.runs import Run, RunAddress, RunLock
from storage.models.withdrawals import (
    RedactedText,
    Redaction,
    Unswept,
    Withdrawal,
    WithdrawnAddress,
    WithdrawnBytes,
)

__all__ = [
    "Authority",
    "Base",
    "Blob",
    "BodyText",
    "Capture",
    "Change",
    "Chunk",
    "CommonTrace",
    "Corpus",
    "Decision",
    "Document",
    "DocumentAlias",
    "DocumentSource",
    "Extraction",
    "Freeze",
    "FrozenVersion",
    "LedgerExplanation",
    "Passage",
    "RedactedText",
    "Redaction",
    "Relation",
    "Run",
    "RunAddress",
    "RunLock",
    "Signature",
    "Source",
    "Trace",
    "Unswept",
    "Version",
    "Withdrawal",
    "WithdrawnAddress",
    "WithdrawnBytes",
]
