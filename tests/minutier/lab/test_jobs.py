"""The jobs of a lab in their database: their tables, dead workers, outages, and what a command refuses."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from procrastinate import App, exceptions

from crawlers.running import host_locks
from minutier.lab.house import retry_stalled
from minutier.lab.patience import Outage, first_lost
from minutier.lab.place import SCHEMA, app_on, connector_for, make_tables
from storage.places import parts_of
from storage.postgres import Postgres
from storage.store import Store
from tests.making import a_source
from tests.postgres import a_database
from tests.saying import Say, say

__all__ = ["say"]

Play = Callable[[Callable[[App], Coroutine[Any, Any, Any]]], Any]


@pytest.fixture
def address(postgres: str, empty_corpus: str, tmp_path: Path) -> Iterator[str]:
    """The address of an empty corpus in a database."""
    with a_database(postgres, f"{empty_corpus}_jobs", tmp_path / "blobs", empty_corpus) as made:
        yield made


@pytest.fixture
def play(address: str) -> Play:
    """A function that plays a scene with an app on the jobs of the corpus."""

    def played(scene: Callable[[App], Coroutine[Any, Any, Any]]) -> Any:
        async def whole() -> Any:
            database = Postgres(address)
            app = app_on(connector_for(database, Outage(database.place, print)))

            @app.task(name="crawl", queue="crawl")
            async def crawl(source: str) -> None:
                """Nothing: only its jobs are looked at."""

            async with app.open_async():
                await make_tables(app, database.place)
                return await scene(app)

        # psycopg needs a loop that Windows does not give of itself
        with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
            return runner.run(whole())

    return played


async def doing(app: App) -> int:
    """Give a job to a worker and return the worker's number."""
    worker = await app.job_manager.register_worker()
    await app.tasks["crawl"].configure(lock="host:x", queueing_lock="crawl:x").defer_async(source="x")
    assert await app.job_manager.fetch_job(queues=["crawl"], worker_id=worker)
    return worker


async def silent(app: App, worker: int, seconds: int) -> None:
    """Let a worker's last heartbeat be so long ago."""
    old = f"UPDATE procrastinate_workers SET last_heartbeat = now() - interval '{seconds} s' WHERE id = {worker}"
    await app.connector.execute_query_async(old)


async def status(app: App) -> list[str]:
    """Return how the jobs of crawling stand."""
    return [str(job.status) for job in await app.job_manager.list_jobs_async(queue="crawl")]


