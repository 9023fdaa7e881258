"""The ledger: each kind of gap is found where it was planted, its false friends are not. All papers are synthetic."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from crawlers.spiders.listing import Options
from crawlers.spiders.table import Options as TableOptions
from extract.model import Act, Claim, Found, FoundDate, Record
from storage.decisions import Who, Word, decide
from storage.ledger import Gap, SourceLedger, ledger
from storage.ledger.explaining import explain, history
from storage.ledger.explaining import find as find_gap
from storage.runs import Note
from storage.sources import Authority, LinkRule, SourcesFile
from tests.making import Scene, a_source

WHO = Who(by="Anne", at="2026-03-02T10:00:00Z")
LAST = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def scene(place: str) -> Iterator[Scene]:
    """A corpus in which a run is going on."""
    made = Scene(place)
    with made.store:
        made.open_run()
        yield made


def paper(scene: Scene, name: str, day: str, kind: str = "pv", numbers: tuple[str, ...] = (), **values: Any) -> str:
    """Store one paper of a séance with the acts that it numbers, and return its id."""
    text = f"{name} du {day}. Conseil municipal. " + " ".join(f"Acte {name}." for _ in numbers or "x")
    acts = tuple(Act(number=each, key=each, title="", start=0, end=5) for each in numbers)
    dates = (FoundDate(role="session", value=day, precision="day", found_in="heading"),) if day else ()
    given = {"acts": acts, "dates": dates, "act_type": Found(value=kind, found_in="heading")}
    return scene.give(name, text, **(given | values)).document_id


def seen(scene: Scene, now: datetime | None = None, registry: Any = None, source: str = "town") -> SourceLedger:
    """End the run, unless that was done, and return the ledger of one source."""
    if scene.rows(f"SELECT count(*) FROM run WHERE id = '{scene.run_id}' AND ended_at IS NULL")[0][0]:
        scene.close_run()
    with scene.store.reading() as connection:
        return next(each for each in ledger(connection, registry, now or LAST).sources if each.id == source)


def state(found: SourceLedger, month: str) -> str:
    """Return the state of one month."""
    return next(each.state for each in found.months if each.month == month)


def kinds(found: SourceLedger, kind: str) -> list[Gap]:
    """Return the gaps of one kind."""
    return [gap for gap in found.gaps if gap.kind == kind]


def a_registry(**values: Any) -> SourcesFile:
    """Return a list of sources with the one of these tests."""
    return SourcesFile(sources=(a_source(**values),))


def test_counts_go_from_announced_to_kept(scene: Scene) -> None:
    """A listed 404, a scan without text and a copy leave the way one after the other."""
    paper(scene, "one-2025-05-12", "2025-05-12")
    on = FoundDate(role="session", value="2025-05-13", precision="day", found_in="file_name")
    scene.give("scan", "", verdict="scanned", dates=(on,))
    scene.fetch("pv-2025-05-14.pdf", status=404)
    found = seen(scene)
    may = next(each for each in found.months if each.month == "2025-05")
    assert tuple(may.counts.json().values()) == (3, 2, 1, 1)
    assert may.state == "gap"


def test_a_month_with_papers_is_complete_against_the_sites_own_list_and_an_empty_one_is_unknown(scene: Scene) -> None:
    """What the site lists came: complete, and against what is said; where nothing was announced nothing is known."""
    paper(scene, "a", "2025-05-12", kind="arrete")
    paper(scene, "b", "2025-07-12", kind="arrete")
    found = seen(scene)
    assert (state(found, "2025-05"), state(found, "2025-06"), state(found, "2025-07")) == (
        "complete",
        "unknown",
        "complete",
    )
    assert {each.against for each in found.months if each.state == "complete"} == {"own_list"}
    assert found.denominators[0]["kind"] == "own_list"


def test_without_a_listing_nothing_is_complete(scene: Scene) -> None:
    """A feed of the latest entries and an import have no denominator."""
    paper(scene, "a", "2025-05-12")
    scene.close_run()
    scene.open_run(a_source(spider="folder"))
    paper(scene, "b", "2025-05-13")
    assert state(seen(scene), "2025-05") == "unknown"


def test_after_the_last_good_run_every_month_is_unknown(scene: Scene) -> None:
    """A month that the last good run did not see to its end is not complete, whatever came of it."""
    paper(scene, "a", "2026-02-12", kind="arrete")
    paper(scene, "b", "2026-03-01", kind="arrete")
    found = seen(scene, LAST + timedelta(days=100))
    assert [state(found, month) for month in ("2026-02", "2026-03", "2026-04")] == ["complete", "unknown", "unknown"]


def test_a_source_that_never_ended_well_is_unknown(scene: Scene) -> None:
    """A run that was cut off says nothing of what the site lists."""
    paper(scene, "a", "2025-05-12")
    scene.close_run(stopped="shutdown")
    assert {each.state for each in seen(scene).months} == {"unknown"}


def test_outside_is_before_what_is_on_line_and_after_the_end(scene: Scene) -> None:
    """The registry says from when to when the site has something; those months are neither gap nor unknown."""
    paper(scene, "a", "2025-05-12", kind="arrete")
    scene.close_run()
    ended = datetime(2025, 9, 1).date()
    with scene.store.reading() as connection:
        found = ledger(connection, a_registry(online_since="2025-04", discontinued=ended), LAST, (), "2025-02").sources[
            0
        ]
    wanted = {
        "2025-02": "outside",
        "2025-03": "outside",
        "2025-04": "unknown",
        "2025-05": "complete",
        "2025-09": "outside",  # it ended with the last day of August
        "2025-10": "outside",
    }
    assert {month: state(found, month) for month in wanted} == wanted
    assert found.period["basis"] == "online_since"


def test_a_listed_document_that_never_came_is_a_gap_with_its_reason_and_heals(scene: Scene) -> None:
    """It stands in the month of its name, and is gone when it comes."""
    words = "Procès-verbal de la séance du 12 mai 2025"
    note = Note(address="http://127.0.0.1:9/x", state="skipped", reason="robots", detail="Forbidden.", words=words)
    scene.store.note(scene.run_id, [note]).result()
    paper(scene, "other", "2025-06-12", kind="arrete")
    (gap,) = seen(scene).gaps
    assert (gap.kind, gap.month, gap.reason) == ("listed", "2025-05", "robots")
    scene.open_run()
    paper(scene, "x", "2025-05-12", kind="arrete")
    assert seen(scene).gaps == ()


def test_what_is_not_due_for_a_new_look_is_no_gap(scene: Scene) -> None:
    """A known document that `recheck` leaves alone did come."""
    paper(scene, "a", "2025-05-12")
    scene.close_run()
    scene.open_run()
    scene.store.note(scene.run_id, [Note(address="http://127.0.0.1:9/a", state="skipped", reason="recheck")]).result()
    assert seen(scene).gaps == ()


def test_a_missing_document_without_a_date_makes_every_month_doubtful_until_it_is_explained(scene: Scene) -> None:
    """It may belong to any month; an explanation lets the others be complete, and it stays a gap."""
    scene.fetch("brochure", status=404)
    paper(scene, "a", "2025-05-12", kind="arrete")
    found = seen(scene)
    assert state(found, "2025-05") == "unknown"
    (gap,) = found.gaps
    assert scene.store.writer.write(lambda connection: explain(connection, gap, "a leaflet", WHO))
    again = seen(scene)
    assert (state(again, "2025-05"), again.gaps[0].explained["because"], again.undated.announced) == (
        "complete",
        "a leaflet",
        1,
    )


def test_what_lies_on_another_host_casts_no_doubt_on_the_months(scene: Scene) -> None:
    """An address out of scope is a gap without a month, and no part of the site's own list."""
    scene.store.note(scene.run_id, [Note(address="http://else.example/x", state="skipped", reason="scope")]).result()
    paper(scene, "a", "2025-05-12", kind="arrete")
    found = seen(scene)
    assert (state(found, "2025-05"), len(found.gaps)) == ("complete", 1)


