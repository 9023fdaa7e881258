"""The full-text index: what is found, in which order, and that nothing taken out leaves a trace."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, create_engine, insert, select

from extract.terms import fold
from storage import index
from storage.chunking import LONGEST, Piece, prepare
from storage.filters import Filters
from storage.models import Base, Chunk, Document
from storage.query import parse
from storage.ranking import Found, Within

EVERYTHING = Filters()
FIELD = {
    "pact": ("zh", "成都与图卢兹结为友好城市。"),
    "chongqing": ("zh", "重庆是中国的直辖市。"),
    "chongqing2": ("zh", "我们与重庆合作"),
    "fr": ("fr", "La coopération décentralisée et la mise en œuvre d’un jumelage avec l'Atlas."),
    "plural": ("fr", "Les jumelages des villes; un arc-en-ciel."),
    "ca": ("ca", "Els agermanaments de ciutats."),
    "es": ("es", "Los hermanamientos de ciudades."),
    "mixed": ("fr", "La ville de 蒙彼利埃 (Montpellier) reçoit 成都 en 2019."),
}


def connect() -> Connection:
    """Return a connection to an empty corpus in memory, with its index."""
    connection = create_engine("sqlite://").connect()
    Base.metadata.create_all(connection)
    index.create(connection)
    return connection


def keep(connection: Connection, name: str, text: str, language: str = "fr", pages: Sequence = ()) -> tuple[Piece, ...]:
    """Put a document into the corpus and its index and return its pieces."""
    values = {"id": name, "address": name, "first_capture_seq": 1, "language": language}
    connection.execute(insert(Document).values(values))
    pieces = prepare(text, pages, language)
    index.add(connection, name, pieces)
    return pieces


def answer(connection: Connection, question: str, within: Within = "passage", **cut) -> Found:
    """Return what a question finds among all documents."""
    return index.find(connection, parse(question), cut.pop("filters", EVERYTHING), within, **cut)


def found(connection: Connection, question: str, within: Within = "passage", **cut) -> list[str]:
    """Return the ids of the documents that a question finds, best first."""
    return [hit.document_id for hit in answer(connection, question, within, **cut).hits]


@pytest.fixture
def corpus() -> Iterator[Connection]:
    """An empty corpus."""
    with connect() as connection:
        yield connection


@pytest.fixture(scope="module")
def field() -> Iterator[Connection]:
    """A corpus of one sentence a document."""
    with connect() as connection:
        for name, (language, text) in FIELD.items():
            keep(connection, name, text, language)
        yield connection


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("友好", {"pact"}),
        ("重庆", {"chongqing", "chongqing2"}),
        ("庆", {"chongqing", "chongqing2"}),
        ("市", {"pact", "chongqing"}),
        ("作", {"chongqing2"}),
        ("友好城市", {"pact"}),
        ("城友", set()),
        ('"结为友好"', {"pact"}),
        ("成都", {"pact", "mixed"}),
        ("成都 Montpellier", {"mixed"}),
        ("蒙彼利埃 2019", {"mixed"}),
        ("cooperation", {"fr"}),
        ("COOPÉRATIONS", {"fr"}),
        ("oeuvre", {"fr"}),
        ("œuvres", {"fr"}),
        ('"mise en oeuvre"', {"fr"}),
        ("jumelages", {"fr", "plural"}),
        ("jumelage", {"fr", "plural"}),
        ('"jumelages"', {"plural"}),
        ('"jumelage"', {"fr"}),
        ("jumel*", {"fr", "plural"}),
        ("décentralisés", {"fr"}),
        ("Atlas", {"fr"}),
        ("l'Atlas", {"fr"}),
        ("l’atlas", {"fr"}),
        ('"l\'Atlas"', {"fr"}),
        ('"un Atlas"', set()),
        ("arc-en-ciel", {"plural"}),
        ("ciel-en-arc", set()),
        ("agermanament ciutat", {"ca"}),
        ("hermanamiento", {"es"}),
        ("jumelage -villes", {"fr"}),
        ("jumelage -vil*", {"fr"}),
        ('jumelage -"mise en œuvre"', {"plural"}),
        ("jumelage coopération", {"fr"}),
        ("agermanament OR hermanamiento", {"ca", "es"}),
        ("agermanament OR hermanamiento ciudades", {"es"}),
        ("NEAR(mise jumelage, 3)", {"fr"}),
        ("NEAR(mise jumelage, 2)", set()),
        ("NEAR(jumelage mise, 3)", {"fr"}),
        ("NEAR(结为 城市, 3)", {"pact"}),
        ("NEAR(结为 城市, 2)", set()),
        ("-jumelage", set()),
        ("", set()),
        ("(((", set()),
    ],
)
def test_a_question_finds(field: Connection, question: str, expected: set[str]) -> None:
    """Forms, accents, ligatures, literal phrases, Chinese of any length, several languages, operators."""
    assert set(found(field, question)) == expected
    assert answer(field, question).total == len(expected)


@pytest.mark.parametrize(
    ("question", "put_out"),
    [
        ("-jumelage", {"fr", "plural"}),
        ("-jumelage -重庆", {"fr", "plural", "chongqing", "chongqing2"}),
        ("-nirgends", set()),
    ],
)
def test_negations_alone_put_out(field: Connection, question: str, put_out: set[str]) -> None:
    """A question that only says what it does not want names the documents to leave out."""
    without = index.without(field, parse(question))
    assert without is not None
    assert set(field.execute(without).scalars()) == put_out


@pytest.mark.parametrize("question", ["", "(((", "jumelage", "jumelage -ville"])
def test_other_questions_put_nothing_out(field: Connection, question: str) -> None:
    """With something to find, or nothing at all, there is no such list."""
    assert index.without(field, parse(question)) is None


def test_words_meet_in_a_passage_or_in_a_document(corpus: Connection) -> None:
    """By default all words must stand on one page; `document` lets them stand on several."""
    keep(corpus, "apart", "un pont\nune ville", pages=[(1, 0, 7), (2, 8, 17)])
    keep(corpus, "together", "un pont, une ville")
    assert found(corpus, "pont ville") == ["together"]
    assert sorted(found(corpus, "pont ville", "document")) == ["apart", "together"]
    assert answer(corpus, "pont ville", "document").total == 2
    assert found(corpus, "pont -ville") == ["apart"]
    assert found(corpus, "pont -ville", "document") == []
    assert found(corpus, "pont mer", "document") == []
    assert found(corpus, "-pont", "document") == []


def test_the_best_passage_is_named(corpus: Connection) -> None:
    """A hit says on which page the document answers best, and where that page stands."""
    text = "une mer et beaucoup d'autres mots encore\nmer mer"
    keep(corpus, "a", text, pages=[(4, 0, 40), (5, 41, len(text))])
    (row,) = answer(corpus, "mer").hits
    assert (row.document_id, row.page, text[row.start : row.end]) == ("a", 5, "mer mer")
    assert row.chunk == corpus.execute(select(Chunk.id).where(Chunk.page == 5)).scalar_one()
    assert row.score > 0


def test_order_is_by_score_then_id(corpus: Connection) -> None:
    """The better answer is first; equal ones follow their ids, whatever the order they came in."""
    for name in "cabed":
        keep(corpus, name, "le pont" if name != "d" else "pont pont pont")
    assert found(corpus, "pont") == ["d", "a", "b", "c", "e"]
    scores = [row.score for row in answer(corpus, "pont").hits]
    assert scores == sorted(scores, reverse=True)


def test_equal_passages_give_the_first(corpus: Connection) -> None:
    """Of two pages that answer equally well, the first is shown."""
    keep(corpus, "a", "le pont\nle pont", pages=[(1, 0, 7), (2, 8, 15)])
    (row,) = answer(corpus, "pont").hits
    assert row.page == 1


def test_a_part_of_the_list(corpus: Connection) -> None:
    """The limit cuts the ordered list; the count does not change."""
    for name in "abcde":
        keep(corpus, name, "le pont")
    assert found(corpus, "pont", limit=2) == ["a", "b"]
    assert answer(corpus, "pont", limit=1).total == 5


@pytest.mark.parametrize("within", ["passage", "document"])
def test_filters_join_in(corpus: Connection, within: Within) -> None:
    """Only documents that the caller selects are found and counted."""
    keep(corpus, "a", "le pont", "fr")
    keep(corpus, "b", "the pont", "en")
    english = Filters(languages=("en",))
    assert found(corpus, "pont", within, filters=english) == ["b"]
    assert answer(corpus, "pont", within, filters=english).passages == 1


def test_what_is_taken_out_leaves_no_ghost(corpus: Connection) -> None:
    """After a removal no word of the old text is found, others are, and the index is sound."""
    long = " ".join(f"m{n}" for n in range(LONGEST + 500))
    pieces = keep(corpus, "a", long)
    keep(corpus, "b", "un pont, m7")
    assert len(pieces) == 2
    index.remove(corpus, "a", pieces)
    assert found(corpus, "m7") == ["b"]
    assert found(corpus, "m2400") == []
    assert index.check(corpus) is None
    index.add(corpus, "a", prepare("une rivière", [], "fr"))
    assert (found(corpus, "rivière"), found(corpus, "m1")) == (["a"], [])
    assert index.check(corpus) is None


def test_scores_forget_what_was_taken_out(corpus: Connection) -> None:
    """An index after a removal ranks as one that never held the document."""
    keep(corpus, "a", "le pont du village")
    keep(corpus, "b", "le pont")
    before = answer(corpus, "pont").hits
    index.remove(corpus, "c", ())
    index.remove(corpus, "d", keep(corpus, "d", "pont pont pont " * 50))
    after = answer(corpus, "pont").hits
    assert [(row.document_id, row.score) for row in after] == [(row.document_id, row.score) for row in before]


def test_a_document_of_other_pieces_is_refused(corpus: Connection) -> None:
    """Taking out with pieces that were never indexed would leave ghosts: it is an error."""
    keep(corpus, "a", "le pont")
    with pytest.raises(ValueError, match="zip"):
        index.remove(corpus, "a", ())


def test_an_index_can_be_emptied_and_built_again(corpus: Connection) -> None:
    """After `clear` nothing is found; adding the pieces again finds it all."""
    pieces = keep(corpus, "a", "le pont")
    index.clear(corpus)
    assert found(corpus, "pont") == []
    assert index.check(corpus) is None
    index.add(corpus, "a", pieces)
    assert found(corpus, "pont") == ["a"]


def test_check_counts_what_is_missing_and_what_is_left_over(corpus: Connection) -> None:
    """A piece without a row and a row without a piece are told apart, even where their numbers are equal."""
    keep(corpus, "a", "le pont")
    keep(corpus, "b", "la ville")
    first = corpus.exec_driver_sql("SELECT min(id) FROM chunk_index_docsize").scalar_one()
    corpus.exec_driver_sql(f"DELETE FROM chunk_index_docsize WHERE id = {first}")
    assert index.check(corpus) == "1 pieces of documents are not indexed."
    corpus.exec_driver_sql("INSERT INTO chunk_index_docsize VALUES (7, x'0101')")
    assert index.check(corpus) == "1 pieces of documents are not indexed."
    corpus.exec_driver_sql(f"INSERT INTO chunk_index_docsize VALUES ({first}, x'0101')")
    assert index.check(corpus) == "1 indexed pieces belong to no document."


def test_check_finds_a_damaged_structure(corpus: Connection) -> None:
    """Where it may write, the check lets SQLite look at the index itself."""
    keep(corpus, "a", "le pont")
    assert index.check(corpus) is None
    corpus.commit()
    corpus.exec_driver_sql("UPDATE chunk_index_data SET block = x'0011' WHERE id > 10")
    assert "damaged" in str(index.check(corpus))


def test_check_reads_only_where_it_may_only_read(corpus: Connection) -> None:
    """A reader's connection is checked as far as it goes, without an error."""
    keep(corpus, "a", "le pont")
    corpus.commit()
    corpus.exec_driver_sql("PRAGMA query_only=ON")
    assert index.check(corpus) is None


