"""The sources.yaml of the year: what the person who keeps it has written there on a day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from tests.year.plan import MENDED, MERGER, NAMES

HEAD = """\
# Everything here is synthetic: there is no such town.
version: 1
contact: corpus@example.org
defaults: {delay: 0, recheck: {recent: 60d, older: 180d}}
authorities:
"""
SOURCE = """\
  - id: {town}
    title: {name}, conseil municipal
    kind: council_minutes
    every: {every}
    voice: local_authority
    authority: {town}
    enabled: {enabled}
"""
EVERY = {"aubeterne": "7d"}
ENABLED = {"ermeval": date(2025, 7, 21), "fontgrise": date(2025, 4, 7)}
"""The day from which a source is run; the others are from the beginning."""
FORESEEN = date(2025, 6, 16)
"""The day on which Dournac's end, which is to come, is written down."""


def sources_file(roots: Mapping[str, str], day: date) -> str:
    """Return the whole file as it stands on a day; `roots` says where each town's site is."""
    bodies = "".join(f'  {town}: {{name: "Commune de {NAMES[town]}", level: commune, country: FR}}\n' for town in roots)
    return HEAD + bodies + "sources:\n" + "".join(entry(town, root, day) for town, root in roots.items())


def open_data(text: str, root: str) -> str:
    """Return the entry of a town's table of deliberations, which says how many there are."""
    text = text.replace("id: grandjossan", "id: grandjossan-table").replace("conseil municipal", "données ouvertes")
    return f'{text}    spider: table\n    start: ["{root}/opendata/deliberations.csv"]\n'


def entry(town: str, root: str, day: date) -> str:
    """Return what the file says of one town."""
    enabled = "true" if day >= ENABLED.get(town, day) else "false"
    text = SOURCE.format(town=town, name=NAMES[town], enabled=enabled, every=EVERY.get(town, "14d"))
    if town == "grandjossan":
        text = open_data(text, root) + text
    mended = town == "brunelle" and day >= MENDED
    text += "    spider: listing\n"
    text += f'    start: ["{root}/conseil-municipal/"]\n'
    text += f'    follow: {{css: "{"a.fr-link--download" if mended else "a.document"}"}}\n'
    if town == "dournac" and day >= FORESEEN:
        text += f"    discontinued: {MERGER}\n    succeeded_by: ermeval\n"
    return text