def test_an_undated_document_has_a_place_of_its_own(scene: Scene) -> None:
    """It is counted without a month, one of a known year by its year, one that only mentions a date without."""
    paper(scene, "a", "")
    paper(scene, "b", "", dates=(FoundDate(role="session", value="2024", precision="year", found_in="url"),))
    paper(scene, "c", "", dates=(FoundDate(role="mentioned", value="1981-06-22", precision="day", found_in="text"),))
    found = seen(scene)
    assert (found.undated.kept, found.years["2024"].kept, found.months) == (2, 1, ())


def monthly(year: int, months: Any, kind: str = "pv") -> list[str]:
    """Return a day in each of some months."""
    return [f"{year}-{month:02}-15" for month in months]


def numbered(scene: Scene, days: list[str], but: int | None = None, **values: Any) -> None:
    """Store minutes of some séances with ten numbers each, running through the year; those of one are left out."""
    for place, day in enumerate(days):
        if place != but:
            first = 10 * place + 1
            paper(
                scene, f"pv{day}", day, numbers=tuple(f"{day[:4]}-{n:03}" for n in range(first, first + 10)), **values
            )


def test_numbers_wanting_between_two_papers_are_a_gap_and_heal(scene: Scene) -> None:
    """A séance whose ten numbers are not there is found between its neighbours, in its month; then it comes."""
    days = monthly(2025, range(1, 9))
    numbered(scene, days, but=4)
    (gap,) = kinds(seen(scene), "numbers")
    assert gap.month == "2025-05"
    assert "2025-41 to 2025-50" in gap.sentence
    scene.open_run()
    paper(scene, "late", days[4], numbers=tuple(f"2025-{n:03}" for n in range(41, 51)))
    assert kinds(seen(scene), "numbers") == []


