"""The player of the year: `python -m tests.year.play FOLDER` lives it in one process and writes down what was said.

Everything is the real command line (`minutier.main.run`) but for three things, for which a year has no time: the clock
is set, Twisted's reactor (which a process can run but once) goes on in a thread from the first command to the last, and
so do the children of the extraction pool. Where two schedulers wake up at once, both are whole processes.

What is left in the folder: `year.jsonl` (a line for each Monday), the corpus, `sources.yaml`, and the report of the
year in both languages (`report-fr.html`, `report-en.html`): the picture for the documentation.
"""

from __future__ import annotations

import asyncio
import io
import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from subprocess import PIPE
from typing import Any

from tests.loopback import serving
from tests.year import pages
from tests.year.clock import Clock, install
from tests.year.plan import CLOSED, FIRST, HELD, LAST, REDESIGN, TWICE
from tests.year.registry import sources_file

Json = dict[str, Any]
LOOKED_AT = (date(2025, 6, 23), date(2025, 7, 21), date(2025, 7, 28), LAST)
"""The Mondays on which the ledger is looked at, besides the first of each month: minutes are overdue, and come."""
AT = time(8, 0, tzinfo=UTC)


def mondays() -> Iterator[date]:
    """Yield the days on which the scheduler wakes up: every Monday, unless the laptop is closed."""
    day = FIRST
    while day <= LAST:
        if not CLOSED[0] <= day <= CLOSED[1]:
            yield day
        day += timedelta(days=7)


@contextmanager
def sites(today: Callable[[], date]) -> Iterator[dict[str, str]]:
    """Serve the sites of all towns, each as it is on the day, and give their addresses."""
    with ExitStack() as stack:
        roots: dict[str, str] = {}
        for town in HELD:

            def otherwise(path: str, town: str = town) -> Any:
                return pages.answer(town, path, today(), roots[town])

            roots[town] = stack.enter_context(serving({}, otherwise)).root
        yield roots


def keep_network() -> None:
    """Have all crawls of this process run in one network, which goes on in a thread."""
    import minutier.crawling
    from crawlers.network import Network
    from crawlers.run import CrawlRun
    from crawlers.running import by_host

    begun: Future[asyncio.AbstractEventLoop] = Future()

    async def stand() -> None:
        begun.set_result(asyncio.get_running_loop())
        await asyncio.Event().wait()

    network = Network(minutier.crawling.spider_classes())
    its_own = asyncio.get_event_loop_policy().get_event_loop()

    def run() -> None:
        asyncio.set_event_loop(its_own)
        network.run(stand)

    threading.Thread(target=run, daemon=True).start()
    loop = begun.result(timeout=60)

    def crawl(runs: Sequence[CrawlRun], spiders: Mapping[str, Any], on_end: Callable[[CrawlRun], None]) -> bool:
        async def group(members: Sequence[CrawlRun]) -> None:
            for run in members:
                if await network.crawl(run):
                    on_end(run)

        async def every() -> None:
            await asyncio.gather(*map(group, by_host(runs)))

        asyncio.run_coroutine_threadsafe(every(), loop).result()
        return True

    minutier.crawling.crawl_sources = crawl


def keep_children() -> None:
    """Have all pools of this process be the first one."""
    import minutier.extraction

    made, kept = minutier.extraction.ProcessPool, []

    def pool(*words: Any, **named: Any) -> Any:
        if not kept:
            kept.append(made(*words, **named))
            kept[0].close = kept[0].join = lambda *more, **others: None
        return kept[0]

    minutier.extraction.ProcessPool = pool


def say(*words: str) -> Json:
    """Run a command in this process and return what it said."""
    from minutier.main import run

    out, err = io.StringIO(), io.StringIO()
    sys.argv = ["minutier", *words]
    with redirect_stdout(out), redirect_stderr(err):
        code = run()
    return {"words": words, "code": code, "out": out.getvalue(), "err": err.getvalue()}


def twice(clock: Clock, *words: str) -> list[Json]:
    """Run a command in two processes at once, each a whole one of its own, and return what both said."""
    command = [sys.executable, "-m", "tests.year.clock", clock.now().isoformat(), *words]
    both = [subprocess.Popen(command, stdout=PIPE, stderr=PIPE, text=True, encoding="utf-8") for _ in range(2)]
    said = [process.communicate() for process in both]
    ends = [process.returncode for process in both]
    return [{"words": words, "code": code, "out": o, "err": e} for code, (o, e) in zip(ends, said, strict=True)]


def look(folder: Path, clock: Clock, *, deep: bool) -> Json:
    """Return the health of the corpus, and if wanted its ledger, as they stand now."""
    from minutier.crawling import load_sources
    from storage.health import health
    from storage.ledger import ledger
    from storage.store import Store

    registry, now = load_sources(folder / "sources.yaml"), clock.now()
    with Store.open(folder / "corpus") as store, store.reading() as connection:
        states = [each.json() for each in health(connection, registry, now)]
        found = ledger(connection, registry, now, since="2024-09").json() if deep else None
    return {"health": states, "ledger": found}


def live(folder: Path, clock: Clock) -> Iterator[Json]:
    """Live the year in a folder and yield what was said on each Monday."""
    place = ["--corpus", str(folder / "corpus"), "--sources", str(folder / "sources.yaml")]
    command = ("crawl", "--due", "--json", *place)
    with sites(lambda: clock.now().date()) as roots:
        for day in mondays():
            clock.set(datetime.combine(day, AT))
            (folder / "sources.yaml").write_text(sources_file(roots, day), encoding="utf-8")
            before = look(folder, clock, deep=False)["health"] if day > CLOSED[0] else []
            yield {
                "day": day.isoformat(),
                "before": before,
                "crawls": twice(clock, *command) if day == TWICE else [say(*command)],
                "check": say("check", *place),
                "dead": say("check", "brunelle", *place) if day == REDESIGN else None,
                **look(folder, clock, deep=day.day <= 7 or day in LOOKED_AT),
                "printed": say("ledger", "--since", "2024-09", "--json", *place) if day == LAST else None,
            }
    for language in ("fr", "en"):
        say("report", str(folder / f"report-{language}.html"), "--lang", language, *place)


def main() -> None:
    """Live the year in the folder that is named, and leave `year.json` there."""
    folder = Path(sys.argv[1])
    clock = Clock()
    install(clock)
    keep_network()
    keep_children()
    with (folder / "year.jsonl").open("w", encoding="utf-8") as out:
        for said in live(folder, clock):
            out.write(json.dumps(said) + "\n")
            out.flush()


if __name__ == "__main__":
    main()
