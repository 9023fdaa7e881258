"""`minutier probe`: look at a site, and propose a source for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from minutier.options import Shared, as_json, shared_options
from minutier.printing import err, print_json
from storage.choices import KINDS

if TYPE_CHECKING:
    from crawlers.probing.proposal import Finding

SHOWN = 10


@click.command()
@click.argument("address", metavar="URL|ID")
@click.option("--write", is_flag=True, help="Put the proposed source into sources.yaml, not enabled.")
@click.option("--kind", type=click.Choice(KINDS), default=None, help="What is looked for (default: all kinds).")
@click.option("--id", "name", metavar="ID", default="", help="The id of the new source.")
@as_json
@shared_options
@click.pass_obj
def command(shared: Shared, address: str, write: bool, kind: str | None, name: str, as_json: bool) -> int:
    """Look at a few pages of a site, politely, and propose how to read it.

    URL is an address, ID a source of sources.yaml. Nothing is stored. Exit code 1: no rules could be proposed.
    """
    from crawlers.run import utc_now
    from minutier.crawling import load_sources
    from minutier.probing import entry, probe, subject
    from minutier.probing import write as write_source
    from storage.sources_edit import block

    sources = load_sources(shared.sources)
    asking, known = subject(sources, address, kind or "")
    err().print(f"Looking at {asking.start[0]}: at most 22 pages, {asking.delay:g} s apart …", markup=False)
    finding = probe(sources, asking)
    values = entry(finding, asking, known, today=utc_now().date(), kind=kind or "", name=name)
    text = block(values)
    if as_json:
        print_json(told(finding, values, text, asking.delay))
    else:
        show(finding, text, asking.delay)
    if write and finding.best:
        file = write_source(sources, values)
        err().print(f"Written to {file}, not enabled. Next: minutier crawl {values['id']} --limit 5", markup=False)
    elif write:
        err().print("Nothing was written: there are no rules to write.", markup=False)
    return 0 if finding.best else 1


def cost(finding: Finding, delay: float) -> dict[str, Any]:
    """Return what a first run costs: hours at the polite delay, MiB of disk as far as sizes were told."""
    best, typical = finding.best, finding.typical
    if best is None:
        return {}
    pause = max(delay, finding.crawl_delay)
    mib = round(typical * best.total / 2**20, 1) if typical else None
    return {"hours": round((best.total + best.listings) * pause / 3600, 2), "mib": mib}


def duration(hours: float) -> str:
    """Return how long something takes, for a reader.

    >>> duration(0.02), duration(2.25)
    ('1 minute', '2.2 hours')
    """
    minutes = max(1, round(hours * 60))
    return f"{hours:.1f} hours" if minutes >= 100 else f"{minutes} minute{'s' if minutes > 1 else ''}"


def told(finding: Finding, values: dict[str, Any], text: str, delay: float) -> dict[str, Any]:
    """Return a finding as --json prints it."""
    best = finding.best
    proposal = best and {
        "spider": best.spider,
        "source": {**values, "verified": str(values["verified"])},
        "yaml": text,
        "sample": [{"url": each.url, "text": each.text, "context": each.context} for each in best.sample[:SHOWN]],
        "documents": best.total,
        "counted": best.counted,
        "counted_from": best.how,
        "relevance": round(best.relevance, 2),
        **cost(finding, delay),
    }
    return {
        "url": finding.url,
        "asked": finding.asked,
        "robots": finding.robots,
        "crawl_delay": finding.crawl_delay,
        "sitemaps": list(finding.sitemaps),
        "feeds": list(finding.feeds),
        "system": finding.system,
        "tdm": finding.reservation,
        "forms": [{"url": form.url, "method": form.method, "fields": list(form.fields)} for form in finding.forms],
        "link_words": [{"url": each.url, "text": each.text} for each in finding.link_words],
        "proposal": proposal,
        "considered": [{"spider": each.spider, "why": each.why} for each in finding.against],
        "roads": [{"name": road.name, "sentence": road.sentence} for road in finding.roads],
    }


def show(finding: Finding, text: str, delay: float) -> None:
    """Print a finding: the proposed block to standard output, what speaks for it to standard error."""
    say = err()
    for name, value in facts(finding):
        say.print(f"{name:<12} {value}", markup=False)
    for link in finding.link_words[:SHOWN]:
        say.print(f"  link words  {link.text[:60]}  {link.url}", markup=False)
    best = finding.best
    if best:
        sure = "counted" if best.counted else "estimated"
        price = cost(finding, delay)
        say.print(f"\n{best.total} documents ({sure}: {best.how}), such as", markup=False)
        for link in best.sample[:SHOWN]:
            say.print(f"  {link.url}  {(link.text or link.context)[:60]}", markup=False)
        disk = f"about {price['mib']:g} MiB of disk" if price["mib"] else "sizes were not told"
        say.print(f"a first run: about {duration(price['hours'])} at {delay:g} s a page, {disk}\n", markup=False)
        click.echo(text)
    for form in finding.forms:
        fields = ", ".join(form.fields)
        say.print(f"a form at {form.url} ({form.method}; unprobed): {fields}", markup=False)
    for other in finding.against:
        say.print(f"not {other.spider:<8} {other.why}", markup=False)
    for road in finding.roads:
        say.print(f"another road ({road.name}): {road.sentence}", markup=False)
    if not best and not finding.roads:
        say.print("No rule could be proposed: look at the site yourself, and see docs/probing.md.", markup=False)


def facts(finding: Finding) -> list[tuple[str, str]]:
    """Return what is known of the site, in words."""
    delay = f" It wishes {finding.crawl_delay:g} s between requests." if finding.crawl_delay else ""
    told = [
        ("robots.txt", finding.robots + delay),
        ("sitemaps", ", ".join(finding.sitemaps)),
        ("feeds", ", ".join(finding.feeds)),
        ("made with", finding.system),
        ("mining", finding.reservation),
    ]
    return [(name, value) for name, value in told if value]
