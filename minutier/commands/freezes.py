"""`minutier freezes`: the lists that were frozen, one of them whole, and what differs between two."""

from __future__ import annotations

from typing import Any

import click

from minutier.options import Shared, as_json, shared_options
from minutier.printing import err, out, print_json, table
from storage.errors import WrongUse

ARGUMENTS = {"list": 0, "show": 1, "diff": 2}
WORDS = {
    "added": "only in the second",
    "removed": "only in the first",
    "changed_text": "another text",
    "changed_metadata": "the same text, other metadata",
    "same": "the same",
}


@click.command()
@click.argument("action", type=click.Choice(list(ARGUMENTS)), default="list")
@click.argument("names", nargs=-1, metavar="[NAME...]")
@as_json
@shared_options
@click.pass_obj
def command(shared: Shared, action: str, names: tuple[str, ...], as_json: bool) -> int:
    """List the freezes; `show NAME` what one holds; `diff A B` what differs between two."""
    from storage import freezes
    from storage.store import Store

    if len(names) != ARGUMENTS[action]:
        raise WrongUse("Write `minutier freezes`, `minutier freezes show NAME` or `minutier freezes diff A B`.")
    with Store.open(shared.corpus) as store, store.reading() as connection:
        found = [freezes.one(connection, name) for name in names]
        if action == "list":
            print_list(freezes.freezes(connection), as_json)
        elif action == "show":
            gone = freezes.withdrawn(connection, names[0])
            masked = freezes.redacted(connection, names[0])
            whole = freezes.summary(found[0]) | {"versions": freezes.entries(connection, names[0])}
            whole |= {"withdrawn": gone, "redacted": masked}
            print_one(whole, as_json)
        else:
            apart = freezes.difference(*(freezes.entries(connection, name) for name in names))
            print_difference({"first": names[0], "second": names[1]} | apart, as_json)
    return 0


def print_list(found: list[dict[str, Any]], as_json: bool) -> None:
    """Print all freezes, one line each."""
    if as_json:
        print_json({"freezes": found})
    elif not found:
        err().print("Nothing is frozen yet: `minutier freeze NAME` freezes what its filters select.")
    else:
        columns = ["name", "created_at", "by", "documents", "sha256", "note"]
        out().print(table("", columns, [[row[name] for name in columns] for row in found], right=["documents"]))


def print_one(freeze: dict[str, Any], as_json: bool) -> None:
    """Print what a freeze holds."""
    if as_json:
        print_json(freeze)
        return
    console = out()
    for name in ("name", "created_at", "by", "note", "question", "filters", "software", "documents", "sha256"):
        value = freeze[name]
        said = ", ".join(f"{key} {one}" for key, one in value.items() if one) if isinstance(value, dict) else value
        if said:
            console.print(f"  {name:<11}{said}", markup=False)
    columns = ["id", "version", "date", "title"]
    rows = [
        [each["document_id"], each["version"], each["shown"]["date"], each["shown"]["title"]]
        for each in freeze["versions"]
    ]
    console.print(table("", columns, rows))
    if freeze["withdrawn"]:
        err().print(f"{len(freeze['withdrawn'])} of {freeze['documents']} withdrawn.", style="yellow")
    if freeze["redacted"]:
        err().print(f"{len(freeze['redacted'])} of {freeze['documents']} have a passage masked since.", style="yellow")


def print_difference(apart: dict[str, Any], as_json: bool) -> None:
    """Print what differs between two freezes."""
    if as_json:
        print_json(apart)
        return
    for name, words in WORDS.items():
        out().print(f"{words}: {len(apart[name])}")
        for each in [] if name == "same" else apart[name]:
            fields = apart[name][each] if isinstance(apart[name], dict) else {}
            said = "; ".join(f"{field}: {old!r} -> {new!r}" for field, (old, new) in fields.items())
            out().print(f"  {each}  {said}".rstrip(), markup=False)
