"""The extraction pool: it follows the captures through the store, and never holds the downloader back."""

from __future__ import annotations

import multiprocessing
import os
import queue
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Any

from pebble import ProcessExpired, ProcessPool

import extract
from extract.model import STATED, Extraction, Verdict
from minutier import child
from minutier.readings import Readings
from minutier.settling import MOST, Settling
from storage.captures import Kept, waiting
from storage.decisions import typed_pages
from storage.errors import Away
from storage.extractions import named_by_hand
from storage.runs import iso
from storage.saving import Saved
from storage.shapes import Connection
from storage.store import Store

TIME_LIMIT = 60  # seconds per file and engine; per page where OCR reads it
LOOK_AGAIN = 0.1  # seconds between two looks for new captures
AHEAD = 4  # captures that wait for each child: one look for captures finds several


def in_reach(connection: Connection, after: int, room: int) -> Sequence[Kept]:
    """Return what waits, unless another process is working on its run."""
    return waiting(connection, after, room, os.getpid())


@dataclass(frozen=True, slots=True)
class Answer:
    """What a child gave for a capture, and what came of it before: another engine's death, a text without OCR."""

    capture: Kept
    future: Future[Any]
    before: BaseException | None
    kept: child.Outcome
    typed: dict[int, str]
    """The pages typed by a person that the child was given."""
    task: Callable[..., Any]
    """What the child was asked to do."""


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
    reach: Callable[[Connection, int, int], Sequence[Kept]] = in_reach
    """What to read next, after a capture's number and at most so many."""
    early: bool = False
    """Whether the children are born before there is anything to read: a worker that lives long has them ready."""
    workers: int = field(default_factory=lambda: max(1, min(os.cpu_count() or 1, 8)))
    _steps: queue.SimpleQueue[Callable[[], None]] = field(default_factory=queue.SimpleQueue)
    """What is to be done next: children and the writer answer in threads of their own, all else happens in ours."""
    _closing: threading.Event = field(default_factory=threading.Event)
    _executor: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "extractors"))
    _follower: Future[None] | None = None
    _settling: Settling = field(init=False)
    _after: int = 0
    ready: threading.Event = field(default_factory=threading.Event)
    """Set when it begins to look for captures."""
    _pool: Any = None  # pebble is half typed

    def __post_init__(self) -> None:
        """Begin with nothing in hand."""
        self._settling = Settling(self._save, self._steps.put, self._tell)

    @property
    def settled(self) -> int:
        """How many captures were saved."""
        return self._settling.settled

    @property
    def ended(self) -> bool:
        """Whether it reads no more, for whatever reason."""
        return self._follower is not None and self._follower.done()

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
        self._pool = ProcessPool(
            self.workers, initializer=child.begin, initargs=[self.readings.vocabulary], context=spawn
        )
        end = self._pool.stop
        try:
            if self.early:
                wait([self._pool.schedule(child.awake) for _ in range(self.workers)])
            self.ready.set()
            self._feed_until_closed()
            end = self._pool.close
        finally:
            end()
            self._pool.join()

    def _feed_until_closed(self) -> None:
        while True:
            closing = self._closing.is_set()  # asked before looking: what came after a look must be looked for again
            self.on_look()
            self._feed()
            if self._settling.in_hand:
                self._take_a_step()
                continue
            self.on_idle()
            if closing:
                return
            self._closing.wait(LOOK_AGAIN)

    def _feed(self) -> None:
        """Give the children as much as they can chew."""
        room = min(AHEAD * self.workers - self._settling.being_read, MOST - self._settling.in_hand)
        if room < self.workers:
            return
        for capture, typed in self.store.read(partial(self._look, room)):
            self._after = capture.seq
            self._settling.expect(capture)
            self._ask(capture, child.read_file, typed)

    def _look(self, room: int, connection: Connection) -> list[tuple[Kept, dict[int, str]]]:
        """Return what to read next, each with its pages that a person typed."""
        found = self.reach(connection, self._after, room)
        return [(capture, typed_pages(connection, capture.blob_sha256)) for capture in found]

    def _ask(
        self,
        capture: Kept,
        task: Callable[..., Any],
        typed: dict[int, str],
        *,
        before: BaseException | None = None,
        kept: child.Outcome = None,
    ) -> None:
        address = self.store.blobs.address(capture.blob_sha256)
        limit = TIME_LIMIT * (len(kept[0].pages) + 1 if kept else 1)
        future = self._pool.schedule(task, args=(address, hints_of(capture) | {"by_hand": typed}), timeout=limit)

        def answered(done: Future[Any]) -> None:
            self._steps.put(partial(self._take, Answer(capture, done, before, kept, typed, task)))

        future.add_done_callback(answered)

    def _take_a_step(self) -> None:
        """Do what is to be done next; what has gathered is saved where nothing is for a moment."""
        try:
            step = self._steps.get(timeout=LOOK_AGAIN)
        except queue.Empty:
            self._settling.send()
        else:
            step()

    def _take(self, answer: Answer) -> None:
        """Take a child's answer; what kills one engine, another may read."""
        error = answer.future.exception()
        if isinstance(error, Away):  # the bytes could not be had, which says nothing about the file
            self._ask_again(answer)
            return
        outcome = None if error else second_hand(answer.future.result(), answer.before)
        if answer.kept:
            self._settle(answer, outcome or without_ocr(answer.kept, error))
        elif outcome and outcome[0].quality.needs_ocr and self.readings.ocr:
            self._ask(answer.capture, child.read_pictures, answer.typed, kept=outcome)
        elif outcome:
            self._settle(answer, outcome)
        elif answer.before is None and isinstance(error, ProcessExpired | TimeoutError):
            self._ask(answer.capture, child.read_otherwise, answer.typed, before=error)
        else:
            self._settle(answer, child.analysed(self._unread(answer.capture, error or answer.before)))

    def _ask_again(self, answer: Answer) -> None:
        """Wait until the bytes can be had, as long as this process has patience for, and give them to a child again."""
        self.store.blobs.read(answer.capture.blob_sha256)
        self._ask(answer.capture, answer.task, answer.typed, before=answer.before, kept=answer.kept)

    def _unread(self, capture: Kept, error: BaseException | None) -> Extraction:
        """Return the empty extraction that says why a file gave nothing."""
        verdict, reason = fate(error)
        return extract.failed(self.store.blobs.read(capture.blob_sha256), verdict, reason)

    def _settle(self, answer: Answer, read: child.Read) -> None:
        self._settling.put(answer.capture, (read, named_by_hand(answer.typed)))

    def _save(self, capture: Kept, settled: tuple[child.Read, str]) -> Future[Saved]:
        (reading, pieces, found), by_hand = settled
        given = {"extractor_version": self.readings.version(reading), "now": iso(self.now()), "by_hand": by_hand}
        return self.store.save(capture.seq, reading, pieces, found, **given)

    def _tell(self, capture: Kept, saved: Saved) -> None:
        self.on_saved(capture, saved)  # which may be another one by now


