"""How many pages of PDF a CPU second reads, as a multiple of pdfplumber's default text, and the memory of 1,000 pages.

    python bench/pdf_speed.py [FOLDER OF REAL DOCUMENTS]

Over the born-digital PDFs of the folder, in one run and one process: ours without tables, ours with tables, and
pdfplumber's `extract_text()`. Pdfplumber reads at most SAMPLE pages of each document, spread evenly; the time of
its other pages is taken to be the same, the time to open the document counted once.
"""

from __future__ import annotations

import csv
import io
import multiprocessing
import resource
import sys
from collections.abc import Iterator
from pathlib import Path
from time import process_time
from unittest.mock import patch

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import pdfplumber

from extract.formats import pdf
from extract.model import Hints

SAMPLE = 8
MADE_UP_PAGES = 1_000


def born_digital(folder: Path) -> Iterator[tuple[str, bytes, int]]:
    """Name, bytes and pages of the PDFs that have a text and that both engines open."""
    with (folder / "manifest.csv").open(encoding="utf-8", newline="") as table:
        listed = [row for row in csv.DictReader(table) if row["kind"] == "pdf" and "born-digital" in row["notes"]]
    for row in listed:
        body = (folder / row["file"]).read_bytes()
        found = pdf.read(body, Hints())
        if found.quality.verdict in ("good", "suspect"):
            yield row["file"], body, len(found.pages)


def ours(body: bytes) -> float:
    """CPU seconds for all pages of a document."""
    start = process_time()
    pdf.read(body, Hints())
    return process_time() - start


def without_tables(body: bytes) -> float:
    """CPU seconds for all pages, no table looked for."""
    with patch("extract.pdf.rows.find_tables", lambda *page: ()):
        return ours(body)


def plumbed(body: bytes, pages: int) -> float:
    """CPU seconds pdfplumber would need for all pages, from a sample of them."""
    start = process_time()
    with pdfplumber.open(io.BytesIO(body)) as document:
        chosen = sorted({int((place + 0.5) * pages / SAMPLE) for place in range(SAMPLE)})
        listed = document.pages
        opened = process_time() - start
        for index in chosen:
            listed[index].extract_text()
            listed[index].close()
    return opened + (process_time() - start - opened) * pages / len(chosen)


def made_up(path: Path) -> None:
    """Write a PDF of many pages of words, with a header, a folio and a ruled table on every tenth."""
    from reportlab.pdfgen import canvas

    sheet = canvas.Canvas(str(path), pagesize=(595, 842))
    for page in range(1, MADE_UP_PAGES + 1):
        sheet.drawString(60, 800, "Commune de Sainte-Maquette, registre des délibérations")
        for line in range(50):
            sheet.drawString(
                60, 770 - 14 * line, f"Ligne {line} de la page {page} : le conseil de papier délibère et vote."
            )
        if page % 10 == 0:
            sheet.grid([60, 200, 400], [40, 55, 70])
        sheet.drawString(290, 20, f"- {page} -")
        sheet.showPage()
    sheet.save()


def _peak(path: str, answer: multiprocessing.Queue[tuple[int, int]]) -> None:
    found = pdf.read(Path(path).read_bytes(), Hints())
    answer.put((len(found.pages), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss))


def memory(path: Path) -> tuple[int, float]:
    """Pages read and the highest memory in MB of a fresh process that reads the document."""
    context = multiprocessing.get_context("spawn")
    answer = context.Queue()
    child = context.Process(target=_peak, args=(str(path), answer))
    child.start()
    pages, kilobytes = answer.get(timeout=300)
    child.join()
    return pages, kilobytes / 1024


def main() -> int:
    """Print the ratios and the memory."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "made-up.pdf"
        made_up(path)
        pages, megabytes = memory(path)
    print(f"made-up document of {pages} pages: {megabytes:.0f} MB at most in a process of its own (limit 150)")
    real = Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/real")
    if not (real / "manifest.csv").exists():
        print(f"No manifest.csv in {real}: give the folder of the real documents as first argument.")
        return 0
    documents = list(born_digital(real))
    total = sum(pages for _, _, pages in documents)
    plain, full, plumber = 0.0, 0.0, 0.0
    for _, body, pages in documents:
        plain += without_tables(body)
        full += ours(body)
        plumber += plumbed(body, pages)
    print(f"{len(documents)} born-digital PDFs, {total} pages; pages a CPU second, and times pdfplumber's")
    for name, seconds in (("ours, no tables", plain), ("ours with tables", full), ("pdfplumber", plumber)):
        print(f"  {name:<17} {total / seconds:7.1f}  {plumber / seconds:5.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