def test_sqlite_neither_splits_nor_changes_a_term(corpus: Connection) -> None:
    """Every letter and digit there is, and every mark that is a letter, comes out of the index as it went in."""
    letters = sorted({folded for place in range(0x110000) if (folded := fold(f"x{chr(place)}"))})
    terms = [f"x{n}{letter}" for n, letter in enumerate(letters)]
    piece = Piece(page=None, start=0, end=0, language="und", stems="", words=" ".join(terms))
    keep(corpus, "a", "")
    index.add(corpus, "a", [piece])
    corpus.exec_driver_sql("CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab('main', 'chunk_index', 'instance')")
    indexed = corpus.exec_driver_sql("SELECT term FROM temp.vocabulary ORDER BY offset").scalars().all()
    assert len(terms) > 100_000
    assert list(indexed) == terms


@given(question=st.text(alphabet=st.sampled_from("ab é\"*-()^:,友好'\x00OR NEAR(a b,2)")) | st.text())
def test_no_text_is_an_error(field: Connection, question: str) -> None:
    """Whatever is typed, both ways of searching answer, and count what they answer."""
    query = parse(question)
    passages = answer(field, question)
    documents = answer(field, question, "document")
    assert len(passages.hits) == passages.total
    if not any(clause.negative for clause in query.clauses):
        assert {hit.document_id for hit in passages.hits} <= {hit.document_id for hit in documents.hits}
