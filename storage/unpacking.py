"""A pack becomes a corpus again: only what `pack` writes is taken, checked member by member, into a place that is free.

A pack comes from somewhere else. So no name in it becomes a path before it has been recognised, nothing is written that
it did not declare, and what is declared has to fit the disk and the size of the file itself.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import sqlite3
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from storage.blobs import flush_folder
from storage.errors import MinutierError, StorageUnusable, WrongUse
from storage.packing import CHUNK, FORMAT, MANIFEST, SAFE, SUMS
from storage.places import FILE
from storage.snapshots import in_one_file, written_to
from storage.store import Store
from storage.verify import Progress, Report, verify

BLOB = re.compile(r"blobs/([0-9a-f]{2})/(\1[0-9a-f]{62})")
LARGEST_LIST = 2**27
"""Bytes that the list of hashes and the manifest may have: enough for a million files."""
DEFLATES_TO = 1_100
"""Times its size that a file can hold at the most: deflate reaches 1,032."""
ENCRYPTED = 0x1  # a bit of a member's flags


def as_it_is(draft: Path) -> bool:
    """Leave a restored corpus as it was packed."""
    return False


def restore(file: Path, folder: Path, *, progress: Progress, settle: Callable[[Path], bool] = as_it_is) -> Report:
    """Make a corpus out of a pack, in a folder that is not there yet, which appears when it is whole; and verify it.

    `settle` is given the folder while nobody sees it yet, and returns whether it changed anything: what was withdrawn
    since the pack was made goes then.
    Raises WrongUse where there is something already, or no such file; StorageUnusable for a file that is damaged,
    of a newer Minutier, or no pack at all: then nothing is left behind.
    """
    if not file.is_file():
        raise WrongUse(f"There is no file {file}: name what `minutier pack` wrote.")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise WrongUse(f"{folder} is there already: name a folder that is not there yet.")
    draft = folder.with_name(f".{folder.name}.part")
    with written_to(folder):
        shutil.rmtree(draft, ignore_errors=True)
        try:
            with opened(file) as archive:
                unpack(archive, file, draft, progress)
            refuse_foreign_parts(file, draft / FILE)
            report = verified(file, draft, progress)
            with in_words_of(file):
                changed = settle(draft)
            if changed:
                in_one_file(draft / FILE)
                report = verified(file, draft, progress)
            if folder.exists():  # empty: Windows renames onto nothing that is there
                folder.rmdir()
            draft.rename(folder)
            flush_folder(folder.parent)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
    return report


def verified(file: Path, draft: Path, progress: Progress) -> Report:
    """Return what is found of a corpus that came out of a pack. Raises StorageUnusable where it cannot be read."""
    with in_words_of(file), Store.open(draft) as store:
        report = verify(store, progress)
    if not report.usable:
        raise damaged(file, report.faults[0])
    return report


@contextmanager
def opened(file: Path) -> Iterator[zipfile.ZipFile]:
    """Open a pack; whatever is wrong with it as an archive becomes one sentence."""
    try:
        with zipfile.ZipFile(file) as archive:
            yield archive
    except (zipfile.BadZipFile, NotImplementedError, EOFError, ValueError, OverflowError) as error:
        raise damaged(file, str(error) or type(error).__name__) from error
    except (zlib.error, struct.error) as error:
        raise damaged(file, str(error)) from error


@contextmanager
def in_words_of(file: Path) -> Iterator[None]:
    """Say of which pack a database is that cannot be used."""
    try:
        yield
    except MinutierError as error:
        raise StorageUnusable(f"{file} holds no corpus that can be used here. {error}") from error


def damaged(file: Path, why: str) -> StorageUnusable:
    """Return the error for a pack that is not whole, or none."""
    return StorageUnusable(f"{file} is damaged or no pack of Minutier ({why.rstrip('.')}): carry it over once more.")


def unpack(archive: zipfile.ZipFile, file: Path, draft: Path, progress: Progress) -> None:
    """Write the members of a pack to a draft folder, each compared with its hash."""
    members = recognised(archive, file)
    check_format(read_small(archive, members, MANIFEST, file), file)
    check_room(list(members.values()), file, draft)
    sums = sums_in(read_small(archive, members, SUMS, file), file)
    if set(sums) != set(members) - {SUMS}:
        apart = sorted(set(sums) ^ (set(members) - {SUMS}))
        raise damaged(file, f"{apart[0]} is not both in the file and in its list of hashes")
    for done, (name, digest) in enumerate(sums.items(), start=1):
        found = take_out(archive, members[name], None if name == MANIFEST else draft / name)
        if found != digest or (BLOB.fullmatch(name) and not name.endswith(digest)):
            raise damaged(file, f"{name} does not have its hash")
        progress(done, len(sums), "files")


def recognised(archive: zipfile.ZipFile, file: Path) -> dict[str, zipfile.ZipInfo]:
    """Return the members by name. Raises StorageUnusable for any that `pack` does not write so."""
    members: dict[str, zipfile.ZipInfo] = {}
    for member in archive.infolist():
        name = member.filename
        known = name in (MANIFEST, FILE, SUMS) or BLOB.fullmatch(name) or SAFE.fullmatch(name)
        plain = member.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) and not member.flag_bits & ENCRYPTED
        if not known or name in members or not plain:
            raise damaged(file, f"it holds {name[:80]!r}, which no pack does")
        members[name] = member
    for name in (MANIFEST, FILE, SUMS):
        if name not in members:
            raise damaged(file, f"it has no {name}")
    return members


def read_small(archive: zipfile.ZipFile, members: dict[str, zipfile.ZipInfo], name: str, file: Path) -> str:
    """Return a member that is text of a bearable length."""
    if members[name].file_size > LARGEST_LIST:
        raise damaged(file, f"its {name} is too large")
    return archive.read(members[name]).decode("ascii", "replace")


def check_format(text: str, file: Path) -> None:
    """Raise unless a pack is of a form that this version knows."""
    try:
        said: Any = json.loads(text)["format"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise damaged(file, f"its {MANIFEST} says nothing") from None
    if said != FORMAT:
        raise StorageUnusable(f"{file} was packed by a newer Minutier (format {said}): update Minutier.")


def check_room(members: list[zipfile.ZipInfo], file: Path, draft: Path) -> None:
    """Raise unless what is declared can come out of such a file, and fits the disk."""
    declared = sum(member.file_size for member in members)
    if declared > DEFLATES_TO * file.stat().st_size:
        raise damaged(file, f"it says that it holds {declared} bytes, which no file of its size can")
    draft.mkdir(parents=True)
    free = shutil.disk_usage(draft).free
    if declared > free:
        needs, left = declared // 2**20 + 1, free // 2**20
        raise StorageUnusable(f"{file} needs {needs} MiB at {draft.parent} and {left} are free: free some space first.")


def sums_in(text: str, file: Path) -> dict[str, str]:
    """Return the hash of each member as the pack states it."""
    lines = [line.split("  ", 1) for line in text.splitlines()]
    if any(len(line) != 2 for line in lines):
        raise damaged(file, f"its {SUMS} cannot be read")
    return {name: digest for digest, name in lines}


def take_out(archive: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path | None) -> str:
    """Write a member to a file, or nowhere, and return its hash. It cannot be longer than it declares."""
    digest = hashlib.sha256()
    with archive.open(member) as source:
        if target is None:
            digest.update(source.read())
            return digest.hexdigest()
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("xb") as out:
            while part := source.read(CHUNK):
                digest.update(part)
                out.write(part)
    return digest.hexdigest()


def refuse_foreign_parts(file: Path, database: Path) -> None:
    """Raise for a database with triggers: no corpus has any, and they would run when something is written."""
    try:
        with closing(sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            triggers = connection.execute("SELECT count(*) FROM sqlite_master WHERE type = 'trigger'").fetchone()[0]
    except sqlite3.Error as error:
        raise damaged(file, f"its {FILE}: {error}") from error
    if triggers:
        raise damaged(file, f"its {FILE} holds triggers, which no corpus has")
