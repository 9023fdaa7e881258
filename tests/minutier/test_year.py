"""A year of seven made-up councils on a fake clock: the ledger and the alarms say what was planted, and nothing else.

The year is lived once, by `tests/year/play.py`, and looked at from many sides. What is expected here was written by
hand from `tests/year/plan.py`: nothing of it is computed from what Minutier says.
"""

from __future__ import annotations

import html
import json
import subprocess
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.conftest import ROOT
from tests.year import pages
from tests.year.plan import HELD, LAST, NAMES, REDESIGN, on_line

pytestmark = pytest.mark.timeout(400)
Json = dict[str, Any]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the year was lived."""
    made = tmp_path_factory.mktemp("year")
    command = [sys.executable, "-m", "tests.year.play", str(made)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False, timeout=380)
    assert done.returncode == 0, done.stderr[-4000:]
    return made


@pytest.fixture(scope="module")
def year(folder: Path) -> dict[str, Json]:
    """What was said on each Monday."""
    lines = (folder / "year.jsonl").read_text(encoding="utf-8").splitlines()
    return {said["day"]: said for said in map(json.loads, lines)}


def runs(said: Json) -> list[Json]:
    """Return the runs of a Monday."""
    return [run for one in said["crawls"] if one["out"] for run in json.loads(one["out"])["runs"]]


def test_the_whole_year_was_lived(year: dict[str, Json]) -> None:
    """56 Mondays, and the laptop was closed on three of them."""
    assert len(year) == 53
    assert not {"2025-11-10", "2025-11-17", "2025-11-24"} & set(year)


RUNS = {
    "aubeterne": 53,  # every Monday
    "brunelle": 29,  # every other one, and each of the three between the redesign and its mending
    "clairmorte": 27,  # every other one, and three weeks late once
    "dournac": 13,  # until it ended
    "ermeval": 13,
    "fontgrise": 21,
    "grandjossan": 27,
    "grandjossan-table": 27,
}


def test_each_source_runs_when_it_is_due(year: dict[str, Json]) -> None:
    """As often as `every` says, sooner while it fails, never before it is enabled nor after it ended."""
    assert Counter(run["source"] for said in year.values() for run in runs(said)) == RUNS
    begun = {source: [day for day, said in year.items() if source in started(said)] for source in RUNS}
    assert begun["dournac"][-1] == "2025-06-23"
    assert (begun["ermeval"][0], begun["fontgrise"][0]) == ("2025-07-21", "2025-04-07")
    assert begun["brunelle"][9:15] == [
        "2025-05-12", "2025-05-19", "2025-05-26", "2025-06-02", "2025-06-09", "2025-06-23",
    ]  # fmt: skip


def started(said: Json) -> set[str]:
    """Return the sources that ran on a Monday."""
    return {run["source"] for run in runs(said)}


def test_two_schedulers_at_once_run_each_source_once(year: dict[str, Json]) -> None:
    """On 3 March two processes wake up together: between them all that is due runs, nothing twice, and both say 0."""
    both = year["2025-03-03"]["crawls"]
    assert [one["code"] for one in both] == [0, 0], both
    assert sorted(run["source"] for run in runs(year["2025-03-03"])) == [
        "aubeterne", "brunelle", "clairmorte", "dournac", "grandjossan", "grandjossan-table",
    ]  # fmt: skip


def test_what_was_missed_is_caught_up_with_once(year: dict[str, Json]) -> None:
    """After three weeks with the laptop closed all are late; each runs once, and is then no longer."""
    back = year["2025-12-01"]
    late = {each["source"] for each in back["before"] if each["state"] == "stale"}
    running = {"aubeterne", "brunelle", "clairmorte", "ermeval", "fontgrise", "grandjossan", "grandjossan-table"}
    assert late == running
    assert Counter(run["source"] for run in runs(back)) == Counter(running)
    after = [back["health"], *(said["before"] for day, said in year.items() if day > "2025-12-01")]
    stale = {each["source"] for states in after for each in states if each["state"] == "stale"}
    assert stale == {"clairmorte"}, "for another reason: nothing new comes"


SILENT = (
    "2025-09-29",
    "2025-10-13",
    "2025-10-27",
    "2025-12-01",
    "2025-12-15",
    "2025-12-29",
    "2026-01-12",
    "2026-01-26",
)
ALARMS = {
    ("2025-05-12", "brunelle"): ["nothing_listed", "rule"],
    ("2025-05-19", "brunelle"): ["nothing_listed", "rule"],
    ("2025-05-26", "brunelle"): ["nothing_listed", "rule"],
    ("2025-06-02", "brunelle"): ["nothing_listed", "rule"],
} | {(day, "clairmorte"): ["silence"] for day in SILENT}
"""All alarms of the year, by Monday and source."""


def test_the_alarms_are_those_that_were_planted(year: dict[str, Json]) -> None:
    """The redesign until it was mended, the silent source once it was silent too long, and no other in any week."""
    found = {
        (day, run["source"]): sorted(alarm["check"] for alarm in run["alarms"])
        for day, said in year.items()
        for run in runs(said)
        if run["alarms"]
    }
    assert found == ALARMS


def test_a_command_that_found_alarms_ends_with_1(year: dict[str, Json]) -> None:
    """`crawl --due` ends with 1 on the Mondays with an alarm and with 0 on all others."""
    ends = {day for day, said in year.items() if [one["code"] for one in said["crawls"]] != [0] * len(said["crawls"])}
    assert ends == {day for day, _ in ALARMS}
    assert {one["code"] for said in year.values() for one in said["crawls"]} == {0, 1}


def test_check_names_the_dead_rule_on_the_first_run_after_the_redesign(year: dict[str, Json]) -> None:
    """On 12 May `minutier check` names the rule, what it had found, and what comes nearest on the new page."""
    said = year["2025-05-12"]
    assert said["check"]["code"] == 1
    lines = [line for line in said["check"]["out"].splitlines() if "rule" in line.split(":")[1]]
    assert len(lines) == 1
    assert lines[0].startswith("brunelle: rule: The rule `follow` matches nothing")
    assert "matched 15 in the good run of 2025-04-28" in lines[0]
    dead = said["dead"]["out"]
    assert "brunelle, rule `follow`:" in dead
    assert "a.document" in dead and "/actes/2025/liste-2025-04-08.html" in dead, "the rule, and what it had found"
    assert "nearest" in dead and "/publications/2025/04/liste-2025-04-08/" in dead, "where these papers are now"


def test_check_says_nothing_where_nothing_is_wrong(year: dict[str, Json]) -> None:
    """Its lines name the source that needs an eye for as long as it does; in all other weeks cron sends no mail."""
    told = {
        day: sorted({line.split(":")[0] for line in said["check"]["out"].splitlines()}) for day, said in year.items()
    }
    mending = {day: ["brunelle"] for day in ("2025-05-12", "2025-05-19", "2025-05-26", "2025-06-02")}
    silent = {day: ["clairmorte"] for day in year if day >= "2025-09-29"}
    assert {day: names for day, names in told.items() if names} == mending | silent
    assert {day for day, said in year.items() if said["check"]["code"]} == set(mending | silent)


def test_the_states_are_those_of_the_plan(year: dict[str, Json]) -> None:
    """One fails while its rule is dead, one falls silent, one ended and names its successor, two wait; no other."""
    found = {(day, each["source"]): each["state"] for day, said in year.items() for each in said["health"]}
    apart: dict[tuple[str, str], str] = {}
    for day in year:
        if "2025-05-12" <= day < "2025-06-09":
            apart[day, "brunelle"] = "failing"
        if day > "2025-07-01":
            apart[day, "dournac"] = "discontinued"
        if day >= "2025-09-29":
            apart[day, "clairmorte"] = "stale"  # it answers, and there is nothing new
        if day < "2025-07-21":
            apart[day, "ermeval"] = "never_run"
        if day < "2025-04-07":
            apart[day, "fontgrise"] = "never_run"
    assert {key: state for key, state in found.items() if state != "ok"} == apart
    last = {each["source"]: each for each in year["2026-01-26"]["health"]}
    assert last["dournac"]["succeeded_by"] == "ermeval"
    assert "ermeval" in last["dournac"]["sentence"]


LEDGER = """
            2025-02-03 2025-03-03  2025-04-07   2025-05-05    2025-06-02     2025-07-07
