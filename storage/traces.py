"""What a document is found by: values that documents with something in common share, looked up in the database.

A value that more than `CAP` documents have says nothing (boilerplate, a form): it becomes common, and nothing is
looked up by it until fewer have it. Which values are common depends on what is there, never on the order of arrival.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Collection, Mapping
from typing import Any
from urllib.parse import unquote

from sqlalchemy import BindParameter, Connection, bindparam, delete, insert, select

from extract.likeness import Likeness, bands, value_of
from extract.terms import fold
from storage.models import CommonTrace, Document, Signature, Trace
from storage.shapes import AnyRow, table_of

CAP = {"band": 64, "paper": 512, "act": 64, "stamp": 64, "name": 16, "told": 64}
"""So many documents may share a value of each kind."""
OF_A_SEANCE = frozenset({"convocation", "ordre_du_jour", "liste_deliberations", "pv", "compte_rendu"})
OF_AN_ACT = frozenset({"deliberation"})

Kinds = dict[int, str]

_SIGNATURE, _TRACE, _COMMON = table_of(Signature), table_of(Trace), table_of(CommonTrace)
# Built once: building a statement costs SQLAlchemy more than SQLite needs to execute it.
_WANTED: BindParameter[int] = bindparam("wanted", expanding=True)
_OLD = (
    select(Signature)
    .join(Document, Document.first_capture_seq == Signature.seq)
    .where(Document.id == bindparam("identity"))
)
_SIGN, _ENTER, _MAKE_COMMON = insert(_SIGNATURE), insert(_TRACE), insert(_COMMON)
_UNSIGN = delete(_SIGNATURE).where(_SIGNATURE.c.seq == bindparam("of"))
_TAKE_OUT = delete(_TRACE).where(_TRACE.c.value.in_(_WANTED), _TRACE.c.seq == bindparam("of"))
_THERE = select(CommonTrace.value, CommonTrace.cap).where(CommonTrace.value.in_(_WANTED))
_MAKE_RARE = delete(_COMMON).where(_COMMON.c.value == bindparam("value"))
_HAVING = select(Trace.seq).where(Trace.value == bindparam("value")).limit(bindparam("most"))
_SHARING = select(Trace.value, Trace.seq).where(
    Trace.value.in_(_WANTED), ~select(CommonTrace.value).where(CommonTrace.value == Trace.value).exists()
)


def traces_of(paper: Mapping[str, Any], found: Likeness) -> Kinds:
    """Return the values a document is found by, each with its kind.

    `paper` has its publisher, its address, its act_type and the facts of its extraction.
    """
    keys = [("band", value) for value in bands(found)]
    keys += [(kind, value_of(f"{kind}|{key}".encode())) for kind, key in _keys(paper)]
    return {value: kind for kind, value in keys}


def _keys(paper: Mapping[str, Any]) -> list[tuple[str, str]]:
    facts, publisher = paper["facts"], paper["publisher"]
    keys = [("stamp", act["stamp"].upper()) for act in facts["acts"] if act["stamp"]]
    day = seance_of(facts)
    if day and paper["act_type"] in OF_A_SEANCE | OF_AN_ACT:
        keys.append(("paper", f"{publisher}|{day}"))
        keys += [("act", f"{publisher}|{day}|{number}") for number in printed(facts)]
    shown = day_of(facts)
    if shown:
        keys.append(("name", f"{publisher}|{shown}|{stem_of(paper['address'])}"))
        keys += [("told", f"{publisher}|{shown}")] if paper["act_type"] not in OF_A_SEANCE | OF_AN_ACT else []
    return keys


def seance_of(facts: Mapping[str, Any]) -> str:
    """Return the day of a paper's séance, the best found; nothing where none is known to the day."""
    return next((d["value"] for d in facts["dates"] if d["role"] == "session" and d["precision"] == "day"), "")


def day_of(facts: Mapping[str, Any]) -> str:
    """Return the day a paper is shown under; nothing where it is not known to the day."""
    best = facts["dates"][0] if facts["dates"] else None
    return str(best["value"]) if best and best["precision"] == "day" else ""


