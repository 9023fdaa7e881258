"""Where a corpus is: a folder of this machine, or a database of a lab with the place of its bytes."""

from __future__ import annotations

from pathlib import Path

from storage.blobs import Blobs, blobs_at
from storage.database import Database
from storage.errors import WrongUse
from storage.outages import Patience
from storage.postgres import Postgres, blobs_of
from storage.sqlite import SqliteFile

FILE = "corpus.db"


def parts_of(location: str | Path, patience: Patience | None = None) -> tuple[Database, Blobs]:
    """Return the database and the bytes that an address names: a folder, or a database of a lab with its `blobs`."""
    if str(location).startswith("postgresql"):
        return Postgres(str(location)), blobs_at(blobs_of(str(location)), patience)
    folder = local_folder(location)
    return SqliteFile(folder / FILE), blobs_at(str(folder / "blobs"))


def local_folder(location: str | Path) -> Path:
    """Return the folder of a corpus on this machine. Raises WrongUse for an address."""
    if "://" in str(location):
        raise WrongUse(f"{location} is an address, and this needs a folder: name one with --corpus.")
    return Path(location)
