"""`freeze`, `freezes`, `export --freeze`, `methods` and `cite` through the command line."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.making import Scene, a_source
from tests.saying import Say, say

__all__ = ["say"]


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    """A corpus of two documents of a known source, with an address that failed."""
    made = Scene(tmp_path / "corpus")
    with made.store:
        made.open_run(a_source(title="Ville"))
        made.give("pont", "Conseil municipal. Le pont de Chengdu.")
        made.give("port", "Le port.", dates=())
        made.fetch("lost", status=404)
        made.close_run()
    return made


def hashes(folder: Path) -> dict[str, bytes]:
    """Return every file of a folder."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_freeze_is_exported_twice_with_the_same_bytes(say: Say, scene: Scene, tmp_path: Path) -> None:
    """Whatever was corrected in between, and the report names the freeze and its hash."""
    made = say("freeze", "these", "--note", "chapitre 3", "--by", "Anne", "--json").json
    assert say("export", "open", "one", "--freeze", "these").code == 0
    identity = say("search", "pont", "--json").json["hits"][0]["id"]
    say("correct", identity, "title", "Autre", "--because", "x", "--by", "Anne")
    say("curate", identity, "out", "--by", "Anne")
    assert say("export", "open", "two", "--freeze", "these").code == 0
    assert hashes(tmp_path / "one") == hashes(tmp_path / "two")
    report = json.loads((tmp_path / "one" / "report.json").read_text(encoding="utf-8"))
    assert report["freeze"] == {
        "name": "these",
        "sha256": made["sha256"],
        "documents": 2,
        "withdrawn": [],
        "redacted": [],
    }
    assert report["files"] == len(hashes(tmp_path / "one"))


def test_freezes_are_listed_shown_and_compared(say: Say, scene: Scene) -> None:
    """List, show and diff, for people and as JSON; no freeze yet is said so."""
    assert "Nothing is frozen yet" in say("freezes").err
    say("freeze", "one", "--by", "Anne")
    say("correct", say("search", "pont", "--json").json["hits"][0]["id"], "date", "1981", "--because", "x", "--by", "A")
    say("freeze", "two", "--query", "pont", "--by", "Anne")
    assert [each["name"] for each in say("freezes", "--json").json["freezes"]] == ["one", "two"]
    shown = say("freezes", "show", "two", "--json").json
    assert (shown["question"], len(shown["versions"]), shown["withdrawn"]) == ("pont", 1, [])
    apart = say("freezes", "diff", "one", "two", "--json").json
    assert (len(apart["removed"]), len(apart["changed_metadata"]), apart["added"]) == (1, 1, [])
    said = say("freezes", "diff", "one", "two").out
    assert "date: '2024-05-27' -> '1981'" in said and "only in the first: 1" in said
    assert "sha256" in say("freezes", "show", "one").out


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("freeze", "one"), 2, "already"),
        (("freeze", "no name"), 2, "cannot name a freeze"),
        (("freeze", "empty", "--lang", "de"), 1, "nothing was frozen"),
        (("freezes", "show", "nope"), 2, "no freeze 'nope': there are one"),
        (("freezes", "diff", "one"), 2, "freezes diff A B"),
        (("methods", "nope"), 2, "no freeze"),
        (("export", "open", "x", "--freeze", "nope"), 2, "no freeze"),
        (("export", "open", "x", "--freeze", "one", "--lang", "fr"), 2, "not both"),
        (("export", "open", "x", "--new-since", "one"), 1, "Nothing is new or changed since one (2"),
        (("methods", "one", "--svg", "corpus"), 2, "there already"),
        (("methods", "one", "--svg", "nowhere/flow.svg"), 2, "cannot be written"),
    ],
)
def test_wrong_use_is_one_sentence(say: Say, scene: Scene, words: tuple[str, ...], code: int, said: str) -> None:
    """The right exit code, the thing and the next step; nothing is written."""
    say("freeze", "one", "--by", "Anne")
    done = say(*words)
    assert (done.code, said in done.err) == (code, True), done.err
    assert [each["name"] for each in say("freezes", "--json").json["freezes"]] == ["one"]
    assert not Path("x").exists()


