"""`minutier search`: words in, ranked documents out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.text import Text

from minutier.options import Shared, as_json, filter_options, shared_options
from minutier.printing import err, out, print_json

if TYPE_CHECKING:
    from storage.filters import Filters

WORDS = {
    "needs_ocr": "wait for OCR",
    "no_text": "have no text",
    "suspect": "have a text that is in doubt (searched all the same)",
    "undated": "fell out because they have no date",
}


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("query", nargs=-1, type=click.UNPROCESSED)
@click.option("--within", type=click.Choice(["passage", "document"]), default="passage", help="Where words must meet.")
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, help="How many hits to show.")
@as_json
@filter_options
@shared_options
@click.pass_obj
def command(shared: Shared, query: tuple[str, ...], within: Any, limit: int, as_json: bool, filters: Filters) -> int:
    """Find documents: words (all in one passage), "phrases", prefix*, -not, OR, NEAR(a b, n).

    Without a query everything that the filters select is listed by date.
    """
    from storage.search import search
    from storage.store import Store

    with Store.open(shared.corpus) as store, store.reading() as connection:
        found = search(connection, " ".join(query), filters, within=within, limit=limit)
    if as_json:
        print_json(found)
        return 0
    print_hits(out(), found["hits"])
    shown = len(found["hits"])
    more = f", the first {shown} are shown (--limit)" if shown < found["total"] else ""
    err().print(f"{found['total']} documents{more}.")
    for sentence in found["expanded"]:
        err().print(sentence, markup=False)
    for name, number in found["not_searchable"].items():
        if number:
            err().print(f"{number} of the documents selected {WORDS[name]}.", style="yellow")
    return 0


def print_hits(console: Console, hits: list[dict[str, Any]]) -> None:
    """Print hits, three lines each: what it is, where it is, the words found."""
    for each in hits:
        page = f", p. {each['page']}" if each["page"] else ""
        head = Text(f"{each['id']}  {each['date'] or 'undated':<10}  {each['language']}  ")
        head.append(each["title"] or "(no title found)", style="bold")
        console.print(head, soft_wrap=True)
        console.print(Text(f"  {each['source']}{page}  {each['url']}", style="dim"), soft_wrap=True)
        line = Text(each["snippet"])
        for start, end in each["marks"]:
            line.stylize("bold yellow", start, end)
        if each["ocr"] is not None:
            line.append(f"  [read by OCR, confidence {each['ocr']:.0%}]", style="yellow")
        console.print(Text("  … ") + line if each["page"] or each["marks"] else Text("  ") + line, soft_wrap=True)
