"""The jobs that workers share, as Procrastinate keeps them: what each does, when it is tried again, who may take it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from procrastinate import App, BaseRetryStrategy, JobContext, RetryDecision
from procrastinate.jobs import Job

from minutier.lab import crawls, house, texts
from minutier.lab.patience import PatientConnector
from minutier.lab.place import app_on
from minutier.lab.workshop import Stopped, Workshop
from storage.errors import Busy, MinutierError, StorageUnusable

QUEUES = ("crawl", "extract", "ocr")
HOUSE = "house"
"""The queue that each worker serves beside its own: the schedule, and what dead workers left."""


class Again(BaseRetryStrategy):
    """When a job that failed is tried again: at once, soon, or a few times and no more."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """Return when, or nothing."""
        if isinstance(exception, Stopped):
            return RetryDecision(retry_in={"seconds": 0})
        if isinstance(exception, Busy | StorageUnusable):
            return RetryDecision(retry_in={"seconds": 10})
        return RetryDecision(retry_in={"seconds": 60}) if job.attempts < 3 else None


@dataclass(frozen=True, slots=True)
class Jobs:
    """Two apps on one connector: `work` has the queues of a worker, `house` what every worker does."""

    work: App
    house: App
    look: Callable[[], Awaitable[object]]
    """Puts what is due into the queue, now."""


def jobs_of(shop: Workshop, connector: PatientConnector) -> Jobs:
    """Return the jobs of a worker."""
    work, at_home = app_on(connector), app_on(connector)
    again = Again()
    ocr_lock, schedule_lock = asyncio.Lock(), asyncio.Lock()

    async def look() -> None:
        async with schedule_lock:
            await house.enqueue_due(shop, crawl)

    @work.task(name="extract", queue="extract", retry=again)
    async def extract(seqs: list[int]) -> None:
        await told(shop, texts.read_captures(shop, seqs))

    @work.task(name="ocr", queue="ocr", retry=again)
    async def ocr(seqs: list[int]) -> None:
        await told(shop, texts.read_pictures(shop, ocr_lock, seqs))

    dealer = texts.Dealer(shop, extract, ocr)

    @work.task(name="crawl", queue="crawl", retry=again, pass_context=True)
    async def crawl(context: JobContext, source: str, finished: int) -> None:
        attempt = context.job.attempts
        await told(shop, crawls.crawl_source(shop, dealer, source, finished, attempt))

    @at_home.periodic(cron="* * * * *")
    @at_home.task(name="schedule", queue=HOUSE, queueing_lock="schedule")
    async def schedule(timestamp: int) -> None:
        await told(shop, look())

    @at_home.periodic(cron="* * * * *")
    @at_home.task(name="left", queue=HOUSE, queueing_lock="left")
    async def left(timestamp: int) -> None:
        await told(shop, dealer.hand_out_left())

    @at_home.periodic(cron="* * * * * */10")
    @at_home.task(name="stalled", queue=HOUSE, queueing_lock="stalled")
    async def stalled(timestamp: int) -> None:
        await told(shop, house.retry_stalled(shop, work.job_manager))

    return Jobs(work=work, house=at_home, look=look)


async def told(shop: Workshop, job: Any) -> None:
    """Do a job; where it fails say why in one line, and leave it to Procrastinate."""
    try:
        await job
    except MinutierError as error:
        if not shop.network.stopping:
            shop.say(str(error))
        raise


class Failures(logging.Handler):
    """Says in one line which job failed on an error of our own; what a job itself had to say it has said."""

    def __init__(self, say: Callable[[str], None]) -> None:
        super().__init__(logging.INFO)
        self.say = say

    def emit(self, record: logging.LogRecord) -> None:
        """Say it, where a record tells of a failure."""
        error = record.exc_info[1] if record.exc_info else None
        if error is not None and not isinstance(error, MinutierError):
            self.say(f"{record.getMessage()[:200]} ({type(error).__name__}: {error})")
