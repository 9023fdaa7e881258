"""`minutier methods`: how a frozen corpus came to be, for the methods chapter."""

from __future__ import annotations

from pathlib import Path

import click

from minutier.options import Shared, as_json, shared_options
from minutier.printing import err, print_json
from storage.errors import WrongUse


@click.command()
@click.argument("name", metavar="NAME")
@click.option("--lang", type=click.Choice(["fr", "en"]), default="fr", show_default=True, help="Its language.")
@click.option("--svg", type=click.Path(path_type=Path), metavar="FILE", help="Draw the flow diagram into this file.")
@as_json
@shared_options
@click.pass_obj
def command(shared: Shared, name: str, lang: str, svg: Path | None, as_json: bool) -> int:
    """Print a paragraph on a freeze and its flow: seen, kept, put aside by reason, and what could not be known.

    Every figure comes from the freeze and from the runs behind it, as they stood when it was made.
    """
    from minutier import methods
    from storage import freezes
    from storage.store import Store

    if svg and svg.exists():
        raise WrongUse(f"{svg} is there already: name another file.")
    with Store.open(shared.corpus) as store, store.reading() as connection:
        row = freezes.one(connection, name)
        figures = methods.figures_of(freezes.summary(row), freezes.entries(connection, name), row.account)
    steps = methods.flow(figures, lang)
    if svg:
        try:
            svg.write_text(methods.as_svg(steps), encoding="utf-8", newline="\n")
        except OSError as error:
            raise WrongUse(f"{svg} cannot be written ({error.strerror or 'no such place'}): name another.") from None
        err().print(f"{svg}: the flow diagram.", markup=False)
    if as_json:
        print_json({"paragraph": methods.paragraph(figures, lang), "figures": figures})
    else:
        click.echo(f"{methods.paragraph(figures, lang)}\n\n{methods.as_text(steps)}")
    return 0
