"""An outage: a database or an object store that does not answer for a while. Who can wait does, and says so.

What is done again must be whole: a transaction, or bytes under their hash. Readers wait for nothing and get the
sentence; a crawl waits for a stated time; a worker of a lab waits as long as it takes.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TypeVar

from storage.errors import Away

T = TypeVar("T")
FIRST, LONGEST = 0.25, 15.0
"""Seconds before the second try, and between two tries at the most."""


def unheard(sentence: str) -> None:
    """Tell nobody."""


@dataclass(slots=True)
class Patience:
    """How long a process waits for what is away, and whom it tells when that begins and when it ends."""

    limit: float | None = 0
    """Seconds; 0 is not to wait at all, None is as long as it takes."""
    say: Callable[[str], None] = unheard
    _since: dict[str, float] = field(default_factory=dict)
    """Of each place that is away, since when."""
    _back: dict[str, float] = field(default_factory=dict)
    """Of each place that was away, when it answered again."""
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _ended: threading.Event = field(default_factory=threading.Event)

    def through(self, place: str, act: Callable[[], T]) -> T:
        """Return what an act gives, which is tried again while the place is away. Raises Away when time is up."""
        first: float | None = None
        for pause in pauses():
            began = time.monotonic()
            try:
                answer = act()
            except Away as away:
                first = began if first is None else first
                left = self._left(first)
                if left <= 0:
                    raise
                self.note(place, away, began)
                self._ended.wait(min(pause, left))
            else:
                self.note_back(place)
                return answer
        raise AssertionError("there is always another pause")

    def end(self) -> None:
        """Wait for nothing from now on: the process is about to end."""
        self._ended.set()

    def _left(self, first: float) -> float:
        """Return how many seconds there are to wait."""
        if self._ended.is_set():
            return 0
        return LONGEST if self.limit is None else self.limit - (time.monotonic() - first)

    def note(self, place: str, away: Away, began: float) -> None:
        """Say that an outage has begun, once; what failed before a place came back says nothing new."""
        with self._lock:
            if place in self._since or began < self._back.get(place, 0):
                return
            self._since[place] = began
        self.say(f"{away.short} {self._how_long()}; nothing is lost.")

    def _how_long(self) -> str:
        """Return for how long is waited, as the beginning of a sentence."""
        return "Waiting until it does" if self.limit is None else f"Waiting, for {in_words(self.limit)} at the most"

    def note_back(self, place: str) -> None:
        """Say that an outage is over."""
        if place not in self._since:
            return
        with self._lock:
            since = self._since.pop(place, None)
            now = self._back[place] = time.monotonic()
        if since is not None:
            self.say(f"{place} answers again after {in_words(now - since)}: going on.")


def pauses() -> Iterator[float]:
    """Yield the seconds between tries: twice as many each time, up to a longest."""
    pause = FIRST
    while True:
        yield pause
        pause = min(2 * pause, LONGEST)


def in_words(seconds: float) -> str:
    """Return a time as people say it.

    >>> in_words(12.3), in_words(900)
    ('12 seconds', '15 minutes')
    """
    if seconds < 100:
        return f"{max(1, round(seconds))} second{'s' if round(seconds) > 1 else ''}"
    return f"{round(seconds / 60)} minutes"
