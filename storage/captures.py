"""Captures: each response as it came, kept before anything is parsed, and found again for a replay."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from storage.addresses import request_key
from storage.blobs import sha256
from storage.models import Blob, Capture, Change, Document, RunLock
from storage.runs import Note, add_requests, note
from storage.shapes import AnyRow, AnySelect

Kept = AnyRow
"""A stored capture, with the columns of `storage.models.Capture`."""
GONE = frozenset({404, 410})
NOT_MODIFIED = 304
POSTPONED = "postponed"
"""The flag of an answer that asks to come back later than this run lasts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """One response at one moment, as a crawler hands it over."""

    run_id: str
    source_id: str
    role: str
    """document | listing | robots"""
    method: str = "GET"
    sent: bytes = b""
    """The body of the request: the fields of a form."""
    url: str
    """The address that answered, as it was asked."""
    address: str
    """The canonical address that was wanted, before any redirect."""
    document_address: str = ""
    """For a document: the address that names it (after permanent redirects)."""
    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = field(default=b"", repr=False)
    fetched_at: str
    flags: tuple[str, ...] = ()
    hints: Mapping[str, Any] = field(default_factory=dict)
    listed: bool = True
    redirects: tuple[tuple[str, int, str], ...] = ()
    """The chain before it: address asked, status, address it named."""
    requests: int = 0
    """How many network requests were made since the last response was handed over."""

    @property
    def answered(self) -> bool:
        """Whether it carries a body that was asked for."""
        return 200 <= self.status < 300


def record(connection: Connection, response: Response) -> int:
    """Write a response, the redirects that led to it and what it means for the run's account; return its number.

    The body is already durable: the writer keeps blobs before it begins.
    """
    digest = sha256(response.body) if response.answered else None
    if digest:
        blob = {"sha256": digest, "size": len(response.body), "first_seen_at": response.fetched_at}
        connection.execute(upsert(Blob).values(blob).on_conflict_do_nothing())
    for asked, status, named in response.redirects:
        _insert(connection, response, role="redirect", url=asked, status=status, headers={"location": named})
    wanted = response.role == "document" and response.answered
    known = _known(connection, response) if response.role == "document" else None
    seq = _insert(
        connection,
        response,
        role=response.role,
        url=response.url,
        status=response.status,
        headers=dict(response.headers),
        blob_sha256=digest,
        waiting=wanted,
        document_id=known,
    )
    if response.role != "robots":
        note(connection, response.run_id, [_meaning(response, known)])
    if response.requests:
        add_requests(connection, response.run_id, response.requests)
    return seq


def _insert(connection: Connection, response: Response, **values: Any) -> int:
    row = {
        "run_id": response.run_id,
        "source_id": response.source_id,
        "request_key": request_key(response.method, values["url"], response.sent),
        "address": response.address,
        "document_address": response.document_address,
        "fetched_at": response.fetched_at,
        "flags": ",".join(response.flags),
        "hints": dict(response.hints),
    }
    return connection.execute(insert(Capture).values(**(row | values)).returning(Capture.seq)).scalar_one()


def _known(connection: Connection, response: Response) -> str | None:
    """Return the document that earlier captures of this address gave, when this one brings no body of its own."""
    if response.answered:
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


def replayable(run_id: str, key: str, address: str) -> AnySelect:
    """Return the query for what this run already has for a request, so that it is not asked again."""
    final = (Capture.status < 400) | Capture.status.in_(GONE)
    mine = (Capture.run_id == run_id) & (Capture.request_key == key) & (Capture.address == address)
    return select(Capture).where(mine, final).order_by(Capture.seq.desc()).limit(1)


def last_answer(source_id: str, address: str) -> AnySelect:
    """Return the query for the last capture of an address that brought a whole body.

    One that broke off must not be asked about conditionally: "not changed" would keep the rest away for ever.
    """
    mine = (Capture.source_id == source_id) & (Capture.address == address) & ~Capture.flags.contains("truncated")
    roles = Capture.role.in_(("document", "listing"))
    return select(Capture).where(mine, roles, Capture.blob_sha256.is_not(None)).order_by(Capture.seq.desc()).limit(1)


def validators(capture: Kept | None) -> dict[str, str]:
    """Return the headers that ask a site whether a capture still holds; none for one that was never read."""
    if capture is None or (capture.role == "document" and (capture.waiting or not capture.document_id)):
        return {}
    names = {"etag": "If-None-Match", "last-modified": "If-Modified-Since"}
    return {asked: capture.headers[given] for given, asked in names.items() if given in capture.headers}


def waiting(after: int, limit: int, pid: int) -> AnySelect:
    """Return the query for the documents' captures that no extraction has settled, in order of arrival.

    Those of runs that another process is working on are left to it.
    """
    elsewhere = select(RunLock.run_id).where((RunLock.pid != pid) | (RunLock.host != socket.gethostname()))
    mine = Capture.waiting & (Capture.seq > after) & Capture.run_id.not_in(elsewhere)
    return select(Capture).where(mine).order_by(Capture.seq).limit(limit)


def wait_again(connection: Connection, seqs: list[int]) -> None:
    """Put captures back before the extractors, without touching the account of any run."""
    if seqs:
        again = update(Capture).where(Capture.seq == bindparam("one")).values(waiting=True)
        connection.execute(again, [{"one": seq} for seq in seqs])


def known_addresses(source_id: str) -> AnySelect:
    """Return the query for each address of a source that gave a document: `address, url, date, gone_at, asked_at`."""
    return (
        select(
            Capture.address,
            func.max(Capture.url).label("url"),
            Document.date,
            Document.gone_at,
            func.max(Capture.fetched_at).label("asked_at"),
        )
        .join(Document, Document.id == Capture.document_id)
        .where(Capture.source_id == source_id, Capture.role == "document")
        .group_by(Capture.address, Document.date, Document.gone_at)
    )


def add_change(
    connection: Connection, *, at: str, run_id: str | None, document_id: str, fact: str, **detail: Any
) -> None:
    """Enter a dated fact of a document's life into the change feed."""
    row = {"at": at, "run_id": run_id, "document_id": document_id, "fact": fact, "detail": detail}
    connection.execute(insert(Change).values(row))
