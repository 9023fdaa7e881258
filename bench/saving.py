"""Saving and searching, against bare sqlite3 with FTS5: the same texts, analysed in the same loop, in CPU time.

    python bench/saving.py [DOCUMENTS]        (default 2,000 made-up texts of some 1,000 words; the aim names 100,000)

Both sides analyse each text and commit after sixteen, durably. What the corpus does beyond that (versions, facts, the
run's account) is saving; what relations cost is measured apart and taken off. The bare search is what anyone would
write: the best twenty by bm25 and their count; for snippets it reads the twenty texts and cuts around the word.
"""

from __future__ import annotations

import random
import re
import sqlite3
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import accumulate, pairwise
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from bench._crawling import begin, source
from bench.near import WORDS
from crawlers.run import utc_now
from extract.likeness import Likeness, likeness
from extract.model import Extraction, Found, LanguageShare, Page, Quality
from storage import index, saving, search
from storage.captures import Response
from storage.chunking import Piece, prepare
from storage.errors import StorageUnusable
from storage.expressions import to_fts5
from storage.extractions import Given
from storage.facts import facts, text_sha256
from storage.filters import Filters
from storage.query import parse
from storage.runs import iso
from storage.saving import save
from storage.store import Store

GROUP = 16
WEIGHTS = list(accumulate(1 / rank for rank in range(1, len(WORDS) + 1)))
"""As in any language, the second word is half as frequent as the first, the third a third."""


def text_of(number: int) -> str:
    """Return a made-up text; it can be made again from its number."""
    drawn = random.Random(number)
    words = drawn.choices(WORDS, cum_weights=WEIGHTS, k=drawn.randint(990, 1010))
    return "\n\n".join(" ".join(words[start : start + 50]) + "." for start in range(0, len(words), 50))


def analysed(text: str) -> tuple[Piece, ...]:
    """Return a text as the index takes it."""
    return prepare(text, [(1, 0, len(text))], "fr")


def reading_of(number: int, text: str) -> Extraction:
    """Return a text as an extraction gives it."""
    return Extraction(
        extractor="text",
        engine="bench",
        media_type="text/plain",
        text=text,
        quality=Quality(verdict="good"),
        pages=(Page(number=1, start=0, end=len(text)),),
        title=Found(value=f"Texte {number}", found_in="heading"),
        dates=(),
        language="fr",
        languages=(LanguageShare(code="fr", share=1.0),),
    )


def groups(documents: Sequence[int]) -> Iterator[Sequence[int]]:
    """Yield the numbers of the documents that are committed together."""
    yield from (documents[start : start + GROUP] for start in range(0, len(documents), GROUP))


def given_of(capture_seq: int, number: int, text: str, found: Likeness) -> Given:
    """Return a text, analysed, as the writer is given it."""
    reading = reading_of(number, text)
    return Given(
        capture_seq=capture_seq,
        reading=reading,
        text_sha256=text_sha256(text),
        facts=facts(reading),
        pieces=analysed(text),
        likeness=found,
        extractor_version="bench",
        now=iso(utc_now()),
    )


class Ours:
    """A corpus that is filled, with what that takes and what relations take of it."""

    def __init__(self, store: Store) -> None:
        self.store = store
        (self.run,) = begin(store, [source("town", "http://127.0.0.1:9")])
        self.spent = self.related = 0.0
        saving.relate_new = self._counted(saving.relate_new)

    def save(self, documents: Sequence[int]) -> None:
        """Capture some texts, then save them as the writer does: what waits is committed together."""
        for numbers in groups(documents):
            futures = [self.store.record(self._answer(number)) for number in numbers]
            seqs, texts = [future.result() for future in futures], [text_of(number) for number in numbers]
            found = [likeness(text) for text in texts]
            begun = time.process_time()
            waiting = list(map(given_of, seqs, numbers, texts, found))
            self.store.writer.write(lambda connection, waiting=waiting: [save(connection, each) for each in waiting])
            self.spent += time.process_time() - begun

    def _answer(self, number: int) -> Response:
        url = f"http://127.0.0.1:9/{number}"
        named = {"url": url, "address": url, "document_address": url, "body": str(number).encode()}
        made = {"run_id": self.run.run_id, "source_id": "town", "fetched_at": self.run.stamp()}
        return Response(role="document", status=200, **named, **made)

    def _counted(self, relate: Callable[..., bool]) -> Callable[..., bool]:
        def relate_and_count(*words: Any) -> bool:
            begun = time.thread_time()
            related = relate(*words)
            self.related += time.thread_time() - begun
            return related

        return relate_and_count


