"""`minutier copy`: a whole corpus to another place, also between a folder and a lab's database."""

from __future__ import annotations

import click

from minutier.options import Shared, as_json, shared_options
from minutier.printing import Ticker, err, print_json


@click.command()
@click.argument("origin", metavar="FROM")
@click.argument("target", metavar="TO")
@as_json
@shared_options
@click.pass_obj
def command(shared: Shared, origin: str, target: str, as_json: bool) -> int:
    """Copy a whole corpus to a place where there is none: a folder, or postgresql://HOST/DATABASE?blobs=PLACE.

    Rows and bytes are taken over as they are; the full-text index is made anew at the target.
    """
    from crawlers.run import utc_now
    from minutier import __version__
    from storage.copying import copy
    from storage.store import Store

    ticker = Ticker("files copied")
    with Store.open(origin) as store:
        copied = copy(store, target, ticker.show)
    ticker.done()
    with Store.create(target, now=utc_now(), version=__version__) as made:
        place = made.database.place
    if as_json:
        print_json({"blobs": copied.blobs, "rows": copied.rows, "lost": list(copied.lost)})
    err().print(
        f"{place}: {copied.rows['document']} documents, {copied.rows['version']} versions and {copied.blobs} files are "
        "there now. `minutier verify` compares every one with its hash.",
        markup=False,
    )
    for digest in copied.lost:
        lost = f"The bytes {digest} are missing from {origin} or were changed, and were not copied: "
        err().print(lost + "`minutier verify` there names the documents.", markup=False, soft_wrap=True)
    return 1 if copied.lost else 0
