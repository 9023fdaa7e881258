"""One worker: takes jobs until it is asked to end, waits where the database is away, and loses nothing."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from procrastinate import App, exceptions
from procrastinate.worker import Worker

from crawlers.network import Network
from minutier.crawling import exit_code, spider_classes
from minutier.lab.jobs import HOUSE, QUEUES, Failures, Jobs, jobs_of
from minutier.lab.patience import Outage
from minutier.lab.place import connector_for, database_of, make_tables
from minutier.lab.workshop import BEAT, DEAD, Workshop

INTERRUPTED = 4


def work(
    corpus: str,
    registry: Path,
    *,
    queues: Sequence[str],
    concurrency: int,
    until_idle: bool,
    now: Callable[[], datetime],
    say: Callable[[str], None],
) -> int:
    """Work until the process is asked to end, or nothing is left to do; return the exit code.

    That is the worst of the runs that ended here, or 4 where one was left unfinished.
    """
    database = database_of(corpus)
    outage = Outage(database.place, say)
    network = Network(spider_classes())
    network.on_heard = outage.end
    shop = Workshop(corpus, registry, frozenset(queues), now, network, outage, say)
    shop.sources()  # a list that cannot be read is said at once
    log = logging.getLogger("procrastinate")
    log.setLevel(logging.INFO)
    log.handlers, log.propagate = [Failures(say)], False  # in our words

    async def serve() -> None:
        connector = connector_for(database, outage)
        jobs = jobs_of(shop, connector)
        async with jobs.work.open_async():
            await make_tables(jobs.work, database.place)
            await (shop.hands() if "extract" in shop.queues else shop.store())
            await Shift(shop, jobs, concurrency).until(idle=until_idle)

    try:
        network.run(serve)
    except exceptions.ConnectorException:
        if not outage.ending:  # the database is away and we are asked to end: its jobs are found by others
            raise
    return INTERRUPTED if shop.unfinished and network.stopping else exit_code(shop.reports) if until_idle else 0


class Shift:
    """The workers of Procrastinate in one process, and their end."""

    def __init__(self, shop: Workshop, jobs: Jobs, concurrency: int) -> None:
        self.shop = shop
        self.jobs = jobs
        self.workers = [
            worker_on(jobs.work, list(shop.queues), concurrency),
            worker_on(jobs.house, [HOUSE], 1),
        ]
        shop.network.on_stop = self.end

    async def until(self, *, idle: bool) -> None:
        """Work until somebody asks to end, or until nothing waits and nothing is under way anywhere."""
        shop = self.shop
        shop.say(f"Worker at work: {', '.join(each for each in QUEUES if each in shop.queues)}.")
        beside = [asyncio.create_task(shop.beat())]
        beside += [asyncio.create_task(self._watch())] if idle else []
        try:
            await asyncio.gather(*(self._keep_on(each) for each in self.workers))
        finally:
            for task in beside:
                task.cancel()
            await shop.close()
            shop.say("Worker ended.")

    def end(self) -> None:
        """Take no more jobs; those under way are let end."""
        self.shop.network.stopping = True
        self.shop.outage.end()
        for worker in self.workers:
            worker.stop()  # type: ignore[no-untyped-call]  # Procrastinate annotates most of what it has

    async def _keep_on(self, worker: Worker) -> None:
        while not self.shop.network.stopping:
            await worker.run()  # type: ignore[no-untyped-call]  # the same

    async def _watch(self) -> None:
        """End when the schedule was looked at once and no job is left in our queues."""
        await self.jobs.look()
        while await self._busy():
            await asyncio.sleep(0.5)
        self.end()

    async def _busy(self) -> bool:
        for queue in self.shop.queues:
            for status in ("todo", "doing"):
                if list(await self.jobs.work.job_manager.list_jobs_async(queue=queue, status=status)):
                    return True
        return False


def worker_on(app: App, queues: list[str], concurrency: int) -> Worker:
    """Return a worker of Procrastinate for some queues; what ended well is kept in the runs, not as a job."""
    return Worker(
        app=app,
        queues=queues,
        concurrency=concurrency,
        install_signal_handlers=False,
        delete_jobs="successful",
        update_heartbeat_interval=BEAT,
        stalled_worker_timeout=DEAD,
        fetch_job_polling_interval=2,
    )
