"""A project of Taguette, and the same texts as clean HTML for any other way in."""

from __future__ import annotations

import errno
import sqlite3
from html import escape
from pathlib import Path

from bundles.model import BundleDocument, Documents, LeftOut, Report
from bundles.naming import stem, title_for_people
from bundles.refi import values
from bundles.report import why_no_text
from bundles.taguette_project import LONGEST_DESCRIPTION, LONGEST_NAME, TaguetteProject

NAME = "taguette"
TITLE = "Project of Taguette, and clean HTML"
SUFFIX = ""

README = """A corpus exported by Minutier, for Taguette 1.5 or later.

`project.sqlite3` is a project: on the first page of Taguette, "Import a project file"; or start it with
`taguette --database project.sqlite3`. `html/` holds the same texts, one file each, for "Add a document"; there a
document's name and description have to be typed. `report.json` says what was left out or shortened, and why.
"""


def write(documents: Documents, out: Path) -> Report:
    """Write the folder: the project, the HTML files, and how to open them."""
    report = Report(format=NAME, selected=len(documents), files=2)
    (out / "html").mkdir(parents=True)
    name = f"Minutier {documents.freeze}".strip()
    if len(name) > LONGEST_NAME:
        why = f"Taguette takes {LONGEST_NAME} characters"
        report.shortened.append(LeftOut(document=documents.freeze, what="the project's name", why=why))
    try:
        project = TaguetteProject(out / "project.sqlite3", name)
        for document in documents:
            add(project, document, out, report)
        project.close()
    except sqlite3.Error as error:
        raise OSError(errno.EIO, str(error)) from error  # whoever knows the place says where it could not be written
    (out / "README.md").write_text(README, encoding="utf-8", newline="\n")
    return report


def add(project: TaguetteProject, document: BundleDocument, out: Path, report: Report) -> None:
    """Add one document to the project and the folder; one without text stays outside, and is named."""
    if not document.text.strip():
        report.missed(document, "document", why_no_text(document))
        return
    contents, name = html_of(document.text), title_for_people(document)
    told = description(document)
    if len(told) > LONGEST_DESCRIPTION:
        told = told[:LONGEST_DESCRIPTION]
        why = f"Taguette takes {LONGEST_DESCRIPTION} characters"
        report.shortened.append(LeftOut(document=document.id, what="description", why=why))
    project.add(document, name, told, contents)
    page = (
        f'<!DOCTYPE html>\n<html lang="{escape(document.language)}">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{escape(name)}</title>\n</head>\n<body>\n{contents}\n</body>\n</html>\n"
    )
    (out / "html" / f"{stem(document)}.html").write_text(page, encoding="utf-8", newline="\n")
    report.files += 1
    report.counted(document)


def description(document: BundleDocument) -> str:
    """Return what Taguette has no other place for: who, when, in which language and where, then every variable."""
    first = (document.authority or document.source, document.date, document.language, document.url)
    rest = (f"{name}: {value}" for name, value in values(document))
    return "\n".join([" | ".join(filter(None, first)), *rest])


def html_of(text: str) -> str:
    r"""Return a text as paragraphs, in the very form that Taguette's own cleaning would give it.

    >>> html_of("Un pont\nsur l'Orb\n\n1 < 2")
    "<p>Un pont<br>\nsur l'Orb</p>\n<p>1 &lt; 2</p>"
    """
    blocks = escape(text, quote=False).split("\n\n")
    return "\n".join("<p>" + block.replace("\n", "<br>\n") + "</p>" for block in blocks)
