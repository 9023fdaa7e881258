"""TEI P5: one XML file for each document, with its pages, its acts, and where it comes from in the header."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from bundles.model import COLUMNS, BundleDocument, BundlePassage, Documents, Report
from bundles.naming import stem
from bundles.report import why_no_text
from bundles.tables import value

NAME = "tei"
TITLE = "TEI P5: one XML file for each document, with pages, acts and provenance"
SUFFIX = ""

SPACES = " \t\n"
"""What XML takes for white space; other spaces are letters to it."""

Marks = list[tuple[int, str]]

AVAILABLE = {"open": "free", "copyright": "restricted", "restricted": "restricted"}
"""What TEI calls the rights that we know; the others are `unknown` to it, and said in words."""


def write(documents: Documents, out: Path) -> Report:
    """Write one file for each document into the folder `out`; one without text has its header."""
    report = Report(format=NAME, selected=len(documents))
    out.mkdir(parents=True)
    for document in documents:
        if not document.text.strip():
            report.missed(document, "text", why_no_text(document))
        (out / f"{stem(document)}.xml").write_text(whole(document), encoding="utf-8", newline="\n")
        report.counted(document)
    report.files = report.written
    return report


def whole(document: BundleDocument) -> str:
    """Return a document as a TEI file."""
    language = quoteattr(document.language or "und")
    name = "-".join(filter(None, ["d", document.id, document.revision]))
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<TEI xmlns="http://www.tei-c.org/ns/1.0" xml:id="{name}" xml:lang={language}>
{header(document)}
<text>
<body>{"".join(body(document))}</body>
</text>
</TEI>
"""


def header(document: BundleDocument) -> str:
    """Return what is known of a document: TEI's own elements where it has them, and every variable by its name."""
    d = document
    title = escape(d.title or "[untitled]")
    author = f"<author>{escape(d.authority)}</author>" if d.authority else ""
    terms = "\n".join(
        f"<term type={quoteattr(name)}>{escape(value(d, name))}</term>" for name in COLUMNS if value(d, name)
    )
    rights = f"Rights as stated: {escape(d.rights)}. Nothing here grants you any."
    read = f"Captured. The text is version {d.version}, verdict {escape(d.verdict)}."
    return f"""<teiHeader>
<fileDesc>
<titleStmt><title>{title}</title>{author}</titleStmt>
<publicationStmt>
<distributor>Minutier</distributor>
<idno type="minutier">{d.id}</idno>
<availability status="{AVAILABLE.get(d.rights, "unknown")}"><p>{rights}</p></availability>
</publicationStmt>
<sourceDesc>
<bibl><title>{title}</title>{author}{dated(d.date)}
<idno type="URI">{escape(d.url)}</idno>
<note type="sha256">{d.sha256}</note></bibl>
</sourceDesc>
</fileDesc>
<profileDesc>
<langUsage><language ident={quoteattr(d.language or "und")}>{escape(d.language or "unknown")}</language></langUsage>
<textClass><keywords scheme="minutier">
{terms}
</keywords></textClass>
</profileDesc>
<revisionDesc><change{when(d.captured_at)}>{read}</change></revisionDesc>
</teiHeader>"""


def dated(date: str) -> str:
    """Return a date as TEI writes it, as short as it is known."""
    return f"<date{when(date)}>{escape(date)}</date>" if date else ""


def when(moment: str) -> str:
    """Return the attribute for a moment that XML Schema accepts; nothing for any other."""
    legal = re.fullmatch(r"\d{4}(-\d\d(-\d\d(T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d))?)?)?", moment)
    return f' when="{moment}"' if legal else ""


def body(document: BundleDocument) -> Iterator[str]:
    """Yield the text as divisions: its characters, taken out of the elements again, are the text to the letter."""
    text, at = document.text, 0
    marks = page_marks(document.passages)
    for act in acts_in_turn(document.passages):
        yield from between(text, at, act.start, marks)
        name = f'type="act" n={quoteattr(act.label)}'
        yield f"<div {name}>{divided(text, act.start, act.end, marks)}</div>"
        at = act.end
    yield from between(text, at, len(text), marks)
    behind = "".join(mark for _, mark in stretch(marks, len(text), len(text) + 1))
    if behind or not text.strip(SPACES):
        yield f'<div type="text">{behind}</div>'


def acts_in_turn(passages: Sequence[BundlePassage]) -> Iterator[BundlePassage]:
    """Yield the acts one after another; one that begins inside another is a part of that."""
    at = 0
    for act in sorted((each for each in passages if each.kind == "act"), key=lambda each: each.start):
        if at <= act.start < act.end:
            yield act
            at = act.end


def page_marks(passages: Sequence[BundlePassage]) -> Marks:
    """Return the beginnings of pages and where in the text they stand, in order."""
    pages = sorted((each for each in passages if each.kind == "page"), key=lambda each: (each.start, each.number))
    return [(page.start, f"<pb n={quoteattr(page.label or str(page.number))}/>") for page in pages]


def stretch(marks: Marks, start: int, end: int) -> Marks:
    """Return the marks from `start` to before `end`."""
    return marks[bisect_left(marks, (start, "")) : bisect_left(marks, (end, ""))]


def between(text: str, start: int, end: int, marks: Marks) -> Iterator[str]:
    """Yield what stands between two acts, or a whole text without any; spaces alone need no division."""
    if text[start:end].strip(SPACES) or stretch(marks, start, end):
        yield f'<div type="text">{divided(text, start, end, marks)}</div>'
    else:
        yield text[start:end]


def divided(text: str, start: int, end: int, marks: Marks) -> str:
    """Return a stretch of the text as paragraphs; the empty lines that part them stand between them."""
    pieces = []
    for piece in re.split(r"(\n(?:[ \t]*\n)+)", text[start:end]):
        inked = bool(piece.strip(SPACES))
        written = marked(text, start, start + len(piece), marks, "\n<lb/>" if inked else "\n")
        pieces.append(f"<p>{written}</p>" if inked else written)
        start += len(piece)
    return "".join(pieces)


def marked(text: str, start: int, end: int, marks: Marks, line: str) -> str:
    """Return a stretch of the text with the beginnings of its pages, and of its lines as `line`."""
    pieces = []
    for place, mark in stretch(marks, start, end):
        pieces += [escape(text[start:place]).replace("\n", line), mark]
        start = place
    return "".join([*pieces, escape(text[start:end]).replace("\n", line)])
