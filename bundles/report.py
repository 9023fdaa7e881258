"""What an export wrote and what it did not, told once: the same lines are printed and written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bundles.model import BundleDocument

SHORT = 200
"""Characters of a text below which counting words, or coding, says little."""
NAMED = 5
"""Documents that a line names; the written report names each."""
CHANGES = ("new", "changed", "untouched", "withdrawn", "no_longer_selected")


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """Something that a bundle does not hold as the corpus does, and why."""

    document: str
    what: str
    why: str


@dataclass(slots=True, kw_only=True)
class Report:
    """What an export wrote: documents written and those left out whole add up to the documents selected."""

    format: str
    selected: int
    written: int = 0
    files: int = 0
    unit: str = "document"
    figures: dict[str, dict[str, int]] = field(default_factory=dict)
    """Counts of the documents written, by language, kind, source and verdict."""
    left_out: list[LeftOut] = field(default_factory=list)
    """A document, or a part of one (`what`), that the bundle has not."""
    shortened: list[LeftOut] = field(default_factory=list)
    renamed: list[LeftOut] = field(default_factory=list)
    altered: list[LeftOut] = field(default_factory=list)
    """Where a text or a field had characters that no tool takes."""
    undivided: list[LeftOut] = field(default_factory=list)
    """Documents without the pages or acts that were asked for, which stay whole."""
    unfit: list[LeftOut] = field(default_factory=list)
    """Written, but not for what this tool does well: a language it does not know, a text it cannot count."""
    too_short: list[str] = field(default_factory=list)
    """Documents written with a text of less than 200 characters."""
    copies: dict[str, int] = field(default_factory=dict)
    """`leads` and `repeats` among the documents written, and `not_selected`: copies that a lead stands for."""
    ocr: dict[str, int] = field(default_factory=dict)
    """Documents written by who read their pictures: `own`, `layer` (somebody before us), `waiting`, `none`."""
    freeze: dict[str, Any] = field(default_factory=dict)
    """The freeze that was exported: its name, hash, the documents of it that were withdrawn, and those masked since."""
    since: dict[str, Any] = field(default_factory=dict)
    """The earlier freeze it was compared with, and its documents by what became of them (`CHANGES`)."""
    beside: list[str] = field(default_factory=list)
    """Files that stand beside the bundle, by what follows its name."""

    def counted(self, document: BundleDocument) -> None:
        """Count a document as written."""
        self.written += 1
        for name in ("kind", "language", "source", "verdict"):
            add(self.figures.setdefault(name, {}), str(getattr(document, name)) or "unknown")
        add(self.copies, "repeats" if document.lead else "leads")
        add(self.ocr, document.ocr or "none")
        if document.text and len(document.text) < SHORT:
            self.too_short.append(document.id)

    def missed(self, document: BundleDocument, what: str, why: str) -> None:
        """Say that the bundle has not something of a document: `document` where it has nothing of it."""
        self.left_out.append(LeftOut(document=document.id, what=what, why=why))


def add(counts: dict[str, int], name: str) -> None:
    """Count one more of a name."""
    counts[name] = counts.get(name, 0) + 1


def why_no_text(document: BundleDocument) -> str:
    """Return why a document has no text, in the words of whoever read it."""
    verdict = "nothing on it" if document.verdict == "good" else document.verdict
    return "; ".join((verdict, *document.reasons))


def sentences(report: Report) -> Iterator[str]:
    """Yield the report in lines for people, without what there is nothing to say of."""
    what = "documents" if report.unit == "document" else f"units ({report.unit})"
    yield f"{report.written} of {report.selected} {what}, {report.files} files."
    for verb in ("left out", "shortened", "renamed", "altered", "undivided", "unfit"):
        yield from grouped(verb, getattr(report, verb.replace(" ", "_")))
    if report.too_short:
        yield f"shorter than {SHORT} characters: {named(report.too_short)}"
    yield from counts_of(report)
    yield from circumstances(report)


def grouped(verb: str, notes: Iterable[LeftOut]) -> Iterator[str]:
    """Yield a line for each thing and reason, with the documents it is about."""
    groups: dict[tuple[str, str], list[str]] = {}
    for note in notes:
        groups.setdefault((note.what, note.why), []).append(note.document)
    for (what, why), ids in groups.items():
        yield f"{verb}: {what} ({why}): {named(ids)}"


def named(ids: list[str]) -> str:
    """Return how many documents there are, and the first of them.

    >>> named(["a", "b"]), named(list("abcdefg"))
    ('2: a, b', '7: a, b, c, d, e …')
    """
    return f"{len(ids)}: {', '.join(ids[:NAMED])}" + (" …" if len(ids) > NAMED else "")


def counts_of(report: Report) -> Iterator[str]:
    """Yield the lines on copies and on OCR."""
    if report.copies.get("repeats"):
        yield f"copies: {report.copies['repeats']} repeat another document (`lead` names it)."
    if report.copies.get("not_selected"):
        yield f"copies: {report.copies['not_selected']} more are left to their leads (--all-copies takes them)."
    read = {name: n for name, n in report.ocr.items() if name != "none"}
    if read:
        words = {"own": "read by our OCR", "layer": "by somebody else's", "waiting": "wait for OCR"}
        said = ", ".join(f"{read[name]} {words[name]}" for name in words if name in read)
        yield f"OCR: {100 * sum(read.values()) / report.written:.0f} % have pages that are pictures: {said}."


def circumstances(report: Report) -> Iterator[str]:
    """Yield the lines on freezes, and on what lies beside the bundle."""
    if report.since:
        figures = ", ".join(f"{len(report.since[name])} {name.replace('_', ' ')}" for name in CHANGES)
        yield f"since {report.since['freeze']}: {figures}; the report names them."
    if report.freeze.get("withdrawn"):
        gone, whole = len(report.freeze["withdrawn"]), report.freeze["documents"]
        yield f"{gone} of {whole} withdrawn since {report.freeze['name']} was made."
    if report.freeze.get("redacted"):
        some, whole = len(report.freeze["redacted"]), report.freeze["documents"]
        yield f"{some} of {whole} have a passage masked since {report.freeze['name']} was made."
    for each in report.beside:
        yield f"beside it: {each}"
