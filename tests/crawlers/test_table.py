"""Reading tables of documents: SCDL as it is published, CSV, JSON and XLSX, broken and hostile ones."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import datetime

import openpyxl
import pytest
from pydantic import ValidationError

from crawlers.reading import tables
from crawlers.reading.entries import Entry, Unreadable
from crawlers.reading.tables import Table, cell, entries_of, found_columns, read_table, separator
from crawlers.spiders.table import Options

URL = "https://town.example/open/delib.csv"
HEAD = ["COLL_NOM", "COLL_SIRET", "DELIB_ID", "DELIB_DATE", "DELIB_MATIERE_NOM", "DELIB_OBJET", "DELIB_URL"]
ROW = [
    "Ville",
    "21340172200010",
    "2024-031",
    "2024-05-27",
    "9.1",
    "Jumelage avec Chengdu",
    "https://town.example/d/31.pdf",
]
ENTRY = Entry(
    url="https://town.example/d/31.pdf", title="Jumelage avec Chengdu", day="2024-05-27", about="2024-031, 9.1"
)


def read(text: str | bytes, **columns: tuple[str, ...]) -> Table:
    """Return what a table lists."""
    return read_table(text if isinstance(text, bytes) else text.encode(), {}, URL, columns)  # type: ignore[arg-type]


def written(rows: list[list[str]], sign: str = ";") -> str:
    """Return rows as CSV."""
    return "\r\n".join(sign.join(f'"{each}"' if sign in each else each for each in row) for row in rows)


def workbook(*sheets: list[list[object]]) -> bytes:
    """Return sheets as an XLSX file."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for rows in sheets:
        sheet = book.create_sheet()
        for row in rows:
            sheet.append(row)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


@pytest.mark.parametrize("sign", [";", ",", "\t", "|"])
def test_a_row_becomes_a_link_with_object_date_and_number(sign: str) -> None:
    """Whatever stands between the cells: the object is the link's text; date, number and matter stand around it."""
    found = read(written([HEAD, ROW], sign))
    assert found == Table(entries=(ENTRY,))
    assert (ENTRY.link.text, ENTRY.link.context) == ("Jumelage avec Chengdu", "2024-05-27 2024-031, 9.1")


def test_workbooks_and_json_say_the_same() -> None:
    """XLSX with a title above and notes on a sheet before; JSON as a list, in `results`, in `fields` of `records`."""
    row: list[object] = [*ROW[:3], datetime(2024, 5, 27), *ROW[4:]]
    assert read(workbook([["Notes"], ["x"]], [["Délibérations 2024"], [], list(HEAD), row])).entries == (ENTRY,)
    said = dict(zip(HEAD, ROW, strict=True))
    for shape in ([said], {"total_count": 1, "results": [said]}, {"records": [{"recordid": "x", "fields": said}]}):
        assert read(json.dumps(shape)).entries == (ENTRY,)


def test_drifted_names_and_encodings_are_read() -> None:
    """Lower case, accents, windows-1252, a mark at the beginning, a title above the head, empty rows, extra columns."""
    head = ["Délib_id", "delib date", "DELIBERATION_OBJET", "delib_url", "column_18"]
    rows = [["Open data de la ville", "", "", "", ""], head, [], ["1", "27/05/2024", "Coopération", "/a.pdf", ""]]
    expected = Entry(url="https://town.example/a.pdf", title="Coopération", day="27/05/2024", about="1")
    for body in (
        written(rows).encode("windows-1252"),
        written(rows).encode("utf-8-sig"),
        written(rows).encode("utf-16"),
    ):
        assert read(body).entries == (expected,)


def test_a_map_names_other_columns() -> None:
    """What the source says comes before what is known; the best of several names that is there."""
    table = "titre;lien;objet;pièce\nA;/a;B;/b\n"
    assert read(table).entries[0].url == "https://town.example/a"
    mapped = read(table, link=("absent", "piece"), title=("titre",)).entries[0]
    assert (mapped.url, mapped.title) == ("https://town.example/b", "A")
    options = Options.model_validate_json('{"map": {"link": "piece", "title": ["a", "b"]}}', strict=True)
    assert options.map == {"link": ("piece",), "title": ("a", "b")}
    with pytest.raises(ValidationError):
        Options.model_validate_json('{"map": {"lnk": "piece"}}', strict=True)


@pytest.mark.parametrize(
    ("words", "address"),
    [
        ("d/1.pdf", "https://town.example/open/d/1.pdf"),
        ("1.pdf", "https://town.example/open/1.pdf"),
        ("www.town.example/1", "https://www.town.example/1"),
        ("https://town.example/a b", "https://town.example/a"),
        ("néant", ""),
        ("-", ""),
        ("", ""),
        ("http://[x", ""),
        ("file:///etc/passwd", ""),
    ],
)
def test_cells_of_the_link_column_are_addresses_or_nothing(words: str, address: str) -> None:
    """Relative paths and bare hosts count; words, signs and other schemes do not, and their rows are numbered."""
    found = read(f"objet;url\nA;/first\nB;{words}\n")
    assert [entry.url for entry in found.entries[1:]] + list(found.unlinked) == [address or 2]


