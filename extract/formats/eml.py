"""Letters (.eml) and pages saved by a browser (.mht): what they say, then the files they carry."""

from __future__ import annotations

import email
import email.header
import email.utils
from collections.abc import Iterator
from dataclasses import dataclass, replace
from email.errors import MessageError
from email.message import Message

from extract.clean import clean, one_line
from extract.formats import html, text
from extract.model import Extraction, Found, FoundDate, Hints, Quality
from extract.office.members import Allowance, Gathered, Member, extraction, gather

MEDIA_TYPES = ("message/rfc822", "multipart/related")
ENGINE = "python email"
_BROKEN = (MessageError, LookupError, ValueError, TypeError, AttributeError, RecursionError)
"""What the library raises for broken headers, unknown encodings and parts in parts without end."""
MAX_PARTS = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """One part of a letter."""

    kind: str
    name: str
    body: bytes
    headers: dict[str, str]


def read(body: bytes, hints: Hints) -> Extraction:
    """The subject, the letter and its attachments; of a saved page, the page."""
    return read_inside(body, hints, Allowance())


def read_inside(body: bytes, hints: Hints, allowance: Allowance) -> Extraction:
    """The same for a letter inside another file, within what that may still read."""
    try:
        letter = email.message_from_bytes(body.lstrip())
        parts = [part for part, _ in zip(_parts(letter), range(MAX_PARTS), strict=False)]
        subject, date = _header(letter, "subject"), _date(letter)
    except _BROKEN as error:
        return _corrupt(f"The letter is damaged ({type(error).__name__}).")
    if letter.get_content_type() == "multipart/related":
        return _page(parts, hints)
    said = [part for part in parts if not part.name and part.kind in ("text/plain", "text/html")]
    gathered = _said(subject, said, hints)
    own = bool(gathered.text)
    carried = (_member(part) for part in parts if part.name or part not in said)
    found = gather(carried, hints, allowance, gathered)
    read = extraction(found, name="eml", engine=ENGINE, media_type=MEDIA_TYPES[0], own_text=own)
    return _dated(read, subject, date)


def _parts(letter: Message) -> Iterator[_Part]:
    for part in letter.walk():
        if part.is_multipart():
            continue
        payload = part.get_payload(decode=True)
        yield _Part(
            kind=part.get_content_type(),
            name=one_line(_decoded(part.get_filename() or ""), limit=200),
            body=payload if isinstance(payload, bytes) else b"",
            headers={"content-type": str(part.get("content-type", ""))},
        )


def _said(subject: str, parts: list[_Part], hints: Hints) -> Gathered:
    """What the letter itself says: its plain text, or its HTML where it has no other."""
    gathered = Gathered()
    if subject:
        gathered.add(subject)
    plain = [part for part in parts if part.kind == "text/plain" and part.body.strip()]
    for part in plain or [part for part in parts if part.kind == "text/html"][:1]:
        inner = Hints(headers=part.headers, languages=hints.languages)
        found = (html if part.kind == "text/html" else text).read(part.body, inner)
        if words := clean(found.text):
            gathered.add(words)
    return gathered


def _member(part: _Part) -> Member:
    return Member(name=part.name or part.kind, size=len(part.body), body=lambda: part.body)


def _page(parts: list[_Part], hints: Hints) -> Extraction:
    """The page that a browser saved, without its pictures and styles."""
    page = next((part for part in parts if part.kind in ("text/html", "application/xhtml+xml")), None)
    if page is None:
        return _corrupt("There is no page in this saved page.")
    return html.read(page.body, Hints(url=hints.url, headers=page.headers, languages=hints.languages))


def _dated(read: Extraction, subject: str, date: FoundDate | None) -> Extraction:
    title = Found(value=subject, found_in="metadata") if subject else None
    return replace(read, title=title, dates=(date,) if date else ())


def _date(letter: Message) -> FoundDate | None:
    """When it was sent."""
    quote = one_line(str(letter.get("date", "")), limit=200)
    read = email.utils.parsedate_tz(quote)
    if read is None or not (1980 <= read[0] <= 2100 and 1 <= read[1] <= 12 and 1 <= read[2] <= 31):
        return None
    day = f"{read[0]:04d}-{read[1]:02d}-{read[2]:02d}"
    return FoundDate(role="published", value=day, precision="day", found_in="metadata", quote=quote)


def _header(letter: Message, name: str) -> str:
    return one_line(_decoded(letter.get(name, "")))


def _decoded(words: object) -> str:
    return str(email.header.make_header(email.header.decode_header(str(words))))


def _corrupt(reason: str) -> Extraction:
    return Extraction(
        extractor="eml",
        engine=ENGINE,
        media_type=MEDIA_TYPES[0],
        text="",
        quality=Quality(verdict="corrupt", reasons=(reason,)),
    )
