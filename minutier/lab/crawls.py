"""The job of a source's run: the same crawl, end and report as `minutier crawl`, beside others in one process."""

from __future__ import annotations

import asyncio

from crawlers.run import CrawlRun
from minutier import __version__
from minutier.crawling import check_contact, demand_browser, end_run, report, run_of
from minutier.lab.texts import Dealer
from minutier.lab.workshop import BELIEVED, Stopped, Workshop
from minutier.printing import equation
from minutier.summary import OUTCOMES
from storage.errors import Overtaken
from storage.sharing import unsettled

LOOK = 0.5  # seconds between two looks whether all is read


async def crawl_source(shop: Workshop, dealer: Dealer, name: str, finished: int, attempt: int) -> None:
    """Run a source, or go on with its run, until all that it captured is read and the run is ended.

    `finished` is how many of its runs were over when its turn came: where it is one more, its turn is past.
    """
    sources = shop.sources()
    source = next((each for each in sources.sources if each.id == name), None)
    if source is None or not (source.enabled and source.probed):
        shop.say(f"{name}: is no longer a source that runs by itself.")
        return
    check_contact(sources, source)
    demand_browser([source])
    if attempt:
        await asyncio.sleep(source.delay)  # whoever was at it before may have asked a moment ago
    store = await shop.store()
    given = {"now": shop.now(), "version": __version__, "finished": finished, "believed": BELIEVED}
    try:
        opened = await asyncio.to_thread(lambda: store.open_run(source, sources.authorities, **given))  # type: ignore[arg-type]
    except Overtaken:
        shop.say(f"{name}: was run meanwhile.")
        return
    shop.say(f"{name}: {'goes on' if opened.resumed else 'begins'} (run {opened.run_id}).")
    run = run_of(store, sources, source, opened.run_id)
    shop.unfinished += 1
    try:
        with shop.working_on(run):
            await _work(shop, dealer, run)
        shop.unfinished -= 1
    finally:
        if store.writer.broken is None:
            await asyncio.to_thread(store.leave_run, run.run_id)
    done = await asyncio.to_thread(report, store, run, opened.resumed)
    shop.reports.append(done)
    if done.run:
        shop.say(f"{name}: {OUTCOMES[done.run['outcome']]}; {equation(done.run)}.")
        for alarm in done.run["alarms"]:
            shop.say(f"{name}: alarm: {alarm['message']}")


async def _work(shop: Workshop, dealer: Dealer, run: CrawlRun) -> None:
    """Crawl, wait until all is read, and end the run. Raises where it must go on later, or elsewhere."""
    async with dealer.read_by_somebody(run):
        finished = await shop.network.crawl(run)
        rested = asyncio.create_task(asyncio.sleep(run.source.delay))  # the next source may be of the same host
        shop.check(run)
        if run.finish_reason == "hours":
            return  # left open: its turn comes when it may be asked again
        if not finished:
            raise Stopped(f"{run.source.id}: stopped; what came is stored.")
        while run.store.first(unsettled(run.run_id)) is not None:
            await asyncio.sleep(LOOK)
            shop.check(run)
            if shop.network.stopping:
                raise Stopped(f"{run.source.id}: stopped; what came is stored.")
    await rested
    shop.check(run)
    await asyncio.to_thread(end_run, run.store, run, shop.now())
    await dealer.hand_out_pictures(run.run_id)
