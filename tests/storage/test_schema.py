"""The schema: migrations and models say the same, and a new corpus is at the newest."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import MetaData, insert, inspect
from sqlalchemy.dialects.sqlite import dialect as sqlite_dialect

from storage import decisions
from storage.captures import _WAITING
from storage.copying import adapted, point_ahead, tables
from storage.database import HEAD, Database, known_revisions, migrate
from storage.decisions import Who, Word
from storage.errors import StorageUnusable
from storage.facts import KEPT
from storage.figures import changes
from storage.filters import Filters, not_searchable
from storage.freezes import Plan
from storage.freezing import freeze
from storage.index_sqlite import _OF_COPIES
from storage.models import Base, Change
from storage.places import parts_of
from storage.postgres import _compare_bytes, count_on
from storage.search import search
from storage.sqlite import SqliteFile
from storage.store import Store
from storage.verify import verify
from storage.views import VIEWS
from tests.making import NOON, Scene
from tests.postgres import a_database
from tests.storage.test_copying import a_corpus

WHO = Who(by="Anne", at="2026-03-02T10:00:00Z")


def test_a_new_corpus_has_the_newest_schema(tmp_path: Path) -> None:
    """HEAD names the last migration file, and creating a corpus runs all of them."""
    Store.create(tmp_path / "c", now=NOON, version="test").__exit__(None, None, None)
    assert SqliteFile(tmp_path / "c" / "corpus.db").revision() == HEAD == max(known_revisions())


def test_migrations_build_what_the_models_say(place: str) -> None:
    """On both databases Alembic finds no difference between a corpus and the models, full-text tables aside."""
    with Store.create(place, now=NOON, version="test") as made:
        assert differences(made.database) == []


APART = ("chunk_index", "commit_mark")
"""Tables that are no models: the full-text index, and what a writer knows its transactions by."""


def differences(database: Database) -> list[Any]:
    """Return what `alembic check` would find."""
    engine = database.writer()
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={"include_name": lambda name, kind, parents: not (kind == "table" and name.startswith(APART))},
        )
        found = compare_metadata(context, Base.metadata)
    engine.dispose()
    return list(found)


@pytest.mark.parametrize(
    ("query", "found_by"),
    [
        (_WAITING, "capture_waiting"),
        (_OF_COPIES, "ix_document_lead_id"),
        (not_searchable(Filters()), "document_needs_ocr"),
        (not_searchable(Filters()), "ix_document_verdict"),
    ],
)
def test_what_is_few_is_found_by_an_index(tmp_path: Path, query: Any, found_by: str) -> None:
    """SQLite does not go through all captures to see what waits, nor through all documents for what is rare."""
    made = query.compile(dialect=sqlite_dialect(), compile_kwargs={"render_postcompile": True})
    with Store.create(tmp_path / "c", now=NOON, version="test") as store, store.reading() as connection:
        values = tuple(made.params[name] or 0 for name in made.positiontup)
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {made}", values).all()
    assert f"USING INDEX {found_by} " in " ".join(row.detail for row in plan).replace("COVERING ", "")
    assert "SCAN capture" not in str(plan)
    assert "SCAN document" not in str(plan)


def test_the_change_feed_outlives_its_documents(place: str) -> None:
    """An entry may speak of a document that is no more: no foreign key stands in the way."""
    with Store.create(place, now=NOON, version="test") as store:
        gone = {"at": "", "run_id": None, "document_id": "gone", "fact": "withdrawn", "detail": {}}
        store.writer.write(lambda connection: connection.execute(insert(Change).values(gone)) and None)
        with store.reading() as connection:
            assert [each["id"] for each in changes(connection, since=0)] == ["gone"]


def test_a_corpus_is_never_half_made(tmp_path: Path) -> None:
    """What a killed creation left is swept away, and the corpus appears whole."""
    folder = tmp_path / "c"
    folder.mkdir()
    (folder / ".corpus.db.new").write_bytes(b"half")
    Store.create(folder, now=NOON, version="test").__exit__(None, None, None)
    assert [path.name for path in folder.iterdir() if path.name.startswith(".corpus")] == []
    assert (folder / "corpus.db").exists()


MADE_AGAIN = ("signature", "trace", "common_trace")
"""What documents are compared by: other tables in older schemas, and made again from the texts."""


def at_revision(file: Path, revision: str) -> None:
    """Make a database as an earlier Minutier made it."""
    engine = SqliteFile(file).writer()
    with engine.begin() as connection:
        migrate(connection, revision)
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
    SqliteFile(file).upgrade()
    assert SqliteFile(file).revision() == HEAD
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


def test_a_vocabulary_beside_an_older_corpus_is_taken_in(tmp_path: Path) -> None:
    """What stood in a file of the corpus folder stands in the database afterwards."""
    file = tmp_path / "corpus.db"
    at_revision(file, "0002")
    with closing(sqlite3.connect(file)) as connection:
        connection.execute(
            "INSERT INTO corpus (id, created_at, minutier_version, terms_version) VALUES ('c', '', '', '')"
        )
        connection.commit()
    (tmp_path / "vocabulary.yaml").write_text("version: mine", encoding="utf-8")
    SqliteFile(file).upgrade()
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("SELECT vocabulary FROM corpus").fetchall() == [("version: mine",)]


@pytest.fixture(params=["sqlite", "postgresql"])
def bare(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Give an address where there is no corpus yet, once in each kind of database."""
    if request.param == "sqlite":
        yield str(tmp_path / "old")
        return
    server = request.getfixturevalue("postgres")
    with a_database(server, f"minutier_old_{os.getpid()}", tmp_path / "old" / "blobs") as address:
        yield address


