"""Captures: each response as it came, kept before anything is parsed, and found again for a replay."""

from __future__ import annotations

import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, select, update

from storage.models import Capture, Change, Document, DocumentAlias, RunLock
from storage.shapes import AnyRow, AnySelect, table_of
from storage.upserts import upsert
from storage.withdrawals import withheld

Kept = AnyRow
"""A stored capture, with the columns of `storage.models.Capture`."""
GONE = frozenset({404, 410})
NOT_MODIFIED = 304
FORM_KEPT = frozenset({307, 308})
"""Redirects after which the same form is sent again; after all others the new address is merely asked for."""
RENDERED = "rendered"
"""The flag of a page that is kept as a browser made it: what it was made of may change while the page does not."""
ASKED = ":asked"
"""A key among a capture's headers that no header can have: when it was asked for, each sending with what came of it."""
AGENT = ":agent"
"""Another: who asked, as it was said in the request; kept with robots.txt, once in a run."""
TRUNCATED = "truncated"
UNFIT = {
    "soft_404": "The site answers 200 and shows that nothing is there.",
    "error_page": "The site answers 200 and shows an error.",
    "login": "The site answers 200 and asks to log in.",
}
"""Flags of answers that are not what was asked for, each with its sentence."""
POSTPONED = "postponed"
"""The flag of an answer that asks to come back later than this run lasts."""

# Made once: building a statement costs more than executing it.
_ENTER_CHANGE = insert(table_of(Change))
_ELSEWHERE = select(RunLock.run_id).where((RunLock.pid != bindparam("pid")) | (RunLock.host != bindparam("host")))
_WAITING = (
    select(Capture)
    .where(Capture.waiting & (Capture.seq > bindparam("after")) & Capture.run_id.not_in(_ELSEWHERE))
    .order_by(Capture.seq)
    .limit(bindparam("limit"))
)


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
    form: bytes = b""
    """The fields of a form that was sent first, where redirects led on from its answer."""
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
    def unfit(self) -> str:
        """Why it is not what was asked for although it was answered, or nothing."""
        return next((flag for flag in self.flags if flag in UNFIT), "")

    @property
    def answered(self) -> bool:
        """Whether it carries a body that was asked for."""
        return 200 <= self.status < 300


def replayable(run_id: str, key: str, address: str) -> AnySelect:
    """Return the query for what this run already has for a request, so that it is not asked again."""
    final = (Capture.status < 400) | Capture.status.in_(GONE)
    mine = (Capture.run_id == run_id) & (Capture.request_key == key) & (Capture.address == address)
    return select(Capture).where(mine, final).order_by(Capture.seq.desc()).limit(1)


def last_answer(source_id: str, address: str) -> AnySelect:
    """Return the query for the last capture of an address that brought a whole body, and the one that was asked for.

    One that broke off must not be asked about conditionally: "not changed" would keep the rest away for ever.
    """
    mine = (Capture.source_id == source_id) & (Capture.address == address)
    for flag in (TRUNCATED, *UNFIT):
        mine &= ~Capture.flags.contains(flag)
    roles = Capture.role.in_(("document", "listing"))
    return select(Capture).where(mine, roles, Capture.blob_sha256.is_not(None)).order_by(Capture.seq.desc()).limit(1)


def answered_before(source_id: str) -> AnySelect:
    """Return the query for the addresses of a source that brought a body in some run."""
    return select(Capture.address).where(Capture.source_id == source_id, Capture.blob_sha256.is_not(None)).distinct()


def keys_of(run_id: str) -> AnySelect:
    """Return the query for the keys of the requests that a run has captured."""
    return select(Capture.request_key).where(Capture.run_id == run_id)


def validators(capture: Kept | None) -> dict[str, str]:
    """Return the headers that ask a site whether a capture still holds; none for one never read or rendered."""
    if capture is None or (capture.role == "document" and (capture.waiting or not capture.document_id)):
        return {}
    if RENDERED in capture.flags.split(","):
        return {}
    names = {"etag": "If-None-Match", "last-modified": "If-Modified-Since"}
    return {asked: capture.headers[given] for given, asked in names.items() if given in capture.headers}


def waiting(connection: Connection, after: int, limit: int, pid: int) -> Sequence[Kept]:
    """Return the documents' captures that no extraction has settled, in order of arrival.

    Those of runs that another process is working on are left to it.
    """
    me = {"pid": pid, "host": socket.gethostname()}
    return connection.execute(_WAITING, {"after": after, "limit": limit} | me).all()


def wait_again(connection: Connection, seqs: list[int]) -> None:
    """Put captures back before the extractors, without touching the account of any run; not those without bytes."""
    if seqs:
        there = Capture.blob_sha256.is_not(None) & Capture.blob_sha256.not_in(withheld())
        again = update(Capture).where(Capture.seq == bindparam("one"), there).values(waiting=True)
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


def add_aliases(connection: Connection, document_id: str, addresses: set[str], *, run_id: str, at: str) -> None:
    """Remember the other address of a permanent redirect, once, with a dated fact."""
    named = connection.execute(select(Document.address).where(Document.id == document_id)).scalar_one()
    for address in sorted(addresses - {named}):
        row = {"address": address, "document_id": document_id}
        added = connection.execute(upsert(connection, DocumentAlias).values(row).on_conflict_do_nothing())
        if added.rowcount:
            add_change(connection, at=at, run_id=run_id, document_id=document_id, fact="moved", address=address)


def add_change(
    connection: Connection, *, at: str, run_id: str | None, document_id: str, fact: str, **detail: Any
) -> None:
    """Enter a dated fact of a document's life into the change feed."""
    row = {"at": at, "run_id": run_id, "document_id": document_id, "fact": fact, "detail": detail}
    connection.execute(_ENTER_CHANGE, row)