@pytest.mark.parametrize("hides", ["undated", "scanned", "unnumbered"])
def test_no_numbers_are_missed_while_a_paper_may_hold_them(scene: Scene, hides: str) -> None:
    """Minutes without a date, without a text, or in which no act was told apart may be the ones."""
    numbered(scene, monthly(2025, range(1, 9)), but=4)
    if hides == "undated":
        paper(scene, "loose", "", numbers=("x",))
    elif hides == "scanned":
        paper(scene, "loose", "2025-05-15", verdict="suspect", numbers=("7",))
    else:
        paper(scene, "loose", "2025-05-15")
    assert kinds(seen(scene), "numbers") == []


def test_numbers_that_begin_anew_with_each_seance_are_no_gap(scene: Scene) -> None:
    """1 to 6 in each séance, some of them skipped inside the minutes: nothing is missing from the corpus."""
    for day in monthly(2025, range(1, 9)):
        paper(scene, f"pv{day}", day, numbers=("1", "2", "4", "6"))
    assert kinds(seen(scene), "numbers") == []


def test_a_deliberation_wanting_within_a_seance_is_a_gap(scene: Scene) -> None:
    """One paper an act, numbers beginning anew with each séance: the third of one séance is not there."""
    for day in monthly(2025, (1, 2)):
        for number in range(1, 7):
            if (day, number) != ("2025-02-15", 3):
                paper(scene, f"d{day}-{number}", day, kind="deliberation", numbers=(str(number),))
    (gap,) = kinds(seen(scene), "numbers")
    assert (gap.month, gap.key) == ("2025-02", "#|2025|3-3")


def test_numbers_that_are_not_consecutive_prove_nothing(scene: Scene) -> None:
    """A series shared with acts that are published elsewhere has as many breaks as steps."""
    for place, day in enumerate(monthly(2025, range(1, 12))):
        paper(scene, f"d{day}", day, kind="deliberation", numbers=(f"2025-{7 * place + place % 2:03}",))
    assert kinds(seen(scene), "numbers") == []


def test_a_number_that_the_reader_overlooked_is_no_gap(scene: Scene) -> None:
    """It is printed in the minutes, although no act was told apart under it."""
    days = monthly(2025, range(1, 9))
    for place, day in enumerate(days):
        numbers = tuple(f"2025-{n:03}" for n in range(10 * place + 1, 10 * place + (10 if place == 4 else 11)))
        acts = tuple(Act(number=each, key=each, title="", start=0, end=5) for each in numbers)
        text = f"Séance du {day}. Délibération n° 2025-050. " if place == 4 else f"Séance du {day}."
        dates = (FoundDate(role="session", value=day, precision="day", found_in="heading"),)
        scene.give(f"pv{day}", text, acts=acts, dates=dates, act_type=Found(value="pv", found_in="heading"))
    assert kinds(seen(scene), "numbers") == []


def years(scene: Scene, skipped: tuple[str, ...] = (), moved: dict[str, str] | None = None) -> None:
    """Store minutes of five years: a séance on the 15th of each month but August."""
    for year in range(2020, 2025):
        for day in monthly(year, (1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12)):
            if day[:7] not in skipped:
                at = (moved or {}).get(day[:7], day)
                paper(scene, f"pv{at}", at)


