"""`minutier changes`: what happened to documents, in order: the feed that another program follows."""

from __future__ import annotations

import click

from minutier.options import Shared, as_json, shared_options
from minutier.printing import err, out, print_json, table


@click.command()
@click.option(
    "--since", type=click.IntRange(0, 2**63 - 1), default=0, metavar="SEQ", help="Only what came after this entry."
)
@as_json
@shared_options
@click.pass_obj
def command(shared: Shared, since: int, as_json: bool) -> int:
    """List dated facts, oldest first: stored, updated, moved, unlisted, missing, gone, returned, curated, corrected…

    Remember the last number (`last` in JSON) and give it as --since the next time.
    """
    from storage import figures
    from storage.store import Store

    with Store.open(shared.corpus) as store, store.reading() as connection:
        found = figures.changes(connection, since=since)
        last = figures.last_change(connection)
    if as_json:
        print_json({"since": since, "last": last, "changes": found})
        return 0
    rows = [[each["seq"], each["at"], each["fact"], each["id"], said(each["detail"]), each["title"]] for each in found]
    if rows:
        out().print(table("", ["seq", "at", "fact", "id", "what", "title"], rows))
    err().print(f"{len(found)} changes since {since}; the last one is {last}.")
    return 0


def said(detail: dict[str, object]) -> str:
    """Return the detail of a change on one line; what was taken back is a dash."""
    return ", ".join(f"{name} {'–' if value is None else value}" for name, value in detail.items())
