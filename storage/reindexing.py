"""Building the full-text index again, when the analyser that made it has changed."""

from __future__ import annotations

from sqlalchemy import Connection, select, update

from storage import index
from storage.models import Corpus, Document
from storage.shapes import AnySelect

UNFINISHED = "being built"


def begin(connection: Connection) -> None:
    """Empty the index, and say that it is not whole."""
    connection.execute(update(Corpus).values(terms_version=UNFINISHED))
    index.clear(connection)


def documents() -> AnySelect:
    """Return the query for the ids of all documents, in order of arrival."""
    return select(Document.id).order_by(Document.first_capture_seq)


def end(connection: Connection, version: str) -> None:
    """Say which analyser made the index, now that it is whole."""
    connection.execute(update(Corpus).values(terms_version=version))
