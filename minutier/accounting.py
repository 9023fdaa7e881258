"""The ledger on the terminal: a grid of source and month, its legend, the gaps in words; and what people explain."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from minutier.agreeing import agreed
from minutier.options import Shared
from minutier.printing import err, out, print_json
from minutier.registry import registry_at
from storage.choices import DATE
from storage.errors import WrongUse
from storage.ledger.model import Gap, Ledger, Month, SourceLedger

if TYPE_CHECKING:
    from storage.store import Store

SIGNS = {"official_table": "#", "own_list": "+", "gap": "!", "explained": "e", "unknown": "?", "outside": "."}
"""One sign for each state, told apart without colour."""
STYLES = {"#": "green", "+": "green", "!": "bold red", "e": "magenta", "?": "yellow", ".": "dim", " ": ""}
LEGEND = (
    "# complete against an official table   + all that the site's own list has (whether it lists all is not known)",
    "! gap   e gap, explained   ? unknown   . outside the period that the source has on-line",
)
TOTALS = (
    "{complete} month[|s] complete ({against_official_table} against an official table, {against_own_list} against the "
    "site's own list), {gap} with a gap, {unknown} unknown, {outside} outside; {gaps} gap[|s], {explained} explained."
)
HEAD = "        JFMAMJJASOND  announced / fetched / extracted / kept"
CELLS = ("source", "month", "state", "against", "announced", "fetched", "extracted", "kept", "gaps", "why")
SHOWN = 40
"""Gaps told on the terminal; --json has all."""


def show(shared: Shared, ids: Sequence[str], since: str, until: str, *, as_json: bool, as_csv: bool) -> int:
    """Print the ledger and return the exit code."""
    from crawlers.run import utc_now
    from storage.store import Store

    first, last = month_given(since, "01"), month_given(until, "12")
    with Store.open(shared.corpus) as store:
        found = cut(read(store, shared.sources, utc_now(), ids, first), last)
    if as_json:
        print_json(found.json())
    elif as_csv:
        write_csv(found)
    else:
        draw(found)
    open_gaps = [gap for source in found.sources for gap in source.gaps if not gap.explained]
    return int(bool(open_gaps) or not any(source.months for source in found.sources))


def month_given(value: str, otherwise: str) -> str:
    """Return a month as it was given, or of a year its first or last. Raises WrongUse."""
    if value and not DATE.fullmatch(value):
        raise WrongUse(f"{value!r} is not a month such as 2024-05, nor a year.")
    return f"{value}-{otherwise}" if len(value) == 4 else value[:7]


def read(store: Store, file: Path, now: datetime, ids: Sequence[str] = (), since: str = "") -> Ledger:
    """Return the ledger of a corpus, with what the list of sources adds where it can be read. Raises WrongUse."""
    from storage.ledger import ledger

    registry = registry_at(file).sources
    with store.reading() as connection:
        found = ledger(connection, registry, now, ids, since)
    unknown = sorted(set(ids) - {source.id for source in found.sources})
    if unknown:
        raise WrongUse(f"There is no source {unknown[0]!r} here nor in {file}: `minutier sources` lists them.")
    return found


def cut(found: Ledger, until: str) -> Ledger:
    """Return the ledger up to a month."""
    if not until:
        return found
    kept = [
        replace(
            source,
            months=tuple(month for month in source.months if month.month <= until),
            gaps=tuple(gap for gap in source.gaps if gap.month <= until),
        )
        for source in found.sources
    ]
    return replace(found, until=min(until, found.until), sources=tuple(kept))


def sign(month: Month, gaps: Sequence[Gap]) -> str:
    """Return the sign of one month: a gap is `e` once all that is missing in it is explained."""
    if month.state == "gap":
        mine = [gap for gap in gaps if gap.month == month.month]
        return SIGNS["explained"] if all(gap.explained for gap in mine) else SIGNS["gap"]
    return SIGNS[month.against or month.state]


def draw(found: Ledger) -> None:
    """Print the grid, the legend, the totals and the gaps as sentences."""
    told = [source for source in found.sources if source.months or source.undated.announced or source.gaps]
    for source in told:
        out().print(f"{source.id}  {source.title}", style="bold", markup=False)
        out().print(HEAD, style="dim", markup=False)
        for line in grid(source):
            paint(line)
        for words in about(source):
            out().print(f"  {words}", markup=False, soft_wrap=True)
    silent = ", ".join(source.id for source in found.sources if source not in told)
    if silent:
        out().print(f"Nothing came of these sources, every month of them is unknown: {silent}.", soft_wrap=True)
    for line in LEGEND:
        out().print(line, style="dim", markup=False)
    out().print(agreed(TOTALS, found.totals(), "en"), markup=False, soft_wrap=True)
    gaps = [(source, gap) for source in found.sources for gap in source.gaps]
    for source, gap in gaps[:SHOWN]:
        tell(source.id, gap)
    if len(gaps) > SHOWN:
        err().print(f"{len(gaps) - SHOWN} more gaps: name a source, --since and --until, or print --json.")
    for note in found.notes:
        err().print(note, markup=False)


def grid(source: SourceLedger) -> Iterator[str]:
    """Yield one line for each year that has anything to tell: a sign for each month; empty years are drawn together."""
    years: dict[str, str] = {}
    for month in source.months:
        year, place = month.month[:4], int(month.month[5:])
        years[year] = years.get(year, "").ljust(place - 1) + sign(month, source.gaps)
    told = {month.month[:4] for month in source.months if month.counts.announced or month.state in ("gap", "complete")}
    empty: list[str] = []
    for year, signs in [*years.items(), ("", "")]:
        if year and year not in told and set(signs) <= {"?", " "}:
            empty.append(year)
            continue
        if empty:
            yield f"  {empty[0]}{'–' + empty[-1] if len(empty) > 1 else ''}  unknown, nothing was announced"
            empty = []
        if year:
            came = [month.counts for month in source.months if month.month[:4] == year]
            figures = " / ".join(
                str(sum(getattr(each, name) for each in came)) for name in ("announced", "fetched", "extracted", "kept")
            )
            yield f"  {year}  {signs:<12}  {figures}"


def paint(line: str) -> None:
    """Print a line of the grid, its signs in colours where there are any."""
    from rich.text import Text

    text = Text(line)
    if "unknown" not in line:
        for place in range(8, min(20, len(line))):
            text.stylize(STYLES.get(line[place], ""), place, place + 1)
    out().print(text)


def about(source: SourceLedger) -> Iterator[str]:
    """Yield what else is to be known of a source: its period, its denominators, what has no month."""
    yield source.period["sentence"]
    for each in source.denominators:
        yield f"Denominator: {each['says']}."
    if not source.denominators:
        yield "No denominator: nothing says how much there was to have."
    if source.undated.announced:
        yield agreed("{announced} document[|s] without a date, {kept} kept.", source.undated.json(), "en")
    for year, counts in source.years.items():
        yield agreed(f"{{announced}} document[|s] known to be of {year}, {{kept}} kept.", counts.json(), "en")


def tell(source: str, gap: Gap) -> None:
    """Print one gap, and what a person said of it."""
    out().print(f"{gap.id}  {source}  {gap.month or 'undated'}  {gap.sentence}", markup=False, soft_wrap=True)
    if gap.explained:
        words = f"explained by {gap.explained['by']}, {gap.explained['at'][:10]}: {gap.explained['because']}"
        out().print(f"    {words}", style="magenta", markup=False, soft_wrap=True)


def write_csv(found: Ledger) -> None:
    """Print one line for each source and month, and one without a month for what has none."""
    table = csv.writer(sys.stdout, lineterminator="\n")
    table.writerow(CELLS)
    for source in found.sources:
        for month in source.months:
            gaps = sum(gap.month == month.month for gap in source.gaps)
            figures = month.counts.json().values()
            table.writerow([source.id, month.month, month.state, month.against, *figures, gaps, month.why])
        for place, counts in {"": source.undated, **source.years}.items():
            gaps = sum(not gap.month for gap in source.gaps) if not place else 0
            if counts.announced or gaps:
                table.writerow([source.id, place, "", "", *counts.json().values(), gaps, "Its month is not known."])


def explain(shared: Shared, ids: Sequence[str], because: str, by: str, *, withdraw: bool, as_json: bool) -> int:
    """Keep why gaps are gaps, or take that back; without ids list every word that was said."""
    from crawlers.run import utc_now
    from minutier.deciding import open_to_write, who_decides
    from storage.ledger import explaining

    if not ids:
        return list_explained(shared, as_json=as_json)
    because = " ".join(because.split())
    if bool(because) == withdraw:
        raise WrongUse("Say why with --because TEXT, or take an explanation back with --withdraw.")
    who = who_decides(by)
    with open_to_write(shared.corpus) as store:
        found = read(store, shared.sources, utc_now())
        with store.reading() as connection:
            gaps = [explaining.find(connection, found, each) for each in ids]
        said = because or None
        written = store.writer.write(
            lambda connection: sum(explaining.explain(connection, gap, said, who) for gap in gaps)
        )
    same = f", {len(gaps) - written} stood already" if written < len(gaps) else ""
    verb = "taken back" if withdraw else "explained"
    err().print(f"{written} gaps {verb} by {who.by}{same}. A gap that is explained stays a gap.", markup=False)
    return 0


def list_explained(shared: Shared, *, as_json: bool) -> int:
    """Print every word that was said of gaps, oldest first."""
    from storage.ledger import explaining
    from storage.store import Store

    with Store.open(shared.corpus) as store, store.reading() as connection:
        words = explaining.history(connection)
    if as_json:
        print_json({"explained": words})
        return 0
    for word in words:
        said = word["because"] if word["because"] is not None else "(taken back)"
        line = f"{word['gap_id']}  {word['source_id']}  {word['at'][:10]}  {word['by']}: {said}"
        out().print(line, markup=False, soft_wrap=True)
        out().print(f"    {word['gap']}", style="dim", markup=False, soft_wrap=True)
    if not words:
        err().print("No gap was explained yet: `minutier ledger explain GAP_ID --because TEXT`.")
    return 0