def second_hand(outcome: child.Outcome, before: BaseException | None) -> child.Outcome:
    """Return what a second engine read with a word on why the first did not; nothing where it read nothing."""
    if outcome is None or before is None:
        return outcome
    reading, pieces, found = outcome
    if not reading.text:
        return None
    reasons = (*reading.quality.reasons, f"Read by the second engine. {fate(before)[1]}")
    return replace(reading, quality=replace(reading.quality, reasons=reasons)), pieces, found


def without_ocr(kept: child.Read, error: BaseException | None) -> child.Read:
    """Return what was read before OCR, which failed, with a word on why; it goes on waiting for OCR."""
    reading, pieces, found = kept
    reasons = (*reading.quality.reasons, f"OCR gave nothing. {fate(error)[1]}")
    return replace(reading, quality=replace(reading.quality, reasons=reasons)), pieces, found


def hints_of(capture: Kept) -> dict[str, Any]:
    """Return what a capture's extractor is told, from the capture alone: a re-extraction sees the same.

    What an archive gave is read as what it was: a page of its own site, on the day it was taken.
    """
    given = capture.hints
    archived_at = given.get("archived_at", "")
    return {
        "url": capture.address if archived_at else capture.url,
        "headers": dict(capture.headers),
        "captured_at": archived_at or capture.fetched_at,
        "languages": tuple(given.get("languages", ())),
        "link_text": given.get("link_text", ""),
        "context": given.get("context", ""),
        "record": given.get("record", ""),
        "split": given.get("split", ""),
        "stated": {name: value for name, value in given.get("stated", {}).items() if name in STATED},
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
