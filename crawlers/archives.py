"""Web archives among files (WARC, WACZ): each record has its place in the account, documents are captures."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, BinaryIO, cast

from crawlers.reading.waczs import contents, is_wacz
from crawlers.reading.warcs import PARTS, Body, Record, bodies, plan, survey
from extract.model import STATED
from extract.sniff import UNKNOWN, media_type
from storage.captures import Response
from storage.runs import Note
from storage.statements import answers_at

if TYPE_CHECKING:
    from crawlers.bringing import Bringing
    from crawlers.files import File

Opened = Callable[[], AbstractContextManager[IO[bytes]]]


def is_archive(path: Path) -> bool:
    """Return whether a file is a WARC, packed or not, or a WACZ: by its bytes."""
    with path.open("rb") as file:
        head = file.read(4096)
    if head.startswith(b"\x1f\x8b"):
        try:
            head = zlib.decompressobj(wbits=31).decompress(head, 16)
        except zlib.error:
            return False
    return head.startswith(b"WARC/") or (head.startswith(b"PK") and is_wacz(path))


class Archive:
    """One web archive of a run."""

    def __init__(self, bringing: Bringing, file: File) -> None:
        self.bringing = bringing
        self.run = bringing.run
        self.file = file
        self.titles: Mapping[str, str] = {}
        row = bringing.rows.get(file.relative)
        self.hints: dict[str, Any] = {"file": file.relative, "address_found_in": "a web archive"}
        if row:
            one_page = [name for name in STATED if name in row.stated] + (["original_url"] if row.original_url else [])
            if one_page:
                self.trouble(f"holds many pages: leave {', '.join(one_page)} empty in its row (line {row.line})")
            self.hints["stated"] = {name: value for name, value in row.stated.items() if name not in STATED}

    def everything(self) -> Iterator[Response | Note]:
        """Yield the archive itself as a listing, and each of its records."""
        own = self.bringing.own(self.file)
        self.run.seen.add(own)
        yield Note(address=own, role="listing", state="listing")
        if zipfile.is_zipfile(self.file.path):
            packed = contents(self.file.path)
            self.titles = packed.titles
            for sentence in packed.troubles:
                self.trouble(sentence)
            for name in packed.warcs:
                yield from self.warc(partial(member, self.file.path, name), f" ({name})")
        else:
            yield from self.warc(partial(plain, self.file.path), "")

    def trouble(self, sentence: str) -> None:
        """Say what is wrong with the archive: the run is not complete."""
        self.run.troubles.append(f"{self.file.relative} {sentence}.")

    def warc(self, opened: Opened, where: str) -> Iterator[Response | Note]:
        """Yield the records of one WARC file."""
        with opened() as stream:
            found = survey(cast("BinaryIO", stream))
        if found.broken:
            self.trouble(f"is damaged{where}: {found.broken}; what stands before is kept")
        planned = plan(found.records, self.run.site.canonical)
        wanted: dict[int, list[Record]] = {}
        for number, answers in planned.wanted.items():
            for record in answers:
                told = self.known(record) or self.spent(record)
                if told is None:
                    wanted.setdefault(number, []).append(record)
                    self.run.documents += 1
                elif told.state:
                    yield told
        for each in planned.aside:
            yield from self.left(each.record, each.reason, each.detail)
        with opened() as stream:
            for body in bodies(cast("BinaryIO", stream), wanted, self.run.source.max_file_mib * 2**20):
                yield self.document(body)

    def known(self, record: Record) -> Note | None:
        """Return the place of an answer that the corpus has, or has a later one of; nothing for a new one."""
        address = self.address(record)
        answers = self.run.store.rows(answers_at(address))
        same = [each for each in answers if each.fetched_at == record.date and each.source_id == self.run.source.id]
        later = [each.fetched_at for each in answers if record.date and each.fetched_at > record.date]
        if any(each.run_id == self.run.run_id for each in same):
            return Note(address=address, state="")  # a run that goes on: it has its place
        if address in self.bringing.kept:
            sentence = "Another file of this import has this address: import this archive by itself for its version."
            return self.bringing.left(f"{address}#{record.date}", "skipped", "again", sentence)
        if same:
            self.run.seen.add(address)
            return Note(address=address, state="unchanged", document_id=same[0].document_id)
        if later:
            return self.bringing.left(
                address, "skipped", "older", f"Recorded at {record.date}; the corpus has an answer of {max(later)}."
            )
        return None

    def spent(self, record: Record) -> Note | None:
        """Return that the limit of documents was reached, or nothing."""
        state, reason, detail = self.bringing.over_budget()
        return self.bringing.left(self.address(record), state, reason, detail) if state else None

    def address(self, record: Record) -> str:
        """Return the canonical address of a record."""
        return self.run.site.canonical(record.url)

    def left(self, record: Record, reason: str, detail: str) -> Iterator[Note]:
        """Yield the place in the account of a record that is no document; an earlier answer has one of its own."""
        web = record.url.startswith(("http://", "https://"))
        address = self.address(record) if web else record.url or f"{self.bringing.own(self.file)}#{record.number}"
        address = f"{address}#{record.date or record.number}" if reason == "older" else address
        if address not in self.run.seen:
            yield self.bringing.left(address, "skipped", reason, detail)

    def document(self, found: Body) -> Response | Note:
        """Return a record's bytes as the response that they were."""
        record, address = found.record, self.address(found.record)
        if found.too_large:
            sentence = f"Larger than {self.run.source.max_file_mib} MiB (max_file_mib)."
            return self.bringing.left(address, "skipped", "size", sentence)
        kind = media_type(found.body)
        if found.body and (PARTS.match(kind) or kind == UNKNOWN):
            return self.bringing.left(address, "skipped", "type", f"Its bytes are {kind}: no document.")
        moment = {"fetched_at": record.date} if record.date else {}
        hints = self.hints | {"link_text": self.titles.get(record.url, "")}
        given = {"url": record.url, "headers": dict(record.headers), "flags": found.flags, **moment}
        return self.bringing.response(address, found.body, hints, **given)


def plain(path: Path) -> AbstractContextManager[IO[bytes]]:
    """Open a file as a stream."""
    return path.open("rb")


def member(path: Path, name: str) -> AbstractContextManager[IO[bytes]]:
    """Open a file inside a ZIP as a stream."""
    return zipfile.ZipFile(path).open(name)
