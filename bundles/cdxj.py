"""The index of a web archive (CDXJ): one line per record, sorted by address, packed in blocks for players to find."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from urllib.parse import quote, unquote, urlsplit

from storage.addresses import host_of

BLOCK = 300  # lines; what other writers of such archives take
PLAIN = "!$&'()*+,-./:;=@_~"  # characters that an address may hold as they are


def url_key(url: str) -> str:
    """Return an address as an index sorts it: host turned round, folded, parameters sorted.

    >>> url_key("https://www.Ville.example/Conseil/PV.pdf?b=2&a=1")
    'example,ville)/conseil/pv.pdf?a=1&b=2'
    """
    parts, host = urlsplit(url), host_of(url)
    name, port = re.sub(r"^www\d*\.", "", host), ""
    if found := re.fullmatch(r"(.*)(:\d+)", name):
        name, port = found.groups()
    turned = ",".join(reversed(name.split(".")))
    path = folded(parts.path, PLAIN).rstrip("/") or "/"
    pairs = folded(parts.query, f"{PLAIN}?").split("&")
    query = "&".join(sorted(pairs, key=lambda pair: pair.split("=", 1)))
    return f"{turned}{port}){path}{'?' if query else ''}{query}".lower()


def folded(part: str, safe: str) -> str:
    """Return a part of an address in lower case and escaped once, however often it was escaped."""
    while (plain := unquote(part)) != part:
        part = plain
    return quote(part.lower(), safe=safe)


def line(url: str, date: str, facts: dict[str, str]) -> str:
    """Return the line of one record."""
    moment = re.sub(r"\D", "", date)[:14]
    return f"{url_key(url)} {moment} {json.dumps({'url': url} | facts)}\n"


def packed(lines: list[str]) -> Iterator[tuple[bytes, str]]:
    """Yield the blocks of sorted lines, each packed by itself, with the line by which it is found."""
    offset = 0
    for start in range(0, len(lines), BLOCK):
        block = lines[start : start + BLOCK]
        body = gzip.compress("".join(block).encode(), mtime=0)
        place = json.dumps({"offset": offset, "length": len(body)})
        yield body, f"{block[0].partition('{')[0].strip()} {place}\n"
        offset += len(body)
