"""Runs: one execution for one source, under a lock, with an account in which every address stands once."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING, Any

import psutil
from sqlalchemy import Connection, delete, func, insert, or_, select, update

from storage.errors import Busy, Overtaken
from storage.models import Authority, Run, RunAddress, RunLock, Source
from storage.shapes import table_of
from storage.upserts import upsert, upsert_for

if TYPE_CHECKING:
    from storage.sources import Authority as AuthorityEntry
    from storage.sources import Source as SourceEntry

RESUMABLE = timedelta(hours=24)
ELSEWHERE = timedelta(minutes=5)
"""How long a lock of another machine is believed after its last heartbeat."""
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
    words: str = ""
    """For one that was not kept: what its listing says of it."""


COLUMNS = tuple(field.name for field in fields(Note))


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
    connection.execute(upsert(connection, table).values(row).on_conflict_do_update(index_elements=["id"], set_=changed))


def open_run(
    connection: Connection,
    source_id: str,
    *,
    now: datetime,
    new_id: Callable[[], str],
    version: str,
    finished: int | None = None,
    believed: timedelta = ELSEWHERE,
) -> Opened:
    """Take the source's lock and begin a run, or go on with the one that was cut short in the last 24 hours.

    `finished` is how many runs of it were over when this one was decided on: where there is one more, its turn is past.
    `believed` is how long the lock counts elsewhere without a heartbeat: who beats often may ask for little.
    Raises Busy when a living process holds the source, Overtaken when its turn is past.
    """
    _take_lock(connection, source_id, now, believed)
    if finished is not None and _finished(connection, source_id) != finished:
        raise Overtaken(f"Source {source_id!r} has been run by another process meanwhile: its turn is past.")
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


def _finished(connection: Connection, source_id: str) -> int:
    over = select(func.count()).where(Run.source_id == source_id, Run.ended_at.is_not(None))
    return connection.execute(over).scalar_one()


def _take_lock(connection: Connection, source_id: str, now: datetime, believed: timedelta) -> None:
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
            heartbeat_at=iso(_beaten(now, believed)),
        )
    )


def is_alive(host: str, pid: int, started: float, heartbeat_at: str, now: datetime) -> bool:
    """Return whether a lock's holder still works: looked up on this machine, by its heartbeat elsewhere."""
    if host != socket.gethostname():
        return heartbeat_at >= iso(now - ELSEWHERE)
    try:
        return abs(psutil.Process(pid).create_time() - started) < 1
    except psutil.NoSuchProcess:
        return False


def drop_dead_locks(connection: Connection, now: datetime) -> None:
    """Take away the locks of processes that are no more, so that what they left can be gone on with."""
    for lock in connection.execute(select(RunLock)).all():
        if not is_alive(lock.host, lock.pid, lock.process_started, lock.heartbeat_at, now):
            connection.execute(delete(RunLock).where(RunLock.source_id == lock.source_id))


def beat(
    connection: Connection, run_ids: Sequence[str], now: datetime, believed: timedelta = ELSEWHERE
) -> frozenset[str]:
    """Say that some runs are alive; return those that this process does not hold any more."""
    held = RunLock.run_id.in_(run_ids) & _ours()
    connection.execute(update(RunLock).where(held).values(heartbeat_at=iso(_beaten(now, believed))))
    return frozenset(run_ids) - set(connection.execute(select(RunLock.run_id).where(held)).scalars())


def _beaten(now: datetime, believed: timedelta) -> datetime:
    """Return the heartbeat of a lock that is to be believed so long: whoever looks counts five minutes from it."""
    return now - (ELSEWHERE - believed)


def _ours() -> Any:
    """Return the condition of the locks that this process holds."""
    return (RunLock.host == socket.gethostname()) & (RunLock.pid == psutil.Process().pid)


def leave(connection: Connection, run_id: str) -> None:
    """Give the source of an unfinished run free, unless another process has taken it over."""
    connection.execute(delete(RunLock).where((RunLock.run_id == run_id) & _ours()))


def release(connection: Connection, run_id: str) -> None:
    """Give a run's source free."""
    connection.execute(delete(RunLock).where(RunLock.run_id == run_id))


def note(connection: Connection, run_id: str, notes: Iterable[Note]) -> None:
    """Enter addresses into a run's account; one that has its place already keeps it, unless it had no answer yet."""
    note_all(connection, [(run_id, notes)])


def note_all(
    connection: Connection, given: Sequence[tuple[str, Iterable[Note]]], digests: Sequence[str] = ()
) -> list[None]:
    """Do the same for several runs at once, in the order given: for each its number and what is noted."""
    pairs = [(run_id, entry) for run_id, notes in given for entry in notes]
    for pending, alike in groupby(pairs, lambda pair: pair[1].state == "pending"):
        rows = [{"run_id": run_id} | {name: getattr(entry, name) for name in COLUMNS} for run_id, entry in alike]
        connection.execute(_entering(connection.dialect.name, pending=pending), rows)
    return [None for _ in given]


@cache
def _entering(dialect: str, *, pending: bool) -> Any:
    """Return the statement that enters an address; made once, for it is used for every page."""
    statement = upsert_for(dialect, table_of(RunAddress))
    # Spelled out: an IN cannot be executed with many rows at once.
    waits = or_(*(RunAddress.state == state for state in ("pending", "skipped", "failed"))) if pending else None
    taken = ("state", "reason", "detail", "document_id", "words")
    changed: dict[str, Any] = {name: statement.excluded[name] for name in taken}
    changed["listed"] = RunAddress.listed | statement.excluded.listed
    return statement.on_conflict_do_update(index_elements=["run_id", "address"], set_=changed, where=waits)


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
