"""`minutier extract`: read captures that wait, or read everything again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from minutier.options import Shared, filter_options, reads_pictures, shared_options
from minutier.printing import Ticker, err, out

if TYPE_CHECKING:
    from storage.filters import Filters


@click.command()
@click.option("--again", is_flag=True, help="Read the documents selected again, and print what changed.")
@reads_pictures
@filter_options
@shared_options
@click.pass_obj
def command(shared: Shared, again: bool, ocr: bool, filters: Filters) -> int:
    """Read text out of captures, without network: those that wait, or with --again those that the filters select.

    What people decided and every earlier version stay; a changed text becomes a new version.
    """
    from crawlers.run import utc_now
    from minutier import __version__
    from minutier.again import Difference, read_again, read_waiting
    from minutier.readings import readings_in
    from minutier.summary import print_waiting
    from minutier.waiting import patience
    from storage.store import Store
    from storage.withdrawals import withheld_documents

    ticker = Ticker("documents read")
    Store.open(shared.corpus).__exit__(None, None, None)  # never make a corpus here
    with Store.create(shared.corpus, now=utc_now(), version=__version__, patience=patience()) as store:
        readings = readings_in(store, ocr=ocr)
        differences: list[Difference] = []
        unread = len(store.rows(withheld_documents(filters.documents()))) if again else 0
        if again:
            differences = read_again(store, readings, filters, utc_now, ticker.show)
        read = len(differences) if again else read_waiting(store, readings, utc_now, ticker.show)
        ticker.done()
        print_waiting(err(), store, readings)
    changed = [each for each in differences if each.changed]
    for each in changed:
        out().print(f"{each.document_id}  {each.sentence}", markup=False)
    err().print(f"{read} documents read." + (f" {len(changed)} changed." if again else ""))
    if unread:
        err().print(f"{unread} documents were not read: a passage was withdrawn from them, and their bytes with it.")
    if again and not read and not unread:
        err().print("The filters select no document: look at `minutier stats`.")
        return 1
    return 0
