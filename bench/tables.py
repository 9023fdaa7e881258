"""How many cells of pdfplumber's tables our reader of ruled tables finds, and what both cost.

    python bench/tables.py [FOLDER OF REAL DOCUMENTS]

Over the born-digital PDFs of the folder, at most PAGES pages of each: the tables that pdfplumber's `find_tables()`
sees by its default, by lines, two rows and two columns at least, and ours on every page. A cell with words is found
where ours has a cell of the same page with the same characters; spaces, hyphens at line ends and signs for private
use do not count. Pages whose letters pdfplumber cannot name (`(cid:12)`) count for their tables only. The time is
that of opening the page, its text and its tables; pdfplumber's that of the page and its tables, for which it reads
the text.
"""

from __future__ import annotations

import csv
import io
import re
import sys
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from time import process_time

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import pdfplumber
from pdfplumber.page import Page as PlumberPage
from pypdfium2 import PdfDocument, PdfiumError

from extract.pdf.lines import CUT, page_lines
from extract.pdf.tables import find_tables

PAGES = 60
_AT_LINE_END = re.compile(f"[-\u00ad\u2010]\\n|{CUT}")
Cells = Sequence[Sequence[str | None]]


@dataclass(slots=True, kw_only=True)
class Score:
    """Tables and cells of some pages, pdfplumber's and ours."""

    pages: int = 0
    """With a table of pdfplumber's."""
    unnamed: int = 0
    """Of these the ones whose letters it cannot name."""
    tables: int = 0
    ours: int = 0
    cells: int = 0
    our_cells: int = 0
    both: int = 0

    def add(self, other: Score) -> None:
        """Count the other's pages here too."""
        for name in self.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))

    def __str__(self) -> str:
        """One line of figures."""
        found = f"{self.both / self.cells:.3f}" if self.cells else "    –"
        right = f"{self.both / self.our_cells:.3f}" if self.our_cells else "    –"
        pages = f"{self.pages:4} ({self.unnamed})" if self.unnamed else f"{self.pages:4}    "
        return f"{pages} {self.tables:6} {self.ours:5} {self.cells:7} {self.our_cells:6} {found:>7} {right:>7}"


@dataclass(slots=True, kw_only=True)
class Cost:
    """CPU seconds for the same pages."""

    pages: int = 0
    plumber: float = 0.0
    ours: float = 0.0


def bare(cell: str | None) -> str:
    """The characters of a cell without its spaces and without signs that have no meaning outside their font."""
    text = _AT_LINE_END.sub("", unicodedata.normalize("NFKC", cell or ""))
    return "".join(char for char in text if not char.isspace() and unicodedata.category(char) != "Co")


def said(tables: Sequence[Cells]) -> Counter[str]:
    """The cells with words, as often as they are there."""
    return Counter(bare(cell) for rows in tables for row in rows for cell in row if bare(cell))


def plumbed(page: PlumberPage) -> list[Cells]:
    """The tables of a page by pdfplumber, of two rows and two columns at least."""
    found = page.find_tables()
    return [table.extract() for table in found if len(table.rows) > 1 and max(len(row.cells) for row in table.rows) > 1]


def ours(document: PdfDocument, index: int) -> list[Cells]:
    """The tables of a page by us."""
    with closing(document[index]) as page, closing(page.get_textpage()) as textpage:
        text = textpage.get_text_range()
        return [table.cells for table in find_tables(page, textpage, text, page_lines(textpage, text))]


def compared(body: bytes, cost: Cost) -> Score:
    """Both readers on the first pages of a document."""
    score = Score()
    with pdfplumber.open(io.BytesIO(body)) as plumber, closing(PdfDocument(body)) as document:
        for index, page in enumerate(plumber.pages[:PAGES]):
            before = process_time()
            theirs = plumbed(page)
            page.close()
            between = process_time()
            own = ours(document, index)
            cost.ours += process_time() - between
            cost.plumber += between - before
            cost.pages += 1
            score.add(judged(theirs, own))
    return score


def judged(theirs: Sequence[Cells], own: Sequence[Cells]) -> Score:
    """The score of one page."""
    cells, our_cells = said(theirs), said(own)
    unnamed = 2 * sum("(cid:" in cell for cell in cells.elements()) > cells.total()
    if unnamed:
        cells = our_cells = Counter()
    return Score(
        pages=bool(theirs),
        unnamed=unnamed,
        tables=len(theirs),
        ours=len(own),
        cells=cells.total(),
        our_cells=our_cells.total(),
        both=(cells & our_cells).total(),
    )


def documents(folder: Path) -> Iterator[tuple[str, str, bytes]]:
    """Name, role and bytes of the born-digital PDFs."""
    with (folder / "manifest.csv").open(encoding="utf-8", newline="") as table:
        for row in csv.DictReader(table):
            if row["kind"] == "pdf" and "born-digital" in row["notes"]:
                yield row["file"], row["role"], (folder / row["file"]).read_bytes()


def main() -> int:
    """Print a line for each document with a table, the totals and the costs."""
    real = Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/real")
    if not (real / "manifest.csv").exists():
        print(f"No manifest.csv in {real}: give the folder of the real documents as first argument.")
        return 0
    totals: dict[str, Score] = defaultdict(Score)
    cost = Cost()
    print(f"{'pages with tables (cid)':>58} tables  ours   cells   ours  recall  precision")
    for name, role, body in documents(real):
        try:
            score = compared(body, cost)
        except (PdfiumError, pdfplumber.utils.exceptions.PdfminerException) as error:
            print(f"{Path(name).name[:46]:<46} not read: {type(error).__name__}")
            continue
        if score.pages or score.ours:
            print(f"{Path(name).name[:46]:<46} {score}")
        totals[role].add(score)
        totals["all"].add(score)
    for role, score in totals.items():
        print(f"{role:<46} {score}")
    ratio = cost.plumber / cost.ours
    print(f"{cost.pages} pages: pdfplumber {cost.plumber:.1f} CPU s, ours with text {cost.ours:.1f}: {ratio:.1f} times")
    return 0


if __name__ == "__main__":
    sys.exit(main())