def test_a_file_shared_by_several_rows_is_named_by_what_they_agree_on() -> None:
    """One PDF for a whole séance bears the date of all its acts and the title of none."""
    found = read("delib_objet;delib_date;delib_url\nA;2024-05-27;/s.pdf\nB;2024-05-27;/s.pdf\n")
    assert found.entries == (Entry(url="https://town.example/s.pdf", day="2024-05-27"),)


def test_the_sign_between_cells_is_the_one_that_gives_even_rows() -> None:
    """Commas within texts, semicolons within quotes and line ends within cells do not mislead it."""
    assert separator('a;b\n"x, y, z";1,5\n"p\nq, r";2,5\n') == ";"
    assert separator('a,b\n"x; y; z",1\n"p;q",2\n') == ","
    assert separator("one column\nonly\n") == ";"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "is empty"),
        (b"\r\n;;\r\n", "is empty"),
        (b"<!DOCTYPE html><p>404", "is no table: it begins with"),
        (b"objet;date\nA;2024\n", r"no column for `link` \(looked for DELIB_URL, .*it has objet, date\)"),
        (b"objet;date\n", "no column for `link`"),
        (b"\xff\xfe\x00\x01" * 50, "no column for `link`|is empty"),
        (b"[1, 2]", "holds no list of objects"),
        (b'{"a": {"b": 1}}', "holds no list of objects"),
        (b"[" * 200_000, "cannot be read as JSON"),
        (b'[{"a": ' + b"9" * 5000 + b"}]", "cannot be read as JSON"),
        (b"PK\x03\x04 cut", "as an XLSX workbook"),
        (b"\xd0\xcf\x11\xe0 old Excel", "save it as one of them"),
        (b'url;x\n"' + b"a" * 200_000, "cannot be read as CSV"),
    ],
)
def test_what_is_no_table_is_said_to_be_none(body: bytes, words: str) -> None:
    """The sentence names what came, or the column that is missing and those that are there."""
    with pytest.raises(Unreadable, match=words):
        read(body)


def test_an_open_quotation_is_seen_whatever_limit_a_library_set() -> None:
    """Python's limit on cells is one for the whole process: ours holds all the same."""
    before = csv.field_size_limit(10**9)
    try:
        with pytest.raises(Unreadable, match="an open quotation"):
            read(b'url;x\n"' + b"a" * 200_000)
    finally:
        csv.field_size_limit(before)


def test_damaged_and_swollen_workbooks_are_refused() -> None:
    """Cut anywhere, with a part of another kind, or larger than 200 MiB once unpacked: a sentence, no exception."""
    whole = workbook([list(HEAD), list(ROW)])
    for length in range(100, len(whole), 400):
        with pytest.raises(Unreadable, match="XLSX"):
            read(whole[:length])
    for body, words in ((b"<sheetData", "XLSX"), (b"\0" * (201 * 2**20), "200 MiB")):
        swollen = io.BytesIO(whole)
        with (
            zipfile.ZipFile(swollen, "a", zipfile.ZIP_DEFLATED) as packed,
            pytest.warns(UserWarning, match="Duplicate"),
        ):
            packed.writestr("xl/worksheets/sheet1.xml", body)
        with pytest.raises(Unreadable, match=words):
            read(swollen.getvalue())


def test_more_rows_than_are_read_are_said_to_be_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """A table ends somewhere: what lies beyond is not silently lost, in a workbook neither."""
    monkeypatch.setattr(tables, "MOST_ROWS", 50)
    rows: list[list[object]] = [["url"], *([f"/{number}"] for number in range(51))]
    for found in (entries_of([{"url": f"/{number}"} for number in range(51)], URL, {}), read(workbook(rows))):
        assert (len(found.entries), found.cut) == (50, True)


def test_a_table_without_rows_lists_nothing() -> None:
    """A head alone is a table, and an empty list too."""
    assert read(written([HEAD])) == Table(entries=()) == read("[]")


def test_columns_and_cells_are_compared_without_what_drifts() -> None:
    """The first of two columns of one name counts; files and lists become their address."""
    assert found_columns(["Objet", "objet", "URL"], {}) == {"title": "Objet", "link": "URL"}
    assert cell([{"url": "/a"}]) == "/a" and cell({"x": 1}) == cell([[]]) == cell(float("nan")).replace("nan", "") == ""
