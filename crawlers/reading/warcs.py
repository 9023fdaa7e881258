"""Web archives (WARC): what is in one, which of its records are documents, and their bytes.

Pure: a stream in, values out. A WARC is read twice, record by record: once for what it holds, so that the latest answer
of an address and the bytes that a `revisit` speaks of are known; once for the bodies that are wanted.
"""

from __future__ import annotations

import base64
import hashlib
import io
import re
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO
from urllib.parse import urlsplit

from warcio.archiveiterator import WARCIterator
from warcio.bufferedreaders import ChunkedDataException, ChunkedDataReader, DecompressingBufferedReader
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeadersParserException

from crawlers.reading.unpacking import Broken, TooMuch, unpack

BROKEN = (
    ArchiveLoadFailed, StatusAndHeadersParserException, ChunkedDataException, zlib.error, EOFError, OSError,
    ValueError, TypeError, AttributeError, IndexError,
)  # fmt: skip
"""What warcio raises for cut and altered files, read in its source and seen with such files."""
ANSWERS = ("response", "resource", "revisit")
PARTS = re.compile(
    r"(?i)(image|font|audio|video)/|text/(css|javascript)|application/(x-)?(javascript|json|ld\+json|font)"
)
"""What pages are made of; everything else may be a document, and its bytes decide."""
BLOCK = 65_536
LONGEST = 2**20
"""Bytes of the headers of one record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """An answer that a web archive holds."""

    number: int
    offset: int
    kind: str
    url: str
    date: str
    """When it was recorded: ISO 8601 UTC, or nothing."""
    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    """Names in lower case."""
    digest: str = ""
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What a web archive holds."""

    records: tuple[Record, ...]
    broken: str = ""
    """Where it could not be read further, in words; nothing for a whole one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Aside:
    """A record that is no document, with the reason."""

    record: Record
    reason: str
    detail: str


@dataclass(slots=True)
class Plan:
    """Which records are documents."""

    wanted: dict[int, list[Record]] = field(default_factory=dict)
    """The answers that the bytes of a record are for, by its number: its own, and those of later visits."""
    aside: list[Aside] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """The bytes of one answer as its reader got them."""

    record: Record
    body: bytes
    flags: tuple[str, ...] = ()
    """truncated | altered"""
    too_large: bool = False


class Lines(DecompressingBufferedReader):  # type: ignore[misc]  # warcio has no types
    """A stream whose headers end somewhere: a packed line may be as long as a disk."""

    spoken = 0
    """Characters of headers since the last empty line."""

    def readline(self, length: int | None = None) -> bytes:
        """Return the next line."""
        line: bytes = super().readline(min(length or LONGEST, LONGEST))
        self.spoken = 0 if line in (b"\r\n", b"\n", b"") else self.spoken + len(line)
        if self.spoken >= LONGEST:
            raise ArchiveLoadFailed(f"headers of more than {LONGEST} bytes")
        return line


def opened(stream: BinaryIO) -> WARCIterator:
    """Return the records of a web archive."""
    archive = WARCIterator(stream)
    archive.reader = Lines(archive.fh)
    return archive


def survey(stream: BinaryIO) -> Survey:
    """Return what a web archive holds, as far as it can be read."""
    found: list[Record] = []
    archive = opened(stream)
    number = -1
    try:
        for number, record in enumerate(archive):
            missing = _rest(record)
            if record.rec_type in ANSWERS:
                found.append(_described(number, archive.offset, record, cut=missing > 0))
            if missing:
                where = f"the record at byte {archive.offset} lacks {missing} bytes of its content"
                return Survey(records=tuple(found), broken=where)
    except BROKEN as error:
        words = " ".join(str(error).split())[:120]
        return Survey(records=tuple(found), broken=f"it cannot be read beyond byte {archive.offset} ({words})")
    nothing = "" if number >= 0 else "it holds no record"
    return Survey(records=tuple(found), broken=nothing)


def _rest(record: Any) -> int:
    """Read a record to its end and return how many bytes of it are missing."""
    length = record.payload_length if record.http_headers else record.length
    while block := record.raw_stream.read(BLOCK):
        length -= len(block)
    return max(0, int(length or 0))


def _described(number: int, offset: int, record: Any, *, cut: bool) -> Record:
    header = record.rec_headers.get_header
    http = record.http_headers
    if http:
        headers = {name.lower(): value for name, value in http.headers}
        code = http.get_statuscode() or ""
        status = int(code) if code.isdigit() else 0
    else:
        headers = {"content-type": header("Content-Type") or ""} if record.rec_type == "resource" else {}
        status = 200 if record.rec_type == "resource" else 0
    if status != 200 or PARTS.match(headers.get("content-type", "")):  # kept small: an archive has millions of these
        headers = {name: headers[name] for name in ("content-type", "location") if name in headers}
    date = header("WARC-Date") or ""
    return Record(
        number=number,
        offset=offset,
        kind=record.rec_type,
        url=header("WARC-Target-URI") or "",
        date=f"{date[:19]}Z" if re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", date) else "",
        status=status,
        headers=headers,
        digest=header("WARC-Payload-Digest") or "",
        flags=("truncated",) if cut or header("WARC-Truncated") else (),
    )


def plan(records: tuple[Record, ...], canonical: Callable[[str], str]) -> Plan:
    """Return which records are documents: of each address the latest good answer of a wanted type."""
    made = Plan()
    sources = {r.digest: r for r in reversed(records) if r.kind != "revisit" and r.digest}
    latest: dict[str, tuple[Record, int]] = {}
    for record in records:
        source = sources.get(record.digest) if record.kind == "revisit" else record
        reason, detail = _objection(record, source)
        if reason or source is None:
            made.aside.append(Aside(record=record, reason=reason, detail=detail))
            continue
        address = canonical(record.url)
        before = latest.get(address)
        older = record if before and before[0].date > record.date else before[0] if before else None
        if older:
            detail = f"Recorded at {older.date}; the same archive has a later answer of this address."
            made.aside.append(Aside(record=older, reason="older", detail=detail))
        if older is not record:
            latest[address] = (record, source.number)
    for record, number in latest.values():
        made.wanted.setdefault(number, []).append(record)
    return made


def _objection(record: Record, source: Record | None) -> tuple[str, str]:
    """Return why a record is no document: a short reason and a sentence, or nothing."""
    if not record.url.startswith(("http://", "https://")):
        return "type", "A note of the program that made the archive, no page."
    if source is None:
        return "revisit", "Only a note that nothing had changed: its bytes are in another archive."
    status = record.status or source.status
    headers = {**source.headers, **record.headers}
    if 300 <= status < 400:
        return "redirect", f"It leads to {headers.get('location', 'another address')}."
    if status != 200:
        return f"http_{status}", f"The site answered {status}."
    if urlsplit(record.url).path == "/robots.txt":
        return "type", "robots.txt is no document."
    kind = headers.get("content-type", "").partition(";")[0].strip()
    if PARTS.match(kind):
        return "type", f"It is {kind}: a part of pages, no document."
    return "", ""


def bodies(stream: BinaryIO, wanted: Mapping[int, list[Record]], limit: int) -> Iterator[Body]:
    """Yield the bytes of the records wanted, each once for every answer they are for; never more than `limit` bytes."""
    archive = opened(stream)
    last = max(wanted, default=-1)
    try:
        for number, record in enumerate(archive):
            if number in wanted:
                found = _body(record, limit)
                for answer in wanted[number]:
                    flags = tuple(sorted({*found.flags, *answer.flags}))
                    yield Body(record=answer, body=found.body, flags=flags, too_large=found.too_large)
            if number >= last:
                return
    except BROKEN:
        return  # the survey has said where; every record before it was given


@dataclass(frozen=True, slots=True)
class _Read:
    body: bytes = b""
    flags: frozenset[str] = frozenset()
    too_large: bool = False


def _body(record: Any, limit: int) -> _Read:
    """Return the decoded content of a record: chunks joined, compression undone, its digest compared."""
    raw, whole = _read(record.raw_stream, limit)
    if not whole:
        return _Read(too_large=True)
    flags: set[str] = set()
    try:
        body = _decoded(record, raw, limit)
    except TooMuch:
        return _Read(too_large=True)
    except (Broken, *BROKEN):
        body, flags = raw, {"truncated"}
    if not _is_what_was_recorded(record.rec_headers.get_header("WARC-Payload-Digest") or "", raw, body):
        flags |= {"altered"}
    return _Read(body, frozenset(flags))


def _decoded(record: Any, raw: bytes, limit: int) -> bytes:
    """Return what an answer was before it was sent. Raises TooMuch, Broken and what is BROKEN."""
    said = record.http_headers.get_header if record.http_headers else lambda name: None
    if (said("transfer-encoding") or "").lower() == "chunked":
        raw = ChunkedDataReader(io.BytesIO(raw)).read(len(raw) + 1)
    return unpack(raw, said("content-encoding") or "", limit)


def _read(stream: Any, limit: int) -> tuple[bytes, bool]:
    """Return what a stream gives, and whether that is no more than the limit."""
    blocks, size = [], 0
    while block := stream.read(BLOCK):
        blocks.append(block)
        size += len(block)
        if size > limit:
            return b"", False
    return b"".join(blocks), True


def _is_what_was_recorded(digest: str, raw: bytes, body: bytes) -> bool:
    """Return whether a digest fits the content; programs disagree on whether it is taken before or after decoding."""
    name, _, value = digest.partition(":")
    if name.lower() not in ("sha1", "sha256", "md5") or not value:
        return True
    for content in (raw, body, ChunkedDataReader(io.BytesIO(raw)).read(len(raw) + 1)):
        made = hashlib.new(name.lower(), content, usedforsecurity=False).digest()
        if value.rstrip("=").lower() in (made.hex(), base64.b32encode(made).decode().rstrip("=").lower()):
            return True
    return False
