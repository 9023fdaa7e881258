"""How fast pages are captured: against bare Scrapy with the same settings, and with Scrapy's defaults; no extraction.

    python bench/capture_speed.py [DOCUMENTS] [ROUNDS]

The site is synthetic, in a process of its own; each contender too. They take turns, and medians are compared.
Politeness is off: eight requests at once, as Scrapy does by default. What is measured is the work for each page: the
clock runs from the first tenth of the documents to the last one, for all alike, so that nobody's start counts. A page
of ours counts when it is durable, a page of plain Scrapy when its spider has it. What our settings turn off in Scrapy
without putting something in its place is turned off for the bare contender too.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from bench._crawling import capture, source
from bench._site import site
from crawlers import settings as house

AT_ONCE = {"CONCURRENT_REQUESTS_PER_DOMAIN": 8, "DOWNLOAD_DELAY": 0}
OURS = ("DOWNLOADER_MIDDLEWARES", "ITEM_PIPELINES", "SPIDER_MODULES", "DOWNLOAD_HANDLERS")
REPLACED = ("RobotsTxtMiddleware", "RetryMiddleware")
"""Scrapy's parts that ours stand in the place of: the bare contender keeps them."""


class Clock:
    """Notes the moment and the CPU time at the first tenth of the documents and at the last."""

    def __init__(self, documents: int) -> None:
        self.marks = (documents // 10, documents)
        self.counted = 0
        self.moments: list[tuple[float, float]] = []

    def saw(self) -> None:
        """Count a document."""
        self.counted += 1
        if self.counted in self.marks:
            self.moments.append((time.perf_counter(), time.process_time()))

    def reading(self) -> tuple[float, float]:
        """Return the documents a second, and the CPU seconds of one."""
        (begun, used), (ended, spent) = self.moments
        number = self.marks[1] - self.marks[0]
        return number / (ended - begun), (spent - used) / number


def house_settings() -> dict[str, Any]:
    """Return the settings of the house without its own parts."""
    off = {name: None for name, place in house.DOWNLOADER_MIDDLEWARES.items() if place is None}
    kept = {name: None for name in off if not name.endswith(REPLACED)}
    plain = {name: getattr(house, name) for name in dir(house) if name.isupper() and name not in OURS}
    return plain | AT_ONCE | {"DOWNLOADER_MIDDLEWARES": kept}


def minutier(root: str, clock: Clock) -> None:
    """Capture the site with our crawler."""
    for name, value in AT_ONCE.items():
        setattr(house, name, value)
    with tempfile.TemporaryDirectory() as place:
        capture(Path(place) / "corpus", [source("town", root)], clock.saw)


def bare(root: str, settings: dict[str, Any], clock: Clock) -> None:
    """Walk the site with a plain spider that keeps nothing."""
    import scrapy
    from scrapy.crawler import AsyncCrawlerProcess

    class Plain(scrapy.Spider):
        name = "plain"

        async def start(self) -> Any:
            yield scrapy.Request(f"{root}/list/0")

        def parse(self, response: Any) -> Any:
            yield from response.follow_all(css="a.document", callback=self.document)
            yield from response.follow_all(css="a[rel=next]")

        def document(self, response: Any) -> None:
            clock.saw()

    process = AsyncCrawlerProcess(settings | {"LOG_LEVEL": "CRITICAL"})
    process.crawl(Plain)
    process.start()


def contend(name: str, root: str, documents: int) -> None:
    """Be one contender; print how many documents it had, how many a second, and the CPU seconds of one."""
    closed = {"TELNETCONSOLE_ENABLED": False, "REMOTE_CONTROL_ENABLED": False}
    clock = Clock(documents)
    if name == "minutier":
        minutier(root, clock)
    else:
        bare(root, house_settings() if name == "bare" else closed, clock)
    print(clock.counted, *clock.reading())


def measure(documents: int, rounds: int) -> bool:
    """Let the contenders take turns; return whether the ratios are kept."""
    names = ("minutier", "bare", "defaults")
    rates: dict[str, list[float]] = {name: [] for name in names}
    used: dict[str, list[float]] = {name: [] for name in names}
    with site(documents) as (root,):
        for turn in range(rounds):
            for name in names[turn % 3 :] + names[: turn % 3]:
                said = subprocess.check_output(
                    [sys.executable, __file__, "--contend", name, root, str(documents)], text=True
                )
                done, rate, cpu = said.split()
                assert int(done) == documents, f"{name} got {done} of {documents}"
                rates[name].append(float(rate))
                used[name].append(float(cpu))
    ours, same, defaults = (median(rates[name]) for name in names)
    print(f"documents a second, median of {rounds}: {ours:.0f} captured, {same:.0f} bare, {defaults:.0f} by defaults")
    spent = ", ".join(f"{name} {1000 * median(used[name]):.2f}" for name in names)
    print(f"CPU milliseconds a document: {spent}")
    print(f"of bare Scrapy with the same settings: {ours / same:.2f} (at least 0.90)")
    print(f"of Scrapy's defaults: {ours / defaults:.2f} (at least 1.40)")
    return ours >= 0.9 * same and ours >= 1.4 * defaults


if __name__ == "__main__":
    if sys.argv[1:2] == ["--contend"]:
        contend(sys.argv[2], sys.argv[3], int(sys.argv[4]))
    else:
        wanted = [int(word) for word in sys.argv[1:]] + [3000, 3][len(sys.argv) - 1 :]
        sys.exit(0 if measure(*wanted) else 1)
