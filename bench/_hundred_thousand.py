"""A synthetic corpus of many documents, rows only: 45 sources, 30 years of months, runs, captures, skips, relations.

No file is read and no text is kept beyond one sentence: what is measured on it counts rows, and counts them all.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert, update

from storage import models
from storage.addresses import document_id
from storage.captures import ASKED
from storage.store import Store

NOW = datetime(2026, 12, 1, tzinfo=UTC)
SOURCES, YEARS = 45, range(1997, 2027)
RUN = "2026-11-28T03:00:00Z"
VOICES = ("local_authority", "state", "foreign_government", "association", "media", "researcher")
VERDICTS = ("good",) * 17 + ("scanned", "suspect", "ocr_layer")
AT_ONCE = 5_000


def make(place: Path, documents: int) -> None:
    """Write the corpus to a folder that is not there yet."""
    with Store.create(place, now=NOW, version="bench") as store:
        store.writer.write(put_sources)
        for start in range(0, documents, AT_ONCE):
            store.writer.write(partial(put_documents, first=start, last=min(start + AT_ONCE, documents)))


def put_sources(connection: Connection) -> None:
    """Write the sources, and one good run of each."""
    settings = {"spider": "listing", "every": "P7D", "enabled": True, "delay": 5, "options": {"follow": {"css": "a"}}}
    for number in range(SOURCES):
        name = f"source-{number:02}"
        row = {"id": name, "title": f"Conseil municipal de la commune numéro {number}", "kind": "council_minutes"}
        row |= {"voice": VOICES[number % 6], "rights": {"status": "open", "personal_data": True}, "settings": settings}
        connection.execute(insert(models.Source).values(**row))
        run = {"id": f"run-{number:02}", "source_id": name, "started_at": RUN, "ended_at": RUN, "outcome": "complete"}
        connection.execute(insert(models.Run).values(**run, minutier_version="bench", alarms=[]))


def put_documents(connection: Connection, first: int, last: int) -> None:
    """Write some documents with all that stands behind each; every fiftieth address gave none."""
    for table, row in (
        (models.BodyText, text_row), (models.Blob, blob_row), (models.Capture, capture_row),
        (models.Extraction, extraction_row), (models.Document, document_row), (models.Version, version_row),
        (models.DocumentSource, source_row), (models.RunAddress, address_row),
    ):  # fmt: skip
        connection.execute(insert(table), [row(number) for number in range(first, last)])
    mine = (models.Document.first_capture_seq > first) & (models.Document.first_capture_seq <= last)
    same = {"current_version_id": models.Document.first_capture_seq, "extraction_id": models.Document.first_capture_seq}
    connection.execute(update(models.Document).where(mine).values(**same))
    lost = [lost_row(number) for number in range(first, last, 50)]
    connection.execute(insert(models.RunAddress), lost)
    near = {"type": "near", "similarity": 0.9, "how": ""}
    pairs = [near | {"document_id": name(n), "other_id": name(n - 1)} for n in range(first + 1, last, 40)]
    connection.execute(insert(models.Relation), pairs)


def url(number: int) -> str:
    """Return the address of a document."""
    return f"https://commune-{number % SOURCES:02}.example/pv/{number}.pdf"


def name(number: int) -> str:
    """Return the id of a document."""
    return document_id(url(number))


def day(number: int) -> str:
    """Return its date; one of twenty has none."""
    turn = number // SOURCES
    year, month = YEARS[turn % len(YEARS)], turn // len(YEARS) % 12 + 1
    return "" if number % 20 == 7 else f"{year}-{month:02}-{number % 28 + 1:02}"


def sha(number: int) -> str:
    """Return the hash of its text, which is that of its bytes."""
    return hashlib.sha256(sentence(number).encode()).hexdigest()


def sentence(number: int) -> str:
    """Return its text."""
    return f"Le conseil approuve la délibération {number} sur le jumelage."


def text_row(number: int) -> dict[str, Any]:
    """Return the row of its text."""
    return {"sha256": sha(number), "length": len(sentence(number)), "text": sentence(number)}


def blob_row(number: int) -> dict[str, Any]:
    """Return the row of its bytes."""
    return {"sha256": sha(number), "size": 120_000, "first_seen_at": RUN}


def capture_row(number: int) -> dict[str, Any]:
    """Return the row of the response that brought it; a request went out every five seconds."""
    at = datetime.fromtimestamp(1_700_000_000 + 5 * (number // SOURCES), UTC).isoformat().replace("+00:00", "Z")
    asked = {ASKED: f"{at} commune-{number % SOURCES:02}.example", "Content-Type": "application/pdf"}
    row = {"seq": number + 1, "run_id": f"run-{number % SOURCES:02}", "source_id": f"source-{number % SOURCES:02}"}
    row |= {"role": "document", "request_key": sha(number), "url": url(number), "address": url(number), "status": 200}
    return row | {"headers": asked, "blob_sha256": sha(number), "fetched_at": at, "hints": {}, "document_id": None}


def extraction_row(number: int) -> dict[str, Any]:
    """Return the row of its reading."""
    row = {"id": number + 1, "blob_sha256": sha(number), "extractor_version": "4+1" + "+ocr" * (number % 9 == 0)}
    row |= {"hints_sha256": "", "extractor": "pdf", "engine": "bench", "media_type": "application/pdf"}
    facts = {"dates": [], "acts": [], "pages": [], "provenance": {}}
    return row | {"text_sha256": sha(number), "verdict": verdict(number), "facts": facts, "made_at": RUN}


def verdict(number: int) -> str:
    """Return the quality of its text."""
    return VERDICTS[number % len(VERDICTS)]


def document_row(number: int) -> dict[str, Any]:
    """Return the row of a document."""
    row = {"id": name(number), "address": url(number), "part": "", "first_capture_seq": number + 1}
    row |= {"title": f"Procès-verbal {number}", "date": day(number), "act_type": "pv", "language": "fr"}
    row |= {"media_type": "application/pdf", "verdict": verdict(number), "needs_ocr": verdict(number) == "scanned"}
    return row | {"date_role": "session" if day(number) else ""}


def version_row(number: int) -> dict[str, Any]:
    """Return the row of its one version."""
    row = {"id": number + 1, "document_id": name(number), "number": 1, "cause": "source", "extraction_id": number + 1}
    row |= {"capture_seq": number + 1, "blob_sha256": sha(number), "text_sha256": sha(number)}
    return row | {"run_id": f"run-{number % SOURCES:02}", "made_at": RUN}


def source_row(number: int) -> dict[str, Any]:
    """Return the row that says which source has it."""
    run = f"run-{number % SOURCES:02}"
    row = {"document_id": name(number), "source_id": f"source-{number % SOURCES:02}"}
    return row | {"first_run_id": run, "last_run_id": run}


def address_row(number: int) -> dict[str, Any]:
    """Return what became of its address."""
    row = {"run_id": f"run-{number % SOURCES:02}", "address": url(number), "role": "document", "state": "stored"}
    return row | {"listed": True, "document_id": name(number)}


def lost_row(number: int) -> dict[str, Any]:
    """Return an address that was listed and never came."""
    row = {"run_id": f"run-{number % SOURCES:02}", "address": f"{url(number)}?lost", "role": "document"}
    detail = f"The server answered 404 ({day(number) or 'no date'})."
    return row | {"state": "failed", "reason": "http_404", "detail": detail, "listed": True, "document_id": None}


def timed(work: Callable[[], Any]) -> Iterator[tuple[str, float]]:
    """Yield the wall and the CPU seconds of some work."""
    import time

    wall, cpu = time.perf_counter(), time.process_time()
    work()
    yield "wall", time.perf_counter() - wall
    yield "cpu", time.process_time() - cpu
