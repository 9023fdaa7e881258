"""Runs of several sources in one process: hosts side by side, sources of one host one after another."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence

from crawlers.network import Network
from crawlers.run import CrawlRun
from crawlers.walking import SourceSpider
from storage.sources import Source


def crawl(
    runs: Sequence[CrawlRun], spiders: Mapping[str, type[SourceSpider]], on_end: Callable[[CrawlRun], None]
) -> bool:
    """Crawl all sources and return whether they were let finish; blocks until then. Once per process.

    `on_end` is called for each run when its last request is answered. Ctrl-C stops asking, keeps what came,
    and leaves the runs unfinished so that they can be resumed.
    """
    network = Network(spiders)

    async def group(members: list[CrawlRun]) -> None:
        before = 0.0
        for run in members:
            if not network.stopping:
                await asyncio.sleep(before)  # the host was asked a moment ago, by the source before
                if await network.crawl(run):
                    on_end(run)
            before = 0.0 if run.offline else run.source.delay

    async def every_group() -> None:
        await asyncio.gather(*(group(members) for members in by_host(runs)))

    network.run(every_group)
    return not network.stopping


def by_host(runs: Sequence[CrawlRun]) -> list[list[CrawlRun]]:
    """Return the runs in groups that share no host with one another, each group in the order given."""
    of = {run.source.id: run for run in runs}
    return [[of[source.id] for source in group] for group in sharing([run.source for run in runs])]


def sharing(sources: Sequence[Source]) -> list[list[Source]]:
    """Return sources in groups that share no host with one another, each group in the order given."""
    groups: list[tuple[set[str], list[Source]]] = []
    for source in sources:
        mine = (set(source.hosts()) or {source.id}, [source])
        apart = []
        for group in groups:
            if group[0] & mine[0]:
                mine = (group[0] | mine[0], group[1] + mine[1])
            else:
                apart.append(group)
        groups = [*apart, mine]
    return [members for _, members in groups]


def host_locks(sources: Sequence[Source]) -> dict[str, str]:
    """Return for each source by its id the name that all sources share with which it must never run at once."""
    named = [(min(min(each.hosts(), default=each.id) for each in group), group) for group in sharing(sources)]
    return {source.id: name for name, group in named for source in group}
