"""Bytes in, text and facts out: pure, without network, database or clock.

>>> from extract.model import Hints
>>> read("Séance du 27 juin 2022".encode(), Hints()).dates[0].value
'2022-06-27'
"""

from __future__ import annotations

from extract.model import Extraction, Hints, Verdict

VERSION = "1"
"""Raised by hand whenever any text or fact may come out differently."""

__all__ = ["VERSION", "failed", "read", "read_otherwise"]


def read(body: bytes, hints: Hints) -> Extraction:
    """The text and the facts of some bytes, whatever they are; a verdict says how far to trust them."""
    from extract.reading import read as read_now

    return read_now(body, hints)


def read_otherwise(body: bytes, hints: Hints) -> Extraction | None:
    """The same by a second engine, for bytes that the first did not survive; None where there is none."""
    from extract.reading import read_otherwise as read_now

    return read_now(body, hints)


def failed(body: bytes, verdict: Verdict, reason: str) -> Extraction:
    """An extraction without text, for an outcome decided outside: timeout, memory, crash, corrupt."""
    from extract.reading import failed as fail_now

    return fail_now(body, verdict, reason)
