"""Turns told and taken: what `crawl --due` runs now, and what it says of the rest."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from storage.sources import Source, SourcesFile
from storage.store import Store
from storage.turns import Turn, turns


def due(store: Store, sources: SourcesFile, now: datetime) -> list[Turn]:
    """Return the turns that have come, in the order of the list of sources."""
    return [turn for turn in turns_of(store, sources.sources, now) if turn.at <= now]


def turns_of(store: Store, sources: Iterable[Source], now: datetime) -> list[Turn]:
    """Return when each of some sources is to be run next; those that are not run by themselves have no turn."""
    with store.reading() as connection:
        return turns(connection, sources, now)


def summary(found: list[Turn], now: datetime) -> str:
    """Return in one line how many sources are due, and which comes next."""
    later = sorted((turn for turn in found if turn.at > now), key=lambda turn: turn.at)
    ripe = len(found) - len(later)
    line = "Nothing is due" if not ripe else "1 source is due" if ripe == 1 else f"{ripe} sources are due"
    if not later:
        return f"{line}."
    first = later[0]
    return f"{line}; {len(later)} wait, the first is {first.source.id}, on {first.at.astimezone():%Y-%m-%d at %H:%M}."
