"""How long a command waits for a database or an object store that is away, and where it says so."""

from __future__ import annotations

import click

from storage.outages import Patience

MINUTES = 15
"""What a command waits for one outage; a worker of a lab waits as long as it takes."""


def patience(minutes: float | None = MINUTES) -> Patience:
    """Return the patience of long work: it tells when an outage begins and ends, a line each, on standard error."""
    return Patience(limit=None if minutes is None else minutes * 60, say=lambda words: click.echo(words, err=True))
