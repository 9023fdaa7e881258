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
    "illegible",  # letters that stand for nothing: a font without a character table, or a hopeless OCR
    "encrypted",  # a password stands before the content
    "corrupt",  # the bytes are not what they claim, no engine reads them
    "empty",  # nothing in it: no bytes, or no text at all
    "unsupported",  # a type this version does not read
    "timeout",  # the reader was stopped: too long
    "memory",  # the reader was stopped: too large
    "crash",  # the reader died
]

Precision = Literal["day", "month", "year"]

Role = Literal["session", "published", "signed", "convocation", "transmitted", "mentioned"]
"""What a date is of, the best first: séance, publication, signature, convocation, reception by the State."""

Result = Literal["adopted", "rejected", "noted", "withdrawn", ""]
"""What became of an act; nothing where the paper does not say."""

STATED = ("title", "date", "act_type", "language")
"""The facts that a person can state, above what is guessed."""


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
    stated: Mapping[str, str] = field(default_factory=dict)
    """What a person states of it, by the names in STATED; a date in ISO 8601, as short as it is known."""
    by_hand: Mapping[int, str] = field(default_factory=dict)
    """Pages that a person typed, by number: they stand in the place of what is read."""


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

    role: Role
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
    verdict: Verdict = "good"
    """How far this page can be trusted."""
    confidence: float | None = None
    """Mean word confidence of our own OCR, 0 to 1; None where the text was not read by OCR."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Margin:
    """Words set apart from the text because they repeat from page to page, or number it: a running header, a folio."""

    page: int
    """Physical number, from 1."""
    place: Literal["header", "footer"]
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Where the rows of a table stand in the text: one line a row, ` | ` between its cells."""

    page: int
    """Physical number, from 1; 0 where the format has no pages."""
    start: int
    end: int
    rows: int
    columns: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageShare:
    """A language and its share of the letters, from 0 to 1."""

    code: str
    """ISO 639-1, `und` where unknown; Chinese is `zh-Hans` or `zh-Hant` where its characters tell, else `zh`."""
    share: float
    spans: tuple[tuple[int, int], ...] = ()
    """Where it stands in the text: code points, end exclusive."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Votes:
    """What a paper says of a vote; None where it says nothing, never a guess."""

    exercice: int | None = None
    """Members in office."""
    present: int | None = None
    voting: int | None = None
    """Votes cast: *votants*, *suffrages exprimés* where only these are given."""
    in_favour: int | None = None
    against: int | None = None
    abstentions: int | None = None
    unanimous: bool = False
    result: Result = ""
    quote: str = ""
    """The words it was read from, at most 300 characters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """A deliberation inside minutes or a register: a passage with its facts. Code points, `end` exclusive.

    Personal names are not taken out as fields: the rapporteur is a place in the text.
    """

    number: str
    """As printed, or nothing."""
    key: str
    """The number normalised (`2022-045`), unique in its document; the ordinal (`#3`) where none is printed."""
    title: str
    """The object, on one line."""
    start: int
    end: int
    first_page: int = 0
    """Physical numbers; 0 where the format has no pages."""
    last_page: int = 0
    rapporteur: tuple[int, int] | None = None
    """Where the rapporteur is named."""
    votes: Votes | None = None
    stamp: str = ""
    """The identifier of the electronic transmission (ACTES) where it is printed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What one paper says of one thing: founding dates disagree, so it is a claim with its words, never a fact."""

    name: str
    """The field, such as `partner` or `start`."""
    value: str
    quote: str
    """The words it was read from, at most 200 characters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A structured row of a page or a table: an atlas record, a deliberation of an open-data table."""

    kind: str
    """Name of the reader in extract/records/."""
    key: str
    """What identifies it where it was published, or its ordinal."""
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A term of the vocabulary found in the text: code points, `end` exclusive."""

    term: str
    """The entry of the vocabulary: its class and its name, such as `place:chengdu` or `link:jumelage`."""
    start: int
    end: int
    relation: bool = False
    """A strong term and a partner place stand near each other, and this is one of the two."""


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
    margins: tuple[Margin, ...] = ()
    tables: tuple[Table, ...] = ()
    acts: tuple[Act, ...] = ()
    records: tuple[Record, ...] = ()
    mentions: tuple[Mention, ...] = ()
    speaks_of: Literal["relation", "mention", ""] = ""
    """What the mentions amount to: a link with a partner place, such a place without a link, or nothing."""
