"""The jobs' way to their database: whoever asks while it is away waits, and it is said once."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine, Iterable
from typing import Any, TypeVar

import psycopg
from procrastinate import PsycopgConnector, exceptions, manager
from procrastinate.jobs import Job

from storage.errors import Away
from storage.outages import Patience

T = TypeVar("T")
PAUSE = 1.0  # seconds between two tries


class Outage:
    """Whether the database can be reached, and since when; said once, whether the corpus or a job notices first."""

    def __init__(self, place: str, say: Callable[[str], None]) -> None:
        self.place = place
        self._say = say
        self._back = float("-inf")
        """Since when it is there, as far as anybody noticed."""
        self._since: float | None = None
        """The moment, on the monotonic clock, at which the jobs found it away; nothing while it is there."""
        self.ending = False
        """Whether nobody waits any more: the process is to end."""
        self.patience = self.renewed()

    def renewed(self) -> Patience:
        """Return a patience that waits as long as it takes; one that has ended serves no more."""
        self.patience = Patience(limit=None, say=self._noticed)
        return self.patience

    def end(self) -> None:
        """Wait for nothing from now on."""
        self.ending = True
        self.patience.end()

    def away(self, why: str) -> None:
        """Note that a job could not reach it."""
        self._since = self._since or time.monotonic()
        self.patience.note(self.place, Away(self.place, why), self._since)

    def there(self) -> None:
        """Note that it answered a job."""
        if self._since is not None:
            self._since, self._back = None, time.monotonic()
            self.patience.note_back(self.place)

    def calm(self, seconds: float) -> bool:
        """Return whether it has been there all the time for so long: heartbeats older than that are told apart."""
        return self._since is None and time.monotonic() - self._back > seconds

    def _noticed(self, line: str) -> None:
        self._back = time.monotonic()
        self._say(line)


class PatientConnector(PsycopgConnector):
    """Asks again until the database answers. What a statement itself is refused for is raised at once."""

    def __init__(self, outage: Outage, **given: Any) -> None:
        super().__init__(**given)
        self.outage = outage

    async def execute_query_async(self, query: Any, **arguments: Any) -> None:
        """Execute a query."""
        await self._asked(lambda: super(PatientConnector, self).execute_query_async(query, **arguments))

    async def execute_query_one_async(self, query: Any, **arguments: Any) -> dict[str, Any]:
        """Execute a query and return its row."""
        return await self._asked(lambda: super(PatientConnector, self).execute_query_one_async(query, **arguments))

    async def execute_query_all_async(self, query: Any, **arguments: Any) -> list[dict[str, Any]]:
        """Execute a query and return its rows."""
        return await self._asked(lambda: super(PatientConnector, self).execute_query_all_async(query, **arguments))

    async def listen_notify(self, on_notification: Any, channels: Iterable[str]) -> None:
        """Listen for ever."""
        names = list(channels)
        await self._asked(lambda: super(PatientConnector, self).listen_notify(on_notification, names))

    async def open_async(self, pool: Any = None) -> None:
        """Open, once the database is there."""
        await self._asked(lambda: super(PatientConnector, self).open_async(pool))

    async def _asked(self, ask: Callable[[], Coroutine[Any, Any, T]]) -> T:
        while True:
            try:
                answer = await ask()
            except (exceptions.ConnectorException, psycopg.Error) as error:
                lost = first_lost(error)
                if lost is None or self.outage.ending:
                    raise
                self.outage.away(lost)
                await asyncio.sleep(PAUSE)
            else:
                self.outage.there()
                return answer


def first_lost(error: BaseException | None) -> str | None:
    """Return what a lost connection says in its first line; nothing for any other error."""
    while error is not None:
        if isinstance(error, psycopg.OperationalError | psycopg.InterfaceError):
            lines = str(error).strip().splitlines()
            return lines[0] if lines else type(error).__name__
        error = error.__cause__
    return None


class CarefulManager(manager.JobManager):
    """Ends only jobs that are still this process's: one that was taken for dead finds them in other hands."""

    async def finish_job(self, job: Job, status: Any, delete_job: bool) -> None:
        """End a job, unless it was given to another worker."""
        if await self._ours(job):
            await super().finish_job(job, status, delete_job)

    async def retry_job(self, job: Job, *args: Any, **given: Any) -> None:
        """Put a job back into its queue, unless it was given to another worker."""
        if await self._ours(job):
            await super().retry_job(job, *args, **given)

    async def _ours(self, job: Job) -> bool:
        there = list(await self.list_jobs_async(id=job.id))
        return bool(there) and (there[0].status, there[0].worker_id) == ("doing", job.worker_id)
