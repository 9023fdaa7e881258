"""The shared list of 200 questions: the same hits in the same order, with the same scores, from either database."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine, insert, update

from extract.vocabulary.file import built_in
from storage import index
from storage.chunking import prepare
from storage.filters import Filters
from storage.models import Base, BodyText, Document, Version
from storage.names import names_in
from storage.postgres import Postgres
from storage.query import parse
from tests.postgres import a_database

QUESTIONS = (Path(__file__).parent / "queries.txt").read_text(encoding="utf-8").splitlines()
WORDS = {
    "fr": "jumelage jumelages jumelée ville villes coopération décentralisée œuvre l'Atlas pont de la en mise Chengdu "
    "Tchengtou délégués séance vote marché pactes amitié Chine chinoise 2024 arc-en-ciel",
    "en": "twinning twinned cities city Chengdu agreement gardeners of the bridge cooperation 2024",
    "ca": "agermanament agermanaments ciutats ciutat Xina pont de la cooperació",
    "oc": "agermanament vilas vila ciutat de la amistat Tolosa",
    "zh": "友好 城市 成都 重慶 重庆 图卢兹 合作 备忘录 中国 A区 2024 市",
}


def made_up(number: int) -> tuple[str, str]:
    """Return the language and the synthetic text of a document: pages of chosen words, one of them long."""
    chance = random.Random(number)
    language = chance.choice(list(WORDS))
    words = WORDS[language].split()
    joint = "" if language == "zh" else " "
    size = 2600 if number % 40 == 0 else chance.randint(3, 120)
    return language, joint.join(chance.choice(words) + chance.choice(["", "", "", ",", "\n"]) for _ in range(size))


def fill(connection: Connection) -> None:
    """Put 240 synthetic documents into a corpus, each of two pages; every ninth has no date, every tenth is a copy."""
    run = Base.metadata.tables
    connection.execute(
        insert(run["source"]).values(id="s", title="", kind="other", voice="media", rights={}, settings={})
    )
    connection.execute(insert(run["run"]).values(id="r", source_id="s", started_at="", minutier_version=""))
    connection.execute(insert(run["blob"]).values(sha256="b", size=0, first_seen_at=""))
    capture = {"run_id": "r", "source_id": "s", "role": "document", "request_key": "", "url": "", "address": ""}
    connection.execute(insert(run["capture"]).values(**capture, seq=1, status=200, headers={}, hints={}, fetched_at=""))
    facts = {"extractor": "", "engine": "", "media_type": "", "verdict": "good", "facts": {}, "made_at": ""}
    for number in range(240):
        language, text = made_up(number)
        name, lead = f"d{number:03}", f"d{number - 1:03}" if number % 10 == 9 else None
        date = "" if number % 9 == 0 else f"20{number % 20:02}-05-27"
        connection.execute(insert(BodyText).values(sha256=name, length=len(text), text=text))
        reading = {"id": number + 1, "blob_sha256": "b", "extractor_version": name, "hints_sha256": ""}
        connection.execute(insert(run["extraction"]).values(**reading, text_sha256=name, **facts))
        known = {"id": name, "address": name, "first_capture_seq": 1, "date": date, "language": language}
        connection.execute(insert(Document).values(**known, lead_id=lead))
        version = {"id": number + 1, "document_id": name, "number": 1, "cause": "source", "extraction_id": number + 1}
        connection.execute(
            insert(Version).values(
                **version, capture_seq=1, blob_sha256="b", text_sha256=name, run_id="r", made_at="", held=False
            )
        )
        connection.execute(update(Document).where(Document.id == name).values(current_version_id=number + 1))
        middle = len(text) // 2
        index.add(connection, name, prepare(text, [(1, 0, middle), (2, middle, len(text))], language))


def answers(connection: Connection, question: str, **asked: object) -> list[tuple[object, ...]]:
    """Return what a question finds, in order, as either database can say it."""
    query = parse(question, names_in(built_in()))
    found = index.find(connection, query, asked.get("filters", Filters()), asked.get("within", "passage"))  # type: ignore[arg-type]  # as given
    hits = [(hit.document_id, hit.date, hit.page, hit.start, hit.end, hit.score) for hit in found.hits]
    return [(found.total, found.passages), *hits]


@pytest.fixture(scope="module")
def sqlite() -> Iterator[Connection]:
    """The synthetic corpus in SQLite."""
    with create_engine("sqlite://").connect() as connection:
        Base.metadata.create_all(connection)
        index.create(connection)
        fill(connection)
        yield connection


@pytest.fixture(scope="module")
def postgresql(postgres: str) -> Iterator[Connection]:
    """The same corpus in PostgreSQL, in a database that is taken away again."""
    with a_database(postgres, "minutier_same_answers", Path("unused")) as address:
        engine = Postgres(address).writer()
        with engine.connect() as connection:
            Base.metadata.create_all(connection)
            index.create(connection)
            fill(connection)
            yield connection
            connection.rollback()
        engine.dispose()


def test_the_list_is_long_and_finds_something(sqlite: Connection) -> None:
    """There are 200 different questions, and most of them find documents."""
    assert len(set(QUESTIONS)) == len(QUESTIONS) == 200
    assert sum(answers(sqlite, question)[0] != (0, 0) for question in QUESTIONS) > 150


def test_the_first_few_are_the_first_of_all(sqlite: Connection) -> None:
    """A limit changes nothing but where the list ends."""
    for question in QUESTIONS:
        query = parse(question)
        whole = index.find(sqlite, query, Filters(), "passage")
        few = index.find(sqlite, query, Filters(), "passage", limit=5)
        assert (few.hits, few.total) == (whole.hits[:5], whole.total), question


@pytest.mark.parametrize("within", ["passage", "document"])
@pytest.mark.parametrize(
    "filters", [Filters(), Filters(languages=("fr", "zh"), since="2005"), Filters(all_copies=True)]
)
def test_both_databases_answer_alike(sqlite: Connection, postgresql: Connection, within: str, filters: Filters) -> None:
    """Hits, order, passages and scores are equal to the last bit."""
    for question in QUESTIONS:
        ours = answers(sqlite, question, within=within, filters=filters)
        assert ours == answers(postgresql, question, within=within, filters=filters), question
