"""Deposits: bagit and roc-validator read them; what the rights do not allow is not in them, and they say so."""

from __future__ import annotations

import csv
import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import bagit
import pytest
import rocrate
from rocrate.rocrate import ROCrate

from bundles.formats.deposit import PRIVATE, write
from bundles.model import Documents, Report
from extract.model import Found
from storage.decisions import Who
from storage.errors import WrongUse
from storage.filters import Filters
from storage.freezes import Plan
from storage.freezing import freeze
from storage.store import Store
from tests.bundles.conftest import EXTRA, HOSTILE, open_run
from tests.making import Scene

READER = Path(__file__).with_name("crate_reader.py")
CONTEXT = Path(rocrate.__file__).parent / "data" / "ro-crate.jsonld"
RIGHTS = {"status": "official", "basis": "CGCT", "licence": "Licence Ouverte 2.0", "tdm": "", "personal_data": False}
METHODS = {"fr": "Le corpus compte des documents.", "en": "The corpus holds documents."}


def fill(scene: Scene) -> None:
    """Give a corpus documents of four sources whose rights differ; one is a scan without text."""
    differ: tuple[dict[str, Any], ...] = (
        {},
        {"status": "copyright"},
        {"personal_data": True},
        {"status": "unknown", "personal_data": True},
    )
    for number, rights in enumerate(differ):
        open_run(scene, id=f"source{number}", authority="montpellier", country="FR", rights=RIGHTS | rights)
        for name in ("a", "b"):
            scene.give(f"{number}{name}", f"Texte secret{number}{name}. " * 20)
        scene.close_run()
    open_run(scene, id="hostile", rights=RIGHTS)
    for number, title in enumerate(HOSTILE):
        scene.give(f"h{number}", f"{title} {number}{EXTRA}", title=Found(value=title, found_in="heading"))
    scene.read(scene.fetch("scan", b"%PDF scan"), "", verdict="scanned", title=None, media_type="application/pdf")
    hints = {"languages": [], "stated": {"rights": "restricted", "received_from": "Mme Secret", "request_ref": "K-77"}}
    scene.read(scene.fetch("mail", b"par courrier", hints=hints), "Texte secret par courrier.")
    scene.close_run()


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Give a corpus of sources whose rights differ, with a freeze of it."""
    scene = Scene(tmp_path_factory.mktemp("rights") / "corpus")
    with scene.store:
        fill(scene)
        plan = Plan(name="these", filters=Filters(), note="Pour la thèse.", software={"minutier": "1"}, registry={})
        freeze(scene.store, plan, Who(by="A", at="2026-04-01T08:00:00Z"))
        yield scene.store


def deposited(store: Store, out: Path, **chosen: Any) -> Report:
    """Write a deposit of a corpus and return its report."""
    documents = Documents(store=store, methods=lambda: METHODS, **chosen)
    report = write(documents, out)
    assert report.written == report.selected == len(documents)
    return report


@pytest.fixture(scope="module")
def bag(store: Store, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the deposit of the freeze: read it, and do not write to it."""
    out = tmp_path_factory.mktemp("deposit") / "bag"
    deposited(store, out, freeze="these")
    return out


def rows(bag: Path) -> list[dict[str, str]]:
    """Return the rows of a deposit's table."""
    with (bag / "data" / "documents.csv").open(encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table))


def test_the_bag_is_valid_and_as_of_the_freeze(bag: Path) -> None:
    """bagit finds every file and both its hashes; the day is that of the freeze, and so is the identifier."""
    read = bagit.Bag(str(bag))
    read.validate()
    assert sorted(read.algorithms) == ["sha256", "sha512"]
    assert read.info["Bagging-Date"] == "2026-04-01"
    assert len(read.info["External-Identifier"]) == len("sha256:") + 64
    present = {path.relative_to(bag).as_posix() for path in (bag / "data").rglob("*") if path.is_file()}
    assert set(read.payload_files()) == present


def test_a_report_beside_the_payload_leaves_the_bag_valid(bag: Path, tmp_path: Path) -> None:
    """The command writes its report into the folder afterwards: a bag may have such a file."""
    shutil.copytree(bag, tmp_path / "bag")
    (tmp_path / "bag" / "report.json").write_text("{}", encoding="utf-8")
    bagit.Bag(str(tmp_path / "bag")).validate()


