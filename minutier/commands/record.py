"""`minutier record`: keep the last captures of a source as a golden test."""

from __future__ import annotations

from pathlib import Path

import click

from minutier.options import Shared, shared_options
from minutier.printing import err
from storage.errors import WrongUse


@click.command()
@click.argument("name", metavar="ID")
@click.option("--out", "place", type=click.Path(path_type=Path), help="The folder (default: tests/golden/ID).")
@click.option("--force", is_flag=True, help="Replace a folder that is there.")
@shared_options
@click.pass_obj
def command(shared: Shared, name: str, place: Path | None, force: bool) -> int:
    """Keep listings and a few documents of a source, with what is read from them now.

    A test then replays them off-line. Recorded pages may hold names of people: look before you publish them.
    """
    from minutier.crawling import load_sources
    from minutier.recording import record
    from storage.store import Store

    sources = load_sources(shared.sources)
    source = next((each for each in sources.sources if each.id == name), None)
    if source is None:
        raise WrongUse(f"There is no source {name!r} in {sources.path}: `minutier sources` lists them.")
    with Store.open(shared.corpus) as store:
        made = record(store, source, place or Path("tests") / "golden" / name, replacing=force)
    err().print(f"Recorded {made.pages} listings and {made.documents} documents in {made.folder}.", markup=False)
    err().print(
        "They are pages as they were served, and may hold names of people: look through them, and replace the names, "
        "before you publish the folder.",
        style="yellow",
        markup=False,
    )
    return 0
