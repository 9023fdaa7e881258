"""Texts of office programs (.doc, .odt, .rtf), and the blocks they are made of."""

from __future__ import annotations

import re
import sys
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract import programs
from extract.clean import clean
from extract.formats import doc, odt, rtf
from extract.model import Hints
from extract.office.blocks import Grid, cells, compose, flowing
from extract.office.docbook import blocks
from tests.extract.conftest import docx_of
from tests.extract.making_office import LAUGHS, ODF, bare_doc, odt_of

LETTERS = st.text(alphabet=st.sampled_from("aé |\n\t\r\x00\u00ad\u2028e\u0301漢"), max_size=30)


@settings(deadline=None)
@given(st.lists(LETTERS | st.lists(st.tuples(LETTERS, LETTERS), min_size=1, max_size=3), max_size=6))
def test_a_composed_text_is_clean_and_its_tables_are_where_they_are_said_to_be(parts):
    """Cleaning the text again moves nothing, so the spans of the tables stay true."""
    made = [part if isinstance(part, str) else Grid(rows=tuple(part)) for part in parts]
    text, tables = compose(made)
    assert clean(text) == text
    for table in tables:
        rows = text[table.start : table.end].split("\n")
        assert len(rows) == table.rows and all(rows)
        assert table.start == 0 or text[table.start - 1] == "\n"


def test_cells_stay_on_their_line():
    """A row is one line, whatever its cells hold, and ends with its last words."""
    assert cells(["a\nb", None, 3, "", None]) == "a b |  | 3"


def test_rows_before_and_after_a_page_of_text_stay_tables():
    """Only the row with a whole page in a cell is taken apart."""
    found = list(flowing([("a", "1"), ("b", "x" * 2_000), ("c", "3")]))
    assert found == [Grid(rows=(("a", "1"),)), "", "b", "", "x" * 2_000, Grid(rows=(("c", "3"),))]


# ------------------------------------------------------------------------------------------------------------ .doc

ANTIWORD = """\
import sys
if "db" in sys.argv:
    print("<book><informaltable><row><entry>Votants</entry><entry>\\n11\\ndont 1</entry></row></informaltable></book>")
else:
    print(" \\u2190 Délibération\\n\\n|Votants   |11        |\\n|          |dont 1    |\\n\\n 1. Budget")
"""
SOFFICE = """\
import pathlib, sys
folder = pathlib.Path(sys.argv[sys.argv.index("--outdir") + 1])
assert (folder / "paper.doc").exists() and sys.argv[1].startswith("-env:UserInstallation=file:")
(folder / "paper.docx").write_bytes(pathlib.Path(sys.argv[0]).with_name("made.docx").read_bytes())
"""
CATDOC = "print('Le conseil délibère.')"


@pytest.fixture
def programs_of(tmp_path, monkeypatch):
    """Only these programs are installed: each a few lines of Python."""

    run = programs.run

    def install(**scripts):
        for name, script in scripts.items():
            path = tmp_path / f"{name}.py"
            path.write_text(f"import sys; sys.stdout.reconfigure(encoding='utf-8')\n{script}", encoding="utf-8")

        def found(*names):
            return next((tmp_path / f"{name}.py" for name in names if name in scripts), None)

        def started(program, arguments, **options):
            return run(Path(sys.executable), [program, *arguments], **options)

        monkeypatch.setattr(programs, "find", found)
        monkeypatch.setattr(programs, "run", started)

    (tmp_path / "made.docx").write_bytes(docx_of("Le maire propose un jumelage."))
    return install


def read_doc(body=None):
    """The extraction of a .doc."""
    return doc.read(body or bare_doc(), Hints())


def test_without_a_program_the_message_says_what_to_install(programs_of):
    """The three programs are named, with how to get them on three systems."""
    programs_of()
    found = read_doc()
    assert found.quality.verdict == "unsupported"
    for word in ("antiword", "LibreOffice", "catdoc", "Debian", "macOS", "Windows"):
        assert word in found.quality.reasons[0]


def test_antiword_gives_words_and_cells(programs_of):
    """The numbers come from its text, the cells from its DocBook, bullets are dashes."""
    programs_of(antiword=ANTIWORD, soffice="raise SystemExit(1)")
    found = read_doc()
    assert found.text == "- Délibération\n\nVotants | 11 dont 1\n\n1. Budget"
    assert (found.engine, found.quality.verdict, len(found.tables)) == ("antiword", "good", 1)


def test_libreoffice_reads_what_antiword_cannot(programs_of):
    """The text is that of the .docx it makes, and the failure before it is told."""
    programs_of(antiword="sys.exit('not a Word Document')", soffice=SOFFICE)
    found = read_doc()
    assert (found.text, found.quality.verdict) == ("Le maire propose un jumelage.", "suspect")
    assert found.engine.startswith("LibreOffice") and "not a Word Document" in found.quality.reasons[0]
    assert (found.extractor, found.media_type) == ("doc", "application/msword")


