"""The extraction pool: children answer in any order, and what they read of one address is saved in its own."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from minutier import child
from minutier.extraction import Extractors
from minutier.readings import readings_in
from tests.making import NOON, Scene, a_reading

OLD, NEW, MOVED, OTHER = b"Le texte ancien.", b"Le texte nouveau.", b"Le texte ailleurs.", b"Une autre page."


def read_late(address: str, hints: dict[str, Any]) -> child.Outcome:
    """Read a file at once; the old one only when the other three were read and their answers have had time to come."""
    body, marks = Path(address).read_bytes(), Path(hints["context"])
    if body == OLD:
        while len(list(marks.iterdir())) < 3:
            time.sleep(0.01)
        time.sleep(0.5)
    else:
        (marks / str(os.getpid() + time.monotonic_ns())).touch()
    return child.analysed(a_reading(body.decode()))


def die_or_read(address: str, hints: dict[str, Any]) -> child.Outcome:
    """Read a file; the old one kills its reader."""
    if Path(address).read_bytes() == OLD:
        os._exit(3)
    return read_late(address, hints)


def read_or_see_a_picture(address: str, hints: dict[str, Any]) -> child.Outcome:
    """Read a file; the old one is a picture that OCR must read."""
    if Path(address).read_bytes() == OLD:
        quality = replace(a_reading().quality, verdict="scanned", needs_ocr=True)
        return child.analysed(a_reading("", quality=quality))
    return read_late(address, hints)


def read_half_a_character(address: str, hints: dict[str, Any]) -> child.Outcome:
    """Read a file; the media type of the old one ends in the first half of a character."""
    body = Path(address).read_bytes()
    return child.analysed(a_reading(body.decode(), media_type="text/plain" + "\ud83d" * (body == OLD)))


READERS: dict[str, dict[str, Callable[..., child.Outcome]]] = {
    "slow": {"read_file": read_late},
    "killed": {"read_file": die_or_read, "read_otherwise": read_late},
    "by OCR": {"read_file": read_or_see_a_picture, "read_pictures": read_late},
}


@pytest.mark.parametrize("way", list(READERS))
def test_captures_of_one_address_are_saved_in_their_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    """However late the first answer comes, the older text is the first version; another address waits for nothing.

    What was redirected for good shares the address of its document.
    """
    for name, task in READERS[way].items():
        monkeypatch.setattr(child, name, task)
    marks = tmp_path / "marks"
    marks.mkdir()
    scene = Scene(tmp_path / "corpus")
    order: list[int] = []
    with scene.store as store:
        scene.open_run()
        hints = {"context": str(marks)}
        old, new = scene.fetch("a", OLD, hints=hints), scene.fetch("a", NEW, hints=hints)
        moved = scene.fetch("was-a", MOVED, hints=hints, document_address="http://127.0.0.1:9/a")
        other = scene.fetch("b", OTHER, hints=hints)
        readings = replace(readings_in(store, ocr=False), ocr=True)
        saved = lambda capture, outcome: order.append(capture.seq)  # noqa: E731  # shorter than a function
        with Extractors(store, lambda: NOON, readings, saved, workers=2) as extractors:
            pass
        assert extractors.settled == 4
        texts = scene.rows("SELECT number, text FROM version JOIN body_text ON text_sha256 = sha256 ORDER BY number")
    assert order == [other, old, new, moved], "only what shares an address waits"
    assert [text for number, text in texts if number > 1] == [NEW.decode(), MOVED.decode()]


def test_what_cannot_be_saved_leaves_what_was_read_with_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One reading of a group holds what no row can: it is said, the others are saved, and it alone still waits."""
    monkeypatch.setattr(child, "read_file", read_half_a_character)
    scene = Scene(tmp_path / "corpus")
    with scene.store as store:
        scene.open_run()
        good, bad, fine = scene.fetch("a", NEW), scene.fetch("b", OLD), scene.fetch("c", OTHER)
        extractors = Extractors(store, lambda: NOON, readings_in(store, ocr=False), workers=1)
        with pytest.raises(ValueError, match="surrogates"), extractors:
            pass
        waiting = scene.rows("SELECT seq FROM capture WHERE waiting")
        saved = scene.rows("SELECT capture_seq FROM version ORDER BY capture_seq")
    assert (waiting, saved) == ([(bad,)], [(good,), (fine,)])
