"""Probes from beginning to end: ask, judge, and say it as a source of sources.yaml.

A probe goes through the machinery of a crawl (robots, patience, guard, captures), in a corpus of its own that is
thrown away at the end: what it saw was chosen by guesses, and belongs into no corpus whose gaps are to be named.
"""

from __future__ import annotations

import re
import tempfile
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from crawlers.probing.judging import judge
from crawlers.probing.pages import look
from crawlers.probing.proposal import Finding
from crawlers.probing.spider import Options, ProbeSpider
from crawlers.probing.words import words
from crawlers.run import CrawlRun, site_of, utc_now
from crawlers.running import crawl as crawl_sources
from minutier import __version__
from minutier.crawling import check_contact, load_sources, run_of, spider_classes
from storage.addresses import host_of
from storage.errors import WrongUse
from storage.replaying import answers_of, unanswered_in
from storage.sources import POLITE, Source, SourcesFile
from storage.sources_edit import put_source
from storage.sources_values import is_loopback
from storage.store import Store

LARGEST = 20  # MiB of one answer


def subject(sources: SourcesFile, wanted: str, kind: str) -> tuple[Source, Source | None]:
    """Return the source that a probe asks as, and the one of sources.yaml that was named, if one was."""
    known = next((source for source in sources.sources if source.id == wanted), None)
    if known is None and not wanted.startswith(("http://", "https://")):
        raise WrongUse(
            f"There is no source {wanted!r} in {sources.path}, and it is no web address: give http://… or https://…"
        )
    if known and not known.start:
        raise WrongUse(f"Source {wanted!r} has no `start`: there is no address to look at.")
    shared = known or sources.defaults
    asking = Source(
        id=known.id if known else "probe",
        title="A probe",
        kind="other",
        voice="researcher",
        spider="probe",
        start=known.start[:1] if known else (wanted,),
        languages=shared.languages,
        delay=shared.delay if known or is_loopback(host_of(wanted)) else max(POLITE, shared.delay),
        max_file_mib=min(LARGEST, shared.max_file_mib),
        tls=known.tls if known else "verify",
        host_aliases=known.host_aliases if known else (),
        options=Options(kind=kind or (known.kind if known else "")),
    )
    check_contact(sources, asking)
    return asking, known


def probe(sources: SourcesFile, asking: Source) -> Finding:
    """Look at a site and return what was found; nothing of it stays on this machine."""
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
        Store.create(Path(folder) / "probe", now=utc_now(), version=__version__) as store,
    ):
        opened = store.open_run(asking, {}, now=utc_now(), version=__version__)
        run = run_of(store, sources, asking, opened.run_id)
        if not crawl_sources([run], {"probe": ProbeSpider}, lambda run: None):
            raise KeyboardInterrupt
        store.leave_run(run.run_id)  # waits until all that was noted is written
        return found_by(store, run)


def found_by(store: Store, run: CrawlRun) -> Finding:
    """Return the judgement over what the run of a probe was answered."""
    rows = store.rows(answers_of(run.run_id))
    blobs = store.blobs
    looks = [
        look(row.address, row.url, row.status, row.headers, blobs.read(row.blob_sha256) if row.blob_sha256 else b"")
        for row in rows
        if row.role != "document"
    ]
    start = run.source.start[0]
    came = {each.asked for each in looks}  # an error is an answer too
    missing = [row for row in store.rows(unanswered_in(run.run_id)) if row.address not in came]
    refused = {row.address: (row.reason, row.detail) for row in missing}
    at_start = refused.get(site_of(run.source).canonical(start))
    options: Options = run.source.options  # type: ignore[assignment]  # the model knows it as any Options
    finding = judge(start, looks, refused | ({start: at_start} if at_start else {}), options.kind)
    told = [row.headers.get("content-length", "") for row in rows if row.role == "document" and row.status == 200]
    sizes = tuple(int(each) for each in told if each.isdigit() and int(each))
    return replace(finding, sizes=sizes)


def entry(
    finding: Finding, asking: Source, known: Source | None, *, today: date, kind: str = "", name: str = ""
) -> dict[str, Any]:
    """Return what was found as a source of sources.yaml: of one that is there only what a probe may say."""
    best = finding.best
    rules = {"spider": best.spider, "start": list(best.start)} | dict(best.rules) if best else {}
    rules |= {"delay": finding.crawl_delay} if best and finding.crawl_delay > asking.delay else {}
    last = {"enabled": False, "evidence": "path"} | ({"verified": today} if best else {})
    if known:
        return {"id": known.id} | rules | last
    guessed = kind or kind_of(finding)
    host = host_of(finding.url)
    identity = {
        "id": name or id_of(host, guessed),
        "title": finding.title.strip() or host,
        "kind": guessed,
        "voice": voice_of(host),
    }
    rights = {"rights": {"tdm": finding.reservation}} if finding.reservation else {}
    return identity | (rules or {"start": [finding.url]}) | last | rights


def kind_of(finding: Finding) -> str:
    """Return the kind of source that most of what would be collected speaks of."""
    best = finding.best
    told = [words().kinds_in(f"{link.text} {link.url}") for link in best.sample] if best else []
    told += [words().kinds_in(f"{finding.title} {' '.join(best.start) if best else ''}")]
    counts = {kind: sum(kind in each for each in told) for kind in ("council_minutes", "atlas", "press")}
    kind = max(counts, key=lambda each: counts[each])
    return kind if counts[kind] else "other"


def id_of(host: str, kind: str) -> str:
    """Return an id for a source: the name of its host and what it publishes.

    >>> id_of("www.mairie-albi.fr", "council_minutes")
    'mairie-albi-minutes'
    """
    name = (urlsplit(f"//{host}").hostname or host).removeprefix("www.")
    short = name if re.fullmatch(r"[\d.:]+", name) else name.rpartition(".")[0] or name
    ending = {"council_minutes": "minutes", "other": "documents"}.get(kind, kind)
    return re.sub(r"[^a-z0-9]+", "-", f"{short}-{ending}".lower()).strip("-")[:64]


def voice_of(host: str) -> str:
    """Return who speaks, as far as a host tells: to be looked at by whoever probes."""
    if host.endswith(".gouv.fr"):
        return "state"
    return "foreign_government" if host.endswith(".gov.cn") else "local_authority"


def write(sources: SourcesFile, values: dict[str, Any]) -> Path:
    """Write a source into sources.yaml, its old rules taken away, and return the changed file."""
    rules = {key for spider in spider_classes().values() for key in spider.Options.model_fields}  # type: ignore[attr-defined]
    return put_source(sources.path, values, load_sources, without=sorted(rules))
