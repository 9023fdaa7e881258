"""Recording: responses become rows, and what they mean becomes part of the account of their runs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, func, insert, select

from storage.addresses import request_key
from storage.captures import FORM_KEPT, GONE, NOT_MODIFIED, POSTPONED, TRUNCATED, UNFIT, Response, add_aliases
from storage.models import Blob, Capture
from storage.runs import Note, add_requests, note_all
from storage.shapes import table_of
from storage.statements import stated_at
from storage.upserts import upsert_for

KEEP_CAPTURE = insert(table_of(Capture))
"""Made once: it is used for every page."""
NEWEST = select(func.max(Capture.seq))


def record_all(connection: Connection, responses: Sequence[Response], digests: Sequence[str]) -> list[int]:
    """Write some responses, the redirects that led to them and what they mean for their runs; return their numbers.

    Their bodies are already durable, under the hashes given: the writer keeps them before it begins.
    """
    blobs = [
        {"sha256": digest, "size": len(response.body), "first_seen_at": response.fetched_at}
        for response, digest in zip(responses, digests, strict=True)
        if digest
    ]
    if blobs:
        connection.execute(_keep_blob(connection.dialect.name), blobs)
    stated = stated_at(
        connection, {named(each) for each in responses if is_wanted(each) and "stated" not in each.hints}
    )
    known = [_known(connection, each) if each.role == "document" else None for each in responses]
    rows: list[dict[str, Any]] = []
    last: list[int] = []
    for response, digest, document in zip(responses, digests, known, strict=True):
        rows += _redirects(response)
        hints = {**stated.get(named(response), {}), **response.hints} if is_wanted(response) else dict(response.hints)
        rows.append(_row(response, digest, document, hints))
        last.append(len(rows))
    connection.execute(KEEP_CAPTURE, rows)
    newest = connection.execute(NEWEST).scalar_one()  # who writes is alone, so the numbers follow one another
    _account(connection, responses, known)
    return [newest - len(rows) + place for place in last]


def named(response: Response) -> str:
    """Return the address of the document that a response is about."""
    return response.document_address or response.address


def is_wanted(response: Response) -> bool:
    """Return whether a response brings a document to be read."""
    return response.role == "document" and response.answered and not response.unfit


def _account(connection: Connection, responses: Sequence[Response], known: Sequence[str | None]) -> None:
    """Write what some responses mean for their runs, and which addresses they show to be one document's."""
    asked: Counter[str] = Counter()
    notes: list[tuple[str, list[Note]]] = []
    for response, document in zip(responses, known, strict=True):
        if response.role in ("document", "listing"):
            notes.append((response.run_id, [_meaning(response, document)]))
        if document and response.status == NOT_MODIFIED and response.document_address:
            both = {response.address, response.document_address}
            add_aliases(connection, document, both, run_id=response.run_id, at=response.fetched_at)
        asked[response.run_id] += response.requests
    note_all(connection, notes)
    for run_id, requests in asked.items():
        if requests:
            add_requests(connection, run_id, requests)


@cache
def _keep_blob(dialect: str) -> Any:
    """Return the statement that enters a blob; made once, for it is used for every page."""
    return upsert_for(dialect, table_of(Blob)).on_conflict_do_nothing()


def _redirects(response: Response) -> Iterator[dict[str, Any]]:
    """Yield the rows of the redirects that led to a response."""
    method, sent = ("POST", response.form) if response.form else (response.method, response.sent)
    for asked, status, target in response.redirects:
        row = _row(response, "", None, dict(response.hints))
        key = request_key(method, asked, sent)
        here = {"role": "redirect", "request_key": key, "url": asked, "status": status, "waiting": False}
        yield row | here | {"headers": {"location": target}}
        if status not in FORM_KEPT:
            method, sent = "GET", b""


def _row(response: Response, digest: str, document: str | None, hints: dict[str, Any]) -> dict[str, Any]:
    return {
        "run_id": response.run_id,
        "source_id": response.source_id,
        "role": response.role,
        "request_key": request_key(response.method, response.url, response.sent),
        "url": response.url,
        "address": response.address,
        "document_address": response.document_address,
        "status": response.status,
        "headers": dict(response.headers),
        "blob_sha256": digest or None,
        "fetched_at": response.fetched_at,
        "flags": ",".join(response.flags),
        "hints": hints,
        "waiting": is_wanted(response),
        "document_id": document,
    }


def _known(connection: Connection, response: Response) -> str | None:
    """Return the document that earlier captures of this address gave, when this one brings no body of its own."""
    if response.answered and not response.unfit:
        return None
    earlier = select(Capture.document_id).where(
        Capture.source_id == response.source_id,
        Capture.address == response.address,
        Capture.document_id.is_not(None),
    )
    return connection.execute(earlier.order_by(Capture.seq.desc()).limit(1)).scalar_one_or_none()


def _meaning(response: Response, known: str | None) -> Note:
    """Say what a response makes of its address."""
    where: dict[str, Any] = {"address": response.address, "role": response.role, "listed": response.listed}
    if response.unfit:
        return _unfit(response, known, where)
    if response.answered and response.role == "listing" and TRUNCATED in response.flags:
        return Note(state="failed", reason=TRUNCATED, detail="The listing broke off.", **where)
    if response.answered:
        return Note(state="pending" if response.role == "document" else "listing", **where)
    if response.status == NOT_MODIFIED:
        return Note(state="unchanged" if response.role == "document" else "listing", document_id=known, **where)
    if response.status in GONE and response.role == "document" and not response.listed:
        sentence = "No longer listed, and the site answers that it is not there."
        return Note(state="skipped", reason="gone", detail=sentence, document_id=known, **where)
    if response.status in GONE and response.role == "listing" and not response.listed:
        return Note(state="listing", reason="end", detail="The counting of pages ended here.", **where)
    sentence = f"The site answered {response.status}."
    if POSTPONED in response.flags:
        later = f"{sentence} It asks to be left alone longer than a run waits: the next run asks again."
        return Note(state="pending", reason=POSTPONED, detail=later, document_id=known, **where)
    return Note(state="failed", reason=f"http_{response.status}", detail=sentence, document_id=known, **where)


def _unfit(response: Response, known: str | None, where: dict[str, Any]) -> Note:
    """Say what becomes of an address whose answer is not what was asked for: it replaces nothing that is known."""
    reason = response.unfit
    if response.role == "listing":
        if reason == "soft_404" and not response.listed:
            return Note(state="listing", reason="end", detail="The counting of pages ended here.", **where)
        return Note(state="failed", reason=reason, detail=UNFIT[reason], **where)
    if known is None or (reason == "soft_404" and not response.listed):
        return Note(state="skipped", reason=reason, detail=UNFIT[reason], document_id=known, **where)
    kept = f"{UNFIT[reason]} The version before it stays."
    return Note(state="failed", reason=reason, detail=kept, document_id=known, **where)
