"""Crawl runs from beginning to end: lock, crawl, extract beside it, judge, and report each source."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import extract
from crawlers.run import CrawlRun, utc_now
from crawlers.running import crawl as crawl_sources
from crawlers.walking import SourceSpider
from minutier import __version__
from minutier.extraction import Extractors
from minutier.folders import modules_in, names_in
from minutier.readings import Readings
from storage import figures
from storage.captures import Kept
from storage.errors import Busy, WrongUse
from storage.finishing import Ending
from storage.saving import Saved
from storage.sources import Expect, Source, SourcesFile, contact_is_placeholder
from storage.sources_file import load
from storage.store import Store

BEAT = timedelta(seconds=10)
EXIT = {"complete": 0, "failures": 1, "incomplete": 1, "too_few": 1, "limited": 5, "unfinished": 4, "interrupted": 4}
WORST_FIRST = (3, 4, 5, 6, 1, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """How one source fared: its run as `runs --json` prints it, or why there was none."""

    source: str
    run: dict[str, Any] | None = None
    resumed: bool = False
    refused: str = ""
    exit_code: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is wanted of some runs beside their sources."""

    limit: int | None = None
    """How many documents may be asked for."""
    offline: bool = False
    """Answer from the last captures; ask the network nothing."""
    walks_listings: bool = True
    """Whether what is not listed may be called unlisted."""
    finished: Mapping[str, int] = field(default_factory=dict)
    """How many runs of a source were over when it was found to be due: what another process ran since is left alone."""


@dataclass(slots=True, kw_only=True)
class Progress:
    """What a display may ask while the work goes on."""

    documents: int = 0
    settled: int = 0
    last: str = ""
    changed: Callable[[Progress], None] = lambda progress: None


@dataclass(slots=True)
class Session:
    """The runs of one command, and their ends."""

    store: Store
    readings: Readings
    now: Callable[[], datetime]
    walks_listings: bool
    progress: Progress
    active: list[CrawlRun] = field(default_factory=list)
    ended: list[CrawlRun] = field(default_factory=list)
    ripe: list[CrawlRun] = field(default_factory=list)
    """Runs that had ended before the last look for captures."""
    beaten: datetime | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)

    def on_end(self, run: CrawlRun) -> None:
        """Remember that a run has nothing left to ask."""
        with self.lock:
            self.ended.append(run)

    def on_saved(self, capture: Kept, saved: Saved) -> None:
        """Tell the display, and the others that we are alive."""
        self.progress.settled += 1
        self.progress.documents = sum(run.documents for run in self.active)
        self.progress.last = capture.address
        self.progress.changed(self.progress)
        self.beat()

    def on_look(self) -> None:
        """Remember which runs ended before the look for captures that comes now."""
        with self.lock:
            self.ripe, self.ended = self.ripe + self.ended, []

    def on_idle(self) -> None:
        """End the runs whose captures are all settled."""
        self.beat()
        over, self.ripe = self.ripe, []
        for run in over:
            if not run.broken:
                end_run(self.store, run, self.now(), walks_listings=self.walks_listings)

    def beat(self) -> None:
        """Renew the locks of our runs every few seconds."""
        now = self.now()
        if self.beaten is None or now - self.beaten > BEAT:
            self.beaten = now
            self.store.beat([run.run_id for run in self.active], now)


def end_run(store: Store, run: CrawlRun, now: datetime, *, walks_listings: bool = True) -> None:
    """End a run whose captures are all settled: judge it, and after a good one show what it found."""
    if run.requests:
        store.note_requests(run.run_id, run.take_requests())
    expect = run.source.expect or Expect()
    ending = Ending(
        minimum=expect.min or 0,
        maximum=expect.max,
        folder=run.source.spider == "folder",
        walks_listings=walks_listings and not run.offline,
        lists_all=getattr(run.source.options, "lists_all", True),
        notices=tuple(("trap", sentence) for sentence in run.traps.stopped.values()),
        troubles=tuple(run.troubles[:5]),
        rules=dict(run.rules),
        stopped="" if run.finish_reason == "finished" else run.finish_reason,
    )
    store.finish_run(run.run_id, ending, now)


def spider_classes() -> dict[str, type[SourceSpider]]:
    """Return the spiders found in `crawlers/spiders/`, by name."""
    found: dict[str, type[SourceSpider]] = {}
    for module in modules_in("crawlers.spiders").values():
        for value in vars(module).values():
            if isinstance(value, type) and issubclass(value, SourceSpider) and value.__module__ == module.__name__:
                found[value.name] = value
    return found


