"""How long the report of 100,000 documents takes, and how large its page is (45 sources, 30 years; under 10 s)."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from bench import _hundred_thousand as corpus
from minutier.registry import Registry
from minutier.report.gathering import gathered
from minutier.report.page import page
from storage.store import Store


def main(documents: int) -> None:
    """Make the corpus, write the report twice, and print the figures."""
    with tempfile.TemporaryDirectory() as parent:
        place = Path(parent) / "corpus"
        corpus.make(place, documents)
        pages: list[str] = []
        with Store.open(place) as store:
            registry = Registry(sources=None, unread="none in this measurement")
            for _ in range(2):
                times = dict(corpus.timed(lambda: pages.append(page(gathered(store, registry, corpus.NOW), "fr"))))
                print(f"report of {documents} documents: {times['wall']:.1f} s, {times['cpu']:.1f} s of CPU")
        assert pages[0] == pages[1]
        print(f"page: {len(pages[0].encode()) / 1e3:.0f} kB")
        if len(sys.argv) > 2:
            Path(sys.argv[2]).write_text(pages[0], encoding="utf-8")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
