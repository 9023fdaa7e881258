"""Whether the rows of a corpus fit one another: what points somewhere, what must be equal, what must add up."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sqlalchemy import Connection, ForeignKeyConstraint, Table, and_, func, or_, select
from sqlalchemy.orm import aliased

from storage import freezes
from storage.addresses import document_id
from storage.decisions import over
from storage.facts import shown
from storage.models import (
    Base,
    BodyText,
    Capture,
    Corpus,
    Document,
    Extraction,
    FrozenVersion,
    Passage,
    Run,
    Version,
)
from storage.runs import COLUMN, STATES, count
from storage.shapes import AnySelect

Progress = Callable[[int, int, str], None]
RESTORE = "restore a backup, the file was changed by another program"


def faults(connection: Connection, progress: Progress) -> Iterator[str]:
    """Yield every fault of the rows, one sentence each."""
    if (corpora := connection.execute(select(func.count()).select_from(Corpus)).scalar_one()) != 1:
        yield f"The table corpus has {corpora} rows in the place of one: {RESTORE}."
    for table in Base.metadata.sorted_tables:
        for key in sorted(table.foreign_key_constraints, key=lambda key: list(key.column_keys)):
            yield from dangling(connection, table, key)
    for sentence, query in unequal():
        for row in connection.execute(query).all():
            yield f"{sentence.format(*row)}: {RESTORE}."
    yield from document_faults(connection, progress)
    yield from run_faults(connection)
    yield from freeze_faults(connection)


def dangling(connection: Connection, table: Table, key: ForeignKeyConstraint) -> Iterator[str]:
    """Yield the rows of a table that point at rows that are not there."""
    (column,), (target,) = key.columns, (element.column for element in key.elements)
    there = target.table.alias("there")
    query = select(*table.primary_key.columns, column.label("points_at"))
    query = query.outerjoin(there, there.c[target.name] == column)
    for row in connection.execute(query.where(column.is_not(None), there.c[target.name].is_(None))).all():
        name = ", ".join(str(value) for value in row[:-1])
        lost = f"at the {target.table.name} {row.points_at} ({column.name}), which is not there"
        yield f"The row {name} of {table.name} points {lost}: {RESTORE}."


def unequal() -> Iterator[tuple[str, AnySelect]]:
    """Yield what two rows must say alike, as a sentence and the query for those that do not."""
    read, taken = Version.extraction_id == Extraction.id, Version.capture_seq == Capture.seq
    same = and_(Version.text_sha256 == Extraction.text_sha256, Version.blob_sha256 == Extraction.blob_sha256)
    version = select(Version.number, Version.document_id)
    yield "Version {} of {} is not the text or the bytes of its reading", version.join(Extraction, read).where(~same)
    other = or_(Capture.blob_sha256.is_(None), Capture.blob_sha256 != Version.blob_sha256)
    yield "Version {} of {} is not of the bytes of its capture", version.join(Capture, taken).where(other)
    span = or_(Passage.start < 0, Passage.end < Passage.start, Passage.end > BodyText.length)
    passages = select(Passage.kind, Passage.number, Version.number, Version.document_id).join(
        Version, Version.id == Passage.version_id
    )
    passages = passages.join(BodyText, BodyText.sha256 == Version.text_sha256).where(span)
    yield "The {} {} of version {} of {} lies outside its text", passages
    current = aliased(Version)
    strange = or_(current.document_id != Document.id, current.held, current.text_sha256 != Extraction.text_sha256)
    shows = select(Document.id).join(current, current.id == Document.current_version_id)
    shows = shows.outerjoin(Extraction, Extraction.id == Document.extraction_id)
    yield "Document {} shows a version that is not its own, or not of its reading", shows.where(strange)
    nothing = or_(Document.current_version_id.is_(None), Document.extraction_id.is_(None))
    yield "Document {} shows no version", select(Document.id).where(nothing)
    first = select(Document.id).outerjoin(Capture, Capture.seq == Document.first_capture_seq)
    yield "Document {} has lost its first capture", first.where(Capture.seq.is_(None))
    behind = select(Document.id).join(leader := aliased(Document), leader.id == Document.lead_id)
    yield "Document {} stands behind a copy that does not lead", behind.where(leader.lead_id.is_not(None))


def document_faults(connection: Connection, progress: Progress) -> Iterator[str]:
    """Yield the documents whose name or whose listed columns are not those that their rows give."""
    total = connection.execute(select(func.count()).select_from(Document)).scalar_one()
    query = select(Document, Extraction.facts, Extraction.media_type.label("read_as"))
    query = query.join(Extraction, Extraction.id == Document.extraction_id)
    for done, row in enumerate(connection.execute(query.execution_options(yield_per=50)), start=1):
        if document_id(row.address, row.part) != row.id:
            yield f"Document {row.id} does not have the name that its address gives: {RESTORE}."
        values = shown(row.facts, row.read_as) | over(connection, row.id)
        apart = [name for name, value in values.items() if getattr(row, name) != value]
        if apart:
            yield (
                f"Document {row.id} is listed with another {', '.join(sorted(apart))} than was read or corrected: "
                f"`minutier extract --again` on it, or {RESTORE}."
            )
        progress(done, total, "documents")


def run_faults(connection: Connection) -> Iterator[str]:
    """Yield the runs that do not add up, or whose account has more or fewer addresses than they saw."""
    for run in connection.execute(select(Run).where(Run.ended_at.is_not(None)).order_by(Run.seq)).all():
        said = {COLUMN[state]: getattr(run, COLUMN[state]) for state in STATES}
        if run.seen != sum(said.values()):
            yield f"Run {run.id} saw {run.seen} addresses and accounts for {sum(said.values())}: {RESTORE}."
        elif (number := count(connection, run.id)["seen"]) != run.seen:  # its pending ones may be settled later
            yield f"Run {run.id} saw {run.seen} addresses, and {number} are in its account: {RESTORE}."


def freeze_faults(connection: Connection) -> Iterator[str]:
    """Yield the freezes whose entries no longer give their hash. One with something withdrawn is in `notes`."""
    for freeze in freezes.freezes(connection):
        name, made = freeze["name"], {each: freeze[each] for each in ("question", "filters", "software")}
        entries = select(func.count()).select_from(FrozenVersion).where(FrozenVersion.freeze_name == name)
        if (number := connection.execute(entries).scalar_one()) != freeze["documents"]:
            yield f"The freeze {name} has {number} of its {freeze['documents']} entries: {RESTORE}."
        elif not taken_down(connection, name) and freezes.digest(connection, name, **made) != freeze["sha256"]:
            yield f"The freeze {name} was changed, its hash is another now: {RESTORE}."


def notes(connection: Connection) -> Iterator[str]:
    """Yield the freezes whose hash nobody can compute any more, because something in them was withdrawn."""
    for freeze in freezes.freezes(connection):
        if gone := taken_down(connection, freeze["name"]):
            of_all = f"{len(gone)} of {freeze['documents']}"
            yield f"The freeze {freeze['name']}: {of_all} withdrawn or masked, so its hash cannot be computed again."


def taken_down(connection: Connection, name: str) -> set[str]:
    """Return the documents of a freeze that are gone, or have a passage masked."""
    return {*freezes.withdrawn(connection, name), *freezes.redacted(connection, name)}
