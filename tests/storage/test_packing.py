"""A pack holds a whole corpus and becomes one again elsewhere; anything that is not such a file is refused."""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from storage import unpacking
from storage.errors import StorageUnusable, WrongUse
from storage.packing import LONG_AGO, MANIFEST, SUMS, Packed, pack, sources_beside
from storage.store import Store
from storage.unpacking import restore
from storage.verify import Report, verify
from tests.making import NOON, Scene
from tests.storage.test_copying import a_corpus, contents

Members = dict[str, bytes]


def packed(store: Store, target: Path, *, replace: bool = False, sources: dict[str, Path] | None = None) -> Packed:
    """Pack a corpus."""
    return pack(store, target, sources=sources or {}, replace=replace, progress=lambda done, total, where: None)


def restored(file: Path, folder: Path) -> Report:
    """Restore a pack."""
    return restore(file, folder, progress=lambda done, total, where: None)


@pytest.fixture
def scene(place: str) -> Iterator[Scene]:
    """A corpus with copies and two versions, its run still open."""
    made = a_corpus(Path(place)) if "://" not in place else a_corpus(place)  # type: ignore[arg-type]  # an address
    with made.store:
        made.open_run()
        yield made


def test_packed_on_one_path_restored_on_another(scene: Scene, tmp_path: Path) -> None:
    """The same rows and bytes, found clean; a second pack is the same file; new documents can be added."""
    first = packed(scene.store, tmp_path / "a.zip")
    assert (first.documents, first.blobs, first.lost) == (2, 2, ())
    assert first.sha256 == hashlib.sha256((tmp_path / "a.zip").read_bytes()).hexdigest()
    folder = tmp_path / "ailleurs" / "é 2"
    report = restored(tmp_path / "a.zip", folder)
    assert (report.faults, report.documents, report.blobs) == ((), 2, 2)
    assert sorted(path.name for path in tmp_path.iterdir() if path.name[0] == ".") == []
    with Store.create(folder, now=NOON, version="test") as made:
        here, there = contents(scene.store), contents(made)
        assert here.pop("run_lock") and not there.pop("run_lock")
        assert here == there
        assert packed(made, tmp_path / "b.zip").documents == 2
        assert packed(made, tmp_path / "c.zip").sha256 == packed(made, tmp_path / "d.zip").sha256
    if "sqlite" in str(scene.store.database).lower():
        assert packed(scene.store, tmp_path / "e.zip").sha256 == first.sha256
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert {member.date_time for member in archive.infolist()} == {LONG_AGO}
        assert all(re.fullmatch(r"[a-z0-9./]+|SHA256SUMS", name) for name in archive.namelist())


def test_lists_of_sources_go_along(tmp_path: Path) -> None:
    """The list and what it includes are restored beside the corpus; a name that Windows reserves is named."""
    scene = a_corpus(tmp_path / "here")
    (tmp_path / "my").mkdir()
    (tmp_path / "my" / "list.yaml").write_text("version: 1\ninclude: sources.d/*.yaml\n", "utf-8")
    (tmp_path / "my" / "sources.d").mkdir()
    for name in ("Gard.yaml", "con.yaml"):
        (tmp_path / "my" / "sources.d" / name).write_text(f"# {name}\n", "utf-8")
    beside, left = sources_beside(tmp_path / "my" / "list.yaml")
    assert sorted(beside) == ["sources/sources.d/gard.yaml", "sources/sources.yaml"]
    assert [path.name for path in left] == ["con.yaml"]
    packed(scene.store, tmp_path / "a.zip", sources=beside)
    assert restored(tmp_path / "a.zip", tmp_path / "there").faults == ()
    assert (tmp_path / "there" / "sources" / "sources.d" / "gard.yaml").read_text("utf-8") == "# Gard.yaml\n"
    assert sources_beside(tmp_path / "none.yaml") == ({}, [])


def test_what_is_there_already_is_left_as_it_is(tmp_path: Path) -> None:
    """A pack is replaced only where that is asked for, any other file and a folder never; an empty one is taken."""
    scene = a_corpus(tmp_path / "here")
    file = tmp_path / "a.zip"
    file.write_bytes(b"mine")
    with pytest.raises(WrongUse, match="--force"):
        packed(scene.store, file)
    with pytest.raises(WrongUse, match="no pack"):
        packed(scene.store, file, replace=True)
    assert file.read_bytes() == b"mine"
    file.unlink()
    packed(scene.store, file)
    packed(scene.store, file, replace=True)
    with pytest.raises(WrongUse, match="already"):
        restored(file, tmp_path / "here")
    with pytest.raises(WrongUse, match="no file"):
        restored(tmp_path / "nothing.zip", tmp_path / "there")
    (tmp_path / "empty").mkdir()
    assert restored(file, tmp_path / "empty").faults == ()
    with pytest.raises(WrongUse, match="already"):
        packed(scene.store, tmp_path / "empty", replace=True)


