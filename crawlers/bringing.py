"""Files as documents: each with the address it came from, what is stated of it, and its place in the account."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from crawlers.archives import Archive, is_archive
from crawlers.files import File, files, is_ordinary
from crawlers.reading.metadata import Row, WrongTable, by_file, read_metadata
from crawlers.reading.saved import page_beside, saved_from
from crawlers.run import CrawlRun
from storage.addresses import import_address
from storage.captures import Response
from storage.runs import Note
from storage.statements import at_address


def rows_of(table: str, paths: tuple[str, ...], found: list[File]) -> dict[str, Row]:
    """Return what a metadata table states, by file. Raises WrongTable, with the table's name."""
    if not table:
        return {}
    try:
        rows = read_metadata(Path(table).read_bytes())
        return by_file(rows, [file.relative for file in found], [Path(path).name for path in paths])
    except OSError as error:
        raise WrongTable(f"The metadata {table} cannot be read ({error.strerror}).") from None
    except WrongTable as error:
        raise WrongTable(f"{table}, {str(error).rstrip('.')}.") from None


def same_name(one: File, other: File) -> str:
    """Return the sentence for two files of which one would be lost."""
    return f"{one.path} and {other.path} would get the same address ({one.relative}): import them apart."


class Bringing:
    """The files of one run."""

    def __init__(self, run: CrawlRun, paths: tuple[str, ...], table: str, glob: str) -> None:
        self.run = run
        self.table = Path(table).resolve() if table else None
        self.files = self.each_once(files(paths, glob))
        self.rows = rows_of(table, paths, self.files)
        self.kept: set[str] = set()
        """Addresses of which this run has bytes."""
        self.names = {file.relative for file in self.files}

    def each_once(self, found: list[File]) -> list[File]:
        """Return the files, each address once; two files that would share one are a trouble of the run."""
        first: dict[str, File] = {}
        for file in found:
            other = first.setdefault(file.relative, file)
            if other.path.resolve() != file.path.resolve():
                self.run.troubles.append(same_name(other, file))
        return list(first.values())

    def everything(self) -> Iterator[Response | Note]:
        """Yield each file as a response, and each one left aside as a note."""
        for file in self.files:
            if self.run.broken:
                return
            yield from self.one(file)

    def one(self, file: File) -> Iterator[Response | Note]:
        """Yield what becomes of one file."""
        state, reason, detail = self.aside(file)
        try:
            if not state and is_archive(file.path):
                yield from Archive(self, file).everything()
                return
            if not state:
                state, reason, detail = self.too_much(file)
            if not state:
                yield self.document(file, file.path.read_bytes())
                return
        except OSError as error:
            state, reason, detail = "failed", "unreadable", f"{file.path.name} cannot be read ({error.strerror})."
        yield self.left(self.own(file), state, reason, detail)

    def left(self, address: str, state: str, reason: str, detail: str) -> Note:
        """Return the place in the account of what is not kept."""
        self.run.seen.add(address)
        return Note(address=address, state=state, reason=reason, detail=detail)

    def own(self, file: File) -> str:
        """Return the address of a file that has no other."""
        return import_address(self.run.source.id, file.relative)

    def aside(self, file: File) -> tuple[str, str, str]:
        """Return why a file is not read (state, reason, sentence), or nothing."""
        name = file.path.name
        if file.state:
            return file.state, file.reason, file.detail
        if self.table and file.path.resolve() == self.table:
            return "skipped", "metadata", f"{name} is the table that describes the others."
        page = page_beside(file.relative, self.names)
        if page and file.relative not in self.rows:
            return "skipped", "part", f"It is a part of the saved page {page}."
        try:
            if not is_ordinary(file.path):
                return "skipped", "special", f"{name} is no file with bytes but a pipe or a device."
        except OSError as error:
            return "failed", "unreadable", f"{name} cannot be read ({error.strerror})."
        return "", "", ""

    def too_much(self, file: File) -> tuple[str, str, str]:
        """Return why a file is larger than what is taken, or nothing; of a web archive each record is measured."""
        limit = self.run.source.max_file_mib
        if file.path.stat().st_size > limit * 2**20:
            return "skipped", "size", f"{file.path.name} is larger than {limit} MiB (max_file_mib)."
        return self.over_budget()

    def over_budget(self) -> tuple[str, str, str]:
        """Return that the limit of documents was reached, or nothing."""
        if self.run.limit is not None and self.run.documents >= self.run.limit:
            return "skipped", "budget", f"The limit of {self.run.limit} documents was reached."
        return "", "", ""

    def document(self, file: File, body: bytes) -> Response:
        """Return a file as a response, under the address that is stated for it or that it states itself."""
        row = self.rows.get(file.relative)
        claimed, found_in = (row.original_url, "metadata") if row and row.original_url else ("", "")
        if not claimed and (saved := saved_from(body)):
            claimed, found_in = saved.url, saved.found_in
        address, document_address = self.addresses(self.own(file), claimed)
        hints: dict[str, Any] = {"file": file.relative}
        self.run.documents += 1
        hints |= {"address_found_in": found_in} if claimed and document_address != self.own(file) else {}
        return self.response(address, body, hints | stated(row), document_address=document_address)

    def addresses(self, own: str, claimed: str) -> tuple[str, str]:
        """Return the address of a file in the account, and the one that names its document.

        A file that was imported before keeps its document; the address it now has leads there as well. Of two files
        saved from one address, the second stands for itself.
        """
        url = self.run.site.canonical(claimed) if claimed else own
        if url == own or url in self.run.seen:
            return own, own
        if own in self.run.known:
            return own, own if self.run.store.first(at_address(url)) else url
        return url, url

    def response(self, address: str, body: bytes, hints: Mapping[str, Any], **values: Any) -> Response:
        """Return bytes from this machine in the shape of a response."""
        source = self.run.source
        self.run.seen |= {address, values.get("document_address", address)}
        self.kept |= {address, values.get("document_address", address)}
        told = {"link_text": "", "context": "", "record": source.record or "", "split": source.split or ""}
        given: dict[str, Any] = {
            "run_id": self.run.run_id,
            "source_id": source.id,
            "role": "document",
            "url": values.get("document_address", address),
            "address": address,
            "document_address": address,
            "status": 200,
            "body": body,
            "fetched_at": self.run.stamp(),
            "hints": told | {"languages": list(source.languages)} | dict(hints),
        }
        return Response(**(given | values))


def stated(row: Row | None) -> dict[str, Any]:
    """Return the hints of what a row states; without a row nothing is stated, and what was stated before stays."""
    return {"stated": dict(row.stated)} if row else {}