def test_catdoc_is_never_more_than_suspect(programs_of):
    """It shows bytes that are no text, so its reading says so."""
    programs_of(catdoc=CATDOC)
    found = read_doc()
    assert (found.text, found.engine, found.quality.verdict) == ("Le conseil délibère.", "catdoc", "suspect")


@pytest.mark.parametrize(
    "script", ["", "sys.exit(3)", "print('x' * 10 + chr(0)); sys.exit(-11 % 256)"], ids=["nothing", "fails", "dies"]
)
def test_a_document_that_no_program_reads_is_corrupt(programs_of, script):
    """Each program's answer is a reason."""
    programs_of(antiword=script, soffice="", catdoc=script)
    found = read_doc()
    assert (found.text, found.quality.verdict, len(found.quality.reasons)) == ("", "corrupt", 3)


def test_words_that_were_struck_out_are_not_shown_as_if_they_stood(programs_of):
    """LibreOffice knows them, and comes first for such documents; without it, the text is suspect and says why."""
    struck = bare_doc() + bytes.fromhex("0008016348020064681f2a3b4c")
    programs_of(antiword=ANTIWORD, soffice=SOFFICE)
    assert read_doc(bare_doc()).engine == "antiword"
    assert (read_doc(struck).engine.partition(",")[0], read_doc(struck).quality.verdict) == ("LibreOffice", "good")
    programs_of(antiword=ANTIWORD)
    found = read_doc(struck)
    assert (found.engine, found.quality.verdict) == ("antiword", "suspect")
    assert "struck out" in found.quality.reasons[0]


def test_a_password_is_seen_before_any_program_is_asked(programs_of):
    """The head of the document says that it is encrypted."""
    programs_of(antiword=ANTIWORD)
    assert read_doc(bare_doc(flags=1)).quality.verdict == "encrypted"
    assert read_doc(bare_doc(flags=0x12)).quality.verdict == "good"


def test_tables_that_cannot_be_matched_are_read_as_they_are_drawn():
    """Where antiword's two forms disagree on the tables, each drawn line is a row."""
    assert list(blocks("|a  |b  |\n|   |c  |\nfin", b"")) == [Grid(rows=(("a", "b"), ("", "c"))), "fin"]
    assert list(blocks("a", b"<<<not xml")) == ["a"]


def test_real_word_documents_are_read(real):
    """Every real .doc has a text; one that is published in HTML as well says the same there."""
    if programs.find("antiword") is None:
        pytest.skip("antiword is not installed")
    from extract.formats import html

    found = {path.name.partition("_")[2]: read_doc(path.read_bytes()) for path in sorted(real.glob("files/*.doc"))}
    assert len(found) >= 8
    assert all(len(each.text) > 1_000 and each.quality.verdict in ("good", "suspect") for each in found.values())
    assert sum(each.quality.verdict == "good" for each in found.values()) >= 0.8 * len(found)
    twin = next(real.glob("files/*_Arrete_2015-2.html"))
    words = Counter(re.findall(r"\w+", html.read(twin.read_bytes(), Hints()).text))
    said = Counter(re.findall(r"\w+", found["Arrete_2015-2.doc"].text))
    assert (words & said).total() > 0.99 * max(words.total(), said.total())


# ------------------------------------------------------------------------------------------------------------ .odt


def read_odt(content, **parts):
    """The extraction of an OpenDocument file of this content."""
    return odt.read(odt_of(content, **parts), Hints())


def test_an_opendocument_text_keeps_its_order():
    """Headings, counted spaces, tabs, notes, boxes and tables come as they stand on the page."""
    found = read_odt(
        "<text:tracked-changes><text:p>supprimé</text:p></text:tracked-changes>"
        "<text:h>Séance du 15 juin 2012</text:h>"
        '<text:p>Présents<text:tab/>onze<text:s text:c="3"/>élus<text:note><text:note-citation>1</text:note-citation>'
        "<text:note-body><text:p>dont un retard</text:p></text:note-body></text:note></text:p>"
        "<text:p>Avant<draw:frame><draw:text-box><text:p>Encart</text:p></draw:text-box></draw:frame></text:p>"
        "<table:table><table:table-header-rows><table:table-row><table:table-cell><text:p>Pays</text:p>"
        "</table:table-cell><table:table-cell><text:p>Ville</text:p><text:p>jumelle</text:p></table:table-cell>"
        "</table:table-row></table:table-header-rows><table:table-row><table:table-cell><text:p>Chine</text:p>"
        "</table:table-cell><table:covered-table-cell/></table:table-row></table:table>"
    )
    assert found.text == (
        "Séance du 15 juin 2012\nPrésents\tonze   élus [1 dont un retard]\nAvant\nEncart\nPays | Ville jumelle\nChine"
    )
    assert (found.title.value, found.title.found_in, found.tables[0].rows) == ("Séance du 15 juin 2012", "heading", 2)


