"""Looking for words in all that a corpus keeps: its files as they lie on the disk, its rows, and its bytes decoded."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import extract
from extract.model import Hints
from extract.terms import fold
from storage.postgres import Postgres
from storage.sqlite import SqliteFile
from storage.store import Store


def places_of(store: Store, *words: str) -> list[str]:
    """Return where any of some words stands, in any case, accents aside: one name a place."""
    wanted = [fold(word) for word in words]
    return sorted({name for name, text in everything(store) if any(word in text for word in wanted)})


def everything(store: Store) -> Iterator[tuple[str, str]]:
    """Yield all that is kept, folded, each with its place."""
    if isinstance(store.database, SqliteFile):
        yield from files(store.database.file.parent)
    assert isinstance(store.database, SqliteFile | Postgres)
    yield from rows(store)
    for digest in store.blobs.digests():
        body = store.blobs.read(digest)
        yield f"blob {digest[:8]}", fold(body.decode("latin-1"))
        yield f"blob {digest[:8]} read", fold(extract.read(body, Hints()).text)


def files(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield every file of a folder, whole, its name with it."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path.name, fold(path.name + path.read_bytes().decode("latin-1"))
            yield f"{path.name} as UTF-8", fold(path.read_bytes().decode("utf-8", "ignore"))


def rows(store: Store) -> Iterator[tuple[str, str]]:
    """Yield every row of every table, the index among them."""
    tables = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table'",
        "postgresql": "SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()",
    }
    with store.reading() as connection:
        for (name,) in connection.exec_driver_sql(tables[connection.dialect.name]).all():
            for row in connection.exec_driver_sql(f'SELECT * FROM "{name}"').all():
                said = [each.decode("latin-1") if isinstance(each, bytes) else each for each in row]
                yield f"table {name}", fold(json.dumps(said, ensure_ascii=False, default=str))
