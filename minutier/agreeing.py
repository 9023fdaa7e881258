"""Sentences whose words agree with their figures: one page, two pages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

PARTS = re.compile(r"\{(\w+)\}|\[([^|\[\]]*)\|([^|\[\]]*)\]")


def agreed(sentence: str, values: Mapping[str, Any], lang: str) -> str:
    """Return a sentence with its values, and of each `[one|many]` what agrees with the number before it.

    In French nought takes the singular, in English the plural.

    >>> agreed("{pages} page[|s] [is|are] kept", {"pages": 1}, "en")
    '1 page is kept'
    >>> agreed("{pages} page[|s]", {"pages": 0}, "fr"), agreed("{pages} page[|s]", {"pages": 0}, "en")
    ('0 page', '0 pages')
    """
    singular = (0, 1) if lang == "fr" else (1,)
    number = 0

    def put(part: re.Match[str]) -> str:
        nonlocal number
        if part[1] is None:
            return part[2] if number in singular else part[3]
        value = values[part[1]]
        number = value if isinstance(value, int) else number
        return str(value)

    return PARTS.sub(put, sentence)
