"""What a site says about machines that read it: TDM reservations and robots marks. Pure functions.

The TDM Reservation Protocol has three places: a response header, a `<meta>` of the page, and a file of the host. The
nearest one counts. `X-Robots-Tag` and `<meta name=robots>` are read beside it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

WELL_KNOWN = "/.well-known/tdmrep.json"
TDM = "tdm"
"""The mark of an answer whose text and data mining is reserved."""
MARKS = re.compile(r"\b(?:noai|noimageai|noindex|noarchive|nosnippet|noml)\b")
META = re.compile(rb"<[mM][eE][tT][aA]\b[^>]{0,600}>")
ATTRIBUTE = re.compile(rb"(?is)\b(name|content)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")
HEAD = 2**16


@dataclass(frozen=True, slots=True, kw_only=True)
class Reservation:
    """One rule of a host's file: addresses, whether mining is reserved, and where its terms stand."""

    location: str
    reserved: bool
    policy: str = ""


def read_file(body: bytes) -> tuple[Reservation, ...]:
    """Return the rules of a `tdmrep.json`; none where it is not one.

    >>> read_file(b'[{"location": "/archives/*", "tdm-reservation": 1}]')
    (Reservation(location='/archives/*', reserved=True, policy=''),)
    """
    try:
        rules = json.loads(body)
    except (ValueError, RecursionError):
        return ()
    found = [rule for rule in rules if isinstance(rule, dict)] if isinstance(rules, list) else []
    return tuple(
        Reservation(
            location=str(rule.get("location", "")),
            reserved=str(rule.get("tdm-reservation")) == "1",
            policy=str(rule.get("tdm-policy", "")),
        )
        for rule in found
    )


def applies(rule: Reservation, url: str) -> bool:
    """Return whether a rule of the file speaks of an address; `*` stands for anything, `$` for the end."""
    parts = urlsplit(url)
    asked = parts.path + (f"?{parts.query}" if parts.query else "")
    place = re.escape(rule.location).replace(r"\*", ".*")
    end = place.removesuffix(r"\$") + "$" if place.endswith(r"\$") else place
    return bool(rule.location) and bool(re.match(end, asked or "/"))


def marks_of(headers: Mapping[str, str], body: bytes, url: str, rules: tuple[Reservation, ...]) -> set[str]:
    """Return the marks of one answer: `tdm` where mining is reserved, and what is said to robots."""
    said = metas(body)
    robots = " ".join([headers.get("x-robots-tag", ""), said.get("robots", ""), said.get("minutier", "")]).lower()
    found = set(MARKS.findall(robots))
    spoken = said.get("tdm-reservation") or headers.get("tdm-reservation")
    if spoken is None:
        rule = next((rule for rule in rules if applies(rule, url)), None)
        return found | {TDM} if rule and rule.reserved else found
    return found | {TDM} if spoken.strip() == "1" else found


def metas(body: bytes) -> dict[str, str]:
    """Return the named `<meta>` of a page's beginning, names in small letters; of repeated ones all contents."""
    found: dict[str, str] = {}
    if body[:1024].lstrip()[:1] != b"<":
        return found
    for tag in META.findall(body[:HEAD]):
        pairs = {name.lower(): b"".join(values).decode("utf-8", "replace") for name, *values in ATTRIBUTE.findall(tag)}
        name = pairs.get(b"name", "").lower()
        if name:
            found[name] = ", ".join(filter(None, [found.get(name, ""), pairs.get(b"content", "")]))
    return found
