"""Web archives: what their index (CDX) says they hold, and which capture of an address is the one to ask for."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any, Literal
from urllib.parse import urlencode, urlsplit

from crawlers.reading.entries import Unreadable, shown

Match = Literal["exact", "prefix", "host", "domain"]
ROWS = 5000
"""How many captures one page of the index lists."""
SLACK = timedelta(days=1)
"""How far the clock of an archive may be before ours."""
REVISIT = "warc/revisit"
PARTS = ("image/", "font/", "audio/", "video/", "text/css", "text/javascript", "application/javascript")
"""Media types of what only makes up a page."""
NAMES = {"url": "original", "mime": "mimetype", "status": "statuscode"}
"""What other servers (pywb) call the fields of the Wayback Machine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """One capture that an archive holds."""

    original: str
    timestamp: str
    """14 digits, UTC."""
    status: str = ""
    """Three digits; nothing where the index does not say."""
    media_type: str = ""
    digest: str = ""
    key: str = ""
    """The address as the index sorts by it."""

    @property
    def archived_at(self) -> str:
        """When it was taken.

        >>> Held(original="http://a.fr/", timestamp="20150203040506").archived_at
        '2015-02-03T04:05:06Z'
        """
        t = self.timestamp
        return f"{t[:4]}-{t[4:6]}-{t[6:8]}T{t[8:10]}:{t[10:12]}:{t[12:14]}Z"

    @property
    def objection(self) -> tuple[str, str]:
        """Why it is no document: a short reason and a sentence; or nothing."""
        taken = self.archived_at[:10]
        if self.status.startswith("3"):
            return "archived_redirect", f"On {taken} the archive was sent to another address ({self.status})."
        if self.status and not self.status.startswith("2"):
            return "archived_error", f"On {taken} the site answered the archive {self.status}."
        if self.media_type.startswith(PARTS):
            return "type", f"It is {self.media_type}, a part of pages."
        return "", ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexPage:
    """One page of an archive's index."""

    held: tuple[Held, ...]
    resume: str = ""
    """The key by which it goes on; nothing at its end."""


def index_address(
    cdx: str,
    pattern: str,
    match: Match | None,
    since: date | None,
    until: date | None,
    collapse: str | None,
    resume: str = "",
) -> str:
    """Return the address to ask an index for what it holds."""
    asked = {"url": pattern, "output": "json"}
    asked |= {"matchType": match} if match else {}
    asked |= {"from": f"{since:%Y%m%d}"} if since else {}
    asked |= {"to": f"{until:%Y%m%d}"} if until else {}
    asked |= {"collapse": collapse} if collapse else {}
    asked |= {"limit": str(ROWS), "showResumeKey": "true"}
    asked |= {"resumeKey": resume} if resume else {}
    return f"{cdx}?{urlencode(asked)}"


def read_index(body: bytes, now: datetime) -> IndexPage:
    """Return a page of an index: a table in JSON, or an object a line. Raises Unreadable where it is neither.

    A moment that is still to come makes it none: it would be newer than everything that is known.
    """
    page = _index(body)
    if late := next((each for each in page.held if each.timestamp > f"{now + SLACK:%Y%m%d%H%M%S}"), None):
        raise Unreadable(f"is no index of an archive: it holds what was taken at {late.archived_at}")
    return page


def _index(body: bytes) -> IndexPage:
    text = body.decode("utf-8", "replace").strip()
    try:
        if text.startswith("{"):
            return IndexPage(held=tuple(_held(json.loads(line)) for line in text.splitlines() if line))
        rows = json.loads(text or "[]")
        resume = ""
        if len(rows) >= 2 and rows[-2] == []:
            resume, rows = rows[-1][0], rows[:-2]
        if rows and "timestamp" not in rows[0]:
            raise KeyError("timestamp")
        return IndexPage(held=tuple(_held(dict(zip(rows[0], row, strict=True))) for row in rows[1:]), resume=resume)
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError):
        raise Unreadable(f"is no index of an archive: it begins with {shown(text)}") from None


def _held(said: Mapping[str, Any]) -> Held:
    row = {NAMES.get(name, name): value for name, value in said.items()}
    status, timestamp = str(row.get("statuscode") or ""), str(row["timestamp"])
    if not (timestamp.isascii() and len(timestamp) == 14):
        raise ValueError(timestamp)
    datetime.strptime(timestamp, "%Y%m%d%H%M%S")  # raises for what is no moment
    return Held(
        original=str(row["original"]),
        timestamp=timestamp,
        status=status if status.isdecimal() else "",
        media_type=str(row.get("mimetype") or ""),
        digest=str(row.get("digest") or ""),
        key=str(row.get("urlkey") or row["original"]),
    )


def host_within(original: str, pattern: str, match: Match | None) -> bool:
    """Return whether an address has the host that an index was asked about; `www.` and ports tell no hosts apart.

    >>> host_within("http://www.a.fr:80/x", "a.fr/actes/*", None), host_within("http://b.fr/", "a.fr/*", None)
    (True, False)
    >>> host_within("http://docs.a.fr/", "*.a.fr", None), host_within("http://nota.fr/", "a.fr", "domain")
    (True, False)
    """
    asked = _host(pattern.removeprefix("*.") if "://" in pattern else f"//{pattern.removeprefix('*.')}")
    host = _host(original) if original.startswith(("http://", "https://")) else ""
    below = match == "domain" or pattern.startswith("*.")
    return bool(host) and (host == asked or (below and host.endswith(f".{asked}")))


def _host(url: str) -> str:
    try:
        parts = urlsplit(url.encode().decode())  # half a character cannot be asked for
        return (parts.hostname or "").removeprefix("www.") if parts.port != 0 else ""
    except ValueError:  # such as http://[broken or :99999
        return ""


def whole_keys(held: Iterable[Held], *, more: bool) -> tuple[list[Held], list[Held]]:
    """Return the captures whose address is complete, and those that the next page of the index may go on with."""
    listed = list(held)
    open_key = listed[-1].key if more and listed else None
    rest = [each for each in listed if each.key == open_key]
    latest = sorted(rest, key=lambda each: each.timestamp)[-ROWS:]  # an index could go on about one address for ever
    return [each for each in listed if each.key != open_key], latest


def newest(held: Iterable[Held], address_of: Callable[[str], str]) -> list[Held]:
    """Return one capture for each address: the newest that is a document, else the newest of all."""
    keyed = sorted(held, key=lambda each: address_of(each.original))
    return [_best(list(group)) for _, group in groupby(keyed, key=lambda each: address_of(each.original))]


def _best(captures: list[Held]) -> Held:
    """Return the best capture of one address; a revisit is what the capture with its digest is."""
    full = {each.digest: each for each in captures if each.media_type != REVISIT and each.digest}
    meant = [
        replace(each, status=full[each.digest].status, media_type=full[each.digest].media_type)
        if each.media_type == REVISIT and each.digest in full
        else each
        for each in captures
    ]
    return max(meant, key=lambda each: (not each.objection[0], each.timestamp))
