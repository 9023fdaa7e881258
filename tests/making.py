"""Small makers for tests: a store, a source, a response, an extraction. Everything made here is synthetic."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from crawlers.spiders.listing import Options
from extract.model import Extraction, Found, FoundDate, LanguageShare, Page, Quality
from minutier.child import analysed
from storage.captures import Response
from storage.finishing import Ending, Judged
from storage.runs import iso
from storage.saving import Saved
from storage.sources import LinkRule, Source
from storage.store import Store

NOON = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)


def a_source(**values: Any) -> Source:
    """Return a valid source."""
    given = {
        "id": "town",
        "title": "A town",
        "kind": "council_minutes",
        "voice": "local_authority",
        "spider": "listing",
        "start": ("http://127.0.0.1:9/list",),
        "delay": 0,
        "enabled": True,
        "options": Options(follow=LinkRule(css="a.document")),
    }
    return Source.model_validate(given | values)


def a_reading(text: str = "Séance du conseil.", verdict: Any = "good", **values: Any) -> Extraction:
    """Return an extraction as a format module gives it."""
    given: dict[str, Any] = {
        "extractor": "text",
        "engine": "made by a test",
        "media_type": "text/plain",
        "text": text,
        "quality": Quality(verdict=verdict),
        "pages": (Page(number=1, start=0, end=len(text)),) if text else (),
        "title": Found(value="Un titre", found_in="heading"),
        "dates": (FoundDate(role="session", value="2024-05-27", precision="day", found_in="heading"),),
        "language": "fr",
        "languages": (LanguageShare(code="fr", share=1.0),),
    }
    return Extraction(**(given | values))


class Scene:
    """A corpus in which a test plays runs by hand, with its own clock."""

    def __init__(self, place: str | Path) -> None:
        self.now = NOON
        self.store = Store.create(place, now=self.now, version="test")
        self._ids = count(1)
        self.run_id = ""
        self.source = a_source()

    def open_run(self, source: Source | None = None) -> str:
        """Begin a run, an hour after whatever was before."""
        self.now += timedelta(hours=1)
        self.source = source or self.source
        opened = self.store.open_run(
            self.source, {}, now=self.now, version="test", new_id=lambda: f"run{next(self._ids)}"
        )
        self.run_id = opened.run_id
        return opened.run_id

    def fetch(self, name: str, body: bytes = b"", status: int = 200, **values: Any) -> int:
        """Capture one document's response and return the capture's number."""
        url = f"http://127.0.0.1:9/{name}"
        given: dict[str, Any] = {
            "run_id": self.run_id,
            "source_id": self.source.id,
            "role": "document",
            "url": url,
            "address": url,
            "document_address": url,
            "status": status,
            "body": body,
            "fetched_at": iso(self.now),
            "hints": {"link_text": name},
        }
        return self.store.record(Response(**(given | values))).result(timeout=10)

    def read(self, seq: int, text: str, **values: Any) -> Saved:
        """Save what an extractor read from a capture; `by_hand` names the pages that a person typed."""
        by_hand = values.pop("by_hand", "")
        outcome = analysed(a_reading(text, **values))
        assert outcome
        given = {"extractor_version": "1", "now": iso(self.now), "by_hand": by_hand}
        return self.store.save(seq, *outcome, **given).result(timeout=10)

    def give(self, name: str, text: str, **values: Any) -> Saved:
        """Capture a document and save its text."""
        return self.read(self.fetch(name, text.encode() or name.encode()), text, **values)

    def close_run(self, **ending: Any) -> Judged:
        """End the run."""
        return self.store.finish_run(self.run_id, Ending(**ending), self.now)

    def rows(self, sql: str) -> list[Any]:
        """Return the rows of some SQL."""
        with self.store.reading() as connection:
            return [tuple(row) for row in connection.exec_driver_sql(sql).all()]

    def figures(self) -> dict[str, Any]:
        """Return the run as `runs --json` prints it."""
        from storage.figures import one_run

        with self.store.reading() as connection:
            run = one_run(connection, self.run_id)
        assert run
        return run
