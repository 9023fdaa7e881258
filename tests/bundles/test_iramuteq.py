"""The IRaMuTeQ files: a reader written from the rules counts the same texts, variables and words."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from bundles.formats import iramuteq as module
from bundles.model import BundleDocument
from extract.model import LanguageShare
from storage.errors import WrongUse
from storage.store import Store
from tests.bundles.iramuteq_reader import Text, read_corpus
from tests.bundles.writing import both, the_same_twice, written
from tests.making import Scene


def texts_in(out: Path) -> dict[str, tuple[str, Text]]:
    """Return the texts of all files of a bundle and the language of each, by the document's id."""
    found = [(path.stem, text) for path in sorted(out.glob("*.txt")) for text in read_corpus(path)]
    by_id = {text.variables["id"]: (language, text) for language, text in found}
    assert len(by_id) == len(found)
    return by_id


def expected(document: BundleDocument) -> str:
    """Return the letters of a document's text that IRaMuTeQ is to see, without spaces."""
    return "".join(re.sub(r"[*$]", " ", document.text).split())


@both
def test_the_same_texts_with_the_same_words(corpus: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """The reader counts as many texts as the report, each with its words; what it would drop was left out and said."""
    documents, report = written(module, request.getfixturevalue(corpus), tmp_path / "out")
    texts = texts_in(tmp_path / "out")
    assert len(texts) == report.written == len(documents)
    for document in documents:
        language, text = texts[document.id]
        assert "".join("".join(text.lines).split()) == expected(document)
        assert text.themes == []
        assert language == document.language.partition("-")[0]
    assert [each.document for each in report.left_out if each.what == "document"]


@both
def test_all_variables_of_all_texts_and_no_stray_word(
    corpus: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """Each head has each variable once, with a plain value, and nothing else."""
    written(module, request.getfixturevalue(corpus), tmp_path / "out")
    names = {name.replace("_", "") for name in module.VARIABLES}
    for _, text in texts_in(tmp_path / "out").values():
        assert text.strays == []
        assert set(text.variables) == names
        assert all(re.fullmatch(r"[A-Za-z0-9-]+", value) for value in text.variables.values())


def test_values_say_what_the_corpus_says(ordinary: Store, tmp_path: Path) -> None:
    """Date, year, kind and authority are those of the document; what is not known is `none`."""
    documents, _ = written(module, ordinary, tmp_path / "out")
    texts = texts_in(tmp_path / "out")
    (minutes,) = (each for each in documents if each.date == "1981-06-22")
    found = texts[minutes.id][1].variables
    assert (found["date"], found["year"], found["kind"]) == ("1981-06-22", "1981", "council-minutes")
    assert (found["authority"], found["acttype"], found["ocr"]) == ("ville-de-montpellier", "pv", "none")


def test_files_have_no_mark_and_stars_only_in_heads(hostile: Store, tmp_path: Path) -> None:
    """No byte order mark, no carriage return; a star or a dollar sign stands in heads alone, and the report says so."""
    documents, report = written(module, hostile, tmp_path / "out")
    for path in (tmp_path / "out").glob("*.txt"):
        raw = path.read_bytes()
        assert raw.startswith(b"**** *id_")
        assert b"\r" not in raw
        bodies = [line for line in raw.decode().split("\n") if not line.startswith("**** *id_")]
        assert not re.search(r"[*$]", "\n".join(bodies))
    starred = {each.id for each in documents if re.search(r"[*$]", each.text)}
    assert starred == {each.document for each in report.altered if "stars" in each.why} != set()


def test_chinese_is_cut_into_words(ordinary: Store, tmp_path: Path) -> None:
    """Words are parted by spaces, and the report says what to untick."""
    documents, report = written(module, ordinary, tmp_path / "out")
    (chinese,) = (each for each in documents if each.language.startswith("zh"))
    _, text = texts_in(tmp_path / "out")[chinese.id]
    assert {"成都", "友好城市"} <= set(" ".join(text.lines).split())
    assert any(each.document == chinese.id and "untick" in each.why for each in report.unfit)


def test_without_rjieba_chinese_says_what_to_install(
    ordinary: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sentence names the library and the way out, nothing is left behind; other languages need none."""
    monkeypatch.setitem(sys.modules, "rjieba", None)
    with pytest.raises(WrongUse, match=r"rjieba.*pip install 'minutier\[bundles\]'"):
        written(module, ordinary, tmp_path / "out")
    assert list(tmp_path.iterdir()) == []
    with (scene := Scene(tmp_path / "corpus")).store as store:
        scene.open_run()
        scene.give("fr", "Le conseil approuve.", language="fr", languages=(LanguageShare(code="fr", share=1.0),))
        scene.close_run()
        assert written(module, store, tmp_path / "out")[1].written == 1


def test_small_parts_of_heads() -> None:
    """Letters of other scripts keep apart what they name; the reader itself finds what it is there to find."""
    assert [module.starred(each) for each in ("Œuvre n° 3", "成都 A", "成都", " _ ")] == [
        "oeuvre-n-3", "u6210-u90fd-a", "u6210-u90fd", "none",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "count"),
    [("**** *a_b\nmot\n**** *a_c\nmot", 2), ("**** *a_b\n**** faux\nmot", 1), ("**** *a_b c\n-*theme_x\nmot", 1)],
)
def test_the_reader_keeps_the_rules(text: str, count: int, tmp_path: Path) -> None:
    """Two texts are two, an empty one is dropped, and words in a head or a theme in a body are seen."""
    (tmp_path / "c.txt").write_text(text, encoding="utf-8")
    texts = read_corpus(tmp_path / "c.txt")
    assert len(texts) == count
    assert ("faux" in text) == any(each.strays == ["faux"] for each in texts)
    assert ("theme" in text) == any(each.themes and each.strays == ["c"] for each in texts)
    (tmp_path / "bom.txt").write_text("\ufeff" + text, encoding="utf-8")
    with pytest.raises(ValueError, match="before its first head"):
        read_corpus(tmp_path / "bom.txt")


def test_the_same_corpus_gives_the_same_bytes(hostile: Store, tmp_path: Path) -> None:
    """Writing twice makes no difference."""
    assert the_same_twice(module, hostile, tmp_path)
