"""`minutier export`: a bundle for a coding tool."""

from __future__ import annotations

import dataclasses
import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from minutier.options import Shared, as_json, filter_options, shared_options
from minutier.printing import print_json
from storage.errors import WrongUse

if TYPE_CHECKING:
    from storage.filters import Filters

FLAGS = ("excel_fr", "text_only")
"""Options of single formats: a format takes those that its own FLAGS name."""


@click.command()
@click.argument("format_name", metavar="FORMAT")
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Replace an earlier export at OUT.")
@click.option("--freeze", default="", metavar="NAME", help="What this freeze holds, as it was shown then.")
@click.option("--new-since", "earlier", default="", metavar="FREEZE", help="Only what is new or changed since then.")
@click.option(
    "--unit",
    type=click.Choice(["document", "page", "act"]),
    default="document",
    help="Write each document, or each of its pages or acts, as one.",
)
@click.option("--excel-fr", is_flag=True, help="For a French spreadsheet: semicolons and a mark at the beginning.")
@click.option("--text-only", is_flag=True, help="Texts without the original files.")
@as_json
@filter_options
@shared_options
@click.pass_obj
def command(
    shared: Shared, /, format_name: str, out: Path, force: bool, as_json: bool, filters: Filters, **wanted: Any
) -> int:
    """Write the documents selected as a bundle, and say what it holds and what was left out.

    FORMAT is one of those that `minutier formats` lists. A broken export leaves nothing half-written. A freeze gives
    the same bytes every time; of one whose documents were withdrawn the others are written, masked where a passage was
    withdrawn, and the exit code is 1.
    """
    from bundles.model import Documents
    from minutier.exporting import endings_of, export, format_named, nothing_to_write, tell, tell_nothing
    from minutier.methods import paragraphs
    from minutier.replacing import check_free
    from storage.filters import Filters
    from storage.snapshots import refuse_within
    from storage.store import Store

    flags = frozenset(name.replace("_", "-") for name in FLAGS if wanted.pop(name))
    since, freeze = wanted.pop("earlier"), wanted["freeze"]
    module = format_named(format_name, flags)
    place = Path(os.path.abspath(out))  # `.` has no name of its own
    check_free(place, endings_of(module), force=force)
    if freeze and filters != Filters():
        raise WrongUse("A freeze holds what it holds: give --freeze or filters, not both.")
    with Store.open(shared.corpus) as store:
        refuse_within(store, place)
        documents = Documents(store=store, filters=filters, flags=flags, since=since, **wanted)
        if freeze:
            documents.methods = partial(paragraphs, store, freeze)
        report = export(module, documents, place)
    if report is None:
        return nothing_to_write(documents)
    if as_json:
        print_json(dataclasses.asdict(report))
    if not report.written:
        return tell_nothing(report)
    tell(report, out)
    return 1 if documents.chosen.withdrawn or documents.chosen.redacted else 0
