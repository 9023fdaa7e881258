"""`minutier curate`: what belongs to the study, by a person's decision."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from minutier.deciding import BESIDE, open_to_write, read_table, who_decides, words_for, write_table
from minutier.options import Shared, shared_options
from minutier.printing import err
from storage.choices import STATUSES
from storage.errors import WrongUse

if TYPE_CHECKING:
    from storage.decisions import Word


@click.command()
@click.argument("words", nargs=-1, metavar="ID... [in|out|undecided]")
@click.option("--tag", "tags", multiple=True, metavar="T", help="Give them this tag (may be repeated).")
@click.option("--untag", "untags", multiple=True, metavar="T", help="Take this tag away (may be repeated).")
@click.option("--note", metavar="N", help="A note, in the place of the one before.")
@click.option("--from", "table", type=click.Path(path_type=Path), metavar="CSV", help="Take the decisions of a table.")
@click.option("--to", "target", type=click.Path(path_type=Path), metavar="CSV", help="Write the table to fill in.")
@click.option("--by", default="", metavar="WHO", help="Who decides (default: the user of this machine).")
@shared_options
@click.pass_obj
def command(
    shared: Shared,
    words: tuple[str, ...],
    tags: tuple[str, ...],
    untags: tuple[str, ...],
    note: str | None,
    table: Path | None,
    target: Path | None,
    by: str,
) -> int:
    """Say which documents are in the study, out of it, or not decided on; give them tags and notes.

    Every decision is kept with who and when; a later one stands in its place. --to writes a table of all documents (or
    of those named), --from takes it back when you have filled it in.
    """
    status = words[-1] if words and words[-1] in STATUSES else ""
    ids = words[:-1] if status else words
    if target:
        return write_decisions(shared.corpus, ids, target)
    if bool(ids) == bool(table) or not (table or status or tags or untags or note is not None):
        raise WrongUse(
            "Name documents and what you decide (in, out, undecided, --tag, --note), or a table with --from."
        )
    return decide(shared.corpus, ids, table, partial(words_for, status=status, tags=tags, untags=untags, note=note), by)


def decide(corpus: str, ids: tuple[str, ...], table: Path | None, words: partial[list[Word]], by: str) -> int:
    """Write the decisions about some documents or of a table, all of them or none."""
    from storage.decisions import decide as write
    from storage.reading import find

    with open_to_write(corpus) as store:
        with store.reading() as connection:
            look = partial(find, connection)
            decided = read_table(table, look) if table else [word for each in ids for word in words(look(each))]
        who = who_decides(by)
        written = store.writer.write(lambda connection: write(connection, decided, who))
    documents = len({word.document_id for word in decided})
    same = f", {len(decided) - written} stood already" if written < len(decided) else ""
    err().print(f"{documents} documents, {written} decisions written by {who.by}{same}.", markup=False)
    return 0


def write_decisions(corpus: str, ids: tuple[str, ...], target: Path) -> int:
    """Write what is decided about some documents, or about all, as a table."""
    from storage import reading
    from storage.filters import Filters
    from storage.listing import in_order, listed
    from storage.store import Store

    with Store.open(corpus) as store, store.reading() as connection:
        wanted = [reading.find(connection, each) for each in ids]
        rows = listed(connection, wanted or in_order(connection, Filters(all_copies=True)))
        number = write_table(target, (cells(each.shown) for each in rows))
    err().print(f"{target}: {number} documents.", markup=False)
    return 0 if number else 1


def cells(shown: dict[str, Any]) -> dict[str, str]:
    """Return a document's line: what is decided, and what helps to decide."""
    return {"status": shown["curated"]} | {name: shown[name] for name in ("id", "tags", "note", *BESIDE)}
