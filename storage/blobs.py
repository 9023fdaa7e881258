"""Bytes as they were served, one file per SHA-256: written, flushed and named before any row speaks of them."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from storage.errors import StorageUnusable


def sha256(body: bytes) -> str:
    """Return the hexadecimal SHA-256 of some bytes."""
    return hashlib.sha256(body).hexdigest()


class Blobs:
    """A folder of files named by their hash, two levels deep."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def path(self, digest: str) -> Path:
        """Return where the bytes with this hash are, or would be."""
        return self.root / digest[:2] / digest

    def put_all(self, bodies: Iterable[bytes]) -> list[str]:
        """Keep some bytes for good and return their hashes; what is there already is not written again.

        When this returns, the bytes survive a crash of the machine.
        """
        digests, touched = [], set()
        for body in bodies:
            digest = sha256(body)
            target = self.path(digest)
            if not target.exists():
                self._write(body, target)
                touched.add(target.parent)
            digests.append(digest)
        for folder in touched:
            flush_folder(folder)
        return digests

    def _write(self, body: bytes, target: Path) -> None:
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = target.with_name(f".{target.name}.{os.getpid()}.part")
        with draft.open("wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(target)

    def read(self, digest: str) -> bytes:
        """Return the bytes with this hash."""
        try:
            return self.path(digest).read_bytes()
        except FileNotFoundError:
            raise StorageUnusable(
                f"The bytes {digest} are missing from {self.root}: run `minutier verify`, restore them from a backup."
            ) from None

    def digests(self) -> Iterator[str]:
        """Yield the hash that each file claims by its name, in order."""
        for folder in sorted(self.root.glob("??")):
            yield from sorted(file.name for file in folder.iterdir() if not file.name.startswith("."))


def flush_folder(folder: Path) -> None:
    """Make the names in a folder durable, where the system has such a call (Windows has none)."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
