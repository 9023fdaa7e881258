"""`minutier verify`: is the evidence still what it was?"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import click

from minutier.options import Shared, as_json, shared_options
from minutier.printing import Ticker, err, out, print_json

if TYPE_CHECKING:
    from storage.verify import Report


@click.command()
@click.option("--whole", is_flag=True, help="Compare the index of every document term by term, not of a sample.")
@click.option("--reindex", is_flag=True, help="First build the full-text index again from the texts.")
@as_json
@shared_options
@click.pass_obj
def command(shared: Shared, whole: bool, reindex: bool, as_json: bool) -> int:
    """Hash every blob and text again, and check every row, its links and the index. Changes nothing.

    One line for each fault, with the next step. Exit code 1: there are faults; 3: the database cannot be used.
    """
    from minutier.deciding import open_to_write
    from storage.store import Store
    from storage.verify import verify
    from storage.verify_index import SAMPLE

    if reindex:
        with open_to_write(shared.corpus) as store:
            store.reindex()
    ticker = Ticker("checked")
    with Store.open(shared.corpus) as store:
        report = verify(store, ticker.show, sample=None if whole else SAMPLE)
    ticker.done()
    if as_json:
        print_json(dataclasses.asdict(report))
    for line in [] if as_json else [*report.faults, *report.notes]:
        out().print(line, markup=False, soft_wrap=True)
    err().print(in_words(report), markup=False)
    return exit_code(report)


def in_words(report: Report) -> str:
    """Return what was checked, and what came of it."""
    if not report.usable:
        return "The database cannot be used; nothing else was checked."
    state = f"{len(report.faults)} faults" if report.faults else "all as it was captured"
    index = f"the index of {report.compared} of {report.documents} documents compared term by term"
    if report.compared < report.documents:
        index += " (--whole compares all)"
    return f"{report.blobs} blobs, {report.texts} texts and {report.rows} rows checked, {index}: {state}."


def exit_code(report: Report) -> int:
    """Return what a report means for whoever called: 3 where the database is unusable, 1 where there are faults."""
    if not report.usable:
        return 3
    return 1 if report.faults else 0
