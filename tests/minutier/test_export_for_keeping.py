"""`export` of citations, web archives and deposits through the command line."""

from __future__ import annotations

import hashlib
import json
import zipfile
from pathlib import Path

import bagit
import pytest

from tests.making import Scene, a_source
from tests.saying import Say, say

__all__ = ["say"]

FORMATS = ("citations", "wacz", "deposit")
OPEN = {"status": "open", "basis": "", "licence": "", "tdm": "", "personal_data": False}


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    """A corpus of two documents that may be passed on, and one that was imported without an address."""
    made = Scene(tmp_path / "corpus")
    with made.store:
        made.open_run(a_source(title="Ville", rights=OPEN))
        made.give("pont", "Conseil municipal. Le pont de Chengdu.")
        made.give("port", "Le port.", dates=())
        own = "import:town/lettre.txt"
        hints = {"file": "lettre.txt"}
        made.read(
            made.fetch("x", b"Une lettre.", url=own, address=own, document_address=own, hints=hints), "Une lettre."
        )
        made.close_run()
    return made


def hashes(place: Path) -> dict[str, str]:
    """Return the hash of every file of a bundle."""
    files = [place] if place.is_file() else sorted(path for path in place.rglob("*") if path.is_file())
    return {path.relative_to(place).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.mark.parametrize("name", FORMATS)
def test_a_freeze_gives_the_same_bytes_whatever_came_later(say: Say, scene: Scene, tmp_path: Path, name: str) -> None:
    """A new version, a new document and a correction after the freeze change nothing in its bundle."""
    say("freeze", "these", "--by", "Anne")
    assert say("export", name, "one", "--freeze", "these").code == 0
    with scene.store.open(tmp_path / "corpus") as scene.store:
        scene.open_run()
        scene.give("pont", "Conseil municipal. Le pont de Chengdu est ouvert.")
        scene.give("porte", "La porte.")
        scene.give("port", "Le port.", dates=())
        scene.close_run()
    identity = say("search", "port", "--json").json["hits"][0]["id"]
    say("correct", identity, "title", "Autre", "--because", "x", "--by", "Anne")
    assert say("export", name, "two", "--freeze", "these").code == 0
    assert hashes(tmp_path / "one") == hashes(tmp_path / "two")
    assert say("export", name, "three").code == 0
    assert hashes(tmp_path / "three") != hashes(tmp_path / "one")


@pytest.mark.parametrize("name", FORMATS)
def test_nothing_selected_writes_nothing_and_what_is_there_stays(
    say: Say, scene: Scene, tmp_path: Path, name: str
) -> None:
    """An empty selection ends with 1 and a sentence; a target that is there with 2, and untouched unless forced."""
    done = say("export", name, "out", "--lang", "oc")
    assert (done.code, "select no document" in done.err) == (1, True)
    assert not (tmp_path / "out").exists()
    (tmp_path / "out").write_text("mine", encoding="utf-8")
    done = say("export", name, "out")
    assert (done.code, "is there already" in done.err) == (2, True)
    assert (tmp_path / "out").read_text(encoding="utf-8") == "mine"
    assert say("export", name, "out", "--force").code == 2, "it is no export"
    assert (tmp_path / "out").read_text(encoding="utf-8") == "mine"
    (tmp_path / "out").unlink()
    assert [say("export", name, "out", *force).code for force in ((), (), ("--force",))] == [0, 2, 0]


def test_a_deposit_of_a_freeze_tells_how_it_came_to_be(say: Say, scene: Scene, tmp_path: Path) -> None:
    """Its two paragraphs are those that `methods` prints; the bag is valid with the report in it."""
    say("freeze", "these", "--by", "Anne")
    assert say("export", "deposit", "out", "--freeze", "these").code == 0
    for lang in ("fr", "en"):
        written = (tmp_path / "out" / "data" / f"methods.{lang}.md").read_text(encoding="utf-8")
        assert written.strip() == say("methods", "these", "--lang", lang, "--json").json["paragraph"]
    bag = bagit.Bag(str(tmp_path / "out"))
    bag.validate()
    report = json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))
    frozen = say("freezes", "--json").json["freezes"][0]
    assert report["freeze"]["sha256"] == frozen["sha256"]
    assert bag.info["External-Identifier"] == f"sha256:{frozen['sha256']}"
    assert bag.info["Bagging-Date"] == frozen["created_at"][:10]
    assert report["files"] == len(hashes(tmp_path / "out"))


def test_an_archive_says_what_it_leaves_out(say: Say, scene: Scene, tmp_path: Path) -> None:
    """A document without an address of the web is named on the screen and in the report beside the file."""
    done = say("export", "wacz", "corpus.wacz")
    assert "2 of 3 documents" in done.err
    assert "without an address of the web" in done.err
    report = json.loads((tmp_path / "corpus.wacz.report.json").read_text(encoding="utf-8"))
    assert (report["selected"], report["written"], len(report["left_out"])) == (3, 2, 1)
    assert zipfile.is_zipfile(tmp_path / "corpus.wacz")


def test_only_what_is_new_is_archived(say: Say, scene: Scene, tmp_path: Path) -> None:
    """Compared with an earlier freeze, an archive has the new page and the changed one with its earlier state."""
    say("freeze", "these", "--by", "Anne")
    with scene.store.open(tmp_path / "corpus") as scene.store:
        scene.open_run()
        scene.give("pont", "Conseil municipal. Le pont de Chengdu est ouvert.")
        scene.give("porte", "La porte.")
        scene.close_run()
    assert say("export", "wacz", "new.wacz", "--new-since", "these").code == 0
    with zipfile.ZipFile(tmp_path / "new.wacz") as packed:
        lines = packed.read("pages/pages.jsonl").decode().splitlines()[1:]
    pages = [json.loads(line)["url"].rpartition("/")[2] for line in lines]
    assert sorted(pages) == ["pont", "pont", "porte"]


def test_a_bundle_that_would_hold_nothing_is_not_made(say: Say, scene: Scene, tmp_path: Path) -> None:
    """A file brought by hand has no web address: of it alone there is no web archive, and the reason is told."""
    identity = say("search", "lettre", "--json").json["hits"][0]["id"]
    say("curate", identity, "in", "--by", "Anne")
    told = say("export", "wacz", "x.wacz", "--curated", "in")
    assert told.code == 1
    assert "None of 1 selected can be written as wacz, no file was made" in told.err
    assert "without an address of the web" in told.err
    assert not [path.name for path in tmp_path.iterdir() if "x.wacz" in path.name]
