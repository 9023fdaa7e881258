"""Files on this machine: a folder, walked in order, each file a document."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from crawlers.walking import SourceSpider
from storage.addresses import import_address
from storage.captures import Response
from storage.runs import Note

LEFT_BEHIND = frozenset({"thumbs.db", "desktop.ini"})  # what Windows leaves in every folder


class Options(BaseModel):
    """What a `folder` source says besides the common keys."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    path: tuple[str, ...] = ()
    """Folders and files, relative to where the command runs."""

    @property
    def probed(self) -> bool:
        """Whether it has rules to run by."""
        return bool(self.path)


class FolderSpider(SourceSpider):
    """Reads files from disk as if they had been fetched."""

    name = "folder"
    Options = Options

    async def start(self) -> AsyncIterator[Any]:
        """Yield each file as a response, and each one left aside as a note."""
        for relative, file in files(self.run.source.options.path):  # type: ignore[attr-defined]
            address = import_address(self.run.source.id, relative)
            if self.run.broken:
                return
            if address not in self.run.seen:
                self.run.seen.add(address)
                yield self.read(address, file)

    def read(self, address: str, file: Path) -> Response | Note:
        """Return a file as a response, or a note that says why not."""
        name = file.name
        limit = self.run.source.max_file_mib
        if name.startswith(".") or name.lower() in LEFT_BEHIND:
            return Note(address=address, state="skipped", reason="hidden", detail=f"{name} is a hidden file.")
        if self.run.limit is not None and self.run.documents >= self.run.limit:
            sentence = f"The limit of {self.run.limit} documents was reached."
            return Note(address=address, state="skipped", reason="budget", detail=sentence)
        try:
            if file.stat().st_size > limit * 2**20:
                sentence = f"{name} is larger than {limit} MiB (max_file_mib)."
                return Note(address=address, state="skipped", reason="size", detail=sentence)
            body = file.read_bytes()
        except OSError as error:
            sentence = f"{name} cannot be read ({error.strerror})."
            return Note(address=address, state="failed", reason="unreadable", detail=sentence)
        self.run.documents += 1
        return self.response(address, body)

    def response(self, address: str, body: bytes) -> Response:
        """Return bytes from disk in the shape of a response."""
        source = self.run.source
        hints = {"link_text": "", "context": "", "record": source.record or "", "split": source.split or ""}
        return Response(
            run_id=self.run.run_id,
            source_id=source.id,
            role="document",
            url=address,
            address=address,
            document_address=address,
            status=200,
            body=body,
            fetched_at=self.run.stamp(),
            hints=hints | {"languages": list(source.languages)},
        )


def files(paths: tuple[str, ...]) -> Iterator[tuple[str, Path]]:
    """Yield each file below some paths with its relative name, in an order that is the same everywhere.

    Links to folders are not followed: they can lead in circles.
    """
    for given in paths:
        root = Path(given)
        if root.is_file():
            yield root.name, root
            continue
        for file in sorted(root.rglob("*"), key=lambda path: path.relative_to(root).as_posix()):
            if file.is_file():
                yield file.relative_to(root).as_posix(), file
