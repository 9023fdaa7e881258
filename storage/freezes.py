"""Freezes: named lists of versions that never change, each with one hash over everything in it.

The hash covers the versions, the metadata as they were shown, the question and the filters, and what read them: not
the name, the note, the moment or the person, so that who freezes the same twice gets the same hash.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from storage.errors import WrongUse
from storage.filters import Filters
from storage.listing import BATCH, BLANK, Listed
from storage.models import BodyText, Extraction, Freeze, FrozenVersion, RedactedText, Version
from storage.shapes import AnyRow

Json = dict[str, Any]
ENTRY = ("document_id", "version", "text_sha256", "blob_sha256", "shown")
LONGEST_NAME = 80
WHOLE = Freeze.written_by == ""
"""The condition that a freeze is there: one that is still being written is not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is to be frozen, under which name."""

    name: str
    filters: Filters
    question: str = ""
    note: str = ""
    software: Mapping[str, str]
    """Versions of minutier, of the extractor and of the vocabulary."""
    registry: Mapping[str, Any]
    """What the list of sources says that the corpus cannot know: which are unprobed."""


def checked_name(name: str) -> str:
    """Return a name that can stand in a file name and in a footnote. Raises WrongUse."""
    plain = name.replace("-", "").replace("_", "").replace(".", "")
    if not plain.isalnum() or not plain.isascii() or len(name) > LONGEST_NAME or name[0] in "-.":
        raise WrongUse(f"{name!r} cannot name a freeze: use ASCII letters, digits, hyphens, dots, at most 80 of them.")
    return name


def canonical(entries: Iterable[Json], *, question: str, filters: Json, software: Json) -> Iterator[bytes]:
    """Yield what is hashed: JSON with sorted keys and no spaces, in UTF-8; the entries come in order of document id."""
    beside = {"filters": filters, "format": 1, "question": question, "software": software}
    yield b'%s,"versions":[' % as_json(beside)[:-1]
    for number, entry in enumerate(entries):
        yield (b"," if number else b"") + as_json(entry)
    yield b"]}"


def as_json(value: Json) -> bytes:
    """Return a value as it is hashed."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def digest(connection: Connection, name: str, *, question: str, filters: Json, software: Json) -> str:
    """Return the hash that the entries of a freeze give. Flat memory."""
    mine = select(FrozenVersion).where(FrozenVersion.freeze_name == name).order_by(FrozenVersion.document_id)
    rows = connection.execute(mine.execution_options(yield_per=BATCH))
    hashed = hashlib.sha256()
    each = ({field: getattr(row, field) for field in ENTRY} for row in rows)
    for part in canonical(each, question=question, filters=filters, software=software):
        hashed.update(part)
    return hashed.hexdigest()


def one(connection: Connection, name: str) -> AnyRow:
    """Return a freeze. Raises WrongUse where there is none of that name."""
    found = connection.execute(select(Freeze).where(Freeze.name == name, WHOLE)).one_or_none()
    if found is None:
        there = select(Freeze.name).where(WHOLE).order_by(Freeze.created_at).limit(12)
        names = ", ".join(connection.execute(there).scalars())
        raise WrongUse(f"There is no freeze {name!r}: " + (f"there are {names}." if names else "there is none yet."))
    return found


def summary(row: AnyRow) -> Json:
    """Return a freeze in a line."""
    names = ("name", "created_at", "by", "note", "question", "filters", "software", "documents", "sha256")
    return {name: getattr(row, name) for name in names}


def freezes(connection: Connection) -> list[Json]:
    """Return all freezes, oldest first."""
    every = select(Freeze).where(WHOLE).order_by(Freeze.created_at, Freeze.name)
    return [summary(row) for row in connection.execute(every)]


def entries(connection: Connection, name: str) -> list[Json]:
    """Return the versions in a freeze, in their order."""
    mine = select(FrozenVersion).where(FrozenVersion.freeze_name == name).order_by(FrozenVersion.place)
    return [{each: getattr(row, each) for each in ENTRY} for row in connection.execute(mine)]


def frozen(connection: Connection, name: str, only: set[str] | None = None) -> Iterator[Listed]:
    """Yield the versions of a freeze as they were shown then, those that were withdrawn left out. Flat memory."""
    query = (
        select(FrozenVersion, BodyText.text, Extraction.facts)
        .select_from(FrozenVersion)
        .join(Version, _same_version())
        .join(BodyText, BodyText.sha256 == Version.text_sha256)
        .join(Extraction, Extraction.id == FrozenVersion.extraction_id)
        .where(FrozenVersion.freeze_name == name)
        .order_by(FrozenVersion.place)
    )
    place = 0
    last = connection.execute(select(Freeze.documents).where(Freeze.name == name)).scalar_one()
    while place < last:
        batch = query.where(FrozenVersion.place >= place, FrozenVersion.place < place + BATCH)
        for row in connection.execute(batch).all():
            if only is None or row.document_id in only:
                yield Listed(shown=BLANK | row.shown, text=row.text, facts=row.facts, extraction_id=row.extraction_id)
        place += BATCH


def _same_version() -> Any:
    """Return the condition that a version is the frozen one, or was until a passage of it was masked."""
    same = (Version.document_id == FrozenVersion.document_id) & (Version.number == FrozenVersion.version)
    mine = RedactedText.document_id == FrozenVersion.document_id
    masked = (
        select(RedactedText.was)
        .where(mine, RedactedText.was == FrozenVersion.text_sha256, RedactedText.now == Version.text_sha256)
        .correlate(FrozenVersion, Version)
        .exists()
    )
    return same & ((Version.text_sha256 == FrozenVersion.text_sha256) | masked)


def withdrawn(connection: Connection, name: str) -> list[str]:
    """Return the documents of a freeze whose frozen version is no longer in the corpus, or says something else."""
    mine = select(FrozenVersion.document_id).where(FrozenVersion.freeze_name == name)
    there = mine.select_from(FrozenVersion).join(Version, _same_version())
    missing = mine.where(FrozenVersion.document_id.not_in(there)).order_by(FrozenVersion.place)
    return list(connection.execute(missing).scalars())


def redacted(connection: Connection, name: str) -> list[str]:
    """Return the documents of a freeze that are still there, with a passage masked since."""
    mine = select(FrozenVersion.document_id).where(FrozenVersion.freeze_name == name)
    masked = (RedactedText.document_id == FrozenVersion.document_id) & (RedactedText.was == FrozenVersion.text_sha256)
    return list(connection.execute(mine.join(RedactedText, masked).order_by(FrozenVersion.place)).scalars())


def difference(old: list[Json], new: list[Json]) -> Json:
    """Return what differs between two lists of versions: added, removed, changed text, changed metadata, the same."""
    before, after = ({entry["document_id"]: entry for entry in each} for each in (old, new))
    both = [each for each in after if each in before]
    text = [each for each in both if before[each]["text_sha256"] != after[each]["text_sha256"]]
    apart = {each: fields_apart(before[each]["shown"], after[each]["shown"]) for each in both if each not in text}
    return {
        "added": [each for each in after if each not in before],
        "removed": [each for each in before if each not in after],
        "changed_text": text,
        "changed_metadata": {each: fields for each, fields in apart.items() if fields},
        "same": [each for each, fields in apart.items() if not fields],
    }


def fields_apart(old: Json, new: Json) -> Json:
    """Return the fields of two descriptions of the same text that differ, each with both values."""
    beside = ("captured_at", "sha256", "version", "characters")  # the text is the same: these say when it was met again
    names = [name for name in new if name not in beside and old.get(name) != new[name]]
    return {name: [old.get(name), new[name]] for name in names}