@pytest.mark.parametrize("name", ["corpus.db", "new.zip", "blobs/new.zip"])
def test_no_pack_goes_into_its_corpus(tmp_path: Path, name: str) -> None:
    """The database least of all: it would be replaced by the pack of it."""
    scene = a_corpus(tmp_path / "here")
    with pytest.raises(WrongUse, match="outside of the corpus"):
        packed(scene.store, tmp_path / "here" / name, replace=True)
    assert verify(scene.store).faults == ()


def test_what_the_corpus_has_lost_is_named_in_both_places(tmp_path: Path) -> None:
    """A pack without some bytes is made and restored, and both say which are missing."""
    scene = a_corpus(tmp_path / "here")
    digest = next(scene.store.blobs.digests())
    Path(scene.store.blobs.address(digest)).unlink()
    assert packed(scene.store, tmp_path / "a.zip").lost == (digest,)
    (fault,) = restored(tmp_path / "a.zip", tmp_path / "there").faults
    assert digest in fault


def members_of(file: Path) -> Members:
    """Return the members of a pack."""
    with zipfile.ZipFile(file) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def with_sums(members: Members) -> Members:
    """Return members with the list of hashes that fits them."""
    kept = {name: body for name, body in members.items() if name != SUMS}
    lines = "".join(f"{hashlib.sha256(body).hexdigest()}  {name}\n" for name, body in kept.items())
    return kept | {SUMS: lines.encode()}


def spoiled_database(members: Members, tmp_path: Path, statement: str) -> Members:
    """Return members with a database that was changed."""
    file = tmp_path / "changed.db"
    file.write_bytes(members["corpus.db"])
    with sqlite3.connect(file) as connection:
        connection.executescript(statement)
    connection.close()
    return with_sums(members | {"corpus.db": file.read_bytes()})


BLOB = "blobs/" + "ab/" + "ab" * 32
TRIGGER = "CREATE TRIGGER t AFTER INSERT ON blob BEGIN DELETE FROM document; END"
Spoil = Callable[[Members, Path], Members]
SPOILED: dict[str, tuple[Spoil, str]] = {
    "a path upwards": (lambda m, t: with_sums(m | {"../evil": b"x"}), "no pack does"),
    "a path upwards in blobs": (lambda m, t: with_sums(m | {"blobs/../../evil": b"x"}), "no pack does"),
    "an absolute path": (lambda m, t: with_sums(m | {"/etc/evil": b"x"}), "no pack does"),
    "a drive": (lambda m, t: with_sums(m | {"C:\\evil": b"x"}), "no pack does"),
    "a stranger": (lambda m, t: with_sums(m | {"readme.txt": b"x"}), "no pack does"),
    "a list with a path": (lambda m, t: with_sums(m | {"sources/../../x.yaml": b"x"}), "no pack does"),
    "a name without its hash": (lambda m, t: m | {BLOB: b"x"}, "list of hashes"),
    "a hash without its member": (lambda m, t: m | {SUMS: m[SUMS] + f"{'0' * 64}  {BLOB}\n".encode()}, "list of"),
    "bytes of another name": (lambda m, t: with_sums(m | {BLOB: b"x"}), "does not have its hash"),
    "a changed database": (lambda m, t: m | {"corpus.db": m["corpus.db"] + b"x"}, "does not have its hash"),
    "no database": (lambda m, t: with_sums({n: b for n, b in m.items() if n != "corpus.db"}), "has no corpus.db"),
    "another database": (lambda m, t: with_sums(m | {"corpus.db": b"x" * 5000}), "corpus"),
    "a foreign database": (lambda m, t: spoiled_database(m, t, "PRAGMA application_id = 7"), "another program"),
    "a newer schema": (lambda m, t: spoiled_database(m, t, "UPDATE alembic_version SET version_num='9999'"), "newer"),
    "a trigger": (lambda m, t: spoiled_database(m, t, TRIGGER), "triggers"),
    "a newer format": (lambda m, t: with_sums(m | {MANIFEST: json.dumps({"format": 2}).encode()}), "newer"),
    "no format": (lambda m, t: with_sums(m | {MANIFEST: b"[" * 100_000}), "says nothing"),
    "no list that can be read": (lambda m, t: m | {SUMS: b"x\n"}, "cannot be read"),
}  # fmt: skip


