"""The TEI files: valid, and their characters are the text to the letter."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from xml.etree import ElementTree

import pytest
from lxml import etree

from bundles.formats import tei as module
from bundles.model import COLUMNS, BundlePassage, Documents
from storage.store import Store
from tests.bundles.writing import both, the_same_twice, written

TEI = "{http://www.tei-c.org/ns/1.0}"
SUBSET = Path(__file__).with_name("tei_subset.rng")
"""Ours, of the part of TEI that is used: what it does not know is wrong, though TEI may have it."""


def body_of(path: Path) -> ElementTree.Element:
    """Return the body of a file, read by another parser than the one that validates."""
    found = ElementTree.parse(path).getroot().find(f"{TEI}text/{TEI}body")
    assert found is not None
    return found


@both
def test_each_file_is_valid(tei_all: Path, corpus: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """Whole documents, pages and acts alike, by the schema of all of TEI and by ours."""
    schemas = [etree.RelaxNG(etree.parse(str(schema))) for schema in (tei_all, SUBSET)]
    for unit in ("document", "page", "act"):
        _, report = written(module, request.getfixturevalue(corpus), tmp_path / unit, unit=unit)
        files = list((tmp_path / unit).glob("*.xml"))
        assert len(files) == report.written
        for path in files:
            for rules in schemas:
                rules.assertValid(etree.parse(str(path)))


@pytest.mark.parametrize(
    ("right", "wrong"),
    [("<body>", "<body>loose words"), ('type="text"', 'type="text" rend="b"'), ("<p>", "<para>"), ("<lb/>", "<br/>")],
)
def test_the_schema_catches_what_is_wrong(right: str, wrong: str, ordinary: Store) -> None:
    """Loose words, an unknown attribute and unknown elements are not valid by our own schema."""
    rules = etree.RelaxNG(etree.parse(str(SUBSET)))
    document = next(iter(Documents(store=ordinary)))
    document = dataclasses.replace(document, text="Une ligne.\nUne autre.", passages=())
    good = module.whole(document)
    bad = good.replace(right, wrong).replace("</p>", "</para>" if wrong == "<para>" else "</p>")
    assert rules.validate(etree.fromstring(good.encode()))
    assert bad != good and not rules.validate(etree.fromstring(bad.encode()))


@both
def test_the_characters_are_the_text(corpus: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """Taken out of its elements again, the body is the text to the letter; pages and acts are where they were."""
    documents, _ = written(module, request.getfixturevalue(corpus), tmp_path / "out")
    files = {path.stem.rpartition("_")[2]: path for path in (tmp_path / "out").glob("*.xml")}
    assert set(files) == {each.id for each in documents}
    for document in documents:
        body = body_of(files[document.id])
        assert "".join(body.itertext()) == document.text
        pages = [each for each in document.passages if each.kind == "page"]
        assert [pb.get("n") for pb in body.iter(f"{TEI}pb")] == [each.label or str(each.number) for each in pages]
        acts = {each.get("n"): "".join(each.itertext()) for each in body.iter(f"{TEI}div") if each.get("type") == "act"}
        expected = [each for each in document.passages if each.kind == "act"]
        assert acts == {each.label: document.text[each.start : each.end] for each in expected}


def test_pages_begin_where_they_begin(ordinary: Store) -> None:
    """A page that begins inside a word's line, behind the last letter, or without text has its sign in its place."""
    document = next(iter(Documents(store=ordinary)))
    starts = (0, 7, 7, 14, 20)
    pages = [BundlePassage(kind="page", number=n, label="", start=at, end=at) for n, at in enumerate(starts, 1)]
    acts = [
        BundlePassage(kind="act", number=1, label="a", start=2, end=9),
        BundlePassage(kind="act", number=2, label="inside", start=3, end=4),
        BundlePassage(kind="act", number=3, label="b", start=9, end=12),
    ]
    changed = dataclasses.replace(document, text="un deux & trois\n\n\u00a0\nx", passages=(*pages, *acts))
    body = etree.fromstring(module.whole(changed).encode()).find(f"{TEI}text/{TEI}body")
    assert body is not None
    places = [
        len("".join(pb.xpath("preceding::text()[ancestor::*[local-name() = 'body']]"))) for pb in body.iter(f"{TEI}pb")
    ]
    assert places == list(starts)
    assert "".join(body.itertext()) == changed.text
    assert [div.get("n") for div in body.iter(f"{TEI}div")] == [None, "a", "b", None, None]
    etree.RelaxNG(etree.parse(str(SUBSET))).assertValid(body.getroottree())


def test_the_header_says_where_it_comes_from(ordinary: Store, tmp_path: Path) -> None:
    """Every variable stands in the header under its name; title, authority, date and address in TEI's own elements."""
    documents, _ = written(module, ordinary, tmp_path / "out")
    document = next(each for each in documents if each.date == "1981-06-22")
    (path,) = (tmp_path / "out").glob(f"*{document.id}*")
    header = ElementTree.parse(path).getroot().find(f"{TEI}teiHeader")
    assert header is not None
    terms = {term.get("type"): term.text for term in header.iter(f"{TEI}term")}
    assert terms == {name: str(getattr(document, name)) for name in COLUMNS if str(getattr(document, name))}
    (bibl,) = header.iter(f"{TEI}bibl")
    found = {child.tag.removeprefix(TEI): child for child in bibl}
    assert (found["title"].text, found["author"].text) == ("Procès-verbal", "Ville de Montpellier")
    assert (found["date"].get("when"), found["idno"].text) == ("1981-06-22", document.url)


def test_a_document_without_text_has_its_header(ordinary: Store, tmp_path: Path) -> None:
    """It is there, its body is empty, and the report says why."""
    _, report = written(module, ordinary, tmp_path / "out")
    (left,) = report.left_out
    assert (left.what, left.why) == ("text", "scanned; Pages are pictures.")
    (path,) = (tmp_path / "out").glob(f"*{left.document}*")
    assert "".join(body_of(path).itertext()) == ""


@pytest.mark.parametrize(
    ("moment", "written"),
    [("2019", ' when="2019"'), ("2019-04", ' when="2019-04"'), ("s.d.", ""), ("2026-03-01T12:00:00Z", None), ("", "")],
)
def test_only_legal_moments_are_dates(moment: str, written: str | None) -> None:
    """A date is as short as it is known; what XML Schema would refuse is not written as one."""
    assert module.when(moment) == (f' when="{moment}"' if written is None else written)


def test_the_same_corpus_gives_the_same_bytes(hostile: Store, tmp_path: Path) -> None:
    """Writing twice makes no difference."""
    assert the_same_twice(module, hostile, tmp_path)
