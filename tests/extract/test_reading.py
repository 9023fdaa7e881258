"""The front of the room: any bytes give an extraction, the same each time, with a verdict."""

import subprocess
import sys
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import extract
from extract import reading
from extract.model import Extraction, Hints
from tests.extract.conftest import docx_of, pdf_of, zip_of

SEEDS = [
    pdf_of("Séance du 4 mai 2020"),
    docx_of("Séance du 4 mai 2020"),
    b"{\\rtf1\\ansi S\\'e9ance du 4 mai 2020}",
    zip_of({"a.csv": "Nom;Pays;Ville\\nRoquevesse;Chine;Jiwan"}),
    b"<html><body><table><tr><td>Pays</td><td>Chine</td></tr></table>",
    "Délibération n° 12 du 18 décembre 2008".encode("windows-1252"),
    "成都市与蒙彼利埃市".encode("gb18030"),
]


def assert_sound(found):
    """Pages in order inside the text, clean characters, a language of its own."""
    assert isinstance(found, Extraction)
    assert all(0 <= page.start <= page.end <= len(found.text) for page in found.pages)
    assert all(a.end <= b.start and a.number < b.number for a, b in pairwise(found.pages))
    found.text.encode("utf-8")
    assert not any(ord(char) < 32 and char not in "\t\n" for char in found.text)
    assert sum(share.share for share in found.languages) <= 1.01


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400), st.sampled_from([b"", b"<html>", b"%PDF-1.4\n", b"{\\rtf1", b"\xff\xfe"]))
def test_any_bytes_give_a_sound_extraction(body, start):
    """No bytes raise, and reading twice gives the same."""
    found = extract.read(start + body, Hints())
    assert_sound(found)
    assert found == extract.read(start + body, Hints())


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(SEEDS), st.data())
def test_damaged_documents_give_a_sound_extraction(seed, data):
    """A real document with a few bytes changed, or cut, never raises."""
    body = bytearray(seed)
    for _ in range(data.draw(st.integers(0, 6))):
        body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))
    assert_sound(extract.read(bytes(body[: data.draw(st.integers(1, len(body)))]), Hints()))


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=200), st.text(max_size=60), st.text(max_size=60))
def test_any_words_and_hints_give_a_sound_extraction(text, url, link_text):
    """Titles, dates and acts are guessed from anything without an error."""
    hints = Hints(url=url, link_text=link_text, context=text, captured_at="2024-01-01T00:00:00Z")
    found = extract.read(text.encode("utf-8", "ignore"), hints)
    assert_sound(found)
    assert found.title is None or 0 < len(found.title.value) <= 300


@pytest.mark.parametrize(
    ("body", "verdict", "named"),
    [
        (b"", "empty", "no bytes"),
        (b"%!PS a", "unsupported", "application/postscript"),
        (b"\x89PNG\r\n\x1a\n", "corrupt", "image"),
        (zip_of({"a.ps": "%!PS a"}), "unsupported", "application/postscript"),
        (b"<?xml version='1.0'?><rss></rss>", "unsupported", "the spider `feed`"),
        (b"<?xml version='1.0'?><urlset></urlset>", "unsupported", "the spider `sitemap`"),
        (b"<?xml version='1.0'?><products></products>", "unsupported", "application/xml"),
        (b"   \n\n ", "empty", "no text"),
        (b"Bonjour", "good", ""),
    ],
)
def test_the_verdict_says_why(body, verdict, named):
    """What cannot be read is kept, with its type named."""
    found = extract.read(body, Hints())
    assert (found.quality.verdict, named in " ".join(found.quality.reasons)) == (verdict, True)


def test_a_failure_from_outside_has_its_verdict():
    """The front door says what happened to the child."""
    found = extract.failed(b"%PDF-1.4", "timeout", "The reader was stopped after 60 s.")
    assert (found.quality.verdict, found.media_type, found.text) == ("timeout", "application/pdf", "")


def test_types_with_one_engine_have_no_other():
    """There is no second reading of plain text."""
    assert extract.read_otherwise(b"Bonjour", Hints()) is None


def test_formats_are_found_in_their_folder():
    """Every module of the folder is there under each of its media types."""
    names = {module.__name__.rpartition(".")[2] for module in reading.formats().values()}
    assert {"html", "pdf", "docx", "text"} <= names


def test_a_new_format_needs_one_file(tmp_path, monkeypatch):
    """A module dropped into the folder is read without another line anywhere."""
    (tmp_path / "ps.py").write_text(
        "from extract.model import Extraction, Quality\n"
        "MEDIA_TYPES = ('application/postscript',)\n"
        "def read(body, hints):\n"
        "    return Extraction(extractor='ps', engine='', media_type=MEDIA_TYPES[0], text='Seance du 4 mai 2020',\n"
        "        quality=Quality(verdict='good'))\n"
    )
    import extract.formats

    monkeypatch.setattr(extract.formats, "__path__", [*extract.formats.__path__, str(tmp_path)])
    reading.formats.cache_clear()
    try:
        found = extract.read(b"%!PS x", Hints())
    finally:
        reading.formats.cache_clear()
        sys.modules.pop("extract.formats.ps", None)
    assert (found.text, found.dates[0].value) == ("Seance du 4 mai 2020", "2020-05-04")


def test_importing_the_room_loads_no_engine():
    """The package is cheap until the first document."""
    engines = "'trafilatura', 'pypdfium2', 'pdfplumber', 'docx', 'lxml'"
    code = f"import extract, sys; print([name for name in ({engines}) if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
