"""A backup is whole: made while others write, brought up to date, and never in the place of anything else."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from storage import backups
from storage.backups import BackedUp, backup
from storage.blobs import sha256
from storage.copying import copy
from storage.errors import StorageUnusable, WrongUse
from storage.filters import Filters
from storage.search import search
from storage.store import Store
from storage.verify import verify
from tests.making import Scene


@pytest.fixture
def scene(place: str) -> Iterator[Scene]:
    """A corpus of two documents."""
    made = Scene(place)
    with made.store:
        made.open_run()
        made.give("a", "Le jumelage avec Chengdu.")
        made.give("b", "La rue ancienne.")
        yield made


def back_up(scene: Scene, target: Path, *, refresh: bool = False) -> BackedUp:
    """Make a backup, or bring one up to date."""
    return backup(scene.store, target, now="2026-03-02", refresh=refresh, progress=lambda done, total, where: None)


def addresses(folder: Path) -> set[str]:
    """Return the addresses of the documents in a corpus."""
    with sqlite3.connect(f"{(folder / 'corpus.db').as_uri()}?mode=ro", uri=True) as connection:
        return {address for (address,) in connection.execute("SELECT address FROM document")}


def test_a_backup_is_a_corpus_that_answers(scene: Scene, tmp_path: Path) -> None:
    """Every document and file is in it, it is found clean, its index answers, and nobody holds a source in it."""
    made = back_up(scene, tmp_path / "copy")
    assert (made.new, made.removed, made.lost, made.report.faults) == (2, 0, (), ())
    assert made.report.documents == made.report.compared == 2
    assert sorted(path.name for path in tmp_path.glob(".*")) == []
    assert sorted(path.name for path in (tmp_path / "copy").iterdir()) == ["backup.json", "blobs", "corpus.db"]
    with Store.open(tmp_path / "copy") as store, store.reading() as connection:
        assert search(connection, "jumelage", Filters())["total"] == 1
        assert connection.exec_driver_sql("SELECT count(*) FROM run_lock").scalar() == 0
    copied = next((tmp_path / "copy" / "blobs").glob("*/*"))
    assert copied.stat().st_nlink == 1, "a backup shares no file with the corpus"


def test_a_backup_under_write_holds_all_that_was_committed_before(scene: Scene, tmp_path: Path) -> None:
    """While documents arrive without a pause: everything acknowledged before it began is there, and it is clean."""
    enough = Event()
    told: list[str] = []

    def write() -> None:
        for number in range(400):
            scene.give(f"n{number}", f"Délibération {number} sur le jumelage.")
            told.append(f"http://127.0.0.1:9/n{number}")
            if enough.is_set():
                return

    with ThreadPoolExecutor(1) as other:
        done = other.submit(write)
        while len(told) < 5:
            done.exception(0.01) if done.done() else enough.wait(0.01)
        for number in range(2):
            before = set(told)
            made = back_up(scene, tmp_path / "copy", refresh=bool(number))
            there = addresses(tmp_path / "copy")
            assert before <= there and made.report.faults == () and made.lost == ()
        assert not done.done(), "it was still writing"
        enough.set()
        done.result()
    assert len(there) > 7


def test_a_backup_is_brought_up_to_date(scene: Scene, tmp_path: Path) -> None:
    """Only new files are copied, and files that the corpus no longer speaks of leave the backup too."""
    back_up(scene, tmp_path / "copy")
    kept = Path(tmp_path / "copy" / "blobs").glob("*/*")
    times = {path: path.stat().st_mtime_ns for path in kept}
    stranger = Store.open(tmp_path / "copy").blobs.put_all([b"withdrawn since"])[0]
    scene.give("c", "Un texte de plus.")
    made = back_up(scene, tmp_path / "copy", refresh=True)
    assert (made.new, made.removed, made.report.faults) == (1, 1, ())
    assert {path: path.stat().st_mtime_ns for path in times} == times
    assert not list((tmp_path / "copy" / "blobs").glob(f"*/{stranger}"))
    assert len(addresses(tmp_path / "copy")) == 3


def test_nothing_but_a_backup_of_this_corpus_is_replaced(scene: Scene, tmp_path: Path) -> None:
    """What is there is refused, with --force too: another folder, another corpus' backup, one that was worked in."""
    target = tmp_path / "copy"
    back_up(scene, target)
    with pytest.raises(WrongUse, match="--force"):
        back_up(scene, target)
    with Scene(target).store:  # somebody opens it to write
        pass
    with sqlite3.connect(target / "corpus.db") as connection:
        connection.execute("UPDATE corpus SET vocabulary = 'mine'")
    connection.close()
    with pytest.raises(WrongUse, match="worked in"):
        back_up(scene, target, refresh=True)
    mark = json.loads((target / "backup.json").read_text("utf-8"))
    (target / "backup.json").write_text(json.dumps(mark | {"backup_of": "x"}), "utf-8")
    with pytest.raises(WrongUse, match="no backup of"):
        back_up(scene, target, refresh=True)
    with pytest.raises(WrongUse, match="outside of the corpus"):
        back_up(scene, Path(scene.store.blobs.address("ab" * 32)).parents[1] / "copy")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.odt").write_text("words")
    with pytest.raises(WrongUse, match="no backup of"):
        back_up(scene, tmp_path / "mine", refresh=True)
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["thesis.odt"]


