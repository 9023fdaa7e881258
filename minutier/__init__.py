"""Minutier: from a town hall's web site to a citable corpus that says what is missing.

For analysts: `corpus = minutier.open("corpus")`, then `corpus.search("jumelage", lang="fr").to_pandas()`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from minutier.analysis import Corpus

__version__ = "0.1.0"


def open(location: str | Path = "corpus") -> Corpus:
    """Return a corpus, open for reading: its folder or address. What it needs is loaded only now."""
    from minutier.analysis import open_corpus

    return open_corpus(location)
