"""`minutier search`: words in; ranked documents, a concordance or counts out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from minutier.options import Shared, as_json, filter_options, shared_options

if TYPE_CHECKING:
    from storage.filters import Filters
    from storage.ranking import Within
    from storage.shapes import Connection

BY = ["year", "source", "authority", "language", "document"]
HITS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was asked, and in which shape it is answered."""

    question: str
    filters: Filters
    within: Within
    limit: int | None
    expand: bool
    shape: str
    """text | json | csv"""


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("query", nargs=-1, type=click.UNPROCESSED)
@click.option("--within", type=click.Choice(["passage", "document"]), default="passage", help="Where words must meet.")
@click.option("--limit", type=click.IntRange(min=1), help=f"How many to show ({HITS} hits; all of a concordance).")
@click.option("--kwic", is_flag=True, help="Every place found, with the words around it.")
@click.option("--terms", type=click.Path(path_type=Path, dir_okay=False), help="Count for each query of a file.")
@click.option("--by", type=click.Choice(BY), help="Count the documents by this.")
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV instead of text.")
@click.option("--expand/--no-expand", default=True, help="Look for place names in other languages too, or not.")
@as_json
@filter_options
@shared_options
@click.pass_obj
def command(shared: Shared, /, query: tuple[str, ...], filters: Filters, **options: Any) -> int:
    """Find documents: words (all in one passage), "phrases", prefix*, -not, OR, NEAR(a b, n), place:chine.

    Without a query everything that the filters select is listed by date.
    """
    from storage.errors import WrongUse
    from storage.store import Store

    kwic, terms, by = options["kwic"], options["terms"], options["by"]
    if (kwic and (terms or by)) or (options["as_csv"] and options["as_json"]):
        raise WrongUse("Choose one answer: --kwic, or counts (--terms, --by); and --csv or --json.")
    asked = Asked(
        question=" ".join(query),
        filters=filters,
        within=options["within"],
        limit=options["limit"],
        expand=options["expand"],
        shape="csv" if options["as_csv"] else "json" if options["as_json"] else "text",
    )
    answer: Callable[[Connection, Asked], None] = show_lines if kwic else show_hits
    with Store.open(shared.corpus) as store, store.reading() as connection:
        if terms or by:
            show_counts(connection, asked, terms, by)
        else:
            answer(connection, asked)
    return 0


def show_hits(connection: Connection, asked: Asked) -> None:
    """Print the documents found, best first."""
    from minutier.hits import print_hits, remarks, write_csv
    from minutier.printing import err, out, print_json
    from storage.search import search

    limit = asked.limit or HITS
    found = search(
        connection, asked.question, asked.filters, within=asked.within, limit=limit, expand=asked.expand
    )  # fmt: skip
    if asked.shape == "json":
        print_json(found)
        return
    if asked.shape == "csv":
        columns = ["id", "date", "language", "title", "source", "kind", "url", "page", "act", "snippet", "score", "ocr"]
        write_csv(columns, ([hit[name] for name in columns] for hit in found["hits"]))
    else:
        print_hits(out(), found["hits"])
    shown = len(found["hits"])
    more = f", the first {shown} are shown (--limit)" if shown < found["total"] else ""
    err().print(f"{found['total']} documents{more}.")
    remarks(found["expanded"], found["not_searchable"], asked.filters)


def show_lines(connection: Connection, asked: Asked) -> None:
    """Print every place found, with the words around it."""
    import dataclasses
    from itertools import islice

    from minutier.hits import one_line, print_lines, remarks, write_csv
    from minutier.printing import err, out, print_json
    from storage import search
    from storage.concordance import Line, concordance

    query = search.understood(connection, asked.question, expand=asked.expand)
    lines = list(islice(concordance(connection, query, asked.filters, asked.within), asked.limit))
    expanded = search.expansion(asked.question, query)
    missed = search.unsearchable(connection, asked.filters)
    if asked.shape == "json":
        found = {"query": asked.question, "expanded": expanded, "not_searchable": missed}
        print_json(found | {"lines": [dataclasses.asdict(line) for line in lines]})
        return
    if asked.shape == "csv":
        columns = [field.name for field in dataclasses.fields(Line)]
        write_csv(columns, ([one_line(getattr(line, name)) for name in columns] for line in lines))
    else:
        print_lines(out(), lines)
    documents = len({line.document for line in lines})
    more = ", the first are shown (--limit)" if asked.limit == len(lines) else ""
    err().print(f"{len(lines)} places in {documents} documents{more}.")
    remarks(expanded, missed, asked.filters)


def show_counts(connection: Connection, asked: Asked, terms: Path | None, by: str | None) -> None:
    """Print how many documents each query finds, in all or by something."""
    from minutier.hits import questions_in, remarks, write_csv
    from minutier.printing import out, print_json, table
    from storage import counting, index, search

    values = counting.values(connection, by) if by else {}
    rows: list[dict[str, Any]] = []
    said: dict[str, None] = {}
    for question in questions_in(terms) if terms else [asked.question]:
        query = search.understood(connection, question, expand=asked.expand)
        said |= dict.fromkeys(search.expansion(question, query))
        if by:
            found = counting.counts(connection, query, asked.filters, asked.within, values)
            counted = found or {"": 0}  # a query without hits is an answer too
            rows += [{"query": question, by: value, "documents": number} for value, number in counted.items()]
        else:
            all_of_it = index.find(connection, query, asked.filters, asked.within, limit=1)
            rows.append({"query": question, "documents": all_of_it.total, "passages": all_of_it.passages})
    columns = ["query", by, "documents"] if by else ["query", "documents", "passages"]
    missed = search.unsearchable(connection, asked.filters)
    if asked.shape == "json":
        print_json({"expanded": list(said), "not_searchable": missed, "counts": rows})
        return
    cells = [[row[name] for name in columns] for row in rows]
    if asked.shape == "csv":
        write_csv(columns, cells)
    else:
        out().print(table("", columns, cells, right=["documents", "passages"]))
    remarks(list(said), missed, asked.filters)
