"""Pieces: whole texts in passages that are neither too long nor cut where they need not be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.terms import analyse
from storage.chunking import COMMONEST, LONGEST, OVERLAP, Piece, pieces_of, prepare


def many(number: int, begin: int = 0) -> str:
    """Return that many different words."""
    return " ".join(f"m{n}" for n in range(begin, begin + number))


def sizes(pieces: tuple[Piece, ...]) -> list[int]:
    """Return how many words each piece has."""
    return [len(piece.words.split()) for piece in pieces]


def test_a_page_is_a_piece() -> None:
    """Each page gives one piece, with its number and its own place in the text."""
    text = "Première page.\n\nSeconde page."
    found = prepare(text, [(1, 0, 14), (2, 16, len(text))], "fr")
    assert [(piece.page, text[piece.start : piece.end]) for piece in found] == [
        (1, "Première page."),
        (2, "Seconde page."),
    ]
    assert [piece.words for piece in found] == ["premiere page", "seconde page"]
    assert [piece.stems for piece in found] == ["premi pag", "second pag"]


def test_a_text_without_pages_is_one_passage() -> None:
    """A web page has no pages: its piece is the whole text."""
    assert [(piece.page, piece.start, piece.end) for piece in prepare("Un texte court.", [], "fr")] == [(None, 0, 15)]


@pytest.mark.parametrize("text", ["", " \n", "* * *", "—"])
def test_what_has_no_term_has_no_piece(text: str) -> None:
    """An empty page costs no row, in a text with pages or without."""
    assert prepare(text, [], "fr") == ()
    assert prepare(text, [(1, 0, len(text))], "fr") == ()


def test_what_stands_outside_pages_is_not_lost() -> None:
    """Words before, between and after the pages are passages of their own, without a page."""
    text = "avant UN entre DEUX après"
    found = prepare(text, [(1, 6, 8), (2, 15, 19)], "fr")
    assert [(piece.page, piece.words) for piece in found] == [
        (None, "avant"),
        (1, "un"),
        (None, "entre"),
        (2, "deux"),
        (None, "apres"),
    ]


def test_a_long_page_is_cut_with_an_overlap() -> None:
    """Pieces hold no more than they should, share some words with the next, and keep the page's number."""
    text = many(LONGEST + 10)
    first, second = prepare(text, [(7, 0, len(text))], "und")
    assert (first.page, second.page) == (7, 7)
    assert sizes((first, second)) == [LONGEST, OVERLAP + 10]
    assert first.words.split()[-OVERLAP:] == second.words.split()[:OVERLAP]
    assert (first.start, second.end) == (0, len(text))


def test_a_text_of_the_longest_size_is_not_cut() -> None:
    """A piece may be exactly as long as a piece may be."""
    assert sizes(prepare(many(LONGEST), [], "und")) == [LONGEST]


def test_a_long_text_is_cut_where_a_paragraph_ends() -> None:
    """The last blank line of the second half is preferred to a later line end and to the middle of a sentence."""
    text = many(1200) + "\n\n" + many(300, 1200) + "\n" + many(900, 1500)
    first, second = prepare(text, [], "und")
    assert text[: first.end] == many(1200)
    assert second.words.split()[0] == f"m{1200 - OVERLAP}"
    assert second.end == len(text)


def test_a_line_end_is_better_than_none() -> None:
    """Without a blank line a piece ends with a line."""
    text = many(1700) + "\n" + many(900, 1700)
    assert sizes(prepare(text, [], "und")) == [1700, 900 + OVERLAP]


def test_a_paragraph_end_in_the_first_half_is_left_alone() -> None:
    """A short beginning does not make a short piece."""
    assert sizes(prepare(many(300) + "\n\n" + many(2000, 300), [], "und"))[0] == LONGEST


def test_an_elided_article_leaves_no_gap_among_the_stems() -> None:
    """Words that an article separates stand side by side for phrases of stems."""
    (piece,) = prepare("mise en valeur de l'Atlas", [], "fr")
    assert piece.stems.split()[-2:] == ["de", "atlas"]
    assert piece.words.split()[-3:] == ["de", "l", "atlas"]


def test_a_stored_text_gives_the_same_pieces_again() -> None:
    """The facts of an extraction are enough to make the pieces that were indexed: how rows are taken out."""
    text = many(30) + "\n" + many(2500)
    facts = {"pages": [{"number": 3, "start": 0, "end": len(text), "label": ""}], "language": "fr", "title": None}
    facts["acts"] = [{"start": 40, "end": 90, "key": "#1"}]
    assert pieces_of(text, facts) == prepare(text, [(3, 0, len(text))], "fr", [(40, 90)])


def test_an_act_is_a_passage_whatever_the_pages() -> None:
    """Acts are pieces, with the page they begin on; what stands before, between and after them keeps its pages."""
    text = "tête UN fin deux DEUX pied"
    found = prepare(text, [(1, 0, 11), (2, 11, len(text))], "und", [(5, 7), (8, 21), (19, 21)])
    assert [(piece.page, piece.words) for piece in found] == [(1, "tete"), (1, "un"), (1, "fin deux deux"), (2, "pied")]


def test_a_word_does_not_stand_in_a_piece_more_often_than_can_be_counted() -> None:
    """A word 300 times on a page makes two pieces, both of them found."""
    first, second = prepare("友好，" * 300, [], "zh")
    assert first.words.split().count("友好") == COMMONEST
    assert second.words.split().count("友好") >= 300 - COMMONEST


PART = st.tuples(st.sampled_from(["mot", "l'eau", "友好城市", "\n", "\n\n", "x-y"]), st.integers(1, 900))


@given(st.lists(PART, max_size=12), st.booleans())
def test_every_term_is_in_some_piece(parts: list[tuple[str, int]], paged: bool) -> None:
    """Pieces cover all terms in order, overlap by no more than they should, and are never too long."""
    text = " ".join(f"{part}{n}" for part, number in parts for n in range(number))
    found = prepare(text, [(1, 0, len(text))] if paged else [], "fr")
    words = [term.word for term in analyse(text, "fr")]
    whole: list[str] = []
    for number, piece in enumerate(found):
        mine = piece.words.split()
        assert len(mine) <= LONGEST
        assert number == 0 or mine[:OVERLAP] == whole[-OVERLAP:]
        whole += mine[OVERLAP if number else 0 :]
    assert whole == words
