"""An import is a run of a `folder` source: known from sources.yaml or from the corpus, or made on the spot."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from crawlers.bringing import rows_of, same_name
from crawlers.files import File, files
from crawlers.reading.metadata import Row, WrongTable, by_file, read_metadata
from crawlers.reading.saved import page_beside
from crawlers.run import site_of
from crawlers.spiders.folder import Options
from extract.model import STATED
from minutier.crawling import load_sources
from minutier.extraction import Extractors
from minutier.readings import Readings
from storage.errors import WrongUse
from storage.reading import captures_behind
from storage.sources import Source, SourcesFile
from storage.statements import Restated, file_of, imported
from storage.store import Store
from storage.withdrawals import withheld_documents

NAMED = 3  # files without a row that a warning names


def folder_source(
    sources_path: Path, source_id: str, options: Options, *, kind: str | None, languages: list[str]
) -> SourcesFile:
    """Return a list of one source that reads the paths given. Raises WrongUse for a path that is not there.

    A source of that id in `sources.yaml` lends its title, kind, voice, authority, languages, rights, and how it writes
    its addresses.
    """
    for path in options.path:
        if not Path(path).exists():
            raise WrongUse(f"There is no file or folder {path}: check the path.")
    known = _known(sources_path, source_id)
    values: dict[str, Any] = known.model_dump(exclude={"options"}) if known else {"id": source_id, "title": source_id}
    values |= {"spider": "folder", "options": options}
    if known is None:
        values |= {"kind": "other", "voice": "researcher", "languages": ("fr",)}
    if kind:
        values["kind"] = kind
    if languages:
        values["languages"] = tuple(languages)
    source = Source.model_validate(values)
    authorities = load_sources(sources_path).authorities if known else {}
    return SourcesFile(path=sources_path, contact="", authorities=authorities, sources=(source,))


def _known(sources_path: Path, source_id: str) -> Source | None:
    if not sources_path.exists():
        return None
    return next((s for s in load_sources(sources_path).sources if s.id == source_id), None)


def check(options: Options) -> str:
    """Return a warning about files that the metadata leaves out, or nothing. Raises WrongUse for a wrong table."""
    found = files(options.path, options.glob)
    refuse_same_names(found)
    try:
        rows = rows_of(options.metadata, options.path, found)
    except WrongTable as error:
        raise WrongUse(str(error)) from None
    table = Path(options.metadata).resolve() if options.metadata else None
    bare = [file.relative for file in found if not file.state and file.path.resolve() != table]
    names = set(bare)
    bare = [name for name in bare if name not in rows and not page_beside(name, names)] if table else []
    if not bare:
        return ""
    some = ", ".join(bare[:NAMED]) + ("…" if len(bare) > NAMED else "")
    return f"Without a row in {options.metadata}: {len(bare)} files ({some}); they are imported all the same."


def refuse_same_names(found: list[File]) -> None:
    """Raise WrongUse where two files would get the same address: one of them would be lost."""
    seen: dict[str, File] = {}
    for file in found:
        other = seen.setdefault(file.relative, file)
        if other.path.resolve() != file.path.resolve():
            raise WrongUse(same_name(other, file))


def restated(store: Store, source: Source, table: str) -> list[Restated]:
    """Return what a table states of files that were imported before. Raises WrongUse where the table is wrong."""
    behind: dict[str, list[str]] = {}
    for capture in store.rows(imported(source.id)):
        if name := file_of(source.id, capture.address, capture.hints):
            behind.setdefault(name, []).append(capture.document_id)
    try:
        rows = by_file(read_metadata(Path(table).read_bytes()), behind)
    except OSError as error:
        raise WrongUse(f"The metadata {table} cannot be read ({error.strerror}).") from None
    except WrongTable as error:
        raise WrongUse(f"{table}, {error} (only files that were imported before can be described alone).") from None
    for name, row in rows.items():
        if len(set(behind[name])) > 1 and (row.original_url or set(STATED) & set(row.stated)):
            raise WrongUse(
                f"{table}, line {row.line}: {name} holds many pages, leave original_url, {', '.join(STATED)} empty."
            )
    said = {document: row for name, row in rows.items() for document in behind[name]}
    refuse_withheld(store, table, said)
    latest = store.rows(captures_behind(sorted(said)))
    return [statement(source, each.document_id, each.seq, said[each.document_id]) for each in latest]


def refuse_withheld(store: Store, table: str, said: dict[str, Row]) -> None:
    """Raise WrongUse where a document would have to be read again, and its bytes are withheld."""
    for row in store.rows(withheld_documents(sorted(said))):
        raise WrongUse(
            f"{table}, line {said[row.id].line}: a passage was withdrawn from {row.id}, and its bytes with it: "
            "it cannot be described anew, leave its line out."
        )


def statement(source: Source, document_id: str, seq: int, row: Row) -> Restated:
    """Return what a row states of a document."""
    address = site_of(source).canonical(row.original_url) if row.original_url else ""
    return Restated(document_id=document_id, capture_seq=seq, stated=row.stated, address=address)


def restate(store: Store, source: Source, table: str, readings: Readings, now: Callable[[], datetime]) -> int:
    """State again what a table says of files that were imported before; return how many documents changed."""
    changed = store.restate(restated(store, source, table), now())
    with Extractors(store, now, readings):
        pass
    return len(changed)
