"""A project in the exchange format of qualitative data analysis, REFI-QDA: for NVivo, ATLAS.ti, MAXQDA, QualCoder…

The programs differ in what they take, so everything is there twice: variables and a memo that repeats them, on a PDF
and on its text, in the project and in a sheet beside it. There are no codings: positions are where programs disagree.
"""

from __future__ import annotations

import itertools
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from bundles.model import BundleDocument, Documents, LeftOut, Report
from bundles.naming import beside, title_for_people
from bundles.refi import (
    VARIABLES,
    pdf_source,
    project_start,
    set_names,
    sets,
    source_guid,
    text_guid,
    text_source,
    values,
)
from bundles.report import why_no_text
from bundles.sheets import LONGEST, Sheet, sheet
from bundles.zips import FixedZip

NAME = "qdpx"
TITLE = "REFI-QDA project, for NVivo, ATLAS.ti, MAXQDA, QualCoder, Quirkos"
SUFFIX = ".qdpx"
FLAGS = {"text-only": "Texts without the PDFs they come from."}
BESIDE = (".classification.xlsx",)
"""NVivo imports it as a classification sheet, MAXQDA as document variables."""
PDF = "application/pdf"
CLOSED = frozenset({"corrupt", "encrypted", "crash", "timeout", "memory"})
"""Verdicts of files that no program may open: one of them could cost the whole project."""


@dataclass(slots=True, kw_only=True)
class Project:
    """What is written while the documents come by, and what is kept until they have."""

    archive: FixedZip
    xml: IO[bytes]
    """The sources, which stand in the middle of the project."""
    table: Sheet
    report: Report
    members: dict[str, list[str]] = field(default_factory=dict)
    """The sources of each set."""
    latest: str = ""
    """When the newest of the documents was captured."""


def write(documents: Documents, out: Path) -> Report:
    """Write the project, and the sheet beside it; documents are text, or PDF with their text."""
    report = Report(format=NAME, selected=len(documents), files=2)
    with opened(out, report) as project:
        project.table.row(["Document name", "Document group", *VARIABLES])
        for document in documents:
            if pdf_wanted(documents, document):
                add_pdf(project, documents, document)
            elif document.text:
                add_text(project, documents, document)
            else:
                report.missed(document, "document", why_no_text(document))
                continue
            account(project, document)
        finish(project, documents)
    return report


@contextmanager
def opened(out: Path, report: Report) -> Iterator[Project]:
    """Give a new project to write into."""
    with (
        FixedZip(out) as archive,
        tempfile.TemporaryFile(dir=out.parent) as xml,
        sheet(beside(out, BESIDE[0])) as table,
    ):
        yield Project(archive=archive, xml=xml, table=table, report=report)


def pdf_wanted(documents: Documents, document: BundleDocument) -> bool:
    """Return whether a document comes as a PDF: a whole one that can be read, where more than texts is wanted."""
    whole = document.media_type == PDF and not document.part_of and not documents.withheld(document)
    return whole and "text-only" not in documents.flags and document.verdict not in CLOSED


def add_pdf(project: Project, documents: Documents, document: BundleDocument) -> None:
    """Add a PDF and its text; one without text has an empty one, for a program would lose it otherwise."""
    project.archive.add(f"sources/{source_guid(document)}.pdf", documents.original(document))
    project.archive.add(f"sources/{text_guid(document)}.txt", document.text)
    project.xml.write(pdf_source(document).encode())
    if not document.text:
        project.report.missed(document, "text", why_no_text(document))


def add_text(project: Project, documents: Documents, document: BundleDocument) -> None:
    """Add a document as text, and say where its original stays behind."""
    project.archive.add(f"sources/{source_guid(document)}.txt", document.text)
    project.xml.write(text_source(document).encode())
    if document.media_type != "text/plain" and not documents.flags and not document.part_of:
        project.report.missed(document, "original", documents.withheld(document) or why_as_text(document))


def why_as_text(document: BundleDocument) -> str:
    """Return why an original stays behind."""
    return "a damaged PDF" if document.media_type == PDF else f"the format holds PDF and text: {document.media_type}"


def account(project: Project, document: BundleDocument) -> None:
    """Enter a document into its sets, the sheet and the report."""
    found = dict(values(document))
    fits = project.table.row([title_for_people(document), "", *(found.get(name, "") for name in VARIABLES)])
    if not fits:
        why = f"a cell holds {LONGEST} characters"
        project.report.shortened.append(LeftOut(document=document.id, what="a value in the sheet", why=why))
    for name in set_names(document):
        project.members.setdefault(name, []).append(source_guid(document))
    project.latest = max(project.latest, document.captured_at)
    project.report.counted(document)


def finish(project: Project, documents: Documents) -> None:
    """Write the project file around the sources."""
    report, ending = project.report, ["</Sources>\n"]
    name = f"Minutier {documents.freeze}" if documents.freeze else "Minutier"
    start = project_start(name, project.latest)
    if not report.written:  # a list without members breaks the schema
        start, ending = start.removesuffix("<Sources>\n"), []
    about = f"{report.written} documents exported by Minutier. Rights: see the variable rights of each."
    closing = f"<Description>{about}</Description>\n</Project>\n"
    project.xml.seek(0)
    with project.archive.growing("project.qde") as file:
        file.write(start.encode())
        shutil.copyfileobj(project.xml, file, 1 << 20)
        for line in itertools.chain(ending, sets(project.members) if project.members else (), [closing]):
            file.write(line.encode())
