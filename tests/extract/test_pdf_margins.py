"""Headers, footers, folios and stamps of made-up pages."""

from itertools import count

import pytest

from extract.pdf.labels import labels
from extract.pdf.lines import Line
from extract.pdf.margins import Sheet, margin_lines, running
from extract.pdf.stamps import is_stamp

A4 = (0.0, 0.0, 595.0, 842.0)


NUMBERS = count()


def body_line(low):
    """A line of the body that no other page has: numbers would be taken for the same words."""
    return Line(text=f"corps {next(NUMBERS):b}".translate({48: "a", 49: "b"}), box=(60, low, 500, low + 11))


def sheet(*placed):
    """A page with a body of thirty lines, all different, and lines at given heights."""
    body = [body_line(700 - 14 * n) for n in range(30)]
    return Sheet(lines=[*body, *(Line(text=text, box=(60, low, 300, low + 11)) for text, low in placed)], edges=A4)


def apart(*sheets):
    """The words set apart on each page, with their places."""
    found = margin_lines(sheets, running(sheets))
    return [
        {page.lines[index].text: place for index, place in edge.items()}
        for page, edge in zip(sheets, found, strict=True)
    ]


def test_a_running_header_and_its_number_are_set_apart():
    """Numbers may vary; the letterhead of the first page stays, its folio does not."""
    pages = [sheet(("Commune de Maquette, séance du 3 mai", 800), (f"- {n} -", 20)) for n in range(1, 5)]
    header = {"Commune de Maquette, séance du 3 mai": "header"}
    assert apart(*pages) == [{"- 1 -": "footer"}, *({**header, f"- {n} -": "footer"} for n in range(2, 5))]


def test_odd_and_even_pages_may_differ():
    """A header on every second page is one."""
    pages = [sheet(("Registre" if n % 2 else "Maquette-sur-Mer", 800)) for n in range(8)]
    assert [bool(found) for found in apart(*pages)] == [False, *[True] * 7]


def test_a_vote_at_the_foot_of_three_pages_is_no_footer():
    """The same words, at the same height, right under the body: they belong to it."""
    pages = [sheet(("Adopté à l'unanimité", 280)) for _ in range(3)]
    low = [Sheet(lines=page.lines, edges=(0, 250, 595, 842)) for page in pages]
    assert apart(*low) == [{}, {}, {}]


def test_words_that_the_body_says_too_are_no_margin():
    """Set off from the body and repeated, but said in mid-page as well."""
    pages = [sheet(("Adopté à l'unanimité", 60), ("Adopté à l'unanimité", 400 - 50 * n)) for n in range(4)]
    assert apart(*pages) == [{}] * 4


def test_two_pages_are_too_few_unless_they_are_numbered():
    """A letter of two pages keeps its head; « Page 2/2 » is always a folio."""
    assert apart(sheet(("Mairie de Maquette", 800)), sheet(("Mairie de Maquette", 800))) == [{}, {}]
    assert apart(sheet(("Page 1/2", 20)), sheet(("Page 2 sur 2", 40)))[1] == {"Page 2 sur 2": "footer"}
    numbered = [sheet(("Mairie de Maquette", 800), (str(n), 20)) for n in (1, 2)]
    assert apart(*numbered) == [{"1": "footer"}, {"Mairie de Maquette": "header", "2": "footer"}]


def test_numbers_that_do_not_count_the_pages_are_no_folios():
    """Amounts at one height of several pages."""
    assert apart(*(sheet((amount, 20)) for amount in ("705", "22", "136", "41"))) == [{}] * 4


STAMP = [("Envoyé en préfecture le 12/02/2024", 815), ("Reçu en préfecture le 12/02/2024", 804),
         ("ID : 099-219900012-20240202-DEL2024_07-DE", 793)]  # fmt: skip


def test_the_stamp_of_the_transmission_is_set_apart_where_it_repeats():
    """On both pages of two: a margin. On one page of three: part of the text."""
    assert all(set(found) == {text for text, _ in STAMP} for found in apart(sheet(*STAMP), sheet(*STAMP)))
    assert apart(sheet(*STAMP), sheet(("a", 400)), sheet(("b", 400))) == [{}, {}, {}]


@pytest.mark.parametrize(
    ("words", "stamp"),
    [
        ("Accusé de réception en préfecture", True),
        ("099-219900012-20220627-22-045-DE", True),
        ("Date de télétransmission : 03/04/2013", True),
        ("Publié le 04/04/2023", True),
        ("Reçu en sous-préfecture le 3 mai", True),
        ("Publié le rapport de la commission", False),
        ("Le conseil a reçu en préfecture", False),
        ("Date de la convocation : 3 mai", False),
        ("", False),
    ],
)
def test_a_line_of_the_stamp_is_known_by_its_words(words, stamp):
    """The usual lines of the usual suppliers, and near misses."""
    assert is_stamp(words) is stamp


def labelled(*sheets, named=()):
    """The labels of pages."""
    return labels(sheets, running(sheets), named or [""] * len(sheets))


def test_a_printed_folio_is_the_label():
    """A register that goes on from another meeting; nothing where the folio is the physical number."""
    assert labelled(*(sheet((f"- {n} -", 20)) for n in (26, 27, 28))) == ["26", "27", "28"]
    assert labelled(*(sheet((str(n), 20)) for n in (1, 2, 3))) == ["", "", ""]


def test_clear_forms_are_read_on_a_single_page():
    """« Page 3 sur 12 », « vue 51/190 » and a leaf; what the file says only where nothing is printed."""
    pages = [sheet(("Page 3 sur 12", 20)), sheet(("Archives de Maquette, vue 51/190", 20)), sheet(("folio 12 v°", 820)),
             sheet(("rien", 400))]  # fmt: skip
    assert labelled(*pages, named=["i", "ii", "iii", "iv"]) == ["3", "vue 51/190", "folio 12 v°", "iv"]


def test_a_year_in_a_table_is_no_label():
    """The same number at the head of every page counts nothing."""
    assert labelled(*(sheet(("2015", 800)) for _ in range(5))) == [""] * 5


def test_no_pages_and_empty_pages():
    """Nothing in, nothing out."""
    assert margin_lines([], []) == []
    assert apart(Sheet(lines=[], edges=A4), Sheet(lines=[], edges=(0, 0, 0, 0))) == [{}, {}]
