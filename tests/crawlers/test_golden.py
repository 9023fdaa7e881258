"""Golden tests: what was recorded of sources is read as it was, off-line."""

from __future__ import annotations

from pathlib import Path

import pytest

from minutier.recording import compare

GOLDEN = Path(__file__).resolve().parents[1] / "golden"
FOLDERS = sorted(path.parent for path in GOLDEN.glob("*/expected.json"))


@pytest.mark.parametrize("folder", FOLDERS, ids=[folder.name for folder in FOLDERS])
def test_what_was_recorded_is_read_as_it_was(folder: Path) -> None:
    """The source's rules find the same links on its pages, its documents have the same title, date and numbers."""
    assert compare(folder) == []


def test_there_is_something_to_compare() -> None:
    """At least one source is recorded, so that the walk over the folders shows something."""
    assert FOLDERS