def test_a_backup_that_broke_off_is_gone_on_with(scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk leaves no folder of that name; the next time goes on, and an earlier backup is whole meanwhile."""
    target = tmp_path / "copy"
    whole = backups.snapshot

    def fails(*given: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backups, "snapshot", fails)
    with pytest.raises(StorageUnusable, match="No space left"):
        back_up(scene, target)
    assert not target.exists()
    monkeypatch.setattr(backups, "snapshot", whole)
    assert back_up(scene, target).report.faults == ()
    scene.give("c", "Un texte de plus.")
    monkeypatch.setattr(backups, "snapshot", fails)
    with pytest.raises(StorageUnusable):
        back_up(scene, target, refresh=True)
    assert len(addresses(target)) == 2
    monkeypatch.setattr(backups, "snapshot", whole)
    assert back_up(scene, target, refresh=True).report.faults == ()


def test_what_the_corpus_has_lost_is_named_and_the_rest_is_saved(scene: Scene, tmp_path: Path) -> None:
    """Missing and changed bytes are not copied, and named; a backup that has them still keeps them."""
    back_up(scene, tmp_path / "earlier")
    lost = sha256(b"La rue ancienne.")
    Path(scene.store.blobs.address(lost)).write_bytes(b"La rue nouvelle.")
    made = back_up(scene, tmp_path / "copy")
    assert made.lost == (lost,)
    assert len(made.report.faults) == 1 and lost in made.report.faults[0]
    assert back_up(scene, tmp_path / "earlier", refresh=True).report.faults == ()
    assert copy(scene.store, tmp_path / "third").lost == (lost,)


def test_a_copy_takes_the_bytes_that_came_while_it_was_made(scene: Scene, tmp_path: Path) -> None:
    """A document that arrives between the copying of bytes and of rows has both in the copy."""
    late = iter([True])

    def arrive(done: int, total: int) -> None:
        if next(late, False):
            scene.give("late", "Arrivé entre les deux.")

    copied = copy(scene.store, tmp_path / "there", arrive)
    assert copied.lost == () and copied.rows["document"] == 3
    with Scene(tmp_path / "there").store as made:
        assert verify(made).faults == ()


def test_a_backup_of_an_earlier_schema_is_made_and_says_what_was_not_checked(tmp_path: Path) -> None:
    """Before an update: the bytes and the pages are there, and one sentence says that the rows were not looked at."""
    scene = Scene(tmp_path / "corpus")
    with scene.store:
        scene.open_run()
        scene.give("a", "Le jumelage.")
    with sqlite3.connect(tmp_path / "corpus" / "corpus.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0001'")
    connection.close()
    with Store.open(tmp_path / "corpus") as store:
        made = backup(store, tmp_path / "copy", now="", refresh=False, progress=lambda *heard: None)
    (fault,) = made.report.faults
    assert "earlier Minutier" in fault and made.report.blobs == 1
    shutil.rmtree(tmp_path / "corpus")
    assert len(addresses(tmp_path / "copy")) == 1
