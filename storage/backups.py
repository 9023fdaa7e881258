"""A backup: a folder that is a whole corpus, made while the corpus is in use, and brought up to date later.

It shares no file with the corpus, not even as a link: what damages a file in place would damage both.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select

from storage.blobs import BlobFolder, flush_folder
from storage.copying import copy_bytes, digests
from storage.errors import WrongUse
from storage.models import Corpus
from storage.places import FILE
from storage.snapshots import refuse_within, remove, snapshot, written_to
from storage.sqlite import SqliteFile
from storage.store import Store
from storage.verify import Progress, Report, verify

MARK = "backup.json"
"""What tells a backup from a corpus that somebody works on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BackedUp:
    """What was done, and what the copy was found to be."""

    new: int
    """Files that were not in the backup before."""
    removed: int
    """Files that the corpus no longer speaks of: what was withdrawn leaves its backup too."""
    lost: tuple[str, ...]
    """Bytes that the corpus itself has lost."""
    report: Report


def backup(store: Store, target: Path, *, now: str, refresh: bool, progress: Progress) -> BackedUp:
    """Make a backup at a place where there is nothing, or bring an earlier one of the same corpus up to date.

    A new one appears whole or not at all; an earlier one stays whole until its database is replaced at once. What is
    there afterwards has been verified. Raises WrongUse for a place that holds anything else.
    """
    refuse_within(store, target)
    identity = store.rows(select(Corpus.id))[0].id
    earlier = check_place(store, target, identity, refresh=refresh)
    work = target if earlier else target.with_name(f".{target.name}.part")
    with written_to(target):
        work.mkdir(parents=True, exist_ok=True)
        new, removed, lost = fill(store, work, {"backup_of": identity, "made_at": now}, progress)
        with Store.open(work) as made:
            report = verify(made, progress)
        if not earlier:
            if target.exists():  # an empty folder: Windows renames onto nothing that is there
                target.rmdir()
            work.rename(target)
        flush_folder(target.parent)
    return BackedUp(new=new, removed=removed, lost=lost, report=report)


def check_place(store: Store, target: Path, identity: str, *, refresh: bool) -> bool:
    """Return whether the place holds an earlier backup of this corpus. Raises WrongUse for anything else."""
    if not target.exists() or (target.is_dir() and not any(target.iterdir())):
        return False
    if not refresh:
        raise WrongUse(f"{target} is there already: name another place, or bring that backup up to date with --force.")
    mark = mark_of(target)
    if mark.get("backup_of") != identity:
        place = store.database.place
        raise WrongUse(f"{target} is no backup of {place}, and nothing else is ever replaced: name another place.")
    file = target / FILE
    if (file.exists() and file_sha256(file) not in mark["databases"]) or file.with_name(f"{FILE}-wal").exists():
        raise WrongUse(f"Somebody has worked in {target} since it was made: name another place, and keep that one.")
    return True


def mark_of(folder: Path) -> dict[str, Any]:
    """Return what a folder says of itself as a backup; nothing where it is none."""
    try:
        mark = json.loads((folder / MARK).read_text(encoding="utf-8"))
        return {"backup_of": str(mark["backup_of"]), "databases": list(mark["databases"])}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def file_sha256(file: Path) -> str:
    """Return the SHA-256 of a file of any size."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def fill(store: Store, work: Path, mark: Mapping[str, str], progress: Progress) -> tuple[int, int, tuple[str, ...]]:
    """Copy the bytes, then the tables of one moment, then the bytes that came in between; drop what is not spoken of.

    Return how many files are new, how many were dropped, and which the corpus has lost.
    """
    blobs = BlobFolder(work / "blobs")
    before = set(blobs.digests())
    with store.reading() as connection:
        wanted = digests(connection)
    copy_bytes(store.blobs, blobs, wanted, lambda done, total: progress(done, total, "files"))
    draft = work / f".{FILE}.new"
    snapshot(store, draft, blobs, progress)
    with Store(SqliteFile(draft), blobs) as made, made.reading() as connection:
        wanted = digests(connection)
    lost = copy_bytes(store.blobs, blobs, wanted)
    known = [*mark_of(work).get("databases", [])[-1:], file_sha256(draft)]  # the old one too: a kill may come between
    write_whole(work / MARK, json.dumps({**mark, "databases": known}, indent=2) + "\n")
    remove(work / FILE)
    draft.replace(work / FILE)
    strangers = set(blobs.digests()) - set(wanted)
    for digest in strangers:
        blobs.path(digest).unlink()
    return len(set(wanted) - before - set(lost)), len(strangers), tuple(lost)


def write_whole(file: Path, text: str) -> None:
    """Write a small file at once, in the place of one that is there."""
    draft = file.with_name(f".{file.name}.new")
    draft.write_text(text, encoding="utf-8", newline="\n")
    draft.replace(file)
