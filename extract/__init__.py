"""Bytes in, text and facts out: pure, without network, database or clock.

>>> from extract.model import Hints
>>> read("Séance du 27 juin 2022".encode(), Hints()).dates[0].value
'2022-06-27'
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from extract.model import Extraction, Hints, Verdict

if TYPE_CHECKING:
    from extract.vocabulary.file import Vocabulary

VERSION = "4"
"""Raised by hand whenever any text or fact may come out differently."""

SPLITS = ("deliberations",)
"""What `split:` of a source may say: how its papers are cut, whatever kind they seem to be."""

__all__ = ["SPLITS", "VERSION", "failed", "read", "read_otherwise", "read_pictures"]


def read(body: bytes, hints: Hints, vocabulary: Vocabulary | None = None) -> Extraction:
    """The text and the facts of some bytes, whatever they are; a verdict says how far to trust them.

    The vocabulary says what the text is searched for; it is the built-in one where none is given.
    """
    from extract.reading import read as read_now

    return read_now(body, hints, vocabulary)


def read_otherwise(body: bytes, hints: Hints, vocabulary: Vocabulary | None = None) -> Extraction | None:
    """The same by a second engine, for bytes that the first did not survive; None where there is none."""
    from extract.reading import read_otherwise as read_now

    return read_now(body, hints, vocabulary)


def read_pictures(body: bytes, hints: Hints, vocabulary: Vocabulary | None = None) -> Extraction:
    """The same with the pages that are pictures read by OCR, in the languages that the hints name."""
    from extract.reading import read_pictures as read_now

    return read_now(body, hints, vocabulary)


def failed(body: bytes, verdict: Verdict, reason: str) -> Extraction:
    """An extraction without text, for an outcome decided outside: timeout, memory, crash, corrupt."""
    from extract.reading import failed as fail_now

    return fail_now(body, verdict, reason)
