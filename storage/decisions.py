"""What people decided: an append-only history in which the newest word on each thing stands, and can be taken back.

The machine's values stay where they are (`Extraction.facts`, `Source`); what is shown is theirs with the decisions over
them, and is computed again whenever a document is shown anew, so that a re-crawl and a re-extraction change nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, func, insert, select, update

from extract.stated import ACT_TYPES
from storage.captures import add_change
from storage.choices import KINDS
from storage.errors import WrongUse
from storage.facts import shown
from storage.models import Authority, Capture, Decision, Document, Extraction, Source, Version
from storage.shapes import AnyRow, AnySelect

Json = dict[str, Any]
COLUMNS = {"kind": "kind_corrected", "authority": "authority_corrected"}
"""Fields that are the source's, with the column that overrules it."""
FIELDS = ("title", "date", "act_type", "language", "kind", "authority")
"""What can be corrected, besides the text of a page."""
CHOICES = {
    "kind": KINDS,
    "act_type": ACT_TYPES,
}
STATED = "stated"
"""What a date is of (`Document.date_role`) that a person put in the place of the machine's."""
PAGE = "page:"
TAG = "tag:"
LONGEST = 2_000
"""Characters of a corrected value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """One decision, ready to be written."""

    document_id: str
    field: str
    value: str | None
    because: str = ""
    machine: str = ""
    blob_sha256: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Who:
    """Who decides, and when."""

    by: str
    at: str


_NEWEST = select(func.max(Decision.seq)).where(Decision.blob_sha256 == bindparam("blob")).group_by(Decision.field)
_TYPED = select(Decision.field, Decision.value).where(Decision.seq.in_(_NEWEST), Decision.value.is_not(None))


def latest() -> AnySelect:
    """Return the query for the numbers of the decisions that stand: the newest on each thing of each document."""
    return select(func.max(Decision.seq)).group_by(Decision.document_id, Decision.field, Decision.blob_sha256)


def standing(connection: Connection, ids: list[str]) -> list[AnyRow]:
    """Return the decisions that stand for some documents, those that were taken back left out."""
    newest = latest().where(Decision.document_id.in_(ids))
    chosen = select(Decision).where(Decision.seq.in_(newest), Decision.value.is_not(None))
    return list(connection.execute(chosen.order_by(Decision.seq)).all())


def history(connection: Connection, identity: str) -> list[Json]:
    """Return every decision about a document, oldest first."""
    rows = connection.execute(select(Decision).where(Decision.document_id == identity).order_by(Decision.seq))
    names = ("seq", "at", "by", "field", "value", "machine", "because")
    return [{name: getattr(row, name) for name in names} for row in rows]


def curation(connection: Connection, ids: list[str]) -> dict[str, Json]:
    """Return status, tags, note and the corrected fields of documents, by id; those without any are left out."""
    found: dict[str, Json] = {}
    for row in standing(connection, ids):
        each = found.setdefault(row.document_id, {"status": "undecided", "tags": [], "note": "", "corrected": []})
        if row.field.startswith(TAG):
            each["tags"] = sorted([*each["tags"], row.field.removeprefix(TAG)])
        elif row.field in ("status", "note"):
            each[row.field] = row.value
        else:
            each["corrected"] = sorted({*each["corrected"], row.field})
    return found


NOTHING: Json = {"status": "undecided", "tags": [], "note": "", "corrected": []}


def decide(connection: Connection, words: list[Word], who: Who) -> int:
    """Write decisions; one that changes nothing is not written again. Return how many were."""
    return sum(_decide_one(connection, word, who) for word in words)


def _decide_one(connection: Connection, word: Word, who: Who) -> bool:
    mine = (Decision.document_id == word.document_id) & (Decision.field == word.field)
    mine &= Decision.blob_sha256 == word.blob_sha256 if word.blob_sha256 else Decision.blob_sha256.is_(None)
    before = connection.execute(select(Decision.value).where(mine).order_by(Decision.seq.desc()).limit(1)).scalar()
    if word.field == "status":
        before = before or NOTHING["status"]  # to leave undecided what nobody decided on changes nothing
    if before == word.value:
        return False
    row = {name: getattr(word, name) for name in word.__slots__}
    connection.execute(insert(Decision).values(**row, by=who.by, at=who.at))
    if word.field in FIELDS:
        show(connection, word.document_id)
    corrects = word.field in FIELDS or word.field.startswith(PAGE)
    add_change(
        connection,
        at=who.at,
        run_id=None,
        document_id=word.document_id,
        fact="corrected" if corrects else "curated",
        field=word.field,
        # The text of a page is in the decision and in the version it makes, not in the feed.
        **({} if word.field.startswith(PAGE) else {"value": word.value}),
    )
    return True


def show(connection: Connection, identity: str) -> None:
    """Set the corrected columns of a document that is shown: the machine's values with people's over them."""
    row = connection.execute(
        select(Extraction.facts, Extraction.media_type)
        .join(Document, Document.extraction_id == Extraction.id)
        .where(Document.id == identity)
    ).one()
    machine = shown(row.facts, row.media_type)
    values = {name: machine[name] for name in (*FIELDS, "date_role") if name in machine}
    values |= dict.fromkeys(COLUMNS.values(), "")
    connection.execute(update(Document).where(Document.id == identity).values(values | over(connection, identity)))


def over(connection: Connection, identity: str) -> Json:
    """Return the columns of a document in which people's word stands over the machine's."""
    rows = standing(connection, [identity])
    said = {COLUMNS.get(row.field, row.field): row.value for row in rows if row.field in FIELDS}
    return said | ({"date_role": STATED} if "date" in said else {})


def corrections(connection: Connection, identity: str) -> list[Json]:
    """Return the corrections that stand, each with the machine's value of today, who, when and why."""
    machine = machine_values(connection, identity)
    return [
        {
            "field": row.field,
            "machine": machine.get(row.field, row.machine),
            "value": row.value,
            "by": row.by,
            "at": row.at,
            "because": row.because,
            "sha256": row.blob_sha256,
        }
        for row in standing(connection, [identity])
        if row.field in FIELDS or row.field.startswith(PAGE)
    ]


