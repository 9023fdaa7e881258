"""`minutier report`: the whole corpus on one page, for who does not use the command line."""

from __future__ import annotations

import os
from pathlib import Path

import click

from minutier.options import Shared, shared_options
from minutier.printing import err


@click.command()
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE.html")
@click.option("--lang", type=click.Choice(["fr", "en"]), default="fr", show_default=True, help="Its language.")
@click.option("--source", "sources", metavar="ID", multiple=True, help="Only this source (may be repeated).")
@click.option("--force", is_flag=True, help="Replace an earlier report at FILE.html.")
@shared_options
@click.pass_obj
def command(shared: Shared, file: Path, lang: str, sources: tuple[str, ...], force: bool) -> int:
    """Write one page that says what the corpus holds and what it lacks: to be read, printed and passed on.

    It needs nothing besides itself: no network, no script. The figures are those of `stats`, `ledger`, `check`, `skips`
    and `politeness`. A list of sources that cannot be read is said, and the rest is told.
    """
    from crawlers.run import utc_now
    from minutier.registry import registry_at
    from minutier.report.gathering import gathered
    from minutier.report.page import page
    from minutier.report.writing import check_free, write_whole
    from storage.snapshots import refuse_within
    from storage.store import Store

    place = Path(os.path.abspath(file))
    check_free(place, force=force)
    with Store.open(shared.corpus) as store:
        refuse_within(store, place)
        registry = registry_at(shared.sources)
        text = page(gathered(store, registry, utc_now(), sources), lang)
    write_whole(text, place)
    if registry.unread:
        err().print(f"The report says that the list of sources was not read: {registry.unread}", markup=False)
    err().print(f"{file}: {len(text.encode()) / 1e3:.0f} kB, to be opened in any browser.", markup=False)
    return 0
