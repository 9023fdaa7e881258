"""One document as a bundle shows it, for tests that need no corpus."""

from __future__ import annotations

from typing import Any

from bundles.model import BundleDocument


def a_document(**values: Any) -> BundleDocument:
    """Return a document with these values, and ordinary ones for the rest."""
    given: dict[str, Any] = {
        "id": "tq3abcdefghijk27",
        "title": "Procès-verbal",
        "date": "1981-06-22",
        "kind": "council_minutes",
        "act_type": "pv",
        "source": "montpellier",
        "voice": "local_authority",
        "country": "FR",
        "authority": "Ville de Montpellier",
        "language": "fr",
        "url": "https://a.example/pv",
        "captured_at": "2026-03-01T13:00:00Z",
        "media_type": "text/plain",
        "verdict": "good",
        "needs_ocr": False,
        "pages": 1,
        "characters": 5,
        "version": 1,
        "lead": "",
        "rights": "unknown",
        "curated": "undecided",
        "tags": "",
        "note": "",
        "corrected": "",
        "sha256": "0" * 64,
        "text_sha256": "1" * 64,
        "text": "Texte",
        "reasons": (),
    }
    return BundleDocument(**(given | values))
