"""The one writer of a process: jobs arrive from anywhere, are committed together, and are answered once durable.

What waits while a commit is under way goes into the next one (at most 16 jobs), so that a busy crawl pays one
flush for many captures and an idle one waits for nothing. Blobs are written and hashed before the transaction begins.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection

from storage.blobs import Blobs
from storage.database import in_words, writer_engine
from storage.errors import MinutierError, StorageUnusable

T = TypeVar("T")
GROUP = 16  # jobs in one commit at the most: what a kill can cost in pages asked again


@dataclass(frozen=True, slots=True, eq=False)
class Job:
    """Something to write: the bytes to keep first, then the rows, inside the group's transaction."""

    apply: Callable[[Connection], Any]
    blobs: Sequence[bytes]
    future: Future[Any]


class Writer:
    """A thread that owns the only writing connection of this process."""

    def __init__(self, file: Path, blobs: Blobs) -> None:
        self._engine = writer_engine(file)
        self._file = file
        self._blobs = blobs
        self._jobs: queue.Queue[Job | None] = queue.Queue()
        self.broken: MinutierError | None = None
        """Why nothing can be written any more, once the storage has failed."""
        self._door = threading.Lock()
        self._ended: MinutierError | None = None
        """Why no job is taken any more: set once, under the lock, when the thread ends."""
        self._thread = threading.Thread(target=self._work, name="writer", daemon=True)
        self._thread.start()

    def submit(self, apply: Callable[[Connection], T], blobs: Sequence[bytes] = ()) -> Future[T]:
        """Queue a job and return its future, which is done once the job is durable. Jobs keep their order."""
        job = Job(apply, blobs, Future())
        with self._door:
            if self._ended:
                refuse([job], self._ended)
            else:
                self._jobs.put(job)
        return job.future

    def write(self, apply: Callable[[Connection], T]) -> T:
        """Do a job and return its answer once it is durable."""
        return self.submit(apply).result()

    def close(self) -> None:
        """Finish what was queued and stop."""
        self._jobs.put(None)
        self._thread.join()
        self._engine.dispose()

    def _work(self) -> None:
        group: list[Job] = []
        running = True
        try:
            while running:
                group, running = self._next_group()
                self._settle(group)
        finally:  # whatever ended this thread, nobody may wait for ever
            error = self.broken or StorageUnusable("The writer has ended: open the corpus again, and see --debug.")
            with self._door:
                self._ended = self.broken = error
            refuse(group, error)
            while not self._jobs.empty():
                refuse([job for job in [self._jobs.get()] if job], error)

    def _settle(self, group: list[Job]) -> None:
        try:
            if self.broken:
                raise self.broken
            with in_words(self._file):
                self._commit(group)
        except StorageUnusable as error:
            self.broken = error
            refuse(group, error)
        except OSError as error:
            self.broken = StorageUnusable(f"{self._file.parent} cannot be written ({error.strerror or error}).")
            refuse(group, self.broken)

    def _next_group(self) -> tuple[list[Job], bool]:
        """Wait for a job, and take with it what has gathered meanwhile."""
        group: list[Job] = []
        job = self._jobs.get()
        while job is not None:
            group.append(job)
            if len(group) == GROUP or self._jobs.empty():
                return group, True
            job = self._jobs.get()
        return group, False

    def _commit(self, group: list[Job]) -> None:
        for job in group:
            self._blobs.put_all(job.blobs)
        answers: list[tuple[Job, Any]] = []
        with self._engine.begin() as connection:
            for job in group:
                try:
                    with connection.begin_nested():
                        answers.append((job, job.apply(connection)))
                except MinutierError as refusal:  # a rule said no to this job; the others stand
                    job.future.set_exception(refusal)
        for job, answer in answers:
            job.future.set_result(answer)


def refuse(group: list[Job], error: MinutierError) -> None:
    """Tell everyone who waits that the storage has failed."""
    for job in group:
        if not job.future.done():
            job.future.set_exception(error)