def test_lists_of_an_opendocument_text_have_their_marks():
    """Numbers where the style of the list counts, dashes where it does not."""
    styles = (
        '<text:list-style style:name="N"><text:list-level-style-number style:num-format="1" style:num-suffix=")"/>'
        '</text:list-style><text:list-style style:name="B"><text:list-level-style-bullet/></text:list-style>'
    )
    entries = "".join(f"<text:list-item><text:p>{word}</text:p></text:list-item>" for word in ("un", "deux"))
    inner = (
        f'<text:list-item><text:p>trois</text:p><text:list text:style-name="B">{entries}</text:list></text:list-item>'
    )
    found = read_odt(f'<text:list text:style-name="N">{entries}{inner}</text:list>', styles=styles)
    assert found.text.split("\n") == ["1) un", "2) deux", "3) trois", "- un", "- deux"]


def test_an_opendocument_file_that_cannot_be_read_has_a_verdict():
    """Passwords, damage, and entities of a billion letters."""
    locked = "<manifest><encryption-data/></manifest>"
    assert read_odt("", manifest=locked).quality.verdict == "encrypted"
    assert read_odt("<text:p>").quality.verdict == "corrupt"
    assert odt.read(odt_of("<text:p>a</text:p>")[:-60], Hints()).quality.verdict == "corrupt"
    assert len(read_odt("<text:p>a&l9;</text:p>", start=LAUGHS).text) < 100
    deep = "<text:section>" * 5_000 + "</text:section>" * 5_000
    assert read_odt(deep).quality.verdict == "corrupt"


def test_the_title_of_an_opendocument_text_is_told():
    """It comes from the properties where there is no heading."""
    dc = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'
    found = read_odt(
        "<text:p>a</text:p>", meta=f"<office:document-meta {ODF} {dc}><dc:title>PV</dc:title></office:document-meta>"
    )
    assert (found.title.value, found.title.found_in) == ("PV", "metadata")


# ------------------------------------------------------------------------------------------------------------ .rtf


def read_rtf(inner, head=r"\ansi\ansicpg1252"):
    """The extraction of a rich text."""
    return rtf.read(f"{{\\rtf1{head} {inner}}}".encode("ascii"), Hints())


def test_rich_text_gives_words_and_rows():
    """Accents in both ways of writing them, dashes, and a table as rows."""
    found = read_rtf(
        r"S\'e9ance du 27\~juin \u8211? Jiwan \u-26378?\par "
        r"\trowd\cellx1\cellx2 Pays\cell Ville\cell\row\trowd Chine\cell Jiwan\cell\row Fin\par"
    )
    assert found.text == "Séance du 27\u00a0juin – Jiwan \u98f6\nPays | Ville\nChine | Jiwan\nFin"
    assert [(table.rows, table.columns) for table in found.tables] == [(2, 2)]


def test_rich_text_keeps_the_words_of_a_link():
    """The target of a link is no text."""
    found = read_rtf(r'Voir {\field{\*\fldinst{HYPERLINK "http://example.org"}}{\fldrslt le site}}.\par')
    assert found.text == "Voir le site."


def test_a_cut_rich_text_is_suspect():
    """What is there is read; that the end is missing is said."""
    found = rtf.read(b"{\\rtf1\\ansi Le conseil", Hints())
    assert (found.text, found.quality.verdict) == ("Le conseil", "suspect")


@pytest.mark.parametrize(
    "body",
    [
        b"{\\rtf1",
        b"{\\rtf1 \\u99999999 x}",
        b"{\\rtf1 {\\pict\\bin}}",
        b"{\\rtf1 {\\pict\\bin99999999 x}}",
        b"{\\rtf1\\ansicpg99999 \\'e9}",
        b"{\\rtf1 " + b"{" * 100_000,
        b"{\\rtf1 {\\fonttbl" + b"\\f0" * 200_000,
        b"{\\rtf1 " + b"{\\field{\\*\\fldinst{" * 20_000,
        b"{\\rtf1 " + b"\\'e9" * 200_000 + b"}",
        b"{\\rtf1 \x00\xff\xfe}",
    ],
    ids=["bare", "beyond", "no_size", "long_size", "no_page", "deep", "fonts", "fields", "letters", "bytes"],
)
def test_hostile_rich_text_ends_with_a_verdict(body):
    """No pattern runs away, no number is too large."""
    assert rtf.read(body, Hints()).quality.verdict in ("good", "suspect", "corrupt")
