"""`minutier crawl`: run sources."""

from __future__ import annotations

import click

from minutier.options import Shared, as_json, reads_pictures, shared_options
from minutier.printing import Ticker, err, print_json


@click.command()
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option("--limit", type=click.IntRange(min=1), help="Ask for at most N documents of each source (exit code 5).")
@click.option("--offline", is_flag=True, help="Walk the last captures again; ask nothing of the network.")
@reads_pictures
@as_json
@shared_options
@click.pass_obj
def command(shared: Shared, ids: tuple[str, ...], limit: int | None, offline: bool, ocr: bool, as_json: bool) -> int:
    """Run sources: all enabled ones, or those named.

    A run that was cut short is gone on with. Exit codes: 0 complete, 1 failures or alarms, 3 the storage cannot be
    used, 4 interrupted, 5 stopped by --limit, 6 another run holds the source.
    """
    from crawlers.run import utc_now
    from minutier import __version__
    from minutier.crawling import Progress, choose, exit_code, load_sources, run_sources
    from minutier.readings import readings_in
    from minutier.summary import print_reports, print_waiting
    from storage.store import Store

    sources = load_sources(shared.sources)
    chosen = choose(sources, ids)
    for source in sources.sources:
        if source.enabled and not source.probed and not ids:
            err().print(f"{source.id} is enabled but has no rules yet (unprobed): it is not run.", markup=False)
    ticker = Ticker("documents read")
    progress = Progress(changed=lambda p: ticker.show(p.settled, p.documents, p.last))
    with Store.create(shared.corpus, now=utc_now(), version=__version__) as store:
        readings = readings_in(store.folder, ocr=ocr)
        reports = run_sources(store, sources, chosen, readings, limit=limit, offline=offline, progress=progress)
        ticker.done()
        print_waiting(err(), store, readings)
    if as_json:
        print_json({"runs": [each.run for each in reports if each.run]})
    print_reports(err(), reports)
    return exit_code(reports)
