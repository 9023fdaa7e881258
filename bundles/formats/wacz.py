"""Web archives (WACZ): the answers that the documents were read from, as ReplayWeb.page shows them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bundles import cdxj
from bundles.model import BundleDocument, Documents, Report
from bundles.naming import title_for_people
from bundles.warc import Measured, Warc
from bundles.zips import FixedZip
from storage.answers import behind, redirects
from storage.captures import Kept

NAME = "wacz"
TITLE = "The captures as a web archive, for ReplayWeb.page"
SUFFIX = ".wacz"

VERSION = "1.1.1"
LARGEST = 2**30  # bytes, about, of one file of records: what players and the format's authors recommend
NO_ADDRESS = "imported from a file, without an address of the web"
NO_BYTES = "its bytes are no longer kept"


class Wacz:
    """A packed web archive that is being written: each of its files once, then what describes them."""

    def __init__(self, packed: FixedZip) -> None:
        self.packed = packed
        self.resources: list[dict[str, Any]] = []

    @contextmanager
    def file(self, path: str) -> Iterator[Measured]:
        """Open a file inside for writing."""
        with self.packed.limited(path) as stream:
            measured = Measured(stream)
            yield measured
        name = path.rpartition("/")[2]
        facts = {"path": path, "hash": f"sha256:{measured.digest.hexdigest()}", "bytes": measured.size}
        self.resources.append({"name": name} | facts)

    def text(self, path: str, words: str) -> None:
        """Write a small file."""
        with self.file(path) as stream:
            stream.write(words.encode())


class Pages:
    """The documents of an archive, as they are taken into it one after another."""

    def __init__(self, documents: Documents, connection: Any, report: Report) -> None:
        self.blobs = documents.store.blobs
        self.connection = connection
        self.report = report
        self.taken: set[int] = set()
        """Captures that are in the archive: the parts of one document were answered together."""
        self.lines: list[str] = []
        self.listed: list[str] = []
        self.newest = ""

    def fill(self, warc: Warc, document: BundleDocument, left: Iterator[BundleDocument]) -> BundleDocument | None:
        """Take documents until a file of records is full; return the next one, or nothing where none is left."""
        following: BundleDocument | None = document
        while following and warc.out.size < LARGEST:
            self.add(warc, following)
            following = next(left, None)
        return following

    def add(self, warc: Warc, document: BundleDocument) -> None:
        """Take the answers of one document, or say why there are none."""
        captures = behind(self.connection, document.part_of or document.id, document.version)
        there = [each for each in captures if each.url.startswith(("http://", "https://"))]
        whole = [each for each in there if each.blob_sha256 and self.blobs.exists(each.blob_sha256)]
        if len(whole) < len(captures):
            self.report.missed(document, "capture", NO_BYTES if len(whole) < len(there) else NO_ADDRESS)
        if not whole:
            return
        for capture in whole:
            if capture.seq not in self.taken:
                self.taken.add(capture.seq)
                self.take(warc, document, capture, shown=capture is whole[-1])
        self.report.counted(document)

    def take(self, warc: Warc, document: BundleDocument, capture: Kept, *, shown: bool) -> None:
        """Write a capture and the redirects before it."""
        for each in redirects(self.connection, capture):
            self.lines.append(warc.add(each, b"").line)
        written = warc.add(capture, self.blobs.read(capture.blob_sha256))
        self.lines.append(written.line)
        self.newest = max(self.newest, written.date)
        name = document.part_of or document.id
        name = name if shown else f"{name}-{written.date}"
        page = {"id": name, "url": written.url, "title": title_for_people(document), "ts": written.date}
        self.listed.append(json.dumps(page | {"size": written.size}, ensure_ascii=False) + "\n")


def write(documents: Documents, out: Path) -> Report:
    """Write the archive into the file `out` and return what was written.

    Of each document the answers are kept that its versions were read from, up to the version written, with the
    redirects that led to them; listings, robots.txt and answers that changed nothing are not.
    """
    report = Report(format=NAME, selected=len(documents), files=1)
    left = iter(documents)
    with FixedZip(out) as packed, documents.store.reading() as connection:
        wacz, pages = Wacz(packed), Pages(documents, connection, report)
        document, number = next(left, None), 0
        while document:
            number += 1
            name = f"documents-{number:03}.warc.gz"
            with wacz.file(f"archive/{name}") as stream:
                document = pages.fill(Warc(name, stream), document, left)
        write_index(wacz, sorted(pages.lines))
        head = {"format": "json-pages-1.0", "id": "pages", "title": "Documents"}
        wacz.text("pages/pages.jsonl", "".join([f"{json.dumps(head)}\n", *pages.listed]))
        describe(wacz, report, pages.newest)
    return report


def write_index(wacz: Wacz, lines: list[str]) -> None:
    """Write the index in packed blocks, and the index of the blocks."""
    name = "index.cdx.gz"
    places = [f"!meta 0 {json.dumps({'format': 'cdxj-gzip-1.0', 'filename': name})}\n"]
    with wacz.file(f"indexes/{name}") as stream:
        for block, place in cdxj.packed(lines):
            stream.write(block)
            places.append(place)
    wacz.text("indexes/index.idx", "".join(places))


def describe(wacz: Wacz, report: Report, newest: str) -> None:
    """Write what is in the archive with its hashes, and the hash of that."""
    described = {
        "profile": "data-package",
        "wacz_version": VERSION,
        "software": "Minutier",
        "title": f"{report.written} documents of a corpus",
        "created": newest,
        "resources": list(wacz.resources),
    }
    words = json.dumps(described, ensure_ascii=False, indent=2) + "\n"
    wacz.text("datapackage.json", words)
    digest = {"path": "datapackage.json", "hash": wacz.resources[-1]["hash"]}
    wacz.text("datapackage-digest.json", json.dumps(digest) + "\n")
