"""The store: one corpus, open. Reads see one moment; writes go through the process's one writer."""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import Connection, insert, select

from extract.likeness import LIKENESS_VERSION, Likeness, likeness
from extract.model import Extraction
from extract.terms import TERMS_VERSION
from storage import (
    captures,
    extractions,
    finishing,
    index,
    receiving,
    reindexing,
    relating,
    runs,
    saving,
    statements,
    withdrawals,
)
from storage.blobs import Blobs, sha256
from storage.chunking import Piece, pieces_of
from storage.database import HEAD, Database, check
from storage.errors import MinutierError
from storage.filters import Filters
from storage.models import Corpus
from storage.outages import Patience
from storage.places import parts_of
from storage.relations import relate
from storage.shapes import AnyRow, AnySelect
from storage.sweeping import sweep
from storage.writer import Writer

if TYPE_CHECKING:
    from storage.sources import Authority, Source

T = TypeVar("T")


class OnlyLooked(MinutierError):
    """Ends a transaction that is to leave nothing behind."""


class Store:
    """A corpus: tables in a database, and bytes beside it. Use it as a context manager."""

    def __init__(self, database: Database, blobs: Blobs, patience: Patience | None = None) -> None:
        self.database = database
        self.blobs = blobs
        self.patience = patience or Patience()
        self._reader = database.reader()
        self._writer: Writer | None = None
        self._withdrawn: frozenset[str] | None = None

    @classmethod
    def open(cls, location: str | Path) -> Store:
        """Open a corpus that exists. Raises WrongUse where there is none, StorageUnusable where it cannot be read."""
        database, blobs = parts_of(location)
        check(database)
        return cls(database, blobs)

    @classmethod
    def create(cls, location: str | Path, *, now: datetime, version: str, patience: Patience | None = None) -> Store:
        """Open a corpus for writing, making it first where there is none.

        With `patience` what is away later is waited for; a place that is away now is an error all the same.
        """
        database, blobs = parts_of(location, patience)
        if not database.exists():
            first = {"id": uuid.uuid4().hex, "created_at": runs.iso(now), "minutier_version": version}
            made_by = {"terms_version": TERMS_VERSION, "likeness_version": LIKENESS_VERSION}
            row = insert(Corpus).values(**first, **made_by)
            database.make(lambda connection: connection.execute(row))
        check(database)
        if database.revision() != HEAD:
            database.upgrade()
        store = cls(database, blobs, patience)
        sweep(store)
        store._renew_index()
        store._renew_relations()
        return store

    def __enter__(self) -> Store:
        """Return the store itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Finish what is being written and close."""
        if self._writer:
            try:
                if kind is None:
                    sweep(self)
            finally:
                if kind is not None:
                    self.patience.end()
                self._reader.dispose()  # first: the last to leave empties SQLite's WAL, and a reader cannot
                self._writer.close()
        self._reader.dispose()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection that sees the corpus as it is now and cannot change it."""
        with self.database.in_words(), self._reader.connect() as connection:
            yield connection

    @property
    def writer(self) -> Writer:
        """The one writer of this process, started when first needed."""
        if self._writer is None:
            self._writer = Writer(self.database, self.blobs, self.patience)
        return self._writer

    def read(self, ask: Callable[[Connection], T]) -> T:
        """Return what a question gives, which is asked again where the database was away meanwhile."""

        def asked() -> T:
            with self.reading() as connection:
                return ask(connection)

        return self.patience.through(self.database.place, asked)

    def rows(self, query: AnySelect) -> list[AnyRow]:
        """Return the rows of a query."""
        return self.read(lambda connection: list(connection.execute(query).all()))

    def first(self, query: AnySelect) -> AnyRow | None:
        """Return the first row of a query, or nothing."""
        return self.read(lambda connection: connection.execute(query).first())

    # -- runs ---------------------------------------------------------------------------------------------------

    def open_run(
        self,
        source: Source,
        authorities: Mapping[str, Authority],
        *,
        now: datetime,
        version: str,
        new_id: Callable[[], str] = lambda: uuid.uuid4().hex[:12],
        finished: int | None = None,
        believed: timedelta = runs.ELSEWHERE,
    ) -> runs.Opened:
        """Begin a run, or go on with one that was cut short; see `runs.open_run`. Raises Busy, Overtaken."""

        def begin(connection: Connection) -> runs.Opened:
            runs.remember_source(connection, source, authorities)
            given: dict[str, Any] = {"now": now, "new_id": new_id, "version": version}
            return runs.open_run(connection, source.id, finished=finished, believed=believed, **given)

        return self.writer.write(begin)

    def note(self, run_id: str, notes: Iterable[runs.Note]) -> Future[None]:
        """Enter addresses into a run's account."""
        return self.writer.enter(runs.note_all, (run_id, list(notes)))

    def note_requests(self, run_id: str, requests: int) -> None:
        """Add to the number of things a run asked of the network."""
        self.writer.write(lambda connection: runs.add_requests(connection, run_id, requests))

    def beat(self, run_ids: list[str], now: datetime, believed: timedelta = runs.ELSEWHERE) -> frozenset[str]:
        """Say that some runs are alive; return those that this process does not hold any more."""
        return self.writer.write(lambda connection: runs.beat(connection, run_ids, now, believed))

    def drop_dead_locks(self, now: datetime) -> None:
        """Take away the locks of processes that are no more."""
        self.writer.write(lambda connection: runs.drop_dead_locks(connection, now))

    def leave_run(self, run_id: str) -> None:
        """Give a source free without ending its run: it can be resumed."""
        self.writer.write(lambda connection: runs.leave(connection, run_id))

    def finish_run(self, run_id: str, ending: finishing.Ending, now: datetime) -> finishing.Judged:
        """End a run: judge it, and after a good one show its changed versions."""
        # Asked of the writer, so that every note that was sent before has its place in the account.
        judged = self.writer.write(lambda connection: finishing.judge(connection, run_id, ending, now))
        if judged.outcome in runs.GOOD:
            self._promote(finishing.held_versions(run_id), now)
        self.writer.write(lambda connection: finishing.finish(connection, run_id, judged, ending, now))
        return judged

    def show_held(self, document_id: str, now: datetime) -> None:
        """Show the held version of a document whose bytes have not changed: a better reading needs no good run."""
        self._promote(finishing.held_version_of(document_id), now)

    def _promote(self, query: AnySelect, now: datetime) -> None:
        for version in self.rows(query):
            before = self.first(finishing.shown_text(version.document_id))
            assert before is not None
            old, new = pieces_of(before.text, before.facts), pieces_of(version.text, version.facts)
            found = likeness(version.text)
            promotion = partial(
                finishing.promote, version=version, before=old, pieces=new, found=found, now=runs.iso(now)
            )
            self.writer.write(promotion)

    def _renew_index(self) -> None:
        """Build the full-text index again where another analyser made it; after a kill the next time begins anew."""
        made_by = self.first(select(Corpus.terms_version))
        if made_by is not None and made_by.terms_version != TERMS_VERSION:
            self.reindex()

    def reindex(self) -> None:
        """Build the full-text index again from the texts that are shown."""
        self.writer.write(reindexing.begin)
        for document in self.rows(reindexing.documents()):
            shown = self.first(finishing.shown_text(document.id))
            assert shown is not None
            pieces = pieces_of(shown.text, shown.facts)
            self.writer.write(partial(index.add, document_id=document.id, pieces=pieces))
        self.writer.write(partial(reindexing.end, version=TERMS_VERSION))

    def _renew_relations(self) -> None:
        """Compare all documents again where other rules found the relations; after a kill the next time begins anew."""
        made_by = self.first(select(Corpus.likeness_version))
        if made_by is not None and made_by.likeness_version != LIKENESS_VERSION:
            self.relate_again(Filters(all_copies=True))

    def relate_again(self, filters: Filters, show: Callable[[int, int], None] = lambda done, total: None) -> int:
        """Find the relations of the documents selected again, all of them from nothing; return how many."""
        everything = filters in (Filters(), Filters(all_copies=True))
        if everything:
            self.writer.write(relating.begin)
        chosen = [row.id for row in self.rows(relating.documents(dataclasses.replace(filters, all_copies=True)))]
        for done, identity in enumerate(chosen, 1):
            text = self.first(relating.shown_text(identity))
            found = likeness(text.text) if text else None
            self.writer.write(partial(relate, identity=identity, found=found))
            show(done, len(chosen))
        if everything:
            self.writer.write(partial(relating.end, version=LIKENESS_VERSION))
        return len(chosen)

    # -- withdrawals --------------------------------------------------------------------------------------------

    def withdraw(self, apply: Callable[[Connection], T], dry_run: bool = False) -> T:
        """Do a withdrawal and return what it did; with `dry_run` take all of it back."""
        told: list[T] = []

        def tried(connection: Connection) -> T:
            told.append(apply(connection))
            if dry_run:
                raise OnlyLooked
            return told[0]

        with suppress(OnlyLooked):
            self.writer.write(tried)
        self._withdrawn = None
        return told[0]

    def sweep(self) -> bool:
        """Remove what withdrawals left to remove; return whether all of it is done."""
        return sweep(self)

    # -- captures and documents ---------------------------------------------------------------------------------

    def record(self, response: captures.Response) -> Future[int]:
        """Keep a response; the future gives its number once its bytes and its row are durable."""
        body = response.body if response.answered and not self._barred(response) else None
        return self.writer.enter(receiving.receive_all, response, body)

    def _barred(self, response: captures.Response) -> bool:
        """Return whether its bytes or its address were withdrawn before it was asked for: not even the disk sees it."""
        if self._withdrawn is None:
            self._withdrawn = frozenset(row.sha256 for row in self.rows(withdrawals.barred()))
        if not self._withdrawn or response.role not in receiving.DOORS:
            return False
        named = (response.address.encode(), response.document_address.encode(), response.body)
        return any(sha256(each) in self._withdrawn for each in named)

    def wait_again(self, seqs: list[int]) -> None:
        """Put captures back before the extractors."""
        self.writer.write(lambda connection: captures.wait_again(connection, seqs))

    def restate(self, restated: list[statements.Restated], now: datetime) -> list[str]:
        """Put new statements of documents in the place of old ones; return the documents that changed."""
        return self.writer.write(lambda connection: statements.restate(connection, restated, runs.iso(now)))

    def save(
        self, capture_seq: int, reading: Extraction, pieces: tuple[Piece, ...], found: Likeness, **when: str
    ) -> Future[saving.Saved]:
        """Save a capture's extraction (`extractor_version`, `now`; perhaps `by_hand`); the future gives its fate."""
        given = extractions.ready(capture_seq, reading, pieces, found, **when)
        return self.writer.enter(saving.save_all, given)
