"""Word recall and precision of the extraction on documents whose true text is known, beside plain PDFium.

    python bench/gold_recall.py [FOLDER OF REAL DOCUMENTS]

Recall is the share of the words of the true text that were found, precision the share of found words that
are in it, both counted with repetition; `distinct` is recall with each word counted once.
Minutes in PDF that have a text layer are summed up apart: scans have
nothing to find.
"""

from __future__ import annotations

import csv
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import extract
from extract.model import Extraction, Hints


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """How one document fared."""

    name: str
    minutes: bool
    extraction: Extraction
    ours: Shares
    plain: Shares | None


def words(text: str) -> Counter[str]:
    """The words of a text; each Chinese character is one, so that line ends do not count."""
    text = unicodedata.normalize("NFC", text.replace("\ufffe", "-").replace("\u00ad", "")).casefold()
    return Counter(re.findall(r"[\u3400-\u9fff]|(?:(?![\u3400-\u9fff])[^\W_])+", text))


Shares = tuple[float, float, float]


def compared(found: str, truth: str) -> Shares:
    """Recall, precision, and the share of the distinct words of the truth that were found."""
    ours, gold = words(found), words(truth)
    common = (ours & gold).total()
    distinct = len(ours.keys() & gold.keys()) / max(len(gold), 1)
    return common / max(gold.total(), 1), common / max(ours.total(), 1), distinct


def true_text(path: Path) -> str:
    """The text of a gold file, and the right letters of one that was once read as Latin-1."""
    text = path.read_text("utf-8")
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text


def plain_pdfium(body: bytes) -> str:
    """What PDFium alone gives."""
    import pypdfium2

    document = pypdfium2.PdfDocument(body)
    return "\n".join(page.get_textpage().get_text_range() for page in document)


def scores(folder: Path) -> Iterator[Score]:
    """Every document with a true text, read by us and, for PDF, by PDFium alone."""
    with (folder / "manifest.csv").open(encoding="utf-8", newline="") as table:
        rows = [row for row in csv.DictReader(table) if row["has_gold_text"]]
    for row in rows:
        body, truth = (folder / row["file"]).read_bytes(), true_text(folder / row["has_gold_text"])
        read = extract.read(body, Hints(url=row["file"]))
        # Running headers are set apart, and the truth has them: they count as found, and not as wrong.
        beside = "\n".join(margin.words for margin in read.margins)
        found = compared(f"{read.text}\n{beside}", truth)
        plain = compared(plain_pdfium(body), truth) if row["kind"] == "pdf" else None
        yield Score(
            name=row["file"].removeprefix("files/"),
            minutes=row["role"] == "minutes" and row["kind"] == "pdf" and read.quality.verdict != "scanned",
            extraction=read,
            ours=(found[0], compared(read.text, truth)[1], found[2]),
            plain=plain,
        )


def main() -> int:
    """Print one line for each document and the medians."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/real")
    if not (folder / "manifest.csv").exists():
        print(f"No manifest.csv in {folder}: give the folder of the real documents as first argument.")
        return 0
    found = list(scores(folder))
    print(f"{'document':<52} {'verdict':<9} {'recall':>7} {'prec.':>7} {'distinct':>7}   PDFium")
    for score in found:
        plain = "".join(f" {value:7.4f}" for value in score.plain) if score.plain else ""
        ours = "".join(f" {value:7.4f}" for value in score.ours)
        print(f"{score.name[:52]:<52} {score.extraction.quality.verdict:<9}{ours}  {plain}")
    summarise("born-digital minutes in PDF", [score for score in found if score.minutes])
    summarise("all but scans", [score for score in found if score.extraction.quality.verdict != "scanned"])
    return 0


def summarise(title: str, found: list[Score]) -> None:
    """Print the medians and the lowest figures of some documents."""
    if not found:
        return
    plain = [score.plain for score in found if score.plain]
    print(f"\n{title} ({len(found)})")
    for name, values in (("ours", [score.ours for score in found]), ("plain PDFium", plain)):
        if values:
            recall, precision, distinct = zip(*values, strict=True)
            print(
                f"  {name:<13} median recall {median(recall):.4f} precision {median(precision):.4f}"
                f" distinct {median(distinct):.4f}"
                f"   lowest {min(recall):.4f} {min(precision):.4f} {min(distinct):.4f}"
            )


if __name__ == "__main__":
    sys.exit(main())
