"""The answers behind documents: the captures that their versions were read from, and the redirects before them."""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, select

from storage.captures import Kept
from storage.models import Capture, Version

# Made once: they are asked for every document of an archive.
_READ_FROM = select(Version.capture_seq).where(
    Version.document_id == bindparam("document_id"), Version.number <= bindparam("version")
)
_BEHIND = select(Capture).where(Capture.seq.in_(_READ_FROM)).order_by(Capture.seq)
_SAME = ("source_id", "address", "run_id", "fetched_at")
_REDIRECTS = (
    select(Capture)
    .where(*(getattr(Capture, name) == bindparam(name) for name in _SAME))
    .where(Capture.role == "redirect", Capture.seq < bindparam("before"))
    .order_by(Capture.seq)
)


def behind(connection: Connection, document_id: str, version: int) -> list[Kept]:
    """Return the captures that a document's versions were read from, up to one of them, oldest first.

    Neither what was captured later nor answers that changed nothing are among them: of a frozen version they stay the
    same captures for ever.
    """
    return list(connection.execute(_BEHIND, {"document_id": document_id, "version": version}))


def redirects(connection: Connection, answer: Kept) -> list[Kept]:
    """Return the redirects that led to an answer, in order, as `storage.captures.record` wrote them."""
    same = {name: getattr(answer, name) for name in _SAME}
    return list(connection.execute(_REDIRECTS, same | {"before": answer.seq}))
