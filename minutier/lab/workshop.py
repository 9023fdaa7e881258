"""What the jobs of one worker share: the corpus, the list of sources, the network, the pool, and what it says."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from crawlers.network import Network
from crawlers.run import CrawlRun
from minutier import __version__
from minutier.crawling import Report, load_sources
from minutier.lab.hands import Hands
from minutier.lab.patience import Outage
from minutier.readings import readings_in
from storage.errors import MinutierError, StorageUnusable
from storage.sources import SourcesFile
from storage.store import Store

BEAT = 5.0  # seconds between two heartbeats, of jobs and of runs
DEAD = 30  # seconds after the last heartbeat: a worker that is silent so long is taken for dead
BELIEVED = timedelta(seconds=DEAD)


class Stopped(MinutierError):
    """The worker is asked to end: the job goes back into its queue as it stands."""


class Taken(MinutierError):
    """Another worker has taken over the run of this job: this one had been silent for too long."""


@dataclass(slots=True)
class Workshop:
    """One worker, while it lives."""

    corpus: str
    registry: Path
    queues: frozenset[str]
    now: Callable[[], datetime]
    network: Network
    outage: Outage
    say: Callable[[str], None]
    reports: list[Report] = field(default_factory=list)
    """How the runs that ended here fared."""
    unfinished: int = 0
    """How many runs were left for others to go on with."""
    _active: dict[str, CrawlRun] = field(default_factory=dict)
    _taken: set[str] = field(default_factory=set)
    _store: Store | None = None
    _hands: Hands | None = None
    _opening: asyncio.Lock = field(default_factory=asyncio.Lock)

    def sources(self) -> SourcesFile:
        """Return the list of sources as it stands now. Raises WrongUse."""
        return load_sources(self.registry)

    async def store(self) -> Store:
        """Return the corpus, open; where it was lost it is opened again, once it is there."""
        said = ""
        async with self._opening:
            while self._store is None or self._store.writer.broken:
                if self.network.stopping and self._store is not None:
                    raise Stopped("The worker ends.")
                await asyncio.to_thread(self._shut)
                try:
                    self._store = await asyncio.to_thread(self._open)
                except StorageUnusable as error:
                    if self.outage.ending:
                        raise
                    if str(error) != said:
                        said = str(error)
                        self.say(f"{said} Trying again until it can.")
                    await asyncio.sleep(1)
            return self._store

    async def hands(self) -> Hands:
        """Return the pool that reads, at work."""
        store = await self.store()
        async with self._opening:
            if self._hands is None or self._hands.ended or self._hands.store is not store:
                readings = await asyncio.to_thread(readings_in, store, ocr=False)
                self._hands = await asyncio.to_thread(Hands, store, readings, self.now)
            return self._hands

    @contextmanager
    def working_on(self, run: CrawlRun) -> Iterator[None]:
        """Keep the lock of a run alive meanwhile."""
        self._active[run.run_id] = run
        try:
            yield
        finally:
            del self._active[run.run_id]
            self._taken.discard(run.run_id)

    def check(self, run: CrawlRun) -> None:
        """Raise where a run must not go on here: its lock is another's, or the corpus was lost."""
        if run.run_id in self._taken:
            raise Taken(f"{run.source.id}: its run {run.run_id} was taken over by another worker.")
        if run.broken:
            raise run.broken
        if run.hindered:
            raise StorageUnusable(run.hindered)

    async def beat(self) -> None:
        """Keep the locks of our runs alive until the worker ends, and leave those alone that others took over."""
        while True:
            await asyncio.sleep(BEAT)
            if not self._active or self._store is None or self._store.writer.broken:
                continue
            try:
                lost = await asyncio.to_thread(self._store.beat, list(self._active), self.now(), BELIEVED)
            except StorageUnusable:
                continue
            for run_id in lost & self._active.keys() - self._taken:
                self._taken.add(run_id)
                await self.network.leave(run_id)

    async def close(self) -> None:
        """Put down what is in hand, and close the corpus."""
        await asyncio.to_thread(self._shut)

    def _open(self) -> Store:
        patience = self.outage.renewed()
        return Store.create(self.corpus, now=self.now(), version=__version__, patience=patience)

    def _shut(self) -> None:
        """Close what is open. What was lost is lost: whoever waits for it has been told."""
        hands, store, self._hands, self._store = self._hands, self._store, None, None
        try:
            if hands:
                hands.close()
        except StorageUnusable as error:
            self.say(str(error))
        finally:
            if store:
                broken = store.writer.broken
                store.__exit__(type(broken) if broken else None, broken, None)
