"""The end of a run: what it found may now replace what is shown, or must not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, select, update

from storage import index
from storage.captures import add_change
from storage.chunking import Piece
from storage.facts import shown
from storage.models import (
    BodyText,
    Capture,
    Change,
    Document,
    DocumentSource,
    Extraction,
    Run,
    RunAddress,
    Version,
)
from storage.relations import relate
from storage.runs import GOOD, close_run, iso
from storage.shapes import AnyRow, AnySelect

ANSWERED = ("stored", "updated", "unchanged", "related", "pending")
NOT_DUE = ("recheck", "since")
"""Reasons of skips that leave a listed document listed: it was not asked for this time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How a crawl stopped, and what was expected of it."""

    minimum: int = 0
    """Fewer listed documents than this: the run does not count as good."""
    maximum: int | None = None
    """More than this: an alarm, and nothing else."""
    walks_listings: bool = True
    """Whether what it did not list may be called unlisted (an import says nothing about other files)."""
    lists_all: bool = True
    """Whether its listings name everything that is published: a feed of the latest entries does not."""
    folder: bool = False
    """Whether it walked a folder: what was imported and what was crawled say nothing about each other."""
    troubles: tuple[str, ...] = ()
    """What went wrong in rules or code: the run is not complete."""
    stopped: str = ""
    """Why the crawl stopped before its end, or nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A run's outcome, with the alarms that led to it."""

    outcome: str
    alarms: tuple[dict[str, str], ...]


def judge(connection: Connection, run_id: str, ending: Ending) -> Judged:
    """Say how a run went, from its account and from how it stopped."""
    account = _read_account(connection, run_id)
    alarms = _alarms(account, ending)
    if account.dead or account.pending or ending.troubles or ending.stopped:
        outcome = "incomplete"
    elif account.over_budget:
        outcome = "limited"
    elif alarms:
        outcome = "too_few"
    else:
        outcome = "failures" if account.failed else "complete"
    if ending.maximum is not None and account.listed > ending.maximum:
        sentence = f"{account.listed} documents are listed where at most {ending.maximum} are expected (expect.max)."
        alarms.append({"check": "expect.max", "message": sentence})
    return Judged(outcome=outcome, alarms=tuple(alarms))


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What a judgement rests on."""

    dead: tuple[str, ...]
    """One sentence for each listing that was not read."""
    listed: int
    over_budget: int
    pending: int
    failed: int


def _read_account(connection: Connection, run_id: str) -> Account:
    mine = RunAddress.run_id == run_id
    states = select(RunAddress.state, func.count()).where(mine).group_by(RunAddress.state)
    figures = {state: number for state, number in connection.execute(states)}
    over_budget = connection.execute(select(func.count()).where(mine, RunAddress.reason == "budget")).scalar_one()
    unread = select(RunAddress.address, RunAddress.detail).where(
        mine, RunAddress.role == "listing", RunAddress.state.in_(("failed", "skipped")), RunAddress.reason != "budget"
    )
    return Account(
        dead=tuple(f"The listing {row.address} was not read. {row.detail}" for row in connection.execute(unread)),
        listed=_listed(connection, run_id),
        over_budget=over_budget,
        pending=figures.get("pending", 0),
        failed=figures.get("failed", 0),
    )


def _alarms(account: Account, ending: Ending) -> list[dict[str, str]]:
    alarms = [{"check": "listing", "message": sentence} for sentence in account.dead]
    alarms += [{"check": "trouble", "message": sentence} for sentence in ending.troubles]
    if ending.stopped:
        alarms.append({"check": "stopped", "message": f"The crawl stopped before its end ({ending.stopped})."})
    if alarms or account.over_budget:
        return alarms
    if not account.listed:
        sentence = "No listing gave a single document: compare the rules of the source with its pages."
        return [{"check": "nothing_listed", "message": sentence}]
    if account.listed < ending.minimum:
        sentence = f"{account.listed} documents are listed where at least {ending.minimum} are expected (expect.min)."
        return [{"check": "expect.min", "message": sentence}]
    return []


def _listed(connection: Connection, run_id: str) -> int:
    """Return how many documents the run's listings named and the site still answers for."""
    kept = RunAddress.state.in_(ANSWERED) | RunAddress.reason.in_(NOT_DUE)
    query = select(func.count()).where(
        RunAddress.run_id == run_id, RunAddress.role == "document", RunAddress.listed, kept
    )
    return connection.execute(query).scalar_one()


def held_versions(run_id: str) -> AnySelect:
    """Return the query for the versions that a good end of this run may show: the latest held one per document."""
    latest = (
        select(func.max(Version.id))
        .where(Version.held, Version.document_id.in_(_documents_of(run_id)))
        .group_by(Version.document_id)
    )
    return _with_texts().where(Version.id.in_(latest))


def held_version_of(document_id: str) -> AnySelect:
    """Return the query for the latest held version of one document."""
    return _with_texts().where(Version.held, Version.document_id == document_id).order_by(Version.id.desc()).limit(1)


def _with_texts() -> AnySelect:
    return (
        select(Version, BodyText.text, Extraction.facts, Extraction.media_type, Extraction.verdict)
        .join(BodyText, BodyText.sha256 == Version.text_sha256)
        .join(Extraction, Extraction.id == Version.extraction_id)
    )


