"""`minutier show`: one document, whole."""

from __future__ import annotations

import difflib
from collections import Counter
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from extract.model import STATED
from minutier.options import Shared, as_json, shared_options
from minutier.printing import err, out, print_json, table
from storage.errors import StorageUnusable, Withdrawn, WrongUse


@click.command()
@click.argument("wanted", metavar="ID")
@click.option("--page", type=click.IntRange(min=1), help="Only the text of this page.")
@click.option("--image", type=click.Path(path_type=Path), metavar="FILE", help="With --page: its picture, as PNG.")
@click.option("--act", metavar="KEY", help="Only this act: its number, or #3 for the third.")
@click.option("--version", "number", type=click.IntRange(min=1), help="The text of this version.")
@click.option("--diff", nargs=2, type=click.IntRange(min=1), metavar="A B", help="What changed from version A to B.")
@click.option("--text", "only_text", is_flag=True, help="Only the text.")
@as_json
@shared_options
@click.pass_obj
def command(
    shared: Shared, /, wanted: str, diff: tuple[int, int] | None, only_text: bool, as_json: bool, **place: Any
) -> int:
    """Show a document: where it comes from, how far its text can be trusted, its versions and relations, its text.

    ID may be the beginning of an id, or the document's address.
    """
    from storage import reading
    from storage.store import Store

    with Store.open(shared.corpus) as store, store.reading() as connection:
        try:
            identity = reading.find(connection, wanted)
        except Withdrawn as gone:
            return print_tombstone(gone, as_json)
        if diff:
            before, after = (reading.version_text(connection, identity, each) for each in diff)
            print_diff(before, after, diff)
            return 0
        document = reading.whole(connection, identity)
        if place["image"]:
            if document["withheld"]:
                raise WrongUse(f"The bytes of {identity} are withheld: a passage of it was withdrawn.")
            return write_image(store.blobs.address(document["sha256"]), document, place["page"], place["image"])
        text = document["text"]
        if place["number"]:
            text = reading.version_text(connection, identity, place["number"])
    if place["page"]:
        text = page_text(document, place["page"])
    elif place["act"]:
        text = act_text(document, place["act"])
    if as_json:
        print_json(document | {"text": text})
    elif only_text or any(place.values()):
        click.echo(text)
    else:
        print_document(out(), document)
    return 0


def print_tombstone(gone: Withdrawn, as_json: bool) -> int:
    """Say that a document was withdrawn, when, by whom and why: that is all there is."""
    if as_json:
        left = {name: gone.tombstone[name] for name in ("at", "by", "reason")}
        print_json({"id": gone.tombstone["document_id"], "withdrawn": left})
    else:
        out().print(str(gone), markup=False)
    return 0


def write_image(address: str, document: dict[str, Any], page: int | None, image: Path) -> int:
    """Write the picture of a page. Raises WrongUse where the format has no pages to look at."""
    from minutier.picturing import picture

    if image.exists():
        raise WrongUse(f"{image} is there already: name another file.")
    body = picture(address, document["id"], document["media_type"], page)
    try:
        image.write_bytes(body)
    except OSError as error:
        raise StorageUnusable(f"{image} cannot be written ({error.strerror or error}).") from None
    err().print(f"{image}: {document['title'] or document['id']}" + (f", page {page}" if page else ""), markup=False)
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
    for name, value in described(document):
        if value:
            console.print(f"  {name:<10}{value}", markup=False)
    for each in document["corrections"]:
        console.print(f"  {'corrected':<10}{corrected(each, document['sha256'])}", markup=False)
    print_tables(console, document)
    console.print()
    console.print(document["text"] or "(no text)", markup=False, soft_wrap=True)


