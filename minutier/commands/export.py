"""`minutier export`: a bundle for a coding tool."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from minutier.options import Shared, filter_options, shared_options
from minutier.printing import Ticker, err
from storage.errors import StorageUnusable, WrongUse

if TYPE_CHECKING:
    from bundles.model import Documents, Report
    from storage.filters import Filters


@click.command()
@click.argument("format_name", metavar="FORMAT")
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Replace OUT if it is there.")
@filter_options
@shared_options
@click.pass_obj
def command(shared: Shared, format_name: str, out: Path, force: bool, filters: Filters) -> int:
    """Write the documents selected as a bundle, and say what it holds and what was left out.

    FORMAT is one of those that `minutier formats` lists. A broken export leaves nothing half-written.
    """
    from bundles import formats_found
    from bundles.model import Documents
    from storage.store import Store

    formats = formats_found()
    if format_name not in formats:
        raise WrongUse(f"There is no format {format_name!r}: choose one of {', '.join(formats)}.")
    if out.exists() and not force:
        raise WrongUse(f"{out} is there already: name another place, or replace it with --force.")
    with Store.open(shared.corpus) as store:
        ticker = Ticker("documents written")
        documents = Documents(store=store, filters=filters)
        total = len(documents)
        if not total:
            err().print("The filters select no document, nothing was written: look at `minutier stats`.")
            return 1
        written = 0

        def one_more() -> None:
            nonlocal written
            written += 1
            ticker.show(written, total)

        documents.on_document = one_more
        report = write_whole(formats[format_name].write, documents, out)
        ticker.done()
    err().print(f"{out}: {report.written} of {report.selected} documents, {report.files} files.", markup=False)
    for each in report.left_out[:10]:
        err().print(f"  {each.document}: no {each.what} ({each.why})", markup=False)
    if len(report.left_out) > 10:
        err().print(f"  … and {len(report.left_out) - 10} more, all named in its README.", markup=False)
    return 0


def write_whole(write: Callable[[Documents, Path], Report], documents: Documents, out: Path) -> Report:
    """Write beside the target and put it in place at the end: whole, or not at all."""
    draft = out.with_name(f".{out.name}.part")
    remove(draft)
    try:
        draft.parent.mkdir(parents=True, exist_ok=True)
        report = write(documents, draft)
        remove(out)
        draft.rename(out)
    except OSError as error:
        raise StorageUnusable(f"{out} cannot be written ({error.strerror or error}): nothing was left there.") from None
    finally:
        remove(draft)
    return report


def remove(path: Path) -> None:
    """Remove a file or a folder, if it is there."""
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
