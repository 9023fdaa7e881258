"""The sources as the ledger looks at them: what the corpus remembers, what the registry says, how their runs went."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, select

from storage.ledger.calendar import month_of
from storage.models import Authority, Run, Source
from storage.runs import GOOD
from storage.shapes import AnyRow, AnySelect
from storage.sources import Authority as Body
from storage.sources import Source as Entry
from storage.sources import SourcesFile

LISTS_NOTHING = ("folder", "archive", None)
"""Spiders that read no list of the publisher: what is imported is what somebody brought."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One source."""

    id: str
    title: str
    kind: str
    authority_id: str
    authority: str
    siren: str
    spider: str
    record: str
    lists_all: bool
    """Whether its listings name everything that the site publishes, as far as the site shows it."""
    online_since: str = ""
    """The first month that the site has on-line, where the registry says so."""
    discontinued: str = ""
    """The last month in which the source may have published something, where it ended."""
    denominator: str = ""
    """The source whose table says what there is to have; nothing: the tables of its authority."""
    last_run: str = ""
    last_good: str = ""
    """When the last run that may be believed ended; nothing where there is none."""


def places(connection: Connection, registry: SourcesFile | None, wanted: Sequence[str]) -> list[Place]:
    """Return the sources that the ledger is about: those named, else all that the corpus or the registry knows."""
    rows = {row.id: row for row in connection.execute(_known())}
    entries = {entry.id: entry for entry in registry.sources} if registry else {}
    runs = _runs(connection)
    names = list(dict.fromkeys(wanted)) or sorted({*rows, *entries})
    authorities = registry.authorities if registry else {}
    return [_place(name, rows.get(name), entries.get(name), runs.get(name, ("", "")), authorities) for name in names]


def _known() -> AnySelect:
    body = (Authority.name.label("authority"), Authority.siren)
    own = (Source.id, Source.title, Source.kind, Source.settings, Source.authority_id)
    return select(*own, *body).outerjoin(Authority, Authority.id == Source.authority_id)


def _runs(connection: Connection) -> dict[str, tuple[str, str]]:
    """Return when each source ran last, and when its last good run ended."""
    found: dict[str, tuple[str, str]] = {}
    query = select(Run.source_id, Run.started_at, Run.ended_at, Run.outcome).order_by(Run.seq)
    for row in connection.execute(query):
        good = row.ended_at if row.outcome in GOOD and row.ended_at else found.get(row.source_id, ("", ""))[1]
        found[row.source_id] = (row.started_at, good)
    return found


def _place(
    name: str, row: AnyRow | None, entry: Entry | None, runs: tuple[str, str], authorities: Mapping[str, Body]
) -> Place:
    settings = dict(row.settings) if row is not None else {}
    of = (entry.authority if entry else row.authority_id if row is not None else "") or ""
    body = authorities.get(of)
    spider = (entry.spider if entry else settings.get("spider")) or ""
    return Place(
        id=name,
        title=entry.title if entry else row.title if row is not None else name,
        kind=entry.kind if entry else row.kind if row is not None else "other",
        authority_id=of,
        authority=(body.name if body else "") or (row.authority if row is not None else "") or "",
        spider=spider,
        siren=(body.siren if body else "") or (row.siren if row is not None else "") or "",
        record=_said(entry, settings, "record"),
        lists_all=spider not in ("", *LISTS_NOTHING) and _lists_all(entry, settings),
        online_since=month_of(_said(entry, settings, "online_since")),
        discontinued=last_month(_said(entry, settings, "discontinued")),
        denominator=_said(entry, settings, "denominator"),
        last_run=runs[0],
        last_good=runs[1],
    )


def _said(entry: Entry | None, settings: dict[str, Any], name: str) -> str:
    """Return what the registry says under a key, else what it said when the source last ran; dates as text."""
    value = getattr(entry, name, None) if entry else settings.get(name)
    return str(value) if value else ""


def last_month(day: str) -> str:
    """Return the last month in which a source published that publishes nothing more from a day on; or nothing.

    >>> last_month("2025-07-01"), last_month("2025-07-02"), last_month("")
    ('2025-06', '2025-07', '')
    """
    return month_of((date.fromisoformat(day) - timedelta(days=1)).isoformat()) if day else ""


def _lists_all(entry: Entry | None, settings: dict[str, Any]) -> bool:
    if entry:
        return bool(getattr(entry.options, "lists_all", True))
    options = settings.get("options", {})
    # What the options of the spiders would answer, without the room that knows them.
    return options.get("since") is None and (settings.get("spider") != "feed" or options.get("next") is not None)
