"""`minutier pack`: a whole corpus in one file, for another machine."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import click

from minutier.options import Shared, as_json, shared_options
from minutier.printing import Ticker, err, out, print_json


@click.command()
@click.argument("target", metavar="OUT", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Replace an earlier pack at OUT.")
@as_json
@shared_options
@click.pass_obj
def command(shared: Shared, target: Path, force: bool, as_json: bool) -> int:
    """Write the whole corpus, and the list of sources, to the one file OUT: a ZIP with the hash of everything in it.

    An unchanged corpus gives the same file again. `minutier restore OUT DIR` makes a corpus of it on any system.
    """
    from storage.packing import pack, sources_beside
    from storage.store import Store

    ticker = Ticker("packed")
    with Store.open(shared.corpus) as store:
        beside, left = sources_beside(shared.sources)
        packed = pack(store, target.absolute(), sources=beside, replace=force, progress=ticker.show)
    ticker.done()
    if as_json:
        print_json(dataclasses.asdict(packed))
    else:
        out().print(f"{packed.sha256}  {target.name}", markup=False, soft_wrap=True)
    for digest in packed.lost:
        lost = f"The bytes {digest} are missing from the corpus or were changed, and are not in the pack: "
        err().print(lost + "`minutier verify` names the documents.", markup=False, soft_wrap=True)
    for path in left:
        why = "its name cannot be written on every system"
        err().print(f"{path} is not in the pack, {why}: rename it, or carry it over yourself.", markup=False)
    words = f"{target}: {packed.documents} documents, {packed.blobs} files, {packed.size / 2**20:.1f} MiB."
    err().print(f"{words} `minutier restore {target.name} DIR` makes a corpus of it.", markup=False, soft_wrap=True)
    return 1 if packed.lost else 0
