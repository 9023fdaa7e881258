"""The vocabulary: which words count, which only look like it, and what makes a relation. Every sentence is made up."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.model import Mention
from extract.vocabulary.file import Vocabulary, VocabularyError, built_in, built_in_text, read_vocabulary
from extract.vocabulary.matching import mentions, speaks_of


def found(text: str) -> list[tuple[str, str]]:
    """Return the terms in a text, each with the words it was found by."""
    return [(each.term, text[each.start : each.end]) for each in mentions(text, built_in())]


def about(text: str, vocabulary: Vocabulary | None = None) -> str:
    """Return what a text speaks of."""
    vocabulary = vocabulary or built_in()
    return speaks_of(mentions(text, vocabulary), vocabulary)


@pytest.mark.parametrize(
    "text",
    [
        "Le jumelage entre notre ville et Chengdu fête ses dix ans.",
        "COOPÉRATION DÉCENTRALISÉE AVEC LA RÉPUBLIQUE POPULAIRE DE CHINE",
        "une lettre d’intention signée à Tchong-King",
        "la convention de coopération franco-chinoise, article L. 1115-1 du code",
        "Les villes sœurs : Louisville, Heidelberg, Cheng Du.",
        "A sister city agreement with Lijiang was renewed.",
        "L'agermanament amb la ciutat xinesa de Chengdu.",
        "Lo girmanatge amb la vila de Chongqing, en China.",
        "蒙彼利埃与成都缔结友好城市关系",
        "土魯斯與重慶簽署備忘錄",
    ],
)
def test_a_link_and_a_partner_make_a_relation(text: str) -> None:
    """A strong term near a Chinese place is a relation, in every language of the corpus and either script."""
    assert about(text) == "relation"


@pytest.mark.parametrize(
    "text",
    [
        "Une délégation est attendue de Chine au printemps.",
        "Monsieur le Maire rend compte de son voyage à Pékin.",
        "中国游客",
        "Le jumelage avec Heidelberg." + " Autre point." * 40 + " Le nouvel an chinois.",
    ],
)
def test_a_place_without_a_link_is_a_mention(text: str) -> None:
    """A Chinese place with no strong term within 300 characters is only mentioned."""
    assert about(text) == "mention"


@pytest.mark.parametrize(
    "text",
    [
        "L'achat d'une machine à laver.",
        "un lavis à l'encre de Chine et des ombres chinoises",
        "des maisons jumelées et des roues jumelées",
        "les travaux de l'école Chengdu et de la place de Chengdu",
        "le jumelage des contrats d'entretien avec la Chine du Nord"[:40],
        "La subvention au club de pétanque, la motion, le vœu.",
        "le jumelage avec une ville d'Allemagne",
        "La ville est jumelée avec Tainan, à Taïwan.",
        "",
    ],
)
def test_what_only_looks_like_it_does_not_count(text: str) -> None:
    """False friends, weak words alone and other countries are neither relation nor mention."""
    assert about(text) == ""


def test_taiwan_is_coded_apart() -> None:
    """Taiwan and its cities have a class of their own, also where a name contains the other country's."""
    assert [term for term, _ in found("Tainan (République de Chine), 台灣")] == [
        "place:taiwan/tainan",
        "place:taiwan/taiwan",
        "place:taiwan/taiwan",
    ]


def test_spans_are_the_words_as_written() -> None:
    """Offsets are code points of the text as given, ligatures and accents included, in the order of the text."""
    text = "« Œuvre » 𝄞 — la coopération  décentralisée, puis Xi’an et 成都"
    assert [words for _, words in found(text)] == ["coopération  décentralisée", "Xi’an", "成都"]


def test_the_longest_term_counts() -> None:
    """Of terms that begin at one word the longest is kept, once."""
    assert found("la République populaire de Chine") == [("place:chine/chine", "République populaire de Chine")]


def test_weak_terms_need_a_place() -> None:
    """A delegation alone says nothing; near a place it is kept, without making a relation."""
    assert found("Accueil d'une délégation.") == []
    assert [term for term, _ in found("Accueil d'une délégation de Shanghai.")] == [
        "sign/delegation",
        "place:chine/shanghai",
    ]


def test_abbreviations_are_found_in_capitals_only() -> None:
    """RPC is a country, rpc is a remote call."""
    assert [words for _, words in found("la RPC, un appel rpc")] == ["RPC"]


def test_words_of_one_term_stand_together() -> None:
    """Two words with half a sentence between them are not a term."""
    assert found("la coopération, qui n'est pas décentralisée") == []


@given(st.text(max_size=300))
def test_any_text_gives_spans_in_order(text: str) -> None:
    """Whatever the text, spans lie inside it, in order and without overlap."""
    made = mentions(text + " jumelage à Chengdu", built_in())
    assert all(0 <= each.start < each.end <= len(text) + 19 for each in made)
    assert all(before.end <= after.start for before, after in pairwise(made))
    assert made[-1].term == "place:chine/chengdu"


def test_a_file_of_ones_own_replaces_everything() -> None:
    """A researcher's vocabulary is read by the same rules, and its version names its content."""
    mine = read_vocabulary(
        "version: mine\nnear: 20\nclasses:\n  link: {role: strong, terms: {tie: [lien*]}}\n"
        '  "place:japon": {role: partner, terms: {japon: [japon, 日本]}}\nfalse_friends: ["lien* hypertexte*"]\n'
    )
    assert about("des liens avec le Japon", mine) == "relation"
    assert about("des liens hypertextes avec le Japon", mine) == "mention"
    assert about("des liens, mais bien plus loin dans le texte, le Japon", mine) == "mention"
    assert mentions("le jumelage avec Chengdu", mine) == ()
    assert mine.version.startswith("mine-")
    assert read_vocabulary(built_in_text() + "\n# changed\n").version != built_in().version


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{", "YAML"),
        ("- a list", "mapping"),
        ("classes: {a: {role: strong}}", "role` and `terms"),
        ("classes: {a: {role: loud, terms: {}}}", "strong, weak, partner, place"),
        ("classes: {a: {role: weak, terms: [x]}}", "mapping"),
        ("classes: {a: {role: weak, terms: {x: [no]}}}", "list of words"),
        ("classes: {a: {role: weak, terms: {x: ['...']}}}", "no word"),
        ("classes: {a: {role: weak, terms: {x: ['*']}}}", "no word"),
        ("classes: {}\nnear: true", "near"),
        ("classes: {}\nunknown: 1", "keys"),
        ("classes: {a: &a [*a]}", "role` and `terms"),
        ("#" * 1_100_000, "larger"),
    ],
)
def test_a_bad_file_gets_a_sentence(text: str, says: str) -> None:
    """Whatever is wrong with a file, one sentence says what and where."""
    with pytest.raises(VocabularyError, match=says):
        read_vocabulary(text)


def test_relations_are_marked_on_both_sides() -> None:
    """The link and the place are marked; a place far away is not."""
    text = "Jumelage avec Chengdu." + " Divers." * 60 + " Shanghai."
    made: tuple[Mention, ...] = mentions(text, built_in())
    assert [(each.term, each.relation) for each in made] == [
        ("link/jumelage", True),
        ("place:chine/chengdu", True),
        ("place:chine/shanghai", False),
    ]
