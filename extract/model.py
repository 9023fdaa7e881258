"""What an extractor is given and what it gives back: plain frozen values, no behaviour."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Verdict = Literal[
    "good",  # text that can be quoted
    "suspect",  # text is there, and something about it is doubtful (see Quality.reasons)
    "scanned",  # pictures of pages: no text layer worth the name
    "ocr_layer",  # someone else's OCR under the picture
    "encrypted",  # a password stands before the content
    "corrupt",  # the bytes are not what they claim, no engine reads them
    "empty",  # nothing in it: no bytes, or no text at all
    "unsupported",  # a type this version does not read
    "timeout",  # the reader was stopped: too long
    "memory",  # the reader was stopped: too large
    "crash",  # the reader died
]

Precision = Literal["day", "month", "year"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """What is known about a document besides its bytes. All of it is optional."""

    url: str = ""
    """Where it came from; for an import, the path inside the import."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Response headers, names in lower case."""
    captured_at: str = ""
    """ISO 8601 UTC; only used to refuse dates in the future."""
    languages: tuple[str, ...] = ()
    """ISO 639-1 codes the source publishes in, most likely first."""
    link_text: str = ""
    """The words of the link that led here."""
    context: str = ""
    """Text around that link on its listing."""
    record: str = ""
    """Name of a structured reader in extract/records, or nothing."""
    split: str = ""
    """Name of a splitter, or nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A guessed value and how it was found."""

    value: str
    found_in: str
    """metadata | heading | first_page | text | link_text | context | url | file_name"""
    quote: str = ""
    """The words it was read from, at most 200 characters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundDate:
    """A date read somewhere, as short as it is known: 2019, 2019-04 or 2019-04-18."""

    role: Literal["session", "published", "signed", "mentioned"]
    value: str
    precision: Precision
    found_in: str
    quote: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page of the text: code point offsets, `end` exclusive."""

    number: int
    """Physical number, from 1."""
    start: int
    end: int
    label: str = ""
    """The printed number where it differs, or nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageShare:
    """A language and its share of the letters, from 0 to 1."""

    code: str
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """How far the text can be trusted, and why."""

    verdict: Verdict
    reasons: tuple[str, ...] = ()
    """One short sentence each, for a reader."""
    needs_ocr: bool = False
    figures: Mapping[str, float | int | str] = field(default_factory=dict)
    """What was measured: characters, pages, replaced characters, encoding…"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Extraction:
    """Text and facts read from one blob by one extractor version under given hints."""

    extractor: str
    """Name of the format module that read it."""
    engine: str
    """The library and version that gave the text, such as `pypdfium2 5.15.2`."""
    media_type: str
    """Detected from the bytes."""
    text: str
    """NFC, LF line ends, no control characters but tab and newline."""
    quality: Quality
    pages: tuple[Page, ...] = ()
    title: Found | None = None
    dates: tuple[FoundDate, ...] = ()
    act_type: Found | None = None
    language: str = "und"
    languages: tuple[LanguageShare, ...] = ()
