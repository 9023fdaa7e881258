"""The end of a run: what it found may now replace what is shown, or must not."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, select, update

from extract.likeness import Likeness
from storage import index
from storage.captures import add_change
from storage.chunking import Piece
from storage.decisions import over
from storage.facts import shown
from storage.judging import ANSWERED, NOT_DUE, Ending, Judged, judge
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
from storage.relations import relate, relate_moved
from storage.runs import GOOD, close_run, iso
from storage.shapes import AnyRow, AnySelect

ABSENT = ("gone", "http_404", "http_410", "soft_404")

__all__ = ["ANSWERED", "NOT_DUE", "Ending", "Judged", "judge"]


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
    connection: Connection,
    version: AnyRow,
    before: tuple[Piece, ...],
    pieces: tuple[Piece, ...],
    found: Likeness,
    now: str,
) -> None:
    """Show a held version in the place of the one `before`: index rows, facts and relations follow."""
    index.remove(connection, version.document_id, before)
    index.add(connection, version.document_id, pieces)
    moved = {"current_version_id": version.id, "extraction_id": version.extraction_id}
    connection.execute(
        update(Document)
        .where(Document.id == version.document_id)
        .values(moved | shown(version.facts, version.media_type) | over(connection, version.document_id))
    )
    settled = (Version.document_id == version.document_id) & (Version.number <= version.number)
    connection.execute(update(Version).where(settled).values(held=False))
    relate(connection, version.document_id, found)
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
    for gone, there in relate_moved(connection):
        add_change(connection, at=iso(now), run_id=run_id, document_id=gone, fact="moved_to", document=there)
    connection.execute(update(Run).where(Run.id == run_id).values(observed=judged.observed.json()))
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
    absent = select(RunAddress.document_id).where(RunAddress.run_id == run_id, RunAddress.reason.in_(ABSENT))
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