aubeterne   ccccuu     ccccc:uu    cccccc:uu    cccccc:uuu    cccccc:ucuu    cccccc:gccuu
brunelle    ccccuu     ccccc:uu    cccccc:uu    cccccc:cuu    cccccc:cuuu    cccccc:cccuu
clairmorte  ccccuu     ccccc:uu    cccccc:uu    cccccc:cuu    cccccc:ccuu    cccccc:ccuuu
dournac     ccccuu     ccccc:uu    cccccc:uu    cccccc:cuu    cccccc:ccuu    cccccc:cccuo
ermeval     -          -           -            -             -              -
fontgrise   -          -           oooooo:cu    oooooo:ccu    oooooo:cccu    oooooo:cccuu
grandjossan ccccc:u    cccccc:u    cccccc:uu    cccccc:cuu    cccccc:ccuu    cccccc:ccccu

            2025-08-04          2025-09-01           2025-10-06            2025-11-03
aubeterne   cccccc:cccg:uu      cccccc:cccg:cuu      cccccc:cccg:ccuu      cccccc:cccg:cccuu
brunelle    cccccc:cccc:uu      cccccc:cccc:cuu      cccccc:cccc:ccuu      cccccc:cccc:cccuu
clairmorte  cccccc:ccuu:uu      cccccc:ccuu:uuu      cccccc:ccuu:uuuu      cccccc:ccuu:uuuuu
dournac     cccccc:cccu:oo      cccccc:cccu:ooo      cccccc:cccu:oooo      cccccc:cccu:ooooo
ermeval     oooooo:oooo:cu      oooooo:oooo:ccu      oooooo:oooo:ccuu      oooooo:oooo:cccuu
fontgrise   oooooo:cccc:uu      oooooo:cccc:cuu      oooooo:cccc:ccuu      oooooo:cccc:cccuu
grandjossan cccccc:cccc:cu      cccccc:cccc:ccu      cccccc:cccc:ccuu      cccccc:cccc:cccuu

            2025-12-01            2026-01-05             2026-01-26
