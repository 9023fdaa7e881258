"""The schema: migrations and models say the same, and a new corpus is at the newest."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext

from storage import database
from storage.database import HEAD, known_revisions, revision_of, upgrade, writer_engine
from storage.facts import KEPT
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


def at_revision(file: Path, revision: str) -> None:
    """Make a database as an earlier Minutier made it."""
    config = Config()
    config.set_main_option("script_location", str(Path(database.__file__).parent / "migrations"))
    engine = writer_engine(file)
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    engine.dispose()


def test_facts_of_the_first_schema_are_completed(tmp_path: Path) -> None:
    """Extractions made before acts and mentions were read have empty lists for them; nothing else changes."""
    file = tmp_path / "corpus.db"
    at_revision(file, "0001")
    old = {
        "title": None,
        "dates": [],
        "language": "fr",
        "languages": [{"code": "fr", "share": 1.0}],
        "quality": {"verdict": "suspect", "needs_ocr": False},
        "pages": [{"number": 1, "label": "", "start": 0, "end": 5}],
    }
    columns = "blob_sha256, extractor_version, hints_sha256, extractor, engine, media_type, text_sha256, verdict"
    rows = [(f"b{number}", json.dumps(old)) for number in range(1202)]
    with closing(sqlite3.connect(file)) as connection:  # which lets a row refer to nothing
        values = "(?, '1', '', '', '', '', '', '', ?, '')"
        connection.executemany(f"INSERT INTO extraction ({columns}, facts, made_at) VALUES {values}", rows)
        connection.commit()
    upgrade(file)
    assert revision_of(file) == HEAD
    with closing(sqlite3.connect(file)) as connection:
        kept = [json.loads(facts) for (facts,) in connection.execute("SELECT facts FROM extraction")]
    assert len(kept) == 1202
    assert all(
        {name: each[name] for name in ("title", "dates", "language", "quality")}
        == {name: old[name] for name in ("title", "dates", "language", "quality")}
        for each in kept
    )
    assert set(kept[0]) == set(KEPT) - {"act_type"}
    assert kept[-1]["pages"] == [old["pages"][0] | {"verdict": "suspect", "confidence": None}]
    assert kept[-1]["languages"] == [{"code": "fr", "share": 1.0, "spans": []}]
    assert (kept[-1]["acts"], kept[-1]["speaks_of"]) == ([], "")
