"""Votes in made-up passages: what is stated is read, and what is not stated is None."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.dateforms import fold
from extract.minutes.votes import decisions, read_votes
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
    ],
)
def test_nothing_stated_is_none(passage: str) -> None:
    """A passage that states no vote has none."""
    assert read_votes(passage) is None


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
