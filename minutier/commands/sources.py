"""`minutier sources`: the list of sources, checked key by key."""

from __future__ import annotations

import click

from minutier.options import Shared, as_json, shared_options
from minutier.printing import err, out, print_json, table


@click.command()
@click.argument("action", type=click.Choice(["list", "check"]), default="list")
@as_json
@shared_options
@click.pass_obj
def command(shared: Shared, action: str, as_json: bool) -> int:
    """List the sources, or check every key of the file and say which sources are unprobed.

    An error names the file, the line, the key and the choices (exit code 2).
    """
    from minutier.crawling import load_sources

    loaded = load_sources(shared.sources)
    rows = [
        {
            "id": source.id,
            "title": source.title,
            "kind": source.kind,
            "spider": source.spider or "",
            "state": "enabled" if source.enabled and source.probed else "disabled" if source.probed else "unprobed",
            "evidence": source.evidence or "",
        }
        for source in loaded.sources
    ]
    if as_json:
        print_json({"sources": rows})
        return 0
    if action == "list":
        columns = ["id", "state", "kind", "spider", "title"]
        out().print(table("", columns, [[row[name] for name in columns] for row in rows]))
    states = [row["state"] for row in rows]
    err().print(
        f"{shared.sources}: {len(rows)} sources, no error; {states.count('enabled')} enabled, "
        f"{states.count('disabled')} disabled, {states.count('unprobed')} unprobed (no rules yet: they are never run)."
    )
    return 0
