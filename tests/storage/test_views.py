"""The views for analysts: documented column by column, equal to the frames, there on both databases and read-only."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine, inspect

import minutier
from extract.model import Act, Mention, Page
from storage import decisions, views
from storage.decisions import Who, Word
from storage.sqlite import SqliteFile
from storage.views import VIEWS
from tests.making import NOON, Scene, a_source

ROOT = Path(__file__).resolve().parents[2]
WHO = Who(by="Anne", at="2026-03-02T10:00:00Z")
TEXT = "Procès-verbal 𝟙.\nLe jumelage avec Chengdu est approuvé."


@pytest.fixture
def scene(place: str) -> Iterator[Scene]:
    """A corpus with an act, mentions, copies, versions, corrections, tags, stated provenance, skips and two runs."""
    made = Scene(place)
    with made.store:
        made.open_run(a_source(rights={"status": "official"}))
        act = Act(number="7", key="2024-7", title="Jumelage", start=17, end=len(TEXT))
        pages = (Page(number=1, label="i", start=0, end=16), Page(number=2, start=17, end=len(TEXT)))
        spoken = (
            Mention(term="link:jumelage", start=20, end=28, relation=True),
            Mention(term="place:chengdu", start=34, end=41, relation=True),
        )
        made.give("a", TEXT, acts=(act,), pages=pages, mentions=spoken)
        made.give("b", TEXT)
        stated = {"authority": "Ville de Nîmes", "rights": "open", "obtained_by": "cada", "shelfmark": "3 W 12"}
        made.read(made.fetch("c", b"c", hints={"link_text": "c", "stated": stated}), "Autre chose.", pages=())
        made.fetch("lost", status=500)
        made.close_run()
        made.open_run()
        made.give("c", "Autre chose, récrite.", pages=())
        made.fetch("gone", status=404)
        made.close_run()
        first, second = (row[0] for row in made.rows("SELECT id FROM document ORDER BY first_capture_seq LIMIT 2"))
        words = [
            Word(document_id=first, field="status", value="in"),
            Word(document_id=first, field="tag:zèle", value="yes"),
            Word(document_id=first, field="tag:accord", value="yes"),
            Word(document_id=first, field="tag:parti", value="yes"),
            Word(document_id=first, field="note", value="à lire"),
            Word(document_id=second, field="title", value="Corrigé", because="x"),
            Word(document_id=second, field="authority", value="Mairie de Sète", because="x"),
            Word(document_id=second, field="kind", value="press", because="x"),
        ]
        back = [
            Word(document_id=first, field="tag:parti", value=None),
            Word(document_id=first, field="status", value="out"),
        ]
        for each in (words, back):
            made.store.writer.write(lambda connection, each=each: decisions.decide(connection, each, WHO))
        yield made


def rows_of(scene: Scene, view: str) -> list[dict[str, Any]]:
    """Return the rows of a view."""
    with reading(scene) as connection:
        return [dict(row) for row in connection.exec_driver_sql(f"SELECT * FROM {view}").mappings()]


@contextmanager
def reading(scene: Scene) -> Iterator[Connection]:
    """Give a connection as other programs have it: SQLite as it comes, read-only."""
    database = scene.store.database
    if isinstance(database, SqliteFile):
        engine = create_engine(f"sqlite:///{database.file.as_uri()}?mode=ro&uri=true")
    else:
        engine = database.reader()
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def documented() -> dict[str, list[str]]:
    """Return the views and columns that docs/analysts.md explains."""
    page = (ROOT / "docs" / "analysts.md").read_text(encoding="utf-8")
    parts = re.split(r"^### `(v_\w+)`.*$", page, flags=re.MULTILINE)[1:]
    names = zip(parts[::2], parts[1::2], strict=True)
    return {name: re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE) for name, text in names}


def test_every_column_is_documented_in_its_order(scene: Scene) -> None:
    """The page and the database name the same views and the same columns, on both databases."""
    with reading(scene) as connection:
        there = {name: [column["name"] for column in inspect(connection).get_columns(name)] for name in VIEWS}
        assert sorted(inspect(connection).get_view_names()) == sorted(VIEWS)
    assert documented() == there


def test_documents_and_passages_are_the_frames(scene: Scene, place: str) -> None:
    """Row for row and in the same columns: what Python gives, SQL gives."""
    with minutier.open(place) as corpus:
        for view, rows in (
            ("v_documents", corpus.documents(all_copies=True)),
            ("v_passages", corpus.passages(all_copies=True)),
        ):
            frame, found = list(rows), rows_of(scene, view)
            assert list(frame[0]) == list(found[0])
            assert sorted(map(str, map(plain, found))) == sorted(map(str, map(plain, frame)))
    documents = {row["url"][-1]: row for row in rows_of(scene, "v_documents")}
    assert (documents["a"]["curated"], documents["a"]["tags"], documents["a"]["note"]) == (
        "out",
        "accord; zèle",
        "à lire",
    )
    assert documents["b"]["corrected"] == "authority; kind; title"
    assert (documents["b"]["authority"], documents["b"]["kind"]) == ("Mairie de Sète", "press")
    assert (documents["c"]["rights"], documents["c"]["authority"]) == ("open", "Ville de Nîmes")
    assert documents["b"]["lead"] == documents["a"]["id"]


def plain(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row with 1 and 0 for yes and no."""
    return {name: int(value) if isinstance(value, bool) else value for name, value in row.items()}


