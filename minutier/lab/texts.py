"""The jobs of reading: who reads what a run captured, and pages that are pictures."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any

from procrastinate import exceptions

from crawlers.run import CrawlRun
from minutier.extraction import Extractors
from minutier.lab.workshop import Stopped, Workshop
from minutier.readings import readings_in
from storage.captures import Kept
from storage.errors import StorageUnusable
from storage.saving import Saved
from storage.shapes import Connection
from storage.sharing import batches, left_behind, named, pictures_of, unsettled, unsettled_among
from storage.store import Store

BATCH = 50  # captures in one job of reading
PICTURES = 5  # documents in one job of OCR: a page takes seconds
LOOK = 0.5  # seconds between two looks


class Dealer:
    """Sees to it that somebody reads: the own pool where this worker reads, jobs for others where it does not."""

    def __init__(self, shop: Workshop, extract: Any, ocr: Any) -> None:
        self.shop = shop
        self.extract = extract
        self.ocr = ocr

    @asynccontextmanager
    async def read_by_somebody(self, run: CrawlRun) -> AsyncIterator[None]:
        """Have read what a run captures, until it is left."""
        if "extract" in self.shop.queues:
            with (await self.shop.hands()).following(run.run_id):
                yield
            return
        dealing = asyncio.create_task(self._deal(run))
        try:
            yield
        finally:
            dealing.cancel()
            with suppress(asyncio.CancelledError):
                await dealing

    async def _deal(self, run: CrawlRun) -> None:
        """Hand out what a run captures as it comes."""
        handed: set[int] = set()
        while True:
            await asyncio.sleep(LOOK)
            with suppress(StorageUnusable):  # whoever waits for the run hears of it
                rows = await asyncio.to_thread(run.store.rows, unsettled(run.run_id))
                handed &= {row.seq for row in rows}
                for batch in batches(rows, handed, BATCH):
                    await self.hand_out(self.extract, batch)
                    handed |= set(batch)

    async def hand_out(self, task: Any, seqs: Sequence[int]) -> None:
        """Put a job for some captures into its queue, unless it is there already."""
        with suppress(exceptions.AlreadyEnqueued):
            lock = f"{task.name}:{seqs[0]}-{seqs[-1]}"
            await task.configure(lock=lock, queueing_lock=lock).defer_async(seqs=list(seqs))

    async def hand_out_pictures(self, run_id: str) -> None:
        """Put the documents of an ended run that wait for OCR into the queue of those who can do it."""
        store = await self.shop.store()
        seqs = [row.seq for row in await asyncio.to_thread(store.rows, pictures_of(run_id))]
        for start in range(0, len(seqs), PICTURES):
            await self.hand_out(self.ocr, seqs[start : start + PICTURES])

    async def hand_out_left(self) -> None:
        """Put captures into the queue that wait and whose run nobody holds: what an import left, or an old run."""
        store = await self.shop.store()
        rows = await asyncio.to_thread(store.rows, left_behind(20 * BATCH))
        for _, group in itertools.groupby(rows, key=lambda row: row.run_id):
            seqs = [row.seq for row in group]
            for start in range(0, len(seqs), BATCH):
                await self.hand_out(self.extract, seqs[start : start + BATCH])


async def read_captures(shop: Workshop, seqs: list[int]) -> None:
    """Read some captures with the pool of this worker, as far as they still wait."""
    hands = await shop.hands()
    with hands.taking(seqs):
        while hands.store.first(unsettled_among(seqs)) is not None:
            await asyncio.sleep(LOOK)
            if hands.ended or hands.store.writer.broken:
                raise StorageUnusable("The corpus was lost while captures were read.")
            if shop.network.stopping:
                raise Stopped("The worker ends.")


async def read_pictures(shop: Workshop, one_at_a_time: asyncio.Lock, seqs: list[int]) -> None:
    """Read the pages of some captures by OCR, and show what comes of it."""
    async with one_at_a_time:  # it takes all cores
        if shop.network.stopping:
            raise Stopped("The worker ends.")
        store = await shop.store()
        await asyncio.to_thread(_read_pictures, shop, store, seqs)


def _read_pictures(shop: Workshop, store: Store, seqs: list[int]) -> None:
    readings = readings_in(store, ocr=True)
    if not readings.ocr:
        raise StorageUnusable(readings.missing or "OCR is off.")
    left = list(seqs)

    def reach(connection: Connection, after: int, room: int) -> Sequence[Kept]:
        taken, left[:] = left[:room], left[room:]
        return named(connection, taken) if taken and not shop.network.stopping else ()

    def show(capture: Kept, saved: Saved) -> None:
        store.show_held(saved.document_id, shop.now())

    with Extractors(store, shop.now, readings, on_saved=show, reach=reach):
        pass
    if shop.network.stopping and left:
        raise Stopped("The worker ends.")
