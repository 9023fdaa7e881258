"""What every worker does beside its work: whose turn it is, and what dead workers left."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any

from procrastinate import exceptions
from procrastinate.manager import JobManager

from crawlers.running import host_locks
from minutier.due import due
from minutier.lab.workshop import DEAD, Workshop


async def enqueue_due(shop: Workshop, crawl: Any) -> int:
    """Put the sources whose turn it is into the queue, each once; return how many were put there."""
    sources = shop.sources()
    store = await shop.store()
    jobs = [job for status in ("todo", "doing") for job in await _jobs(crawl, status)]
    under_way = {job.task_kwargs["source"] for job in jobs}  # asked first: what ends meanwhile is not due any more
    locks = host_locks(sources.sources)
    put = 0
    for turn in await asyncio.to_thread(due, store, sources, shop.now()):
        name = turn.source.id
        if name not in under_way:
            job = crawl.configure(lock=f"host:{locks[name]}", queueing_lock=f"crawl:{name}")
            with suppress(exceptions.AlreadyEnqueued):
                await job.defer_async(source=name, finished=turn.finished)
                put += 1
                shop.say(f"{name}: is due. {turn.why}")
    return put


async def _jobs(task: Any, status: str) -> list[Any]:
    return list(await task.blueprint.job_manager.list_jobs_async(task=task.name, status=status))


async def retry_stalled(shop: Workshop, jobs: JobManager) -> None:
    """Put the jobs of dead workers back into their queues.

    After an outage of the database the heartbeats of all are old: they are given the time to beat again.
    """
    if not shop.outage.calm(DEAD):
        return
    for job in await jobs.get_stalled_jobs(seconds_since_heartbeat=DEAD):
        shop.say(f"Job {job.id} ({job.task_name}) goes back into its queue: its worker is silent.")
        with suppress(exceptions.ConnectorException):  # another worker was faster
            await JobManager.retry_job(jobs, job)
