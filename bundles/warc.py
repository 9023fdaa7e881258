"""Captures as records of a web archive (WARC/1.1): what was answered, when, under which address.

Bodies are kept decoded, so the headers that spoke of their packing are kept under another name. What was sent is not
kept by a corpus, so there are no request records. Ids come from what a record says: the same captures give the same
bytes.
"""

from __future__ import annotations

import hashlib
import io
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import IO
from urllib.parse import urldefrag

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from bundles.cdxj import line
from extract.sniff import media_type
from storage.blobs import sha256
from storage.captures import TRUNCATED, Kept

VERSION = "WARC/1.1"
ABOUT = (
    "software: Minutier\r\n"
    "format: WARC File Format 1.1\r\n"
    "conformsTo: https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/\r\n"
    "description: Bodies are stored decoded: transfer and content encodings that were undone stand in the header "
    "x-archive-orig-NAME, and content-length is the length of the decoded body. Requests were not kept. "
    "Minutier-Flags says what is known of how an answer came.\r\n"
)
PACKED = {"gzip": b"\x1f\x8b", "x-gzip": b"\x1f\x8b"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """One record, as the lists of an archive name it."""

    url: str
    date: str
    size: int
    line: str
    """Its line of the index."""


class Measured:
    """A stream that knows how many bytes went through it, and their SHA-256."""

    def __init__(self, out: IO[bytes]) -> None:
        self.out = out
        self.size = 0
        self.digest = hashlib.sha256()

    def write(self, block: bytes) -> int:
        """Write some bytes."""
        self.size += len(block)
        self.digest.update(block)
        return self.out.write(block)

    def flush(self) -> None:
        """Pass on what was written."""
        self.out.flush()

    def tell(self) -> int:
        """Return how many bytes were written."""
        return self.size


class Warc:
    """A file of records that is being written."""

    def __init__(self, name: str, out: Measured) -> None:
        self.name = name
        self.out = out
        self._writer = WARCWriter(out, gzip=True, warc_version=VERSION)

    def _begin(self, date: str) -> None:
        """Write what the file is, as of a moment."""
        headers = head("warcinfo", "", date, ABOUT.encode()) | {"WARC-Filename": self.name}
        del headers["WARC-Payload-Digest"]
        self._write("", "warcinfo", headers, ABOUT.encode())

    def add(self, capture: Kept, body: bytes) -> Written:
        """Write a capture: as the answer that it was, or as a plain file where it came from a folder."""
        if not self.out.size:
            self._begin(capture.fetched_at)
        url = urldefrag(capture.url).url
        headers = head("response", url, capture.fetched_at, body) | marks(capture)
        if is_file(capture):
            kind = media_type(body)
            headers["Content-Type"] = kind
            start, length = self._write(url, "resource", headers, body)
            facts = {"mime": kind}
        else:
            http = answer(capture, body)
            start, length = self._write(url, "response", headers, body, http)
            kind = re.split(r"[;\s]", http.get_header("content-type") or "")[0]
            facts = ({"mime": kind} if kind else {}) | {"status": str(capture.status)}
        facts |= {"digest": headers["WARC-Payload-Digest"], "length": str(length), "offset": str(start)}
        facts["filename"] = self.name
        return Written(url=url, date=capture.fetched_at, size=len(body), line=line(url, capture.fetched_at, facts))

    def _write(
        self, url: str, kind: str, headers: dict[str, str], body: bytes, http: StatusAndHeaders | None = None
    ) -> tuple[int, int]:
        """Write a record; return where it begins and how long it is."""
        start = self.out.tell()
        record = self._writer.create_warc_record(
            url, kind, payload=io.BytesIO(body), length=len(body), warc_headers_dict=headers, http_headers=http
        )
        self._writer.write_record(record)
        return start, self.out.tell() - start


def head(kind: str, url: str, date: str, body: bytes) -> dict[str, str]:
    """Return the headers that every record has."""
    digest = sha256(body)
    return {
        "WARC-Record-ID": f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'{kind} {url} {date} {digest}')}>",
        "WARC-Date": date,
        "WARC-Payload-Digest": f"sha256:{digest}",
    }


def marks(capture: Kept) -> dict[str, str]:
    """Return the headers that say how an answer came: cut short, made by a browser, not verified."""
    said = {"Minutier-Flags": capture.flags} if capture.flags else {}
    cut = TRUNCATED in capture.flags.split(",")
    return said | ({"WARC-Truncated": "unspecified"} if cut else {})


def is_file(capture: Kept) -> bool:
    """Return whether a capture is a file that was imported by itself: nobody answered anything."""
    return bool(capture.hints.get("file")) and not from_archive(capture)


def from_archive(capture: Kept) -> bool:
    """Return whether a capture was read from a web archive."""
    return str(capture.hints.get("address_found_in")) == "a web archive"


def answer(capture: Kept, body: bytes) -> StatusAndHeaders:
    """Return a capture's status and headers as they are kept, true of the body as it is kept."""
    try:
        phrase = HTTPStatus(capture.status).phrase
    except ValueError:
        phrase = "Unknown"
    headers = [*kept_headers(capture, body), ("content-length", str(len(body)))]
    return StatusAndHeaders(f"{capture.status} {phrase}", headers, protocol="HTTP/1.1")


def kept_headers(capture: Kept, body: bytes) -> Iterator[tuple[str, str]]:
    """Yield the headers of a capture; those that are no longer true of its body under another name."""
    undone = {"transfer-encoding", "content-length"}
    undone |= set() if still_packed(capture, body) else {"content-encoding"}
    for name, value in capture.headers.items():
        if not re.fullmatch(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", name):
            continue  # our own notes begin with a colon; a name that is no name would break the record
        for each in value.split("\n"):
            yield (f"x-archive-orig-{name}" if name in undone else name), re.sub(r"[\x00-\x1f\x7f]+", " ", each)


def still_packed(capture: Kept, body: bytes) -> bool:
    """Return whether a body is kept packed, in a way that its reader did not know."""
    encoding = capture.headers.get("content-encoding", "").strip().lower()
    if encoding in PACKED:
        return body.startswith(PACKED[encoding])
    return bool(encoding) and not from_archive(capture)
