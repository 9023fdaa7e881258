"""What every OCR of these papers gets wrong in the same way, put right where only one reading is possible."""

from __future__ import annotations

import re

_HAN = "\u3000-\u303f\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef"
_QUOTES = "\u2018\u2019\u201c\u201d"
# The engine puts a space between two words of its own cutting; in a Chinese line there is none in the picture.
_HAN_GAP = re.compile(f"(?<=[{_HAN}]) +(?=[{_HAN}{_QUOTES}0-9:;,.!?)%])|(?<=[{_QUOTES}0-9(]) +(?=[{_HAN}])")
_DASHES = re.compile(f"(?<![{_HAN}—])(?:-—|—-|—)(?![{_HAN}—])")
_MONTHS = "janvier|février|mars|avril|mai|juin|juillet|ao[uû]t|septembre|octobre|novembre|décembre"
# A raised « er » comes out as a quote or a degree; before the name of a month it can be nothing else.
_FIRST_OF = re.compile(rf"\b1[\"”“°*%'’]{{1,2}}(?=\s(?:{_MONTHS})\b)", re.I)
_SQUARE = re.compile(r"(?<=\d )m(?:[?°²]{1,2})(?=[\s,.;:)]|$)")


def worded(text: str, languages: str) -> str:
    """The text of a page with its usual slips mended, for the languages it was read in."""
    names = languages.split("+")
    if "chi_sim" in names:
        text = _HAN_GAP.sub("", text)
    if names != ["chi_sim"]:
        text = _DASHES.sub("–", text)
    if "fra" in names:
        text = _SQUARE.sub("m²", _FIRST_OF.sub("1er", text))
    return text