def machine_values(connection: Connection, identity: str) -> dict[str, str]:
    """Return what the machine says of the fields that can be corrected."""
    query = (
        select(Extraction.facts, Extraction.media_type, Source.kind, Authority.name.label("authority"))
        .select_from(Document)
        .join(Extraction, Extraction.id == Document.extraction_id)
        .join(Capture, Capture.seq == Document.first_capture_seq)
        .join(Source, Source.id == Capture.source_id)
        .outerjoin(Authority, Authority.id == Source.authority_id)
        .where(Document.id == identity)
    )
    row = connection.execute(query).one()
    return shown(row.facts, row.media_type) | {"kind": row.kind, "authority": row.authority or ""}


def authority_named(connection: Connection, value: str) -> str:
    """Return what is kept for an authority that a person names: its id where the corpus knows it, else the name."""
    known = select(Authority.id).where((Authority.id == value) | (Authority.name == value))
    return connection.execute(known.limit(1)).scalar() or value


def typed_pages(connection: Connection, blob: str) -> dict[int, str]:
    """Return the pages of some bytes that a person typed, by number: the newest word on each."""
    rows = connection.execute(_TYPED, {"blob": blob})
    return {int(row.field.removeprefix(PAGE)): row.value for row in rows}


def captures_of_same_bytes(connection: Connection, identity: str) -> list[int]:
    """Return the captures behind all documents that now show the same bytes as this one."""
    current = select(Version).join(Document, Document.current_version_id == Version.id)
    blob = connection.execute(current.where(Document.id == identity)).one().blob_sha256
    return [row.capture_seq for row in connection.execute(current.where(Version.blob_sha256 == blob))]


def decided(field: str, values: tuple[str, ...]) -> ColumnElement[bool]:
    """Return the condition that a decision with one of these values stands for a document."""
    said = select(Decision.document_id).where(Decision.seq.in_(latest()), Decision.field == field)
    return Document.id.in_(said.where(Decision.value.in_(values)))


def curated(statuses: tuple[str, ...]) -> ColumnElement[bool]:
    """Return the condition that a document has one of these statuses; undecided are all that nobody decided on."""
    wanted = decided("status", statuses)
    return wanted | ~decided("status", ("in", "out")) if "undecided" in statuses else wanted


def checked(field: str, value: str) -> str:
    """Return a corrected value as it is kept. Raises WrongUse for one that cannot stand."""
    value = " ".join(value.split())
    if not value or not value.isprintable() or len(value) > LONGEST:
        raise WrongUse(f"This {field} cannot be kept: give 1 to {LONGEST} characters that can be printed.")
    if field not in FIELDS:
        raise WrongUse(f"{field!r} cannot be corrected: choose one of {', '.join(FIELDS)}, or page:N.")
    if field == "date" and not is_date(value):
        raise WrongUse(f"{value!r} is not a date such as 2019, 2019-03 or 2019-03-18.")
    if field in CHOICES and value not in CHOICES[field]:
        raise WrongUse(f"{value!r} is no {field}: choose one of {', '.join(CHOICES[field])}.")
    if field == "language" and not re.fullmatch(r"[a-z]{2,3}", value):
        raise WrongUse(f"{value!r} is no language code such as fr, zh or oc (und where it is unknown).")
    return value


def is_date(value: str) -> bool:
    """Return whether a value is a year, a month or a day that the calendar has.

    >>> [is_date(each) for each in ("2019", "2019-03", "2019-02-30", "19/03/2019")]
    [True, True, False, False]
    """
    try:
        date.fromisoformat(value + "-01-01"[len(value) - 4 :])
    except ValueError:
        return False
    return re.fullmatch(r"\d{4}(-\d\d){0,2}", value) is not None
