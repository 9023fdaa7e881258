"""`minutier verify`: is the evidence still what it was?"""

from __future__ import annotations

import click

from minutier.options import Shared, as_json, shared_options
from minutier.printing import Ticker, err, out, print_json


@click.command()
@as_json
@shared_options
@click.pass_obj
def command(shared: Shared, as_json: bool) -> int:
    """Hash every blob and text again, and check the database, its links and its index. Changes nothing."""
    from storage.store import Store
    from storage.verify import verify

    ticker = Ticker("blobs checked")
    with Store.open(shared.corpus) as store:
        report = verify(store, ticker.show)
    ticker.done()
    if as_json:
        print_json({"blobs": report.blobs, "texts": report.texts, "faults": list(report.faults)})
    for fault in [] if as_json else report.faults:
        out().print(fault, markup=False)
    state = f"{len(report.faults)} faults" if report.faults else "all as it was captured"
    err().print(f"{report.blobs} blobs and {report.texts} texts checked: {state}.")
    return 1 if report.faults else 0
