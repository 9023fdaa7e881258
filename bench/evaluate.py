"""How good the extraction is, as one table: text, order, tables, OCR, languages, dates, acts, votes, relations, HTML.

    python bench/evaluate.py [FOLDER OF REAL DOCUMENTS] [--write]

`--write` puts the table into docs/quality.md, with the versions it was made with. Without the real documents only
what is made up can be scored.
"""

from __future__ import annotations

import platform
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from statistics import median

import yaml

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import extract
from bench import facts, gold_recall, languages, ocr, pages, pdf_order, tables
from extract.formats import html, pdf
from extract.model import Hints
from extract.ocr import Missing, available
from extract.vocabulary.file import built_in
from extract.vocabulary.matching import mentions, speaks_of

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "quality.md"
MARK = "<!-- what follows is written by `make evaluate` -->\n"
LIBRARIES = ("pypdfium2", "pdfplumber", "trafilatura", "langdetect", "py3langid", "python-docx")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One line of the table."""

    part: str
    what: str
    value: str
    n: str
    target: str = ""


def on_text(folder: Path) -> Iterator[Figure]:
    """Words and reading order of born-digital minutes in PDF."""
    scores = [score for score in gold_recall.scores(folder) if score.minutes]
    count = f"{len(scores)} minutes"
    for place, name in ((2, "distinct words found"), (0, "words found, with repetition"), (1, "words right")):
        ours = [score.ours[place] for score in scores]
        plain = [score.plain[place] for score in scores if score.plain]
        value = f"median {median(ours):.4f}, lowest {min(ours):.4f} (PDFium {median(plain):.4f})"
        yield Figure(part="PDF text", what=name, value=value, n=count, target="median 0.998, none below 0.98")
    engines = {"ours": lambda body: pdf.read(body, Hints()).text, "PDFium": pdf_order.plain_pdfium}
    engines["pdfplumber"] = pdf_order.plumbed
    minutes = list(pdf_order.gold_minutes(folder))
    order = {
        name: median(pdf_order.agreement(read(body), gold_recall.true_text(gold)) for _, body, gold in minutes)
        for name, read in engines.items()
    }
    value = ", ".join(f"{name} {share:.4f}" for name, share in order.items())
    yield Figure(part="PDF text", what="reading order (median)", value=value, n=count, target="above each engine")


def on_tables(folder: Path) -> Iterator[Figure]:
    """Cells of ruled tables in minutes that pdfplumber finds as well."""
    cost = tables.Cost()
    total = tables.Score()
    for _, role, body in tables.documents(folder):
        if role == "minutes":
            total.add(tables.compared(body, cost))
    count = f"{total.cells} cells, {total.pages} pages of minutes"
    value = f"{total.both / max(total.cells, 1):.3f}"
    yield Figure(part="tables", what="pdfplumber's cells found", value=value, n=count, target="0.95")
    value = f"{total.both / max(total.our_cells, 1):.3f}"
    yield Figure(part="tables", what="cells that pdfplumber has too", value=value, n=str(total.our_cells))


def on_scans(folder: Path) -> Iterator[Figure]:
    """Characters and words of scans with gold, ours and tesseract alone."""
    engine = available(ocr.LANGUAGES)
    if isinstance(engine, Missing):
        yield Figure(part="OCR", what="not scored", value=engine.message, n="0")
        return
    rows = [
        [ocr.scored(read, body, truth, engine) for read in (ocr.plain, ocr.ours)]
        for _, body, truth in ocr.scans(folder)
    ]
    for field, what, target in (
        ("published", "character error", "2 %, no file worse than tesseract alone"),
        ("common", "character error, pages that the gold has", ""),
        ("recall", "words found", "0.99"),
    ):
        plain, ours = ([getattr(row[place], field) for row in rows] for place in (0, 1))
        each = "; ".join(f"{a:.4f} → {b:.4f}" for a, b in zip(plain, ours, strict=True))
        value = f"median {median(plain):.4f} → {median(ours):.4f} ({each})"
        yield Figure(
            part="OCR", what=f"{what}, tesseract alone → ours", value=value, n=f"{len(rows)} scans", target=target
        )


def on_languages(folder: Path) -> Iterator[Figure]:
    """Passages of running text from the real documents; further texts are scored by bench/languages.py."""
    for which in ("tuning", "scoring"):
        for score in languages.scores(languages.real_texts(folder, which)):
            n = len(score.passages)
            what = f"{score.code}, {score.length} characters ({which})"
            value = f"{score.named.count(score.code) / n:.3f}"
            yield Figure(part="languages", what=what, value=value, n=f"{n} passages")


def on_facts(folder: Path) -> Iterator[Figure]:
    """Dates, acts and votes of the papers that an annotator read."""
    for which in ("tuning", "scoring"):
        tally = facts.score(folder, which)
        if not tally.papers:
            continue
        for what, part, whole, target in (
            ("date of the séance", tally.sessions_right, tally.sessions, "0.95"),
            ("other dates", tally.dates_right, tally.dates, ""),
            ("acts found", tally.acts_found, tally.acts, "0.9"),
            ("acts that are none", tally.acts_false, tally.acts_false + tally.acts_found, "at most 0.05"),
            ("votes", tally.votes_right, tally.votes, "0.9"),
        ):
            value = f"{part / max(whole, 1):.3f}"
            yield Figure(part="minutes", what=f"{what} ({which})", value=value, n=str(whole), target=target)


def on_relations() -> Iterator[Figure]:
    """Made-up passages: what they speak of."""
    vocabulary = built_in()
    passages = yaml.safe_load((ROOT / "tests" / "facts" / "relations.yaml").read_text("utf-8"))
    for kind, texts in passages.items():
        right = sum((speaks_of(mentions(text, vocabulary), vocabulary) or "nothing") == kind for text in texts)
        yield Figure(part="relations", what=f"{kind} (made up)", value=f"{right / len(texts):.3f}", n=str(len(texts)))


def on_pages(folder: Path) -> Iterator[Figure]:
    """Words of HTML pages with gold, ours and trafilatura alone."""
    pairs = pages.with_gold(folder)
    ours = median(pages.f_of(html.read(body, Hints()).text, truth) for body, truth in pairs)
    alone = median(pages.f_of(pages.theirs(body), truth) for body, truth in pairs)
    value = f"{ours:.4f} (trafilatura {alone:.4f})"
    yield Figure(part="HTML", what="F of words (median)", value=value, n=f"{len(pairs)} pages", target="no lower")


def on_verdicts(folder: Path) -> Iterator[Figure]:
    """That every file has a verdict."""
    files = sorted((folder / "files").iterdir())
    told = sum(bool(extract.read(path.read_bytes(), Hints(url=path.name)).quality.verdict) for path in files)
    yield Figure(
        part="all files", what="have a verdict", value=f"{told / len(files):.3f}", n=str(len(files)), target="1"
    )


def table(figures: list[Figure]) -> str:
    """The figures as a table in Markdown."""
    rows = [f"| {f.part} | {f.what} | {f.value} | {f.n} | {f.target} |" for f in figures]
    return "\n".join(["| part | figure | value | n | target |", "|---|---|---|---|---|", *rows])


def versions() -> str:
    """What the figures were made with."""
    names = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    day = datetime.now(UTC).strftime("%d %B %Y")
    return f"Made on {day} with extractor {extract.VERSION}, Python {platform.python_version()}, {names}."


def main() -> int:
    """Print the table, and write it where that is asked."""
    words = [word for word in sys.argv[1:] if not word.startswith("--")]
    folder = Path(words[0] if words else "../shared/real")
    figures = list(on_relations())
    if (folder / "manifest.csv").exists():
        for part in (on_text, on_facts, on_pages, on_verdicts, on_languages, on_tables, on_scans):
            print(f"scoring {part.__name__.removeprefix('on_')}…", file=sys.stderr, flush=True)
            figures += part(folder)
    else:
        print(f"No manifest.csv in {folder}: only what is made up is scored.")
    print(table(figures))
    if "--write" in sys.argv:
        kept = re.split(re.escape(MARK), PAGE.read_text("utf-8"))[0]
        PAGE.write_text(f"{kept}{MARK}\n{versions()}\n\n{table(figures)}\n", encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
