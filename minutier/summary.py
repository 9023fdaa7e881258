"""What a command that ran sources tells at its end: the equation, the alarms, and where to look."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.console import Console

from minutier.printing import equation

if TYPE_CHECKING:
    from minutier.crawling import Report

OUTCOMES = {
    "complete": "complete",
    "failures": "done, with failures",
    "incomplete": "incomplete: nothing that was known is changed or declared gone",
    "too_few": "too few documents: nothing that was known is changed or declared gone",
    "limited": "stopped by a budget",
    "unfinished": "unfinished: the same command goes on from there",
    "interrupted": "interrupted",
}


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