def as_it_was(scene: Scene, location: str, revision: str) -> None:
    """Make a corpus as an earlier Minutier had it: its tables and columns, with the rows of a corpus of today."""
    database, blobs = parts_of(location)
    blobs.put_all([scene.store.blobs.read(digest) for digest in scene.store.blobs.digests()])
    engine = database.writer()
    with engine.begin() as target, scene.store.reading() as source:
        settle = _compare_bytes if target.dialect.name == "postgresql" else lambda connection: None
        migrate(target, revision, settle)
        there = MetaData()
        there.reflect(target)
        for table in [each for each in tables() if each.name in there.tables and each.name not in MADE_AGAIN]:
            columns = set(there.tables[table.name].columns.keys())
            rows = [adapted(table, dict(row)) for row in source.execute(table.select()).mappings()]
            if rows and table.name == "extraction" and revision == "0001":
                rows = [row | {"facts": of_the_first_schema(row["facts"])} for row in rows]
            if rows:
                kept = [{name: value for name, value in row.items() if name in columns} for row in rows]
                target.execute(there.tables[table.name].insert(), kept)
        point_ahead(source, target)
        if target.dialect.name == "postgresql":
            count_on(target)
    engine.dispose()


def of_the_first_schema(facts: dict[str, Any]) -> dict[str, Any]:
    """Return facts as they were before acts, tables and mentions were read."""
    first = ("title", "dates", "act_type", "language", "languages", "quality", "pages")
    old = {name: facts[name] for name in first}
    old["pages"] = [{name: page[name] for name in ("number", "label", "start", "end")} for page in facts["pages"]]
    old["languages"] = [{name: share[name] for name in ("code", "share")} for share in facts["languages"]]
    return old


@pytest.mark.parametrize("revision", sorted(known_revisions() - {HEAD}))
def test_a_corpus_of_every_earlier_schema_is_brought_up_to_date(bare: str, tmp_path: Path, revision: str) -> None:
    """Nothing is lost: same documents, versions and texts, found clean, searched, with views; new ones can be added."""
    scene = a_corpus(tmp_path / "today")
    if revision >= "0004":
        identity = scene.rows("SELECT id FROM document ORDER BY id LIMIT 1")[0][0]
        word = Word(document_id=identity, field="title", value="Corrigé", because="x")
        scene.store.writer.write(lambda connection: decisions.decide(connection, [word], WHO))
        freeze(scene.store, Plan(name="one", filters=Filters(), software={}, registry={}), WHO)
    kept = "SELECT d.id, d.title, v.number, t.text FROM document d JOIN version v ON v.document_id = d.id "
    kept += "JOIN body_text t ON t.sha256 = v.text_sha256 ORDER BY d.id, v.number"
    before = scene.rows(kept)
    as_it_was(scene, bare, revision)
    assert parts_of(bare)[0].revision() == revision
    with Store.open(bare) as old:
        assert "earlier Minutier" in verify(old).faults[0]
        if revision < "0007":  # the last that added a column
            with pytest.raises(StorageUnusable, match="earlier Minutier"), old.reading() as connection:
                connection.exec_driver_sql('SELECT written_by FROM "freeze"').all()
    again = Scene(bare)
    with again.store as made:
        assert again.rows(kept) == before
        assert made.database.revision() == HEAD
        assert differences(made.database) == []
        assert again.rows("SELECT seq FROM signature") == scene.rows("SELECT seq FROM signature")
        report = verify(made, sample=None)
        assert (report.faults, report.documents, report.compared) == ((), 2, 2)
        again.now, again._ids = scene.now, scene._ids
        again.open_run()
        assert again.give("c", "Un autre texte sur le jumelage.").state == "stored"
        with made.reading() as connection:
            assert search(connection, "jumelage", Filters(all_copies=True))["total"] == 3
            assert set(VIEWS) == set(inspect(connection).get_view_names())
