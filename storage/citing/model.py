"""What a citation says of a document, a page, an act or a passage."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from storage.errors import WrongUse

Json = dict[str, Any]
QUOTED = 400
"""Characters of a passage that a citation quotes at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """A document, and the place in it that is meant. What is not known is empty."""

    id: str
    title: str
    authority: str
    body: str
    """The assembly that sat, such as Conseil municipal."""
    date: str
    """As short as it is known."""
    date_role: str
    """session | published | signed…"""
    number: str
    """Of the act, as printed."""
    act_type: str
    kind: str
    page: str
    """As printed, or the physical number; 12–14 for several."""
    url: str
    accessed: str
    """The day on which it was captured."""
    language: str
    quote: str
    ocr: bool
    """The words that are quoted were read by OCR."""
    version: int
    text_sha256: str


BODIES = (
    ("conseil communautaire", r"conseils? communautaires?"),
    ("conseil métropolitain", r"conseils? m[ée]tropolitains?|conseil de (?:la )?m[ée]tropole"),
    ("conseil départemental", r"conseils? d[ée]partement(?:al|aux)|conseils? g[ée]n[ée]ra(?:l|ux)"),
    ("conseil régional", r"conseils? r[ée]giona(?:l|ux)|assembl[ée]e pl[ée]ni[èe]re"),
    ("commission permanente", r"commissions? permanentes?"),
    ("conseil municipal", r"conseils? municipa(?:l|ux)|s[ée]ances? municipales?"),
    ("bureau", r"bureaux? (?:communautaires?|m[ée]tropolitains?|syndica(?:l|ux))"),
)


def cited(document: Json, *, page: int | None = None, act: str = "", span: tuple[int, int] | None = None) -> Citation:
    """Return the citation of a document as `show --json` gives it. Raises WrongUse for a place that is not in it."""
    chosen = find_act(document, act) if act else None
    start, end = checked_span(document, span) if span else (chosen["start"], chosen["end"]) if chosen else (0, 0)
    if span and not chosen:
        chosen = around(document, start, end)
    pages = [find_page(document, page)] if page else pages_of(document, start, end) if end else []
    date = next((each for each in document["dates"] if each["value"] == document["date"]), None)
    return Citation(
        id=document["id"],
        title=(chosen or {}).get("title") or document["title"],
        authority=document["authority"],
        body=body_of(document),
        date=document["date"],
        date_role=date["role"] if date else "",
        number=(chosen or {}).get("number", "") or own_number(document),
        act_type="deliberation" if chosen else document["act_type"],
        kind=document["kind"],
        page="–".join(dict.fromkeys(each["label"] or str(each["number"]) for each in (pages[:1] + pages[-1:]))),
        url=document["url"],
        accessed=document["captures"][-1]["fetched_at"][:10] if document["captures"] else "",
        language=document["language"],
        quote=quoted(document["text"][start:end]) if span else "",
        ocr=any(each["confidence"] is not None for each in pages),
        version=document["version"],
        text_sha256=document["text_sha256"],
    )


def find_act(document: Json, wanted: str) -> Json:
    """Return an act by its number, its key or its ordinal (#3). Raises WrongUse."""
    for number, act in enumerate(document["acts"], 1):
        if wanted in (act["key"], act["number"], f"#{number}"):
            return dict(act)
    keys = ", ".join(act["key"] for act in document["acts"][:12])
    raise WrongUse(f"Document {document['id']} has no act {wanted!r}" + (f": it has {keys}." if keys else "."))


def find_page(document: Json, number: int) -> Json:
    """Return a page by its physical number. Raises WrongUse."""
    for page in document["pages"]:
        if page["number"] == number:
            return dict(page)
    has = f"it has {len(document['pages'])}" if document["pages"] else "its format has no pages"
    raise WrongUse(f"Document {document['id']} has no page {number}: {has}.")


def checked_span(document: Json, span: tuple[int, int]) -> tuple[int, int]:
    """Return a span that lies in the text. Raises WrongUse."""
    length = len(document["text"])
    if not 0 <= span[0] < span[1] <= length:
        words = f"START:END must lie in 0:{length} with START before END"
        raise WrongUse(f"Document {document['id']} has no passage {span[0]}:{span[1]}: {words}.")
    return span


def around(document: Json, start: int, end: int) -> Json | None:
    """Return the act that a passage lies in, or nothing."""
    found = [act for act in document["acts"] if act["start"] <= start and end <= act["end"]]
    return dict(min(found, key=lambda act: int(act["end"] - act["start"]))) if found else None


def pages_of(document: Json, start: int, end: int) -> list[Json]:
    """Return the pages that a passage stands on."""
    return [dict(page) for page in document["pages"] if page["start"] < end and start < page["end"]]


def body_of(document: Json) -> str:
    """Return the assembly that the title or the beginning of the text names; nothing where neither does."""
    if document["kind"] != "council_minutes":
        return ""
    words = f"{document['title']}\n{document['text'][:2_000]}"
    found = [(match.start(), name) for name, pattern in BODIES if (match := re.search(pattern, words, re.IGNORECASE))]
    return min(found)[1] if found else ""


def own_number(document: Json) -> str:
    """Return the number of a paper that is one act."""
    alone = document["act_type"] == "deliberation" and len(document["acts"]) == 1
    return str(document["acts"][0]["number"]) if alone else ""


def quoted(passage: str) -> str:
    """Return a passage on one line, cut where it is long."""
    line = " ".join(passage.split())
    return line if len(line) <= QUOTED else line[: line.rfind(" ", 0, QUOTED)] + " […]"
