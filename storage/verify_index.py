"""Whether the full-text index has the pieces of the texts that are shown, and nothing else.

Every piece is looked for. Whether its row has the right terms is asked of a sample, for the texts have to be analysed
again for that: evenly over the corpus, the same documents each time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sqlalchemy import Connection, select

from extract.terms import TERMS_VERSION
from storage import index
from storage.chunking import Piece, pieces_of
from storage.finishing import shown_text
from storage.models import BodyText, Chunk, Corpus, Document, Version

Progress = Callable[[int, int, str], None]
SAMPLE = 200
CURE = "`minutier verify --reindex` builds the index again"


def faults(connection: Connection, sample: int | None, progress: Progress) -> tuple[int, int, list[str]]:
    """Return how many documents are shown, how many were compared term by term, and every fault."""
    ids = list(connection.execute(select(Document.id).order_by(Document.first_capture_seq, Document.id)).scalars())
    made_by = connection.execute(select(Corpus.terms_version)).scalar()
    if made_by != TERMS_VERSION:
        older = "The full-text index was made by another analyser, or its making was cut short"
        return len(ids), 0, [f"{older}: {CURE}."]
    found = [f"The full-text index: {stale.rstrip('.')}: {CURE}."] if (stale := index.check(connection)) else []
    found += [f"Document {each} has text and is not indexed: {CURE}." for each in unindexed(connection)]
    chosen = ids if sample is None else ids[:: max(1, -(-len(ids) // sample))]
    for done, identity in enumerate(chosen, start=1):
        if not fits(connection, identity):
            found.append(f"Document {identity} is indexed with other terms than its text has: {CURE}.")
        progress(done, len(chosen), "index")
    return len(ids), len(chosen), found


def unindexed(connection: Connection) -> Iterator[str]:
    """Yield the documents that show a text and have no piece in the index, but for texts in which no term is."""
    shown = select(Document.id).join(Version, Version.id == Document.current_version_id)
    shown = shown.join(BodyText, BodyText.sha256 == Version.text_sha256).where(BodyText.length > 0)
    for identity in connection.execute(shown.where(Document.id.not_in(select(Chunk.document_id)))).scalars().all():
        if pieces_shown(connection, identity):
            yield identity


def pieces_shown(connection: Connection, identity: str) -> tuple[Piece, ...]:
    """Return the pieces of the text that is shown of a document, made anew."""
    row = connection.execute(shown_text(identity)).one_or_none()
    return pieces_of(row.text, row.facts) if row else ()


def fits(connection: Connection, identity: str) -> bool:
    """Return whether the index holds the pieces of a document's text as they are made today."""
    pieces = pieces_shown(connection, identity)
    chunks = connection.execute(select(Chunk).where(Chunk.document_id == identity).order_by(Chunk.id)).all()
    return len(chunks) == len(pieces) and all(
        (chunk.page, chunk.start, chunk.end, chunk.language) == (piece.page, piece.start, piece.end, piece.language)
        and index.holds(connection, chunk.id, piece)
        for chunk, piece in zip(chunks, pieces, strict=True)
    )
