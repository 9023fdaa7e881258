"""Words cut at line ends, and Chinese lines."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.pdf.linebreaks import WRAP, mark_cuts, mend, mend_chinese
from extract.pdf.lines import CUT


@pytest.mark.parametrize(
    ("raw", "whole"),
    [
        (f"Jean{CUT}Paul", "Jean-Paul"),
        (f"déve{CUT}loppement", "développement"),
        (f"celui{CUT}ci", "celui-ci"),
        (f"peut{CUT}être", "peut-être"),
        (f"semi{CUT}annuel", "semi-annuel"),
        (f"l'avant{CUT}projet puis l'avant-projet", "l'avant-projet puis l'avant-projet"),
        (f"porte{CUT}monnaie, la porte, une monnaie", "porte-monnaie, la porte, une monnaie"),
        (f"porte{CUT}monnaie, un portemonnaie", "portemonnaie, un portemonnaie"),
        (f"com{CUT}mune et sa com à la mune, la commune", "commune et sa com à la mune, la commune"),
        (f"COMMUNI{CUT}CANTES", "COMMUNICANTES"),
        (f"BOUCHES{CUT}DU", "BOUCHES-DU"),
        (f"LOIRE{CUT}ATLANTIQUE en Loire", "LOIRE-ATLANTIQUE en Loire"),
        (f"2013{CUT}2014", "2013-2014"),
        (f"e{CUT}mail", "e-mail"),
        (f"fin {CUT}", "fin -"),
    ],
)
def test_a_word_cut_at_a_line_end_is_whole_again(raw, whole):
    """Joined where the join is a word, kept where both sides are, or a capital follows, or it is a usual compound."""
    assert mend([raw]) == [whole]


def test_the_word_is_looked_for_in_the_whole_document():
    """Another page may have the word with its hyphen."""
    assert mend([f"un sud{CUT}ouest", "le Sud-Ouest"])[0] == "un sud-ouest"


@pytest.mark.parametrize(
    ("raw", "whole"),
    [
        (f"secti{WRAP}on", "section"),
        (f"Nom{WRAP}prénom", "Nom prénom"),
        (f"10{WRAP}000", "10 000"),
        (f"vote{WRAP}s", "vote s"),
    ],
)
def test_a_narrow_cell_breaks_words_without_a_hyphen(raw, whole):
    """Its lines are one word only where the document has that word and not both halves."""
    assert mend([raw, "la section du vote, les votes, s"])[0] == whole


@pytest.mark.parametrize(
    ("raw", "whole"),
    [
        ("蒙彼利埃市与成都市于一九八一\n年缔结关系。\n第二段", "蒙彼利埃市与成都市于一九八一年缔结关系。\n第二段"),
        ("标题\n蒙彼利埃市与成都市于一九八一年缔结", "标题\n蒙彼利埃市与成都市于一九八一年缔结"),
        ("Ville de Chengdu\n成都", "Ville de Chengdu\n成都"),
    ],
)  # fmt: skip
def test_a_chinese_line_end_inside_a_paragraph_is_nothing(raw, whole):
    """Full lines go on without a space; headings and ends of sentences stay."""
    assert mend_chinese(raw) == whole


def test_hyphens_of_the_second_engine_are_marked():
    """pdfplumber leaves the hyphen and the line end as they are; a dash before a number is none."""
    assert mark_cuts(["déve-", "loppement, 12 -", "13", "fin-"]) == [f"déve{CUT}", "loppement, 12 -", "13", "fin-"]


@given(st.lists(st.text(alphabet=f"ab-É1 \n{CUT}{WRAP}", max_size=20), max_size=4))
def test_mending_loses_no_letter(texts):
    """Whatever the marks, letters and digits stay, in their order, and no mark is left."""
    mended = mend(texts)
    assert [[char for char in text if char.isalnum()] for text in mended] == [
        [char for char in text if char.isalnum()] for text in texts
    ]
    assert not any(CUT in text or WRAP in text for text in mended)
