"""`minutier formats`: the bundles that can be written."""

from __future__ import annotations

import click

from minutier.options import as_json, shared_options
from minutier.printing import out, print_json, table


@click.command()
@as_json
@shared_options
def command(as_json: bool) -> int:
    """List the formats of `minutier export`."""
    from bundles import formats_found

    found = [
        {"name": module.NAME, "title": module.TITLE, "suffix": module.SUFFIX} for module in formats_found().values()
    ]
    if as_json:
        print_json(found)
    else:
        columns = ["name", "title", "suffix"]
        out().print(table("", columns, [[row[name] for name in columns] for row in found]))
    return 0
