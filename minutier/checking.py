"""What needs somebody's eye: the alarms of all sources, the worst first, and what became of a rule that died."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from crawlers.probing.nearest import nearest
from crawlers.probing.pages import look
from crawlers.replay import replay
from storage.captures import Kept
from storage.errors import WrongUse
from storage.health import Health, health
from storage.replaying import body_at, pages_of
from storage.sources import Source, SourcesFile
from storage.store import Store

Json = dict[str, Any]

SEVERITY = (
    "redaction",
    "failing",
    "stopped",
    "listing",
    "trouble",
    "nothing_listed",
    "expect.min",
    "rule",
    "drop",
    "never_run",
    "stale",
    "silence",
    "errors",
    "unreadable",
    "expect.max",
)
"""The checks, the worst first; any other comes after them."""
ALWAYS = "redaction"
"""The check that speaks of a source that is not run any more as well: a text may show what was withdrawn."""
LOOKED_AT = 20
"""How many listings of a run are compared with what they were."""
SAMPLE = 3


def checked(store: Store, sources: SourcesFile | None, ids: Sequence[str], now: datetime) -> list[Health]:
    """Return how the sources are that are run by themselves, or those named. Raises WrongUse for an unknown one."""
    with store.reading() as connection:
        found = health(connection, sources, now)
    known = {one.source for one in found}
    for name in ids:
        if name not in known:
            raise WrongUse(f"There is no source {name!r} in this corpus or in its list: `minutier sources` lists them.")
    if ids:
        return [one for one in found if one.source in ids]
    return [one for one in found if one.enabled or any(alarm["check"] == ALWAYS for alarm in one.alarms)]


def alarms(found: Sequence[Health], *, named: bool) -> list[Json]:
    """Return the alarms of some sources, the worst first, each with its source; of one not run only what is urgent."""
    told = [
        {"source": one.source} | alarm
        for one in found
        for alarm in one.alarms
        if named or one.enabled or alarm["check"] == ALWAYS
    ]
    rank = {check: place for place, check in enumerate(SEVERITY)}
    return sorted(told, key=lambda alarm: rank.get(alarm["check"], len(rank)))


def changes(store: Store, sources: SourcesFile | None, told: Sequence[Json]) -> list[Json]:
    """Return for each dead rule among some alarms what became of its page."""
    listed = {source.id: source for source in sources.sources} if sources else {}
    dead = [alarm for alarm in told if alarm["check"] == "rule" and alarm["source"] in listed]
    return [found for alarm in dead if (found := change(store, listed[alarm["source"]], alarm["rule"], alarm["run"]))]


def change(store: Store, source: Source, rule: str, run_id: str) -> Json | None:
    """Return the first page on which a rule found something in a good run and nothing in this one, or nothing.

    `page` and `before` are the captures, `sample` what the rule found then, `nearest` what resembles it now.
    """
    for now, before in pairs(store, source, run_id):
        was = found_by(store, source, rule, before)
        if was and not found_by(store, source, rule, now):
            body = store.blobs.read(now.blob_sha256)
            near = nearest(rule, was, look(now.address, now.url, now.status, now.headers, body))
            return {
                "source": source.id,
                "rule": rule,
                "written": written(source, rule),
                "page": kept(store, now),
                "before": kept(store, before),
                "matched": len(was),
                "sample": [link.url for link in was[:SAMPLE]],
                "nearest": near
                and {
                    "rule": dict(near.rule),
                    "found": near.found,
                    "by": near.by,
                    "sample": [link.url for link in near.sample[:SAMPLE]],
                },
            }
    return None


def pairs(store: Store, source: Source, run_id: str) -> Iterator[tuple[Kept, Kept]]:
    """Yield the listings of a run as they are now, each with what it was in the last good run before."""
    roles = ("listing", "document") if source.spider == "site" else ("listing",)
    pages = store.rows(pages_of(run_id, roles, LOOKED_AT))
    first = min((row.seq for row in pages), default=0)
    for row in pages:
        now = store.first(body_at(source.id, row.address, row.seq, good=False))
        before = store.first(body_at(source.id, row.address, first - 1, good=True))
        if now and before and now.blob_sha256 != before.blob_sha256:
            yield now, before


def found_by(store: Store, source: Source, rule: str, capture: Kept) -> tuple[Any, ...]:
    """Return what a rule finds in a capture."""
    body = store.blobs.read(capture.blob_sha256)
    return replay(source, capture.url, capture.headers, body).get(rule, ())


def written(source: Source, rule: str) -> Any:
    """Return a rule as sources.yaml has it; of a column of `map` the names that are looked for."""
    key, _, column = rule.partition(".")
    told = source.options.model_dump(mode="json", exclude_none=True).get(key)
    return told.get(column) if column and isinstance(told, dict) else told


def kept(store: Store, capture: Kept) -> Json:
    """Return where a capture is kept and how it is opened."""
    return {
        "address": capture.address,
        "fetched_at": capture.fetched_at,
        "run": capture.run_id,
        "capture": capture.seq,
        "sha256": capture.blob_sha256,
        "file": store.blobs.address(capture.blob_sha256),
    }


def lines(found: Json) -> list[tuple[str, str]]:
    """Return what became of a page as lines for a terminal: a label and words each."""
    near = found["nearest"]
    page, before = found["page"], found["before"]
    told = [
        ("page kept", f"{page['address']} of {page['fetched_at']}, open {page['file']}"),
        ("rule that died", f"{found['rule']}: {json.dumps(found['written'], ensure_ascii=False)}"),
        ("last good", f"{before['fetched_at']} found {found['matched']}, such as {', '.join(found['sample'])}"),
        ("page then", f"open {before['file']}"),
    ]
    if near is None:
        return [*told, ("nearest", "nothing on the new page resembles them: look at it, or `minutier probe` the site")]
    rule = f"{found['rule']}: {json.dumps(near['rule'], ensure_ascii=False)}" if near["rule"] else "no rule found"
    how = HOW[near["by"]]
    return [*told, ("nearest", f"{rule} ({near['found']} links {how}, such as {', '.join(near['sample'])})")]


HOW = {
    "addresses": "where those addresses stand now",
    "pattern": "whose addresses are alike",
    "words": "whose words are alike",
    "place": "where a next page is named",
}
"""How the nearest match was found, in words."""
