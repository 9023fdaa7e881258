"""`minutier restore`: a pack becomes a corpus again."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING

import click

from minutier.options import Shared, as_json, shared_options
from minutier.printing import Ticker, err, out, print_json
from minutier.withdrawing import as_there, tell, withdrawals_at
from storage.errors import MinutierError

if TYPE_CHECKING:
    from storage.withdrawals import Withdrawals
    from storage.withdrawing_again import Again


@click.command()
@click.argument("file", metavar="IN", type=click.Path(path_type=Path))
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--withdrawals-of", metavar="CORPUS", help="Leave out what was withdrawn from this corpus since.")
@as_json
@shared_options
@click.pass_obj
def command(shared: Shared, file: Path, folder: Path, withdrawals_of: str | None, as_json: bool) -> int:
    """Make a corpus in the folder DIR out of the pack IN, and verify it. DIR must not be there yet.

    A file that is damaged, of a newer Minutier or no pack is refused, and leaves nothing behind. What was withdrawn
    after the pack was made is in it: --withdrawals-of takes it out before anything of it is to be seen. Where --corpus
    (or ./corpus) is the corpus that was packed, its withdrawals are done again without being asked for.
    """
    from minutier.commands.verify import exit_code
    from storage.unpacking import restore

    ticker, later = Ticker("restored"), Later(withdrawals_of, shared.corpus)
    report = restore(file, folder.absolute(), progress=ticker.show, settle=later.settle)
    ticker.done()
    if as_json:
        print_json(dataclasses.asdict(report) | {"withdrawn": dataclasses.asdict(later.again) if later.again else None})
    for fault in [] if as_json else report.faults:
        out().print(fault, markup=False, soft_wrap=True)
    if later.again and not as_json:
        tell(later.again, later.corpus)
    elif not later.again:
        again = f"`minutier forget --as-in CORPUS --corpus {folder}` takes out what was withdrawn from another corpus"
        err().print(f"What was withdrawn after the pack was made is in it: {again}.", markup=False, soft_wrap=True)
    state = f"{len(report.faults)} faults" if report.faults else "all as it was captured"
    words = f"{folder}: {report.documents} documents and {report.blobs} files, verified: {state}."
    err().print(f"{words} Work in it with `--corpus {folder}`.", markup=False, soft_wrap=True)
    return max(exit_code(report), 1 if later.again and later.again.must_be_looked_at else 0)


class Later:
    """The withdrawals that came after a pack: those of a corpus that is named, or of the one that was packed."""

    def __init__(self, named: str | None, living: str) -> None:
        self.named = named is not None
        self.corpus = named or living
        self.there = withdrawals_at(self.corpus) if self.named else found_at(self.corpus)
        self.again: Again | None = None

    def settle(self, draft: Path) -> bool:
        """Withdraw from a restored corpus what was withdrawn since, before it is there under its name."""
        from minutier.deciding import open_to_write
        from storage.withdrawing_again import Again

        if not self.there or not (self.named or withdrawals_at(str(draft)).corpus == self.there.corpus):
            return False
        if not self.there.tombstones:
            self.again = Again()
            return False
        with open_to_write(str(draft)) as store:
            self.again = as_there(store, self.there, dry_run=False)
        return True


def found_at(corpus: str) -> Withdrawals | None:
    """Return what was withdrawn from the corpus that stands by, or nothing where none can be read there."""
    try:
        return withdrawals_at(corpus)
    except MinutierError:  # it is lost or damaged: that may be why a pack is restored
        return None
