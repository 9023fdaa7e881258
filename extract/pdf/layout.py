"""From the lines of the pages to one text: margins set apart, lines in order, cut words whole, tables in rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from extract.clean import clean, join_pages, one_line
from extract.model import Margin, Page, Table, Verdict
from extract.pdf.labels import labels
from extract.pdf.linebreaks import WRAP, mend, mend_chinese
from extract.pdf.lines import CUT, Line
from extract.pdf.margins import Place, Sheet, margin_lines, running
from extract.pdf.order import drawn_once, in_reading_order, in_whole_lines
from extract.pdf.pdfium import PageFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The text of a document, clean, with everything that has a place in it or beside it."""

    text: str
    pages: tuple[Page, ...]
    margins: tuple[Margin, ...]
    tables: tuple[Table, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Lines that follow each other, or the rows of a table."""

    page: int
    text: str
    columns: int = 0
    """Of a table; 0 for words."""


def laid_out(pages: Sequence[PageFacts], verdicts: Sequence[Verdict]) -> Layout:
    """The one text of the pages and what was found on them, with the verdict on each."""
    sheets = [Sheet(lines=drawn_once(page.lines), edges=page.edges) for page in pages]
    runs = running(sheets)
    # The stamp on a picture of a page is all its text: nothing to set it apart from.
    apart = [
        {} if verdict == "scanned" else edge for verdict, edge in zip(verdicts, margin_lines(sheets, runs), strict=True)
    ]
    blocks = [
        block
        for number, (sheet, edge) in enumerate(zip(sheets, apart, strict=True))
        for block in _blocks(number, in_reading_order(in_whole_lines(_body(sheet, edge))))
    ]
    mended = mend([block.text for block in blocks])
    tabled = {block.page for block in blocks if block.columns}
    blocks = [
        _finished(replace(block, text=text), block.page in tabled) for block, text in zip(blocks, mended, strict=True)
    ]
    texts: list[list[str]] = [[] for _ in pages]
    for block in blocks:
        if block.text:
            texts[block.page].append(block.text)
    text, spans = join_pages(map("\n".join, texts), labels(sheets, runs, [page.name for page in pages]))
    return Layout(
        text=text,
        pages=tuple(replace(span, verdict=verdict) for span, verdict in zip(spans, verdicts, strict=True)),
        margins=tuple(margin for number, edge in enumerate(apart) for margin in _margins(number, sheets[number], edge)),
        tables=tuple(_tables(blocks, spans)),
    )


def _body(sheet: Sheet, edge: Mapping[int, Place]) -> list[Line]:
    return [line for index, line in enumerate(sheet.lines) if index not in edge]


def _blocks(page: int, lines: Sequence[Line]) -> list[Block]:
    """The lines as runs of words and tables; the halves of a cut word meet where they still follow each other."""
    blocks: list[Block] = []
    words: list[str] = []
    for line, following in zip_longest(lines, lines[1:]):
        if line.rows:
            blocks.append(Block(page=page, text="".join(words)))
            words = []
            rows = "\n".join(
                " | ".join(cell.replace("\n", WRAP) for cell in row) for row in line.rows if any(map(str.strip, row))
            )
            blocks.append(Block(page=page, text=rows, columns=max(map(len, line.rows))))
            continue
        goes_on = line.text.endswith(CUT) and following is not None and following.start == line.end
        words.append(line.text if goes_on else line.text + "\n")
    return [*blocks, Block(page=page, text="".join(words))]


def _finished(block: Block, clean_now: bool) -> Block:
    if block.columns:
        rows = [" ".join(clean(row).split()) for row in block.text.split("\n")]
        return replace(block, text="\n".join(row for row in rows if row.strip(" |")))
    text = mend_chinese(block.text)
    # Cleaning takes longer than all the rest: where no table has to be found again, joining the pages does it.
    return replace(block, text=clean(text) if clean_now else text)


def _margins(number: int, sheet: Sheet, edge: Mapping[int, Place]) -> list[Margin]:
    """The header and the footer of a page, each from top to bottom."""
    found: list[Margin] = []
    for place in ("header", "footer"):
        lines = [sheet.lines[index] for index, where in edge.items() if where == place]
        lines.sort(key=lambda line: (-round(line.middle), line.box[0]))
        words = one_line(" ".join(line.text.replace(CUT, "-") for line in lines), limit=1_000)
        if words:
            found.append(Margin(page=number + 1, place=place, words=words))
    return found


def _tables(blocks: Sequence[Block], spans: Sequence[Page]) -> list[Table]:
    """Where each table stands in the joined text."""
    found = []
    ends: dict[int, int] = {}
    for block in blocks:
        if not block.text:
            continue
        start = ends.get(block.page, spans[block.page].start - 1) + 1
        ends[block.page] = end = start + len(block.text)
        if block.columns:
            rows = block.text.count("\n") + 1
            found.append(Table(page=block.page + 1, start=start, end=end, rows=rows, columns=block.columns))
    return found
