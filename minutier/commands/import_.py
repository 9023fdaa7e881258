"""`minutier import`: files from this machine, accounted for like a crawl."""

from __future__ import annotations

from pathlib import Path

import click

from minutier.options import KINDS, Shared, as_json, reads_pictures, shared_options
from minutier.printing import Ticker, err, print_json


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--source", "source_id", required=True, metavar="ID", help="The source they belong to; made if unknown.")
@click.option("--kind", type=click.Choice(KINDS), help="What they are (default: other, or what the source says).")
@click.option("--lang", "languages", multiple=True, metavar="CODE", help="Languages to expect (default: fr).")
@reads_pictures
@as_json
@shared_options
@click.pass_obj
def command(
    shared: Shared,
    paths: tuple[str, ...],
    source_id: str,
    kind: str | None,
    languages: tuple[str, ...],
    ocr: bool,
    as_json: bool,
) -> int:
    """Import files and folders: every file becomes a document with a verdict, or is put aside with a reason."""
    from crawlers.run import utc_now
    from minutier import __version__
    from minutier.crawling import Progress, exit_code, run_sources
    from minutier.importing import folder_source
    from minutier.readings import readings_in
    from minutier.summary import print_reports, print_waiting
    from storage.store import Store

    sources = folder_source(
        shared.sources, source_id, [Path(path) for path in paths], kind=kind, languages=list(languages)
    )
    ticker = Ticker("files read")
    progress = Progress(changed=lambda p: ticker.show(p.settled, p.documents, p.last))
    with Store.create(shared.corpus, now=utc_now(), version=__version__) as store:
        readings = readings_in(store.folder, ocr=ocr)
        reports = run_sources(store, sources, list(sources.sources), readings, walks_listings=False, progress=progress)
        ticker.done()
        print_waiting(err(), store, readings)
    if as_json:
        print_json({"runs": [each.run for each in reports if each.run]})
    print_reports(err(), reports)
    return exit_code(reports)
