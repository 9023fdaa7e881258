"""`minutier show`: one document, whole."""

from __future__ import annotations

import difflib
from collections import Counter
from typing import Any

import click
from rich.console import Console

from minutier.options import Shared, as_json, shared_options
from minutier.printing import err, out, print_json, table
from storage.errors import WrongUse


@click.command()
@click.argument("wanted", metavar="ID")
@click.option("--page", type=click.IntRange(min=1), help="Only the text of this page.")
@click.option("--act", metavar="KEY", help="Only this act: its number, or #3 for the third.")
@click.option("--version", "number", type=click.IntRange(min=1), help="The text of this version.")
@click.option("--diff", nargs=2, type=click.IntRange(min=1), metavar="A B", help="What changed from version A to B.")
@click.option("--text", "only_text", is_flag=True, help="Only the text.")
@as_json
@shared_options
@click.pass_obj
def command(
    shared: Shared,
    wanted: str,
    page: int | None,
    act: str | None,
    number: int | None,
    diff: tuple[int, int] | None,
    only_text: bool,
    as_json: bool,
) -> int:
    """Show a document: where it comes from, how far its text can be trusted, its versions and relations, its text.

    ID may be the beginning of an id, or the document's address.
    """
    from storage import reading
    from storage.store import Store

    with Store.open(shared.corpus) as store, store.reading() as connection:
        identity = reading.find(connection, wanted)
        if diff:
            before, after = (reading.version_text(connection, identity, each) for each in diff)
            print_diff(before, after, diff)
            return 0
        document = reading.whole(connection, identity)
        text = reading.version_text(connection, identity, number) if number else document["text"]
    if page:
        text = page_text(document, page)
    elif act:
        text = act_text(document, act)
    if as_json:
        print_json(document | {"text": text})
    elif only_text or page or act or number:
        click.echo(text)
    else:
        print_document(out(), document)
    return 0


def page_text(document: dict[str, Any], number: int) -> str:
    """Return the text of one page of a document. Raises WrongUse."""
    for page in document["pages"]:
        if page["number"] == number:
            return str(document["text"][page["start"] : page["end"]])
    has = f"it has {len(document['pages'])}" if document["pages"] else "its format has no pages"
    raise WrongUse(f"Document {document['id']} has no page {number}: {has}.")


def act_text(document: dict[str, Any], wanted: str) -> str:
    """Return the text of one act of a document. Raises WrongUse."""
    for number, act in enumerate(document["acts"], 1):
        if wanted in (act["key"], act["number"], f"#{number}"):
            return str(document["text"][act["start"] : act["end"]])
    keys = ", ".join(act["key"] for act in document["acts"][:12])
    raise WrongUse(f"Document {document['id']} has no act {wanted!r}" + (f": it has {keys}." if keys else "."))


def print_diff(before: str, after: str, names: tuple[int, int]) -> None:
    """Print what changed between two texts, as a unified diff."""
    old, new = f"version {names[0]}", f"version {names[1]}"
    lines = list(difflib.unified_diff(before.splitlines(), after.splitlines(), old, new, lineterm="", n=1))
    for line in lines:
        click.echo(line)
    if not lines:
        err().print("The two versions have the same text.")


def print_document(console: Console, document: dict[str, Any]) -> None:
    """Print a document for a reader."""
    console.print(document["title"] or "(no title found)", style="bold", markup=False)
    quality = document["quality"]
    lines = [
        ("id", document["id"]),
        ("address", document["url"]),
        ("source", ", ".join(document["sources"])),
        ("authority", document["authority"]),
        ("kind", " / ".join(filter(None, [document["kind"], document["act_type"]]))),
        ("dates", dated(document["dates"])),
        ("language", ", ".join(f"{each['code']} {each['share']:.0%}" for each in document["languages"])),
        ("bytes", f"{document['media_type']}, sha256 {document['sha256']}"),
        ("speaks of", spoken_of(document)),
        ("verdict", quality["verdict"] + "".join(f"; {reason}" for reason in quality["reasons"])),
        ("read by", document["engine"]),
        ("unlisted", document["unlisted_at"] or ""),
        ("gone", document["gone_at"] or ""),
    ]
    for name, value in lines:
        if value:
            console.print(f"  {name:<10}{value}", markup=False)
    for name, columns in (
        ("versions", ["number", "cause", "captured_at", "held"]),
        ("relations", ["type", "id", "similarity"]),
        ("captures", ["fetched_at", "status", "url"]),
    ):
        if document[name]:
            console.print(table(name, columns, [[row[c] for c in columns] for row in document[name]]))
    if document["acts"]:
        console.print(table("acts", ["act", "page", "object", "vote"], [act_row(act) for act in document["acts"]]))
    for record in document["records"]:
        rows = [[claim["name"], claim["value"]] for claim in record["claims"]]
        console.print(table(f"{record['kind']} {record['key']}", ["claims", ""], rows))
    console.print()
    console.print(document["text"] or "(no text)", markup=False, soft_wrap=True)


def spoken_of(document: dict[str, Any]) -> str:
    """Return the terms of a relation or a mention, the most frequent first."""
    terms = Counter(each["term"] for each in document["mentions"])
    said = ", ".join(f"{term} ({n})" for term, n in terms.most_common(6))
    return ": ".join(filter(None, [document["speaks_of"] or ("other places or links" if said else ""), said]))


def act_row(act: dict[str, Any]) -> list[str]:
    """Return an act in a line: its key, its first page, its object, what became of it."""
    votes = act["votes"] or {}
    counted = [
        f"{votes[name]} {word}"
        for name, word in (("in_favour", "for"), ("against", "against"), ("abstentions", "abstaining"))
        if votes.get(name) is not None
    ]
    said = [votes.get("result", ""), "unanimous" if votes.get("unanimous") else "", *counted]
    return [act["key"], str(act["first_page"] or ""), act["title"], ", ".join(filter(None, said))]


def dated(dates: list[dict[str, Any]]) -> str:
    """Return the best few dates, each with how it was found."""
    return "; ".join(f"{each['value']} ({each['role']}, from {each['found_in']})" for each in dates[:3])
