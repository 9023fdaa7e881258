"""Questions: operators are understood, everything else is literal, and no text is an error."""

from __future__ import annotations

import sqlite3
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.terms import analyse
from storage.chunking import index_text
from storage.expressions import to_fts5
from storage.marks import matcher
from storage.query import LONGEST, NEAREST, Atom, Clause, Near, parse

HOSTILE = [
    "",
    " ",
    '"',
    '""',
    "AND",
    "NOT",
    "NEAR",
    "NEAR(",
    "NEAR()",
    "NEAR(,)",
    "NEAR(a)",
    "NEAR(a b, 9999999999999999999)",
    "NEAR(NEAR(a b, 2) c, 3)",
    "*",
    "a**",
    "(((",
    ")",
    "titre:x",
    "stems : x",
    "{stems words} : x",
    "^a",
    "a + b",
    "-",
    "--",
    "-*",
    '-"',
    "- a",
    "OR",
    "OR OR OR",
    "a OR",
    "OR a",
    "a OR -b",
    "a OR (((",
    "'; DROP TABLE chunk_index; --",
    "\x00",
    "a\x00b",
    "\ud800",
    "\u202e",
    "%s %(x)s :asked ?",
    "\\",
    "arc-en-ciel",
    "l'Atlas",
    '"mise en',
    '"a" "b',
    "友",
    "友*",
    '"友',
    "-友",
]


def stems(*words: str, prefix: bool = False) -> Clause:
    """Return the clause for consecutive words in any form."""
    return Clause((Atom("stems", words, prefix),))


def literal(*words: str, prefix: bool = False) -> Clause:
    """Return the clause for consecutive words as written."""
    return Clause((Atom("words", words, prefix),))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Jumelage Chine", [stems("jumelage"), stems("chine")]),
        ('"Mise en Œuvre"', [literal("mise", "en", "oeuvre")]),
        ('"l\'Atlas"', [literal("l", "atlas")]),
        ("l'Atlas", [stems("atlas")]),
        ("jumel*", [literal("jumel", prefix=True)]),
        ("l'arc-en-c*", [literal("arc", "en", "c", prefix=True)]),
        ("arc-en-ciel", [stems("arc", "en", "ciel")]),
        ("coup-d'œil", [stems("coup", "oeil")]),
        ("2022-045", [stems("2022", "045")]),
        ("titre:x", [stems("titre", "x")]),
        ("place:chine", [stems("place", "chine")]),
        ("jumel*age", [stems("jumel", "age")]),
        ("友好", [stems("友好")]),
        ("友好城市", [stems("友好", "好城", "城市")]),
        ("市", [stems("市", prefix=True)]),
        ('"市"', [literal("市", prefix=True)]),
        ("成都A", [stems("成都", "都", "a")]),
        ("A市", [stems("a", "市", prefix=True)]),
        ("成都*", [literal("成都", prefix=True)]),
        ("a -b", [stems("a"), Clause((Atom("stems", ("b",)),), negative=True)]),
        ('-"a b"', [Clause((Atom("words", ("a", "b")),), negative=True)]),
        ("-b*", [Clause((Atom("words", ("b",), True),), negative=True)]),
        ("a OR b c", [Clause((Atom("stems", ("a",)), Atom("stems", ("b",)))), stems("c")]),
        ("a OR b OR c", [Clause(tuple(Atom("stems", (each,)) for each in "abc"))]),
        ("a AND b", [stems("a"), stems("and"), stems("b")]),
        ("a or b", [stems("a"), stems("or"), stems("b")]),
        ("OR", [stems("or")]),
        ("OR a", [stems("or"), stems("a")]),
        ("a OR", [stems("a"), stems("or")]),
        ("a OR (((", [stems("a"), stems("or")]),
        ("a OR -b", [stems("a"), stems("or"), Clause((Atom("stems", ("b",)),), negative=True)]),
        ('"OR"', [literal("or")]),
        ('"mise en', [stems("mise"), stems("en")]),
        ("- a", [stems("a")]),
        ("--a", [stems("a")]),
        ("near(a b)", [stems("near", "a"), stems("b")]),
        ("NEAR(a (b, 5)", [stems("near", "a"), stems("b"), stems("5")]),
    ],
)
def test_a_text_is_understood(text: str, expected: list[Clause]) -> None:
    """Words, phrases, prefixes, negations and OR give their clauses; the rest is looked for as it stands."""
    assert parse(text).clauses == tuple(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("NEAR(a b)", Near((Atom("stems", ("a",)), Atom("stems", ("b",))), 10)),
        ("NEAR(a b, 3)", Near((Atom("stems", ("a",)), Atom("stems", ("b",))), 3)),
        ("NEAR(a, b,0)", Near((Atom("stems", ("a",)), Atom("stems", ("b",))), 0)),
        ('NEAR("mise en" b, 5)', Near((Atom("words", ("mise", "en")), Atom("words", ("b",))), 5)),
        ("NEAR(jumel* Villes, 5)", Near((Atom("words", ("jumel",), True), Atom("words", ("villes",))), 5)),
        ("NEAR(a, 5)", Atom("stems", ("a",))),
        ("NEAR(, 5)", None),
    ],
)
def test_near_has_words_and_a_number(text: str, expected: Near | Atom | None) -> None:
    """NEAR takes words, phrases and prefixes; with one of them only it is that one, with none it is nothing."""
    assert parse(text).clauses == ((Clause((expected,)),) if expected else ())


