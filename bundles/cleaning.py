"""Text that every coding tool takes: NFC, LF line ends, no character that XML, a spreadsheet or a tool stumbles over.

What is stored is like that already where our own readers read it. What a person or an archive stated may not be.
"""

from __future__ import annotations

import re
import unicodedata

_ENDS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_NEVER = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ufeff\ufffe\uffff]")
_HALVES = re.compile("[\ud800-\udfff]")
_ANY = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")


def clean(text: str) -> str:
    r"""Return a text in NFC with LF line ends, without BOM and control characters.

    Half a surrogate pair, which no encoding can write, becomes the sign for a lost character.

    >>> clean("\ufeffSe\u0301ance\r\n\x00du\ud800 27 mai")
    'Séance\ndu� 27 mai'
    """
    if _ANY.search(text):
        text = _HALVES.sub("\ufffd", _NEVER.sub("", _ENDS.sub("\n", text)))
    return unicodedata.normalize("NFC", text)


def one_line(text: str) -> str:
    r"""Return a clean text on one line, each run of white space as one space.

    >>> one_line("Un pont,\n deux\trives ")
    'Un pont, deux rives'
    """
    return " ".join(clean(text).split())


def loses(text: str) -> bool:
    """Return whether cleaning takes a character away or replaces it, beside line ends and composed accents."""
    return bool(_ANY.search(text) and (_NEVER.search(text) or _HALVES.search(text)))
