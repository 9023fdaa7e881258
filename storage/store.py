"""The store: one corpus, open. Reads see one moment; writes go through the process's one writer."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from sqlalchemy import Connection, insert, select

from extract.model import Extraction
from extract.terms import TERMS_VERSION
from storage import captures, finishing, index, reindexing, runs, saving
from storage.blobs import Blobs
from storage.chunking import Piece, pieces_of
from storage.database import HEAD, check_ours, in_words, reader_engine, revision_of, upgrade
from storage.errors import StorageUnusable, WrongUse
from storage.models import Corpus
from storage.shapes import AnyRow, AnySelect
from storage.writer import Writer

if TYPE_CHECKING:
    from storage.sources import Authority, Source

FILE = "corpus.db"


class Store:
    """A corpus on this machine: a folder with `corpus.db` and `blobs/`. Use it as a context manager."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = folder / FILE
        self.blobs = Blobs(folder / "blobs")
        self._reader = reader_engine(self.file)
        self._writer: Writer | None = None

    @classmethod
    def open(cls, location: str | Path) -> Store:
        """Open a corpus that exists. Raises WrongUse where there is none, StorageUnusable where it cannot be read."""
        folder = local_folder(location)
        check_ours(folder / FILE)
        return cls(folder)

    @classmethod
    def create(cls, location: str | Path, *, now: datetime, version: str) -> Store:
        """Open a corpus for writing, making it first where there is none."""
        folder = local_folder(location)
        if not (folder / FILE).exists():
            make_corpus(folder, now=now, version=version)
        check_ours(folder / FILE)
        upgrade_if_older(folder / FILE)
        store = cls(folder)
        store._renew_index()
        return store

    def __enter__(self) -> Store:
        """Return the store itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Finish what is being written and close."""
        if self._writer:
            self._writer.close()
        self._reader.dispose()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection that sees the corpus as it is now and cannot change it."""
        with in_words(self.file), self._reader.connect() as connection:
            yield connection

    @property
    def writer(self) -> Writer:
        """The one writer of this process, started when first needed."""
        if self._writer is None:
            self._writer = Writer(self.file, self.blobs)
        return self._writer

    def rows(self, query: AnySelect) -> list[AnyRow]:
        """Return the rows of a query."""
        with self.reading() as connection:
            return list(connection.execute(query).all())

    def first(self, query: AnySelect) -> AnyRow | None:
        """Return the first row of a query, or nothing."""
        with self.reading() as connection:
            return connection.execute(query).first()

    # -- runs ---------------------------------------------------------------------------------------------------

    def open_run(
        self,
        source: Source,
        authorities: Mapping[str, Authority],
        *,
        now: datetime,
        version: str,
        new_id: Callable[[], str] = lambda: uuid.uuid4().hex[:12],
    ) -> runs.Opened:
        """Begin a run of a source, or go on with the one that was cut short. Raises Busy."""

        def begin(connection: Connection) -> runs.Opened:
            runs.remember_source(connection, source, authorities)
            return runs.open_run(connection, source.id, now=now, new_id=new_id, version=version)

        return self.writer.write(begin)

    def note(self, run_id: str, notes: Iterable[runs.Note]) -> Future[None]:
        """Enter addresses into a run's account."""
        entries = list(notes)
        return self.writer.submit(lambda connection: runs.note(connection, run_id, entries))

    def note_requests(self, run_id: str, requests: int) -> None:
        """Add to the number of things a run asked of the network."""
        self.writer.write(lambda connection: runs.add_requests(connection, run_id, requests))

    def beat(self, run_ids: list[str], now: datetime) -> None:
        """Say that some runs are alive."""
        self.writer.write(lambda connection: runs.beat(connection, run_ids, now))

    def drop_dead_locks(self, now: datetime) -> None:
        """Take away the locks of processes that are no more."""
        self.writer.write(lambda connection: runs.drop_dead_locks(connection, now))

    def leave_run(self, run_id: str) -> None:
        """Give a source free without ending its run: it can be resumed."""
        self.writer.write(lambda connection: runs.release(connection, run_id))

    def finish_run(self, run_id: str, ending: finishing.Ending, now: datetime) -> finishing.Judged:
        """End a run: judge it, and after a good one show its changed versions."""
        # Asked of the writer, so that every note that was sent before has its place in the account.
        judged = self.writer.write(lambda connection: finishing.judge(connection, run_id, ending))
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
            promotion = partial(finishing.promote, version=version, before=old, pieces=new, now=runs.iso(now))
            self.writer.write(promotion)

    def _renew_index(self) -> None:
        """Build the full-text index again where another analyser made it; after a kill the next time begins anew."""
        made_by = self.first(select(Corpus.terms_version))
        if made_by is None or made_by.terms_version == TERMS_VERSION:
            return
        self.writer.write(reindexing.begin)
        for document in self.rows(reindexing.documents()):
            shown = self.first(finishing.shown_text(document.id))
            assert shown is not None
            pieces = pieces_of(shown.text, shown.facts)
            self.writer.write(partial(index.add, document_id=document.id, pieces=pieces))
        self.writer.write(partial(reindexing.end, version=TERMS_VERSION))

    # -- captures and documents ---------------------------------------------------------------------------------

    def record(self, response: captures.Response) -> Future[int]:
        """Keep a response; the future gives its number once its bytes and its row are durable."""
        blobs = [response.body] if response.answered else []
        return self.writer.submit(lambda connection: captures.record(connection, response), blobs)

    def wait_again(self, seqs: list[int]) -> None:
        """Put captures back before the extractors."""
        self.writer.write(lambda connection: captures.wait_again(connection, seqs))

    def save(self, capture_seq: int, reading: Extraction, pieces: tuple[Piece, ...], **when: str) -> saving.Saved:
        """Save a capture's extraction (`extractor_version` and `now` are wanted) and return what became of it."""
        given = saving.Given(capture_seq=capture_seq, reading=reading, pieces=pieces, **when)
        return self.writer.write(lambda connection: saving.save(connection, given))


def local_folder(location: str | Path) -> Path:
    """Return the folder of a corpus; a database address belongs to the lab profile, which is not here yet."""
    if "://" in str(location):
        raise WrongUse(f"{location} is an address: this version keeps a corpus in a folder; name one with --corpus.")
    return Path(location)


def make_corpus(folder: Path, *, now: datetime, version: str) -> None:
    """Make an empty corpus, beside a draft name first so that a half-made one is never opened."""
    draft = folder / f".{FILE}.new"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for left in folder.glob(f".{FILE}.new*"):
            left.unlink()
    except OSError as error:
        raise StorageUnusable(f"The corpus folder {folder} cannot be made ({error.strerror}).") from None
    upgrade(draft)
    writer = Writer(draft, Blobs(folder / "blobs"))
    row = {"id": uuid.uuid4().hex, "created_at": runs.iso(now), "minutier_version": version}
    writer.write(
        lambda connection: connection.execute(insert(Corpus).values(**row, terms_version=TERMS_VERSION)) and None
    )
    writer.close()
    draft.replace(folder / FILE)


def upgrade_if_older(file: Path) -> None:
    """Bring the corpus to the newest schema where it is not there yet."""
    if revision_of(file) != HEAD:
        upgrade(file)
