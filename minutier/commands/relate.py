"""`minutier relate`: what documents have to do with each other, counted, or found again."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import click

from minutier.options import Shared, as_json, filter_options, shared_options
from minutier.printing import Ticker, err, out, print_json, table

if TYPE_CHECKING:
    from storage.filters import Filters


@click.command()
@click.option("--again", is_flag=True, help="Find the relations of the documents selected again.")
@filter_options
@as_json
@shared_options
@click.pass_obj
def command(shared: Shared, again: bool, as_json: bool, filters: Filters) -> int:
    """Count the relations between documents; with --again find them again, which gives the same unless rules changed.

    Documents are compared as they arrive: nothing has to be run for that. The filters say which documents are compared
    again, each with all others; without filters everything is made from nothing.
    """
    from crawlers.run import utc_now
    from minutier import __version__
    from storage.relating import differences, relations
    from storage.store import Store

    Store.open(shared.corpus).__exit__(None, None, None)  # never make a corpus here
    ticker = Ticker("documents compared")
    with Store.create(shared.corpus, now=utc_now(), version=__version__) as store:
        with store.reading() as connection:
            before = relations(connection)
        compared = store.relate_again(filters, ticker.show) if again else 0
        with store.reading() as connection:
            found = differences(before, relations(connection))
    ticker.done()
    if as_json:
        print_json({"compared": compared, "relations": [dataclasses.asdict(each) for each in found]})
    else:
        names = ["type", "before", "added", "removed", "now"]
        columns = names if again else ["type", "now"]
        rows = [[getattr(each, name) for name in columns] for each in found]
        out().print(table("", columns, rows, right=columns[1:]))
    if again and not compared:
        err().print("The filters select no document: look at `minutier stats`.")
        return 1
    return 0
