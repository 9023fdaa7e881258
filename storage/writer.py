"""The one writer of a process: jobs arrive from anywhere, are committed together, and are answered once durable.

What waits while a commit is under way goes into the next one (at most 16 jobs), so that a busy crawl pays one
flush for many captures and an idle one waits for nothing. Bytes are hashed and flushed from the moment they arrive,
many side by side; a transaction begins when those of its jobs are durable.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import groupby
from typing import Any, TypeVar

from sqlalchemy import Connection

from storage.blobs import HANDS, Blobs
from storage.database import Database
from storage.errors import MinutierError, StorageUnusable
from storage.outages import Patience

T = TypeVar("T")
Together = Callable[[Connection, Sequence[Any], Sequence[str]], Sequence[Any]]
"""What writes jobs of one kind at once: from what each was given, and the hash of the bytes that it brought."""
RESERVE = 200 * 2**20
"""Bytes that are left free on the disk: on one that is full nothing can even be deleted."""
LOOK = 16 * 2**20
"""Bytes that are kept without a look at the disk, which would cost as much as writing a page; or a second."""
REFUSALS = (MinutierError, ValueError)
"""What a rule says no with, or a value that no row can hold: of concern to the job that brought it alone."""
GROUP = 16  # jobs in one commit at the most: what a kill can cost in pages asked again


@dataclass(frozen=True, slots=True, eq=False)
class Job:
    """Something to write: the bytes to keep first, then the rows, inside the group's transaction."""

    together: Together
    given: Any
    kept: Future[str] | None
    future: Future[Any]


def in_turn(connection: Connection, given: Sequence[Callable[[Connection], Any]], digests: Sequence[str]) -> list[Any]:
    """Do jobs that are functions of the connection, one after another."""
    return [apply(connection) for apply in given]


class Writer:
    """A thread that owns the only writing connection of this process."""

    def __init__(self, database: Database, blobs: Blobs, patience: Patience | None = None) -> None:
        self._engine = database.writer()
        self._marks = database.marks()
        self._patience = patience or Patience()
        self._database = database
        self._blobs = blobs
        self._hands = ThreadPoolExecutor(HANDS, "blobs")
        self._room = threading.Lock()
        self._unseen = LOOK
        self._seen_at = 0.0
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self.broken: MinutierError | None = None
        """Why nothing can be written any more, once the storage has failed."""
        self._door = threading.Lock()
        self._ended: MinutierError | None = None
        """Why no job is taken any more: set once, under the lock, when the thread ends."""
        self._thread = threading.Thread(target=self._work, name="writer", daemon=True)
        self._thread.start()

    def submit(self, apply: Callable[[Connection], T], body: bytes | None = None) -> Future[T]:
        """Queue a job and return its future, which is done once the job is durable. Jobs keep their order."""
        return self.enter(in_turn, apply, body)

    def enter(self, together: Together, given: Any, body: bytes | None = None) -> Future[Any]:
        """Queue a job of a kind that is written together with its neighbours, and the bytes that it brings."""
        kept = None if body is None or self.broken else self._hands.submit(self._keep, body)
        job = Job(together, given, kept, Future())
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
        self._hands.shutdown()
        self._engine.dispose()

    def _keep(self, body: bytes) -> str:
        """Keep bytes and return their hash. Raises StorageUnusable where the disk has no room for them."""
        with self._room:
            self._unseen += len(body)
            now = time.monotonic()
            if self._unseen > LOOK or now > self._seen_at + 1:
                self._check_room()
                self._unseen, self._seen_at = 0, now
        return self._blobs.put(body)

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
            self._commit(group)
        except StorageUnusable as error:
            self.broken = error
            refuse(group, error)
        except OSError as error:
            self.broken = StorageUnusable(f"{self._database.place} cannot be written ({error.strerror or error}).")
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

    def _check_room(self) -> None:
        free = self._blobs.free()
        if free is not None and free < RESERVE:
            place, left, least = self._database.place, free // 2**20, RESERVE // 2**20
            raise StorageUnusable(
                f"The disk that holds {place} has {left} MiB left, and {least} are kept free: free some space, "
                "then run the same command again."
            )

    def _commit(self, group: list[Job]) -> None:
        digests = [job.kept.result() if job.kept else "" for job in group]
        answers: list[Any] = []

        def commit() -> None:
            with self._database.in_words():
                if answers and self._marks.reached(self._engine):  # the line broke before we were told
                    return
                self._write(group, digests, answers)

        self._patience.through(self._database.place, commit)
        for job, answer in zip(group, answers, strict=True):
            if isinstance(answer, REFUSALS):
                job.future.set_exception(answer)
            else:
                job.future.set_result(answer)

    def _write(self, group: list[Job], digests: list[str], answers: list[Any]) -> None:
        """Write a group and fill in its answers: before the commit, so that they are there when its word is lost."""
        answers.clear()
        try:
            self._at_once(group, digests, answers)
        except REFUSALS:  # one of them cannot be written: the others stand
            answers.clear()
            self._one_by_one(group, answers)

    def _at_once(self, group: list[Job], digests: list[str], answers: list[Any]) -> None:
        """Do all jobs in one transaction, neighbours of one kind together."""
        pairs = zip(group, digests, strict=True)
        with self._engine.begin() as connection:
            for together, alike in groupby(pairs, lambda pair: pair[0].together):
                jobs, hashes = zip(*alike, strict=True)
                answers += together(connection, [job.given for job in jobs], hashes)
            self._marks.leave(connection)

    def _one_by_one(self, group: list[Job], answers: list[Any]) -> None:
        """Do the same so that a refused job takes back its own rows only; its answer is its refusal."""
        with self._engine.begin() as connection:
            for job in group:
                try:
                    with connection.begin_nested():
                        hashes = [job.kept.result() if job.kept else ""]
                        answers += job.together(connection, [job.given], hashes)
                except REFUSALS as refusal:
                    answers.append(refusal)
            self._marks.leave(connection)


def refuse(group: list[Job], error: MinutierError) -> None:
    """Tell everyone who waits that the storage has failed."""
    for job in group:
        if not job.future.done():
            job.future.set_exception(error)
