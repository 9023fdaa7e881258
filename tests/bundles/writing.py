"""What the tests of single formats share: a bundle written as the command writes it, and compared with another."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from bundles.model import BundleDocument, Documents, Report
from minutier.exporting import write_whole
from storage.store import Store

both = pytest.mark.parametrize("corpus", ["ordinary", "hostile"])
"""Run a test with each of the two corpora of conftest.py, by name."""

GUARDED = tuple("=+-@\t\r\n")


def written(module: ModuleType, store: Store, out: Path, **chosen: Any) -> tuple[list[BundleDocument], Report]:
    """Write a bundle and return the documents that it is of, and its report, in which every document is accounted."""
    report = write_whole(module, Documents(store=store, **chosen), out)
    gone = {each.document for each in report.left_out if each.what == "document"}
    assert report.written + len(gone) == report.selected
    if out.is_dir():
        assert report.files == sum(1 for path in out.rglob("*") if path.is_file())
    return [each for each in Documents(store=store, **chosen) if each.id not in gone], report


def the_same_twice(module: ModuleType, store: Store, folder: Path, **chosen: Any) -> bool:
    """Return whether writing a bundle twice gives the same files with the same bytes."""
    first, second = (folder / f"{name}{module.SUFFIX}" for name in ("first", "second"))
    for out in (first, second):
        written(module, store, out, **chosen)
    return contents(first) == contents(second) != {}


def contents(place: Path) -> dict[str, bytes]:
    """Return the bytes of a file, or of all files in a folder, by name."""
    paths = [place] if place.is_file() else [path for path in place.rglob("*") if path.is_file()]
    return {path.relative_to(place).as_posix(): path.read_bytes() for path in paths}


def unguarded(cell: str) -> str:
    """Return what a cell says without the apostrophe that keeps spreadsheets from computing it."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(GUARDED) else cell
