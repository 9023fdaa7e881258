"""From what children read to what is saved: each address in the order of its captures, many of them in one commit."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from storage.captures import Kept
from storage.saving import Saved
from storage.writer import GROUP

MOST = 4 * GROUP
"""So many captures are in hand at the most: what is read and not saved lies in the memory."""


@dataclass(slots=True)
class Settling:
    """The captures in hand, from the moment they are given to children until what they say is durable.

    Used by one thread. What the writer answers in another one is handed to `later`, which has it done in ours.
    """

    save: Callable[[Kept, Any], Future[Saved]]
    later: Callable[[Callable[[], None]], None]
    on_saved: Callable[[Kept, Saved], None]
    settled: int = 0
    _awaited: dict[int, Kept] = field(default_factory=dict)
    """The captures that children have, or that wait for an earlier one of their address, in order of arrival."""
    _read: dict[int, Any] = field(default_factory=dict)
    """Of these, what is read and waits."""
    _gathered: list[tuple[Kept, Any]] = field(default_factory=list)
    _sent: int = 0
    """How many the writer has."""

    @property
    def being_read(self) -> int:
        """How many captures children have."""
        return len(self._awaited) - len(self._read)

    @property
    def in_hand(self) -> int:
        """How many captures are not settled yet."""
        return len(self._awaited) + len(self._gathered) + self._sent

    def expect(self, capture: Kept) -> None:
        """Take a capture in hand that is given to a child."""
        self._awaited[capture.seq] = capture

    def put(self, capture: Kept, read: Any) -> None:
        """Take what was read of a capture. An older text must not become a later version than a newer one.

        Children may finish in any order; what is done too early waits here for the one before it.
        """
        self._read[capture.seq] = read
        earlier: set[str] = set()
        for seq, one in list(self._awaited.items()):
            names = {one.address, one.document_address}
            if seq in self._read and earlier.isdisjoint(names):
                self._gathered.append((self._awaited.pop(seq), self._read.pop(seq)))
            else:
                earlier |= names
        if len(self._gathered) >= GROUP or not self.being_read:
            self.send()

    def send(self) -> None:
        """Hand what has gathered to the writer, which keeps the order and commits it together."""
        gathered, self._gathered = self._gathered, []
        self._sent += len(gathered)
        for capture, read in gathered:
            told = partial(self._tell, capture)
            self.save(capture, read).add_done_callback(told)

    def _tell(self, capture: Kept, saved: Future[Saved]) -> None:
        self.later(partial(self._end, capture, saved))

    def _end(self, capture: Kept, saved: Future[Saved]) -> None:
        outcome = saved.result()
        self._sent -= 1
        self.settled += 1
        self.on_saved(capture, outcome)
