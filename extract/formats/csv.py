"""Tables in plain text (.csv, .tsv): one line a row, whatever the sign between the cells was."""

from __future__ import annotations

from extract.clean import MAX_DAMAGE
from extract.encoding import decode
from extract.model import Extraction, Hints
from extract.office.delimited import delimiter, rows_of
from extract.office.rows import extraction, sheet
from extract.sniff import CSV

MEDIA_TYPES = (CSV,)
_SHOWN = {"\t": "tab", ";": "semicolon", ",": "comma", "|": "bar"}


def read(body: bytes, hints: Hints) -> Extraction:
    """The rows of the table, with the encoding and the delimiter that were found."""
    decoded = decode(body, hints)
    text = decoded.text.lstrip("\ufeff")
    sign = delimiter(text) or ","
    lost = decoded.damage
    return extraction(
        [sheet(rows_of(text, sign))],
        name="csv",
        engine="python csv",
        media_type=CSV,
        reasons=(f"{lost:.1%} of the characters could not be read.",) if lost > MAX_DAMAGE else (),
        figures={"encoding": decoded.encoding, "encoding_from": decoded.how, "damage": lost, "delimiter": _SHOWN[sign]},
    )
