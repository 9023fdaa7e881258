"""What was asked of each host, from the captures alone: how often, how far apart, what it wished, what it answered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from statistics import median
from typing import Any

from sqlalchemy import Connection, select

from storage.addresses import host_of
from storage.captures import AGENT, ASKED, NOT_MODIFIED, POSTPONED
from storage.models import Blob, Capture, Source
from storage.shapes import AnyRow, AnySelect

CLOCKS = 0.05
"""Seconds by which a measured pause may be shorter than the kept one: two clocks are read, at two moments."""
TDM = "tdm"
RESERVED = (TDM, "noai", "noimageai", "noml", "noindex", "noarchive", "nosnippet")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """One request that went out: when, to which host, and what came of it where it had to be sent again."""

    moment: datetime
    host: str
    came: str = ""

    @property
    def wait(self) -> float | None:
        """The seconds that the host asked to be left alone, or nothing."""
        words = self.came.split()
        return float(words[-1]) if "wait" in words else None


@dataclass(slots=True, kw_only=True)
class Host:
    """What the captures say about one host."""

    name: str
    sources: set[str] = field(default_factory=set)
    promised: float = 0.0
    """Seconds between two requests: the largest delay of its sources."""
    agent: str = ""
    roles: Counter[str] = field(default_factory=Counter)
    statuses: Counter[str] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)
    reserved: Counter[str] = field(default_factory=Counter)
    bytes: int = 0
    postponed: int = 0
    days: set[str] = field(default_factory=set)
    sendings: list[Sending] = field(default_factory=list)
    robots: dict[str, Any] = field(default_factory=dict)
    """The latest answer to robots.txt: status, moment, blob."""

    def add(self, row: AnyRow, promised: float) -> None:
        """Count one capture, of a source that keeps such a pause."""
        self.sources.add(row.source_id)
        self.promised = max(self.promised, promised)
        self.roles[row.role] += 1
        self.days.add(row.fetched_at[:10])
        flags = row.flags.split(",") if row.flags else []
        self.reserved.update(flag for flag in flags if flag in RESERVED)
        self.postponed += POSTPONED in flags
        if row.status:
            self.statuses[str(row.status)] += 1
        else:
            self.errors.update(flags)
        self.bytes += row.size or 0
        if row.role == "robots":
            self.agent = row.headers.get(AGENT, self.agent)
            self.robots = {"status": row.status, "asked_at": row.fetched_at, "blob": row.blob_sha256}

    def pauses(self) -> list[float]:
        """Return the seconds between each request and the next, as they were sent."""
        moments = sorted(sending.moment for sending in self.sendings)
        return [(later - earlier).total_seconds() for earlier, later in pairwise(moments)]

    def waits(self) -> tuple[int, int, float]:
        """Return how often the host asked to be left alone, how often that was kept, and the longest such time."""
        ordered = sorted(self.sendings, key=lambda sending: sending.moment)
        asked = [(each, later) for each, later in pairwise(ordered) if each.wait is not None]
        kept = sum((b.moment - a.moment).total_seconds() >= (a.wait or 0) - CLOCKS for a, b in asked)
        return len(asked), kept, max([each.wait or 0 for each, _ in asked], default=0.0)


def hosts(connection: Connection, sources: Iterable[str] = ()) -> list[Host]:
    """Return what was asked of each host, for some sources or all, in order of name."""
    found: dict[str, Host] = {}
    promised = {row.id: float(row.settings.get("delay", 0)) for row in connection.execute(select(Source))}
    for row in connection.execute(_captures(tuple(sources)), execution_options={"yield_per": 500}):
        name = host_of("/".join(row.url.split("/", 3)[:3]))  # few in all, so that each is looked into once
        host = found.get(name) or found.setdefault(name, Host(name=name))
        host.add(row, promised[row.source_id])
        for sending in read_sendings(row.headers.get(ASKED, "")):
            found.setdefault(sending.host, Host(name=sending.host)).sendings.append(sending)
    return [found[name] for name in sorted(found)]


def _captures(sources: tuple[str, ...]) -> AnySelect:
    columns = (Capture.source_id, Capture.role, Capture.url, Capture.status, Capture.headers, Capture.blob_sha256)
    query = (
        select(*columns, Capture.fetched_at, Capture.flags, Blob.size)
        .outerjoin(Blob, Blob.sha256 == Capture.blob_sha256)
        .where(Capture.url.like("http%"), ~Capture.flags.contains("carried"))
        .order_by(Capture.seq)
    )
    return query.where(Capture.source_id.in_(sources)) if sources else query


def read_sendings(written: str) -> Iterator[Sending]:
    """Yield the sendings that a capture keeps.

    >>> [(s.host, s.came, s.wait) for s in read_sendings("2026-03-01T12:00:00.250Z a.fr 429 wait 7")]
    [('a.fr', '429 wait 7', 7.0)]
    """
    for each in filter(None, written.split(", ")):
        moment, host, *came = each.split(" ")
        yield Sending(moment=datetime.fromisoformat(moment), host=host, came=" ".join(came))


def account(host: Host, wished: float) -> dict[str, Any]:
    """Return one host's figures as `politeness --json` prints them; `wished` is the Crawl-delay of its robots.txt."""
    pauses, promised = host.pauses(), max(host.promised, wished)
    asked, kept, longest = host.waits()
    retries = sum(bool(sending.came) for sending in host.sendings)
    answers = sum(n for role, n in host.roles.items() if role in ("document", "listing"))
    days = sorted(host.days)
    return {
        "host": host.name,
        "sources": sorted(host.sources),
        "user_agent": host.agent,
        "requests": {
            "total": sum(host.roles.values()) + retries,
            "documents": host.roles["document"],
            "listings": host.roles["listing"],
            "robots": host.roles["robots"],
            "reservations": host.roles["reservations"],
            "redirects": host.roles["redirect"],
            "probes": host.roles["probe"],
            "unanswered": host.roles["unanswered"],
            "retries": retries,
        },
        "first_day": days[0] if days else "",
        "last_day": days[-1] if days else "",
        "days": len(days),
        "pauses": {
            "measured": len(pauses),
            "promised": promised,
            "shortest": round(min(pauses), 3) if pauses else None,
            "median": round(median(pauses), 3) if pauses else None,
            "below": sum(pause < promised - CLOCKS for pause in pauses),
        },
        "robots": {"status": host.robots.get("status"), "asked_at": host.robots.get("asked_at", "")}
        | {"verdict": verdict(host.robots.get("status")), "crawl_delay": wished},
        "retry_after": {"asked": asked, "kept": kept, "longest": longest, "left_to_a_later_run": host.postponed},
        "not_modified": round(host.statuses[str(NOT_MODIFIED)] / answers, 3) if answers else 0.0,
        "bytes": host.bytes,
        "statuses": dict(sorted(host.statuses.items())),
        "errors": dict(sorted(host.errors.items())),
        "reserved": dict(sorted(host.reserved.items())),
    }


def verdict(status: int | None) -> str:
    """Return what an answer to robots.txt meant: its rules were kept, there were none, or nothing was asked.

    >>> verdict(200), verdict(404), verdict(503), verdict(0), verdict(None)
    ('rules', 'no_rules', 'forbidden', 'forbidden', 'not_asked')
    """
    if status is None:
        return "not_asked"
    if 200 <= status < 400:
        return "rules"
    return "no_rules" if 400 <= status < 500 and status not in (401, 403, 429) else "forbidden"