def test_a_pasted_page_is_cut_and_says_so() -> None:
    """Only so many words are looked at; alternatives count as well."""
    assert parse(" ".join(f"m{n}" for n in range(10_000))).cut
    assert parse(" OR ".join(f"m{n}" for n in range(10_000))).cut
    assert not parse(" ".join(f"m{n}" for n in range(LONGEST))).cut


def test_a_long_near_is_cut_and_says_so() -> None:
    """The words of a NEAR are counted too."""
    assert parse(f"NEAR({' '.join('abcdefghijklmno')})").cut
    assert not parse(f"NEAR({' '.join('abcdefghijklmno'[:NEAREST])})").cut


def test_nothing_to_find_gives_no_expression() -> None:
    """Empty, only signs, only negations: there is nothing to look for."""
    assert [to_fts5(parse(text)) for text in ("", "(((", "-a -b")] == [None, None, None]


# --------------------------------------------------------------------------------------- against a real full-text table


class Table:
    """A full-text table of one passage after the other, as the index makes them."""

    def __init__(self) -> None:
        self.sqlite = sqlite3.connect(":memory:")
        self.sqlite.execute("CREATE VIRTUAL TABLE t USING fts5(stems, words, tokenize='ascii')")

    def finds(self, text: str, question: str, language: str = "fr") -> bool:
        """Return whether a question finds a text."""
        terms = analyse(text, language)
        expression = to_fts5(parse(question))
        if expression is None:
            return False
        self.sqlite.execute("DELETE FROM t")
        row = (index_text(terms, "stem"), index_text(terms, "word"))
        self.sqlite.execute("INSERT INTO t(stems, words) VALUES (?, ?)", row)
        return bool(self.sqlite.execute("SELECT rowid FROM t WHERE t MATCH ?", (expression,)).fetchall())


@pytest.fixture(scope="module")
def table() -> Table:
    """A full-text table in memory."""
    return Table()


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_are_answered(table: Table, text: str) -> None:
    """Operators of FTS5 and SQL, half quotes and controls: an answer, right or empty, never an error."""
    assert table.finds("rien de tout cela", text) is False


@given(question=st.text(alphabet=st.sampled_from("ab éœ\"*-()^:{}+,友好l'\x00\ud800OR NEAR(a b,2)AND")) | st.text())
def test_no_text_is_an_error(table: Table, question: str) -> None:
    """Whatever is typed, SQLite takes the expression and the matcher takes the text."""
    assert table.finds(question, question) in (True, False)
    assert isinstance(matcher(parse(question))(analyse(question, "fr")), list)


@pytest.mark.parametrize(
    "question",
    [
        "a-" * 5000,
        '"' + "a " * 5000 + '"',
        "NEAR(" + "a " * 5000 + ")",
        "NEAR(" * 5000,
        "NEAR(" + ",a" * 20_000,
        " ".join(f"NEAR(m{n} a b c, 900)" for n in range(300)),
        '"' * 9999,
        "a" * 100_000,
        " ".join(f"m{n}" for n in range(10_000)),
    ],
)
def test_long_texts_are_answered_soon(table: Table, question: str) -> None:
    """Nothing that can be pasted keeps the corpus busy, not even where its words are everywhere."""
    begun = time.process_time()
    table.finds("a " * 2000, question)
    assert time.process_time() - begun < 5


