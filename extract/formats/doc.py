"""Word documents before 2007 (.doc), read by whichever of three programs is installed.

antiword is asked first: on real papers it kept every word, its tables have cells, and it answers in hundredths of a
second. LibreOffice takes seconds; it reads what antiword cannot, and comes first where words were struck out with
changes tracked, which antiword shows as if they stood. catdoc leaks bytes of the file into the text of documents
that were saved piece by piece, so what it reads is never more than suspect.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from lxml.etree import XMLSyntaxError

from extract import programs
from extract.clean import MAX_DAMAGE, damage
from extract.formats import docx
from extract.model import Extraction, Hints, Quality, Table, Verdict
from extract.office.blocks import compose
from extract.office.docbook import blocks

MEDIA_TYPES = ("application/msword",)
INSTALL = (
    "A .doc needs antiword, LibreOffice or catdoc, and none is installed. Debian: apt install antiword (or "
    "libreoffice-writer, catdoc); macOS: brew install antiword (or --cask libreoffice); Windows: winget install "
    "TheDocumentFoundation.LibreOffice. Then extract again."
)
_SECTOR = 512
_LOCKED = "A password protects this document."
_STRUCK = re.compile(rb"\x63\x48..\x64\x68", re.S)
"""Who struck words out and when: the two properties (sprmCIbstRMarkDel, sprmCDttmRMarkDel) stand side by side."""
_SHOWN = "Words that were struck out with changes tracked stand in the text."


class _Unread(Exception):
    """A program that gave no text, and why."""


def read(body: bytes, hints: Hints) -> Extraction:
    """The text by the first program that is installed and reads the document."""
    if _is_locked(body):
        return _without_text("encrypted", (_LOCKED,))
    is_struck = bool(_STRUCK.search(body))
    reasons: list[str] = []
    for names, reader in _READERS if not is_struck else sorted(_READERS, key=lambda each: each[1] != _by_libreoffice):
        program = programs.find(*names)
        if program is None:
            continue
        try:
            found = reader(program, body, hints)
        except (_Unread, programs.ProgramFailed) as error:
            reasons.append(str(error))
            continue
        shown = [_SHOWN] if is_struck and reader != _by_libreoffice else []
        return _with_reasons(found, reasons + shown)
    return _without_text("corrupt", tuple(reasons)) if reasons else _without_text("unsupported", (INSTALL,))


def _is_locked(body: bytes) -> bool:
    """Whether the head of the document, at the start of one of its sectors, has the mark of encryption."""
    heads = (body[start : start + 12] for start in range(_SECTOR, min(len(body), 2**25), _SECTOR))
    head = next((head for head in heads if head.startswith((b"\xec\xa5", b"\xdc\xa5"))), b"")
    return len(head) == 12 and bool(head[11] & 1)


def _by_antiword(program: Path, body: bytes, hints: Hints) -> Extraction:
    said = programs.run(program, ["-m", "UTF-8.txt", "-w", "0", "-"], stdin=body, timeout=20).output
    if not said.strip():
        raise _Unread("antiword found no text.")
    docbook = programs.run(program, ["-x", "db", "-"], stdin=body, timeout=20).output
    try:
        return _extraction(compose(blocks(said.decode("utf-8", "replace"), docbook)), "antiword")
    except XMLSyntaxError as error:
        raise _Unread(f"antiword wrote what is no XML ({error}).") from error


def _by_libreoffice(program: Path, body: bytes, hints: Hints) -> Extraction:
    """By way of .docx, in a profile of its own: a window that is open would otherwise be asked to do it."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as made:
        folder = Path(made)
        (folder / "paper.doc").write_bytes(body)
        profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
        asked: list[str | Path] = [
            profile,
            "--headless",
            "--norestore",
            "--convert-to",
            "docx",
            "--outdir",
            folder,
            folder / "paper.doc",
        ]
        programs.run(program, asked, timeout=45, folder=folder)
        written = folder / "paper.docx"
        if not written.exists():
            raise _Unread("LibreOffice could not open it.")
        found = docx.read(written.read_bytes(), hints)
    if not found.text:
        raise _Unread("LibreOffice found no text.")
    return replace(found, extractor="doc", engine=f"LibreOffice, {found.engine}", media_type=MEDIA_TYPES[0])


def _by_catdoc(program: Path, body: bytes, hints: Hints) -> Extraction:
    said = programs.run(program, ["-d", "utf-8", "-w", "-"], stdin=body, timeout=20).output.decode("utf-8", "replace")
    if not said.strip():
        raise _Unread("catdoc found no text.")
    reason = "Read by catdoc, which loses tables and may show bytes that are no text."
    return _with_reasons(_extraction(compose(said.split("\n")), "catdoc"), [reason])


def _extraction(composed: tuple[str, tuple[Table, ...]], engine: str) -> Extraction:
    text, tables = composed
    lost = damage(text)
    return Extraction(
        extractor="doc",
        engine=engine,
        media_type=MEDIA_TYPES[0],
        text=text,
        tables=tables,
        quality=Quality(
            verdict="suspect" if lost > MAX_DAMAGE else "good",
            reasons=(f"{lost:.1%} of the characters are damaged.",) if lost > MAX_DAMAGE else (),
            figures={"damage": lost, "tables": len(tables)},
        ),
    )


def _with_reasons(found: Extraction, reasons: Sequence[str]) -> Extraction:
    """The extraction, in doubt where a program before this one could not read the file."""
    if not reasons:
        return found
    quality = replace(found.quality, verdict="suspect", reasons=(*found.quality.reasons, *reasons))
    return replace(found, quality=quality)


def _without_text(verdict: Verdict, reasons: tuple[str, ...]) -> Extraction:
    return Extraction(
        extractor="doc",
        engine="",
        media_type=MEDIA_TYPES[0],
        text="",
        quality=Quality(verdict=verdict, reasons=reasons),
    )


_Reader = Callable[[Path, bytes, Hints], Extraction]
_READERS: tuple[tuple[tuple[str, ...], _Reader], ...] = (
    (("antiword",), _by_antiword),
    (("soffice", "libreoffice"), _by_libreoffice),
    (("catdoc",), _by_catdoc),
)