@pytest.mark.parametrize("name", ["data/documents.csv", "data/WITHHELD.md", "bag-info.txt", "manifest-sha512.txt"])
def test_a_changed_byte_is_caught(bag: Path, tmp_path: Path, name: str) -> None:
    """One byte more in the payload, in what describes it or in a manifest, and bagit refuses the bag."""
    shutil.copytree(bag, tmp_path / "bag")
    with (tmp_path / "bag" / name).open("ab") as file:
        file.write(b" ")
    with pytest.raises(bagit.BagError):
        bagit.Bag(str(tmp_path / "bag")).validate()


def asked(apart: Path, bag: Path) -> dict[str, Any]:
    """Return what roc-validator says of a bag with a crate in it."""
    command = [str(apart / "python"), str(READER), str(bag), str(CONTEXT)]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True)
    return dict(json.loads(done.stdout))


def test_the_crate_holds_every_required_rule(apart: Path, bag: Path) -> None:
    """roc-validator finds nothing amiss with RO-Crate 1.1, having asked for its context alone."""
    said = asked(apart, bag)
    assert (said["passed"], said["issues"]) == (True, [])
    assert said["checks"] > 30
    assert said["asked"] == ["https://w3id.org/ro/crate/1.1/context"]


@pytest.mark.parametrize("missing", ["datePublished", "license", "name"])
def test_a_crate_that_lacks_something_is_caught(apart: Path, bag: Path, tmp_path: Path, missing: str) -> None:
    """Without its day, its rights or its name the same crate is refused."""
    shutil.copytree(bag, tmp_path / "bag")
    place = tmp_path / "bag" / "data" / "ro-crate-metadata.json"
    crate = json.loads(place.read_text(encoding="utf-8"))
    root = next(entity for entity in crate["@graph"] if entity["@id"] == "./")
    del root[missing]
    place.write_text(json.dumps(crate), encoding="utf-8")
    said = asked(apart, tmp_path / "bag")
    assert not said["passed"]
    assert any(missing in issue for issue in said["issues"])


def test_another_library_reads_the_crate(bag: Path) -> None:
    """rocrate finds each file with its size and its document, and each document with its address."""
    crate = ROCrate(str(bag / "data"))
    files = {entity.id: entity for entity in crate.data_entities}
    there = {path.relative_to(bag / "data").as_posix() for path in (bag / "data").rglob("*") if path.is_file()}
    assert set(files) == there - {"ro-crate-metadata.json"}
    for name, entity in files.items():
        assert entity["contentSize"] == str((bag / "data" / name).stat().st_size)
    for row in rows(bag):
        work = crate.get(f"#{row['id']}")
        assert row["id"] in work["identifier"] and f"urn:sha256:{row['sha256']}" in work["identifier"]
        assert work["url"] == row["url"]
        if row["text_file"]:
            assert files[row["text_file"]]["about"] == work


def test_only_what_may_be_passed_on_is_there(bag: Path) -> None:
    """Open and official documents that name nobody have their text and bytes; of all others nothing but the row."""
    found = {row["url"].rpartition("/")[2]: row for row in rows(bag)}
    allowed = {name for name, row in found.items() if not row["withheld"]}
    assert allowed == {"0a", "0b", "scan", *(f"h{number}" for number in range(len(HOSTILE)))}
    for name, row in found.items():
        assert bool(row["original_file"]) == (name in allowed)
        assert bool(row["text_file"]) == (name in allowed - {"scan"})
        assert row["url"] and len(row["sha256"]) == len(row["text_sha256"]) == 64
    assert found["1a"]["withheld"] == "rights.status is copyright"
    assert found["2a"]["withheld"] == "rights.personal_data: people are named"
    assert found["3a"]["withheld"] == "rights.status is unknown; rights.personal_data: people are named"
    assert found["mail"]["withheld"] == "rights.status is restricted"
    assert {row["licence"] for row in found.values()} == {"Licence Ouverte 2.0"}


def test_nothing_withheld_is_anywhere(bag: Path) -> None:
    """No file has a word of a text that was withheld, nor who gave a document, nor under which number."""
    whole = b"".join(path.read_bytes() for path in bag.rglob("*") if path.is_file())
    assert b"secret0a" in whole
    for word in (b"secret1a", b"secret2b", b"secret3a", b"par courrier", b"Mme Secret", b"K-77"):
        assert word not in whole
    assert not PRIVATE & set(rows(bag)[0])


