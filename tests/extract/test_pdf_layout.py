"""From lines to one text with exact places: tables in rows, margins beside, hostile pages."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdfium2 import PdfDocument

from extract.clean import clean
from extract.formats import pdf
from extract.model import Hints
from extract.pdf import rows
from extract.pdf.layout import laid_out
from extract.pdf.lines import CUT, Line, page_lines, words_of
from extract.pdf.pdfium import PageFacts
from tests.extract.conftest import pdf_of

BEFORE, AFTER = "Le conseil délibère sur les prix.", "La séance est levée à vingt heures."


class Found:
    """A table as the table reader gives it."""

    def __init__(self, box, cells):
        self.box, self.cells = box, cells


def table_page():
    """One page: a line, three lines of a table, a line; and the box around the table."""
    body = pdf_of(f"{BEFORE}\nSalle Prix\nGrande salle 400\nPetite salle 135\n{AFTER}")
    lines = page_lines(PdfDocument(body)[0].get_textpage())
    return body, (50, lines[3].box[1] - 1, 400, lines[1].box[3] + 1)


def read_with(monkeypatch, found):
    """The extraction of that page when the table reader finds these."""
    body, box = table_page()
    monkeypatch.setattr(rows, "find_tables", lambda *page: [Found(box, cells) for cells in found])
    return pdf.read(body, Hints())


CELLS = (("Salle", "Prix"), ("Grande\nsalle", "400"), ("Petite salle", "135"))


def test_a_table_stands_in_rows_where_it_stood(monkeypatch):
    """One line a row, its place exact; the words of the page are the same, once each."""
    found = read_with(monkeypatch, [CELLS])
    (table,) = found.tables
    assert found.text[table.start : table.end] == "Salle | Prix\nGrande salle | 400\nPetite salle | 135"
    assert found.text.split("\n")[0::4] == [BEFORE, AFTER]
    assert (table.page, table.rows, table.columns) == (1, 3, 2)
    plain = read_with(monkeypatch, [])
    assert Counter(found.text.replace("|", " ").split()) == Counter(plain.text.split())


@pytest.mark.parametrize("cells", [CELLS[:2], (*CELLS, ("Salle", "de trop")), (("",),)])
def test_a_table_that_loses_or_invents_words_is_left_as_lines(monkeypatch, cells):
    """Cells that are not the words of the box: the lines stay as they were."""
    found = read_with(monkeypatch, [cells])
    assert found.tables == () and found.text == read_with(monkeypatch, []).text


def test_a_line_that_crosses_the_edge_of_a_table_is_parted(monkeypatch):
    """The words outside stay outside, in their place."""
    body = pdf_of("Grande salle 400 voir la note")
    (line,) = page_lines(PdfDocument(body)[0].get_textpage())
    word = words_of(PdfDocument(body)[0].get_textpage(), line, line.text)[2]
    box = (50, line.box[1] - 1, word.box[2] + 1, line.box[3] + 1)
    monkeypatch.setattr(rows, "find_tables", lambda *page: [Found(box, (("Grande salle", "400"),))])
    assert pdf.read(body, Hints()).text == "Grande salle | 400\nvoir la note"


def test_the_places_of_tables_are_exact_on_every_page(monkeypatch):
    """Words before the table change length when they are cleaned; the places are those of the cleaned text."""
    cells = (("a", "b"), ("", ""), ("c", ""))
    table = Line(text="a b c", box=(0, 0, 100, 100), rows=cells)
    first = Line(text="e\u0301te\u0301\u00ad  ", box=(0, 200, 100, 210))
    pages = [PageFacts(text="x", lines=(first, table), edges=(0, 0, 595, 842))] * 2
    layout = laid_out(pages, ["good", "good"])
    assert [layout.text[each.start : each.end] for each in layout.tables] == ["a | b\nc |"] * 2
    assert [(each.page, each.rows) for each in layout.tables] == [(1, 2), (2, 2)]


def test_halves_of_a_word_meet_only_where_they_follow_each_other():
    """A cut word whose second half is elsewhere keeps its hyphen and its line end."""
    cut = Line(text=f"déve{CUT}", box=(0, 500, 90, 510), start=0, end=5)
    follows = Line(text="loppement", box=(0, 480, 90, 490), start=5, end=14)
    elsewhere = Line(text="autre", box=(0, 480, 90, 490), start=40, end=45)
    assert laid_out([PageFacts(text="x", lines=(cut, follows))], ["good"]).text == "développement"
    assert laid_out([PageFacts(text="x", lines=(cut, elsewhere))], ["good"]).text == "déve-\nautre"


def test_a_stamp_over_a_picture_stays_in_the_text():
    """It is all the text a scan has: it is in no margin."""
    stamp = (Line(text="Reçu en préfecture le 3/5/2021", box=(0, 800, 90, 810)),)
    pages = [PageFacts(text=stamp[0].text, letters=20, pictured=True, lines=stamp, edges=(0, 0, 595, 842))] * 2
    assert laid_out(pages, ["scanned"] * 2).margins == ()
    assert [margin.page for margin in laid_out(pages, ["good"] * 2).margins] == [1, 2]


def test_words_and_places_of_characters_beyond_the_first_plane():
    """An engine that counts in units of UTF-16 still gives the box of the right word."""
    page = PdfDocument(pdf_of("un deux trois"))[0].get_textpage()
    (line,) = page_lines(page)
    un, deux, trois = words_of(page, line, line.text)
    assert un.box[2] < deux.box[0] < deux.box[2] < trois.box[0]
    assert page_lines(PdfDocument(pdf_of(""))[0].get_textpage()) == []


texts = st.text(alphabet="ab é\u0301\u00ad\x00\ufffe\ud800\U0001f600|1.\t中\n", max_size=12)
placed = st.builds(lambda text, y: Line(text=text, box=(0, y, 50, y + 10)), texts, st.integers(0, 800))
sheets = st.lists(placed, max_size=8).map(lambda lines: PageFacts(text="x", lines=tuple(lines), edges=(0, 0, 595, 842)))


@settings(max_examples=60, deadline=None)
@given(st.lists(sheets, max_size=4))
def test_the_text_is_clean_and_the_pages_are_exact(pages):
    """Whatever the lines: every page is its own cleaned text, and nothing but the page breaks lies between."""
    layout = laid_out(pages, ["good"] * len(pages))
    parts = [layout.text[page.start : page.end] for page in layout.pages]
    assert "\n\n".join(parts) == layout.text
    assert [clean(part) for part in parts] == parts


@pytest.mark.timeout(20)
def test_a_page_of_very_many_lines_ends():
    """Forty thousand lines on one page, upside down, are not sorted against each other."""
    lines = tuple(Line(text=f"l{n}", box=(0, n, 50, n + 1)) for n in range(40_000))
    assert len(laid_out([PageFacts(text="x", lines=lines)], ["good"]).text) > 200_000
