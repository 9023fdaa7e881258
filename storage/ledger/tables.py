"""Official denominators: tables of deliberations (SCDL), compared séance by séance with what a source has.

A table comes in two ways: walked by a spider (`table`, `api`), then each address it lists is a row; or kept as a
document that `record: scdl` reads. Where nothing can be compared, nothing is said: a table that numbers otherwise than
the papers makes no gap, and no month complete.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, func, select

from extract.minutes.numbers import key_of, rank
from storage.ledger.calendar import is_over, month_of
from storage.ledger.model import Gap, Json
from storage.ledger.papers import Paper
from storage.ledger.sources import Place
from storage.models import Capture, Document, DocumentSource, Extraction, Passage, Run, RunAddress, Version
from storage.runs import GOOD

WALKED = ("table", "api")
RECORD = "scdl"
_ROW = re.compile(r"^(\d{4}-\d\d-\d\d)(?:T\S*)?\s+(\S*\d\S*?)(?:,|$)|^(\d{4}-\d\d-\d\d)")
"""How a listing's words begin (`crawlers.reading.entries.Entry.link`): the day, then the number where there is one."""
FEWEST = 0.5
"""So many of a séance's numbers must be found in the papers for the others to be called missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One official table."""

    source: str
    """The source that brought it."""
    name: str
    read_at: str
    siren: str = ""
    """The authority that these rows are of, where the table says it: a portal's table has rows of many."""
    rows: Mapping[str, frozenset[str]]
    """The numbers that it prints, by the day of the séance; `#n` stands for a row without one."""

    def json(self) -> Json:
        """Return it as a denominator."""
        says = f"the table of deliberations {self.name!r} as read on {self.read_at[:10]}"
        return {
            "kind": "official_table",
            "source": self.source,
            "name": self.name,
            "read_at": self.read_at,
            "says": says,
            "rows": sum(map(len, self.rows.values())),
        }


@dataclass(slots=True, kw_only=True)
class Compared:
    """What tables say of one source."""

    gaps: list[Gap] = field(default_factory=list)
    whole: dict[str, Json] = field(default_factory=dict)
    """Months in which everything that a table has is there."""
    unsure: dict[str, str] = field(default_factory=dict)
    used: dict[str, Json] = field(default_factory=dict)


def tables_of(connection: Connection, places: Sequence[Place]) -> list[Table]:
    """Return the official tables that some sources brought, each as it was read last."""
    return [*_walked(connection, places), *_kept(connection, places)]


def chosen(place: Place, tables: Sequence[Table], places: Sequence[Place]) -> list[Table]:
    """Return the tables that say how much a source has to have: those that it names, else those of its authority."""
    same = {each.id for each in places if place.authority_id and each.authority_id == place.authority_id}
    named = {place.denominator} if place.denominator else same - {place.id}
    mine = [table for table in tables if table.source in named]
    # Rows of whom, is not known: of several authorities in one table, those of this one cannot be told.
    whose = {table.siren for table in mine} - {""}
    one = whose.pop() if len(whose) == 1 and not place.siren else place.siren
    return [table for table in mine if table.siren in ("", one)]


def _walked(connection: Connection, places: Sequence[Place]) -> Iterator[Table]:
    for place in places:
        if place.spider not in WALKED or not place.last_good or place.kind != "council_minutes":
            continue
        rows = _rows_of_listing(connection, place.id)
        if rows:
            yield Table(source=place.id, name=place.title, read_at=place.last_good, rows=rows)


def _rows_of_listing(connection: Connection, source: str) -> dict[str, frozenset[str]]:
    """Return what the listings of the last good run name, by day: from the words that came with each address."""
    run = (
        select(Run.id)
        .where(Run.source_id == source, Run.outcome.in_(GOOD))
        .order_by(Run.seq.desc())
        .limit(1)
        .scalar_subquery()
    )
    newest = (
        select(Capture.address, func.max(Capture.seq).label("seq"))
        .where(Capture.source_id == source, Capture.role == "document")
        .group_by(Capture.address)
        .subquery()
    )
    query = (
        select(RunAddress.address, RunAddress.words, Capture.hints)
        .outerjoin(newest, newest.c.address == RunAddress.address)
        .outerjoin(Capture, Capture.seq == newest.c.seq)
        .where(RunAddress.run_id == run, RunAddress.listed, RunAddress.role == "document")
    )
    found: dict[str, set[str]] = defaultdict(set)
    for count, row in enumerate(connection.execute(query)):
        day, number = read_row((row.hints or {}).get("context") or row.words)
        if day:
            found[day].add(key_of(number) if number else f"#{count}")
    return {day: frozenset(numbers) for day, numbers in found.items()}


def read_row(words: str) -> tuple[str, str]:
    """Return the day and the number with which a listing's words begin; nothing for each that is not there.

    >>> read_row("2024-05-27 2024-045, Finances"), read_row("2024-05-27 Finances"), read_row("Vœu")
    (('2024-05-27', '2024-045'), ('2024-05-27', ''), ('', ''))
    """
    found = _ROW.match(words)
    return (found[1] or found[3], found[2] or "") if found else ("", "")