def test_texts_and_bytes_are_those_of_the_corpus(store: Store, bag: Path) -> None:
    """What is there is equal: texts as a bundle cleans them, bytes by their hash; no cell is a formula."""
    texts = {document.id: document.text for document in Documents(store=store, freeze="these")}
    for row in rows(bag):
        if row["text_file"]:
            assert (bag / "data" / row["text_file"]).read_bytes().decode() == texts[row["id"]]
        if row["original_file"]:
            assert hashlib.sha256((bag / "data" / row["original_file"]).read_bytes()).hexdigest() == row["sha256"]
        assert not any(value.startswith(("=", "+", "-", "@", "\t", "\r")) for value in row.values())
    names = [path.relative_to(bag).as_posix() for path in bag.rglob("*")]
    assert all(name.isascii() and ".." not in name for name in names)
    assert len({name.lower() for name in names}) == len(names)


def test_it_says_what_was_withheld_and_why(store: Store, bag: Path, tmp_path: Path) -> None:
    """The statement counts by reason, the report names each document, and the paragraphs on method are there."""
    said = (bag / "data" / "WITHHELD.md").read_text(encoding="utf-8")
    assert "| rights.status is copyright | 2 |" in said
    assert "| rights.status is unknown; rights.personal_data: people are named | 2 |" in said
    sheet = (bag / "data" / "README.md").read_text(encoding="utf-8")
    assert "the freeze `these`" in sheet and "text and original (rights.status is copyright): 2" in sheet
    for lang, paragraph in METHODS.items():
        assert (bag / "data" / f"methods.{lang}.md").read_text(encoding="utf-8") == f"{paragraph}\n"
    crate = ROCrate(str(bag / "data"))
    assert (crate.name, "Pour la thèse." in crate.description) == ("Corpus these", True)
    report = deposited(store, tmp_path / "bag")
    assert [each.what for each in report.left_out].count("text and original") == 7
    assert [each.what for each in report.left_out].count("text") == 1


def test_without_a_freeze_it_is_as_of_the_newest_capture(store: Store, tmp_path: Path) -> None:
    """A selection has no methods paragraph and says so; its day is no clock's."""
    deposited(store, tmp_path / "bag", filters=Filters(sources=("source0",)))
    assert bagit.Bag(str(tmp_path / "bag")).info["Bagging-Date"] == "2026-03-01"
    assert "name a freeze" in (tmp_path / "bag" / "data" / "README.md").read_text(encoding="utf-8")
    assert not list((tmp_path / "bag" / "data").glob("methods*"))
    assert "Nothing was withheld" in (tmp_path / "bag" / "data" / "WITHHELD.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("corpus", ["ordinary", "hostile"])
def test_a_corpus_without_stated_rights_is_described_only(
    corpus: str, request: pytest.FixtureRequest, apart: Path, tmp_path: Path
) -> None:
    """Where nobody said that a text may be passed on, none is; the bag and the crate are valid all the same."""
    store: Store = request.getfixturevalue(corpus)
    deposited(store, tmp_path / "bag")
    bagit.Bag(str(tmp_path / "bag")).validate()
    assert asked(apart, tmp_path / "bag")["issues"] == []
    assert len(rows(tmp_path / "bag")) == len(Documents(store=store))
    assert not (tmp_path / "bag" / "data" / "texts").exists()


def test_acts_share_the_bytes_of_their_paper(store: Store, tmp_path: Path) -> None:
    """Written page by page, each page has its text, and the original lies there once."""
    documents = Documents(store=store, unit="page", filters=Filters(sources=("source0",)))
    write(documents, tmp_path / "bag")
    bagit.Bag(str(tmp_path / "bag")).validate()
    found = rows(tmp_path / "bag")
    assert len({row["text_file"] for row in found}) == len(found) == 2
    assert {row["original_file"] for row in found} == {f"originals/{row['part_of']}.txt" for row in found}


def test_the_same_freeze_gives_the_same_bytes(store: Store, bag: Path, tmp_path: Path) -> None:
    """Written twice, every file of the deposit is equal, the lists of hashes too."""
    deposited(store, tmp_path / "bag", freeze="these")
    one, two = (
        {path.relative_to(place).as_posix(): path.read_bytes() for path in place.rglob("*") if path.is_file()}
        for place in (bag, tmp_path / "bag")
    )
    assert one == two


def test_without_bagit_it_says_what_to_install(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the extra is not installed, one sentence names it and nothing is written."""
    monkeypatch.setitem(sys.modules, "bagit", None)
    with pytest.raises(WrongUse, match=r"minutier\[bundles\]"):
        write(Documents(store=store), tmp_path / "bag")
    assert not (tmp_path / "bag").exists()