class Bare:
    """The same with nothing but sqlite3."""

    def __init__(self, file: Path) -> None:
        self.connection = sqlite3.connect(file, isolation_level=None)
        self.connection.executescript(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; "
            "CREATE TABLE doc (id INTEGER PRIMARY KEY, address TEXT, title TEXT, text TEXT); "
            "CREATE VIRTUAL TABLE terms USING fts5(stems, words, content='', tokenize='ascii')"
        )
        self.spent = 0.0

    def save(self, documents: Sequence[int]) -> None:
        """Insert some texts and their terms."""
        for numbers in groups(documents):
            texts = [(number, text_of(number)) for number in numbers]
            begun = time.process_time()
            self.connection.execute("BEGIN IMMEDIATE")
            for number, text in texts:
                (piece,) = analysed(text)
                row = (number, f"http://127.0.0.1:9/{number}", f"Texte {number}", text)
                self.connection.execute("INSERT INTO doc VALUES (?, ?, ?, ?)", row)
                terms = (number, piece.stems, piece.words)
                self.connection.execute("INSERT INTO terms(rowid, stems, words) VALUES (?, ?, ?)", terms)
            self.connection.execute("COMMIT")
            self.spent += time.process_time() - begun

    def find(self, question: str) -> list[int]:
        """Return the best twenty documents, after counting all."""
        self.connection.execute("SELECT count(*) FROM terms WHERE terms MATCH ?", (question,)).fetchone()
        best = "SELECT rowid FROM terms WHERE terms MATCH ? ORDER BY rank LIMIT 20"
        return [number for (number,) in self.connection.execute(best, (question,))]

    def snippets(self, question: str, word: str) -> list[str]:
        """Return the texts of the best twenty around a word."""
        numbers = self.find(question)
        query = f"SELECT text FROM doc WHERE id IN ({','.join('?' * len(numbers))})"
        around = re.compile(rf".{{0,50}}\b{word}\b.{{0,100}}", re.IGNORECASE | re.DOTALL)
        return [around.search(text).group() for (text,) in self.connection.execute(query, numbers)]


def seconds(work: Callable[[], object]) -> float:
    """Return the CPU seconds of the quickest of three times."""
    times = []
    for _ in range(3):
        begun = time.thread_time()
        work()
        times.append(time.thread_time() - begun)
    return min(times)


def searched(store: Store, bare: Bare) -> None:
    """Print how long searches take against the bare ones."""
    words = [WORDS[rank] for rank in range(3, len(WORDS), len(WORDS) // 40)]
    questions = words + [f"{one} {other}" for one, other in pairwise(words[:11])]
    with store.reading() as connection:
        ours = lambda question: search.search(connection, question, Filters())  # noqa: E731  # shorter than a function
        found = lambda question: index.find(connection, parse(question), Filters(), "passage", limit=20)  # noqa: E731
        rows = [
            (
                question,
                seconds(partial(found, question)),
                seconds(partial(ours, question)),
                seconds(partial(bare.find, asked)),
            )
            for question in questions
            for asked in [to_fts5(parse(question))]
        ]
        common = WORDS[0]
        asked = to_fts5(parse(common))
        at_most = seconds(partial(ours, common)), seconds(partial(bare.snippets, asked, common))
    print(f"found and counted: {median(b / d for _, b, _, d in rows):.2f} times the bare query and its count, median")
    print(f"with snippets, facts and warnings: {median(c / d for _, _, c, d in rows):.2f} times it, median")
    figures = " ms, ".join(f"{1000 * median(column):.2f}" for column in list(zip(*rows, strict=True))[1:])
    print(f"  (medians: {figures} ms)")
    print(
        f"the commonest word, with snippets: {at_most[0] / at_most[1]:.2f} times "
        f"the bare search that reads twenty texts ({1000 * at_most[0]:.1f} and {1000 * at_most[1]:.1f} ms)"
    )


def meanwhile(folder: Path, ours: Ours, documents: Sequence[int]) -> None:
    """Print how many searches of another reader were refused while documents were saved."""
    refused, asked, done = [], [], threading.Event()

    def ask() -> None:
        with Store.open(folder) as store:
            while not done.is_set():
                try:
                    with store.reading() as connection:
                        search.search(connection, WORDS[len(asked) % len(WORDS)], Filters())
                except StorageUnusable as error:
                    refused.append(error)
                asked.append(1)

    reader = threading.Thread(target=ask)
    reader.start()
    ours.save(documents)
    done.set()
    reader.join()
    print(f"{len(asked)} searches while {len(documents)} texts were saved: {len(refused)} refused (locked)")


def main() -> None:
    """Print the figures."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 2_000
    raw = sum(len(text_of(each).encode()) for each in range(number))
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "corpus"
        with Store.create(folder, now=utc_now(), version="bench") as store:
            ours, bare = Ours(store), Bare(Path(place) / "bare.db")
            for start in range(0, number, 500):  # in turns, so that a busy machine is busy for both
                batch = range(start, min(start + 500, number))
                ours.save(batch)
                bare.save(batch)
            store.leave_run(ours.run.run_id)
        saved = ours.spent - ours.related
        print(f"saved at {bare.spent / saved:.2f} of the bare insert ({number} texts, relations not counted)")
        print(f"  CPU ms a text: {1000 * saved / number:.2f}, bare {1000 * bare.spent / number:.2f}, ")
        print(f"  relations {1000 * ours.related / number:.2f}")
        size = (folder / "corpus.db").stat().st_size
        print(f"the file is {size / raw:.2f} times the raw text ({raw / 2**20:.0f} MiB)")
        with Store.create(folder, now=utc_now(), version="bench") as store:
            searched(store, bare)
            meanwhile(folder, Ours(store), range(number, number + 320))


if __name__ == "__main__":
    main()
