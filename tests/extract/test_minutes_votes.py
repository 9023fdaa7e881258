"""Votes in made-up passages: what is stated is read, and what is not stated is None."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.dateforms import fold
from extract.minutes.counts import sides
from extract.minutes.outcomes import decisions
from extract.minutes.votes import read_votes
from extract.model import Votes

HOSTILE = {
    "a and spaces": "a" + " " * 100_000,
    "a and lines": "à l'" + "\n" * 100_000,
    "n": "n " * 100_000,
    "a l": "a l " * 100_000,
    "colon and spaces": "pour :" + " " * 100_000 + "x",
    "number and spaces": "12" + " " * 100_000 + "x",
    "digits": "1" * 300_000,
    "number words": "vingt et " * 50_000,
    "opened brackets": "12 voix (" * 50_000,
    "councils": "le conseil municipal " * 20_000,
    "sides": "contre : / " * 30_000,
    "counts of others": "pour : 3 contre " * 20_000,
    "rows": "pour 3 contre 2 " * 20_000,
    "tables": "pour contre 3 2 " * 20_000,
    "names and gaps": ("pour |" + " " * 30) * 5_000,
    "members": "18 votants : " * 20_000,
    "asked": "il est propose au conseil\nautorise " * 5_000,
    "rows of lines": "pour" + "\n" * 100_000 + "3",
}


def counts(passage: str) -> tuple[int | None, int | None, int | None, str]:
    """The three counts and the result of a passage that states a vote."""
    votes = read_votes(passage)
    assert votes is not None
    return votes.in_favour, votes.against, votes.abstentions, votes.result


@pytest.mark.parametrize(
    ("passage", "expected"),
    [
        ("Pour : 55 / Contre : / Abstention : 2", (55, None, 2, "adopted")),
        ("Pour : 55 / Contre : / / Abstention : 2", (55, 0, 2, "adopted")),
        ("Pour : 19 Contre : / Abstention : /", (19, 0, 0, "adopted")),
        ("Pour : 12\nContre : néant\nAbstention : néant", (12, 0, 0, "adopted")),
        ("Pour : 14 Contre : 0 Abstention : 0", (14, 0, 0, "adopted")),
        ("Pour = 9, contre = 1, abstention = 3", (9, 1, 3, "adopted")),
        ("Contre : 3 (M. Brun, Mme Leroux) Abstentions : 1 Pour : 11", (11, 3, 1, "adopted")),
        ("La proposition est adoptée par quinze voix pour.", (15, None, None, "adopted")),
        ("0 contre, 0 abstention, 11 pour", (11, 0, 0, "adopted")),
        ("Pour 12 - Contre 0 - Abstention 1", (12, 0, 1, "adopted")),
        ("POUR 4 CONTRE 9 ABSTENTION 0", (4, 9, 0, "rejected")),
        ("Pour (20) Contre (2) Abstentions (1)", (20, 2, 1, "adopted")),
        ("Pour | 12 | Contre | 0 | Abstention | 1", (12, 0, 1, "adopted")),
        ("Présents 12 - Votants 14 - Pour 14 - Contre 0 - Abstention 0", (14, 0, 0, "adopted")),
        ("vote à main levée (« Pour » : 9, « Abstention » : 8)", (9, None, 8, "adopted")),
        ("Oui : 12 Non : 2", (12, 2, None, "adopted")),
        ("vingt-deux voix pour et une abstention", (22, None, 1, "adopted")),
        ("par vingt et une voix pour, aucune contre", (21, 0, None, "adopted")),
        ("par trente-deux voix pour et dix-sept contre", (32, 17, None, "adopted")),
        ("par quatre-vingt-dix-neuf voix pour, onze abstentions", (99, None, 11, "adopted")),
        ("Vote : 11 pour, 2 contre, 1 abstention", (11, 2, 1, "adopted")),
        ("VOTE À BULLETIN SECRET : 3 POUR, 9 CONTRE", (3, 9, None, "rejected")),
        ("Le vœu est rejeté par 6 voix contre 5.", (5, 6, None, "rejected")),
        ("Le vœu est adopté par 6 voix contre 5.", (6, 5, None, "adopted")),
        ("2 votes contre\n1 abstention\n9 votes pour", (9, 2, 1, "adopted")),
        ("4 voix contre 8 voix pour", (8, 4, None, "adopted")),
        ("Par 10 voix pour et 10 voix contre", (10, 10, None, "")),
        ("Approuvé à la majorité (2 abstentions)", (None, None, 2, "adopted")),
        ("Adopté à la majorité (2 contre, 1 abstention)", (None, 2, 1, "adopted")),
        ("22 pour et 5 abstentions", (22, None, 5, "adopted")),
        ("13 voix pour", (13, None, None, "adopted")),
        ("Vote : 12 pour 0 contre 1 abst.", (12, 0, 1, "adopted")),
        ("POUR : 10 CONTRE : 0 ABSTENTION : 1", (10, 0, 1, "adopted")),
        ("avec 16 voix « Pour » et 3 voix « Contre »", (16, 3, None, "adopted")),
        ("12 oui, 2 non", (12, 2, None, "adopted")),
        ("11 pour\nLe maire remercie les élus.", (11, None, None, "adopted")),
        ("Pour le pré : 12 pour, 1 contre.\nPour le bois : 9 pour, 2 contre, 2 abstentions.", (12, 1, None, "adopted")),
    ],
)
def test_counts_are_read_as_they_are_printed(
    passage: str, expected: tuple[int | None, int | None, int | None, str]
) -> None:
    """In figures and in words, before and after the side; a stroke is no count where it only parts two sides."""
    assert counts(passage) == expected


@pytest.mark.parametrize(
    "passage",
    [
        "Adopté à l'unanimité des membres présents",
        "à l’UNANIMITÉ",
        "Voté A L' UNANIMITE",
        "le conseil, à\nl'unanimité, approuve",
        "approuvé unanimement",
    ],
)
def test_unanimity_is_read_however_it_is_spelled(passage: str) -> None:
    """Apostrophes, spaces and line ends vary; no count is made up from it."""
    votes = read_votes(passage)
    assert votes is not None
    assert (votes.unanimous, votes.result, votes.in_favour, votes.against) == (True, "adopted", None, None)


@pytest.mark.parametrize(
    ("passage", "result"),
    [
        ("Le conseil municipal prend acte du rapport.", "noted"),
        ("Les élus prennent bonne note de cette lettre.", "noted"),
        ("Ce point est retiré de l'ordre du jour.", "withdrawn"),
        ("La question est reportée à une prochaine séance.", "withdrawn"),
        ("Le conseil refuse la cession du chemin.", "rejected"),
        ("La motion est rejetée.", "rejected"),
        ("Le conseil n'a pas approuvé le devis ; il est n'est pas adopté.", "rejected"),
        ("Le conseil décide d'acheter le pré.", "adopted"),
    ],
)
def test_words_alone_say_what_became_of_the_matter(passage: str, result: str) -> None:
    """A result without counts leaves the counts None."""
    assert counts(passage) == (None, None, None, result)


@pytest.mark.parametrize(
    "passage",
    [
        "",
        "   \n",
        "Le maire présente la salle des fêtes.",
        "La lutte contre 3 fléaux",
        "Une contribution de 12 euros",
        "Les élus s'inquiètent du bruit.",
        "SALLE 95\nPour réunion : gratuite",
        "La salle tient 95 pour une réunion",
    ],
)
def test_nothing_stated_is_none(passage: str) -> None:
    """A passage that states no vote has none."""
    assert read_votes(passage) is None


@pytest.mark.parametrize(
    ("passage", "result"),
    [
        (
            "Le comité a émis un avis défavorable et rejeté le projet. " * 9 + "Le conseil, à l'unanimité, approuve.",
            "adopted",
        ),
        ("Leur nombre a été fixé à deux par le préfet. " * 9 + "Le conseil municipal prend acte du tirage.", "noted"),
        (
            "Un vote avait été reporté à la prochaine séance. " * 9
            + "La note dit tout. " * 9
            + "Le conseil accepte à l'unanimité.",
            "adopted",
        ),
        ("Le conseil décide de reporter l'examen de cette question.", "withdrawn"),
        ("Après en avoir délibéré, le conseil municipal charge le maire du dossier.", "adopted"),
        ("Après en avoir délibéré, le conseil municipal refuse la cession.", "rejected"),
    ],
)
def test_the_outcome_is_what_the_council_said(passage: str, result: str) -> None:
    """What others decided before, told in the same act, is not its outcome."""
    votes = read_votes(passage)
    assert votes is not None
    assert votes.result == result


def test_letters_that_an_ocr_mistook_are_read() -> None:
    """A capital T after an I comes out of an OCR as an I with dots."""
    votes = read_votes("LE CONSEIL MUNICIPAL, A L'UNANIMIÏE, ACCEPÏE CETTE PROPOSITION")
    assert votes is not None
    assert (votes.unanimous, votes.result) == (True, "adopted")


def test_a_proposal_is_no_decision() -> None:
    """What the council is asked to do, or did in another séance, is not decided here."""
    for words in (
        "Il est proposé au conseil d'accepter.",
        "Le conseil avait décidé d'acheter.",
        "Le conseil doit voter.",
    ):
        assert decisions(fold(words)) == []


@pytest.mark.parametrize(
    "passage", ["La licence NOD 32 pour 8 postes coûte cher.", "Le prix est de 3 pour 10 000 euros."]
)
def test_a_number_before_for_is_no_count_where_another_number_goes_on(passage: str) -> None:
    """What costs 3 for 10 is no vote of three in favour."""
    assert read_votes(passage) is None


def test_a_list_that_a_colon_opens_is_no_vote() -> None:
    """The dash of a list on the next line is not the dash that stands for none."""
    votes = read_votes("La zone est ouverte pour :\n- permettre la réalisation.\nLe conseil approuve à l'unanimité.")
    assert votes is not None
    assert votes.in_favour is None


def test_members_are_read_beside_the_vote() -> None:
    """Members in office, present and voting are not taken for the sides they stand next to."""
    votes = read_votes("En exercice : 15 Présents : 12 Votants : 14 Pour : 13 Contre : 1 Abstention : 0")
    assert votes is not None
    assert (votes.exercice, votes.present, votes.voting) == (15, 12, 14)
    assert (votes.in_favour, votes.against, votes.abstentions) == (13, 1, 0)


def test_the_quote_holds_the_vote_on_one_line() -> None:
    """The quote is short, on one line, and taken from the passage."""
    votes = read_votes("Le maire lit. " * 60 + "Après débat,\nadopté à l'unanimité." + " Suite." * 80)
    assert votes is not None
    assert "adopté à l'unanimité" in votes.quote
    assert len(votes.quote) <= 300 and "\n" not in votes.quote


def test_decisions_are_found_where_they_are_worded() -> None:
    """Places are in order and point at the words."""
    text = "Titre\nLe conseil approuve.\nAutre\nAdopté à l'unanimité.\nIl prend acte."
    places = decisions(fold(text))
    assert places == sorted(set(places))
    assert any(text[place:].startswith("Le conseil") for place in places)
    assert any(text[place:].startswith("prend acte") for place in places)
    assert decisions("le maire parle du temps qu'il fait") == []


@given(st.text(max_size=300) | st.text(alphabet="apour cnteb:/-=(\n'l0123456789", max_size=300))
def test_any_text_is_read_without_a_fault(passage: str) -> None:
    """Counts are never below zero and decisions stand inside the text."""
    votes = read_votes(passage)
    if votes is not None:
        given_counts = (votes.in_favour, votes.against, votes.abstentions, votes.exercice, votes.present, votes.voting)
        assert all(count is None or count >= 0 for count in given_counts)
        assert votes != Votes()
    assert all(0 <= place < len(passage) for place in decisions(fold(passage)))


@given(st.integers(0, 999), st.integers(0, 999), st.integers(0, 999))
def test_any_three_counts_come_back(pour: int, contre: int, abstentions: int) -> None:
    """Printed with colons or in a sentence, three counts are the same three counts."""
    expected = (pour, contre, abstentions)
    assert counts(f"Pour : {pour} Contre : {contre} Abstentions : {abstentions}")[:3] == expected
    assert counts(f"par {pour} voix pour, {contre} voix contre et {abstentions} abstentions")[:3] == expected


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_passage_takes_no_time(name: str) -> None:
    """No run of spaces, letters or digits is tried in many ways."""
    began = time.process_time()
    read_votes(HOSTILE[name])
    decisions(HOSTILE[name])
    assert time.process_time() - began < 3


def test_a_stray_count_does_not_hide_the_vote() -> None:
    """A number beside one side, then the vote with both: the vote is the one with two sides."""
    assert sides("3 pour la commission. le conseil : 12 voix pour, 2 contre")["in_favour"] == 12
    assert sides("11 voix pour, puis 9 voix pour et 4 contre")["against"] == 4


@pytest.mark.parametrize(
    ("passage", "expected"),
    [
        ("Adopté par 14 voix.", (14, None, None, "adopted")),
        ("Approuvé par 14 voix sur 14.", (14, None, None, "adopted")),
        ("La motion est rejetée par 8 voix.", (None, 8, None, "rejected")),
        ("Mme Leroux est élue adjointe par 14 voix.", (None, None, None, "adopted")),
        ("11 membres votent pour, 3 votent contre et 1 s'abstient", (11, 3, 1, "adopted")),
        ("11 pour sur 12, 1 abstention", (11, None, 1, "adopted")),
        ("Abstention (s) : 3\nVote(s) contre : 1\nVote(s) pour : 20", (20, 1, 3, "adopted")),
        ("Pour: 15 Contre: O Abs :0", (15, 0, 0, "adopted")),
        ("Pour : 15 Contre : - Abstention : -", (15, 0, 0, "adopted")),
        ("Pour | Contre | Abstention\n12 | 2 | 1", (12, 2, 1, "adopted")),
        ("Pour\nContre\nAbstention\n12\n2\n1", (12, 2, 1, "adopted")),
        ("Votants | Pour | Contre\n12 | 2", (None, None, None, "")),
    ],
)
def test_counts_without_a_side_and_in_tables(passage: str, expected: tuple[int | str | None, ...]) -> None:
    """Counts are read without a side, and from a table only where it has as many cells as names."""
    votes = read_votes(passage) or Votes()
    assert (votes.in_favour, votes.against, votes.abstentions, votes.result) == expected


@pytest.mark.parametrize(
    ("passage", "expected"),
    [
        ("18 votants : 15 pour, 2 contre, 1 abstention", (None, None, 18, 15)),
        ("15 présents, 18 votants : 18 pour", (None, 15, 18, 18)),
        ("12 votants dont 11 pour et 1 abstention", (None, None, 12, 11)),
        ("Votants 12 Pour 11 Abstention 1", (None, None, 12, 11)),
        ("Membres en exercice 15 - présents 12 - votants 14 - pour 14 - contre 0", (15, 12, 14, 14)),
        ("Exercice | Présents | Votants | Pour | Contre | Abst.\n15 | 10 | 12 | 12 | / | /", (15, 10, 12, 12)),
    ],
)
def test_members_before_their_name_and_in_tables(passage: str, expected: tuple[int | None, ...]) -> None:
    """A number before « votants » is theirs, and the one after the colon belongs to the side that follows."""
    votes = read_votes(passage)
    assert votes is not None
    assert (votes.exercice, votes.present, votes.voting, votes.in_favour) == expected


@pytest.mark.parametrize(
    ("passage", "unanimous", "result"),
    [
        ("Adopté à l'unanimité moins 2 abstentions.", True, "adopted"),
        ("Adopté par 12 voix pour et 2 abstentions, à l'unanimité des suffrages exprimés.", True, "adopted"),
        ("Le comité l'a arrêté à l'unanimité. Par 16 voix pour et 1 contre, le conseil approuve.", False, "adopted"),
        ("Adopté par 19 voix pour et 5 abstentions.\n\nSubventions : adopté à l'unanimité.", False, "adopted"),
        ("La commission a émis un avis favorable à l'unanimité. Le conseil municipal prend acte.", False, "noted"),
        ("Le conseil, sur proposition de la commission, à l'unanimité, approuve.", True, "adopted"),
        ("Le Conseil, à Punanimité, affecte le résultat.", True, "adopted"),
    ],
)
def test_the_unanimity_of_others_is_not_the_councils(passage: str, unanimous: bool, result: str) -> None:
    """A committee that was unanimous, or another vote, does not make the council's vote unanimous."""
    votes = read_votes(passage)
    assert votes is not None
    assert (votes.unanimous, votes.result) == (unanimous, result)
