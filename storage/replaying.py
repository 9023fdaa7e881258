"""What earlier runs, or the run of a probe, were answered: read again without the network."""

from __future__ import annotations

from sqlalchemy import func, select

from storage.models import Capture, Run, RunAddress
from storage.runs import GOOD
from storage.shapes import AnySelect
from storage.withdrawals import withheld


def answers_of(run_id: str) -> AnySelect:
    """Return the query for all that one run was answered, in order of arrival."""
    return select(Capture).where(Capture.run_id == run_id, Capture.role != "redirect").order_by(Capture.seq)


def unanswered_in(run_id: str) -> AnySelect:
    """Return the query for the addresses that one run did not get: `address, reason, detail`."""
    mine = (RunAddress.run_id == run_id) & RunAddress.state.in_(("skipped", "failed", "pending"))
    return select(RunAddress.address, RunAddress.reason, RunAddress.detail).where(mine, RunAddress.reason != "")


def last_captures(source_id: str, role: str, limit: int | None = None) -> AnySelect:
    """Return the query for the newest capture with a body of each address of a source, the first listed first."""
    there = Capture.blob_sha256.is_not(None) & Capture.blob_sha256.not_in(withheld())  # nothing is "not in" nothing
    mine = (Capture.source_id == source_id) & (Capture.role == role) & there
    newest = select(func.max(Capture.seq)).where(mine).group_by(Capture.address)
    return select(Capture).where(Capture.seq.in_(newest)).order_by(Capture.seq).limit(limit)


def pages_of(run_id: str, roles: tuple[str, ...], limit: int) -> AnySelect:
    """Return the query for the first listings that one run was answered, in order of arrival: `address, seq`."""
    mine = (Capture.run_id == run_id) & Capture.role.in_(roles) & (Capture.status < 400)
    return select(Capture.address, Capture.seq).where(mine).order_by(Capture.seq).limit(limit)


def body_at(source_id: str, address: str, upto: int, *, good: bool) -> AnySelect:
    """Return the query for the newest capture of an address that has bytes, up to one; with `good` of a good run."""
    there = Capture.blob_sha256.is_not(None) & Capture.blob_sha256.not_in(withheld())
    mine = (Capture.source_id == source_id) & (Capture.address == address) & (Capture.seq <= upto) & there
    query = select(Capture).join(Run, Run.id == Capture.run_id).where(mine)
    return (query.where(Run.outcome.in_(GOOD)) if good else query).order_by(Capture.seq.desc()).limit(1)
