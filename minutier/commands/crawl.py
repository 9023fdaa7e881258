"""`minutier crawl`: run sources."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from minutier.options import Shared, as_json, reads_pictures, shared_options
from minutier.printing import Ticker, err, print_json
from storage.errors import WrongUse

if TYPE_CHECKING:
    from storage.sources import Source
    from storage.store import Store


@click.command()
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option("--due", is_flag=True, help="Only those whose turn has come, by their `every`.")
@click.option("--limit", type=click.IntRange(min=1), help="Ask for at most N documents of each source (exit code 5).")
@click.option("--offline", is_flag=True, help="Walk the last captures again; ask nothing of the network.")
@reads_pictures
@as_json
@shared_options
@click.pass_obj
def command(shared: Shared, /, ids: tuple[str, ...], limit: int | None, ocr: bool, as_json: bool, **how: bool) -> int:
    """Run sources: all enabled ones, or those named; with --due those whose turn has come.

    A run that was cut short is gone on with. Exit codes: 0 complete, 1 failures or alarms, 3 the storage cannot be
    used, 4 interrupted, 5 stopped by --limit, 6 another run holds the source (with --due no failure: it is being run).
    """
    from crawlers.run import utc_now
    from minutier import __version__
    from minutier.crawling import Progress, Wish, choose, exit_code, load_sources, run_sources
    from minutier.readings import readings_in
    from minutier.summary import print_reports, print_waiting
    from minutier.waiting import patience
    from storage.store import Store

    if how["due"] and how["offline"]:
        raise WrongUse("What is due is asked of the sites: choose --due or --offline.")
    sources = load_sources(shared.sources)
    chosen = choose(sources, ids)
    for source in sources.sources:
        if source.enabled and not source.probed and not ids:
            err().print(f"{source.id} is enabled but has no rules yet (unprobed): it is not run.", markup=False)
    ticker = Ticker("documents read")
    progress = Progress(changed=lambda p: ticker.show(p.settled, p.documents, p.last))
    with Store.create(shared.corpus, now=utc_now(), version=__version__, patience=patience()) as store:
        readings = readings_in(store, ocr=ocr)
        chosen, finished = ripe(store, chosen) if how["due"] else (chosen, {})
        wish = Wish(limit=limit, offline=how["offline"], finished=finished)
        reports = run_sources(store, sources, chosen, readings, wish=wish, progress=progress)
        ticker.done()
        if reports:
            print_waiting(err(), store, readings)
    if as_json:
        print_json({"runs": [each.run for each in reports if each.run]})
    print_reports(err(), reports)
    return exit_code(each for each in reports if each.run or not how["due"])


def ripe(store: Store, chosen: list[Source]) -> tuple[list[Source], dict[str, int]]:
    """Return the sources whose turn has come, with how many of their runs are over, and say when the next one is."""
    from crawlers.run import utc_now
    from minutier.due import summary, turns_of

    now = utc_now()
    turns = turns_of(store, chosen, now)
    turned = {turn.source.id for turn in turns}
    for source in chosen:
        if source.id not in turned:
            err().print(f"{source.id} has no turn (disabled or discontinued): without --due it is run.", markup=False)
    err().print(summary(turns, now), markup=False)
    come = [turn for turn in turns if turn.at <= now]
    return [turn.source for turn in come], {turn.source.id: turn.finished for turn in come}
