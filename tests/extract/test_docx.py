"""Word documents: body in order, and packages that must not be opened."""

import pytest

import extract
from extract.formats import docx as reader
from extract.model import Hints
from tests.extract.conftest import docx_of, zip_of
from tests.extract.test_sniff import OLE


def read(body):
    """The extraction of a Word document."""
    return extract.read(body, Hints())


def test_paragraphs_and_tables_stay_in_order():
    """A table between two paragraphs is read between them, its cells on one line."""
    found = read(docx_of("# Séance du 15 juin 2012", "Avant", [["Pays", "Chine"], ["Ville", "Chengdu"]], "Après"))
    assert found.text == "Séance du 15 juin 2012\nAvant\nPays | Chine\nVille | Chengdu\nAprès"
    assert (found.title.value, found.title.found_in, found.quality.verdict) == (
        "Séance du 15 juin 2012",
        "heading",
        "good",
    )
    assert (found.dates[0].value, found.extractor) == ("2012-06-15", "docx")


def test_a_password_is_told():
    """An encrypted Word document is an OLE file that says so."""
    assert read(OLE + "EncryptedPackage".encode("utf-16-le")).quality.verdict == "encrypted"


@pytest.mark.parametrize(
    "body",
    [
        docx_of("a")[:-300],
        docx_of("a")[:2000],
        zip_of({"word/document.xml": "<not xml"}),
        zip_of({"[Content_Types].xml": "<Types/>", "word/document.xml": "<w/>"}),
    ],
    ids=["cut", "half", "no_package", "no_part"],
)
def test_a_damaged_package_is_corrupt(body):
    """No damage raises; it is a verdict."""
    assert read(body).quality.verdict == "corrupt"


def test_a_bomb_is_not_unpacked(monkeypatch):
    """A package that unpacks to hundreds of times its size is refused before it is."""
    body = zip_of({"word/document.xml": "x" * 2**24})
    assert "times its size" in read(body).quality.reasons[0]
    monkeypatch.setattr(reader, "MAX_UNPACKED", 2**20)
    assert "unpacks to 16 MiB" in read(body).quality.reasons[0]


def test_a_real_document_matches_its_page(real):
    """The minutes of one meeting say the same in .docx and in HTML."""
    files = {name: next(real.glob(f"files/*2012-06-15.{name}")).read_bytes() for name in ("docx", "html")}
    words = {name: set(read(body).text.split()) for name, body in files.items()}
    assert len(words["docx"] & words["html"]) > 0.95 * len(words["docx"])
