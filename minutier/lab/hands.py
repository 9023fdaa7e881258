"""The extraction pool of a worker: it reads the captures that the jobs of this process answer for, and no others."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from minutier.extraction import Extractors
from minutier.readings import Readings
from storage.captures import Kept
from storage.saving import Saved
from storage.shapes import Connection
from storage.sharing import claimed
from storage.store import Store


class Hands:
    """The pool of one process, and what it may take. Its children are at hand when it is made."""

    def __init__(self, store: Store, readings: Readings, now: Callable[[], datetime]) -> None:
        self.store = store
        self._runs: set[str] = set()
        self._seqs: set[int] = set()
        self._in_hand: set[int] = set()
        self._lock = threading.Lock()
        self._extractors = Extractors(store, now, readings, on_saved=self._put_down, reach=self._reach, early=True)
        self._extractors.__enter__()
        while not self._extractors.ready.wait(0.1) and not self._extractors.ended:
            pass

    @property
    def ended(self) -> bool:
        """Whether it reads no more: the storage failed, or its children could not be started."""
        return self._extractors.ended

    @contextmanager
    def following(self, run_id: str) -> Iterator[None]:
        """Read what a run captures, as it comes."""
        with self._lock:
            self._runs.add(run_id)
        try:
            yield
        finally:
            with self._lock:
                self._runs.discard(run_id)

    @contextmanager
    def taking(self, seqs: Collection[int]) -> Iterator[None]:
        """Read some captures, if they still wait."""
        with self._lock:
            self._seqs |= set(seqs)
        try:
            yield
        finally:
            with self._lock:
                self._seqs -= set(seqs)

    def close(self) -> None:
        """Put down what is in hand once it is read, and stop; what went wrong is raised here."""
        with self._lock:
            self._runs, self._seqs = set(), set()
        self._extractors.__exit__()

    def _reach(self, connection: Connection, after: int, room: int) -> Sequence[Kept]:
        with self._lock:
            runs, seqs, besides = list(self._runs), list(self._seqs), list(self._in_hand)
        if not runs and not seqs:
            return ()
        found = claimed(connection, runs=runs, seqs=seqs, besides=besides, room=room)
        with self._lock:
            self._in_hand |= {capture.seq for capture in found}
        return found

    def _put_down(self, capture: Kept, saved: Saved) -> None:
        with self._lock:
            self._in_hand.discard(capture.seq)
