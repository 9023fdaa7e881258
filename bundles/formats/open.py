"""The open bundle: texts, originals and tables that any program reads. The base that other formats stand on."""

from __future__ import annotations

import csv
import hashlib
import json
from pathlib import Path
from typing import Any

from bundles.datasheet import Sheet, datasheet
from bundles.model import COLUMNS, BundleDocument, Documents, Report
from bundles.naming import cell, stem, suffix
from bundles.report import why_no_text

NAME = "open"
TITLE = "Texts, originals, CSV and JSON lines in one folder"
SUFFIX = ""
FLAGS = {"text-only": "Without the original files: `sha256` still names each."}

ALWAYS = ("README.md", "datapackage.json", "documents.csv", "documents.jsonl")
FILES = ("text_file", "original_file")
TYPES = {"pages": "integer", "characters": "integer", "version": "integer", "needs_ocr": "boolean"}
CONTENTS = """* `documents.csv`: one row per document (UTF-8, commas); `'` before a sign such as `=` is our guard.
* `documents.jsonl`: the same and the text, one JSON object a line.
* `texts/`: the text of each document (UTF-8, line feeds), named by date, title and id.
* `originals/`: the bytes as they were served, where they were asked for; `sha256` in the table is theirs.
* `datapackage.json`: the columns and their types (Frictionless Data Package).

`date` is as short as it is known. `lead` names the copy that leads, where a document repeats another."""


def write(documents: Documents, out: Path) -> Report:
    """Write the bundle into the folder `out` and return what was written; every document selected has its row."""
    report, sheet = Report(format=NAME, selected=len(documents), files=len(ALWAYS)), Sheet()
    originals = "text-only" not in documents.flags
    for name in ("texts", "originals") if originals else ("texts",):
        (out / name).mkdir(parents=True)
    with (
        (out / "documents.csv").open("w", encoding="utf-8", newline="") as table,
        (out / "documents.jsonl").open("w", encoding="utf-8", newline="\n") as lines,
    ):
        rows = csv.writer(table, lineterminator="\n")
        rows.writerow(COLUMNS + FILES)
        for document in documents:
            values = {name: getattr(document, name) for name in COLUMNS} | {
                "text_file": write_text(document, out, report),
                "original_file": write_original(documents, document, out, report) if originals else "",
            }
            rows.writerow([cell(each) for each in values.values()])
            extra = {"reasons": list(document.reasons), "text": document.text}
            lines.write(json.dumps(values | extra, ensure_ascii=False) + "\n")
            report.counted(document)
            sheet.counted(document)
    package = json.dumps(datapackage(out, report), ensure_ascii=False, indent=2) + "\n"
    (out / "datapackage.json").write_text(package, encoding="utf-8", newline="\n")
    page = datasheet(sheet, report, documents, CONTENTS)
    (out / "README.md").write_text(page, encoding="utf-8", newline="\n")
    return report


def write_text(document: BundleDocument, out: Path, report: Report) -> str:
    """Write a document's text and return the file's name; nothing where there is no text, which is reported."""
    if not document.text.strip():
        report.missed(document, "text", why_no_text(document))
        return ""
    name = f"texts/{stem(document)}.txt"
    (out / name).write_text(document.text, encoding="utf-8", newline="\n")
    report.files += 1
    return name


def write_original(documents: Documents, document: BundleDocument, out: Path, report: Report) -> str:
    """Write a document's bytes as they were served, and return the file's name; its pages and acts share one."""
    if why := documents.withheld(document):
        report.missed(document, "original", why)
        return ""
    whole = f"{document.date or 'undated'}_{document.part_of}" if document.part_of else stem(document)
    name = f"originals/{whole}{suffix(document.media_type)}"
    if not (document.part_of and (out / name).exists()):
        (out / name).write_bytes(documents.original(document))
        report.files += 1
    return name


def datapackage(out: Path, report: Report) -> dict[str, Any]:
    """Return the description of the tables by the rules of Frictionless Data Package."""
    fields = [field(name) for name in (*COLUMNS, *FILES)]
    more = [{"name": "reasons", "type": "array"}, {"name": "text", "type": "string"}]
    table = described(out / "documents.csv") | {
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "dialect": {"delimiter": ",", "quoteChar": '"', "doubleQuote": True, "lineTerminator": "\n"},
        "schema": {"fields": fields, "primaryKey": "id", "missingValues": [""]},
    }
    lines = described(out / "documents.jsonl") | {
        "name": "texts",
        "profile": "tabular-data-resource",
        "format": "jsonl",
        "schema": {"fields": fields + more, "primaryKey": "id", "missingValues": [""]},
    }
    return {
        "profile": "data-package",
        "name": "minutier-corpus",
        "title": "A corpus exported by Minutier",
        "description": f"{report.written} documents: README.md says what they are, and what is missing.",
        "resources": [table, lines],
    }


def field(name: str) -> dict[str, Any]:
    """Return the description of a column."""
    kind = TYPES.get(name, "string")
    values = {"trueValues": ["True"], "falseValues": ["False"]} if kind == "boolean" else {}
    needed = {"constraints": {"required": True, "unique": True}} if name == "id" else {}
    return {"name": name, "type": kind, **values, **needed}


def described(path: Path) -> dict[str, Any]:
    """Return what is said of a file: its name, size and hash."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {
        "name": path.stem,
        "path": path.name,
        "encoding": "utf-8",
        "bytes": path.stat().st_size,
        "hash": f"sha256:{digest}",
    }
