"""Files that are tables: CSV in any encoding and with any sign, workbooks, OpenDocument sheets."""

import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import extract
from extract.formats import csv, odt, xlsx
from extract.model import Hints
from extract.office import rows as limits
from extract.office.delimited import delimiter, rows_of
from extract.office.rows import sheet, written
from extract.sniff import media_type
from tests.extract.conftest import zip_of
from tests.extract.making_office import LAUGHS, book_of, odt_of, replaced

HEAD = ["Collectivité", "Numéro", "Objet"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1252"])
@pytest.mark.parametrize(("sign", "name"), [(";", "semicolon"), (",", "comma"), ("\t", "tab"), ("|", "bar")])
def test_a_csv_is_read_whatever_its_sign_and_encoding(encoding, sign, name):
    """One line a row, cells between bars, a line end inside a cell as a space."""
    table = "\r\n".join(
        sign.join(row) for row in (HEAD, ["Roquevesse", "2024-031", '"Été\r\nà Jiwan"'], ["", "2", "x"])
    )
    found = extract.read(table.encode(encoding), Hints())
    assert found.text == "Collectivité | Numéro | Objet\nRoquevesse | 2024-031 | Été à Jiwan\n | 2 | x"
    assert (found.extractor, found.quality.verdict, found.quality.figures["delimiter"]) == ("csv", "good", name)
    assert [(table.rows, table.columns) for table in found.tables] == [(3, 3)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Présents : MM. Durand, Petit, Blanc\nExcusés : Mmes Noir, Vert\nLe quorum, étant atteint, la séance, etc.",
        "Bonjour, madame, monsieur\nMerci, à vous, aussi",
        "a;b;c",
        "un ; deux\ntrois ; quatre\n",
        "12,5,7\n13,6,8\n14,7,9\n",
        "\n".join("Point n° 1 ; rapporteur ; vote " * (n % 4 + 1) for n in range(9)),
        "une très longue phrase " * 9 + ";b;c\n" + "x;y;z\n" * 4,
    ],
)
def test_a_text_with_signs_in_it_is_no_table(text):
    """Prose, lists of names and rows of numbers without a head stay text."""
    assert delimiter(text) == ""


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.lists(st.text(alphabet="aé1 ,;'\"\n", max_size=8), min_size=4, max_size=4), min_size=2, max_size=9),
    st.sampled_from(";\t,"),
)
def test_a_written_table_is_found_again(cells, sign):
    """What a program writes as CSV under a head of names comes back cell by cell."""
    import csv as standard
    import io

    out = io.StringIO()
    writer = standard.writer(out, delimiter=sign, quoting=standard.QUOTE_ALL)
    writer.writerows([["Nom", "Pays", "Ville", "Objet"], *cells])
    text = out.getvalue()
    assert list(rows_of(text, sign))[1:] == cells
    if sign != ",":
        assert delimiter(text) == sign


def test_a_long_table_is_cut(monkeypatch):
    """Rows beyond the limit are not read, and the verdict says so."""
    monkeypatch.setattr(limits, "MAX_COLUMNS", 3)
    assert sheet([["a"] * 5]).rows == (("a", "a", "a"),)
    found = csv.read(b"Nom;Pays;Ville\n" + b"a;b;c\n" * 200_001, Hints())
    assert (found.quality.verdict, found.quality.figures["rows"]) == ("suspect", 200_000)
    assert "200000 rows" in found.quality.reasons[0]


@pytest.mark.parametrize(
    "body",
    [
        b'a;b;c\n"' + b"x;y;z\n" * 50_000,
        b"a;b;c\n\0\0;1;2\n",
        b"a;b;c\n" + b"x" * 2_000_000 + b";1;2\n",
        b";" * 100_000,
    ],
    ids=["quote", "nul", "cell", "signs"],
)
def test_hostile_tables_end_with_a_verdict(body):
    """A quotation mark that never closes, a cell of two million letters."""
    assert csv.read(body, Hints()).quality.verdict in ("good", "suspect")


