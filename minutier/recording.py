"""Golden tests: the last captures of a source with what its rules and readers make of them, kept in a folder.

A folder holds `source.yaml` (the source with its rules), `pages/`, `documents/` and `expected.json`. The same
functions make the expectation and compare with it: what a later change breaks is found without the network.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import extract
from crawlers.replay import replay
from extract.model import Hints
from minutier.crawling import load_sources
from minutier.extraction import hints_of
from storage.captures import Kept
from storage.errors import WrongUse
from storage.replaying import last_captures
from storage.sources import Source
from storage.sources_edit import block
from storage.store import Store

PAGES, DOCUMENTS = 6, 3
"""How many listings and documents are kept: a test is read by people."""
TOLD = ("content-type", "content-disposition", "x-wp-totalpages")
"""The headers that a reader looks at; cookies and the like stay out."""
READS = {"start", "languages", "record", "split", "host_aliases", "drop_params"}
"""The common keys that reading depends on."""
EXPECTED = "expected.json"
ENDINGS = {"application/pdf": ".pdf", "text/html": ".html", "text/csv": ".csv", "application/json": ".json"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """What a folder was given."""

    folder: Path
    pages: int
    documents: int


def record(store: Store, source: Source, folder: Path, *, replacing: bool = False) -> Recorded:
    """Write the golden test of a source. Raises WrongUse where it is there already, or nothing was kept."""
    if folder.exists() and not replacing:
        raise WrongUse(f"{folder} is there already: `--force` replaces it, or name another place with --out.")
    pages = store.rows(last_captures(source.id, "listing", PAGES))
    papers = store.rows(last_captures(source.id, "document", DOCUMENTS))
    if not pages:
        raise WrongUse(
            f"No listing of {source.id!r} was kept in {store.database.place}: `minutier crawl {source.id}` first."
        )
    shutil.rmtree(folder, ignore_errors=True)
    kept = {name: [_keep(store, row, folder, name) for row in rows] for name, rows in _named(pages, papers)}
    (folder / "source.yaml").write_text(alone(source), encoding="utf-8", newline="\n")
    told = {name: [seen(folder, each, name) for each in listed] for name, listed in kept.items()}
    text = json.dumps(told, ensure_ascii=False, indent=1) + "\n"
    (folder / EXPECTED).write_text(text, encoding="utf-8", newline="\n")
    return Recorded(folder=folder, pages=len(pages), documents=len(papers))


def _named(pages: list[Kept], papers: list[Kept]) -> tuple[tuple[str, list[Kept]], ...]:
    return ("pages", pages), ("documents", papers)


def _keep(store: Store, row: Kept, folder: Path, name: str) -> dict[str, Any]:
    """Write the bytes of a capture into a folder and return what is known of it."""
    (folder / name).mkdir(parents=True, exist_ok=True)
    number = len(list((folder / name).iterdir())) + 1
    ending = ENDINGS.get(row.headers.get("content-type", "").partition(";")[0].strip(), "")
    file = f"{name}/{number:02}{ending}"
    (folder / file).write_bytes(store.blobs.read(row.blob_sha256))
    headers = {key: value for key, value in row.headers.items() if key in TOLD}
    hints = hints_of(row) | {"headers": headers} if name == "documents" else {}
    return {"file": file, "url": row.url, "headers": headers, "hints": hints}


def seen(folder: Path, kept: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return what is known of a kept file, with what rules and readers make of it now."""
    body = (folder / kept["file"]).read_bytes()
    if name == "documents":
        hints = kept["hints"] | {"languages": list(kept["hints"]["languages"])}
        return {**kept, "hints": hints, "read": reading_of(body, hints)}
    source = load_sources(folder / "source.yaml").sources[0]
    found = replay(source, kept["url"], kept["headers"], body)
    return {**kept, "found": {rule: [link.url for link in links] for rule, links in found.items()}}


def reading_of(body: bytes, hints: Mapping[str, Any]) -> dict[str, Any]:
    """Return the facts of a document that a golden test compares: title, first date, numbers of its acts, verdict."""
    reading = extract.read(body, Hints(**{**hints, "languages": tuple(hints["languages"])}))
    return {
        "title": reading.title.value if reading.title else "",
        "date": reading.dates[0].value if reading.dates else "",
        "numbers": [act.number for act in reading.acts if act.number],
        "verdict": reading.quality.verdict,
    }


def alone(source: Source) -> str:
    """Return a source with its rules as a list of its own, without the authority that it names."""
    said = source.model_dump(mode="json", exclude_defaults=True, include=READS)
    rules = source.options.model_dump(mode="json", exclude_defaults=True, exclude_none=True)
    named = {key: getattr(source, key) for key in ("id", "title", "kind", "voice", "spider")}
    return "version: 1\nsources:\n" + block(named | said | rules) + "\n"


def compare(folder: Path) -> list[str]:
    """Return the files of a golden test that are not read as they were when it was recorded."""
    told = json.loads((folder / EXPECTED).read_text(encoding="utf-8"))
    return [each["file"] for name, listed in told.items() for each in listed if seen(folder, each, name) != each]
