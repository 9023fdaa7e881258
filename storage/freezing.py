"""Making a freeze: of any size, and never in the way of a crawl for longer than a moment.

What is frozen is read as it is at one moment. It is written in small transactions under a name that is taken but not
shown; the last one makes the freeze appear at once. What a killed process left is taken away by the next freeze.
"""

from __future__ import annotations

import dataclasses
import json
import socket
from datetime import datetime
from functools import partial
from typing import Any

import psutil
from sqlalchemy import Connection, delete, func, insert, select, update

from extract.terms import TERMS_VERSION
from storage import freezes
from storage.accounts import account
from storage.decisions import Who
from storage.errors import Busy, WrongUse
from storage.filters import Filters
from storage.freezes import Plan
from storage.listing import Listed, in_order, listed
from storage.models import Freeze, FrozenVersion
from storage.runs import is_alive
from storage.search import found_by
from storage.shapes import AnyRow
from storage.store import Store

Json = dict[str, Any]
AT_ONCE = 100
"""Entries written, or taken away, in one transaction: a few milliseconds of the lock that a crawl waits for."""


def freeze(store: Store, plan: Plan, who: Who) -> Json | None:
    """Write a freeze and return it as it is listed; nothing where the selection is empty.

    Raises WrongUse for a name that was used before, Busy where another process is writing it.
    """
    take_leftovers(store, who.at)
    with store.reading() as connection:
        refuse_used(connection, plan.name, who.at)
        ids = selected(connection, plan.filters, plan.question)
        if not ids:
            return None
        begun = row_of(connection, plan, who, ids)
        store.writer.write(partial(begin, row=begun, at=who.at))
        whole = False
        try:
            for start in range(0, len(ids), AT_ONCE):
                entries = [entry_of(each) for each in listed(connection, ids[start : start + AT_ONCE])]
                store.writer.write(partial(put, name=plan.name, first=start, entries=entries))
            made = finish(store, begun)
            whole = True
        finally:
            if not (whole or store.writer.broken):
                take_away(store, plan.name)
    return made


def row_of(connection: Connection, plan: Plan, who: Who, ids: list[str]) -> Json:
    """Return the row of a freeze that is being written by this process."""
    me = {"host": socket.gethostname(), "pid": psutil.Process().pid, "started": psutil.Process().create_time()}
    return {
        "name": plan.name,
        "created_at": who.at,
        "by": who.by,
        "note": plan.note,
        "question": plan.question,
        "filters": json.loads(json.dumps(dataclasses.asdict(plan.filters))),
        "software": dict(plan.software) | {"analyser": TERMS_VERSION},
        "account": account(connection, plan.filters, ids, plan.registry, who.at),
        "documents": len(ids),
        "sha256": "",
        "written_by": json.dumps(me),
    }


def selected(connection: Connection, filters: Filters, question: str) -> list[str]:
    """Return the documents that the filters select and, where there is one, the question finds; by date and id."""
    ids = in_order(connection, filters)
    if not question.strip():
        return ids
    found = found_by(connection, question, filters)
    return [each for each in ids if each in found]


def entry_of(each: Listed) -> Json:
    """Return what a freeze keeps of a document."""
    return {
        "document_id": each.shown["id"],
        "version": each.shown["version"],
        "text_sha256": each.shown["text_sha256"],
        "blob_sha256": each.shown["sha256"],
        "extraction_id": each.extraction_id,
        "shown": each.shown,
    }


def refuse_used(connection: Connection, name: str, at: str) -> None:
    """Raise unless a name is free."""
    row = connection.execute(select(Freeze).where(Freeze.name == name)).one_or_none()
    if row is None:
        return
    if row.written_by and is_written(row, at):
        raise Busy(f"Another process is writing the freeze {name!r}: wait for it, or choose another name.")
    raise WrongUse(f"There is a freeze {name!r} already, and a name is never used again: choose another.")


def is_written(row: AnyRow, at: str) -> bool:
    """Return whether the process that writes a freeze is still there."""
    hand = json.loads(row.written_by)
    return is_alive(hand["host"], hand["pid"], hand["started"], row.created_at, datetime.fromisoformat(at))


def begin(connection: Connection, row: Json, at: str) -> None:
    """Take a name."""
    refuse_used(connection, row["name"], at)
    connection.execute(insert(Freeze).values(row))


def put(connection: Connection, name: str, first: int, entries: list[Json]) -> None:
    """Write some entries; the first of them has the number `first`."""
    rows = [entry | {"freeze_name": name, "place": place} for place, entry in enumerate(entries, first)]
    connection.execute(insert(FrozenVersion), rows)


def finish(store: Store, begun: Json) -> Json:
    """Hash what was written, and show the freeze."""
    name = begun["name"]
    made = {each: begun[each] for each in ("question", "filters", "software")}
    with store.reading() as connection:
        digest = freezes.digest(connection, name, **made)
        written = select(func.count()).select_from(FrozenVersion).where(FrozenVersion.freeze_name == name)
        if connection.execute(written).scalar_one() != begun["documents"]:
            raise Busy(f"Another process has taken away the half-written freeze {name!r}: freeze again.")
    store.writer.write(partial(show, begun=begun, digest=digest))
    with store.reading() as connection:
        return freezes.summary(freezes.one(connection, name))


def show(connection: Connection, begun: Json, digest: str) -> None:
    """Say that a freeze is whole."""
    mine = (Freeze.name == begun["name"]) & (Freeze.written_by == begun["written_by"])
    connection.execute(update(Freeze).where(mine).values(written_by="", sha256=digest))


def take_leftovers(store: Store, at: str) -> None:
    """Take away the freezes that killed processes left unfinished: nobody has ever seen them."""
    for row in store.rows(select(Freeze).where(~freezes.WHOLE)):
        if not is_written(row, at):
            take_away(store, row.name)


def take_away(store: Store, name: str) -> None:
    """Delete an unfinished freeze, a few entries at a time, its name at last."""
    mine = FrozenVersion.freeze_name == name
    last = store.rows(select(func.max(FrozenVersion.place).label("place")).where(mine))[0].place
    for start in range(0, -1 if last is None else last + 1, AT_ONCE):
        part = delete(FrozenVersion).where(mine, FrozenVersion.place >= start, FrozenVersion.place < start + AT_ONCE)
        store.writer.write(partial(_execute, statement=part))
    store.writer.write(partial(_execute, statement=delete(Freeze).where(Freeze.name == name, ~freezes.WHOLE)))


def _execute(connection: Connection, statement: Any) -> None:
    connection.execute(statement)
