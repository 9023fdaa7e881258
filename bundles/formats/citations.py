"""Citations of every document for Zotero, pandoc and LaTeX: CSL-JSON, BibLaTeX and RIS."""

from __future__ import annotations

import json
from pathlib import Path

from bundles.model import BundleDocument, Documents, Report
from storage.citing import Citation, biblatex, csl, ris
from storage.citing.model import body_of

NAME = "citations"
TITLE = "Citations for Zotero, pandoc and LaTeX (CSL-JSON, BibLaTeX, RIS)"
SUFFIX = ""

FILES = ("documents.csl.json", "documents.bib", "documents.ris")


def write(documents: Documents, out: Path) -> Report:
    """Write the three lists into the folder `out` and return what was written: each has every document."""
    report = Report(format=NAME, selected=len(documents), files=len(FILES))
    out.mkdir(parents=True)
    opened = ((out / name).open("w", encoding="utf-8", newline="\n") for name in FILES)
    with next(opened) as entries, next(opened) as bib, next(opened) as records:
        before = "[\n"
        for document in documents:
            citation = citation_of(document)
            entries.write(before + json.dumps(csl(citation), ensure_ascii=False))
            bib.write(f"{biblatex(citation)}\n\n")
            records.write(f"{ris(citation)}\n\n")
            before = ",\n"
            report.counted(document)
        entries.write("\n]\n")
    return report


def citation_of(document: BundleDocument) -> Citation:
    """Return the citation of a document, or of the page or act that stands for one.

    It was consulted on the day of the capture that its text was read from: so a freeze is cited alike for ever.
    """
    is_page = document.part_of and document.id.rpartition("-")[2].startswith("p")
    return Citation(
        id=document.id,
        title=document.title,
        authority=document.authority,
        body=body_of({"kind": document.kind, "title": document.title, "text": document.text}),
        date=document.date,
        date_role="",
        number=document.number,
        act_type=document.act_type,
        kind=document.kind,
        page=document.part if is_page else "",
        url=document.url,
        accessed=document.captured_at[:10],
        language=document.language,
        quote="",
        ocr=bool(document.part_of) and document.ocr == "own",
        version=document.version,
        text_sha256=document.text_sha256,
    )
