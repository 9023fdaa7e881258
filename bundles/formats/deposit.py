"""A deposit for a repository: a bag (BagIt) of files with their hashes, described as a research object (RO-Crate).

Text and originals are in it only where the rights allow; of every other document what it is, its address and its
hashes are, and the reason.
"""

from __future__ import annotations

import csv
import hashlib
from collections import Counter
from pathlib import Path
from typing import Any

from bundles.crate import Crate
from bundles.datasheet import Sheet, datasheet
from bundles.depositing import FILES, Occasion, statement
from bundles.model import COLUMNS, BundleDocument, Documents, Report
from bundles.naming import cell, stem, suffix, title_for_people
from bundles.report import why_no_text
from storage import freezes
from storage.errors import WrongUse
from storage.permission import objections, rights_now

NAME = "deposit"
TITLE = "A bag with checksums and a description, for a repository (BagIt, RO-Crate)"
SUFFIX = ""

PRIVATE = frozenset({"note", "received_from", "request_ref"})
"""Columns that stay at home: what people wrote for themselves, and who gave what."""
SHOWN = tuple(name for name in COLUMNS if name not in PRIVATE)
MORE = ("licence", "withheld", "text_file", "original_file")
Json = dict[str, Any]
SOFTWARE = "Minutier, with bagit.py"
RIGHTS = {
    "@type": "CreativeWork",
    "name": "Rights of each document",
    "description": "Each document stays under the rights of whoever published it: see the columns `rights` and "
    "`licence` of documents.csv, and WITHHELD.md. This deposit grants nothing beyond them.",
}


def write(documents: Documents, out: Path) -> Report:
    """Write the bag into the folder `out` and return what was written. Raises WrongUse where bagit is not installed."""
    try:
        import bagit  # type: ignore[import-untyped]  # a single module without annotations
    except ImportError:
        raise WrongUse(
            "A deposit is written with bagit, which is not installed: install `minutier[bundles]`."
        ) from None
    report = Report(format=NAME, selected=len(documents))
    out.mkdir(parents=True)
    with documents.store.reading() as connection:
        occasion = Deposit(documents, connection, out, report).write()
    facts = {"Bagging-Date": occasion.day, "Bag-Software-Agent": SOFTWARE, "External-Description": occasion.title}
    if occasion.sha256:
        facts["External-Identifier"] = f"sha256:{occasion.sha256}"
    bagit.make_bag(str(out), facts, checksums=["sha256", "sha512"])
    for manifest in out.glob("tagmanifest-*.txt"):  # in the order of the folder, which differs between systems
        lines = sorted(manifest.read_text(encoding="utf-8").splitlines(), key=lambda line: line.partition(" ")[2])
        manifest.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    report.files = sum(1 for path in out.rglob("*") if path.is_file())
    return report