@pytest.mark.parametrize(
    ("text", "question", "expected"),
    [
        ("la mise en œuvre", "oeuvre", ["œuvre"]),
        ("la Coopération", "cooperations", ["Coopération"]),
        ("deux jumelages, un jumelage", "jumelages", ["jumelages", "jumelage"]),
        ("deux jumelages, un jumelage", '"jumelages"', ["jumelages"]),
        ("deux jumelages, un jumelage", "jumelag*", ["jumelages", "jumelage"]),
        ("l'Atlas d’Occitanie", "Atlas Occitanie", ["Atlas", "Occitanie"]),
        ("l'Atlas d’Occitanie", '"d\'Occitanie"', ["d’Occitanie"]),
        ("l'arc-en-ciel, un arc en ciel", "arc-en-ciel", ["arc-en-ciel", "arc en ciel"]),
        ("成都与图卢兹结为友好城市", "友好", ["友好"]),
        ("成都与图卢兹结为友好城市", "友好城市 城市", ["友好城市"]),
        ("成都与图卢兹结为友好城市", "城", ["城"]),
        ("成都与图卢兹结为友好城市", "图卢兹", ["图卢兹"]),
        ("成都A区，成都B区", "成都A", ["成都A"]),
        ("un pont, une ville, une rivière", "pont -mer", ["pont"]),
        ("ville de pont et ville de rivière", "NEAR(ville rivières, 1)", ["ville", "rivière"]),
        ("un deux trois quatre cinq", "NEAR(un quatre, 2)", ["un", "quatre"]),
        ("un deux trois quatre cinq", 'NEAR("un deux" quatre, 1)', ["un deux", "quatre"]),
        ("jumelées à deux villes", "NEAR(jumel* villes, 2)", ["jumelées", "villes"]),
        ("la mer", "mer OR rivière", ["mer"]),
        ("l'or et l'argent", "OR", ["or"]),
    ],
)
def test_what_is_found_is_shown(table: Table, text: str, question: str, expected: list[str]) -> None:
    """The index finds the text, and the matcher says which words of it were meant."""
    assert table.finds(text, question)
    assert [text[start:end] for start, end in matcher(parse(question))(analyse(text, "fr"))] == expected


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("un jumelage", '"jumelages"'),
        ("en mise oeuvre", '"mise en oeuvre"'),
        ("l'Atlas", '"Atlas l"'),
        ("成都，好友", "友好"),
        ("友，好", "友好"),
        ("un deux trois quatre cinq", "NEAR(un quatre, 1)"),
        ("un deux trois quatre cinq", 'NEAR("un deux" cinq, 1)'),
        ("ciel arc", "arc-en-ciel"),
        ("la ville", "villag*"),
    ],
)
def test_what_is_not_meant_is_not_found(table: Table, text: str, question: str) -> None:
    """Literal phrases, order, distance and sentence signs are respected, by the index and by the matcher."""
    assert not table.finds(text, question)
    assert matcher(parse(question))(analyse(text, "fr")) == []


WORD = st.sampled_from(["ville", "villes", "jumelée", "jumelés", "l'eau", "友好", "友好城市", "好", "x-y", "d'x"])
TEXT = st.lists(WORD | st.sampled_from([",", "\n"]), max_size=12).map(" ".join)
PHRASE = st.lists(WORD, min_size=1, max_size=3).map(lambda words: '"' + " ".join(words) + '"')
PREFIX = st.sampled_from(["vil*", "jumel*", "友*", "x*"])
ATOM = WORD | PHRASE | PREFIX
NEAR = st.builds(
    lambda atoms, gap: f"NEAR({' '.join(atoms)}, {gap})", st.lists(ATOM, min_size=2, max_size=3), st.integers(0, 4)
)
ONE = ATOM | NEAR
QUESTION = ONE | st.builds("{} OR {}".format, ONE, ONE)


@given(text=TEXT, question=QUESTION)
def test_the_matcher_agrees_with_the_index(table: Table, text: str, question: str) -> None:
    """For one clause, the matcher has something to show exactly where SQLite finds the passage."""
    assert bool(matcher(parse(question))(analyse(text, "fr"))) == table.finds(text, question)


@pytest.mark.parametrize(
    ("written", "language", "asked"),
    [
        ("hermanamientos", "es", "hermanamiento"),
        ("jumelages", "fr", "jumelage"),
        ("ciutats", "ca", "ciutat"),
        ("vilas", "oc", "vila"),
        ("cities", "en", "city"),
    ],
)
def test_a_question_means_the_stems_of_every_language(written: str, language: str, asked: str) -> None:
    """Whatever language a document was stemmed in, a question for another form of the word asks for its stem."""
    stem = analyse(written, language)[0].stem
    assert f'"{stem}"' in (to_fts5(parse(asked)) or "")


@pytest.mark.parametrize("word", ["AND", "ET", "NOT", "SAUF"])
def test_the_operators_of_other_engines_are_words_and_said(word: str) -> None:
    """Who writes AND is told that it was looked for as a word; between quotes, or in small letters, nothing is said."""
    asked = parse(f"jumelage {word} (")
    assert [each.words for clause in asked.clauses for each in clause.anyof if isinstance(each, Atom)] == [
        ("jumelage",),
        (word.lower(),),
    ]
    assert len(asked.expanded) == 1 and asked.expanded[0].startswith(f"{word} was looked for as a word")
    assert not parse(f'jumelage "{word}"').expanded and not parse(f"jumelage {word.lower()}").expanded
