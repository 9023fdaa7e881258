"""The table that people write about their files: what is taken, and what is refused with its line."""

from __future__ import annotations

import codecs

import pytest

from crawlers.reading.metadata import COLUMNS, Row, WrongTable, by_file, read_metadata

HEAD = "file;original_url;title;date\n"


def read(text: str | bytes) -> tuple[Row, ...]:
    """Return the rows of a table."""
    return read_metadata(text if isinstance(text, bytes) else text.encode())


@pytest.mark.parametrize("sign", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "windows-1252", "utf-16"])
def test_what_spreadsheets_write_is_read(sign: str, encoding: str) -> None:
    """Separators and encodings of Excel and LibreOffice give the same row."""
    text = sign.join(["File", "Title", "DATE", "obtained_by"]) + "\r\n"
    text += sign.join(["lettres\\a.pdf", '"Œuvre; n° 1, été"', "1/5/2024", "CADA"]) + "\r\n\r\n"
    said = {"title": "Œuvre; n° 1, été", "date": "2024-05-01", "obtained_by": "cada"}
    assert read(text.encode(encoding)) == (Row(line=2, file="lettres/a.pdf", original_url="", stated=said),)


def test_every_column_has_its_place() -> None:
    """A row with all thirteen columns keeps each value; `sep=` of Excel is no row."""
    cells = [
        "a.html", "https://a.example/p", "Titre", "2024-05", "pv", "Ville", "Mairie", "03/2025", "mail", "n° 12",
        "3 D 12", "official", "fr",
    ]  # fmt: skip
    found = read(f"sep=;\n{';'.join(COLUMNS)}\n{';'.join(cells)}\n")[0]
    assert (found.line, found.original_url, found.stated["received_on"]) == (3, "https://a.example/p", "2025-03")
    assert set(found.stated) == set(COLUMNS) - {"file", "original_url"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "line 1: there is no column `file`"),
        ("titre;date\n", "line 1: there is no column `file`"),
        ("file;titel\n", "line 1: the column `titel` is not known: did you mean `title`"),
        ("file;x\n", "the columns are file, original_url"),
        ("file;title;title\n", "line 1: the column `title` stands there twice"),
        (HEAD + ";;x;\n", "line 2: `file` is empty"),
        (HEAD + "a;;;\nb;;;\na;;;\n", "line 4: a is named on line 2 too"),
        (HEAD + "a;https://x.fr/;;\nb;https://x.fr/;;\n", "line 3: https://x.fr/ is the original_url on line 2 too"),
        (HEAD + "a;;;31/02/2024\n", "line 2: `date` is '31/02/2024': write a date such as"),
        (HEAD + "a;;;24-5-1\n", "line 2: `date`"),
        (HEAD + "a;www.x.fr;;\n", "line 2: `original_url` is 'www.x.fr'"),
        (HEAD + "a;https://me@x.fr/;;\n", "line 2: `original_url`"),
        (HEAD + "a;;un;2024;deux\n", "line 2: 5 cells under 4 columns"),
        (HEAD + 'a;;"un\nb;;;\n', "line 2: this row cannot be read as CSV"),
        (HEAD + 'a;;"un\ndeux";\nb;;;hier\n', "line 4: `date`"),
        ("file;language\na;french\n", "line 2: `language` is 'french'"),
        ("file;act_type\na;proces\n", "line 2: `act_type` is 'proces': write .* or pv"),
        ("file;obtained_by\na;fax\n", "line 2: `obtained_by` is 'fax': write archive or browser or cada or mail"),
        ("file;title\na;" + "x" * 1_001, "line 2: `title` has 1001 characters"),
        (b"PK\x03\x04", "save the table as CSV"),
    ],
)
def test_a_wrong_table_is_refused_with_its_line(text: str | bytes, words: str) -> None:
    """One sentence: the line, what is wrong, what to write."""
    with pytest.raises(WrongTable, match=words):
        read(text)


def test_rows_find_their_files() -> None:
    """A path may begin with the folder's name, and be written with other code points for the same letters."""
    rows = read("file\nin/proc\u00e8s.pdf\nb/c.txt\n")
    assert set(by_file(rows, ["proce\u0300s.pdf", "b/c.txt"], ["in"])) == {"proce\u0300s.pdf", "b/c.txt"}
    with pytest.raises(WrongTable, match=r"line 3: there is no file b/c\.txt: did you mean b/cc\.txt"):
        by_file(rows, ["procès.pdf", "b/cc.txt"], ["in"])


def test_a_mark_at_the_beginning_is_no_letter() -> None:
    """The byte order mark does not hide the first column."""
    assert read(codecs.BOM_UTF8 + b"file\na\n")[0].file == "a"