def test_the_other_views_hold_what_the_tables_say(scene: Scene) -> None:
    """Mentions are cut out of the text, versions and captures are all there, skips and runs add up."""
    spoken = [(row["term"], row["relation"], row["text"]) for row in rows_of(scene, "v_mentions")]
    assert sorted(spoken) == [("link:jumelage", 1, "jumelage"), ("place:chengdu", 1, "Chengdu")]
    versions = rows_of(scene, "v_versions")
    assert len(versions) == 4 and sum(row["shown"] for row in versions) == 3
    assert {row["text"] for row in versions if row["shown"]} == {TEXT, "Autre chose, récrite."}
    captures = rows_of(scene, "v_captures")
    assert sorted(row["status"] for row in captures) == [200, 200, 200, 200, 404, 500]
    assert sum(row["bytes"] or 0 for row in captures) == 2 * len(TEXT.encode()) + 1 + len(
        "Autre chose, récrite.".encode()
    )
    assert [row["type"] for row in rows_of(scene, "v_relations")].count("same_bytes") == 1
    skips = [(row["reason"], row["latest"]) for row in rows_of(scene, "v_skips")]
    assert sorted(skips) == [("http_404", 1), ("http_500", 0)]
    names = ("listings", "stored", "updated", "unchanged", "related", "skipped", "pending", "failed")
    for run in rows_of(scene, "v_runs"):
        assert run["seen"] == sum(run[name] for name in names)
    assert [run["alarms"] for run in rows_of(scene, "v_runs")] == [0, 0]


def test_any_program_can_read_them_and_none_can_write(tmp_path: Path) -> None:
    """Opened for reading only, without our settings and beside a writer, as Datasette does; a view takes no rows."""
    scene = Scene(tmp_path / "corpus")
    scene.open_run()
    scene.give("a", TEXT)
    with closing(sqlite3.connect(f"{(tmp_path / 'corpus' / 'corpus.db').as_uri()}?mode=ro", uri=True)) as connection:
        for name in VIEWS:
            connection.execute(f"SELECT * FROM {name}").fetchall()
        scene.give("b", "Pendant la lecture.")
        assert connection.execute("SELECT count(*) FROM v_documents").fetchone() == (2,)
        with pytest.raises(sqlite3.OperationalError):
            connection.execute("DELETE FROM v_documents")


def test_views_are_dropped_and_made_again(scene: Scene) -> None:
    """All of them go, and what comes back is the same."""
    before = rows_of(scene, "v_runs")
    scene.store.writer.write(views.drop)
    with scene.store.reading() as connection:
        assert inspect(connection).get_view_names() == []
    scene.store.writer.write(views.create)
    assert rows_of(scene, "v_runs") == before
    assert before[0]["started_at"].startswith(str(NOON.year))
