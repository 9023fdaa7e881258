"""The schema: migrations and models say the same, and a new corpus is at the newest."""

from __future__ import annotations

from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from storage.database import HEAD, known_revisions, revision_of, writer_engine
from storage.models import Base
from storage.store import Store
from tests.making import NOON


def test_a_new_corpus_has_the_newest_schema(tmp_path: Path) -> None:
    """HEAD names the last migration file, and creating a corpus runs all of them."""
    Store.create(tmp_path / "c", now=NOON, version="test").__exit__(None, None, None)
    assert revision_of(tmp_path / "c" / "corpus.db") == HEAD == max(known_revisions())


def test_migrations_build_what_the_models_say(tmp_path: Path) -> None:
    """Alembic finds no difference between a migrated corpus and the models, full-text tables aside."""
    Store.create(tmp_path / "c", now=NOON, version="test").__exit__(None, None, None)
    engine = writer_engine(tmp_path / "c" / "corpus.db")
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={"include_name": lambda name, kind, parents: not (kind == "table" and name.startswith("chunk_index"))},
        )
        differences = compare_metadata(context, Base.metadata)
    engine.dispose()
    assert differences == []


def test_a_corpus_is_never_half_made(tmp_path: Path) -> None:
    """What a killed creation left is swept away, and the corpus appears whole."""
    folder = tmp_path / "c"
    folder.mkdir()
    (folder / ".corpus.db.new").write_bytes(b"half")
    Store.create(folder, now=NOON, version="test").__exit__(None, None, None)
    assert [path.name for path in folder.iterdir() if path.name.startswith(".corpus")] == []
    assert (folder / "corpus.db").exists()
