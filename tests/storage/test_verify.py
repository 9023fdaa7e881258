"""`verify` finds what was spoiled, one sentence a fault, on both databases; and nothing where nothing was."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from extract.model import Found
from storage import decisions
from storage.blobs import sha256
from storage.decisions import Who, Word
from storage.filters import Filters
from storage.freezes import Plan
from storage.freezing import freeze
from storage.verify import verify
from storage.verify_index import SAMPLE
from tests.making import Scene

WHO = Who(by="Anne", at="2026-03-02T10:00:00Z")
LONG = " ".join(f"Séance {n} du conseil sur le jumelage avec 成都 et l'eau." for n in range(900))


@pytest.fixture
def scene(place: str) -> Iterator[Scene]:
    """A corpus with two versions, a copy, a correction, a long text, a text without words, a failure and a freeze."""
    made = Scene(place)
    with made.store:
        made.open_run()
        for name, text in (("a", "Le pont nouveau."), ("b", "Le pont nouveau."), ("c", LONG), ("d", "…")):
            made.give(name, text)
        made.fetch("lost", status=500)
        made.close_run()
        made.open_run()
        made.give("a", "Le pont est tombé.", title=Found(value="Un autre", found_in="heading"))
        made.close_run()
        identity = made.rows("SELECT id FROM document ORDER BY first_capture_seq")[0][0]
        word = Word(document_id=identity, field="date", value="1981", because="tampon")
        made.store.writer.write(lambda connection: decisions.decide(connection, [word], WHO))
        plan = Plan(name="one", filters=Filters(), software={}, registry={})
        freeze(made.store, plan, WHO)
        yield made


def spoil(scene: Scene, *statements: str) -> None:
    """Change rows as another program would, with no regard to what points where."""
    sqlite = scene.store.database.writer().dialect.name == "sqlite"

    def change(connection: object) -> None:
        for each in statements:
            connection.exec_driver_sql(each)  # type: ignore[attr-defined]  # a Connection

    engine = scene.store.database.writer()
    with engine.connect() as connection:
        off = "PRAGMA foreign_keys=OFF" if sqlite else "SET session_replication_role = replica"
        if sqlite:
            connection.connection.driver_connection.execute(off)  # outside a transaction, or it says nothing
        else:
            connection.exec_driver_sql(off)
        change(connection)
        connection.commit()
    engine.dispose()


def faults(scene: Scene) -> list[str]:
    """Return what `verify` finds."""
    return list(verify(scene.store).faults)


def test_a_sound_corpus_has_no_fault_and_everything_was_looked_at(scene: Scene) -> None:
    """Blobs, texts, rows and the index of every document are counted; progress is heard for each part."""
    heard: dict[str, tuple[int, int]] = {}

    def listen(done: int, total: int, what: str) -> None:
        heard[what] = (done, total)

    report = verify(scene.store, listen)
    assert (report.faults, report.notes, report.usable) == ((), (), True)
    assert (report.blobs, report.texts, report.documents, report.compared) == (4, 4, 4, 4)
    assert report.rows > 30
    assert heard == {"documents": (4, 4), "texts": (4, 4), "index": (4, 4), "files": (4, 4)}


def test_a_sample_is_compared_and_all_where_asked(scene: Scene) -> None:
    """With a sample of two, two of four documents are compared; without one, all."""
    assert SAMPLE > 2
    assert [verify(scene.store, sample=each).compared for each in (2, 3, 4, None)] == [2, 2, 4, 4]


def test_bytes_changed_missing_and_belonging_to_nobody(scene: Scene) -> None:
    """Each is named with its documents and the next step."""
    texts = ("Le pont est tombé.", LONG)
    changed, missing = (Path(scene.store.blobs.address(sha256(text.encode()))) for text in texts)
    changed.write_bytes(b"Le pont est tombe.")
    missing.unlink()
    scene.store.blobs.put_all([b"nobody's"])
    found = sorted(faults(scene))
    assert len(found) == 3
    assert "were changed" in found[0] and "9/a)" in found[0] and "backup" in found[0]
    assert "are missing" in found[1] and "9/c)" in found[1] and "backup" in found[1]
    assert found[2].startswith("The file blobs/") and "may be deleted" in found[2]


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE body_text SET text = 'Le pont est tombé!' WHERE text = 'Le pont est tombé.'", "was changed"),
        ("UPDATE body_text SET length = 3 WHERE text = 'Le pont est tombé.'", "was changed"),
        ("DELETE FROM run WHERE id = 'run2'", "points at the run run2"),
        ("DELETE FROM capture WHERE seq = 4", "points at the capture 4"),
        ("UPDATE version SET text_sha256 = (SELECT max(sha256) FROM body_text) WHERE number = 1", "of its reading"),
        ("UPDATE capture SET blob_sha256 = NULL WHERE seq = 3", "not of the bytes of its capture"),
        ('UPDATE passage SET "end" = 999999 WHERE id = 1', "lies outside its text"),
        ("UPDATE document SET current_version_id = 1 WHERE current_version_id = 2", "not its own"),
        ("UPDATE document SET current_version_id = NULL WHERE current_version_id = 2", "shows no version"),
        ("UPDATE document SET first_capture_seq = 77 WHERE first_capture_seq = 3", "lost its first capture"),
        ("UPDATE document SET address = 'x' WHERE first_capture_seq = 3", "the name that its address gives"),
        ("UPDATE document SET date = '1999' WHERE first_capture_seq = 1", "another date"),
        ("UPDATE run SET stored = 9 WHERE id = 'run1'", "accounts for"),
        ("DELETE FROM run_address WHERE address = 'http://127.0.0.1:9/lost'", "are in its account"),
        ("UPDATE frozen_version SET document_id = 'x' WHERE place = 0", "its hash is another|withdrawn"),
        ("UPDATE \"freeze\" SET question = 'eau'", "its hash is another"),
        ("DELETE FROM frozen_version WHERE place = 1", "of its 4 entries"),
        ("DELETE FROM corpus", "has 0 rows"),
        ("UPDATE chunk SET \"end\" = \"end\" - 1 WHERE page = 1", "other terms"),
        ("UPDATE corpus SET terms_version = '0'", "another analyser"),
    ],
)  # fmt: skip
def test_every_kind_of_spoiled_row_is_found(scene: Scene, statement: str, words: str) -> None:
    """One row changed from outside is named in one sentence that ends with a next step."""
    spoil(scene, statement)
    report = verify(scene.store)
    found = [each for each in (*report.faults, *report.notes) if any(word in each for word in words.split("|"))]
    assert found, (report.faults, report.notes)
    assert all(each.endswith(".") and "\n" not in each for each in found)


def test_an_index_with_other_terms_is_found_and_built_again(scene: Scene) -> None:
    """Rows taken out, and a row with another word, are found; `reindex` makes the index whole."""
    (first,), (last,) = (scene.rows(f"SELECT {which}(id) FROM chunk")[0] for which in ("min", "max"))
    if scene.store.database.writer().dialect.name == "sqlite":
        put = "INSERT INTO chunk_index({0}rowid, stems, words) VALUES ({1}{2}, '{3}', '{3}')"
        spoil(scene, put.format("chunk_index, ", "'delete', ", first, "le pont nouveau"))
        spoil(scene, put.format("", "", first, "le pont bleu"))
    else:
        spoil(scene, f"UPDATE chunk_index SET stems = CAST('''autre'':1' AS tsvector) WHERE id = {first}")
    assert [each for each in faults(scene) if "other terms" in each]
    spoil(scene, f"DELETE FROM chunk WHERE id = {last}")
    assert len(faults(scene)) >= 2
    scene.store.reindex()
    assert faults(scene) == []


def test_a_freeze_with_something_withdrawn_is_a_note(scene: Scene) -> None:
    """What is no longer in the corpus is not a fault of the freeze: its hash cannot be computed, and that is said."""
    spoil(scene, "UPDATE frozen_version SET text_sha256 = 'x' WHERE place = 0")
    report = verify(scene.store)
    assert report.faults == ()
    assert "1 of 4 withdrawn" in report.notes[0]
