"""What a corpus says of itself: the vocabulary that its texts are searched for."""

from __future__ import annotations

from sqlalchemy import Connection, select, update

from storage.models import Corpus

_VOCABULARY = select(Corpus.vocabulary)


def vocabulary(connection: Connection) -> str:
    """Return the text of the vocabulary that was put into the corpus; nothing where the built-in one is in use."""
    return connection.execute(_VOCABULARY).scalar_one()


def use_vocabulary(connection: Connection, text: str) -> None:
    """Put a vocabulary into the corpus, in the place of the one before."""
    connection.execute(update(Corpus).values(vocabulary=text))


def identity(connection: Connection) -> dict[str, str]:
    """Return the id of a corpus and when it was begun."""
    row = connection.execute(select(Corpus.id, Corpus.created_at)).one()
    return {"id": row.id, "created_at": row.created_at}
