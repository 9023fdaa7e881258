"""`export`: whole or not at all, the same bytes for the same freeze, and what is new under names of its own."""

from __future__ import annotations

import hashlib
import json
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from bundles import formats_found
from bundles.model import Documents
from extract.model import Act, Found, Page
from storage.store import Store
from tests.making import Scene
from tests.saying import Say, say

__all__ = ["say"]

FORMATS = {"qdpx": "c.qdpx", "taguette": "c"}


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    """A corpus of three documents, one of them minutes of two pages with an act."""
    made = Scene(tmp_path / "corpus")
    with made.store:
        made.open_run()
        text = "Le pont de Chengdu. " * 20
        pages = (Page(number=1, start=0, end=200), Page(number=2, start=200, end=400))
        act = Act(number="2024-1", key="2024-1", title="Le pont", start=0, end=100)
        made.give("pont", text, pages=pages, acts=(act,))
        made.give("port", "Le port de pêche. " * 20, title=Found(value="Le port", found_in="heading"))
        made.give("gare", "La gare. " * 30)
        made.close_run()
    return made


def later(scene: Scene, folder: Path) -> None:
    """Crawl another text of one document, and one document more."""
    with Store.create(folder / "corpus", now=scene.now, version="test") as scene.store:
        scene.open_run()
        scene.give("port", "Le port est fermé. " * 20, title=Found(value="Le port", found_in="heading"))
        scene.give("parc", "Le parc. " * 30)
        scene.close_run()


def hashes(folder: Path) -> dict[str, str]:
    """Return the hash of each file that was exported; reports name the moment of nothing, and count too."""
    files = (path for path in folder.rglob("*") if path.is_file() and "corpus" not in path.parts)
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def names_in(project: Path) -> dict[str, str]:
    """Return the GUIDs of the sources of a project by name."""
    with zipfile.ZipFile(project) as archive:
        root = ElementTree.fromstring(archive.read("project.qde"))
    return {each.attrib["name"]: each.attrib["guid"] for each in root.iter("{urn:QDA-XML:project:1.0}TextSource")}


@pytest.mark.parametrize("name", FORMATS)
def test_a_freeze_gives_the_same_bytes_whatever_came_after(say: Say, scene: Scene, tmp_path: Path, name: str) -> None:
    """Every file, the sheet beside it and the report, after a correction, a crawl and under another OUT."""
    say("freeze", "these", "--by", "Anne")
    out = FORMATS[name]
    assert say("export", name, f"one/{out}", "--freeze", "these").code == 0
    identity = say("search", "pont", "--json").json["hits"][0]["id"]
    say("correct", identity, "title", "Autre", "--because", "x", "--by", "Anne")
    later(scene, tmp_path)
    assert say("export", name, f"two/{out}", "--freeze", "these").code == 0
    first = hashes(tmp_path / "one")
    assert first == hashes(tmp_path / "two")
    assert len(first) >= 3


def test_what_changed_comes_under_a_new_name_and_the_rest_is_listed(say: Say, scene: Scene, tmp_path: Path) -> None:
    """A changed text has another name and another GUID than before, a new one its own; others are not there."""
    say("freeze", "avant", "--by", "Anne")
    say("export", "qdpx", "all.qdpx", "--freeze", "avant")
    later(scene, tmp_path)
    done = say("export", "qdpx", "new.qdpx", "--new-since", "avant", "--json")
    before, now = names_in(tmp_path / "all.qdpx"), names_in(tmp_path / "new.qdpx")
    assert len(now) == done.json["written"] == 2
    assert not set(before) & set(now) and not set(before.values()) & set(now.values())
    (changed,) = [each for each in now if each.endswith(" v2")]
    assert changed.removesuffix(" v2") in before
    assert {name: len(ids) for name, ids in done.json["since"].items() if name != "freeze"} == {
        "new": 1,
        "changed": 1,
        "untouched": 2,
        "withdrawn": 0,
        "no_longer_selected": 0,
    }
    say("export", "qdpx", "whole.qdpx")
    assert {before[name] for name in before} <= set(names_in(tmp_path / "whole.qdpx").values()), "stable otherwise"


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("export", "nvivo", "x"), 2, "no format 'nvivo': choose one of"),
        (("export", "taguette", "x", "--text-only"), 2, "taguette does not take --text-only: only open and qdpx do."),
        (("export", "qdpx", "x", "--excel-fr"), 2, "qdpx does not take --excel-fr:"),
        (("export", "qdpx", "x", "--unit", "line"), 2, "'line' is not one of"),
        (("export", "qdpx", "x", "--lang", "de"), 1, "nothing was written"),
        (("export", "qdpx", "taken.qdpx"), 2, "taken.qdpx is there already"),
        (("export", "qdpx", "free.qdpx"), 2, "free.classification.xlsx is there already"),
        (("export", "taguette", "corpus"), 2, "corpus is there already"),
    ],
)
def test_wrong_use_is_one_sentence_and_writes_nothing(
    say: Say, scene: Scene, tmp_path: Path, words: tuple[str, ...], code: int, said: str
) -> None:
    """The right exit code, the thing and the next step; what was there is as it was."""
    (tmp_path / "taken.qdpx").write_text("mine", encoding="utf-8")
    (tmp_path / "free.classification.xlsx").write_text("mine", encoding="utf-8")
    done = say(*words)
    assert (done.code, said in done.err) == (code, True), done.err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["corpus", "free.classification.xlsx", "taken.qdpx"]
    assert (tmp_path / "taken.qdpx").read_text(encoding="utf-8") == "mine"


