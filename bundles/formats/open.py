"""The open bundle: texts, originals and tables that any program reads. The base that other formats stand on."""

from __future__ import annotations

import csv
import dataclasses
import json
import shutil
from pathlib import Path

from bundles.model import BundleDocument, Documents, LeftOut, Report
from bundles.naming import cell, stem, suffix

NAME = "open"
TITLE = "Texts, originals, CSV and JSON lines in one folder"
SUFFIX = ""

COLUMNS = [field.name for field in dataclasses.fields(BundleDocument) if field.name not in ("text", "reasons")]
FILES = ["text_file", "original_file"]


def write(documents: Documents, out: Path) -> Report:
    """Write the bundle into the folder `out` and return what was written; every document selected has its row."""
    report = Report(format=NAME, selected=len(documents))
    for name in ("texts", "originals"):
        (out / name).mkdir(parents=True)
    with (
        (out / "documents.csv").open("w", encoding="utf-8", newline="") as table,
        (out / "documents.jsonl").open("w", encoding="utf-8", newline="\n") as lines,
    ):
        rows = csv.writer(table, lineterminator="\n")
        rows.writerow(COLUMNS + FILES)
        for document in documents:
            written = write_files(documents, document, out, report)
            values = {name: getattr(document, name) for name in COLUMNS} | written
            rows.writerow([cell(values[name]) for name in COLUMNS + FILES])
            extra = {"reasons": list(document.reasons), "text": document.text}
            lines.write(json.dumps(values | extra, ensure_ascii=False) + "\n")
            report.counted(document)
    (out / "README.md").write_text(readme(report), encoding="utf-8", newline="\n")
    report.files = sum(1 for path in out.rglob("*") if path.is_file())
    return report


def write_files(documents: Documents, document: BundleDocument, out: Path, report: Report) -> dict[str, str]:
    """Write a document's text and bytes; return the two file names, empty where there is no text."""
    name = stem(document)
    text_file = f"texts/{name}.txt" if document.text else ""
    if document.text:
        (out / text_file).write_text(document.text, encoding="utf-8", newline="\n")
    else:
        why = "; ".join((document.verdict, *document.reasons))
        report.left_out.append(LeftOut(document=document.id, what="text", why=why))
    original_file = f"originals/{name}{suffix(document.media_type)}"
    shutil.copyfile(documents.original(document), out / original_file)
    return {"text_file": text_file, "original_file": original_file}


def readme(report: Report) -> str:
    """Return the page that explains the folder to whoever opens it, with its figures."""
    tables = "\n".join(
        f"| {name} | {value} | {n} |"
        for name, counts in sorted(report.figures.items())
        for value, n in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    )
    missing = "\n".join(f"* `{each.document}`: no {each.what} ({each.why})" for each in report.left_out)
    return f"""# A corpus exported by Minutier

{report.written} documents, of {report.selected} selected.

* `documents.csv`: one row per document (UTF-8, commas). A cell that begins with `'` is guarded from spreadsheets.
* `documents.jsonl`: the same and the text, one JSON object a line.
* `texts/`: the text of each document (UTF-8, line feeds), named by date, title and id.
* `originals/`: the bytes as they were served; `sha256` in the table is theirs.

`verdict` says how far a text can be trusted: quote only `good` without looking at the original.
`lead` names the copy that leads, where a document repeats another. `date` is as short as it is known.
Rights: see the column `rights`; nothing here grants you any.

## What is in it

| by | value | documents |
|---|---|---|
{tables}

## What has no text

{missing or "Every document has text."}
"""
