"""What processes of a lab ask about the captures that they share: which to read, and which nobody answers for."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import Connection, func, select

from storage.captures import Kept
from storage.models import Capture, Document, RunLock
from storage.shapes import AnyRow, AnySelect
from storage.withdrawals import withheld


def claimed(
    connection: Connection, *, runs: Collection[str], seqs: Collection[int], besides: Collection[int], room: int
) -> Sequence[Kept]:
    """Return captures that wait, of some runs or named by their numbers, in order of arrival, `besides` some."""
    mine = Capture.run_id.in_(runs) | Capture.seq.in_(seqs)
    query = select(Capture).where(Capture.waiting, mine, Capture.seq.not_in(besides))
    return connection.execute(query.order_by(Capture.seq).limit(room)).all()


def named(connection: Connection, seqs: Collection[int]) -> Sequence[Kept]:
    """Return captures by their numbers, in order of arrival; not those whose bytes are withheld."""
    there = Capture.blob_sha256.is_not(None) & Capture.blob_sha256.not_in(withheld())
    return connection.execute(select(Capture).where(Capture.seq.in_(seqs), there).order_by(Capture.seq)).all()


def unsettled(run_id: str) -> AnySelect:
    """Return the query for a run's captures that wait: `seq, address, document_address`, in order of arrival."""
    wait = Capture.waiting & (Capture.run_id == run_id)
    return select(Capture.seq, Capture.address, Capture.document_address).where(wait).order_by(Capture.seq)


def unsettled_among(seqs: Collection[int]) -> AnySelect:
    """Return the query for those captures among some that wait: `seq`."""
    return select(Capture.seq).where(Capture.waiting, Capture.seq.in_(seqs)).order_by(Capture.seq)


def left_behind(limit: int) -> AnySelect:
    """Return the query for captures that wait, were never read, and whose run nobody holds: `seq, run_id`.

    What `extract --again` put back was read before: it is left to whoever put it back.
    """
    nobodys = Capture.run_id.not_in(select(RunLock.run_id)) & Capture.document_id.is_(None)
    return select(Capture.seq, Capture.run_id).where(Capture.waiting, nobodys).order_by(Capture.seq).limit(limit)


def pictures_of(run_id: str) -> AnySelect:
    """Return the query for the captures of a run whose documents hold pages that wait for OCR: `seq`."""
    theirs = (Capture.document_id == Document.id) & (Capture.run_id == run_id) & Capture.blob_sha256.is_not(None)
    latest = select(func.max(Capture.seq).label("seq")).join(Document, theirs).where(Document.needs_ocr)
    return latest.group_by(Document.id).order_by(func.max(Capture.seq))


def batches(rows: Sequence[AnyRow], handed: Collection[int], most: int) -> list[list[int]]:
    """Return the numbers of captures to hand out, in batches that may be read at the same time.

    `rows` are all that wait in a run, `handed` those among them that were handed out before. What has the address of
    one before it waits until that one is settled: an older text must not become a later version.
    """
    awaited: set[str] = set()
    free: list[int] = []
    for row in rows:
        names = {row.address, row.document_address}
        if row.seq not in handed and awaited.isdisjoint(names):
            free.append(row.seq)
        awaited |= names
    return [free[start : start + most] for start in range(0, len(free), most)]
