"""`minutier backup`: a whole copy of the corpus, while a crawl goes on."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import click

from minutier.options import Shared, as_json, shared_options
from minutier.printing import Ticker, err, out, print_json


@click.command()
@click.argument("target", metavar="OUT", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Bring an earlier backup of this corpus at OUT up to date.")
@as_json
@shared_options
@click.pass_obj
def command(shared: Shared, target: Path, force: bool, as_json: bool) -> int:
    """Copy the corpus to the folder OUT, as it is at one moment, and verify the copy. A crawl may go on meanwhile.

    The copy is a corpus: `--corpus OUT` reads it. With --force an earlier backup is brought up to date: only new files
    are copied, and what was withdrawn leaves the backup too. Nothing but a backup of this corpus is ever replaced.
    """
    from crawlers.run import utc_now
    from minutier.commands.verify import exit_code
    from storage.backups import backup
    from storage.runs import iso
    from storage.store import Store

    ticker = Ticker("backup")
    with Store.open(shared.corpus) as store:
        made = backup(store, target.absolute(), now=iso(utc_now()), refresh=force, progress=ticker.show)
    ticker.done()
    if as_json:
        print_json(dataclasses.asdict(made))
    for fault in [] if as_json else made.report.faults:
        out().print(fault, markup=False, soft_wrap=True)
    state = f"{len(made.report.faults)} faults" if made.report.faults else "all as it was captured"
    err().print(
        f"{target}: {made.report.documents} documents and {made.report.blobs} files ({made.new} new, {made.removed} "
        f"removed), verified: {state}.",
        markup=False,
        soft_wrap=True,
    )
    return exit_code(made.report)
