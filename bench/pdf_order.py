"""How near the sequence of words is to the true text: ours, PDFium's, pdfplumber's and poppler's `pdftotext`.

    python bench/pdf_order.py [FOLDER OF REAL DOCUMENTS]

Over the born-digital minutes whose true text is known. The figure is twice the longest common subsequence of words
over the words of both: 1 where every word is there in its place. `pdftotext` is measured where it is installed.
"""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from rapidfuzz.distance import Indel

from bench.gold_recall import plain_pdfium, true_text
from extract.formats import pdf
from extract.model import Hints
from extract.pdf.lines import CUT


def sequence(text: str) -> list[str]:
    """The words of a text in their order, letters and digits only."""
    text = unicodedata.normalize("NFC", text.replace(CUT, "-").replace("\u00ad", "")).casefold()
    return "".join(char if char.isalnum() else " " for char in text).split()


def agreement(found: str, truth: str) -> float:
    """How near two texts are as sequences of words, from 0 to 1."""
    return Indel.normalized_similarity(sequence(found), sequence(truth))


def gold_minutes(folder: Path) -> Iterator[tuple[str, bytes, Path]]:
    """Name, bytes and file of the true text of the minutes in PDF that are no scans."""
    with (folder / "manifest.csv").open(encoding="utf-8", newline="") as table:
        rows = [row for row in csv.DictReader(table) if row["has_gold_text"]]
    for row in rows:
        if row["kind"] == "pdf" and row["role"] == "minutes" and "born-digital" in row["notes"]:
            yield row["file"], (folder / row["file"]).read_bytes(), folder / row["has_gold_text"]


def plumbed(body: bytes) -> str:
    """What pdfplumber gives by default."""
    import pdfplumber

    with pdfplumber.open(io.BytesIO(body)) as document:
        return "\n".join(page.extract_text() for page in document.pages)


def poppler(body: bytes) -> str:
    """What pdftotext gives by default."""
    return subprocess.run(["pdftotext", "-", "-"], input=body, capture_output=True, check=True).stdout.decode()


def main() -> int:
    """Print one line for each document and the medians."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/real")
    if not (folder / "manifest.csv").exists():
        print(f"No manifest.csv in {folder}: give the folder of the real documents as first argument.")
        return 0
    engines = {"ours": lambda body: pdf.read(body, Hints()).text, "PDFium": plain_pdfium, "pdfplumber": plumbed}
    if shutil.which("pdftotext"):
        engines["pdftotext"] = poppler
    print(f"{'document':<40}" + "".join(f"{name:>12}" for name in engines))
    scores: list[list[float]] = []
    for name, body, gold in gold_minutes(folder):
        truth = true_text(gold)
        scores.append([agreement(read(body), truth) for read in engines.values()])
        print(f"{name[6:44]:<40}" + "".join(f"{score:12.4f}" for score in scores[-1]))
    for title, figure in (("median", median), ("lowest", min)):
        print(
            f"{title + f' of {len(scores)}':<40}"
            + "".join(f"{figure(column):12.4f}" for column in zip(*scores, strict=True))
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
