"""`minutier schedule`: prints what to install so that what is due runs by itself."""

from __future__ import annotations

from pathlib import Path

import click

from minutier.folders import names_in
from minutier.options import Shared, as_json, shared_options
from minutier.printing import err, print_json
from storage.errors import WrongUse


@click.command()
@click.argument("system", type=click.Choice(names_in("minutier.scheduling.systems")))
@click.option("--at", metavar="HH:MM", help="Once a day at this time; else at a time that suits all sources.")
@click.option("--write", type=click.Path(path_type=Path, file_okay=False), help="Write the files into this folder.")
@as_json
@shared_options
@click.pass_obj
def command(shared: Shared, /, system: str, at: str | None, write: Path | None, as_json: bool) -> int:
    """Print the units of a timer that runs `crawl --due` and then `check` for this corpus.

    Nothing is installed: what to do with the files is said on standard error.
    """
    import importlib

    from crawlers.run import utc_now
    from minutier.crawling import load_sources
    from minutier.scheduling.timer import Timer, choose_time, program, read_time, too_often

    sources = load_sources(shared.sources)
    kind = importlib.import_module(f"minutier.scheduling.systems.{system}")
    usual = choose_time(sources.sources, read_time(at) if at else None)
    timer = Timer(
        program=program(),
        corpus=shared.corpus if "://" in shared.corpus else str(Path(shared.corpus).absolute()),
        sources=shared.sources.absolute(),
        at=usual if at or kind.CATCHES_UP else None,
        today=utc_now().astimezone().date(),
    )
    files, steps = kind.files(timer), kind.steps(timer)
    if write:
        put(files, write)
    elif as_json:
        print_json({"system": system, "name": timer.name, "files": files, "steps": steps})
    else:
        click.echo("\n".join(f"# {name}\n{text}" if len(files) > 1 else text for name, text in files.items()), nl=False)
    for step in [*steps, *too_often(sources.sources, timer.at)]:
        err().print(step, markup=False, soft_wrap=True)
    return 0


def put(files: dict[str, str], folder: Path) -> None:
    """Write files into a folder; none where one of them is there already. Raises WrongUse."""
    for name in files:
        if (folder / name).exists():
            raise WrongUse(f"{folder / name} is there already: take it away first, or choose another folder.")
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-16" if name.endswith(".xml") else "utf-8", newline="\n")
        err().print(f"Written: {folder / name}", markup=False, soft_wrap=True)
