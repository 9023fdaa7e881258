"""`minutier ledger`: what is missing, and what cannot be known, by source and month."""

from __future__ import annotations

from typing import Any

import click

from minutier.options import Shared, as_json, shared_options
from storage.errors import WrongUse

EXPLAIN = "explain"


@click.command()
@click.argument("ids", nargs=-1, metavar="[ID... | explain [GAP_ID...]]")
@click.option("--since", default="", metavar="MONTH", help="From this month on (2024-05, or a year).")
@click.option("--until", default="", metavar="MONTH", help="Up to this month, as far as it is known now.")
@click.option("--csv", "as_csv", is_flag=True, help="Print a table: one line for each source and month.")
@click.option("--because", default="", metavar="TEXT", help="With explain: why the gap is one.")
@click.option("--withdraw", is_flag=True, help="With explain: take the explanation back.")
@click.option("--by", default="", metavar="WHO", help="Who explains (default: the user of this machine).")
@as_json
@shared_options
@click.pass_obj
def command(shared: Shared, /, ids: tuple[str, ...], since: str, until: str, because: str, by: str, **how: Any) -> int:
    """Show source by month what was announced, fetched, extracted and kept, and what is missing.

    Every month is in one of four states: complete against a named denominator, gap, unknown, outside the period that
    the source has on-line. `ledger explain GAP_ID --because TEXT` keeps the reason of a gap, which stays a gap; without
    an id it lists what was explained. Exit code 1 where there are gaps that nobody explained, or nothing to show.
    """
    from minutier import accounting

    if ids[:1] == (EXPLAIN,):
        if since or until or how["as_csv"]:
            raise WrongUse("--since, --until and --csv belong to the ledger itself, not to `ledger explain`.")
        return accounting.explain(shared, ids[1:], because, by, withdraw=how["withdraw"], as_json=how["as_json"])
    if because or by or how["withdraw"]:
        raise WrongUse("--because, --withdraw and --by belong to `minutier ledger explain GAP_ID`.")
    return accounting.show(shared, ids, since, until, as_json=how["as_json"], as_csv=how["as_csv"])
