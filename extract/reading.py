"""From bytes to a complete extraction: find the format, read it, then clean, date, name and tag the text."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from typing import Protocol, cast

from extract import acts, dates, languages, sniff, titles
from extract.clean import recut
from extract.minutes import read_acts
from extract.model import Extraction, Found, Hints, Quality, Record, Verdict
from extract.sniff import SITEMAP
from extract.stated import dated, stated
from extract.vocabulary import matching
from extract.vocabulary.file import Vocabulary, built_in

_FEED = "A feed is a list of documents and none itself: the spider `feed` follows it; the bytes are kept."
_LISTS = {
    "application/rss+xml": _FEED,
    "application/atom+xml": _FEED,
    "application/rdf+xml": _FEED,
    SITEMAP: "A sitemap is a list of addresses: the spider `sitemap` follows it; the bytes are kept.",
}
"""Why some types are not read."""


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


RecordReader = Callable[[Extraction, bytes, Hints], tuple[Record, ...]]


def records(name: str) -> RecordReader:
    """The reader of extract/records/ that a source names with `record:`."""
    return cast("RecordReader", importlib.import_module(f"extract.records.{name}").read)


def read(body: bytes, hints: Hints, vocabulary: Vocabulary | None = None) -> Extraction:
    """The complete extraction of the bytes under these hints."""
    return complete(_read(body, hints), body, hints, vocabulary)


def _read(body: bytes, hints: Hints) -> Extraction:
    """What the format of the bytes gives."""
    if not body:
        return failed(body, "empty", "The response has no bytes.")
    media_type = sniff.media_type(body)
    module = formats().get(media_type)
    if module is None:
        why = _LISTS.get(media_type, f"This version does not read {media_type}; the bytes are kept.")
        return failed(body, "unsupported", why)
    return module.read(body, hints)


def read_otherwise(body: bytes, hints: Hints, vocabulary: Vocabulary | None = None) -> Extraction | None:
    """The extraction by the second engine of the format, or None where it has none."""
    module = formats().get(sniff.media_type(body))
    second = getattr(module, "read_otherwise", None)
    return complete(cast("Extraction", second(body, hints)), body, hints, vocabulary) if second else None


def read_pictures(body: bytes, hints: Hints, vocabulary: Vocabulary | None = None) -> Extraction:
    """The complete extraction with every page that is a picture read by OCR."""
    from extract.ocr import read_pages

    return complete(read_pages(body, _read(body, hints), hints.languages), body, hints, vocabulary)


def failed(body: bytes, verdict: Verdict, reason: str) -> Extraction:
    """An extraction with a verdict and no text."""
    return Extraction(
        extractor="none",
        engine="",
        media_type=sniff.media_type(body),
        text="",
        quality=Quality(verdict=verdict, reasons=(reason,), figures={"bytes": len(body)}),
    )


def complete(extraction: Extraction, body: bytes, hints: Hints, vocabulary: Vocabulary | None = None) -> Extraction:
    """The extraction with a clean text and every fact that the text, the link or the address gives.

    A format module sets `title` to what the file or its mark-up says (`found_in` metadata or heading) and
    `dates` to the dates of its metadata; both are only proposals here. What a person states stands above all.
    """
    if hints.by_hand:
        from extract.transcribing import transcribed

        extraction = transcribed(extraction, hints.by_hand)
    text, pages = recut(extraction.text, extraction.pages)
    hints = replace(hints, url=hints.url[:2_000], link_text=hints.link_text[:500], context=hints.context[:2_000])
    title = stated(hints.stated, "title") or _title(text, hints, extraction.title)
    act = (
        stated(hints.stated, "act_type")
        or extraction.act_type
        or acts.act_type(text, hints, title.value if title else "")
    )
    code, shares = languages.tag(text, hints.languages)
    kind = act.value if act else ""
    beside = "\n".join(dict.fromkeys(margin.words for margin in extraction.margins))
    vocabulary = vocabulary or built_in()
    mentions = matching.mentions(text, vocabulary)
    made = replace(
        extraction,
        text=text,
        pages=pages,
        title=title,
        act_type=act,
        dates=dated(hints.stated, kind, dates.find_dates(text, hints, kind, extraction.dates, beside)),
        language=hints.stated.get("language") or code,
        languages=shares,
        acts=read_acts(text, pages, kind, extraction.margins, split=hints.split),
        mentions=mentions,
        speaks_of=matching.speaks_of(mentions, vocabulary),
        quality=_quality(extraction.quality, text),
    )
    return replace(made, records=records(hints.record)(made, body, hints)) if hints.record else made


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
