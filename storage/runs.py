"""Runs: one execution for one source, under a lock, with an account in which every address stands once."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import psutil
from sqlalchemy import Connection, delete, func, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from storage.errors import Busy
from storage.models import Authority, Run, RunAddress, RunLock, Source

if TYPE_CHECKING:
    from storage.sources import Authority as AuthorityEntry
    from storage.sources import Source as SourceEntry

RESUMABLE = timedelta(hours=24)
STATES = ("listing", "stored", "updated", "unchanged", "related", "skipped", "pending", "failed")
COLUMN = {state: state for state in STATES} | {"listing": "listings"}
GOOD = frozenset({"complete", "failures"})
"""Outcomes whose findings may replace what is shown and declare documents unlisted or gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A run that may begin."""

    run_id: str
    resumed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What became of one address in a run, as far as it is known."""

    address: str
    role: str = "document"
    state: str = "pending"
    reason: str = ""
    detail: str = ""
    listed: bool = True
    document_id: str | None = None


def iso(moment: datetime) -> str:
    """Return a UTC moment as the text that the tables hold."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def remember_source(connection: Connection, source: SourceEntry, authorities: Mapping[str, AuthorityEntry]) -> None:
    """Write a source, and its authority, as they are configured now."""
    authority = authorities.get(source.authority or "")
    if authority:
        fields = ("name", "level", "insee", "siren", "departement", "country")
        row = {"id": source.authority} | {name: getattr(authority, name) or "" for name in fields}
        _put(connection, Authority, row)
    row = {
        "id": source.id,
        "title": source.title,
        "kind": source.kind,
        "voice": source.voice,
        "authority_id": source.authority if authority else None,
        "country": source.country or (authority.country if authority else "") or "",
        "rights": source.rights.model_dump(mode="json"),
        "settings": source.model_dump(mode="json"),
    }
    _put(connection, Source, row)


def _put(connection: Connection, table: type[Source] | type[Authority], row: dict[str, object]) -> None:
    changed = {name: value for name, value in row.items() if name != "id"}
    connection.execute(upsert(table).values(row).on_conflict_do_update(index_elements=["id"], set_=changed))


def open_run(
    connection: Connection, source_id: str, *, now: datetime, new_id: Callable[[], str], version: str
) -> Opened:
    """Take the source's lock and begin a run, or go on with the one that was cut short in the last 24 hours.

    Raises Busy when a living process holds the source.
    """
    _take_lock(connection, source_id, now)
    unfinished = connection.execute(
        select(Run.id, Run.started_at)
        .where(Run.source_id == source_id, Run.ended_at.is_(None))
        .order_by(Run.seq.desc())
    ).all()
    fresh = [row.id for row in unfinished if row.started_at >= iso(now - RESUMABLE)][:1]
    for row in unfinished:
        if row.id not in fresh:
            close_run(connection, row.id, "interrupted", now=now, alarms=[])
    run_id = fresh[0] if fresh else new_id()
    if not fresh:
        connection.execute(
            insert(Run).values(
                id=run_id, source_id=source_id, started_at=iso(now), outcome="running", minutier_version=version
            )
        )
    connection.execute(update(RunLock).where(RunLock.source_id == source_id).values(run_id=run_id))
    return Opened(run_id=run_id, resumed=bool(fresh))


def _take_lock(connection: Connection, source_id: str, now: datetime) -> None:
    held = connection.execute(select(RunLock).where(RunLock.source_id == source_id)).one_or_none()
    if held and is_alive(held.host, held.pid, held.process_started, held.heartbeat_at, now):
        raise Busy(
            f"Source {source_id!r} is being run by process {held.pid} on {held.host} (run {held.run_id}): "
            "wait for it, or stop it first."
        )
    me = psutil.Process()
    connection.execute(delete(RunLock).where(RunLock.source_id == source_id))
    connection.execute(
        insert(RunLock).values(
            source_id=source_id,
            run_id="",
            host=socket.gethostname(),
            pid=me.pid,
            process_started=me.create_time(),
            heartbeat_at=iso(now),
        )
    )


def is_alive(host: str, pid: int, started: float, heartbeat_at: str, now: datetime) -> bool:
    """Return whether a lock's holder still works: looked up on this machine, by its heartbeat elsewhere."""
    if host != socket.gethostname():
        return heartbeat_at >= iso(now - timedelta(minutes=5))
    try:
        return abs(psutil.Process(pid).create_time() - started) < 1
    except psutil.NoSuchProcess:
        return False


def drop_dead_locks(connection: Connection, now: datetime) -> None:
    """Take away the locks of processes that are no more, so that what they left can be gone on with."""
    for lock in connection.execute(select(RunLock)).all():
        if not is_alive(lock.host, lock.pid, lock.process_started, lock.heartbeat_at, now):
            connection.execute(delete(RunLock).where(RunLock.source_id == lock.source_id))


def beat(connection: Connection, run_ids: Iterable[str], now: datetime) -> None:
    """Say that some runs are alive."""
    connection.execute(update(RunLock).where(RunLock.run_id.in_(list(run_ids))).values(heartbeat_at=iso(now)))


def release(connection: Connection, run_id: str) -> None:
    """Give a run's source free."""
    connection.execute(delete(RunLock).where(RunLock.run_id == run_id))


def note(connection: Connection, run_id: str, notes: Iterable[Note]) -> None:
    """Enter addresses into a run's account; one that has its place already keeps it, unless it had no answer yet."""
    for entry in notes:
        row = {"run_id": run_id} | {name: getattr(entry, name) for name in entry.__slots__}
        statement = upsert(RunAddress).values(row)
        changed: dict[str, Any] = {
            name: statement.excluded[name] for name in ("state", "reason", "detail", "document_id")
        }
        changed["listed"] = RunAddress.listed | statement.excluded.listed
        keep = RunAddress.state.in_(("pending", "skipped", "failed")) if entry.state == "pending" else None
        connection.execute(
            statement.on_conflict_do_update(index_elements=["run_id", "address"], set_=changed, where=keep)
        )


def count(connection: Connection, run_id: str) -> dict[str, int]:
    """Return the run's equation as it stands: `seen` and one figure per state."""
    rows = connection.execute(
        select(RunAddress.state, func.count()).where(RunAddress.run_id == run_id).group_by(RunAddress.state)
    )
    by_state = {COLUMN[state]: n for state, n in rows.all()}
    return {"seen": sum(by_state.values())} | {COLUMN[state]: by_state.get(COLUMN[state], 0) for state in STATES}


def close_run(
    connection: Connection, run_id: str, outcome: str, *, now: datetime, alarms: list[dict[str, str]]
) -> None:
    """End a run: its figures are fixed and its source is free."""
    values = count(connection, run_id) | {"outcome": outcome, "ended_at": iso(now), "alarms": alarms}
    connection.execute(update(Run).where(Run.id == run_id).values(**values))
    release(connection, run_id)


def add_requests(connection: Connection, run_id: str, requests: int) -> None:
    """Add to the number of things a run asked of the network."""
    connection.execute(update(Run).where(Run.id == run_id).values(requests=Run.requests + requests))