@pytest.fixture(scope="module")
def good_pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A pack as it should be."""
    folder = tmp_path_factory.mktemp("pack")
    scene = a_corpus(folder / "here")
    packed(scene.store, folder / "a.zip")
    return folder / "a.zip"


@pytest.mark.parametrize("name", SPOILED)
def test_a_spoiled_pack_is_refused_and_leaves_nothing(good_pack: Path, tmp_path: Path, name: str) -> None:
    """One sentence that names the file, exit code 3, and no file is written but for a draft that is gone again."""
    spoil, words = SPOILED[name]
    file = tmp_path / "in" / "bad.zip"
    file.parent.mkdir()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for each, body in spoil(members_of(good_pack), tmp_path).items():
            archive.writestr(each, body)
    with pytest.raises(StorageUnusable, match=words) as refusal:
        restored(file, tmp_path / "out" / "there")
    assert str(file) in str(refusal.value)
    assert [path.name for path in (tmp_path / "out").rglob("*")] == []


def test_a_damaged_file_is_refused_wherever_it_was_hit(good_pack: Path, tmp_path: Path) -> None:
    """Cut short, or with one byte changed anywhere: refused, or (in what nobody reads) restored without a fault."""
    body = good_pack.read_bytes()
    file = tmp_path / "bad.zip"
    refused = 0
    for place in range(0, len(body), len(body) // 60):
        for damage in (body[:place], body[:place] + bytes([body[place] ^ 0xFF]) + body[place + 1 :]):
            file.write_bytes(damage)
            folder = tmp_path / f"out{place}-{len(damage)}"
            try:
                assert restored(file, folder).faults == ()
            except StorageUnusable:
                refused += 1
                assert not folder.exists()
    assert refused > 100
    file.write_bytes(b"no archive at all")
    with pytest.raises(StorageUnusable, match="no pack"):
        restored(file, tmp_path / "there")


def test_a_bomb_and_a_second_member_of_a_name_are_refused(
    good_pack: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What declares more than its size can hold, or more than the disk has, is refused before anything is written."""
    file = tmp_path / "bad.zip"
    members = members_of(good_pack)
    with zipfile.ZipFile(file, "w") as archive:
        for name, body in members.items():
            archive.writestr(name, body)
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr(MANIFEST, members[MANIFEST])
    with pytest.raises(StorageUnusable, match="no pack does"):
        restored(file, tmp_path / "there")
    with zipfile.ZipFile(file, "w", zipfile.ZIP_BZIP2) as archive:
        archive.writestr(MANIFEST, members[MANIFEST])
    with pytest.raises(StorageUnusable, match="no pack does"):
        restored(file, tmp_path / "there")
    monkeypatch.setattr(unpacking, "DEFLATES_TO", 1)
    with pytest.raises(StorageUnusable, match="no file of its size"):
        restored(good_pack, tmp_path / "there")
    monkeypatch.undo()
    usage = type("Usage", (), {"free": 1000})
    monkeypatch.setattr(unpacking.shutil, "disk_usage", lambda place: usage)
    with pytest.raises(StorageUnusable, match="are free"):
        restored(good_pack, tmp_path / "there")
    assert not (tmp_path / "there").exists() and not (tmp_path / ".there.part").exists()


def test_a_disk_that_is_full_leaves_no_half_a_pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One sentence, and neither a file of that name nor a draft."""
    scene = a_corpus(tmp_path / "here")

    def full(*given: object, **named: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("storage.packing.write", full)
    with pytest.raises(StorageUnusable, match="No space left"):
        packed(scene.store, tmp_path / "out" / "a.zip")
    assert list((tmp_path / "out").iterdir()) == []
    assert verify(scene.store).faults == ()


def test_a_place_that_takes_no_database_is_named_and_not_the_corpus(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite says that it cannot open the copy's file, or that its disk is full: the sentence says where."""
    scene = a_corpus(tmp_path / "here")
    whole = sqlite3.connect
    for statement in ("PRAGMA max_page_count=3", "ATTACH '/nowhere/at/all' AS x"):

        def small(*given: Any, statement: str = statement, **named: Any) -> sqlite3.Connection:
            connection = whole(*given, **named)
            if not named:  # the copy's own
                connection.execute(statement)
            return connection

        monkeypatch.setattr("storage.snapshots.sqlite3.connect", small)
        with pytest.raises(StorageUnusable, match=r"a\.zip cannot be written"):
            packed(scene.store, tmp_path / "out" / "a.zip")
        monkeypatch.undo()
    assert list((tmp_path / "out").iterdir()) == []
    assert verify(scene.store).faults == ()
