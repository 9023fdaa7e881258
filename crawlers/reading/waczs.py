"""Packed web archives (WACZ): the WARC files inside, the titles of the pages that were visited, the hashes to compare.

Nothing is unpacked to disk: members are read as streams, so that their names can lead nowhere.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from extract.office.package import BROKEN_ZIP

MOST_MEMBERS = 20_000
LARGEST_LIST = 8 * 2**20  # bytes of the lists of pages together
LARGEST_DESCRIPTION = 2 * 2**20
MOST_TIMES = 200
"""How many times its own size a WACZ may unpack to; its WARC files are packed already."""
BLOCK = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What a WACZ holds."""

    warcs: tuple[str, ...] = ()
    """The names of the WARC files inside."""
    titles: dict[str, str]
    """Titles of pages, by address."""
    troubles: tuple[str, ...] = ()
    """What is wrong with it, in words that go on after its name."""


def is_wacz(path: Path) -> bool:
    """Return whether a file is a ZIP that holds WARC files under `archive/`."""
    try:
        with zipfile.ZipFile(path) as packed:
            return "datapackage.json" in packed.namelist() and bool(_warcs(packed))
    except BROKEN_ZIP:
        return False


def contents(path: Path) -> Contents:
    """Return what a WACZ holds, its files compared with the hashes that it states."""
    try:
        with zipfile.ZipFile(path) as packed:
            if objection := _objection(packed, path.stat().st_size):
                return Contents(titles={}, troubles=(objection,))
            titles = dict(_titles(packed))
            return Contents(warcs=_warcs(packed), titles=titles, troubles=tuple(_altered(packed)))
    except BROKEN_ZIP as error:
        return Contents(titles={}, troubles=(f"is damaged ({type(error).__name__}): fetch it again",))


def _objection(packed: zipfile.ZipFile, size: int) -> str:
    """Return why a WACZ is not unpacked, or nothing. What its directory says, `zipfile` holds it to."""
    members = packed.infolist()
    if len(members) > MOST_MEMBERS:
        return f"has more than {MOST_MEMBERS} files inside: it is not read"
    times = sum(member.file_size for member in members) // max(size, 2**20)
    return f"unpacks to {times} times its size: it is not read" if times > MOST_TIMES else ""


def _warcs(packed: zipfile.ZipFile) -> tuple[str, ...]:
    names = (name for name in packed.namelist() if name.startswith("archive/"))
    return tuple(sorted(name for name in names if name.lower().endswith((".warc", ".warc.gz"))))


def _titles(packed: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    left = LARGEST_LIST
    for name in packed.namelist():
        if not (name.startswith("pages/") and name.endswith(".jsonl")):
            continue
        with packed.open(name) as stream:
            while left > 0 and (line := stream.readline(left)):
                left -= len(line)
                page = _json(line) if line.startswith(b"{") else None
                if isinstance(page, dict) and page.get("url") and page.get("title"):
                    yield str(page["url"]), " ".join(str(page["title"]).split())


def _altered(packed: zipfile.ZipFile) -> Iterator[str]:
    """Yield a sentence for each WARC file whose hash is not the one stated."""
    described = _json(_small(packed, "datapackage.json"))
    resources = described.get("resources") if isinstance(described, dict) else None
    stated = {each.get("path"): str(each.get("hash", "")) for each in resources or () if isinstance(each, dict)}
    for name in _warcs(packed):
        kind, _, value = stated.get(name, "").partition(":")
        if kind == "sha256" and value.lower() != _sha256(packed, name):
            yield f"states another hash for {name}: it was changed after it was made"


def _sha256(packed: zipfile.ZipFile, name: str) -> str:
    digest = hashlib.sha256()
    with packed.open(name) as stream:
        while block := stream.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()


def _small(packed: zipfile.ZipFile, name: str) -> bytes:
    with packed.open(name) as stream:
        return stream.read(LARGEST_DESCRIPTION)


def _json(text: bytes) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