class Quiet:
    """As much of a worker as its housekeeping needs."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.outage = Outage("the database", self.lines.append)
        self.say = self.lines.append


def test_the_tables_of_jobs_leave_the_corpus_alone(address: str, play: Play) -> None:
    """They have a schema of their own: they can be made twice, and the corpus sees nothing of them."""

    async def nothing(app: App) -> None:
        await make_tables(app, "there")

    database, _ = parts_of(address)
    with Store.open(address) as store, store.reading() as connection:
        before = connection.exec_driver_sql("SELECT count(*) FROM information_schema.tables").scalar_one()
    play(nothing)
    assert database.exists() and database.revision()
    with Store.open(address) as store, store.reading() as connection:
        added = "SELECT table_schema FROM information_schema.tables WHERE table_name LIKE 'procrastinate%%'"
        assert {row[0] for row in connection.exec_driver_sql(added)} == {SCHEMA}
        assert connection.exec_driver_sql("SELECT count(*) FROM information_schema.tables").scalar_one() > before


def test_jobs_alone_are_no_corpus(postgres: str, empty_corpus: str, tmp_path: Path) -> None:
    """A database that holds nothing but jobs is still one in which a corpus may be made."""
    with a_database(postgres, f"{empty_corpus}_none", tmp_path / "blobs") as made:

        async def whole() -> None:
            app = app_on(connector_for(Postgres(made), Outage("there", print)))
            async with app.open_async():
                await make_tables(app, "there")

        with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
            runner.run(whole())
        assert not Postgres(made).exists()


def test_the_jobs_of_a_silent_worker_go_back_into_their_queue(play: Play) -> None:
    """After 30 seconds without a heartbeat, and not before; a job of the same source cannot be queued twice."""

    async def scene(app: App) -> None:
        shop: Any = Quiet()
        worker = await doing(app)
        await silent(app, worker, 20)
        await retry_stalled(shop, app.job_manager)
        assert (await status(app), shop.lines) == (["doing"], [])
        await silent(app, worker, 40)
        await retry_stalled(shop, app.job_manager)
        assert (await status(app), len(shop.lines)) == (["todo"], 1)
        with pytest.raises(exceptions.AlreadyEnqueued):
            await app.tasks["crawl"].configure(queueing_lock="crawl:x").defer_async(source="x")

    play(scene)


def test_after_an_outage_everybody_is_given_the_time_to_beat(play: Play) -> None:
    """When the database was away all heartbeats are old: that proves nobody dead."""

    async def scene(app: App) -> None:
        shop: Any = Quiet()
        await silent(app, await doing(app), 40)
        shop.outage.away("no line")
        shop.outage.there()
        await retry_stalled(shop, app.job_manager)
        assert await status(app) == ["doing"]
        assert [line.split(" (")[0] for line in shop.lines[:1]] == ["the database does not answer"]

    play(scene)


def test_a_worker_that_was_taken_for_dead_does_not_end_the_job_of_another(play: Play) -> None:
    """It comes back and wants to end its job, which another worker is doing by now: that goes on undisturbed."""

    async def scene(app: App) -> None:
        first = await app.job_manager.register_worker()
        await app.tasks["crawl"].configure(lock="host:x").defer_async(source="x")
        job = await app.job_manager.fetch_job(queues=["crawl"], worker_id=first)
        assert job is not None
        await app.job_manager.retry_job(job)
        second = await app.job_manager.register_worker()
        assert await app.job_manager.fetch_job(queues=["crawl"], worker_id=second)
        await app.job_manager.finish_job(job, status=job_status("succeeded"), delete_job=True)
        await app.job_manager.retry_job(job)
        assert await status(app) == ["doing"]

    play(scene)


def job_status(name: str) -> Any:
    """Return one of Procrastinate's words for how a job stands."""
    from procrastinate.jobs import Status

    return Status(name)


def test_only_a_lost_connection_is_waited_for() -> None:
    """What a statement is refused for is an error; what a broken line says is the reason of an outage."""
    lost = exceptions.ConnectorException()
    lost.__cause__ = psycopg.OperationalError("connection refused\n\tIs the server running?")
    refused = exceptions.ConnectorException()
    refused.__cause__ = psycopg.errors.RaiseException("Job was not found")
    assert (first_lost(lost), first_lost(refused)) == ("connection refused", None)


def test_sources_that_share_a_host_share_a_lock() -> None:
    """Through an alias of a third one too, and whatever the order of the list is."""
    sources = [
        a_source(id="a", start=("https://x.fr/",), delay=5),
        a_source(id="b", start=("https://y.fr/",), delay=5),
        a_source(id="c", start=("https://z.fr/",), host_aliases=("x.fr", "y.fr"), delay=5),
        a_source(id="d", start=("https://w.fr/",), delay=5),
    ]
    locks = host_locks(sources)
    assert locks == host_locks(sources[::-1])
    assert locks["a"] == locks["b"] == locks["c"] != locks["d"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ([], "is a folder of one machine"),
        (["--queues", "crawl,mail"], "'mail' is no queue: name some of crawl, extract, ocr."),
        (["--corpus", "postgresql://localhost/town"], "add ?blobs=FOLDER"),
    ],
)
def test_what_no_worker_can_do_is_wrong_use(say: Say, words: list[str], sentence: str) -> None:
    """A corpus in a folder, an unknown queue and an address without a place for bytes end with 2 and a next step."""
    done = say("worker", *words)
    assert done.code == 2 and sentence in done.err
