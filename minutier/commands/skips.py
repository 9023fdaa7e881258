"""`minutier skips`: what was not kept, and why."""

from __future__ import annotations

from typing import Any

import click

from minutier.options import Shared, as_json, shared_options
from minutier.printing import err, out, print_json, table


@click.command()
@click.option("--source", default="", metavar="ID", help="Only this source.")
@click.option("--reason", default="", metavar="CODE", help="Only this reason, such as scope, robots, http_404.")
@click.option("--all", "each", is_flag=True, help="List every address instead of counting them by pattern.")
@as_json
@shared_options
@click.pass_obj
def command(shared: Shared, source: str, reason: str, each: bool, as_json: bool) -> None:
    """Count the addresses that the latest run of each source did not keep, by reason and pattern; --all lists them."""
    from storage import figures
    from storage.store import Store

    with Store.open(shared.corpus) as store, store.reading() as connection:
        found = figures.skips(connection, source=source, reason=reason)
    if as_json:
        print_json({"groups": figures.skip_groups(found), "skips": found})
        return
    if not found:
        err().print("Nothing was put aside.")
        return
    if not each:
        columns = ["count", "source", "state", "reason", "pattern", "why"]
        groups = figures.skip_groups(found)
        rows = [[g["count"], g["source"], g["state"], g["reason"], shape(g), g["detail"]] for g in groups]
        out().print(table("", columns, rows, right=["count"]))
        return
    rows = [[skip["source"], skip["state"], skip["reason"], skip["address"], skip["detail"]] for skip in found]
    out().print(table("", ["source", "state", "reason", "address", "why"], rows))


def shape(group: dict[str, Any]) -> str:
    """Return what stands for a group of addresses: their pattern, or the address where there is one only."""
    return str(group["example"] if group["count"] == 1 else group["pattern"])