def printed(facts: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Return the acts of a paper by their printed numbers."""
    return {act["key"]: act for act in facts["acts"] if not act["key"].startswith("#")}


def stem_of(address: str) -> str:
    """Return the name of a file without folder and ending, folded.

    >>> stem_of("https://ville.example/pdf/CM%20du%2013.pdf") == stem_of("https://ville.example/doc/CM_du_13.doc")
    True
    """
    name = unquote(address.split("?", maxsplit=1)[0].rstrip("/").rpartition("/")[2])
    return " ".join(filter(None, map(fold, re.split(r"[\W_]+", name.rpartition(".")[0] or name))))


def signed(connection: Connection, identity: str) -> AnyRow | None:
    """Return what a document is compared by: `size`, `signature` and its first capture, or nothing."""
    return connection.execute(_OLD, {"identity": identity}).one_or_none()


def put(connection: Connection, seq: int, found: Likeness, kinds: Kinds) -> None:
    """Enter what a document is found by."""
    _enter(connection, seq, found, kinds, kinds)


def renew(connection: Connection, identity: str, seq: int, found: Likeness, kinds: Kinds) -> set[int]:
    """Enter it in the place of what was there before; return the others that may be related now."""
    before = signed(connection, identity)
    had = _values(before) if before is not None else set()
    connection.execute(_UNSIGN, {"of": seq})
    _enter(connection, seq, found, kinds, kinds.keys() - had)
    return _take_out(connection, seq, had - kinds.keys())


def _enter(connection: Connection, seq: int, found: Likeness, kinds: Kinds, new: Collection[int]) -> None:
    row = {"seq": seq, "size": found.size, "signature": found.signature}
    keys = [value for value, kind in kinds.items() if kind != "band"]
    connection.execute(_SIGN, row | {"keys": struct.pack(f"<{len(keys)}q", *keys)})
    if new:
        connection.execute(_ENTER, [{"value": value, "seq": seq} for value in sorted(new)])


def take_back(connection: Connection, identity: str) -> set[int]:
    """Take out what a document was found by, and return the others that may be related now."""
    before = signed(connection, identity)
    if before is None:
        return set()
    connection.execute(_UNSIGN, {"of": before.seq})
    return _take_out(connection, before.seq, _values(before))


def _values(row: AnyRow) -> set[int]:
    keys = {value for (value,) in struct.iter_unpack("<q", row.keys)}
    return keys.union(bands(Likeness(size=row.size, signature=row.signature)))


def _take_out(connection: Connection, seq: int, values: set[int]) -> set[int]:
    """Take a document from those that have some values; return who has one of them that is rare again."""
    if not values:
        return set()
    connection.execute(_TAKE_OUT, {"wanted": sorted(values), "of": seq})
    touched: set[int] = set()
    for common in connection.execute(_THERE, {"wanted": sorted(values)}).all():
        left = connection.execute(_HAVING, {"value": common.value, "most": common.cap + 1}).scalars().all()
        if len(left) <= common.cap:
            connection.execute(_MAKE_RARE, {"value": common.value})
            touched.update(left)
    return touched


def common_of(connection: Connection, values: Collection[int]) -> set[int]:
    """Return which of some values are common."""
    return set(connection.execute(_THERE, {"wanted": list(values)}).scalars())


Sharing = dict[int, set[int]]
"""The documents, by the number of their first capture, that have each of some values."""


def sharing(connection: Connection, kinds: Kinds) -> tuple[Sharing, Sharing]:
    """Return who has each of some values: of those that are rare, and of those that this look-up found too common."""
    found: Sharing = {}
    # Straight from the driver: most of these rows are the document's own.
    for value, seq in connection.execute(_SHARING, {"wanted": list(kinds)}).cursor.fetchall():
        found.setdefault(value, set()).add(seq)
    over = {value: found.pop(value) for value in list(found) if len(found[value]) > CAP[kinds[value]]}
    if over:
        connection.execute(_MAKE_COMMON, [{"value": value, "cap": CAP[kinds[value]]} for value in over])
    return found, over
