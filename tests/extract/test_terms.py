"""The analyser: what a text becomes in the index, and that every term knows where it stands."""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.terms import Term, analyse, fold, is_han

ODD = "aé œﬁßİŉ'’ʼ-\u00ad\u0301\u0915\u094dกึשּ友好⼈\uf90a²½①_\x00\n\ud800𠀀"
TEXTS = st.text() | st.text(alphabet=ODD)


def words(text: str, language: str = "fr") -> list[str]:
    """Return the words of a text."""
    return [term.word for term in analyse(text, language)]


def stems(text: str, language: str = "fr") -> list[str]:
    """Return the stems of a text."""
    return [term.stem for term in analyse(text, language)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Coopération DÉCENTRALISÉE", ["cooperation", "decentralisee"]),
        ("mise en œuvre", ["mise", "en", "oeuvre"]),
        ("Cæsar Straße", ["caesar", "strasse"]),
        ("ofﬁciel", ["officiel"]),
        ("１２ ｋｍ²", ["12", "km2"]),
        ("arc-en-ciel", ["arc", "en", "ciel"]),
        ("n° 2022-045", ["n", "2022", "045"]),
        ("snake_case", ["snake", "case"]),
        ("col·laboració", ["col", "laboracio"]),
        ("coopé\u00adration", ["cooperation"]),
        ("cooperation", ["cooperation"]),
        ("a\x00b\tc\u2028d", ["a", "b", "c", "d"]),
        ("İstanbul ŉ", ["istanbul", "n"]),
        ("", []),
        ("« … » — (!)", []),
    ],
)
def test_words_are_folded_and_split(text: str, expected: list[str]) -> None:
    """Case, accents, ligatures, width and soft hyphens go; apostrophes, hyphens, signs and controls separate."""
    assert words(text) == expected


@pytest.mark.parametrize(
    ("marked", "plain"),
    [("שָׁלוֹם", "שלום"), ("مُدُنٌ", "مدن"), ("شـــكرا", "شكرا"), ("ἀδελφός", "αδελφοσ"), ("ёлка", "елка")],
)
def test_points_and_stretches_are_no_letters(marked: str, plain: str) -> None:
    """Hebrew points, Arabic vowels and stretches, Greek and Cyrillic accents: one word, as it is without them."""
    assert words(marked) == words(plain)
    assert len(words(marked)) == 1


@pytest.mark.parametrize("word", ["नमस्ते", "การศึกษา", "がっこう", "서울"])
def test_marks_that_are_letters_stay(word: str) -> None:
    """An Indic or Thai vowel and a Japanese voicing are spelling: the word is whole and keeps them."""
    assert words(word) == [word]


@pytest.mark.parametrize("apostrophe", ["'", "’", "ʼ", "＇", "´", "‘"])
@pytest.mark.parametrize("article", ["l", "L", "d", "qu", "Jusqu", "lorsqu"])
def test_an_elided_article_is_a_word_without_a_stem(article: str, apostrophe: str) -> None:
    """With whatever apostrophe it is written, the article stays for literal phrases and leaves the stems."""
    found = analyse(f"{article}{apostrophe}Atlas", "fr")
    assert [(term.stem, term.word) for term in found] == [("", article.lower()), ("atlas", "atlas")]


