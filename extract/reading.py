"""From bytes to a complete extraction: find the format, read it, then clean, date, name and tag the text."""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import replace
from functools import lru_cache
from typing import Protocol, cast

from extract import acts, dates, language, sniff, titles
from extract.clean import recut
from extract.model import Extraction, Found, Hints, Quality, Verdict


class Format(Protocol):
    """What every module of extract/formats has."""

    __name__: str
    MEDIA_TYPES: tuple[str, ...]

    def read(self, body: bytes, hints: Hints) -> Extraction:
        """The text of the bytes, with whatever facts this format states itself."""


@lru_cache(maxsize=1)
def formats() -> dict[str, Format]:
    """The format module of each media type, found by walking the folder."""
    package = importlib.import_module("extract.formats")
    found: dict[str, Format] = {}
    for entry in sorted(pkgutil.iter_modules(package.__path__), key=lambda entry: entry.name):
        module = cast("Format", importlib.import_module(f"extract.formats.{entry.name}"))
        for media_type in module.MEDIA_TYPES:
            if media_type in found:
                raise RuntimeError(
                    f"{media_type} is read by {found[media_type].__name__} and {module.__name__}; keep one."
                )
            found[media_type] = module
    return found


def read(body: bytes, hints: Hints) -> Extraction:
    """The complete extraction of the bytes under these hints."""
    media_type = sniff.media_type(body)
    if not body:
        return failed(body, "empty", "The response has no bytes.")
    module = formats().get(media_type)
    if module is None:
        return failed(body, "unsupported", f"This version does not read {media_type}; the bytes are kept.")
    return complete(module.read(body, hints), hints)


def read_otherwise(body: bytes, hints: Hints) -> Extraction | None:
    """The extraction by the second engine of the format, or None where it has none."""
    module = formats().get(sniff.media_type(body))
    second = getattr(module, "read_otherwise", None)
    return complete(cast("Extraction", second(body, hints)), hints) if second else None


def failed(body: bytes, verdict: Verdict, reason: str) -> Extraction:
    """An extraction with a verdict and no text."""
    return Extraction(
        extractor="none",
        engine="",
        media_type=sniff.media_type(body),
        text="",
        quality=Quality(verdict=verdict, reasons=(reason,), figures={"bytes": len(body)}),
    )


def complete(extraction: Extraction, hints: Hints) -> Extraction:
    """The extraction with a clean text and every fact that the text, the link or the address gives.

    A format module sets `title` to what the file or its mark-up says (`found_in` metadata or heading) and
    `dates` to the dates of its metadata; both are only proposals here.
    """
    text, pages = recut(extraction.text, extraction.pages)
    hints = replace(hints, url=hints.url[:2_000], link_text=hints.link_text[:500], context=hints.context[:2_000])
    title = _title(text, hints, extraction.title)
    act = extraction.act_type or acts.act_type(text, hints, title.value if title else "")
    code, shares = language.tag(text, hints.languages)
    return replace(
        extraction,
        text=text,
        pages=pages,
        title=title,
        act_type=act,
        dates=dates.find_dates(text, hints, act.value if act else "", extraction.dates),
        language=code,
        languages=shares,
        quality=_quality(extraction.quality, text),
    )


def _title(text: str, hints: Hints, proposed: Found | None) -> Found | None:
    words = proposed.value if proposed else ""
    if proposed and proposed.found_in == "heading":
        return titles.choose(text, hints, heading=words)
    return titles.choose(text, hints, metadata=words)


def _quality(quality: Quality, text: str) -> Quality:
    figures = {**quality.figures, "characters": len(text)}
    if not text.strip() and quality.verdict in ("good", "suspect"):
        return replace(quality, verdict="empty", reasons=(*quality.reasons, "There is no text in it."), figures=figures)
    return replace(quality, figures=figures)