def test_a_workbook_is_read_sheet_by_sheet():
    """Days without their midnight, numbers without their .0, truth in French; hidden sheets are counted."""
    found = extract.read(
        book_of(
            Votes=[["Date", "Pour", "Adopté"], [datetime.datetime(2024, 5, 27), 19.0, True], [None, 2.5, None]],
            hidden_notes=[["brouillon"]],
        ),
        Hints(),
    )
    assert found.text == "Votes\nDate | Pour | Adopté\n2024-05-27 | 19 | VRAI\n | 2.5\n\nhidden_notes\nbrouillon"
    assert [found.text[table.start : table.end].count("\n") + 1 for table in found.tables] == [3, 1]
    assert (found.extractor, found.quality.figures["hidden_sheets"], found.quality.figures["sheets"]) == ("xlsx", 1, 2)


def test_one_sheet_needs_no_name():
    """Its rows are the text; formulas without a stored value are empty."""
    assert extract.read(book_of(Feuil1=[["a", "=1+1", "c"]]), Hints()).text == "a |  | c"


@pytest.mark.parametrize(
    ("cell", "expected"),
    [(3.0, "3"), (0.1, "0.1"), (1e300, "1e+300"), (float("inf"), "inf"), (False, "FAUX"), (None, ""),
     (datetime.date(1987, 4, 13), "1987-04-13"), (datetime.time(18, 30), "18:30:00")],
)  # fmt: skip
def test_cells_are_written_as_a_reader_sees_them(cell, expected):
    """No midnight, no decimals that are none."""
    assert written(cell) == expected


def test_a_sheet_set_down_to_its_last_line_ends():
    """A million formatted empty rows are none."""
    body = book_of(a=[["x"]])
    rows = '<row r="1"><c r="A1" t="inlineStr"><is><t>x</t></is></c></row><row r="1048576"><c r="A1048576"/></row>'
    xml = f'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{rows}</sheetData></worksheet>'
    found = xlsx.read(replaced(body, {"xl/worksheets/sheet1.xml": xml}), Hints())
    assert (found.text, found.quality.verdict) == ("x", "good")


@pytest.mark.parametrize(
    "body",
    [
        book_of(a=[["x"]])[:-200],
        zip_of({"xl/workbook.xml": "<not xml"}),
        replaced(book_of(a=[["x"]]), {"xl/worksheets/sheet1.xml": "<worksheet><sheetData><row>"}),
        replaced(book_of(a=[["x"]]), {"xl/workbook.xml": f"{LAUGHS}<workbook>&l9;</workbook>"}),
        zip_of({"xl/worksheets/sheet1.xml": "0" * 2**24}),
    ],
    ids=["cut", "no_book", "half_sheet", "laughs", "bomb"],
)
def test_a_damaged_workbook_is_corrupt(body):
    """No damage raises; it is a verdict."""
    assert media_type(body) == xlsx.MEDIA_TYPES[0]
    assert xlsx.read(body, Hints()).quality.verdict == "corrupt"


def test_entities_in_a_sheet_do_not_explode():
    """The parser of the rows stops at what would be a billion letters."""
    xml = (
        f'{LAUGHS}<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        '<row r="1"><c r="A1" t="inlineStr"><is><t>&l9;</t></is></c></row></sheetData></worksheet>'
    )
    found = xlsx.read(replaced(book_of(a=[["x"]]), {"xl/worksheets/sheet1.xml": xml}), Hints())
    assert found.quality.verdict == "corrupt" or len(found.text) < 100


def test_an_opendocument_sheet_is_read():
    """Repeated cells are told as often as they stand there, and a million empty rows not at all."""
    cell = "<table:table-cell{}><text:p>{}</text:p></table:table-cell>".format
    found = odt.read(
        odt_of(
            '<table:table><table:table-row>' + cell("", "Pour") + cell(' table:number-columns-repeated="2"', "19")
            + '</table:table-row><table:table-row table:number-rows-repeated="1048575">'
            '<table:table-cell table:number-columns-repeated="16384"/></table:table-row></table:table>',
            kind="spreadsheet",
        ),
        Hints(),
    )  # fmt: skip
    assert (found.text, found.media_type) == ("Pour | 19 | 19", odt.ODS)


def test_a_sheet_that_repeats_itself_without_end_is_cut():
    """A row that says it stands there a million times is told two hundred times."""
    cell = "<table:table-cell><text:p>x</text:p></table:table-cell>"
    row = f'<table:table-row table:number-rows-repeated="1048576">{cell}</table:table-row>'
    found = odt.read(odt_of(f"<table:table>{row * 3}</table:table>", kind="spreadsheet"), Hints())
    assert found.tables[0].rows == 600
