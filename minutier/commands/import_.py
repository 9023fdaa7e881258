"""`minutier import`: files from this machine, accounted for like a crawl."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from minutier.options import Shared, as_json, reads_pictures, shared_options
from minutier.printing import Ticker, err, print_json
from storage.choices import KINDS

if TYPE_CHECKING:
    from crawlers.spiders.folder import Options
    from storage.sources import SourcesFile


@click.command()
@click.argument("paths", nargs=-1, metavar="PATH...")
@click.option("--source", "source_id", required=True, metavar="ID", help="The source they belong to; made if unknown.")
@click.option("--kind", type=click.Choice(KINDS), help="What they are (default: other, or what the source says).")
@click.option("--lang", "languages", multiple=True, metavar="CODE", help="Languages to expect (default: fr).")
@click.option("--metadata", default="", metavar="CSV", help="A table that says what each file is and who gave it.")
@click.option("--glob", default="", metavar="PATTERN", help="Only these files, such as '**/*.{html,pdf}'.")
@reads_pictures
@as_json
@shared_options
@click.pass_obj
def command(
    shared: Shared,
    /,
    paths: tuple[str, ...],
    source_id: str,
    kind: str | None,
    languages: tuple[str, ...],
    ocr: bool,
    as_json: bool,
    **chosen: str,
) -> int:
    """Import files, folders and web archives: every file becomes a document with a verdict, or is put aside.

    With --metadata and no PATH, what is said of files that were imported before is corrected.
    """
    from crawlers.spiders.folder import Options
    from minutier.importing import folder_source

    options = Options(path=paths, **chosen)
    if not paths and not options.metadata:
        raise click.UsageError("Name a file or a folder to import, or a table with --metadata.")
    sources = folder_source(shared.sources, source_id, options, kind=kind, languages=list(languages))
    if not paths:
        return correct(shared, sources, options.metadata, ocr, as_json)
    return bring(shared, sources, options, ocr, as_json)


def bring(shared: Shared, sources: SourcesFile, options: Options, ocr: bool, as_json: bool) -> int:
    """Import files and report the run."""
    from crawlers.run import utc_now
    from minutier import __version__
    from minutier.crawling import Progress, Wish, exit_code, run_sources
    from minutier.importing import check
    from minutier.readings import readings_in
    from minutier.summary import print_reports, print_waiting
    from minutier.waiting import patience
    from storage.store import Store

    warning = check(options)
    ticker = Ticker("files read")
    progress = Progress(changed=lambda p: ticker.show(p.settled, p.documents, p.last))
    with Store.create(shared.corpus, now=utc_now(), version=__version__, patience=patience()) as store:
        readings = readings_in(store, ocr=ocr)
        reports = run_sources(
            store, sources, list(sources.sources), readings, wish=Wish(walks_listings=False), progress=progress
        )
        ticker.done()
        print_waiting(err(), store, readings)
    if as_json:
        print_json({"runs": [each.run for each in reports if each.run]})
    if warning:
        err().print(warning, style="yellow", markup=False)
    print_reports(err(), reports)
    return exit_code(reports)


def correct(shared: Shared, sources: SourcesFile, table: str, ocr: bool, as_json: bool) -> int:
    """Correct what is said of files that were imported before, and say how many documents changed."""
    from crawlers.run import utc_now
    from minutier.importing import restate
    from minutier.readings import readings_in
    from storage.store import Store

    with Store.open(shared.corpus) as store:
        readings = readings_in(store, ocr=ocr)
        changed = restate(store, sources.sources[0], table, readings, utc_now)
    if as_json:
        print_json({"runs": [], "restated": changed})
    err().print(f"{changed} documents are described anew; their texts and versions are as they were.", markup=False)
    return 0
