"""The text of HTML pages against trafilatura alone: how fast, and how right where the true text is known.

    python bench/pages.py [FOLDER OF REAL DOCUMENTS]

Speed is the CPU time of trafilatura with its metadata over ours, both over the same pages in one run. F is the
harmonic mean of word recall and precision against gold.
"""

from __future__ import annotations

import csv
import sys
import time
from collections import Counter
from pathlib import Path
from statistics import mean

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from trafilatura import bare_extraction

from bench.gold_recall import compared, true_text
from extract.formats import html
from extract.model import Hints


def theirs(body: bytes) -> str:
    """What trafilatura gives by itself, with metadata and without comments."""
    document = bare_extraction(body, include_comments=False, with_metadata=True)
    return (document.text or "") if document and not isinstance(document, dict) else ""


def f_of(found: str, truth: str) -> float:
    """The harmonic mean of word recall and precision."""
    recall, precision, _ = compared(found, truth)
    return 2 * recall * precision / (recall + precision) if recall + precision else 0.0


def real_pages(folder: Path) -> list[tuple[bytes, str]]:
    """The pages of the folder of real documents, each with the name of its gold text or nothing."""
    with (folder / "manifest.csv").open(encoding="utf-8", newline="") as table:
        rows = [row for row in csv.DictReader(table) if row["kind"] == "html" and row["role"] != "adversarial"]
    return [((folder / row["file"]).read_bytes(), row["has_gold_text"]) for row in rows]


def with_gold(folder: Path) -> list[tuple[bytes, str]]:
    """The pages whose true text is known, with that text."""
    return [(body, true_text(folder / gold)) for body, gold in real_pages(folder) if gold]


def speed(bodies: list[bytes]) -> tuple[float, float]:
    """CPU seconds of trafilatura and of ours, page by page in turn."""
    spent = Counter[str]()
    for body in bodies:
        for name, work in (("theirs", theirs), ("ours", lambda b: html.read(b, Hints()))):
            begin = time.process_time()
            work(body)
            spent[name] += time.process_time() - begin  # type: ignore[assignment]  # seconds, not a count
    return spent["theirs"], spent["ours"]


def main() -> int:
    """Print the ratio and the means of F."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/real")
    if not (folder / "manifest.csv").exists():
        print(f"No manifest.csv in {folder}: give the folder of the real documents as first argument.")
        return 0
    bodies = [body for body, _ in real_pages(folder)]
    speed(bodies[:3])  # both are loaded before they are timed
    alone, ours = speed(bodies)
    print(f"speed, ours as a share of trafilatura with metadata: {alone / ours:.2f}  n = {len(bodies)} pages")
    report("real pages with gold", with_gold(folder))
    return 0


def report(title: str, pairs: list[tuple[bytes, str]]) -> None:
    """Print the mean F of both over some pages."""
    ours = mean(f_of(html.read(body, Hints()).text, truth) for body, truth in pairs)
    alone = mean(f_of(theirs(body), truth) for body, truth in pairs)
    print(f"{title}: F ours {ours:.4f}, trafilatura {alone:.4f}  n = {len(pairs)}")


if __name__ == "__main__":
    sys.exit(main())