def test_an_export_of_what_is_new_names_the_rest(say: Say, scene: Scene, tmp_path: Path) -> None:
    """One new document is written, the two that were frozen are counted and named as untouched."""
    say("freeze", "one", "--by", "Anne")
    with scene.store.__class__.create(tmp_path / "corpus", now=scene.now, version="test") as scene.store:
        scene.open_run()
        scene.give("new", "Un texte de plus.")
        scene.close_run()
    done = say("export", "open", "out", "--new-since", "one", "--json")
    assert (done.code, done.json["written"], len(done.json["since"]["untouched"])) == (0, 1, 2)
    assert "1 new, 0 changed, 2 untouched" in done.err


def test_methods_say_what_was_seen_kept_and_not_known(say: Say, scene: Scene, tmp_path: Path) -> None:
    """Both languages have the figures of the runs; a source without rules is named; the drawing is valid XML."""
    line = "{id: nimes, title: N, kind: other, voice: association, start: ['https://n.example/']}"
    (tmp_path / "sources.yaml").write_text(
        f"version: 1\ncontact: a@b.example\nsources:\n  - {line}\n", encoding="utf-8"
    )
    made = say("freeze", "these", "--by", "Anne", "--json").json
    french, english = say("methods", "these", "--svg", "flow.svg").out, say("methods", "these", "--lang", "en").out
    for text in (french, english):
        assert made["sha256"] in text and "nimes" in text and "http_404 1" in text
    assert "1 document est sans date" in french and "1 document has no date" in english
    assert "Sur 3 adresses rencontrées, 0 est une liste, 2 ont donné un document" in french
    assert "1 source, visitée du 1er mars 2026" in french and "in 1 run." in english
    drawn = ElementTree.parse(tmp_path / "flow.svg").getroot()
    words = [text.text or "" for text in drawn.iter("{http://www.w3.org/2000/svg}text")]
    assert "3" in words and any("http_404" in each for each in words)
    figures = say("methods", "these", "--json").json["figures"]
    assert figures["seen"] == figures["listings"] + figures["kept"] + figures["pending"] + figures["aside"]


def test_a_source_whose_last_run_is_not_whole_is_named(say: Say, scene: Scene, tmp_path: Path) -> None:
    """What is missing from a source that failed is not known, and the paragraph says so; a broken list too."""
    with scene.store.__class__.create(tmp_path / "corpus", now=scene.now, version="test") as scene.store:
        scene.open_run()
        scene.close_run(troubles=("Une règle est fausse.",))
    (tmp_path / "sources.yaml").write_text("version: [", encoding="utf-8")
    made = say("freeze", "these", "--query", "pont", "--source", "town", "--by", "Anne")
    assert made.code == 0, made.err
    said = say("methods", "these", "--lang", "en").out
    assert "The last run is not complete for: town." in said
    assert "could not be read when the corpus was frozen" in said
    assert "Selection: « pont », sources town" in said


def test_a_citation_is_printed_in_four_styles(say: Say, scene: Scene) -> None:
    """A footnote, CSL-JSON, BibLaTeX and RIS of a passage; a passage that is not there is refused."""
    hit = say("search", "pont", "--json").json["hits"][0]
    place = f"{hit['id']}:19-26"
    assert "conseil municipal, séance du 27 mai 2024, « Un titre », p. 1 : « Le pont »" in say("cite", place).out
    assert say("cite", hit["id"], "--style", "csl").json[0]["id"] == hit["id"]
    assert say("cite", hit["id"], "--style", "bib").out.startswith(f"@report{{{hit['id']},")
    assert say("cite", hit["url"], "--page", "1", "--style", "ris").out.startswith("TY  - RPRT\n")
    for wrong in (f"{hit['id']}:9", f"{hit['id']}:9-9999"):
        done = say("cite", wrong)
        assert (done.code, "passage" in done.err) == (2, True)
