"""A database or an object store that is away for a while: what can wait waits and loses nothing, readers are told."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest
from sqlalchemy import text

from storage.errors import Away
from storage.outages import Patience
from storage.store import Store
from tests.lines import Line, a_line
from tests.making import NOON

LONG = 60


class Heard:
    """What was said, and an event for the first time that an outage begins."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self.begun = threading.Event()

    def __call__(self, sentence: str) -> None:
        """Keep a sentence."""
        self.words.append(sentence)
        self.begun.set()


@pytest.fixture
def database(lab: str, postgres: str) -> Iterator[tuple[Line, str]]:
    """A line to a database, and the address of a corpus at its end."""
    with a_line(urlsplit(postgres).port or 5432) as line:
        yield line, lab.replace(str(urlsplit(postgres).port), str(line.port))


def opened(address: str, limit: float = LONG) -> tuple[Store, Heard]:
    """Return a corpus opened by somebody who can wait, and what is said meanwhile."""
    heard = Heard()
    return Store.create(address, now=NOON, version="test", patience=Patience(limit=limit, say=heard)), heard


def mended_when_heard(line: Line, heard: Heard) -> None:
    """Mend a line as soon as somebody says that it is cut."""
    threading.Thread(target=lambda: heard.begun.wait(LONG) and line.mend(), daemon=True).start()


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_commit_whose_answer_is_lost_is_done_once(database: tuple[Line, str], when: str) -> None:
    """The line breaks with the word COMMIT on it: arrived or not, the rows are there once, and the writer goes on."""
    line, address = database
    store, heard = opened(address)
    mended_when_heard(line, heard)
    with store:
        store.writer.write(lambda c: c.exec_driver_sql("INSERT INTO blob VALUES ('one', 1, 'now')") and None)
        told = iter([when])
        line.hear = lambda sent: next(told, "") if b"COMMIT" in sent else ""
        number = store.writer.write(
            lambda c: c.exec_driver_sql(
                "INSERT INTO change (at, document_id, fact, detail) VALUES ('now', 'd', 'gone', '{}') RETURNING seq"
            ).scalar_one()
        )
        assert [row.seq for row in store.rows(text("SELECT seq FROM change"))] == [number]
    assert len(heard.words) == 2
    assert "does not answer" in heard.words[0] and "answers again after" in heard.words[1]
    assert "made-up" not in str(heard.words)


def test_what_reads_without_patience_gets_one_sentence(database: tuple[Line, str]) -> None:
    """A corpus that is opened to read says at once that its database is away, and answers when it is back."""
    line, address = database
    with Store.open(address) as store:
        line.cut()
        with pytest.raises(Away, match="does not answer") as told:
            store.rows(text("SELECT 1"))
        assert told.value.exit_code == 3 and "the same command goes on" in str(told.value)
        with pytest.raises(Away, match="does not answer"):
            Store.open(address)
        line.mend()
        assert store.rows(text("SELECT 1")) == [(1,)]


def test_patience_ends_with_the_same_sentence() -> None:
    """Who may wait for a moment only is told that the place is away, once it is over."""
    heard, tries = Heard(), []

    def away() -> None:
        tries.append(1)
        raise Away("the store", "nobody there")

    with pytest.raises(Away, match=r"the store does not answer \(nobody there\): check that it runs"):
        Patience(limit=0.3, say=heard).through("the store", away)
    assert len(tries) > 1
    assert heard.words == [
        "the store does not answer (nobody there). Waiting, for 1 second at the most; nothing is lost."
    ]


def test_who_is_about_to_end_waits_for_nothing() -> None:
    """A process that was asked twice to stop does not sit out an outage."""
    patience = Patience(limit=None)

    def away() -> None:
        patience.end()
        raise Away("the store", "nobody there")

    with pytest.raises(Away):
        patience.through("the store", away)


def test_many_who_wait_for_one_place_say_so_once() -> None:
    """Sixteen hands meet the same outage: one line when it begins, one when it is over."""
    heard, all_here = Heard(), threading.Barrier(16)
    patience = Patience(limit=LONG, say=heard)

    def act() -> int:
        fresh = iter([True])

        def once() -> int:
            if next(fresh, False):
                all_here.wait(LONG)
                raise Away("the store", "nobody there")
            return 1

        return patience.through("the store", once)

    with ThreadPoolExecutor(16) as hands:
        assert sum(hands.map(lambda _: act(), range(16))) == 16
    assert [words.split(" (")[0].split(" after")[0] for words in heard.words] == [
        "the store does not answer",
        "the store answers again",
    ]
