"""`minutier runs`: the history, each run with its equation."""

from __future__ import annotations

import click

from minutier.options import Shared, as_json, shared_options
from minutier.printing import err, out, print_json, runs_table


@click.command()
@click.argument("source", required=False, default="")
@as_json
@shared_options
@click.pass_obj
def command(shared: Shared, source: str, as_json: bool) -> None:
    """List runs, newest first, with what became of every address seen."""
    from storage.figures import run_list
    from storage.store import Store

    with Store.open(shared.corpus) as store, store.reading() as connection:
        runs = run_list(connection, source)
    if as_json:
        print_json({"runs": runs})
        return
    if not runs:
        err().print(f"No run of {source} in this corpus." if source else "No run in this corpus yet.")
        return
    out().print(runs_table(runs))
    for run in runs:
        for alarm in run["alarms"]:
            out().print(f"{run['source']} {run['id']}: {alarm['message']}", style="yellow", markup=False)
