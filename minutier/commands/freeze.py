"""`minutier freeze`: a list of versions under a name, for ever."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from minutier.deciding import open_to_write, who_decides
from minutier.options import Shared, as_json, filter_options, shared_options
from minutier.printing import err, out, print_json

if TYPE_CHECKING:
    from storage.filters import Filters


@click.command()
@click.argument("name", metavar="NAME")
@click.option("--query", "question", default="", metavar="Q", help="Only documents that this question finds.")
@click.option("--note", default="", metavar="N", help="What it is for.")
@click.option("--by", default="", metavar="WHO", help="Who freezes (default: the user of this machine).")
@as_json
@filter_options
@shared_options
@click.pass_obj
def command(shared: Shared, name: str, question: str, note: str, by: str, as_json: bool, filters: Filters) -> int:
    """Freeze what the filters select: versions, metadata as shown, and one hash to be cited.

    What is frozen does not change any more, whatever is crawled, corrected or read again later. A name is used once.
    """
    from minutier.registry import known_of, software
    from storage.freezes import Plan, checked_name
    from storage.freezing import freeze

    checked_name(name)
    with open_to_write(shared.corpus) as store:
        made_by, registry = software(store), known_of(store, shared.sources)
        plan = Plan(name=name, filters=filters, question=question, note=note, software=made_by, registry=registry)
        made = freeze(store, plan, who_decides(by))
    if made is None:
        err().print("The filters select no document, nothing was frozen: look at `minutier stats`.")
        return 1
    if as_json:
        print_json(made)
        return 0
    out().print(f"{name}: {made['documents']} documents, sha256 {made['sha256']}", markup=False)
    err().print(f"Export it with `minutier export open OUT --freeze {name}`; `minutier methods {name}` describes it.")
    return 0
