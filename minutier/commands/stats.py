"""`minutier stats`: what the corpus holds, in figures."""

from __future__ import annotations

import click

from minutier.options import Shared, as_json, shared_options
from minutier.printing import out, print_json, table

TABLES = (
    "by_source",
    "by_kind",
    "by_voice",
    "by_language",
    "by_year",
    "by_verdict",
    "skips",
    "duplicates",
    "decisions",
)


@click.command()
@click.option("--source", "sources", metavar="ID", multiple=True, help="Only this source (may be repeated).")
@as_json
@shared_options
@click.pass_obj
def command(shared: Shared, sources: tuple[str, ...], as_json: bool) -> None:
    """Print the corpus in figures: by source, kind, voice, language, year, verdict; skips; duplicates; decisions."""
    from storage import figures
    from storage.store import Store

    with Store.open(shared.corpus) as store, store.reading() as connection:
        found = figures.stats(connection, sources)
    if as_json:
        print_json(found)
        return
    console = out()
    megabytes = found["bytes"] / 1e6
    console.print(
        f"{found['documents']} documents, {found['versions']} versions, {found['captures']} captures, "
        f"{found['blobs']} blobs ({megabytes:.1f} MB)"
    )
    if found["waiting"]:
        console.print(f"{found['waiting']} captures wait for extraction: `minutier extract`.")
    if found["ocr"]:
        console.print(f"{found['ocr']} documents were read from pictures of pages (OCR).")
    for name in TABLES:
        if found[name]:
            console.print()
            console.print(table("", [name.replace("_", " "), "documents"], found[name].items(), right=["documents"]))
