"""`minutier cite`: a citation of a document, a page, an act or a passage."""

from __future__ import annotations

import re
from typing import Any

import click

from minutier.options import Shared, shared_options
from minutier.printing import print_json
from storage.errors import WrongUse


@click.command()
@click.argument("wanted", metavar="ID[:START-END]")
@click.option("--style", type=click.Choice(["fr", "csl", "bib", "ris"]), default="fr", show_default=True, help="How.")
@click.option("--page", type=click.IntRange(min=1), help="This page, by its physical number.")
@click.option("--act", default="", metavar="KEY", help="This act: its number, or #3 for the third.")
@shared_options
@click.pass_obj
def command(shared: Shared, wanted: str, style: str, page: int | None, act: str) -> int:
    """Print a citation: a French footnote, or an entry for Zotero and LaTeX (csl, bib, ris).

    START-END are places in the text, as `show --json` and the bundles count them; the passage is quoted. The address
    and the day of its last capture are given, and words that OCR read are marked.
    """
    from storage import citing, reading
    from storage.store import Store

    name, span = split(wanted)
    with Store.open(shared.corpus) as store, store.reading() as connection:
        document = reading.whole(connection, reading.find(connection, name))
    citation = citing.cited(document, page=page, act=act, span=span)
    if style == "csl":
        print_json([citing.csl(citation)])
    else:
        click.echo({"fr": citing.french, "bib": citing.biblatex, "ris": citing.ris}[style](citation))
    return 0


def split(wanted: str) -> tuple[str, Any]:
    """Return the document and the span that are meant. Raises WrongUse.

    >>> split("ab12:3-10"), split("https://example.org:80/x")
    (('ab12', (3, 10)), ('https://example.org:80/x', None))
    """
    found = re.fullmatch(r"([a-z0-9]+):(.*)", wanted, re.IGNORECASE)
    if found is None or found[1].lower() == "import" or found[2].startswith("//"):
        return wanted, None
    numbers = re.fullmatch(r"(\d+)-(\d+)", found[2])
    if numbers is None:
        raise WrongUse(f"{wanted!r} names no passage: write ID:START-END, such as {found[1]}:120-260.")
    return found[1], (int(numbers[1]), int(numbers[2]))
