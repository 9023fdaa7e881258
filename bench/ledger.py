"""The ledger of 100,000 documents: CPU and wall seconds, beside a bare SELECT of all dates in the same run.

The corpus is synthetic: 50 sources, twenty years, one deliberation in eight of minutes with ten acts, the others with
one. Rows are written in bulk, with texts of one line; the share of séances whose papers are missing is 2 %.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select, update

from storage.addresses import document_id
from storage.ledger import ledger
from storage.models import (
    Blob,
    BodyText,
    Capture,
    Document,
    DocumentSource,
    Extraction,
    Passage,
    Run,
    RunAddress,
    Source,
    Version,
)
from storage.shapes import Connection, table_of
from storage.store import Store

NOW = datetime(2026, 12, 1, tzinfo=UTC)
AT = "2026-11-30T12:00:00Z"
SOURCES, FIRST_YEAR = 50, 2006
MONTHS = (1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12)


def fill(store: Store, documents: int, runs: int) -> None:
    """Write the corpus in one transaction for each source."""
    store.writer.write(shared)
    for number in range(SOURCES):
        store.writer.write(lambda connection, number=number: one_source(connection, number, documents // SOURCES, runs))


def shared(connection: Connection) -> None:
    """Write what all documents share: bytes, text, reading."""
    connection.execute(insert(Blob), [{"sha256": "b", "size": 1, "first_seen_at": AT}])
    connection.execute(insert(BodyText), [{"sha256": "t", "length": 8, "text": "synthetic"}])
    facts = {"dates": [], "acts": [], "records": []}
    row = {"id": 1, "blob_sha256": "b", "extractor_version": "1", "hints_sha256": "", "extractor": "text"}
    row |= {"engine": "", "media_type": "text/plain", "text_sha256": "t", "verdict": "good", "facts": facts}
    connection.execute(insert(Extraction), [row | {"made_at": AT}])


def one_source(connection: Connection, number: int, documents: int, runs: int) -> None:
    """Write one source with its runs, its papers and their places in every run."""
    source = f"s{number:02}"
    settings = {"spider": "listing", "options": {}}
    about = {"id": source, "title": source, "kind": "council_minutes", "voice": "local_authority"}
    connection.execute(insert(Source), [about | {"rights": {}, "settings": settings}])
    given = {"source_id": source, "started_at": AT, "ended_at": AT, "outcome": "complete", "minutier_version": "bench"}
    names = [f"{source}-{each}" for each in range(runs)]
    connection.execute(insert(Run), [given | {"id": name} for name in names])
    made = [paper(source, number * documents + each, each, documents) for each in range(documents)]
    made = [each for place, each in enumerate(made) if place // (documents // 220 + 1) % 50 != 20]
    connection.execute(insert(table_of(Capture)), [capture(each, source, names[0]) for each in made])
    connection.execute(insert(table_of(Document)), [each["document"] for each in made])
    connection.execute(insert(table_of(Version)), [version(each, names[0]) for each in made])
    mine = Document.id.in_([each["document"]["id"] for each in made])
    connection.execute(update(Document).where(mine).values(current_version_id=Document.first_capture_seq))
    connection.execute(insert(table_of(Passage)), [row for each in made for row in each["passages"]])
    ids = [each["document"]["id"] for each in made]
    tie = {"source_id": source, "first_run_id": names[0], "last_run_id": names[-1]}
    connection.execute(insert(table_of(DocumentSource)), [tie | {"document_id": each} for each in ids])
    for name in names:
        accounts = [
            {"run_id": name, "address": each["document"]["address"], "role": "document", "state": "unchanged",
             "listed": True, "document_id": each["document"]["id"]}
            for each in made
        ]  # fmt: skip
        connection.execute(insert(table_of(RunAddress)), accounts)


def paper(source: str, key: int, place: int, documents: int) -> dict[str, Any]:
    """Return one paper with its acts: minutes every eighth time, a deliberation else."""
    seance = place * 220 // documents
    year, month = FIRST_YEAR + seance // 11, MONTHS[seance % 11]
    address, day = f"https://{source}.example/{place}", f"{year}-{month:02}-14"
    minutes = place % 8 == 0
    begin = -(-(seance // 11 * 11) * documents // 220)  # the first paper of the year
    number = place - begin - (place + 7) // 8 + (begin + 7) // 8 + 1
    acts = range(1, 11) if minutes else [number]
    series = "" if minutes else f"{year}-"
    seq = key + 1
    return {
        "seq": seq,
        "document": {
            "id": document_id(address), "address": address, "part": "", "first_capture_seq": seq, "extraction_id": 1,
            "date": day, "date_role": "session", "verdict": "good",
            "act_type": "pv" if minutes else "deliberation",
        },
        "passages": [
            {"version_id": seq, "kind": "act", "number": each, "label": f"{series}{each}", "start": 0, "end": 1}
            for each in acts
        ],
    }  # fmt: skip


def capture(each: dict[str, Any], source: str, run: str) -> dict[str, Any]:
    """Return the capture of a paper."""
    address = each["document"]["address"]
    row = {"seq": each["seq"], "run_id": run, "source_id": source, "role": "document", "request_key": "", "status": 200}
    return row | {"url": address, "address": address, "headers": {}, "blob_sha256": "b", "fetched_at": AT, "hints": {}}


def version(each: dict[str, Any], run: str) -> dict[str, Any]:
    """Return the version of a paper."""
    row = {"id": each["seq"], "document_id": each["document"]["id"], "number": 1, "cause": "source", "extraction_id": 1}
    same = {"blob_sha256": "b", "text_sha256": "t", "run_id": run, "made_at": AT}
    return row | same | {"capture_seq": each["seq"]}


def main() -> None:
    """Make the corpus, and measure."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--documents", type=int, default=100_000)
    asked.add_argument("--runs", type=int, default=5)
    asked.add_argument("--corpus", default="")
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        place = given.corpus or Path(folder) / "corpus"
        with Store.create(place, now=NOW, version="bench") as store:
            fill(store, given.documents, given.runs)
            for name, work in (("bare SELECT of all dates", dates), ("ledger", whole)):
                for _ in range(3):
                    measure(store, name, work)


def measure(store: Store, name: str, work: Callable[[Connection], str]) -> None:
    """Do something once, and print what it took."""
    wall, cpu = time.perf_counter(), time.process_time()
    with store.reading() as connection:
        found = work(connection)
    used = f"{time.process_time() - cpu:.2f} s CPU, {time.perf_counter() - wall:.2f} s wall"
    print(f"{name}: {used} ({found})", flush=True)


def dates(connection: Connection) -> str:
    """Read every date: the yardstick."""
    return f"{len(connection.execute(select(Document.date)).all())} dates"


def whole(connection: Connection) -> str:
    """Make the whole ledger."""
    found = ledger(connection, None, NOW)
    return f"{sum(len(each.months) for each in found.sources)} months, {found.totals()['gaps']} gaps"


if __name__ == "__main__":
    main()