def test_force_replaces_the_bundle_and_what_is_beside_it(say: Say, scene: Scene, tmp_path: Path) -> None:
    """An empty folder in its place, then the project, its report and the sheet; nothing is left of the earlier ones."""
    (tmp_path / "c.qdpx").mkdir()
    assert say("export", "qdpx", "c.qdpx", "--force").code == 0
    assert zipfile.is_zipfile(tmp_path / "c.qdpx") and zipfile.is_zipfile(tmp_path / "c.classification.xlsx")
    first = hashes(tmp_path)
    assert say("export", "qdpx", "c.qdpx", "--force").code == 0
    assert hashes(tmp_path) == first
    names = [path.name for path in tmp_path.iterdir() if path.name.startswith((".", "c."))]
    assert sorted(names) == ["c.classification.xlsx", "c.qdpx", "c.qdpx.report.json"]


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("out", ["mine", "mine/thesis.odt", "."])
def test_force_replaces_nothing_but_an_earlier_export(
    say: Say, scene: Scene, tmp_path: Path, out: str, name: str
) -> None:
    """A folder and a file of somebody's own, and the folder that one is in, are refused and left as they are."""
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.odt").write_text("words", encoding="utf-8")
    (tmp_path / "c.classification.xlsx").write_text("mine", encoding="utf-8")
    before = hashes(tmp_path)
    done = say("export", name, out, "--force")
    assert (done.code, "nothing else is ever replaced" in done.err or "the corpus" in done.err) == (2, True), done.err
    assert say("export", "qdpx", "c.qdpx", "--force").code == 2, "the sheet beside it is somebody's own"
    assert hashes(tmp_path) == before


@pytest.mark.parametrize("name", sorted(formats_found()))
@pytest.mark.parametrize("out", ["corpus", "corpus/corpus.db", "corpus/new", "corpus/blobs/new", "link"])
def test_no_export_goes_into_the_corpus(say: Say, scene: Scene, tmp_path: Path, out: str, name: str) -> None:
    """With --force neither the corpus, nor its database, nor a place in it, nor a link to it is taken."""
    (tmp_path / "link").symlink_to(tmp_path / "corpus", target_is_directory=True)
    before = sorted(path for path in (tmp_path / "corpus").rglob("*") if "corpus.db-" not in path.name)
    done = say("export", name, out, "--force")
    assert (done.code, "is ever replaced" in done.err or "outside of the corpus" in done.err) == (2, True), done.err
    assert sorted(path for path in (tmp_path / "corpus").rglob("*") if "corpus.db-" not in path.name) == before
    assert say("search", "pont", "--json").json["total"] == 1


@pytest.mark.parametrize("name", FORMATS)
def test_an_interrupted_replacement_gives_the_earlier_export_back(
    say: Say, scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Ctrl-C between the earlier one's going and the new one's coming: the earlier one stands there, whole."""
    assert say("export", name, FORMATS[name]).code == 0
    before, original = hashes(tmp_path), Path.rename

    def rename(path: Path, target: Path) -> Path:
        if path.name == f".{FORMATS[name]}.part":
            raise KeyboardInterrupt
        return original(path, target)

    monkeypatch.setattr(Path, "rename", rename)
    done = say("export", name, FORMATS[name], "--force", "--lang", "fr")
    assert done.code in (1, 4)
    assert hashes(tmp_path) == before
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


@pytest.mark.parametrize("name", FORMATS)
def test_a_broken_export_leaves_what_was_there(
    say: Say, scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """The disk is full at the second document: exit 3, the earlier bundle stays, and nothing is half-written."""
    assert say("export", name, FORMATS[name]).code == 0
    before, original = hashes(tmp_path), Documents.__iter__

    def full(documents: Documents) -> Any:
        yield next(original(documents))
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Documents, "__iter__", full)
    done = say("export", name, FORMATS[name], "--force")
    assert (done.code, "No space left on device" in done.err) == (3, True), done.err
    assert hashes(tmp_path) == before
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_the_report_is_printed_as_it_is_written(say: Say, scene: Scene, tmp_path: Path) -> None:
    """The same lines, and the same figures as JSON; units are counted as units."""
    done = say("export", "qdpx", "pages.qdpx", "--unit", "act", "--json")
    written = json.loads((tmp_path / "pages.qdpx.report.json").read_text(encoding="utf-8"))
    words = written.pop("in_words")
    assert written == done.json
    assert [line.strip().removeprefix("pages.qdpx: ") for line in done.err.splitlines()] == words
    assert (written["unit"], written["written"], len(written["undivided"])) == ("act", 3, 2)
    assert [each["what"] for each in written["left_out"]] == ["text outside its acts"]
    assert written["beside"] == ["pages.classification.xlsx"]


@pytest.mark.parametrize("name", sorted(formats_found()))
def test_every_format_tells_what_it_takes(name: str) -> None:
    """FLAGS, where a format has them, are options of the command, each with a sentence; BESIDE are endings."""
    module = formats_found()[name]
    flags = getattr(module, "FLAGS", {})
    assert set(flags) <= {"excel-fr", "text-only"}
    assert all(words.endswith(".") for words in flags.values())
    assert all(ending.startswith(".") for ending in getattr(module, "BESIDE", ()))


@pytest.mark.parametrize("name", sorted(formats_found()))
def test_a_place_where_nothing_can_be_written_is_one_sentence(
    say: Say, scene: Scene, tmp_path: Path, name: str
) -> None:
    """Below a file there is no folder: exit 3, the place as it was given and the next step, and the file stays."""
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    done = say("export", name, "notes.txt/out")
    assert (done.code, done.err.count("\n"), "name another place" in done.err) == (3, 1, True), done.err
    assert (tmp_path / "notes.txt").read_text(encoding="utf-8") == "mine"