@pytest.mark.parametrize("text", ["l’\nAtlas", "l’« Atlas »", 'l\'"Atlas"', "l' Atlas"])
def test_an_article_leans_over_a_quotation_mark_or_a_line_end(text: str) -> None:
    """What PDFs and quotations put between an article and its word does not hide that it is one."""
    assert stems(text) == ["", "atlas"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("groupes 'C' et 'D' réunis", "c"),
        ("la lettre l", "l"),
        ("d'", "d"),
        ("l'1", "l"),
        ("prud'hommes", "prud"),
        ("the city's park", "s"),
    ],
)
def test_what_is_no_article_keeps_its_stem(text: str, expected: str) -> None:
    """A letter in quotes, at the end or before a number, and other words before an apostrophe can be found."""
    assert expected in stems(text)


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("fr", "jumelages", "jumelage"),
        ("fr", "cooperation", "coopérations"),
        ("fr", "décentralisée", "decentralisees"),
        ("fr", "décentralisée", "décentralisés"),
        ("fr", "déléguée", "délégués"),
        ("fr", "première", "premiers"),
        ("fr", "modifiée", "modifier"),
        ("fr", "associations", "associés"),
        ("fr", "œuvres", "œuvre"),
        ("en", "twinnings", "twinning"),
        ("ca", "agermanaments", "agermanament"),
        ("ca", "ciutats", "ciutat"),
        ("oc", "vilas", "vila"),
        ("oc", "agermanaments", "agermanament"),
        ("es", "hermanamientos", "hermanamiento"),
        ("de", "Partnerschaften", "Partnerschaft"),
    ],
)
def test_forms_of_a_word_share_a_stem(language: str, one: str, other: str) -> None:
    """Plural, feminine, participle and missing accents lead to one stem."""
    assert stems(one, language) == stems(other, language)


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("fr", "entrée", "entrevue"),
        ("fr", "armée", "armoire"),
        ("fr", "ville", "village"),
        ("fr", "collectivité", "collectif"),
        ("fr", "européen", "europe"),
        ("oc", "pas", "pa"),
        ("oc", "congress", "congres"),
        ("zh", "villes", "ville"),
        ("und", "villes", "ville"),
    ],
)
def test_different_words_keep_different_stems(language: str, one: str, other: str) -> None:
    """Neighbours that mean something else stay apart, and a language without a stemmer keeps words as they are."""
    assert stems(one, language) != stems(other, language)


def test_chinese_becomes_pairs_and_the_last_character() -> None:
    """Each character begins exactly one term, and the term knows its place among Latin words."""
    assert analyse("à 与成都结好。", "zh")[1:] == [
        Term("与成", "与成", 2, 4),
        Term("成都", "成都", 3, 5),
        Term("都结", "都结", 4, 6),
        Term("结好", "结好", 5, 7),
        Term("好", "好", 6, 7),
    ]


def test_radicals_and_compatibility_forms_are_their_characters() -> None:
    """PDFs that write the radical ⼈ or a compatibility form are found by the ordinary character."""
    assert words("⼈民") == words("人民")
    assert words("\uf90a") == words("金")
    assert words("Chengdu成都2024年") == ["chengdu", "成都", "都", "2024", "年"]


def test_every_chinese_character_stays_one_character() -> None:
    """Normalisation never makes two characters of one, so that pairs stand where they are said to stand."""
    chinese = [chr(place) for place in range(0x2E80, 0x40000) if is_han(chr(place))]
    assert len(chinese) > 90_000
    assert [each for each in chinese if len(unicodedata.normalize("NFKC", each)) != 1] == []


@given(TEXTS)
def test_every_term_stands_where_it_says(text: str) -> None:
    """Offsets are those of the text as given: analysing what stands there gives the term again."""
    terms = analyse(text, "fr")
    for term in terms:
        assert analyse(text[term.start : term.end], "fr")[0].word == term.word
    assert [term.start for term in terms] == sorted({term.start for term in terms})
    assert all(before.end <= after.start or is_han(before.word[0]) for before, after in pairwise(terms))


@given(TEXTS, st.sampled_from(["fr", "zh", "und", "oc"]))
def test_terms_hold_nothing_that_separates(text: str, language: str) -> None:
    """A term is small letters, digits and marks of letters: no database splits or changes it."""
    for term in analyse(text, language):
        assert term.word
        for character in term.word + term.stem:
            assert character.isalnum() or is_han(character) or unicodedata.category(character)[0] == "M"
            assert not character.isascii() or re.fullmatch("[a-z0-9]", character)


@given(TEXTS)
def test_no_letter_is_lost(text: str) -> None:
    """Every letter and digit of a text is within some term."""
    covered = {place for term in analyse(text, "fr") for place in range(term.start, term.end)}
    lost = {text[place] for place in range(len(text)) if text[place].isalnum()} - {text[place] for place in covered}
    assert all(not fold(character) or character in "ʼʻʽـ" for character in lost)