aubeterne   cccccc:cccg:ccccuu    cccccc:cccg:cccccuu    cccccc:cccg:ccccccu
brunelle    cccccc:cccc:ccccuu    cccccc:cccc:cccccuu    cccccc:cccc:ccccccu
clairmorte  cccccc:ccuu:uuuuuu    cccccc:ccuu:uuuuuuu    cccccc:ccuu:uuuuuuu
dournac     cccccc:cccu:oooooo    cccccc:cccu:ooooooo    cccccc:cccu:ooooooo
ermeval     oooooo:oooo:ccccuu    oooooo:oooo:cccccuu    oooooo:oooo:ccccccu
fontgrise   oooooo:cccc:ccccuu    oooooo:cccc:cccccuu    oooooo:cccc:ccccccu
grandjossan cccccc:cccc:cccccu    cccccc:cccc:cccccuu    cccccc:cccc:ccccccu
"""
"""What the ledger says on the first Monday of each month, and on the last of all: a letter for each month from
September 2024 to that of the day, **c**omplete, **g**ap, **u**nknown, **o**utside; `-` where the source never ran.

A month is unknown while it is not over, while the last good run is older than its end, and while its minutes, which the
next séance adopts, are not there. Only Aubeterne has gaps: March, whose minutes are overdue from 23 June and come on 22
July, and the number 2025-025 after the séance of June. Clairmorte is unknown since May, whose minutes never came. Of
Dournac's last month nobody looked after its end. Ermeval and Fontgrise are not judged by their minutes before they have
put three on-line.
"""


def expected() -> dict[str, dict[str, str]]:
    """Return the table by day and source."""
    found: dict[str, dict[str, str]] = {}
    for block in LEDGER.strip("\n").split("\n\n"):
        head, *rows = block.split("\n")
        for row in rows:
            source, *states = row.split()
            for day, letters in zip(head.split(), states, strict=True):
                found.setdefault(day, {})[source] = letters.replace(":", "")
    return found


@pytest.mark.parametrize("day", list(expected()))
def test_the_ledger_is_as_planned(year: dict[str, Json], day: str) -> None:
    """Each month of each source is in the state that the plan gives it, on the first Monday of each month."""
    assert letters_of(year[day]) == expected()[day]


def letters_of(said: Json) -> dict[str, str]:
    """Return the states of the months of each source by their first letters."""
    sources = said["ledger"]["sources"]
    found = {each["id"]: "".join(month["state"][0] for month in each["months"]) or "-" for each in sources}
    assert found.pop("grandjossan-table") == found["grandjossan"]
    return found


def test_the_gaps_are_those_that_were_planted(year: dict[str, Json]) -> None:
    """The late minutes from the day that they are overdue to the day that they come, and the number that is wanting."""
    late, wanting = ("aubeterne", "minutes", "2025-03"), ("aubeterne", "numbers", "2025-06")
    found = {
        day: [(each["id"], gap["kind"], gap["month"]) for each in said["ledger"]["sources"] for gap in each["gaps"]]
        for day, said in year.items()
        if said["ledger"]
    }
    assert {day: gaps for day, gaps in found.items() if day < "2025-06-23" and gaps} == {}
    assert found["2025-06-23"] == found["2025-07-07"] == found["2025-07-21"] == [late]
    assert found["2025-07-28"] == [wanting], "the minutes of March have come"
    assert {day: gaps for day, gaps in found.items() if day > "2025-07-28" and gaps != [wanting]} == {}


def test_each_gap_is_said_in_words_that_can_be_checked(year: dict[str, Json]) -> None:
    """The séance whose minutes are late and the number that is wanting stand in the sentences."""
    said = {day: gap["sentence"] for day in ("2025-07-07", "2026-01-26") for gap in gaps_of(year[day])}
    assert "séance of 2025-03-16" in said["2025-07-07"]
    assert "2025-25" in said["2026-01-26"]
    assert "2025-06-16" in said["2026-01-26"] and "2025-07-16" in said["2026-01-26"]


def test_the_command_prints_the_same_ledger(year: dict[str, Json]) -> None:
    """`minutier ledger --json` says what the ledger holds, and ends with 1: there is a gap that nobody explained."""
    printed = year["2026-01-26"]["printed"]
    assert printed["code"] == 1
    assert json.loads(printed["out"]) == year["2026-01-26"]["ledger"]


def gaps_of(said: Json) -> list[Json]:
    """Return the gaps of all sources."""
    return [gap for each in said["ledger"]["sources"] for gap in each["gaps"]]


def test_complete_names_what_it_is_measured_against(year: dict[str, Json]) -> None:
    """The open data of Grand-Jossan for its own deliberations, the site's own list for all others; else nothing."""
    sources = {each["id"]: each["months"] for each in year["2026-01-26"]["ledger"]["sources"]}
    against = {name: {m["against"] for m in months if m["state"] == "complete"} for name, months in sources.items()}
    assert against.pop("grandjossan") == {"official_table"}
    assert set(map(frozenset, against.values())) == {frozenset({"own_list"})}
    others = [month for months in sources.values() for month in months if month["state"] != "complete"]
    assert {month["against"] for month in others} == {""}
    assert all(month["why"] for month in others)


