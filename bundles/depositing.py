"""What a deposit says of itself: as of when it is, what was withheld and why, how it came to be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

FILES = """## Files

* `documents.csv`: one row per document (UTF-8, commas). A cell that begins with `'` is guarded from spreadsheets.
* `texts/`, `originals/`: text (UTF-8, line feeds) and bytes as they were served, where the rights allow.
* `WITHHELD.md`: what is not there, and why.
* `ro-crate-metadata.json`: the same for programs (RO-Crate 1.1). The hashes of all files are in the bag's manifests.
* `methods.fr.md`, `methods.en.md`: how the corpus came to be, in a paragraph, where it was frozen.

Who speaks in the corpus, for whom it was made and what it should not be used for is for the depositor to say: this
page was written by a program."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """What is deposited, as of when."""

    title: str
    description: str
    day: str
    sha256: str = ""
    """Of the freeze, or nothing."""
    methods: Mapping[str, str]
    """The paragraph on how the corpus came to be, by language; nothing without a freeze."""


def statement(occasion: Occasion, withheld: Mapping[str, int]) -> str:
    """Return the page that says what is not in a deposit, and why."""
    rows = "\n".join(f"| {why} | {n} |" for why, n in sorted(withheld.items(), key=lambda pair: (-pair[1], pair[0])))
    table = f"| reason | documents |\n|---|---|\n{rows}"
    return f"""# What was withheld

Text and original of a document are in this deposit only where its `rights.status` is `open` or `official` and nobody is
named in it (`rights.personal_data` is false), when the list was made and when the deposit was. Of every other document
`documents.csv` has the description, the address (`url`) and the hashes (`sha256`, `text_sha256`), by which whoever has
the same bytes can tell; its column `withheld` says why. Notes of the researchers, who gave a document and under which
number are not in the deposit at all.

{table if rows else f"Nothing was withheld from {occasion.title}."}
"""
