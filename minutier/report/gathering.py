"""Every figure of a report, from the functions behind `stats`, `check`, `ledger`, `politeness`, `freezes`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from minutier.registry import Registry, not_run, software
from minutier.report.method import paragraphs
from storage import figures, freezes
from storage.corpus import identity
from storage.errors import WrongUse
from storage.filters import Filters
from storage.health import health
from storage.ledger import ledger
from storage.reading import count
from storage.runs import iso
from storage.search import unsearchable
from storage.store import Store

Json = dict[str, Any]


def gathered(store: Store, registry: Registry, now: datetime, wanted: tuple[str, ...] = ()) -> Json:
    """Return every figure, of some sources or of all. Raises WrongUse for a source that nobody knows."""
    from minutier.politeness import accounts

    filters = Filters(sources=wanted)
    known = not_run(store, registry)
    with store.reading() as connection:
        states = [each.json() for each in health(connection, registry.sources, now)]
        check_known(wanted, [each["source"] for each in states])
        found: Json = {
            "made_at": iso(now),
            "wanted": list(wanted),
            "unread": registry.unread,
            "corpus": identity(connection),
            "stats": figures.stats(connection, wanted),
            "lead": count(connection, filters),
            "not_searchable": unsearchable(connection, filters),
            "health": [each for each in states if not wanted or each["source"] in wanted],
            "ledger": ledger(connection, registry.sources, now, wanted).json(),
            "freezes": freezes.freezes(connection),
            "software": made_with(store),
        }
        found["paragraphs"] = paragraphs(connection, found, known)
    return found | {"politeness": accounts(store, wanted)}


def check_known(wanted: tuple[str, ...], known: list[str]) -> None:
    """Raise WrongUse for a source that neither the list nor the corpus knows."""
    for source in wanted:
        if source not in known:
            raise WrongUse(f"There is no source {source!r}: `minutier sources` lists them.")


def made_with(store: Store) -> dict[str, str]:
    """Return the versions of everything that shapes what a report shows."""
    from extract.likeness import LIKENESS_VERSION
    from extract.terms import TERMS_VERSION

    return software(store) | {"analyser": TERMS_VERSION, "likeness": LIKENESS_VERSION}
