"""The page that goes with a corpus: what it is, how it was gathered, what is missing, whose it is."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from bundles.model import BundleDocument, Documents, Report
from bundles.report import add, sentences
from storage import freezes
from storage.accounts import account

WAYS = {
    "": "found on the web by the crawler, or imported without a word on it",
    "cada": "obtained by a request for access to administrative documents",
    "mail": "received by mail",
    "archive": "taken in an archive",
    "browser": "saved by hand from a browser",
}
"""What `obtained_by` says."""


@dataclass(slots=True, kw_only=True)
class Sheet:
    """What is counted of the documents of a bundle while they are written, for its page."""

    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    days: list[str] = field(default_factory=lambda: ["", ""])
    """The first date and the last."""
    captured: list[str] = field(default_factory=lambda: ["", ""])

    def counted(self, document: BundleDocument) -> None:
        """Count one document."""
        for name in ("authority", "country", "kind", "language", "obtained_by", "rights", "source", "verdict", "voice"):
            add(self.counts.setdefault(name, {}), str(getattr(document, name)))
        add(self.counts.setdefault("year", {}), document.date[:4])
        widen(self.days, document.date)
        widen(self.captured, document.captured_at)

    def of(self, name: str, value: str) -> int:
        """Return how many documents have a value."""
        return self.counts.get(name, {}).get(value, 0)


def widen(ends: list[str], value: str) -> None:
    """Let two ends take in one more value."""
    if value:
        ends[0] = min(ends[0] or value, value)
        ends[1] = max(ends[1], value)


def datasheet(sheet: Sheet, report: Report, documents: Documents, files: str) -> str:
    """Return the page, in Markdown. `files` says what lies where in the bundle."""
    whole = documents.complete(copy.deepcopy(report))
    behind = runs_behind(documents)
    missing = [*list(sentences(whole))[1:], *unknown(sheet), *never_here(behind)]
    return f"""# A corpus exported by Minutier

## What it is

{whole.written} documents {period(sheet)}. {chosen(documents)}

{files}

{table(sheet, ("source", "kind", "voice", "authority", "language", "year"))}

## How it was gathered

{gathered(sheet)}

{runs(behind)}

## How far the texts can be trusted

`verdict` says it of each document: quote only `good` without looking at the original. `ocr` says who read the
pictures of a document without letters of its own: `own` (Minutier), `layer` (somebody before), `waiting` (nobody yet).

{table(sheet, ("verdict",))}

{ocr_share(whole)}

## What is missing

{listed(missing)}
* What was published where nobody looked is not known. `minutier skips` names each address that was put aside.

## Rights

Nothing here grants you any. The column `rights` repeats what is stated of each source:

{table(sheet, ("rights",))}
"""


def listed(lines: list[str]) -> str:
    """Return lines as a list in Markdown."""
    return "\n".join(f"* {line}" for line in lines)


def period(sheet: Sheet) -> str:
    """Return from when to when the documents are."""
    first, last = sheet.days
    return f"dated {first} to {last}" if first else "without a date"


def chosen(documents: Documents) -> str:
    """Return what decided which documents are here."""
    if documents.freeze:
        return f"They are what the freeze `{documents.freeze}` holds, as it was shown then."
    since = f" Only what is new or changed since the freeze `{documents.since}`." if documents.since else ""
    return f"They are what the filters selected when it was written: name a freeze to get the same again.{since}"


def gathered(sheet: Sheet) -> str:
    """Return how the documents came into the corpus."""
    first, last = sheet.captured
    ways = "\n".join(
        f"* {n}: {WAYS.get(way, f'stated as `{way}`')}"
        for way, n in sorted(sheet.counts.get("obtained_by", {}).items())
    )
    return f"""Each document was captured before it was read: `url` is where it was, `captured_at` when, `sha256`
the hash of its bytes as they were served. The first capture is of {first[:10] or "?"}, the last of {last[:10] or "?"}.

{ways}"""


def unknown(sheet: Sheet) -> Iterator[str]:
    """Yield what is not known of documents that are there."""
    yield f"documents without a date: {sheet.of('year', '')}"
    yield f"documents without a language that could be told: {sheet.of('language', 'und')}"


def runs_behind(documents: Documents) -> dict[str, Any]:
    """Return the account of the runs that the documents come from: as it was frozen, or as it is."""
    with documents.store.reading() as connection:
        if documents.freeze:
            frozen: dict[str, Any] = freezes.one(connection, documents.freeze).account
            return frozen
        return account(connection, documents.filters, list(documents.chosen.ids), {})


def runs(behind: dict[str, Any]) -> str:
    """Return how often each source was asked, and how the last time ended, as a table."""
    rows = [
        f"| {each['id']} | {each['runs']} | {each['first'][:10]} | {each['last'][:10]} | {each['last_outcome']} |"
        for each in behind["sources"]
    ]
    return "\n".join(["| source | runs | first | last | the last was |", "|---|---|---|---|---|", *rows])


def never_here(behind: dict[str, Any]) -> Iterator[str]:
    """Yield what the runs saw and the corpus has not, and what could not be seen."""
    seen = behind["addresses"]
    aside = ", ".join(f"{n} {reason}" for reason, n in seen["aside"].items()) or "none"
    yield f"addresses that the runs saw: {seen['seen']}; lists: {seen['listings']}; with a document: {seen['kept']}"
    yield f"addresses put aside or failed: {aside}; still pending: {seen['pending']}"
    for each in behind["sources"]:
        if not each["good"]:
            yield f"what is new in {each['id']} may be missing: its last run was not good ({each['last_outcome']})"
        yield from (f"{each['id']}: {gap}" for gap in each["listing_gaps"])
    for name, words in (("unprobed", "never looked at"), ("never_run", "never run")):
        if behind[name]:
            yield f"sources that are listed and were {words}: {', '.join(behind[name])}"


def ocr_share(report: Report) -> str:
    """Return the share of documents that are pictures, in a sentence."""
    pictures = sum(n for name, n in report.ocr.items() if name != "none")
    share = 100 * pictures / report.written if report.written else 0
    return f"Read from pictures, or waiting to be: {pictures} of {report.written} documents ({share:.0f} %)."


def table(sheet: Sheet, names: tuple[str, ...]) -> str:
    """Return counts of documents as a table, the largest first, but years in their order."""
    rows = [
        f"| {name} | {value.replace('|', '/') or '–'} | {n} |"
        for name in names
        for value, n in sorted(
            sheet.counts.get(name, {}).items(), key=lambda pair: (name != "year" and -pair[1], pair[0])
        )
    ]
    return "\n".join(["| by | value | documents |", "|---|---|---|", *rows])
