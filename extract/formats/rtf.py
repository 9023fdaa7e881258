"""Rich text (.rtf): paragraphs, and tables as rows of cells."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.metadata import version
from itertools import groupby

from striprtf.striprtf import rtf_to_text

from extract.clean import MAX_DAMAGE, damage
from extract.model import Extraction, Hints, Quality
from extract.office.blocks import Block, compose, flowing

MEDIA_TYPES = ("application/rtf",)
ENGINE = f"striprtf {version('striprtf')}"
_FONT = re.compile(r"([^\\])(\\f\d)")
_SURROGATES = re.compile("([\ud800-\udbff])([\udc00-\udfff])")


def read(body: bytes, hints: Hints) -> Extraction:
    """The text of the document; pictures, headers and the properties of the file are left out."""
    try:
        # The format is ASCII; a stray byte above it stands for itself in the code page of the document.
        rtf = _without_traps(body.decode("windows-1252", "replace"))
        said: str = rtf_to_text(rtf, errors="replace")  # type: ignore[no-untyped-call]
    except (ValueError, OverflowError, LookupError) as error:
        return _extraction((), f"The document is damaged ({type(error).__name__}).")
    reason = "" if body.rstrip(b"\0\r\n \t").endswith(b"}") else "The document ends before its last brace: it was cut."
    return _extraction(tuple(_blocks(_SURROGATES.sub(_joined, said))), reason)


def _without_traps(rtf: str) -> str:
    """The same document in lines, on which the library's patterns end soon, and links without their targets.

    A line end means nothing in this format; inside a line those patterns would try every font against every other.
    """
    return _FONT.sub(r"\1\n\2", rtf.replace("}", "}\n").replace("\\fldinst", "\\datafield"))


def _joined(pair: re.Match[str]) -> str:
    """The character that two escapes of 16 bits stand for."""
    return pair[0].encode("utf-16-le", "surrogatepass").decode("utf-16-le")


def _blocks(said: str) -> Iterator[Block]:
    """The lines of the document; those that end with a bar are the rows of a table."""
    for is_row, lines in groupby(said.split("\n"), key=lambda line: line.rstrip().endswith("|")):
        if is_row:
            yield from flowing(tuple(line.rstrip().removesuffix("|").split("|")) for line in lines)
        else:
            yield from lines


def _extraction(blocks: tuple[Block, ...], reason: str) -> Extraction:
    text, tables = compose(blocks)
    lost = damage(text)
    reasons = [reason] if reason else []
    if lost > MAX_DAMAGE:
        reasons.append(f"{lost:.1%} of the characters are damaged.")
    return Extraction(
        extractor="rtf",
        engine=ENGINE,
        media_type=MEDIA_TYPES[0],
        text=text,
        tables=tables,
        quality=Quality(
            verdict="good" if not reasons else "suspect" if text else "corrupt",
            reasons=tuple(reasons),
            figures={"damage": lost, "tables": len(tables)},
        ),
    )
