"""What was withdrawn from a corpus is withdrawn from an older state of it, and does not come back there either."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from storage import decisions, forgetting, freezes, freezing, redacting
from storage.backups import backup
from storage.copying import copy
from storage.decisions import Who, Word
from storage.errors import Busy, StorageUnusable
from storage.figures import changes
from storage.filters import Filters
from storage.packing import pack
from storage.reading import whole
from storage.redacting import Wanted
from storage.search import search
from storage.store import Store
from storage.unpacking import restore
from storage.verify import verify
from storage.withdrawals import tombstone, withdrawals_in
from storage.withdrawing_again import Again, withdraw_again
from tests.leftovers import places_of
from tests.making import NOON, Scene
from tests.storage.test_forgetting import identity_of
from tests.storage.test_packing import packed

WHO = Who(by="Anne", at="2026-03-02T10:00:00Z")
GONE = "Le dossier de Philibertine Carabosse est clos."
MASKED = "Zygomatine Quasimodeau"
PAGE = f"Séance du conseil.\nSecours à {MASKED}, voté.\nLe pont est réparé."
WORDS = ("philibertine", "carabosse", "zygomatine", "quasimodeau")


@pytest.fixture
def old(place: str, tmp_path: Path) -> Iterator[Scene]:
    """A corpus as it was packed: two documents that speak of somebody, one that does not, frozen and noted."""
    made = Scene(place)
    with made.store:
        made.open_run()
        made.give("carabosse", GONE)
        made.give("secours", PAGE)
        made.give("port", "Le port de pêche.")
        made.close_run()
        note = Word(document_id=identity_of(made, "secours"), field="note", value=f"voir {MASKED}")
        made.store.writer.write(lambda connection: decisions.decide(connection, [note], WHO))
        software = {"minutier": "1", "extractor": "1", "vocabulary": "1"}
        freezing.freeze(made.store, freezes.Plan(name="x", filters=Filters(), software=software, registry={}), WHO)
        yield made


@pytest.fixture
def living(old: Scene, tmp_path: Path) -> Iterator[Scene]:
    """The same corpus, which goes on: nothing is withdrawn from it yet."""
    made = later(old, tmp_path / "living")
    with made.store:
        yield made


def later(scene: Scene, folder: Path) -> Scene:
    """Return a copy of a corpus to work on in."""
    copy(scene.store, folder)
    made = Scene(folder)
    made.now, made._ids = scene.now, scene._ids
    return made


def forget(scene: Scene, name: str) -> None:
    """Withdraw a document and sweep."""
    identity = identity_of(scene, name)
    scene.store.withdraw(lambda each: forgetting.forget(each, identity, "opposition", WHO, copies=False))
    assert scene.store.sweep()


def redact(scene: Scene, name: str, words: str) -> None:
    """Mask some words of a document and sweep."""
    identity = identity_of(scene, name)
    with scene.store.reading() as connection:
        start = whole(connection, identity)["text"].index(words)
    wanted = Wanted(document_id=identity, start=start, end=start + len(words), reason="vie privée", salt="salt")
    scene.store.withdraw(lambda each: redacting.redact(each, wanted, WHO))
    assert scene.store.sweep()


def again(here: Scene, there: Scene, *, dry_run: bool = False) -> Again:
    """Withdraw here what was withdrawn there, and sweep."""
    with there.store.reading() as connection:
        known = withdrawals_in(connection)
    done = here.store.withdraw(lambda connection: withdraw_again(connection, known, here.now), dry_run)
    assert here.store.sweep()
    return done


def tables(scene: Scene) -> dict[str, list[Any]]:
    """Return all tombstones and all that is barred, as rows."""
    names = {
        "withdrawal": "seq",
        "withdrawn_address": "sha256",
        "withdrawn_bytes": "sha256",
        "redaction": "document_id",
    }
    return {name: scene.rows(f"SELECT * FROM {name} ORDER BY {key}") for name, key in names.items()}


def test_nothing_of_it_is_found_in_the_older_corpus(old: Scene, living: Scene) -> None:
    """Rows, index, notes, freezes and bytes: gone, under the same tombstones; a second time changes nothing."""
    forget(living, "carabosse")
    redact(living, "secours", MASKED)
    assert len(places_of(old.store, *WORDS)) > 8
    ids = {name: identity_of(old, name) for name in ("carabosse", "secours")}
    looked = again(old, living, dry_run=True)
    assert old.rows("SELECT count(*) FROM withdrawal") == [(0,)]
    done = again(old, living)
    assert (done.documents, done.masked, done.not_found, done.same) == ([ids["carabosse"]], [ids["secours"]], [], [])
    assert (done.tombstones, done.addresses, done.versions, done.blobs, done.freezes) == (2, 1, 2, 2, ["x"])
    assert done == looked
    assert places_of(old.store, *WORDS) == []
    assert verify(old.store).faults == ()
    assert tables(old) == tables(living)
    with old.store.reading() as connection:
        assert (tombstone(connection, ids["carabosse"]) or {})["reason"] == "opposition"
        feed = [(each["fact"], each["detail"]) for each in changes(connection, since=0)][-2:]
        assert search(connection, "pont", Filters())["total"] == 1
        assert freezes.withdrawn(connection, "x") == [ids["carabosse"]]
    assert [fact for fact, _ in feed] == ["withdrawn", "redacted"]
    assert {detail["by"] for _, detail in feed} == {"Anne"}
    assert again(old, living) == Again()


def test_a_new_crawl_brings_nothing_back(old: Scene, living: Scene) -> None:
    """The address, the bytes elsewhere and the masked page are met as in the corpus that knew; new text is masked."""
    forget(living, "carabosse")
    redact(living, "secours", MASKED)
    again(old, living)
    old.open_run()
    old.fetch("carabosse", GONE.encode())
    old.fetch("ailleurs", GONE.encode())
    old.fetch("secours", PAGE.encode())
    old.close_run()
    assert (old.figures()["skipped"], old.figures()["unchanged"]) == (2, 1)
    old.open_run()
    text = PAGE.replace("Le pont", "Corrigé. Le pont")
    assert old.give("secours", text).state == "updated"
    old.close_run()
    assert old.store.sweep()
    assert places_of(old.store, *WORDS) == []
    assert verify(old.store).faults == ()


def test_what_was_fetched_and_not_yet_read_goes_too(old: Scene, living: Scene) -> None:
    """Packed between the fetch and its reading: there is no document yet, but an address, hints and bytes."""
    hints = {"link_text": f"{GONE} {MASKED}"}
    for scene in (old, living):
        scene.open_run()
        for name, text in {"carabosse-2": GONE + "2", "secours-2": PAGE + "2"}.items():
            seq = scene.fetch(name, text.encode(), hints=hints)
            if scene is living:
                scene.read(seq, text)
        scene.store.leave_run(scene.run_id)
    forget(living, "carabosse-2")
    forget(living, "carabosse")
    redact(living, "secours-2", MASKED)
    redact(living, "secours", MASKED)
    done = again(old, living)
    assert (len(done.documents), len(done.masked)) == (1, 1)
    assert [each for each in places_of(old.store, *WORDS) if "blob" in each] == []
    assert old.rows("SELECT count(*) FROM capture WHERE waiting") == [(0,)]
    assert verify(old.store).faults == ()


def test_a_document_that_comes_later_is_masked_when_it_comes(old: Scene, living: Scene) -> None:
    """The older corpus has not met it: what finds the passage waits for it, in its text and in its hints."""
    living.open_run()
    living.give("neuf", PAGE.replace("pont", "quai"))
    living.close_run()
    redact(living, "neuf", MASKED)
    redact(living, "secours", MASKED)
    done = again(old, living)
    assert (done.masked, done.tombstones) == ([identity_of(old, "secours")], 2)
    old.open_run()
    hints = {"link_text": f"Secours à {MASKED}"}
    text = PAGE.replace("pont", "quai neuf")
    assert old.read(old.fetch("neuf", text.encode(), hints=hints), text).state == "stored"
    old.close_run()
    assert old.store.sweep()
    assert places_of(old.store, "zygomatine", "quasimodeau") == []
    with old.store.reading() as connection:
        assert "█" in whole(connection, identity_of(old, "neuf"))["text"]
    assert verify(old.store).faults == ()


def test_a_text_that_does_not_say_the_passage_is_flagged(old: Scene, living: Scene) -> None:
    """An older text that says it in other words, or not at all, is suspect and named; a person must look."""
    living.open_run()
    living.give("port", f"Le port de pêche, tenu par {MASKED}.")
    living.close_run()
    redact(living, "port", MASKED)
    redact(living, "secours", MASKED)
    done = again(old, living)
    identity = identity_of(old, "port")
    assert (done.not_found, done.must_be_looked_at) == ([identity], True)
    with old.store.reading() as connection:
        document = whole(connection, identity)
        facts = [each["fact"] for each in changes(connection, since=0) if each["id"] == identity]
        assert search(connection, "", Filters(verdicts=("suspect",)))["total"] == 1
    assert document["quality"]["verdict"] == "suspect"
    assert [reason for reason in document["quality"]["reasons"] if "look for it" in reason]
    assert facts == ["stored", "unredacted", "redacted"]
    assert places_of(old.store, "zygomatine") == []
    assert verify(old.store).faults == ()
    assert again(old, living) == Again()


def test_a_corpus_that_went_its_own_way_keeps_its_own_withdrawals(old: Scene, living: Scene) -> None:
    """Numbers that are taken are not given twice; a document with barred bytes at an address of its own goes."""
    forget(old, "port")
    forget(living, "carabosse")
    old.open_run()
    old.give("jumelle", GONE)
    old.close_run()
    copied = identity_of(old, "jumelle")
    done = again(old, living)
    assert copied in done.documents and len(done.documents) == 2
    assert [row[0] for row in old.rows("SELECT seq FROM withdrawal ORDER BY seq")] == [1, 2]
    assert places_of(old.store, "philibertine", "carabosse", "jumelle") == []
    assert verify(old.store).faults == ()
    assert again(old, living) == Again()
    forget(old, "secours")
    assert old.rows("SELECT max(seq) FROM withdrawal") == [(3,)]


def test_a_run_at_work_comes_first(old: Scene, living: Scene) -> None:
    """While the older corpus is crawled nothing is withdrawn from it."""
    forget(living, "carabosse")
    old.open_run()
    with pytest.raises(Busy, match="town"):
        again(old, living)
    old.close_run()
    assert len(again(old, living).documents) == 1


def test_tombstones_go_along_with_backups_and_packs(old: Scene, tmp_path: Path) -> None:
    """Withdrawn before, nothing is found in either, and a new crawl of what comes out is refused."""
    forget(old, "carabosse")
    redact(old, "secours", MASKED)
    backup(old.store, tmp_path / "saved", now="2026-03-02", refresh=False, progress=lambda done, total, where: None)
    packed(old.store, tmp_path / "a.zip")
    restore(tmp_path / "a.zip", tmp_path / "restored", progress=lambda done, total, where: None)
    for folder in (tmp_path / "saved", tmp_path / "restored"):
        made = Scene(folder)
        made.now, made._ids = old.now, old._ids
        with made.store:
            assert places_of(made.store, *WORDS) == []
            assert tables(made) == tables(old)
            made.open_run()
            made.fetch("carabosse", GONE.encode())
            made.fetch("ailleurs", PAGE.encode())
            made.fetch("secours", PAGE.encode())
            made.close_run()
            assert (made.figures()["skipped"], made.figures()["unchanged"]) == (2, 1)
            assert places_of(made.store, *WORDS) == []
            assert verify(made.store).faults == ()


def test_a_pack_is_restored_without_what_was_withdrawn_since(old: Scene, living: Scene, tmp_path: Path) -> None:
    """What is restored is settled before it is there under its name; where that fails, nothing is left."""
    pack(old.store, tmp_path / "a.zip", sources={}, replace=False, progress=lambda done, total, where: None)
    forget(living, "carabosse")
    redact(living, "secours", MASKED)
    with living.store.reading() as connection:
        there = withdrawals_in(connection)

    def settle(draft: Path) -> bool:
        assert not (tmp_path / "there").exists()
        with Store.create(draft, now=NOON, version="test") as store:
            store.withdraw(lambda connection: withdraw_again(connection, there, NOON))
        return True

    def fail(draft: Path) -> bool:
        raise Busy("no")

    with pytest.raises(StorageUnusable, match="no"):
        restore(tmp_path / "a.zip", tmp_path / "there", progress=lambda done, total, where: None, settle=fail)
    assert [path.name for path in tmp_path.iterdir() if "there" in path.name] == []
    report = restore(tmp_path / "a.zip", tmp_path / "there", progress=lambda done, total, where: None, settle=settle)
    assert (report.faults, report.documents) == ((), 2)
    assert sorted(path.name for path in (tmp_path / "there").iterdir()) == ["blobs", "corpus.db"]
    with Store.open(tmp_path / "there") as store:
        assert places_of(store, *WORDS) == []
