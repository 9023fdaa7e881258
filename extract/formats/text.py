"""Plain text: the only question is which characters the bytes stand for."""

from __future__ import annotations

from extract.clean import MAX_DAMAGE, damage
from extract.encoding import decode
from extract.model import Extraction, Hints, Quality
from extract.sniff import TEXT

MEDIA_TYPES = (TEXT,)


def read(body: bytes, hints: Hints) -> Extraction:
    """The text as it stands, with the encoding that was found."""
    decoded = decode(body, hints)
    lost = max(decoded.damage, damage(decoded.text))
    reasons = (f"{lost:.1%} of the characters could not be read.",) if lost > MAX_DAMAGE else ()
    return Extraction(
        extractor="text",
        engine="python codecs",
        media_type=TEXT,
        text=decoded.text,
        quality=Quality(
            verdict="suspect" if reasons else "good",
            reasons=reasons,
            figures={"encoding": decoded.encoding, "encoding_from": decoded.how, "damage": lost},
        ),
    )
