"""ZIP files that are the same bytes whenever they are written, one member after another."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Self

LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""The earliest moment that a ZIP can name: when it was written is nobody's business."""
PACKED = frozenset({".pdf", ".docx", ".xlsx", ".odt", ".zip", ".gz", ".jpg", ".jpeg", ".png", ".parquet"})
"""Endings of files that do not get smaller."""


class FixedZip:
    """A ZIP file whose bytes depend on nothing but its members and their order. Use it as a context manager."""

    def __init__(self, path: Path) -> None:
        self._zip = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6)

    def __enter__(self) -> Self:
        """Return the file itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Write the list of members and close."""
        self._zip.close()

    def add(self, name: str, body: bytes | str, *, pack: bool = True) -> None:
        """Add a member; a text in UTF-8."""
        self._zip.writestr(member(name, pack=pack), body)

    @contextmanager
    def growing(self, name: str) -> Iterator[IO[bytes]]:
        """Give a file to write a member into, piece by piece."""
        with self._zip.open(member(name), "w", force_zip64=True) as file:
            yield file

    @contextmanager
    def limited(self, name: str) -> Iterator[IO[bytes]]:
        """Give a file to write a member of less than 2 GiB into, without the extra field that larger ones may need.

        ReplayWeb.page does not look for one where the list of members has none, and reads the wrong bytes.
        """
        with self._zip.open(member(name), "w") as file:
            yield file


def member(name: str, *, pack: bool = True) -> zipfile.ZipInfo:
    """Return a member without a time, packed unless its bytes are packed already; alike on every system."""
    found = zipfile.ZipInfo(name, LONG_AGO)
    found.create_system = 3
    found.external_attr = 0o644 << 16
    small = pack and Path(name).suffix.lower() not in PACKED
    found.compress_type = zipfile.ZIP_DEFLATED if small else zipfile.ZIP_STORED
    return found