def _documents_of(run_id: str) -> AnySelect:
    return select(RunAddress.document_id).where(RunAddress.run_id == run_id, RunAddress.document_id.is_not(None))


def shown_text(document_id: str) -> AnySelect:
    """Return the query for the text that is shown of a document, with the facts it was indexed by."""
    return (
        select(BodyText.text, Extraction.facts)
        .join(Version, Version.text_sha256 == BodyText.sha256)
        .join(Document, Document.current_version_id == Version.id)
        .join(Extraction, Extraction.id == Document.extraction_id)
        .where(Document.id == document_id)
    )


def promote(
    connection: Connection, version: AnyRow, before: tuple[Piece, ...], pieces: tuple[Piece, ...], now: str
) -> None:
    """Show a held version in the place of the one `before`: index rows, facts and relations follow."""
    index.remove(connection, version.document_id, before)
    index.add(connection, version.document_id, pieces)
    moved = {"current_version_id": version.id, "extraction_id": version.extraction_id}
    connection.execute(
        update(Document)
        .where(Document.id == version.document_id)
        .values(**moved, **shown(version.facts, version.media_type))
    )
    settled = (Version.document_id == version.document_id) & (Version.number <= version.number)
    connection.execute(update(Version).where(settled).values(held=False))
    relate(connection, version.document_id)
    add_change(
        connection,
        at=now,
        run_id=version.run_id,
        document_id=version.document_id,
        fact="updated",
        version=version.number,
        cause=version.cause,
    )


def finish(connection: Connection, run_id: str, judged: Judged, ending: Ending, now: datetime) -> None:
    """Close a run; after a good one, enter what is unlisted, listed again, gone or back."""
    if judged.outcome in GOOD and ending.walks_listings:
        if ending.lists_all:
            _mark_unlisted(connection, run_id, iso(now), folder=ending.folder)
        _mark_gone(connection, run_id, iso(now))
    _mark_returned(connection, run_id, iso(now))
    close_run(connection, run_id, judged.outcome, now=now, alarms=list(judged.alarms))


def _mark_unlisted(connection: Connection, run_id: str, now: str, *, folder: bool) -> None:
    source = select(Run.source_id).where(Run.id == run_id).scalar_subquery()
    named = (RunAddress.run_id == run_id) & RunAddress.listed
    asked = select(RunAddress.document_id).where(named, RunAddress.document_id.is_not(None))
    rested = select(Capture.document_id).join(RunAddress, RunAddress.address == Capture.address)
    rested = rested.where(named, RunAddress.reason.in_(NOT_DUE), Capture.document_id.is_not(None))
    listed = asked.union(rested.where(Capture.source_id == source))
    ours = select(DocumentSource.document_id).where(DocumentSource.source_id == source)
    imported = Document.address.startswith("import:")
    same_road = imported if folder else ~imported
    missing = Document.id.in_(ours) & same_road & Document.id.not_in(listed) & Document.unlisted_at.is_(None)
    back = Document.id.in_(listed) & Document.unlisted_at.is_not(None)
    _mark(connection, run_id, missing, {"unlisted_at": now}, "unlisted", now)
    _mark(connection, run_id, back, {"unlisted_at": None}, "relisted", now)


def _last_heard(fact: str) -> AnySelect:
    """Return the query for the documents whose latest news of being there or not is this fact."""
    news = Change.fact.in_(("stored", "missing", "gone", "returned"))
    latest = select(func.max(Change.seq)).where(news).group_by(Change.document_id)
    return select(Change.document_id).where(Change.seq.in_(latest), Change.fact == fact)


def _mark_gone(connection: Connection, run_id: str, now: str) -> None:
    """A document is gone when two good runs were told so one after the other; the first time it is `missing`."""
    absent = select(RunAddress.document_id).where(
        RunAddress.run_id == run_id, RunAddress.reason.in_(("gone", "http_404", "http_410"))
    )
    still = Document.id.in_(absent) & Document.gone_at.is_(None)
    _mark(connection, run_id, still & Document.id.in_(_last_heard("missing")), {"gone_at": now}, "gone", now)
    there = Document.id.in_(_last_heard("stored")) | Document.id.in_(_last_heard("returned"))
    _mark(connection, run_id, still & there, {}, "missing", now)


def _mark_returned(connection: Connection, run_id: str, now: str) -> None:
    answered = select(RunAddress.document_id).where(
        RunAddress.run_id == run_id, RunAddress.state.in_(ANSWERED), RunAddress.document_id.is_not(None)
    )
    away = Document.id.in_(_last_heard("missing")) | Document.gone_at.is_not(None)
    _mark(connection, run_id, Document.id.in_(answered) & away, {"gone_at": None}, "returned", now)


def _mark(connection: Connection, run_id: str, which: Any, values: dict[str, Any], fact: str, now: str) -> None:
    """Write one dated fact, and what it changes, for each document selected."""
    found = list(connection.execute(select(Document.id).where(which).order_by(Document.id)).scalars())
    if not found:
        return
    rows = [{"at": now, "run_id": run_id, "document_id": each, "fact": fact, "detail": {}} for each in found]
    connection.execute(insert(Change), rows)
    if values:
        one = update(Document).where(Document.id == bindparam("each")).values(**values)
        connection.execute(one, [{"each": each} for each in found])