def test_what_lies_outside_says_where_the_period_ends(year: dict[str, Json]) -> None:
    """Fontgrise begins in March, Ermeval in July, Dournac ended with June."""
    sources = {each["id"]: each for each in year["2026-01-26"]["ledger"]["sources"]}
    assert (sources["fontgrise"]["period"]["first"], sources["ermeval"]["period"]["first"]) == ("2025-03", "2025-07")
    assert sources["dournac"]["period"]["last"] == "2025-06"
    outside = {m["month"] for m in sources["dournac"]["months"] if m["state"] == "outside"}
    assert min(outside) == "2025-07"


def test_all_that_was_published_is_kept(folder: Path) -> None:
    """Each paper that the sites have put on line is in the corpus, those of the merged commune too."""
    from storage.store import Store

    with Store.open(folder / "corpus") as store, store.reading() as connection:
        query = "SELECT address FROM document WHERE verdict = 'good'"
        kept = Counter(urlsplit(row.address).path for row in connection.exec_driver_sql(query))
    wanted = Counter(pages.old_address(p) for town in HELD if town != "brunelle" for p in on_line(town, LAST))
    wanted += Counter(pages.new_address(p) for p in on_line("brunelle", LAST))
    before = {pages.old_address(p) for p in on_line("brunelle", REDESIGN - timedelta(days=1))}
    assert wanted - kept == Counter()
    assert set(kept - wanted) <= before, "what else there is, Brunelle had at another address"


def test_the_report_of_the_year_shows_it(folder: Path) -> None:
    """The page that a supervisor gets names every council, the planted gaps and the successor, in both languages."""
    for language in ("fr", "en"):
        text = (folder / f"report-{language}.html").read_text(encoding="utf-8")
        assert all(html.escape(name, quote=False) in html.unescape(text) for name in NAMES.values())
        assert "2025-25" in text
