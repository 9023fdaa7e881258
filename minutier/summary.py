"""What a command that ran sources tells at its end: the equation, the alarms, and where to look."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.console import Console

from minutier.printing import equation

if TYPE_CHECKING:
    from minutier.crawling import Report
    from minutier.readings import Readings
    from storage.store import Store

OUTCOMES = {
    "complete": "complete",
    "failures": "done, with failures",
    "incomplete": "incomplete: nothing that was known is changed or declared gone",
    "too_few": "too few documents: nothing that was known is changed or declared gone",
    "limited": "stopped by a budget",
    "unfinished": "unfinished: the same command goes on from there",
    "interrupted": "interrupted",
}


def print_waiting(console: Console, store: Store, readings: Readings) -> None:
    """Print how many documents wait for OCR, and what to do about it; nothing where none waits."""
    from storage.filters import Filters
    from storage.reading import count

    with store.reading() as connection:
        waiting = count(connection, Filters(has=("needs_ocr",), all_copies=True))
    if not waiting:
        return
    then = "minutier extract --again --has needs_ocr"
    why = readings.missing or ("OCR gave nothing for them, see `minutier show`." if readings.ocr else "OCR is off.")
    console.print(f"{waiting} documents hold pages that wait for OCR. {why}", style="yellow", markup=False)
    console.print(f"  later: {then}", markup=False)


def print_reports(console: Console, reports: Sequence[Report]) -> None:
    """Print how each source fared, in two or three lines."""
    for report in reports:
        run = report.run
        if run is None:
            console.print(f"{report.source}: {report.refused}", style="yellow", markup=False)
            continue
        resumed = " (went on with an unfinished run)" if report.resumed else ""
        console.print(f"[bold]{report.source}[/bold]: {OUTCOMES[run['outcome']]}{resumed}")
        console.print(f"  {equation(run)}; {run['requests']} requests", markup=False)
        for alarm in run["alarms"]:
            console.print(f"  alarm: {alarm['message']}", style="yellow", markup=False)
        if run["skipped"] or run["failed"]:
            console.print(f"  why: minutier skips --source {report.source}", markup=False)
