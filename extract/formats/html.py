"""HTML: the main text of a page by trafilatura, checked against everything its reader sees."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.metadata import version

from extract.clean import MAX_DAMAGE, clean, damage, legal_references
from extract.encoding import Decoded, decode
from extract.model import Extraction, Found, FoundDate, Hints, Quality, Verdict
from extract.sniff import HTML
from extract.titles import acceptable
from extract.visible import Seen, seen_on, stripped

MEDIA_TYPES = (HTML,)
ENGINE = f"trafilatura {version('trafilatura')}"
PLAIN = "visible text"
MAX_MARKUP = 5_000_000
MAX_TAGS = 120_000
_LOOSE = 1_000
_LITTLE = 500
_RECORD = 0.4
"""A page of which labels and values are this share is a record, as in the atlas."""
_LONG_TAG = re.compile(r"<([a-zA-Z][a-zA-Z0-9]*)\s[^<>]{20000,}>")
_XML_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>")
_OFFICE = re.compile(
    r"""<meta[^>]{0,80}generator[^>]{0,80}(?:LibreOffice|OpenOffice|Microsoft\s+Word|Word\.Document)""", re.I
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Chosen:
    """The text taken from a page, and why it may be doubted."""

    text: str
    engine: str = PLAIN
    published: tuple[FoundDate, ...] = ()
    doubts: tuple[str, ...] = ()


def read(body: bytes, hints: Hints) -> Extraction:
    """The main text of the page; everything it shows where that main text is doubtful or nearly nothing."""
    decoded = decode(body, hints)
    markup, illegal = _parsable(decoded.text)
    if markup.count("<") > 2 * markup.count(">") + _LOOSE:
        return read_otherwise(body, hints)  # tags that never close: the parsers would start again at each
    seen = seen_on(markup)
    return _extraction(decoded, seen, _choose(markup, seen, hints), illegal)


def read_otherwise(body: bytes, hints: Hints) -> Extraction:
    """The text between the tags, for a page on which the parsers do not end."""
    decoded = decode(body, hints)
    markup, illegal = _parsable(decoded.text)
    nothing = Seen(text="", main="", title="", headings=(), pairs=(), linked=0)
    doubt = "The page was too much for the parsers: this is all text between its tags."
    return _extraction(
        decoded, nothing, _Chosen(text=stripped(markup), engine="tags removed", doubts=(doubt,)), illegal
    )


def _parsable(text: str) -> tuple[str, int]:
    """The markup without what makes parsers drop a page or never end, and the count of illegal references."""
    markup, illegal = legal_references(clean(_XML_DECLARATION.sub("", text)))
    return _LONG_TAG.sub(r"<\1>", markup), illegal


def _choose(markup: str, seen: Seen, hints: Hints) -> _Chosen:
    if _is_all_document(markup, seen):
        return _Chosen(text=seen.text)
    if len(markup) > MAX_MARKUP or markup.count("<") > MAX_TAGS:
        doubt = "The page is too large to tell its main text from the rest: all of it is here."
        return _Chosen(text=seen.text, doubts=(doubt,))
    text, published = _by_trafilatura(markup, hints)
    # The mark-up itself says what is main where labels and values would come apart, or navigation was taken for text.
    if _is_record(seen) or _holds_navigation(text, seen):
        return _Chosen(text=seen.main, published=published)
    if _is_whole(text, seen):
        return _Chosen(text=seen.text, published=published)
    if len(text) < min(0.1 * len(seen.text), _LITTLE):
        part = f"{len(text)} of {len(seen.text)} characters"
        doubt = f"Its main text could not be told from the rest ({part}): all is here."
        return _Chosen(text=seen.text, published=published, doubts=(doubt,))
    return _Chosen(text=_with_heading(text, seen), engine=ENGINE, published=published)


def _is_whole(text: str, seen: Seen) -> bool:
    """Whether nearly all of a page is its main text: the little that was dropped are its headings."""
    return len(text) >= 0.9 * len(seen.text) and seen.linked < 0.01 * len(seen.text)


def _holds_navigation(text: str, seen: Seen) -> bool:
    """Whether more was taken than stands outside navigation and forms; a page that lies in one form says nothing."""
    return len(text) > 1.5 * len(seen.main) > 0.6 * len(seen.text)


def _with_heading(text: str, seen: Seen) -> str:
    """The text under the heading of its page, which is dropped where it stands in a header element."""
    found = _title(seen)
    if found is None or found.found_in != "heading" or found.value in " ".join(text[:2_000].split()):
        return text
    return f"{found.value}\n\n{text}"


def _is_all_document(markup: str, seen: Seen) -> bool:
    """Whether an office program made the page: there is no navigation to remove, and every word counts."""
    return bool(_OFFICE.search(markup[:4096])) and seen.linked < 0.2 * len(seen.text)


def _by_trafilatura(markup: str, hints: Hints) -> tuple[str, tuple[FoundDate, ...]]:
    from trafilatura import bare_extraction  # half a second to import, and not every page needs it

    document = bare_extraction(
        markup,
        include_comments=False,
        include_tables=True,
        deduplicate=False,
        with_metadata=True,
        # A fixed last day, because the library would otherwise ask the clock.
        date_extraction_params={
            "extensive_search": False,
            "original_date": True,
            "max_date": hints.captured_at[:10] or "2100-12-31",
        },
    )
    if document is None or isinstance(document, dict):
        return "", ()
    day = document.date or ""
    published = (FoundDate(role="published", value=day, precision="day", found_in="metadata", quote=day),)
    return document.text or "", published if re.fullmatch(r"\d{4}-\d{2}-\d{2}", day) else ()


def _is_record(seen: Seen) -> bool:
    """Whether labels and values are much of what the mark-up calls main, as on a page of the atlas."""
    return sum(len(label) + len(value) for label, value in seen.pairs) >= _RECORD * max(len(seen.main), 1)


def _extraction(decoded: Decoded, seen: Seen, chosen: _Chosen, illegal: int) -> Extraction:
    lost = max(decoded.damage, damage(chosen.text))
    doubts = chosen.doubts
    if lost > MAX_DAMAGE:
        doubts = (*doubts, f"{lost:.1%} of the characters could not be read.")
    verdict: Verdict = "suspect" if doubts else "good"
    figures: dict[str, float | int | str] = {
        "encoding": decoded.encoding,
        "encoding_from": decoded.how,
        "damage": lost,
        "visible_characters": len(seen.text),
    }
    if illegal:
        figures["illegal_references"] = illegal
    return Extraction(
        extractor="html",
        engine=chosen.engine,
        media_type=HTML,
        text=chosen.text,
        title=_title(seen),
        dates=chosen.published,
        quality=Quality(verdict=verdict, reasons=doubts, figures=figures),
    )


def _title(seen: Seen) -> Found | None:
    """The heading that the title of the page repeats, else the first, else that title."""
    headings = [words for words in seen.headings if acceptable(words) and len(words) < 300]
    for words in headings:
        if words.lower() in seen.title.lower():
            return Found(value=words, found_in="heading")
    if headings:
        return Found(value=headings[0], found_in="heading")
    return Found(value=seen.title, found_in="metadata") if acceptable(seen.title) else None