class Deposit:
    """The files of a deposit, as the documents are taken into it one after another."""

    def __init__(self, documents: Documents, connection: Any, out: Path, report: Report) -> None:
        self.documents = documents
        self.connection = connection
        self.out = out
        self.report = report
        self.withheld: Counter[str] = Counter()
        self.sheet = Sheet()

    def write(self) -> Occasion:
        """Write all files; return of what, and as of when."""
        with Crate(self.out) as crate:
            with (self.out / "documents.csv").open("w", encoding="utf-8", newline="") as table:
                rows = csv.writer(table, lineterminator="\n")
                rows.writerow(SHOWN + MORE)
                for document in self.documents:
                    values = {name: getattr(document, name) for name in SHOWN} | self.take(crate, document)
                    rows.writerow([cell(values[name]) for name in SHOWN + MORE])
                    self.report.counted(document)
                    self.sheet.counted(document)
            occasion = self.occasion()
            self.explain(crate, occasion)
            whole = {"name": occasion.title, "description": occasion.description, "datePublished": occasion.day}
            crate.finish(whole | {"license": crate.other("rights", RIGHTS), "identifier": occasion.sha256})
        return occasion

    def take(self, crate: Crate, document: BundleDocument) -> Json:
        """Write what may be passed on of a document, describe it, and return what its row says besides."""
        whole = document.part_of or document.id
        rights = rights_now(self.connection, whole)
        against = "; ".join(objections(document.rights, rights))
        work = crate.other(document.id, self.described(crate, document, rights, against))
        if against:
            self.withheld[against] += 1
            self.report.missed(document, "text and original", against)
            return {"licence": rights["licence"], "withheld": against, "text_file": "", "original_file": ""}
        files = {"text_file": self.text(document), "original_file": self.original(document)}
        for path, kind in zip(files.values(), ("text/plain", document.media_type), strict=True):
            if path:
                size = str((self.out / path).stat().st_size)
                crate.file(path, {"name": path, "encodingFormat": kind, "contentSize": size, "about": work})
        return {"licence": rights["licence"], "withheld": ""} | files

    def described(self, crate: Crate, document: BundleDocument, rights: Json, against: str) -> Json:
        """Return what is said of a document, whether its text is there or not."""
        publisher: Json = {}
        if document.authority:
            key = hashlib.sha256(document.authority.encode()).hexdigest()[:16]
            publisher = crate.other(f"authority-{key}", {"@type": "Organization", "name": document.authority})
        return {
            "@type": "CreativeWork",
            "name": document.title or title_for_people(document),
            "identifier": [document.id, f"urn:sha256:{document.sha256}"],
            "url": document.url if "://" in document.url else "",
            "dateCreated": document.date,
            "inLanguage": "" if document.language == "und" else document.language,
            "publisher": publisher,
            "license": rights["licence"],
            "conditionsOfAccess": f"Withheld: {against}" if against else "",
        }

    def text(self, document: BundleDocument) -> str:
        """Write a document's text and return the file's name; nothing where it has none."""
        if not document.text:
            self.report.missed(document, "text", why_no_text(document))
            return ""
        return self.kept(f"texts/{stem(document)}.txt", document.text.encode())

    def original(self, document: BundleDocument) -> str:
        """Write a document's bytes, once for all its parts, and return the file's name; nothing where withheld."""
        if why := self.documents.withheld(document):
            self.report.missed(document, "original", why)
            return ""
        name = document.part_of or stem(document)
        return self.kept(f"originals/{name}{suffix(document.media_type)}", self.documents.original(document))

    def kept(self, path: str, body: bytes) -> str:
        """Write a file and return its name."""
        (self.out / path).parent.mkdir(exist_ok=True)
        (self.out / path).write_bytes(body)
        return path

    def occasion(self) -> Occasion:
        """Return what is deposited: a freeze as of its moment, or a selection as of its newest capture."""
        about = f"{self.report.written} documents gathered and described with Minutier."
        if not self.documents.freeze:
            return Occasion(
                title="A corpus of documents", description=about, day=self.sheet.captured[1][:10], methods={}
            )
        frozen = freezes.summary(freezes.one(self.connection, self.documents.freeze))
        return Occasion(
            title=f"Corpus {frozen['name']}",
            description=" ".join(filter(None, [about, frozen["note"]])),
            day=frozen["created_at"][:10],
            sha256=frozen["sha256"],
            methods=self.documents.methods(),
        )

    def explain(self, crate: Crate, occasion: Occasion) -> None:
        """Write and describe the pages for people, and describe the table."""
        pages = {
            "README.md": datasheet(self.sheet, self.report, self.documents, FILES),
            "WITHHELD.md": statement(occasion, self.withheld),
        }
        pages |= {f"methods.{lang}.md": f"{text}\n" for lang, text in occasion.methods.items()}
        for name, text in pages.items():
            self.kept(name, text.encode())
        for name in ("documents.csv", *pages):
            kind = "text/csv" if name.endswith(".csv") else "text/markdown"
            size = str((self.out / name).stat().st_size)
            crate.file(name, {"name": name, "encodingFormat": kind, "contentSize": size})
