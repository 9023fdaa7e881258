"""Character error, word recall and seconds a page of our OCR beside plain tesseract, on scans whose true text is known.

    python bench/ocr.py [FOLDER OF REAL DOCUMENTS]

`as published` compares every character, white space apart. `letters` takes capitals for small letters and all quotes,
and all dashes, for one: the true text comes from the towns' own files, which write names in other capitals than the
paper. `common pages` leaves out the pages that the true text lacks, such as annexes: less than a third of their
runs of four words are in it. They are left out for both, and counted.
"""

from __future__ import annotations

import csv
import re
import sys
import time
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parent))

from gold_recall import compared, true_text
from pypdfium2 import PdfDocument
from rapidfuzz.distance import Levenshtein

import extract
from extract import programs
from extract.model import Extraction, Hints
from extract.ocr import Missing, Tesseract, available, read_pages

LANGUAGES = ("fr",)
_ONE_SIGN = str.maketrans("’‘`´“”«»–—−", "''''\"\"\"\"---")


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """How one reading of one scan compares with its true text."""

    published: float
    letters: float
    common: float
    recall: float
    seconds: float


def scans(folder: Path) -> Iterator[tuple[str, bytes, str]]:
    """Name, bytes and true text of each scan that has one."""
    with (folder / "manifest.csv").open(encoding="utf-8", newline="") as table:
        for row in csv.DictReader(table):
            if row["has_gold_text"] and "SCAN" in row["notes"]:
                path = folder / row["file"]
                yield path.name, path.read_bytes(), true_text(folder / row["has_gold_text"])


def plain(body: bytes, engine: Tesseract) -> list[str]:
    """The pages as tesseract reads them at 300 dots an inch, without any help."""
    texts = []
    for page in PdfDocument(body):
        picture = page.render(scale=300 / 72, grayscale=True).to_pil()
        raw = b"P5 %d %d 255\n" % picture.size + picture.convert("L").tobytes()
        asked = ["stdin", "stdout", "-l", "fra", "--dpi", "300", "--psm", "3"]
        texts.append(programs.run(engine.program, asked, stdin=raw).output.decode("utf-8", "replace"))
    return texts


def ours(body: bytes, engine: Tesseract) -> list[str]:
    """The pages as we read them, all of them taken for pictures."""
    del engine
    before = extract.read(body, Hints())
    found = read_pages(body, _all_scanned(before), LANGUAGES)
    return [found.text[page.start : page.end] for page in found.pages]


def _all_scanned(reading: Extraction) -> Extraction:
    return replace(reading, pages=tuple(replace(page, verdict="scanned") for page in reading.pages))


def spaced(text: str) -> str:
    """The text with one space wherever it has white space."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def lettered(text: str) -> str:
    """The same without the differences that are no slip of the engine."""
    return spaced(text.translate(_ONE_SIGN)).casefold()


def error(found: str, truth: str) -> float:
    """Edits for each character of the truth."""
    return Levenshtein.distance(found, truth) / max(len(truth), 1)


def runs(text: str) -> set[tuple[str, ...]]:
    """The runs of four words of a text."""
    words = re.findall(r"\w+", lettered(text))
    return set(zip(words, words[1:], words[2:], words[3:], strict=False))


def is_common(page: str, truth: str) -> bool:
    """Whether the true text has this page; one with a few words has no say."""
    found = runs(page)
    return len(found) < 10 or len(found & runs(truth)) * 3 >= len(found)


def scored(read: Callable[[bytes, Tesseract], list[str]], body: bytes, truth: str, engine: Tesseract) -> Score:
    """One way of reading, measured."""
    then = time.perf_counter()
    texts = read(body, engine)
    seconds = (time.perf_counter() - then) / max(len(texts), 1)
    whole = "\n".join(texts)
    common = "\n".join(text for text in texts if is_common(text, truth))
    return Score(
        published=error(spaced(whole), spaced(truth)),
        letters=error(lettered(whole), lettered(truth)),
        common=error(lettered(common), lettered(truth)),
        recall=compared(whole, truth)[0],
        seconds=seconds,
    )


def line(name: str, scores: Sequence[float]) -> str:
    """A line of the table: four pairs of figures and two times."""
    return f"{name[:40]:<40}" + "".join(f" {value:7.4f}" for value in scores)


def main() -> int:
    """Print one line for each scan, and the medians."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/real")
    if not (folder / "manifest.csv").exists():
        print(f"No manifest.csv in {folder}: give the folder of the real documents as first argument.")
        return 0
    engine = available(LANGUAGES)
    if isinstance(engine, Missing):
        print(engine.message)
        return 0
    pairs = "".join(f" {name:>15}" for name in ("as published", "letters", "common pages", "word recall", "seconds"))
    print(f"{'(plain, ours)':<40}{pairs}")
    columns: list[list[float]] = []
    for name, body, truth in scans(folder):
        both = [scored(read, body, truth, engine) for read in (plain, ours)]
        row = [getattr(score, field) for field in Score.__slots__ for score in both]
        print(line(name, row), flush=True)
        columns.append(row)
    print(line(f"median of {len(columns)}", [median(column) for column in zip(*columns, strict=True)]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