def _kept(connection: Connection, places: Sequence[Place]) -> Iterator[Table]:
    """Yield the tables that are documents; only sources that read such records are looked at, for facts are large."""
    reading = [place.id for place in places if place.record == RECORD]
    if not reading:
        return
    query = (
        select(DocumentSource.source_id, Document.title, Capture.fetched_at, Extraction.facts)
        .join(Document, Document.id == DocumentSource.document_id)
        .join(Extraction, Extraction.id == Document.extraction_id)
        .join(Version, Version.id == Document.current_version_id)
        .join(Capture, Capture.seq == Version.capture_seq)
        .where(DocumentSource.source_id.in_(reading), func.json_array_length(Extraction.facts["records"]) > 0)
        .order_by(Document.id)
    )
    for row in connection.execute(query):
        name = row.title or row.source_id
        for siren, rows in _by_siren(row.facts["records"]).items():
            yield Table(source=row.source_id, name=name, read_at=row.fetched_at, siren=siren, rows=rows)


def _by_siren(records: Sequence[Json]) -> dict[str, dict[str, frozenset[str]]]:
    """Return the numbers by day, of each authority whose SIRET the rows say."""
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for count, record in enumerate(records):
        claims = {claim["name"]: claim["value"] for claim in record["claims"]}
        if record["kind"] == RECORD and len(claims.get("date", "")) == 10:
            number = key_of(claims["number"]) if "number" in claims else f"#{count}"
            found[claims.get("siret", "")[:9]][claims["date"]].add(number)
    return {siren: {day: frozenset(each) for day, each in days.items()} for siren, days in found.items()}


def compare(
    place: Place,
    table: Table,
    held: Mapping[str, frozenset[str]],
    days: frozenset[str],
    loose: Sequence[Paper],
    into: Compared,
) -> None:
    """Compare a table with a source: `held` are its printed numbers by day, `days` those of which it has any paper."""
    by_month: dict[str, list[str]] = defaultdict(list)
    for day in sorted(table.rows):
        by_month[month_of(day)].append(day)
    into.used[table.source] = table.json()
    for month, found in by_month.items():
        verdicts = {day: _of_a_day(place, table, day, held.get(day, frozenset()), day in days, loose) for day in found}
        into.gaps += [verdict for verdict in verdicts.values() if isinstance(verdict, Gap)]
        doubts = [verdict for verdict in verdicts.values() if isinstance(verdict, str) and verdict]
        if doubts:
            into.unsure[month] = doubts[0]
        elif is_over(month, table.read_at) and not any(isinstance(each, Gap) for each in verdicts.values()):
            into.whole.setdefault(month, table.json())


def _of_a_day(
    place: Place, table: Table, day: str, held: frozenset[str], there: bool, loose: Sequence[Paper]
) -> Gap | str:
    """Return what is missing of one séance, or why that cannot be told, or nothing where all is there."""
    rows = table.rows[day]
    hidden = any(paper.may_be_of(day, day) for paper in loose)
    if not there:
        if hidden:
            return f"A paper that cannot be placed may be of the séance of {day}."
        sentence = f"{len(rows)} of {len(rows)} deliberations of the séance of {day}: no paper of that day is here."
        return _gap(place, table, day, "day", sentence, (len(rows), len(rows)))
    numbers = frozenset(number for number in rows if not number.startswith("#"))
    missing = sorted(number for number in numbers if not _holds(number, held))
    if len(numbers) < len(rows) or len(missing) > (1 - FEWEST) * len(numbers):
        return f"The numbers of {table.name!r} and of the papers of {day} cannot be compared."
    if not missing:
        return ""
    if hidden:
        return f"A paper that was not read may hold what {table.name!r} has of the séance of {day}."
    sentence = f"{len(missing)} of {len(rows)} deliberations of the séance of {day} are in no paper here: "
    return _gap(place, table, day, ",".join(missing), f"{sentence}{', '.join(missing)}.", (len(missing), len(rows)))


def _gap(place: Place, table: Table, day: str, what: str, sentence: str, figures: tuple[int, int]) -> Gap:
    read = table.read_at[:10]
    facts = {"table": table.name, "read": read, "day": day, "missing": figures[0], "rows": figures[1]}
    return Gap(
        source=place.id,
        kind="table",
        key=f"{table.source}|{day}|{what}",
        month=month_of(day),
        sentence=f"The table {table.name!r}, read on {read}, has more: {sentence}",
        facts=facts | {"numbers": "" if what == "day" else what.replace(",", ", ")},
    )


def _holds(number: str, held: frozenset[str]) -> bool:
    """Return whether a number is among those that papers of the same day print: whole, or by what it counts last.

    >>> _holds("2024-045", frozenset({"2024-45"})), _holds("D-2024-7", frozenset({"7"})), _holds("8", frozenset({"7"}))
    (True, True, False)
    """
    counted = rank(number)
    if number in held:
        return True
    others = [ranked for ranked in map(rank, held) if ranked]
    return bool(counted) and any(each in (counted, counted[-1:]) for each in others)


def numbers_held(connection: Connection, source: str, days: Sequence[str]) -> dict[str, frozenset[str]]:
    """Return the printed numbers of the acts of some days that a source has."""
    query = (
        select(Document.date, Passage.label)
        .select_from(DocumentSource)
        .join(Document, Document.id == DocumentSource.document_id)
        .join(Passage, Passage.version_id == Document.current_version_id)
        .where(DocumentSource.source_id == source, Passage.kind == "act", Passage.label.not_like("#%"))
    )
    found: dict[str, set[str]] = defaultdict(set)
    wanted = sorted(days)
    for start in range(0, len(wanted), 500):
        for row in connection.execute(query.where(Document.date.in_(wanted[start : start + 500]))):
            found[row.date].add(row.label.partition("~")[0])
    return {day: frozenset(numbers) for day, numbers in found.items()}
