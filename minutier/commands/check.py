"""`minutier check`: what needs somebody's eye, one line each; nothing at all where all is well."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from minutier.options import Shared, as_json, shared_options
from minutier.printing import err, print_json

if TYPE_CHECKING:
    from storage.sources import SourcesFile


@click.command()
@click.argument("ids", nargs=-1, metavar="[ID]...")
@as_json
@shared_options
@click.pass_obj
def command(shared: Shared, ids: tuple[str, ...], as_json: bool) -> int:
    """Say which sources need somebody's eye, the worst first, one line each.

    Prints nothing where all is well, so that cron sends no mail. Without ID it looks at the sources that are enabled;
    with ID it shows the page of a rule that died, what the rule found before, and what comes nearest now. Exit code 1:
    there is an alarm.
    """
    from crawlers.run import utc_now
    from minutier.checking import alarms, changes, checked, lines
    from storage.store import Store

    sources = registry(shared)
    with Store.open(shared.corpus) as store:
        found = checked(store, sources, ids, utc_now())
        told = alarms(found, named=bool(ids))
        changed = changes(store, sources, told) if ids or as_json else []
    if as_json:
        print_json({"sources": [one.json() for one in found], "alarms": told, "changed": changed})
        return int(bool(told))
    for alarm in told:
        click.echo(f"{alarm['source']}: {alarm['check']}: {alarm['message']}")
    for each in changed:
        click.echo(f"\n{each['source']}, rule `{each['rule']}`:")
        for label, words in lines(each):
            click.echo(f"  {label}: {words}")
    if not told and err().is_terminal:
        err().print(f"{len(found)} sources looked at, no alarm.")
    return int(bool(told))


def registry(shared: Shared) -> SourcesFile | None:
    """Return the list of sources, or nothing where there is none: then what never ran is not known."""
    from minutier.crawling import load_sources

    if shared.sources.exists():
        return load_sources(shared.sources)
    if err().is_terminal:
        err().print(f"There is no {shared.sources}: sources that never ran are not known.", markup=False)
    return None
