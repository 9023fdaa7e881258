"""Text for coding tools: what no tool takes is gone, everything else is as it was."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from bundles.cleaning import clean, loses, one_line

ANY = st.text(st.characters(), max_size=60)
NEVER = set(map(chr, [*range(9), *range(11, 32), *range(127, 160), 0xFEFF, 0xFFFE, 0xFFFF, 0x2028, 0x2029]))


@given(ANY)
def test_a_clean_text_can_be_written_and_is_clean_for_good(text: str) -> None:
    """UTF-8 takes it, XML takes it, it is in NFC, and cleaning it again changes nothing."""
    made = clean(text)
    assert not set(made) & NEVER
    assert made.encode("utf-8").decode() == made == unicodedata.normalize("NFC", made) == clean(made)
    assert not loses(made)


@given(st.text(st.characters(categories=["L", "N", "P", "Zs", "Mn", "Cf"], exclude_characters="\ufeff"), max_size=60))
def test_an_ordinary_text_stays_as_it_is(text: str) -> None:
    """Letters, signs, spaces and marks of direction are not touched beyond NFC."""
    assert clean(text) == unicodedata.normalize("NFC", text)
    assert not loses(text)


def test_each_kind_of_trouble_is_dealt_with_in_its_way() -> None:
    """Line ends become LF, what is invisible goes, half a pair becomes the sign for a loss, tabs stay."""
    assert clean("a\r\nb\rc\x0cd\x85e\u2028f") == "a\nb\nc\nd\ne\nf"
    assert clean("\ufeffa\x00b\x1bc\x9fd\tE\ud800") == "abcd\tE\ufffd"
    assert clean("e\u0301") == "é"
    assert one_line("  un\n titre\t\ttrès\r\nlong \x00 ") == "un titre très long"


def test_a_loss_is_told_from_a_change_of_line_ends() -> None:
    """Other line ends and composed accents lose nothing; a control character and half a pair do."""
    assert [loses(text) for text in ("a\r\nb", "e\u0301", "a\x00b", "a\ud800", "\ufeffa")] == [
        False,
        False,
        True,
        True,
        True,
    ]
