"""Printing: data to standard output, everything else to standard error, colours only on a terminal."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterable, Sequence
from typing import Any

import click
from rich.console import Console
from rich.table import Table

FIGURES = ("seen", "listings", "stored", "updated", "unchanged", "related", "skipped", "pending", "failed")


def out() -> Console:
    """Return the console for data: as wide as the terminal, or wide enough for a file."""
    return Console(file=sys.stdout, highlight=False, width=None if sys.stdout.isatty() else 160)


def err() -> Console:
    """Return the console for everything that is not data."""
    return Console(file=sys.stderr, highlight=False, width=None if sys.stderr.isatty() else 160)


def print_json(value: Any) -> None:
    """Print a value as JSON, letters as they are."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], right: Sequence[str] = ()) -> Table:
    """Return a plain table; the columns named in `right` are figures."""
    made = Table(title=title, title_justify="left", box=None, header_style="bold", pad_edge=False)
    for name in columns:
        made.add_column(name, justify="right" if name in right else "left", overflow="fold")
    for row in rows:
        made.add_row(*("" if value is None else str(value) for value in row))
    return made


def equation(run: dict[str, Any]) -> str:
    """Return a run's equation in one line: what was seen is the sum of what became of it.

    >>> equation(dict.fromkeys(FIGURES, 0) | {"seen": 3, "listings": 1, "stored": 2})
    'seen 3 = listings 1 + stored 2'
    """
    parts = [f"{name} {run[name]}" for name in FIGURES[1:] if run[name]]
    return f"seen {run['seen']} = " + (" + ".join(parts) or "0")


def runs_table(runs: Sequence[dict[str, Any]]) -> Table:
    """Return the runs as a table: one line each, figures aligned."""
    columns = ["source", "run", "started", "outcome", *FIGURES, "requests"]
    rows = [
        [run["source"], run["id"], run["started_at"], run["outcome"], *(run[f] for f in FIGURES), run["requests"]]
        for run in runs
    ]
    return table("", columns, rows, right=[*FIGURES, "requests"])


class Ticker:
    """A line of progress: redrawn on a terminal, printed every ten seconds elsewhere."""

    def __init__(self, words: str) -> None:
        self.words = words
        self.live = sys.stderr.isatty()
        self.last = time.monotonic()
        self.drawn = False

    def show(self, done: int, total: int | None = None, where: str = "") -> None:
        """Say how far the work is."""
        now = time.monotonic()
        if now - self.last < (0.2 if self.live else 10):
            return
        self.last = now
        line = (
            f"{self.words}: {done}"
            + (f" of {total}" if total and total >= done else "")
            + (f"  {where}" if where else "")
        )
        if self.live:
            click.echo("\r\x1b[2K" + line[:100], err=True, nl=False)
            self.drawn = True
        else:
            click.echo(line, err=True)

    def done(self) -> None:
        """Clear the line."""
        if self.drawn:
            click.echo("\r\x1b[2K", err=True, nl=False)
