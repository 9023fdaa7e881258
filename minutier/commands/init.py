"""`minutier init`: a first sources.yaml, with a comment on every key."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import click

from minutier.options import Shared, shared_options
from minutier.printing import err
from storage.errors import WrongUse


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), default=Path())
@click.option("--examples", is_flag=True, help="Write the registry of French and Chinese authorities instead.")
@shared_options
@click.pass_obj
def command(shared: Shared, folder: Path, examples: bool) -> int:
    """Write a commented sources.yaml into FOLDER (default: here)."""
    from minutier.package import registry

    target = folder / "sources.yaml"
    if target.exists():
        raise WrongUse(f"{target} is there already: edit it, or name another folder.")
    text = registry() if examples else files("minutier").joinpath("sources_template.yaml").read_text(encoding="utf-8")
    folder.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8", newline="\n")
    err().print(f"Wrote {target}. Next: write your contact into it, describe a source, then `minutier sources check`.")
    return 0