def load_sources(path: Path) -> SourcesFile:
    """Read `sources.yaml` with the keys that the spiders found here declare."""
    options = {name: spider.Options for name, spider in spider_classes().items()}  # type: ignore[attr-defined]
    return load(path, options, records=names_in("extract.records"), splits=extract.SPLITS)


def choose(sources: SourcesFile, wanted: Iterable[str]) -> list[Source]:
    """Return the sources to run: those named, or every enabled one that is not discontinued. Raises WrongUse."""
    known = {source.id: source for source in sources.sources}
    names = list(dict.fromkeys(wanted))
    for name in names:
        if name not in known:
            raise WrongUse(f"There is no source {name!r} in {sources.path}: `minutier sources` lists them.")
        if not known[name].probed:
            raise WrongUse(f"Source {name!r} is unprobed, it has no rules to run by: give it a spider and `follow`.")
    today = utc_now().date()
    chosen = [known[name] for name in names]
    chosen = chosen or [s for s in known.values() if s.enabled and s.probed and not s.is_over(today)]
    if not chosen:
        raise WrongUse(f"No source is enabled in {sources.path}: name one, or set `enabled: true`.")
    for source in chosen:
        check_contact(sources, source)
    return chosen


def demand_browser(chosen: Iterable[Source]) -> None:
    """Raise WrongUse where a source needs a browser and there is none."""
    from crawlers.browser import lacking

    names = [source.id for source in chosen if source.render]
    if names and (why := lacking()):
        raise WrongUse(f"Source {names[0]!r} needs a browser (`render: true`), and {why}.")


def check_contact(sources: SourcesFile, source: Source) -> None:
    """Raise WrongUse where a source lies on somebody else's machine, and nobody says who asks."""
    if contact_is_placeholder(sources.contact) and not source.is_loopback() and source.start:
        raise WrongUse(
            f"`contact: {sources.contact}` in {sources.path} is a placeholder: write your own address, "
            f"so that {source.id}'s webmaster can reach you."
        )


def run_sources(
    store: Store,
    sources: SourcesFile,
    chosen: list[Source],
    readings: Readings,
    *,
    wish: Wish = Wish(),
    progress: Progress | None = None,
) -> list[Report]:
    """Run some sources and return a report for each; everything asked for is stored and accounted for."""
    if not wish.offline:
        demand_browser(chosen)
    store.drop_dead_locks(utc_now())
    session = Session(store, readings, utc_now, wish.walks_listings, progress or Progress())
    refused: list[Report] = []
    resumed: set[str] = set()
    for source in chosen:
        try:
            opened = store.open_run(
                source,
                sources.authorities,
                now=utc_now(),
                version=__version__,
                finished=wish.finished.get(source.id),
            )
        except Busy as busy:
            refused.append(Report(source=source.id, refused=str(busy), exit_code=busy.exit_code))
            continue
        resumed |= {opened.run_id} if opened.resumed else set()
        session.active.append(run_of(store, sources, source, opened.run_id, limit=wish.limit, offline=wish.offline))
    work(session)
    return [*(report(store, run, run.run_id in resumed) for run in session.active), *refused]


def run_of(
    store: Store, sources: SourcesFile, source: Source, run_id: str, *, limit: int | None = None, offline: bool = False
) -> CrawlRun:
    """Return a run of a source as it begins, with whom to ask about it and the version that asks."""
    return CrawlRun(
        source=source,
        run_id=run_id,
        store=store,
        now=utc_now,
        contact=sources.contact,
        proxy=sources.proxy,
        version=__version__,
        limit=limit,
        offline=offline,
    )


def work(session: Session) -> None:
    """Crawl and extract side by side until both are done; what is left unfinished is free to be resumed."""
    if not session.active:
        return
    extractors = Extractors(
        session.store, session.now, session.readings, session.on_saved, session.on_look, session.on_idle
    )
    try:
        with extractors:
            crawl_sources(session.active, spider_classes(), session.on_end)
    finally:
        if session.store.writer.broken is None:
            for run in session.active:
                session.store.leave_run(run.run_id)
    if session.store.writer.broken:
        raise session.store.writer.broken


def report(store: Store, run: CrawlRun, resumed: bool) -> Report:
    """Return how a run stands now."""
    with store.reading() as connection:
        row = figures.one_run(connection, run.run_id)
    code = (EXIT[row["outcome"]] or int(bool(row["alarms"]))) if row else 1
    return Report(source=run.source.id, run=row, resumed=resumed, exit_code=code)


def exit_code(reports: Iterable[Report]) -> int:
    """Return the exit code of a command that ran several sources: the worst."""
    codes = {each.exit_code for each in reports}
    return next((code for code in WORST_FIRST if code in codes), 0)