def described(document: dict[str, Any]) -> list[tuple[str, str]]:
    """Return what is known of a document, a name and its words a line."""
    quality = document["quality"]
    return [
        ("id", document["id"]),
        ("address", document["url"]),
        ("source", ", ".join(document["sources"])),
        ("authority", document["authority"]),
        ("kind", " / ".join(filter(None, [document["kind"], document["act_type"]]))),
        ("dates", dated(document["dates"])),
        ("language", ", ".join(f"{each['code']} {each['share']:.0%}" for each in document["languages"])),
        ("bytes", f"{document['media_type']}, sha256 {document['sha256']}"),
        ("speaks of", spoken_of(document)),
        ("curated", curated(document["curation"])),
        ("verdict", quality["verdict"] + "".join(f"; {reason}" for reason in quality["reasons"])),
        ("read by", document["engine"]),
        ("brought", brought(document["provenance"])),
        ("rights", document["rights"]["status"] if "found_in" in document["rights"] else ""),
        ("reserved", reservations(document["rights"])),
        ("masked", masked(document["redactions"], document["withheld"])),
        ("unlisted", document["unlisted_at"] or ""),
        ("gone", document["gone_at"] or ""),
    ]


def print_tables(console: Console, document: dict[str, Any]) -> None:
    """Print a document's versions, captures, relations, acts and records, those that it has."""
    for name, columns in (
        ("versions", ["number", "cause", "captured_at", "held"]),
        ("captures", ["fetched_at", "status", "url"]),
    ):
        if document[name]:
            console.print(table(name, columns, [[row[c] for c in columns] for row in document[name]]))
    if document["relations"]:
        rows = [related(relation) for relation in document["relations"]]
        console.print(table("relations", ["this document", "id", "alike", "found by"], rows))
    if document["acts"]:
        console.print(table("acts", ["act", "page", "object", "vote"], [act_row(act) for act in document["acts"]]))
    for record in document["records"]:
        rows = [[claim["name"], claim["value"]] for claim in record["claims"]]
        console.print(table(f"{record['kind']} {record['key']}", ["claims", ""], rows))


def brought(provenance: dict[str, Any]) -> str:
    """Return how a document came that was imported: the file, where its address was found, what is stated of it."""
    stated = provenance.get("stated", {})
    found = provenance.get("address_found_in", "")
    lines = [
        provenance.get("file", ""),
        f"address found in {found}" if found else "",
        *(f"{name} {value}" for name, value in stated.items() if name not in STATED and name != "rights"),
        f"stated: {', '.join(name for name in stated if name in STATED)}" if set(stated) & set(STATED) else "",
    ]
    return "; ".join(filter(None, lines))


def reservations(rights: dict[str, Any]) -> str:
    """Return what the site reserves for itself, as it said with the page or its owner configured."""
    seen = rights["observed"]
    marks = [f"text and data mining ({rights['tdm']})"] if rights.get("tdm") else []
    marks += ["text and data mining (said by the site)"] if seen["tdm"] else []
    return ", ".join([*marks, *seen["robots"]])


def masked(redactions: list[dict[str, Any]], withheld: bool) -> str:
    """Return which passages were withdrawn, when and why; nothing where none was."""
    told = [f"a passage, {each['at'][:10]}, {each['by']}: {each['reason']}" for each in redactions]
    return "; ".join(told + (["bytes withheld"] if withheld else []))


RELATED = {
    "same_bytes": "has the same bytes as",
    "same_text": "has the same text as",
    "near": "has nearly the same text as",
    "same_act": "speaks of the same act or séance as",
    "translation": "says in another language the same as",
    "moved_to": "moved to",
}


def related(relation: dict[str, Any]) -> list[str]:
    """Return a relation in words, with how it was found."""
    contains = "contains" if relation["from_here"] else "is contained in"
    alike = "" if relation["similarity"] is None else f"{relation['similarity']:.0%}"
    return [RELATED.get(relation["type"], contains), relation["id"], alike, relation["how"]]


def curated(curation: dict[str, Any]) -> str:
    """Return what people decided about a document; nothing where they did not."""
    status = curation["status"] if curation["status"] != "undecided" else ""
    return "; ".join(filter(None, [status, ", ".join(curation["tags"]), curation["note"]]))


def corrected(correction: dict[str, Any], now: str) -> str:
    """Return a correction beside what the machine says, with who, when and why."""
    page = correction["field"].startswith("page:")
    said = "typed by a person" if page else f"{correction['value']} (the machine: {correction['machine'] or 'nothing'})"
    old = "" if correction["sha256"] in (None, now) else "; of earlier bytes, it does not stand in this version"
    return f"{correction['field']}: {said}, {correction['by']}, {correction['at']}: {correction['because']}{old}"


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
