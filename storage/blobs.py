"""Bytes as they were served, one file per SHA-256: written, flushed and named before any row speaks of them.

They lie in a folder, or at any address that fsspec knows (a lab's object store); both look alike from outside.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Protocol

from storage.errors import StorageUnusable
from storage.outages import Patience

HANDS = 16


def sha256(body: bytes) -> str:
    """Return the hexadecimal SHA-256 of some bytes."""
    return hashlib.sha256(body).hexdigest()


def name_of(digest: str) -> str:
    """Return where the bytes with this hash lie, relative to all others.

    >>> name_of("ab12")
    'ab/ab12'
    """
    return f"{digest[:2]}/{digest}"


class Blobs(Protocol):
    """Bytes by their hash."""

    def address(self, digest: str) -> str:
        """Return where some bytes are, as `bytes_at` takes it: also in another process."""

    def put(self, body: bytes) -> str:
        """Keep bytes for good and return their hash; what is there already is not written again."""

    def put_all(self, bodies: Iterable[bytes]) -> list[str]:
        """Do the same with many, side by side where that is faster."""

    def read(self, digest: str) -> bytes:
        """Return the bytes with this hash. Raises StorageUnusable where they are missing."""

    def exists(self, digest: str) -> bool:
        """Return whether the bytes with this hash are there."""

    def remove(self, digest: str) -> None:
        """Take some bytes away for good, if they are there: only what was withdrawn."""

    def digests(self) -> Iterator[str]:
        """Yield the hash that each file claims by its name, in order."""

    def free(self) -> int | None:
        """Return how many more bytes fit there, or nothing where nobody can say."""


def blobs_at(place: str, patience: Patience | None = None) -> Blobs:
    """Return the bytes at a folder or an address. Raises WrongUse where its kind cannot be opened here."""
    if "://" not in place:
        return BlobFolder(Path(place))
    from storage.remote import remote_blobs

    return remote_blobs(place, patience)


def bytes_at(address: str) -> bytes:
    """Return the bytes at an address that `Blobs.address` gave."""
    if "://" not in address:
        return Path(address).read_bytes()
    from storage.remote import remote_bytes

    return remote_bytes(address)


class BlobFolder:
    """A folder of files named by their hash, two levels deep."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._hands = ThreadPoolExecutor(HANDS, "blobs")

    def path(self, digest: str) -> Path:
        """Return where the bytes with this hash are, or would be."""
        return self.root / name_of(digest)

    def address(self, digest: str) -> str:
        """Return the same as a string."""
        return str(self.path(digest))

    def exists(self, digest: str) -> bool:
        """Return whether the bytes with this hash are there."""
        return self.path(digest).exists()

    def put(self, body: bytes) -> str:
        """Keep bytes for good and return their hash; what is there already is not written again.

        When this returns, they survive a crash of the machine.
        """
        digest = sha256(body)
        folder = f"{self.root}{os.sep}{digest[:2]}"
        target = f"{folder}{os.sep}{digest}"
        if not os.path.exists(target):
            # Of its own for each writer: two may keep the same bytes at once.
            draft = f"{folder}{os.sep}.{digest}.{os.getpid()}.{threading.get_ident()}.part"
            write_through(draft, body)
            os.replace(draft, target)
            flush_folder(folder)
        return digest

    def put_all(self, bodies: Iterable[bytes]) -> list[str]:
        """Do the same with many: a disk flushes many files at once in the time of one."""
        return list(self._hands.map(self.put, bodies))

    def read(self, digest: str) -> bytes:
        """Return the bytes with this hash."""
        try:
            return self.path(digest).read_bytes()
        except FileNotFoundError:
            raise missing(digest, str(self.root)) from None

    def remove(self, digest: str) -> None:
        """Take some bytes away for good, and what a crash may have left of writing them."""
        target = self.path(digest)
        if target.parent.exists():
            for file in [target, *target.parent.glob(f".{digest}.*.part")]:
                file.unlink(missing_ok=True)
            flush_folder(target.parent)

    def digests(self) -> Iterator[str]:
        """Yield the hash that each file claims by its name, in order."""
        for folder in sorted(self.root.glob("??")):
            yield from sorted(file.name for file in folder.iterdir() if not file.name.startswith("."))

    def free(self) -> int:
        """Return how many bytes are free on the disk."""
        return shutil.disk_usage(self.root if self.root.exists() else self.root.parent).free


def missing(digest: str, place: str) -> StorageUnusable:
    """Return the error for bytes that should be there."""
    return StorageUnusable(
        f"The bytes {digest} are missing from {place}: run `minutier verify`, restore them from a backup."
    )


def write_through(place: str, body: bytes) -> None:
    """Write a file so that it survives a crash; its folder is made where it is missing.

    System calls and no file object: with a crawl at full speed each step of Python here holds the crawl up.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)
    try:
        descriptor = os.open(place, flags, 0o666)
    except FileNotFoundError:
        folder = os.path.dirname(place)
        os.makedirs(folder, exist_ok=True)
        flush_folder(os.path.dirname(folder))
        descriptor = os.open(place, flags, 0o666)
    try:
        rest = memoryview(body)
        while rest:
            rest = rest[os.write(descriptor, rest) :]
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def flush_folder(folder: str | Path) -> None:
    """Make the names in a folder durable, where the system has such a call (Windows has none)."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
