"""What texts are compared by: folded shingles, signatures that say how alike two texts are, numbers."""

from __future__ import annotations

import random
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.likeness import BANDS, alike, bands, contained, likeness, numbers, shingles, worth_comparing

WORDS = [f"mot{n}" for n in range(500)]


def text_of(seed: int, length: int = 600) -> str:
    """Return words drawn by a seed."""
    return " ".join(random.Random(seed).choices(WORDS, k=length))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("L’œuvre commune, déjà", "l'oeuvre COMMUNE deja"),
        ("重慶與圖盧茲締結友好", "重庆与图卢兹缔结友好"),
        ("無(wú)遠弗屆的友誼長存", "无远弗届的友谊长存"),
        ("Город и мэр говорят", "город И МЭР говорят"),
    ],
)
def test_what_is_written_otherwise_is_the_same(one: str, other: str) -> None:
    """Case, accents, ligatures, apostrophes, traditional characters and pinyin inside words make no difference."""
    assert shingles(one) == shingles(other)
    assert shingles(one)


LATIN = st.one_of(
    st.characters(max_codepoint=0x36F, exclude_characters="æÆß´"),
    st.sampled_from(["a", "é", "ő", "ﬁ", "Ǆ", "½", "№", "…", "–", "€", "℃", "Ⅳ", "②", "\u2009", "\xad", "\ufeff"]),
)


@given(st.lists(LATIN, max_size=40).map("".join))
def test_latin_letters_are_folded_as_if_each_were_decomposed(text: str) -> None:
    """The table of Latin-1 and the road beside it do what Unicode's decomposition and ASCII would do."""
    plain = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("Œ", "OE")).encode("ascii", "ignore")
    words = re.sub("[^a-z0-9]", " ", plain.decode("ascii").lower()).split()
    assert shingles(text) == {" ".join(words[start : start + 3]) for start in range(len(words) - 2)}


def test_shingles_are_three_words_or_four_characters() -> None:
    """Latin words in threes, Chinese characters in fours."""
    assert shingles("un deux trois quatre") == {"un deux trois", "deux trois quatre"}
    assert shingles("友好城市网") == {"友 好 城 市", "好 城 市 网"}


def test_alike_and_contained() -> None:
    """Half of a text in another one is half contained, and a third alike."""
    one, other = frozenset("abcd"), frozenset("cdef")
    assert (alike(one, other), contained(one, other)) == (2 / 6, 0.5)
    assert (alike(frozenset(), one), contained(frozenset(), one)) == (0, 0)


def edited(seed: int) -> str:
    """Return the text of a seed with one word in thirty changed."""
    words = text_of(seed).split()
    words[::30] = ["autre"] * len(words[::30])
    return " ".join(words)


def test_a_signature_says_which_texts_are_worth_comparing() -> None:
    """Near texts share a band where others share none; a text of another size is not near."""
    one, two, far, long = map(likeness, (text_of(1), edited(1), text_of(2), f"{text_of(1)} {text_of(2, 300)}"))
    assert set(bands(one)) & set(bands(two))
    assert not set(bands(one)) & set(bands(far))
    assert len(bands(one)) == BANDS
    assert worth_comparing(one, [True] * BANDS, [two, far, long, one]) == [True, False, False, True]


def test_two_texts_on_one_form_must_share_more_than_the_form() -> None:
    """Where they share common bands, one rare band may be chance: three are wanted, fewer where the form leaves few."""
    one, two = likeness(text_of(1)), likeness(edited(1))
    shared = [mine in bands(two) for mine in bands(one)]
    places = [place for place, both in enumerate(shared) if both]
    assert len(places) > 4
    for rare, worth in ((1, False), (2, False), (3, True)):
        common = places[rare:]
        assert worth_comparing(one, [place not in common for place in range(BANDS)], [two]) == [worth]
    assert worth_comparing(one, [False] * BANDS, [one]) == [False]
    assert worth_comparing(one, [place == 0 for place in range(BANDS)], [one]) == [True]


def test_the_signature_stays() -> None:
    """A signature of today finds one that was kept: these values may only change with LIKENESS_VERSION."""
    kept = likeness("Le conseil approuve la convention avec la commune voisine.")
    assert (kept.size, kept.signature[:8].hex()) == (7, "02b1cd51d7481305")


def test_short_texts_have_no_bands() -> None:
    """Nothing is looked up for a text of a few words, or of none."""
    assert bands(likeness("")) == bands(likeness(text_of(1, 20))) == []
    assert likeness("").size == 0


def test_numbers_are_read_in_one_spelling() -> None:
    """Thousands are written with a space, a point or a comma; numbers of one digit say nothing."""
    assert numbers("1 500 habitants, 3 salles") == numbers("1,500 people") == numbers("1.500 Leute, 20", ["20"])
