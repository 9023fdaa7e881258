"""A passage is found by its letters wherever it stands, and masked without moving anything."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.masking import MASK, Known, Letters, Veil, Veiled, masked, passage_at

TEXT = "Le maire donne la parole à Mme Zoé QUASI-\nMODEAU. Banane, ana. 王伟先生出席。"


def known(text: str, words: str) -> Known:
    """Return a passage of a text."""
    start = text.index(words)
    found = passage_at(text, start, start + len(words))
    assert found
    return found


@pytest.mark.parametrize(
    ("words", "other"),
    [
        ("Mme Zoé QUASI-\nMODEAU", "Puis Mme  Zoe Quasimodeau s'absente."),
        ("王伟", "與會者王伟等"),
        (", ana", "Une banane et Ana."),
    ],
)
def test_it_is_found_where_a_page_was_set_anew(words: str, other: str) -> None:
    """Case, accents, spaces and line ends do not count; no word is found inside another; a hash finds the same."""
    passage = known(TEXT, words)
    found = list(passage.find(Letters(other)))
    assert len(found) == 1
    assert list(passage.hashed("salt").find(Letters(other))) == found
    assert list(passage.hashed("salt").find(Letters("Rien de tel."))) == []


def test_the_hash_does_not_tell_the_words() -> None:
    """Two corpora with other salts keep other hashes of the same words."""
    passage = known(TEXT, "王伟")
    assert passage.hashed("one").sha256 != passage.hashed("two").sha256


@pytest.mark.parametrize("place", [(0, 1), (3, 3), (49, 51)])
def test_too_short_a_passage_is_none(place: tuple[int, int]) -> None:
    """A letter, nothing, and punctuation are not passages."""
    assert passage_at(TEXT, *place) is None


@given(st.text(alphabet="ab é\n-œ王", max_size=60), st.integers(0, 60), st.integers(0, 60))
def test_a_mask_keeps_every_place(text: str, start: int, end: int) -> None:
    """As long as before, the same line ends, and the passage is not found any more; whatever is left is as it was."""
    passage = passage_at(text, start, end)
    if passage is None:
        return
    covered = Veiled(text, (passage,)).masked
    assert len(covered) == len(text)
    assert [c == "\n" for c in covered] == [c == "\n" for c in text]
    assert all(new in (old, MASK) for old, new in zip(text, covered, strict=True))
    assert not list(passage.find(Letters(covered)))
    assert MASK in covered


def test_masks_may_touch() -> None:
    """Two places beside each other, and none."""
    assert masked("abcdef", [(0, 2), (2, 3)]) == "███def"
    assert masked("abc", []) == "abc"


def test_titles_and_quotes_are_masked_as_far_as_they_are_secret() -> None:
    """A quote that begins inside the passage, a title on one line, a word that the text still says."""
    text = "Séance du conseil.\nAide accordée à Jean Quasimodeau, 3 rue des Lilas, pour son toit.\nFin de la séance."
    veil = Veil([known(text, "Jean Quasimodeau, 3 rue des Lilas")], [text])
    assert veil.words("Quasimodeau, 3 rue des Lilas, pour son toit.") == f"{MASK * 28}, pour son toit."
    assert veil.words("Aide accordée à Jean Quasi…") == f"Aide accordée à {MASK * 10}…"
    assert veil.words("Séance du conseil") == "Séance du conseil"
    assert veil.words("JEAN QUASIMODEAU 3 RUE DES LILAS") == MASK * 32
    assert veil.words("Un tout autre titre") == "Un tout autre titre"
    assert veil.words("") == ""