def test_a_month_against_the_rhythm_is_a_gap_and_august_is_none(scene: Scene) -> None:
    """Four other years had a séance in October; none ever had one in August, which stays unknown."""
    years(scene, skipped=("2022-10",))
    found = seen(scene)
    assert [gap.month for gap in kinds(found, "seance")] == ["2022-10"]
    assert (state(found, "2022-08"), state(found, "2022-10"), state(found, "2022-11")) == ("unknown", "gap", "complete")


def test_a_seance_that_was_put_off_and_a_special_one_are_no_gap(scene: Scene) -> None:
    """Held on 1 April in the place of March; and one more in June: the rhythm goes on."""
    years(scene, moved={"2022-03": "2022-04-01"})
    paper(scene, "special", "2023-06-28")
    assert kinds(seen(scene), "seance") == []


def test_no_rhythm_is_claimed_from_few_years_or_beside_an_undated_paper(scene: Scene) -> None:
    """Two other years are too few; and minutes without a date may be those of the month."""
    for year in (2023, 2024, 2025):
        for day in monthly(year, (1, 2, 3, 4, 5, 6)):
            if day[:7] != "2024-04":
                paper(scene, f"pv{day}", day)
    assert kinds(seen(scene), "seance") == []


def test_an_undated_paper_silences_the_rhythm(scene: Scene) -> None:
    """Minutes without a date may be those of the month."""
    years(scene, skipped=("2022-10",))
    paper(scene, "loose", "")
    assert kinds(seen(scene), "seance") == []


def with_lists(scene: Scene, without: str = "") -> None:
    """Store lists of deliberations and minutes of eight séances; one séance has no minutes."""
    for day in monthly(2025, range(1, 9)):
        paper(scene, f"list{day}", day, kind="liste_deliberations")
        if day[:7] != without:
            paper(scene, f"pv{day}", day)


def test_a_seance_without_minutes_is_unknown_then_late_then_a_gap_then_healed(scene: Scene) -> None:
    """Minutes are due a week after the next séance, and two months of patience are added."""
    with_lists(scene, without="2025-05")
    scene.close_run()
    at = {day: seen(scene, datetime.fromisoformat(f"{day}T12:00:00+00:00")) for day in ("2025-06-20", "2025-08-20")}
    assert [state(found, "2025-05") for found in at.values()] == ["unknown", "unknown"]
    found = seen(scene)
    (gap,) = kinds(found, "minutes")
    assert (gap.month, state(found, "2025-05"), state(found, "2025-06")) == ("2025-05", "gap", "complete")
    assert state(found, "2025-08") == "complete"
    scene.open_run()
    paper(scene, "late", "2025-05-15")
    assert (kinds(seen(scene), "minutes"), state(seen(scene), "2025-05")) == ([], "complete")


def test_the_newest_seance_waits_for_the_next_one(scene: Scene) -> None:
    """Its minutes are adopted at a séance that is not known yet: the month is unknown, and no gap."""
    with_lists(scene, without="2025-08")
    found = seen(scene)
    assert (kinds(found, "minutes"), state(found, "2025-08")) == ([], "unknown")


def test_an_undated_pv_and_a_source_without_minutes_make_no_gap(scene: Scene) -> None:
    """The undated one may be it; and who publishes no minutes owes none here."""
    with_lists(scene, without="2025-05")
    paper(scene, "loose", "")
    found = seen(scene)
    assert (kinds(found, "minutes"), state(found, "2025-05")) == ([], "unknown")


def a_table(scene: Scene, rows: dict[str, str]) -> None:
    """Read a table of deliberations as another source of the same authority: address, and what its row says."""
    town = {"town": Authority(name="A town")}
    table = a_source(
        id="table",
        title="SCDL",
        spider="table",
        options=TableOptions(),
        authority="town",
        start=("http://127.0.0.1:9/t",),
    )
    minutes = a_source(authority="town", options=Options(follow=LinkRule(css="a")))
    scene.close_run()
    scene.now += timedelta(hours=1)
    opened = scene.store.open_run(table, town, now=scene.now, version="test", new_id=lambda: "table-run")
    scene.source, scene.run_id = table, opened.run_id
    for name, words in rows.items():
        seq = scene.fetch(name, name.encode(), hints={"link_text": "Objet", "context": words})
        scene.read(seq, f"Extrait {name}.", dates=())
    scene.close_run()
    opened = scene.store.open_run(minutes, town, now=scene.now, version="test", new_id=lambda: "minutes-run")
    scene.source, scene.run_id = minutes, opened.run_id


