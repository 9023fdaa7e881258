"""The demo: which day it is in the made-up town, the crawl of its three sources, and the page that accounts for it."""

from __future__ import annotations

import difflib
import json
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console

from crawlers.run import utc_now
from minutier import __version__
from minutier.crawling import Progress, Report, load_sources, run_sources
from minutier.printing import equation, table
from minutier.readings import readings_in
from minutier.town import Town, serve, sources_yaml
from storage import figures, reading
from storage.errors import WrongUse
from storage.places import FILE, local_folder
from storage.store import Store

MARK = "demo.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One demo: what was crawled, and how the corpus stands after it."""

    corpus: str
    day: int
    first: bool
    reports: list[Report]
    stats: dict[str, Any]
    changed: list[dict[str, Any]]
    answers: dict[int, int]
    """How often the town answered with which status."""


def crawl_town(location: str, ocr: bool, progress: Progress) -> Visit:
    """Serve the town as it is today and crawl it. Raises WrongUse for a corpus of other things."""
    folder = local_folder(location)
    before = remembered(folder)
    day = 1 if before is None else 2
    port = before["port"] if before else 0
    with ExitStack() as stack:
        try:
            town = stack.enter_context(serve(port=port, day=day))
        except OSError as error:
            raise WrongUse(
                f"The town of {folder} lives on port {port} here, which is taken ({error.strerror or error}): "
                "stop what uses it, or name another --corpus."
            ) from None
        return visit(folder, town, day, before is None, ocr, progress)


def remembered(folder: Path) -> dict[str, Any] | None:
    """Return what an earlier demo left in a corpus, or nothing. Raises WrongUse for a corpus that is no demo."""
    mark = folder / MARK
    if mark.exists():
        left: dict[str, Any] = json.loads(mark.read_text(encoding="utf-8"))
        return left
    if (folder / FILE).exists():
        raise WrongUse(f"{folder} holds a corpus of your own: name another place, such as `--corpus demo-corpus`.")
    return None


def visit(folder: Path, town: Town, day: int, first: bool, ocr: bool, progress: Progress) -> Visit:
    """Crawl the running town into a corpus."""
    with Store.create(folder, now=utc_now(), version=__version__) as store:
        listing = folder / "sources.yaml"
        listing.write_text(sources_yaml(town.port), encoding="utf-8", newline="\n")
        (folder / MARK).write_text(json.dumps({"port": town.port, "day": day}), encoding="utf-8")
        with store.reading() as connection:
            seq = figures.last_change(connection)
        sources = load_sources(listing)
        reports = run_sources(store, sources, list(sources.sources), readings_in(store, ocr=ocr), progress=progress)
        with store.reading() as connection:
            stats = figures.stats(connection)
            changed = [] if first else figures.changes(connection, since=seq)
            changed = [each | {"diff": diff(connection, each)} for each in changed]
    answers = Counter(request.status for request in town.requests)
    return Visit(
        corpus=str(folder), day=day, first=first, reports=reports, stats=stats, changed=changed, answers=dict(answers)
    )


def diff(connection: Any, change: dict[str, Any]) -> list[str]:
    """Return the lines that differ between the last two versions of an updated document."""
    if change["fact"] != "updated":
        return []
    number = change["detail"]["version"]
    old, new = (reading.version_text(connection, change["id"], n).splitlines() for n in (number - 1, number))
    return [
        line for line in difflib.unified_diff(old, new, lineterm="", n=0) if not line.startswith(("---", "+++", "@@"))
    ]


def tell(console: Console, visit: Visit) -> None:
    """Print the page: what was crawled, what it gave, and what to try."""
    console.print(f"\n[bold]A made-up town on this machine, day {visit.day}[/bold] (every text in it is synthetic)\n")
    rows = [
        [r.source, r.run["outcome"] if r.run else r.refused, equation(r.run) if r.run else ""] for r in visit.reports
    ]
    console.print(table("", ["source", "outcome", "every address, exactly once"], rows))
    asked = ", ".join(f"{n} × {status}" for status, n in sorted(visit.answers.items()))
    console.print(f"\nThe town answered: {asked}")
    console.print("  304: not changed since the last visit; 404: gone, or no rules on text mining (tdmrep.json)")
    console.print(f"The corpus: {visit.stats['documents']} documents, {visit.stats['versions']} versions; by")
    for name in ("by_kind", "by_language", "by_verdict", "duplicates"):
        figures_ = ", ".join(f"{value} {n}" for value, n in visit.stats[name].items())
        console.print(f"  {name.removeprefix('by_'):<11}{figures_}", markup=False)
    if not visit.first:
        tell_changes(console, visit)
    tell_next(console, visit)


def tell_changes(console: Console, visit: Visit) -> None:
    """Print what the second crawl found different."""
    console.print("\n[bold]Since the last visit[/bold]" + ("" if visit.changed else ": nothing changed"))
    for change in visit.changed:
        console.print(f"  {change['fact']:<9} {change['id']}  {change['title']}", markup=False)
        for line in change["diff"]:
            style = "green" if line.startswith("+") else "red"
            console.print(f"      {line}", markup=False, style=style, soft_wrap=True)


def tell_next(console: Console, visit: Visit) -> None:
    """Print commands to try on this corpus."""
    option = "" if visit.corpus == "corpus" else f" --corpus {visit.corpus}"
    console.print("\n[bold]Try next[/bold]")
    for command, why in (
        (f"minutier{option} search jumelage", 'words in French; also: coopération, oeuvre, "mise en œuvre"'),
        (f"minutier{option} search 友好", "or in Chinese"),
        (f"minutier{option} show ID", "one document: provenance, verdict, versions, text"),
        (f"minutier{option} skips", "what was not kept, and why"),
        (f"minutier{option} export open out/", "texts, originals and tables, in a folder"),
        (f"minutier{option} demo", "the next day in the town" if visit.day == 1 else "once more: nothing changes"),
    ):
        console.print(f"  {command:<42} {why}", markup=False)
