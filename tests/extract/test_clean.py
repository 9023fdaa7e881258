"""Characters: what no XML file may hold never leaves this room, and pages keep their exact places."""

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract import clean as cleaning
from extract.clean import clean, damage, join_pages, legal_references, one_line, recut
from extract.model import Page

ANY_TEXT = st.text(st.characters(), max_size=200)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("a\r\nb\rc", "a\nb\nc"),
        ("a\x00b\x01c\x1f", "abc"),
        ("tab\there", "tab\there"),
        ("e\u0301te\u0301", "été"),
        ("dé\u00adlibération", "délibération"),
        ("\ufeffdébut", "début"),
        ("a\ufffeb\uffffc\U0001fffed", "abcd"),
        ("a\ud800b", "ab"),
        ("fin   \n  suite", "fin\n  suite"),
        ("a\n\n\n\n\nb", "a\n\nb"),
        ("a\u2028b", "a\nb"),
        ("a\u0085b", "a\nb"),
    ],
)
def test_a_text_is_cleaned(raw, expected):
    """Line ends, controls, noncharacters, surrogates and marks nobody sees."""
    assert clean(raw) == expected


@given(ANY_TEXT)
def test_a_clean_text_is_legal_everywhere(raw):
    """No control but tab and newline, no surrogate, no noncharacter, NFC, and nothing more to clean."""
    text = clean(raw)
    assert all(unicodedata.category(char) not in ("Cc", "Cs") or char in "\t\n" for char in text)
    assert not any(ord(char) & 0xFFFE == 0xFFFE or 0xFDD0 <= ord(char) <= 0xFDEF for char in text)
    assert unicodedata.is_normalized("NFC", text)
    assert clean(text) == text


@settings(max_examples=60)
@given(st.lists(ANY_TEXT, max_size=6))
def test_pages_are_where_they_say(texts):
    """Each page holds exactly its own clean text, in order, without overlap, also after a second cleaning."""
    text, pages = join_pages(texts)
    assert [text[page.start : page.end] for page in pages] == [clean(part) for part in texts]
    assert all(0 <= page.start <= page.end <= len(text) for page in pages)
    assert all(a.end <= b.start for a, b in pairwise(pages))
    assert recut(text, pages) == (text, pages)


def test_cleaning_moves_the_pages_with_the_text():
    """Pages given in an unclean text are moved to their places in the clean one."""
    text, pages = recut("a\x01b\r\nc\n\nd\x02", (Page(number=1, start=0, end=6), Page(number=2, start=8, end=10)))
    assert [text[page.start : page.end] for page in pages] == ["ab\nc", "d"]


ILLEGAL = ["&#0;", "&#1;", "&#2;", "&#8;", "&#11;", "&#12;", "&#14;", "&#31;", "&#x1f;", "&#X1F;", "&#xFFFE;",
           "&#xFFFF;", "&#xD800;", "&#55296;", "&#xFDD0;", "&#x110000;", "&#99999999999999999999;", "&#0001;",
           "&#x000B;", "&#x1FFFE;"]  # fmt: skip


def test_each_sign_is_taken_out_where_it_is_the_only_one():
    """A text is searched for all of them at once before it is searched for each."""
    every = "".join(map(chr, range(0x110000)))
    patterns = (cleaning._LINE_ENDS, cleaning._ILLEGAL, cleaning._INVISIBLE, cleaning._HIGH_NONCHARACTERS)
    unwanted = {sign for pattern in patterns for sign in pattern.findall(every)}
    assert len(unwanted) > 2_000
    assert not [hex(ord(sign)) for sign in unwanted if sign in clean(f"a{sign}b")]


@pytest.mark.parametrize("reference", ILLEGAL)
def test_an_illegal_reference_is_taken_out_whole(reference):
    """The number is parsed: no digit of it stays behind."""
    assert legal_references(f"La ville{reference} de Montpellier") == ("La ville de Montpellier", 1)


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("&#233;t&#xE9;", "&#233;t&#xE9;"),
        ("a&#9;b&#10;c", "a&#9;b&#10;c"),
        ("1981&#150;1982", "1981\u20131982"),
        ("&#x80;", "€"),
        ("&amp;#1;", "&amp;#1;"),
        ("&#x1F600;", "&#x1F600;"),
    ],
)
def test_a_legal_reference_stays(markup, expected):
    """Only windows-1252 numbers are read, as browsers read them."""
    assert legal_references(markup)[0] == expected


def test_damage_is_the_share_of_lost_characters():
    """Replacement characters and private letters are losses, accents are not."""
    assert (damage("ab\ufffd\uf020"), damage("é"), damage("")) == (0.5, 0.0, 0.0)


def test_one_line_is_cut_at_a_word():
    """A quote has no line end and no half word."""
    assert one_line("un deux\ntrois   quatre", 14) == "un deux trois…"


@pytest.mark.timeout(10)
def test_long_blanks_are_cleaned_in_a_moment():
    """A hundred thousand spaces inside a line take no time and stay."""
    assert len(clean("a" + " " * 100_000 + "b")) == 100_002
