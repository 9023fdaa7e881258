"""The extraction pool: it follows the captures through the store, and never holds the downloader back."""

from __future__ import annotations

import multiprocessing
import os
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from pebble import ProcessExpired, ProcessPool

import extract
from extract.model import Extraction, Verdict
from minutier import child
from minutier.readings import Readings
from storage.captures import Kept, waiting
from storage.runs import iso
from storage.saving import Saved
from storage.store import Store

TIME_LIMIT = 60  # seconds per file and engine; per page where OCR reads it
LOOK_AGAIN = 0.1  # seconds between two looks for new captures


@dataclass(frozen=True, slots=True)
class Answer:
    """What a child gave for a capture, and what came of it before: another engine's death, a text without OCR."""

    capture: Kept
    future: Future[Any]
    before: BaseException | None
    kept: child.Outcome


@dataclass(slots=True)
class Extractors:
    """A thread that feeds killable children and saves what they return. Use it as a context manager.

    Leaving the context waits until every capture in reach is settled.
    """

    store: Store
    now: Callable[[], datetime]
    readings: Readings
    on_saved: Callable[[Kept, Saved], None] = lambda capture, saved: None
    on_look: Callable[[], None] = lambda: None
    """Called before each look for captures: what a run that ended by then has captured is found by that look."""
    on_idle: Callable[[], None] = lambda: None
    """Called whenever nothing is under way: the moment to end the runs that were over before the last look."""
    workers: int = field(default_factory=lambda: max(1, min(os.cpu_count() or 1, 8)))
    settled: int = 0
    _results: queue.Queue[Answer] = field(default_factory=queue.Queue)
    _closing: threading.Event = field(default_factory=threading.Event)
    _executor: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "extractors"))
    _follower: Future[None] | None = None
    _under_way: int = 0
    _after: int = 0

    def __enter__(self) -> Extractors:
        """Start following."""
        self._follower = self._executor.submit(self._follow)
        return self

    def __exit__(self, *error: object) -> None:
        """Wait until all is settled; what went wrong meanwhile is raised here."""
        self._closing.set()
        self._executor.shutdown(wait=False)
        while self._follower and not self._follower.done():
            wait([self._follower], timeout=0.2)  # in steps, so that Ctrl-C is heard
        if self._follower:
            self._follower.result()

    def _follow(self) -> None:
        spawn = multiprocessing.get_context("spawn")
        pool: Any = ProcessPool(
            self.workers, initializer=child.begin, initargs=[self.readings.vocabulary], context=spawn
        )  # pebble is half typed
        end = pool.stop
        try:
            self._feed_until_closed(pool)
            end = pool.close
        finally:
            end()
            pool.join()

    def _feed_until_closed(self, pool: ProcessPool) -> None:
        while True:
            closing = self._closing.is_set()  # asked before looking: what came after a look must be looked for again
            self.on_look()
            self._feed(pool)
            if self._under_way:
                self._take_one(pool)
                continue
            self.on_idle()
            if closing:
                return
            self._closing.wait(LOOK_AGAIN)

    def _feed(self, pool: ProcessPool) -> None:
        """Give the children as much as they can chew."""
        room = 2 * self.workers - self._under_way
        for capture in self.store.rows(waiting(self._after, room, os.getpid())) if room > 0 else ():
            self._after = capture.seq
            self._ask(pool, capture, child.read_file)

    def _ask(
        self,
        pool: ProcessPool,
        capture: Kept,
        task: Callable[..., Any],
        *,
        before: BaseException | None = None,
        kept: child.Outcome = None,
    ) -> None:
        path = str(self.store.blobs.path(capture.blob_sha256))
        limit = TIME_LIMIT * (len(kept[0].pages) + 1 if kept else 1)
        future = pool.schedule(task, args=(path, hints_of(capture)), timeout=limit)
        future.add_done_callback(lambda done: self._results.put(Answer(capture, done, before, kept)))
        self._under_way += 1

    def _take_one(self, pool: ProcessPool) -> None:
        """Wait a moment for a child's answer, and save it; what kills one engine, another may read."""
        try:
            answer = self._results.get(timeout=LOOK_AGAIN)
        except queue.Empty:
            return
        self._under_way -= 1
        error = answer.future.exception()
        outcome = None if error else second_hand(answer.future.result(), answer.before)
        if answer.kept:
            self._save(answer.capture, *(outcome or without_ocr(answer.kept, error)))
        elif outcome and outcome[0].quality.needs_ocr and self.readings.ocr:
            self._ask(pool, answer.capture, child.read_pictures, kept=outcome)
        elif outcome:
            self._save(answer.capture, *outcome)
        elif answer.before is None and isinstance(error, ProcessExpired | TimeoutError):
            self._ask(pool, answer.capture, child.read_otherwise, before=error)
        else:
            self._save(answer.capture, self._unread(answer.capture, error or answer.before), ())

    def _unread(self, capture: Kept, error: BaseException | None) -> Extraction:
        """Return the empty extraction that says why a file gave nothing."""
        verdict, reason = fate(error)
        return extract.failed(self.store.blobs.read(capture.blob_sha256), verdict, reason)

    def _save(self, capture: Kept, reading: Extraction, pieces: tuple[Any, ...]) -> None:
        moment = iso(self.now())
        version = self.readings.version(reading)
        saved = self.store.save(capture.seq, reading, pieces, extractor_version=version, now=moment)
        self.settled += 1
        self.on_saved(capture, saved)


def second_hand(outcome: child.Outcome, before: BaseException | None) -> child.Outcome:
    """Return what a second engine read with a word on why the first did not; nothing where it read nothing."""
    if outcome is None or before is None:
        return outcome
    reading, pieces = outcome
    if not reading.text:
        return None
    reasons = (*reading.quality.reasons, f"Read by the second engine. {fate(before)[1]}")
    return replace(reading, quality=replace(reading.quality, reasons=reasons)), pieces


def without_ocr(kept: tuple[Extraction, tuple[Any, ...]], error: BaseException | None) -> tuple[Any, tuple[Any, ...]]:
    """Return what was read before OCR, which failed, with a word on why; it goes on waiting for OCR."""
    reading, pieces = kept
    reasons = (*reading.quality.reasons, f"OCR gave nothing. {fate(error)[1]}")
    return replace(reading, quality=replace(reading.quality, reasons=reasons)), pieces


def hints_of(capture: Kept) -> dict[str, Any]:
    """Return what a capture's extractor is told, from the capture alone: a re-extraction sees the same."""
    given = capture.hints
    return {
        "url": capture.url,
        "headers": dict(capture.headers),
        "captured_at": capture.fetched_at,
        "languages": tuple(given.get("languages", ())),
        "link_text": given.get("link_text", ""),
        "context": given.get("context", ""),
        "record": given.get("record", ""),
        "split": given.get("split", ""),
    }


def fate(error: BaseException | None) -> tuple[Verdict, str]:
    """Return the verdict and the sentence for a child that did not answer."""
    if isinstance(error, TimeoutError):
        return "timeout", f"The reader was stopped after {TIME_LIMIT} seconds."
    if isinstance(error, ProcessExpired):
        if error.exitcode == child.OUT_OF_MEMORY:
            return "memory", f"The reader was stopped at {child.MEMORY_LIMIT // 2**20} MiB of memory."
        return "crash", f"The reader died on this file (exit code {error.exitcode})."
    return "crash", f"The reader failed on this file ({type(error).__name__}: {str(error)[:160]})."
