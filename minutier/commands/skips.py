"""`minutier skips`: what was not kept, and why."""

from __future__ import annotations

import click

from minutier.options import Shared, as_json, shared_options
from minutier.printing import err, out, print_json, table


@click.command()
@click.option("--source", default="", metavar="ID", help="Only this source.")
@click.option("--reason", default="", metavar="CODE", help="Only this reason, such as scope, robots, http_404.")
@as_json
@shared_options
@click.pass_obj
def command(shared: Shared, source: str, reason: str, as_json: bool) -> None:
    """List the addresses that the latest run of each source did not keep, with the reason."""
    from storage import figures
    from storage.store import Store

    with Store.open(shared.corpus) as store, store.reading() as connection:
        found = figures.skips(connection, source=source, reason=reason)
    if as_json:
        print_json({"skips": found})
        return
    if not found:
        err().print("Nothing was put aside.")
        return
    rows = [[skip["source"], skip["state"], skip["reason"], skip["address"], skip["detail"]] for skip in found]
    out().print(table("", ["source", "state", "reason", "address", "why"], rows))
