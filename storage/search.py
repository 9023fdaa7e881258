"""Search: a question and filters in, ranked documents out, with what could not be looked into."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache, partial
from typing import Any

from sqlalchemy import Connection, select

from extract.terms import TERMS_VERSION, Term, analyse, places
from extract.vocabulary.file import built_in, read_vocabulary
from storage import corpus, index
from storage.errors import StorageUnusable
from storage.filters import Filters, not_searchable
from storage.marks import asked, matcher
from storage.models import Corpus, Document
from storage.names import names_in
from storage.query import Names, Query, is_near, parse
from storage.ranking import Hit, Within
from storage.reading import described
from storage.shapes import AnyRow

Json = dict[str, Any]
Marks = list[tuple[int, int]]
Marking = Callable[[str, str], Marks]
"""What finds the words of a question in a passage of some language."""
WIDTH = 160  # characters of a snippet
AROUND = 4 * WIDTH  # characters that are looked at behind a word that was asked for
_MADE_BY = select(Corpus.terms_version)


def search(
    connection: Connection,
    question: str,
    filters: Filters,
    *,
    within: Within = "passage",
    limit: int = 20,
    expand: bool = True,
) -> Json:
    """Return the hits for a question as `search --json` prints them; an empty question lists by date."""
    query = understood(connection, question, expand=expand)
    shown, total = _found(connection, question, query, filters, within, limit)
    documents = described(connection, [each.document_id for each in shown])
    marking = marking_of(query)
    return {
        "query": question,
        "expanded": expansion(question, query),
        "total": total,
        "not_searchable": unsearchable(connection, filters),
        "hits": [hit(documents[each.document_id], each, marking) for each in shown],
    }


def understood(connection: Connection, question: str, *, expand: bool) -> Query:
    """Return what a question asks for in a corpus, with the names of its vocabulary. Raises StorageUnusable."""
    check_terms(connection)
    if not expand:
        return parse(question)
    return parse(question, names_of(corpus.vocabulary(connection)))


@lru_cache(maxsize=2)
def names_of(vocabulary: str) -> Callable[[str], Names | None]:
    """Return the names that the text of a vocabulary knows; those of the built-in one where there is none."""
    return names_in(read_vocabulary(vocabulary) if vocabulary else built_in())


def found_by(connection: Connection, question: str, filters: Filters) -> set[str]:
    """Return the ids of all documents that a question finds among those selected, its words in one passage."""
    query = understood(connection, question, expand=True)
    return {each.document_id for each in _found(connection, question, query, filters, "passage", None)[0]}


def unsearchable(connection: Connection, filters: Filters) -> dict[str, int]:
    """Return how many of the documents selected cannot be searched or fell out, by reason."""
    return connection.execute(not_searchable(filters)).one()._asdict()


def _found(
    connection: Connection, question: str, query: Query, filters: Filters, within: Within, limit: int | None
) -> tuple[Sequence[Hit], int]:
    """Return the first documents found, by rank for words and by date for an empty question, and how many there are."""
    if query.positive:
        found = index.find(connection, query, filters, within, limit=limit)
        return found.hits, found.total
    if question.strip() and not query.clauses:
        return [], 0
    listed = _listed(connection, query, filters)
    rows = [Hit(row.id, row.date, 0, None, 0, WIDTH, 0.0) for row in listed[:limit]]
    return rows, len(listed)


def check_terms(connection: Connection) -> None:
    """Raise StorageUnusable where the index was made by another analyser: its answers would be wrong in silence."""
    made_by = connection.execute(_MADE_BY).scalar_one()
    if made_by != TERMS_VERSION:
        raise StorageUnusable(
            f"The full-text index of this corpus was made by analyser {made_by}, this Minutier has {TERMS_VERSION}: "
            "run `minutier extract` once, it builds the index again."
        )


def _listed(connection: Connection, query: Query, filters: Filters) -> Sequence[AnyRow]:
    """Return the documents selected by date, undated ones last; all but those that a `-word` puts out."""
    chosen = select(Document.id, Document.date).where(Document.id.in_(filters.documents()))
    out = index.without(connection, query)
    if out is not None:
        chosen = chosen.where(Document.id.not_in(out))
    return connection.execute(chosen.order_by(Document.date == "", Document.date, Document.id)).all()


def expansion(question: str, query: Query) -> list[str]:
    """Return what was understood otherwise than it was written, one sentence each."""
    if query.cut:
        cut = f"The question is long: only its first {len(query.clauses)} words were looked for."
        return [cut, *query.expanded]
    if question.strip() and not query.clauses:
        return [f"There is no word to look for in {question.strip()[:40]!r}."]
    return list(query.expanded)


def hit(document: AnyRow, found: Hit, marking: Marking) -> Json:
    """Return one hit: the document in a line, and the words found in their place."""
    passage = document.text[found.start : found.end]
    marks = marking(passage, document.language) if found.chunk else []
    snippet, shown = cut_out(passage, marks)
    begin = found.start + (marks[0][0] if marks else 0)
    page = page_at(document.facts, begin) if found.chunk else None
    return {
        "id": document.id,
        "title": document.title,
        "source": document.source,
        "kind": document.kind,
        "date": document.date,
        "language": document.language,
        "url": document.address,
        "page": page,
        "act": act_at(document.facts, begin) if found.chunk else None,
        "snippet": snippet,
        "marks": shown,
        "score": round(found.score, 6) if found.chunk else None,
        "verdict": document.verdict,
        "ocr": confidence(document.facts, page),
    }


def marking_of(query: Query) -> Marking:
    """Return what finds the words of a question in a passage: the first of them, as far as a snippet can show."""
    spans = matcher(query)
    if is_near(query):  # how far words that are near each other may stand is not known here
        return lambda passage, language: spans(analyse(passage, language))
    return partial(_first_marks, spans, asked(query))


def _first_marks(
    spans: Callable[[Sequence[Term]], Marks], wanted: Callable[[str, str], bool], passage: str, language: str
) -> Marks:
    """Look around the words that were asked for: most of a search would be spent on analysing passages whole."""
    done = 0
    for place in places(passage, language, wanted):
        if place < done:
            continue
        begin, end = max(0, place - 1), _end_of_word(passage, place, place + AROUND)  # a sign before may be a quote
        marks = spans(analyse(passage[begin:end], language))
        if marks and (begin + marks[0][0] + 2 * WIDTH <= end or end == len(passage)):
            return [(begin + start, begin + after) for start, after in marks]
        done = end - 2 * WIDTH
    return spans(analyse(passage, language))


def _end_of_word(passage: str, begin: int, end: int) -> int:
    """Return the last place up to `end` where no word is cut, if there is one."""
    if end >= len(passage):
        return len(passage)
    space = passage.rfind(" ", begin + AROUND // 2, end)
    return end if space == -1 else space


def page_at(facts: Json, place: int) -> int | None:
    """Return the number of the page on which a place of the text is, or nothing where it is on none."""
    return next((page["number"] for page in facts["pages"] if page["start"] <= place < page["end"]), None)


def act_at(facts: Json, place: int) -> str | None:
    """Return the key of the act in which a place of the text is, or nothing where it is in none."""
    return next((act["key"] for act in facts["acts"] if act["start"] <= place < act["end"]), None)


def confidence(facts: Json, page: int | None) -> float | None:
    """Return how sure our OCR was of the page that is quoted, of its least sure page where none is named, or None."""
    quoted = (each for each in facts["pages"] if page in (None, each["number"]))
    return min((each["confidence"] for each in quoted if each["confidence"] is not None), default=None)


def cut_out(passage: str, marks: Sequence[tuple[int, int]]) -> tuple[str, list[list[int]]]:
    """Return the part of a passage around its first hits, on one line, with the places of the hits in it."""
    first = marks[0][0] if marks else 0
    start = max(0, first - WIDTH // 3)
    if start:  # begin with a whole word
        space = passage.find(" ", start, first)
        start = space + 1 if space != -1 else start
    end = min(len(passage), start + WIDTH)
    line = "".join(" " if character in "\n\t" else character for character in passage[start:end])
    return line, [[s - start, e - start] for s, e in marks if s >= start and e <= end]