def test_an_official_table_makes_a_month_complete_or_a_gap(scene: Scene) -> None:
    """Séance by séance: all its numbers are there; one is not; the whole séance is not; they cannot be compared."""
    paper(scene, "jan", "2025-01-15", numbers=("2025-1", "2025-2"))
    paper(scene, "feb", "2025-02-15", numbers=("2025-3", "2025-4"))
    paper(scene, "apr", "2025-04-15", numbers=("VII", "VIII"))
    rows = ["2025-01-15 2025-001,", "2025-01-15 2025-002,", "2025-02-15 2025-003,", "2025-02-15 2025-004,"]
    rows += ["2025-02-15 2025-005,", "2025-03-15 2025-006,", "2025-04-15 2025-017,"]
    a_table(scene, {f"r{place}": words for place, words in enumerate(rows)})
    found = seen(scene)
    assert [state(found, f"2025-0{month}") for month in (1, 2, 3, 4)] == ["complete", "gap", "gap", "unknown"]
    assert next(each.against for each in found.months if each.month == "2025-01") == "official_table"
    assert [gap.month for gap in kinds(found, "table")] == ["2025-02", "2025-03"]
    assert "2025-005" in kinds(found, "table")[0].sentence


def a_row(siret: str, day: str, number: str) -> Record:
    """Return one row of an open-data table."""
    said = {"siret": siret, "date": day, "number": number}
    return Record(kind="scdl", key=number, claims=tuple(Claim(name=n, value=v, quote=v) for n, v in said.items()))


def test_of_a_table_of_many_authorities_only_their_own_rows_count(scene: Scene) -> None:
    """A portal's table, kept as a document, has another town's deliberations: they are missing nowhere."""
    town = {"town": Authority(name="A town", siren="213401722")}
    paper(scene, "jan", "2025-01-15", numbers=("2025-1", "2025-2"))
    scene.close_run()
    for source in (a_source(id="portal", record="scdl", authority="town"), a_source(authority="town")):
        opened = scene.store.open_run(source, town, now=scene.now, version="test", new_id=lambda s=source: s.id)
        scene.source, scene.run_id = source, opened.run_id
        if source.id == "portal":
            own = [a_row("21340172201787", "2025-01-15", f"2025-00{number}") for number in (1, 2)]
            records = (*own, a_row("21310555400017", "2025-02-20", "2025-9"))
            scene.give("scdl.csv", "Une table.", dates=(), records=records)
        scene.close_run()
    found = seen(scene)
    assert (found.gaps, state(found, "2025-01")) == ((), "complete")
    assert [each["rows"] for each in found.denominators if each["kind"] == "official_table"] == [2]


def test_an_explanation_is_kept_taken_back_and_found_by_a_beginning(scene: Scene) -> None:
    """The newest word stands, the same one is not written twice, and all words stay in the history."""
    scene.fetch("pv-2025-05-14.pdf", status=404)
    paper(scene, "a", "2025-06-12")
    (gap,) = seen(scene).gaps
    write = scene.store.writer.write
    assert write(lambda connection: explain(connection, gap, "removed by the town", WHO))
    assert not write(lambda connection: explain(connection, gap, "removed by the town", WHO))
    scene.open_run()
    scene.fetch("pv-2025-05-14.pdf", status=404)
    again = seen(scene)
    assert again.gaps[0].explained == {"because": "removed by the town", "by": "Anne", "at": WHO.at}
    assert state(again, "2025-05") == "gap"
    with scene.store.reading() as connection:
        assert find_gap(connection, ledger(connection, None, LAST), gap.id[:8]).id == gap.id
    assert write(lambda connection: explain(connection, gap, None, WHO))
    assert seen(scene).gaps[0].explained is None
    with scene.store.reading() as connection:
        assert [each["because"] for each in history(connection)] == ["removed by the town", None]


def test_a_corrected_date_moves_a_document(scene: Scene) -> None:
    """A person dates what had no date: it counts in that month, and no longer without one."""
    identity = paper(scene, "a", "", kind="arrete")
    scene.close_run()
    word = Word(document_id=identity, field="date", value="2025-05-12", because="stamp")
    scene.store.writer.write(lambda connection: decide(connection, [word], WHO))
    found = seen(scene)
    assert (state(found, "2025-05"), found.undated.announced) == ("complete", 0)
