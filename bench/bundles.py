"""Bundles: how many documents a CPU second, and how much memory, for the formats that hold texts and originals.

    python bench/bundles.py [NUMBER] [FORMAT…]       (default 20,000 made-up documents; qdpx and open)

The documents are synthetic: texts of 200 to 3,000 words, one in three with a PDF of 60 kB as its original. They are put
into the tables directly; what is counted is the export alone, each in a process of its own.
"""

from __future__ import annotations

import json
import multiprocessing
import random
import resource
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from sqlalchemy import Connection, insert

from bundles import formats_found
from bundles.model import Documents
from extract.model import LanguageShare, Page
from storage.addresses import document_id
from storage.facts import facts, shown, text_sha256
from storage.models import Blob, BodyText, Capture, Document, DocumentSource, Extraction, Version
from storage.store import Store
from tests.making import Scene, a_reading

WORDS = [f"{a}{b}{c}" for a in ("dé", "con", "ra", "pro", "mu") for b in ("li", "ven", "bé", "por") for c in range(200)]
BATCH = 250
AIM = 500  # documents a CPU second
MOST = 600  # MiB


def text_of(drawn: random.Random) -> str:
    """Return a made-up text in lines of twelve words."""
    words = drawn.choices(WORDS, k=drawn.randint(200, 3_000))
    return "\n".join(" ".join(words[start : start + 12]) for start in range(0, len(words), 12))


def rows_of(number: int, store: Store, run_id: str) -> dict[type, dict[str, object]]:
    """Return the rows of one document, its bytes stored."""
    drawn = random.Random(number)
    text = text_of(drawn)
    pdf = number % 3 == 0
    body = b"%PDF-1.4\n" + drawn.randbytes(60_000) if pdf else text.encode()
    (blob,) = store.blobs.put_all([body]) if pdf else [text_sha256(text)]
    if not pdf:
        store.blobs.put_all([body])
    half = len(text) // 2
    pages = (Page(number=1, start=0, end=half), Page(number=2, start=half, end=len(text)))
    media = "application/pdf" if pdf else "text/plain"
    reading = a_reading(text, media_type=media, pages=pages, languages=(LanguageShare(code="fr", share=1.0),))
    url, digest = f"http://127.0.0.1:9/{number}", text_sha256(text)
    identity, found = document_id(url), facts(reading)
    at = {"fetched_at": "2026-03-01T13:00:00Z"}
    return {
        Blob: {"sha256": blob, "size": len(body), "first_seen_at": "2026-03-01T13:00:00Z"},
        BodyText: {"sha256": digest, "length": len(text), "text": text},
        Extraction: {"id": number + 1, "blob_sha256": blob, "extractor_version": "1", "hints_sha256": "x",
                     "extractor": "text", "engine": "bench", "media_type": media, "text_sha256": digest,
                     "verdict": "good", "facts": found | {"provenance": {}}, "made_at": "2026-03-01"},
        Capture: {"seq": number + 1, "run_id": run_id, "source_id": "town", "role": "document", "request_key": url,
                  "url": url, "address": url, "document_address": url, "status": 200, "headers": {}, "hints": {},
                  "blob_sha256": blob, "document_id": identity, **at},
        Document: {"id": identity, "address": url, "first_capture_seq": number + 1, "current_version_id": number + 1,
                   "extraction_id": number + 1, **shown(found, media)},
        Version: {"id": number + 1, "document_id": identity, "number": 1, "cause": "source", "capture_seq": number + 1,
                  "extraction_id": number + 1, "blob_sha256": blob, "text_sha256": digest, "run_id": run_id,
                  "made_at": "2026-03-01"},
        DocumentSource: {"document_id": identity, "source_id": "town", "first_run_id": run_id, "last_run_id": run_id},
    }  # fmt: skip


def fill(folder: Path, number: int) -> None:
    """Make a corpus of so many documents."""
    scene = Scene(folder)
    with scene.store as store:
        run_id = scene.open_run()
        for start in range(0, number, BATCH):
            rows = [rows_of(each, store, run_id) for each in range(start, min(start + BATCH, number))]

            def add(connection: Connection, rows: list[dict[type, dict[str, object]]] = rows) -> None:
                connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
                for table in (Blob, BodyText, Extraction, Capture, Document, Version, DocumentSource):
                    connection.execute(insert(table), [row[table] for row in rows])

            store.writer.write(add)


def peak() -> float:
    """Return the most memory this process had, in MiB; not what the process before it in its place had."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def measure(corpus: Path, name: str, out: Path, said: multiprocessing.Queue[str]) -> None:
    """Export a corpus and say what it took."""
    module = formats_found()[name]
    before, began = peak(), time.process_time()
    with Store.open(corpus) as store:
        documents = Documents(store=store)
        report = documents.complete(module.write(documents, out))
    spent = time.process_time() - began
    size = sum(path.stat().st_size for path in out.parent.rglob(f"{out.name}*") if path.is_file())
    size += sum(path.stat().st_size for path in out.rglob("*") if path.is_file()) if out.is_dir() else 0
    said.put(json.dumps([report.written, spent, peak(), before, size]))


def main() -> None:
    """Print the figures."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    with tempfile.TemporaryDirectory() as folder:
        fill(Path(folder) / "corpus", number)
        print(f"{number} synthetic documents")
        for name in sys.argv[2:] or ["qdpx", "open"]:
            context = multiprocessing.get_context("spawn")
            said: multiprocessing.Queue[str] = context.Queue()
            child = context.Process(target=measure, args=(Path(folder) / "corpus", name, Path(folder) / name, said))
            child.start()
            written, spent, most, before, size = json.loads(said.get())
            child.join()
            speed = written / spent
            print(f"{name}: {speed:.0f} documents a CPU second ({'met' if speed >= AIM else 'missed'}: {AIM}), "
                  f"{most:.0f} MiB at the most ({'met' if most <= MOST else 'missed'}: {MOST}; {before:.0f} before), "
                  f"{size / 2**20:.0f} MiB written")  # fmt: skip


if __name__ == "__main__":
    main()
