"""What an extraction found, with what it took from a withdrawn passage masked or taken out."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from extract.model import (
    Act,
    Claim,
    Extraction,
    Found,
    FoundDate,
    LanguageShare,
    Margin,
    Mention,
    Quality,
    Record,
    Votes,
)
from storage.facts import facts
from storage.masking import MASK, Span, Veil, Veiled

Json = dict[str, Any]
WRITTEN = frozenset(
    {"title", "note", "tags", "authority", "link_text", "context", "file", "content-disposition"}
    | {"received_from", "request_ref", "shelfmark", "because"}
)
"""Under these names stand words: in hints, in what is stated, in headers, in what a freeze shows."""


def masked_facts(facts: Mapping[str, Any], text: str, veil: Veil) -> Json:
    """Return the facts of a text, as JSON, without the passages: places in the text stay as they are.

    A date, a vote or a number that was read from masked words goes with them; a term that stands there too.
    """
    spans = Veiled(text, veil.passages).spans
    mentions = [each for each in facts["mentions"] if not _meets(each, spans)]
    changed: Json = {
        "title": _found(facts["title"], veil),
        "act_type": _found(facts["act_type"], veil, value=False),
        "dates": [each for each in (_date(date, veil) for date in facts["dates"]) if each],
        "acts": [_act(act, number, spans, veil) for number, act in enumerate(facts["acts"], 1)],
        "records": [_record(record, veil) for record in facts["records"]],
        "margins": [margin | {"words": veil.words(margin["words"])} for margin in facts["margins"]],
        "mentions": mentions,
        "speaks_of": _speaks_of(facts, mentions),
        "quality": facts["quality"] | {"reasons": [veil.words(each) for each in facts["quality"]["reasons"]]},
    }
    if "provenance" in facts:
        changed["provenance"] = masked_words(facts["provenance"], veil)
    return {**facts, **changed}


def masked_words(value: Any, veil: Veil) -> Any:
    """Return JSON with the words that people wrote in it masked; codes, dates and addresses stay as they are."""
    if not isinstance(value, dict):
        return value
    return {
        name: veil.words(each) if name in WRITTEN and isinstance(each, str) else masked_words(each, veil)
        for name, each in value.items()
    }


def _meets(place: Mapping[str, int], spans: list[Span]) -> bool:
    return any(place["start"] < end and start < place["end"] for start, end in spans)


def _found(found: Json | None, veil: Veil, *, value: bool = True) -> Json | None:
    if not found:
        return None
    return found | {"quote": veil.words(found["quote"])} | ({"value": veil.words(found["value"])} if value else {})


def _date(date: Json, veil: Veil) -> Json | None:
    """Return a date with its quote masked; nothing where its own words, which end the quote, are masked."""
    quote = veil.words(date["quote"])
    letters = [place for place, character in enumerate(date["quote"]) if character.isalnum()]
    return None if letters and quote[letters[-1]] == MASK else date | {"quote": quote}


def _act(act: Json, number: int, spans: list[Span], veil: Veil) -> Json:
    changed: Json = {"title": veil.words(act["title"])}
    if veil.words(act["number"]) != act["number"]:
        changed |= {"number": "", "key": f"#{number}"}
    if veil.words(act["stamp"]) != act["stamp"]:
        changed["stamp"] = ""
    if act["rapporteur"] and _meets(dict(zip(("start", "end"), act["rapporteur"], strict=True)), spans):
        changed["rapporteur"] = None
    if votes := act["votes"]:
        quote = veil.words(votes["quote"])
        read = any(character.isalnum() for character in quote) or not votes["quote"]
        changed["votes"] = votes | {"quote": quote} if read else None
    return act | changed


def _record(record: Json, veil: Veil) -> Json:
    claims = [
        claim | {"value": veil.words(claim["value"]), "quote": veil.words(claim["quote"])} for claim in record["claims"]
    ]
    return record | {"key": veil.words(record["key"]), "claims": claims}


def _speaks_of(facts: Mapping[str, Any], mentions: list[Json]) -> str:
    """Return what the mentions that are left amount to: never more than before."""
    if len(mentions) == len(facts["mentions"]) or any(each["relation"] for each in mentions):
        return str(facts["speaks_of"])
    return "mention" if mentions and facts["speaks_of"] else ""


def masked_reading(reading: Extraction, veil: Veil) -> Extraction:
    """Return an extraction with the passages masked in its text and in all that was read from it."""
    found = masked_facts(facts(reading), reading.text, veil)
    return dataclasses.replace(
        reading,
        text=Veiled(reading.text, veil.passages).masked,
        title=Found(**found["title"]) if found["title"] else None,
        act_type=Found(**found["act_type"]) if found["act_type"] else None,
        dates=tuple(FoundDate(**each) for each in found["dates"]),
        acts=tuple(_read_act(each) for each in found["acts"]),
        records=tuple(_read_record(each) for each in found["records"]),
        margins=tuple(Margin(**each) for each in found["margins"]),
        mentions=tuple(Mention(**each) for each in found["mentions"]),
        languages=tuple(LanguageShare(**each) for each in found["languages"]),
        speaks_of=found["speaks_of"],
        quality=Quality(**(found["quality"] | {"reasons": tuple(found["quality"]["reasons"])})),
    )


def _read_act(act: Json) -> Act:
    return Act(**(act | {"votes": Votes(**act["votes"]) if act["votes"] else None}))


def _read_record(record: Json) -> Record:
    return Record(**(record | {"claims": tuple(Claim(**each) for each in record["claims"])}))
