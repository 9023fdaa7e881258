"""How far a passage reaches: the documents that say it with the same bytes or in the same text, and others that do."""

from __future__ import annotations

import re
from collections.abc import Iterable

from sqlalchemy import Connection, select

from storage.filters import Filters
from storage.finishing import shown_text
from storage.holdings import holdings
from storage.masking import Hashed, Known, Span, Veiled
from storage.models import BodyText, Extraction, Version
from storage.search import found_by

FIRST_WORDS = 12


def reached(connection: Connection, identity: str, known: Known | Hashed) -> list[str]:
    """Return the documents that have a passage with the same bytes or in the same text, the one that is named first."""
    found, waiting = [identity], [identity]
    while waiting:
        each = waiting.pop()
        texts = texts_of(connection, [each])
        hits = [digest for digest, text in texts.items() if says(text, known)]
        unread = [digest for digest, text in texts.items() if not any(map(str.isalnum, text))]
        mine = Extraction.blob_sha256.in_(sorted(holdings(connection, each).blobs))
        blobs = select(Extraction.blob_sha256).where(
            Extraction.text_sha256.in_(hits) | (mine & Extraction.text_sha256.in_(unread))
        )
        same = Version.text_sha256.in_(hits) | Version.blob_sha256.in_(blobs)
        others = select(Version.document_id).where(same).distinct().order_by(Version.document_id)
        new = [other for other in connection.execute(others).scalars() if other not in found]
        found += new
        waiting += new
    return found


def says(text: str, known: Known | Hashed) -> bool:
    """Return whether a text has a passage."""
    return bool(Veiled(text, (known,)).spans)


def texts_of(connection: Connection, ids: Iterable[str]) -> dict[str, str]:
    """Return every text that some documents ever had, by its hash."""
    digests = sorted({digest for each in ids for digest in holdings(connection, each).texts})
    rows = connection.execute(select(BodyText.sha256, BodyText.text).where(BodyText.sha256.in_(digests)))
    return {row.sha256: row.text for row in rows}


def first_words(text: str, span: Span) -> str:
    """Return the first words of a passage, as they are looked for in other documents."""
    return " ".join(re.findall(r"\w+", text[slice(*span)])[:FIRST_WORDS])


def said_elsewhere(connection: Connection, known: Known | Hashed, words: str) -> list[str]:
    """Return the documents that still say a passage: found by its first words, and looked at."""
    found = sorted(found_by(connection, f'"{words}"', Filters(all_copies=True)))
    texts = ((each, connection.execute(shown_text(each)).one().text) for each in found)
    return [each for each, other in texts if says(other, known)]
