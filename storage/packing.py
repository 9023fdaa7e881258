"""A whole corpus in one file, to be carried to another machine: a ZIP of a form that `restore` knows.

    pack.json       what it is: format, corpus, schema, how many
    corpus.db       the tables of one moment
    blobs/ab/ab12…  the bytes, by their hash
    sources/…       the list of sources and what it includes, where there is one
    SHA256SUMS      the hash of every other member, as `sha256sum -c` reads it

Times, owners and order are fixed: an unchanged corpus gives the same file again. Names are hexadecimal or fixed, so
that they exist on every system.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import sqlite3
import zipfile
import zlib
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from sqlalchemy import func, select

from storage.backups import file_sha256
from storage.blobs import flush_folder, name_of
from storage.copying import digests, whole
from storage.errors import WrongUse
from storage.models import Corpus, Document
from storage.places import FILE
from storage.snapshots import refuse_within, remove, snapshot, written_to
from storage.sources_yaml import read_yaml
from storage.sqlite import SqliteFile
from storage.store import Store
from storage.verify import Progress

FORMAT = 1
MANIFEST, SUMS, SOURCES = "pack.json", "SHA256SUMS", "sources.yaml"
SAFE = re.compile(r"sources(/(?!(con|prn|aux|nul|com\d|lpt\d)\b)[a-z0-9_-][a-z0-9_.-]{0,60}){1,4}(?<=[a-z0-9_-])")
"""Names of lists of sources that can be written on every system: no case, no `..`, nothing that Windows reserves."""
CHUNK = 2**20
LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the first moment that a ZIP can tell
WORTH = 0.9  # bytes that deflate to more than this share are stored as they are: PDF and pictures


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """What is in a pack."""

    documents: int
    blobs: int
    size: int
    sha256: str
    """Of the whole file: to be written down, and compared after it was carried."""
    lost: tuple[str, ...]
    """Bytes that the corpus has lost; the pack is without them."""


def pack(store: Store, target: Path, *, sources: Mapping[str, Path], replace: bool, progress: Progress) -> Packed:
    """Write a whole corpus to one file, which appears only when it is whole. Raises WrongUse where there is one.

    `sources` are the lists of sources to go along, by their names in the pack. A crawl may go on meanwhile: the pack
    holds what was there at one moment.
    """
    refuse_within(store, target)
    if target.is_dir() or (target.exists() and not replace):
        raise WrongUse(f"{target} is there already: name another file, or replace a pack with --force.")
    if target.exists() and not is_pack(target):
        raise WrongUse(f"{target} is no pack, and nothing else is ever replaced: name another file.")
    draft, database = (target.with_name(f".{target.name}{ending}") for ending in (".part", ".db.part"))
    with written_to(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            manifest, wanted = tables(store, database, progress)
            lost = write(store, draft, manifest, {FILE: database, **sources}, wanted, progress)
            size, digest = draft.stat().st_size, file_sha256(draft)
            draft.replace(target)
            flush_folder(target.parent)
        finally:
            remove(database)
            draft.unlink(missing_ok=True)
    count = len(wanted) - len(lost)
    return Packed(documents=manifest["documents"], blobs=count, size=size, sha256=digest, lost=tuple(lost))


def is_pack(file: Path) -> bool:
    """Return whether a file begins as a pack does: a ZIP whose first member is its manifest."""
    with file.open("rb") as opened:
        beginning = opened.read(30 + len(MANIFEST))
    return beginning.startswith(b"PK\x03\x04") and beginning.endswith(MANIFEST.encode())


def tables(store: Store, database: Path, progress: Progress) -> tuple[dict[str, Any], list[str]]:
    """Write the tables of one moment to a file without waste; return what the pack says of itself, and its bytes."""
    snapshot(store, database, store.blobs, progress)
    with closing(sqlite3.connect(database, isolation_level=None)) as made:
        made.execute("VACUUM")  # nothing that was deleted goes along
    file = SqliteFile(database)
    with Store(file, store.blobs) as copied, copied.reading() as connection:
        corpus = connection.execute(select(Corpus.id, Corpus.minutier_version)).one()
        documents = connection.execute(select(func.count()).select_from(Document)).scalar_one()
        wanted = digests(connection)
    manifest = {"format": FORMAT, "corpus": corpus.id, "schema": file.revision(), "documents": documents}
    return manifest, wanted


def write(
    store: Store,
    draft: Path,
    manifest: Mapping[str, Any],
    files: Mapping[str, Path],
    wanted: list[str],
    progress: Progress,
) -> list[str]:
    """Write the members, then their hashes; return the bytes that could not be had."""
    lost, sums = [], {}
    with zipfile.ZipFile(draft, "w", allowZip64=True) as archive:
        about = json.dumps(manifest, indent=2, sort_keys=True).encode()
        sums[MANIFEST] = add(archive, MANIFEST, io.BytesIO(about), compress=False)
        for name, path in files.items():
            with path.open("rb") as file:
                sums[name] = add(archive, name, file, compress=True)
        for done, digest in enumerate(wanted, start=1):
            body = whole(store.blobs, digest)
            if body is None:
                lost.append(digest)
            else:
                name = f"blobs/{name_of(digest)}"
                sums[name] = add(archive, name, io.BytesIO(body), compress=worth_it(body))
            progress(done, len(wanted), "files")
        lines = "".join(f"{digest}  {name}\n" for name, digest in sums.items())
        add(archive, SUMS, io.BytesIO(lines.encode("ascii")), compress=True)
    return lost


def add(archive: zipfile.ZipFile, name: str, body: IO[bytes], *, compress: bool) -> str:
    """Write one member and return the hash of what went in. Flat memory."""
    member = zipfile.ZipInfo(name, LONG_AGO)
    member.compress_type = zipfile.ZIP_DEFLATED if compress else zipfile.ZIP_STORED
    member.create_system = 3  # whatever made it, so that the same corpus gives the same file
    member.external_attr = 0o644 << 16
    digest = hashlib.sha256()
    with archive.open(member, "w", force_zip64=True) as opened:
        while part := body.read(CHUNK):
            digest.update(part)
            opened.write(part)
    return digest.hexdigest()


def worth_it(body: bytes) -> bool:
    """Return whether some bytes get smaller: web pages do, PDF and pictures are deflated already."""
    beginning = body[:CHUNK]
    return len(zlib.compress(beginning, 1)) < WORTH * len(beginning)


def sources_beside(file: Path) -> tuple[dict[str, Path], list[Path]]:
    """Return a list of sources and the files that it includes, by their names in a pack, and those that must stay.

    Names are in small letters there. What could not be written on every system, or lies elsewhere, stays behind.
    """
    if not file.exists():
        return {}, []
    said = read_yaml(file).value
    pattern = str(said.get("include") or "") if isinstance(said, dict) else ""
    below = re.fullmatch(r"[\w*?.-]+(/[\w*?.-]+)*", pattern) and ".." not in pattern
    named, left = {f"sources/{SOURCES}": file}, []
    for path in sorted(file.parent.glob(pattern)) if below else []:
        name = f"sources/{path.relative_to(file.parent).as_posix()}".lower()
        if SAFE.fullmatch(name) and name not in named:
            named[name] = path
        else:
            left.append(path)
    return named, left
