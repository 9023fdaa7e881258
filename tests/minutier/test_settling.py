"""What is read on its way into the store: in order, gathered, and lost nowhere."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from types import SimpleNamespace
from typing import Any

import pytest

from minutier.settling import GROUP, Settling
from storage.saving import Saved

SAVED = Saved(document_id="d", state="stored", verdict="good")


def capture(seq: int, address: str = "", document: str = "") -> Any:
    """Return a capture of an address of its own, or of the one given."""
    address = address or f"a{seq}"
    return SimpleNamespace(seq=seq, address=address, document_address=document or address)


class Written:
    """A writer that answers when it is told to."""

    def __init__(self) -> None:
        self.asked: list[int] = []
        self.answers: list[Future[Saved]] = []
        self.steps: list[Callable[[], None]] = []
        self.told: list[int] = []
        self.settling = Settling(self._save, self.steps.append, lambda one, saved: self.told.append(one.seq))

    def _save(self, one: Any, read: Any) -> Future[Saved]:
        self.asked.append(one.seq)
        self.answers.append(Future())
        return self.answers[-1]

    def answer(self) -> None:
        """Say that all is durable, and do what that asks for."""
        for future in self.answers:
            future.set_result(SAVED)
        for step in self.steps:
            step()


def test_what_is_read_gathers_while_more_is_coming() -> None:
    """Nothing is saved until a group is full; what comes after it gathers anew."""
    written = Written()
    captures = [capture(seq) for seq in range(GROUP + 2)]
    for one in captures:
        written.settling.expect(one)
    for one in captures[: GROUP - 1]:
        written.settling.put(one, "read")
    assert written.asked == []
    for one in captures[GROUP - 1 : -1]:
        written.settling.put(one, "read")
    assert written.asked == list(range(GROUP))


def test_the_last_that_is_read_waits_for_nobody() -> None:
    """Where no child is at work there is nothing to wait for: what has gathered is saved."""
    written = Written()
    for seq in range(3):
        written.settling.expect(capture(seq))
    for seq in range(3):
        written.settling.put(capture(seq), "read")
    assert written.asked == [0, 1, 2]


def test_what_has_gathered_can_be_sent() -> None:
    """A child that is slow does not keep what the others have read."""
    written = Written()
    written.settling.expect(capture(1))
    written.settling.expect(capture(2))
    written.settling.put(capture(2), "read")
    written.settling.send()
    written.settling.send()
    assert written.asked == [2]


@pytest.mark.parametrize("later", [capture(2, "a1"), capture(2, "moved", "a1")])
def test_an_address_is_saved_in_the_order_of_its_captures(later: Any) -> None:
    """A later capture of an address, or of its document, waits for the earlier one; another address does not."""
    written = Written()
    for one in (capture(1), later, capture(3)):
        written.settling.expect(one)
    written.settling.put(later, "read")
    written.settling.put(capture(3), "read")
    written.settling.send()
    assert written.asked == [3]
    assert written.settling.being_read == 1
    written.settling.put(capture(1), "read")
    assert written.asked == [3, 1, 2]


def test_a_capture_is_in_hand_until_it_is_durable() -> None:
    """What is only read, gathered or sent is not settled: nobody is told, and no run may end."""
    written = Written()
    for seq in (1, 2):
        written.settling.expect(capture(seq))
    written.settling.put(capture(1), "read")
    assert (written.settling.in_hand, written.settling.being_read) == (2, 1)
    written.settling.put(capture(2), "read")
    assert (written.settling.in_hand, written.settling.being_read) == (2, 0)
    assert (written.told, written.settling.settled) == ([], 0)
    written.answer()
    assert (written.told, written.settling.settled, written.settling.in_hand) == ([1, 2], 2, 0)


def test_a_save_that_failed_is_raised_in_our_thread() -> None:
    """The writer's thread only leaves word; whoever follows the captures hears of it."""
    written = Written()
    written.settling.expect(capture(1))
    written.settling.put(capture(1), "read")
    written.answers[0].set_exception(ValueError("no row holds half a character"))
    assert written.told == []
    with pytest.raises(ValueError, match="half a character"):
        written.steps[0]()
