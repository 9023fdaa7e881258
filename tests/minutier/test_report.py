"""The report: the figures of the commands, one page that needs nothing, hostile titles, two languages."""

from __future__ import annotations

import re
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from lxml import html

from minutier.main import cli
from minutier.options import Shared
from minutier.politeness import accounts
from minutier.registry import Registry, registry_at
from minutier.report import phrases, phrases_more
from minutier.report.codes import CODES
from minutier.report.gathering import gathered
from minutier.report.page import PHRASES, Words, digest, page
from storage import figures
from storage.errors import WrongUse
from storage.filters import Filters
from storage.health import health
from storage.ledger import ledger
from storage.search import unsearchable
from storage.store import Store
from tests.making import NOON, Scene, a_source

HOSTILE = "<script>alert(1)</script> \u202e" + "Séances très longues & « citées » " * 9
UNREAD = Registry(sources=None, unread="sources.yaml, line 3: `delai` is no key.")
LATER = datetime.fromisoformat("2026-03-09T12:00:00+00:00")


@pytest.fixture
def scene(place: str) -> Scene:
    """Give a corpus with two sources, a title that attacks, a copy, a scan and a run that failed."""
    scene = Scene(place)
    scene.open_run(a_source(title=HOSTILE))
    for number, month in enumerate(("2024-01", "2024-02", "2025-11")):
        text = f"Le conseil approuve le point {number} de la séance. " * 9
        scene.give(f"d/{number}", text, dates=(a_date(f"{month}-1{number}"),))
    scene.give("d/copy", "Le conseil approuve le point 0 de la séance. " * 9, dates=())
    scene.give("d/scan", "", verdict="scanned")
    scene.close_run()
    scene.open_run(a_source(id="press", title="Une revue", kind="press", voice="media"))
    scene.give("p/1", "The council met its partners from Chengdu. " * 9, language="en", dates=(a_date("2024-02-03"),))
    scene.close_run()
    return scene


def a_date(value: str) -> Any:
    """Return the date of a séance."""
    from extract.model import FoundDate

    return FoundDate(role="session", value=value, precision="day", found_in="heading")


def written(scene: Scene, lang: str = "fr", registry: Registry = UNREAD) -> str:
    """Return the report of a corpus, a week later."""
    return page(gathered(scene.store, registry, LATER), lang)


def table(tree: Any, name: str) -> dict[str, int]:
    """Return the figures of one table of a report, by what its rows are called."""
    rows = tree.xpath(f"//table[@id='{name}']/tbody/tr")
    return {" ".join(row.xpath("string(th)").split()): int(row.xpath("string(.//data/@value)")) for row in rows}


def called(group: str, counts: dict[str, int]) -> dict[str, int]:
    """Return counts by what their codes are called in English."""
    return {CODES[group][code][1]: n for code, n in counts.items()}


def test_every_figure_is_that_of_the_commands(scene: Scene) -> None:
    """The tables of the page hold what `stats`, `ledger`, `check`, `search` and `politeness` say."""
    tree = html.fromstring(written(scene, "en"))
    with scene.store.reading() as connection:
        stats = figures.stats(connection)
        totals = ledger(connection, None, LATER).json()["totals"]
        states = [each.json() for each in health(connection, None, LATER)]
        missing = unsearchable(connection, Filters())
    for name, group in (("kind", "kind"), ("voice", "voice"), ("language", "language"), ("verdict", "verdict")):
        assert table(tree, f"by-{name}") == called(group, stats[f"by_{name}"]), name
    assert table(tree, "by-source") == stats["by_source"]
    assert table(tree, "by-year") == {year.replace("unknown", "no date"): n for year, n in stats["by_year"].items()}
    assert table(tree, "duplicates") == called("duplicate", stats["duplicates"])
    assert table(tree, "not-searchable") == called("missing", {name: n for name, n in missing.items() if n})
    shown = [int(value) for value in tree.xpath("//table[@id='ledger-totals']//data/@value")]
    complete, listed, gap, explained, unknown, outside = shown
    assert (complete, listed) == (totals["against_official_table"], totals["against_own_list"])
    assert (gap + explained, unknown, outside) == (totals["gap"], totals["unknown"], totals["outside"])
    assert sum(table(tree, "by-state").values()) == len(states)
    assert len(tree.xpath("//ul[@id='alarms']/li")) == sum(len(each["alarms"]) for each in states)
    assert len(tree.xpath("//table[@id='hosts']/tbody/tr")) == len(accounts(scene.store)) == 1
    (asked,) = accounts(scene.store)
    assert int(tree.xpath("//table[@id='hosts']//data/@value")[0]) == asked["requests"]["total"]


def test_each_month_of_the_ledger_is_drawn_and_told(scene: Scene) -> None:
    """Each source has a strip with one stroke a month, and a calendar whose signs are those months."""
    found = gathered(scene.store, UNREAD, LATER)
    tree = html.fromstring(page(found, "fr"))
    strips = tree.xpath("//table[@id='heat']/tbody/tr")
    assert len(strips) == len(found["ledger"]["sources"]) == 2
    for row, source in zip(strips, found["ledger"]["sources"], strict=True):
        drawn = sum(path.count("M") for path in row.xpath(".//path/@d"))
        assert drawn == len(source["months"]) > 0
        assert "complet" not in row.xpath("string(.//svg/@aria-label)").partition(" : ")[2] or any(
            month["state"] == "complete" for month in source["months"]
        )


def test_the_same_moment_gives_the_same_bytes(scene: Scene) -> None:
    """Two reports of one corpus at one moment are the same, byte for byte; the languages differ."""
    assert written(scene) == written(scene)
    assert written(scene) != written(scene, "en")


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_a_hostile_title_stays_a_title(scene: Scene, lang: str) -> None:
    """Tags are shown as they were written, marks of direction end with the title, and no script comes of it."""
    text = written(scene, lang)
    tree = html.fromstring(text)
    assert not tree.xpath("//script") and "<script" not in text
    assert HOSTILE.strip() in " ".join(tree.xpath("//table[@id='health']//bdi/text()"))
    assert not [each for each in tree.iter() if isinstance(each.tag, str) and "\u202e" in (each.text or "")
                and each.tag not in ("bdi", "summary", "caption")]  # fmt: skip


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_page_needs_nothing_besides_itself(scene: Scene, lang: str) -> None:
    """No address is loaded, no event is listened to, no style stands outside the one sheet that the policy allows."""
    text = written(scene, lang)
    tree = html.fromstring(text)
    assert tree.xpath("//script | //link | //img | //iframe | //object | //embed | //video | //audio | //base") == []
    assert tree.xpath("//@style | //@src | //@srcset | //@*[starts-with(name(), 'on')]") == []
    assert all(each.startswith("#") for each in tree.xpath("//@href"))
    style = tree.xpath("string(//style)")
    policy = tree.xpath("string(//meta[@http-equiv='Content-Security-Policy']/@content)")
    assert "url(" not in style and "@import" not in style
    assert policy.startswith("default-src 'none'") and f"'{digest(style)}'" in policy
    assert tree.xpath("//html/@lang") == [lang]


def test_the_page_is_told_in_order(scene: Scene) -> None:
    """Headings go down one step at a time, every table has a caption, every drawing a name, every link a goal."""
    tree = html.fromstring(written(scene))
    levels = [int(each.tag[1]) for each in tree.xpath("//h1 | //h2 | //h3")]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels))
    assert [each for each in tree.xpath("//table") if not each.xpath("string(caption)").strip()] == []
    assert tree.xpath("//svg[not(@aria-hidden) and not(@aria-label)]") == []
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids)) and {each[1:] for each in tree.xpath("//nav//@href")} <= set(ids)


def test_a_list_of_sources_that_cannot_be_read_is_said(scene: Scene, tmp_path: Path) -> None:
    """The report names what is wrong and goes on; a list that is not there is the same."""
    assert "`delai` is no key" in written(scene) and "n’a pas pu être lue" in written(scene)
    assert registry_at(tmp_path / "none.yaml").unread
    (tmp_path / "wrong.yaml").write_text("version: 1\nsources: {", encoding="utf-8")
    assert registry_at(tmp_path / "wrong.yaml").unread


def test_an_empty_corpus_says_so(place: str) -> None:
    """A corpus without a document gives a whole page that says that there is none."""
    text = written(Scene(place))
    assert "ne contient encore aucun document" in text and text.rstrip().endswith("</html>")
    assert "Le registre ne contient encore aucun mois" in text


def test_one_source_alone(scene: Scene) -> None:
    """With --source every part speaks of that source only; one that nobody knows is refused."""
    tree = html.fromstring(page(gathered(scene.store, UNREAD, LATER, ("press",)), "en"))
    assert table(tree, "by-source") == {"press": 1} and table(tree, "by-language") == {"English": 1}
    assert len(tree.xpath("//table[@id='heat']/tbody/tr")) == len(tree.xpath("//table[@id='health']/tbody/tr")) == 1
    with pytest.raises(WrongUse, match="no source 'nobody'"):
        gathered(scene.store, UNREAD, LATER, ("nobody",))


def report(corpus: Path, *words: str) -> tuple[int, str]:
    """Run the command in this process and return its exit code and what it said."""
    done = CliRunner().invoke(cli, ["--corpus", str(corpus), "report", *words], obj=Shared(), standalone_mode=False)
    code = getattr(done.exception, "exit_code", done.return_value)
    return code, f"{done.output}{done.exception or ''}"


def test_only_an_earlier_report_is_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An existing target is refused (2); --force replaces a report, and nothing else; nothing half-written is left."""
    monkeypatch.chdir(tmp_path)
    Store.create(tmp_path / "corpus", now=NOON, version="test").__exit__(None, None, None)
    assert report(tmp_path / "corpus", "a.html")[0] == 0
    assert report(tmp_path / "corpus", "a.html") == (2, *report(tmp_path / "corpus", "a.html")[1:])
    assert report(tmp_path / "corpus", "a.html", "--force", "--lang", "en")[0] == 0
    assert 'lang="en"' in (tmp_path / "a.html").read_text(encoding="utf-8")
    (tmp_path / "b.html").write_text("<p>My own page.</p>", encoding="utf-8")
    code, said = report(tmp_path / "corpus", "b.html", "--force")
    assert code == 2 and "no earlier report" in said
    assert (tmp_path / "b.html").read_text(encoding="utf-8") == "<p>My own page.</p>"
    assert report(tmp_path / "corpus", "corpus/inside.html")[0] == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.html", "b.html", "corpus"]


PUNCTUATION = re.compile(r"(?<=[^\s\u202f\d])[;!?»%]|« |\w'\w")


def test_both_languages_say_the_same_things() -> None:
    """Each sentence has both languages with the same figures, and no name stands in both halves of the table."""
    assert not phrases.PHRASES.keys() & phrases_more.PHRASES.keys()
    assert [name for name, each in PHRASES.items() if not all(each) or len(each) != 2] == []
    fields = re.compile(r"\{(\w+)\}")
    assert {name for name, (fr, en) in PHRASES.items() if set(fields.findall(fr)) != set(fields.findall(en))} == set()
    assert all(len(pair) == 2 and all(pair) for group in CODES.values() for pair in group.values())


def test_french_is_set_as_french_is(scene: Scene) -> None:
    """Narrow no-break spaces before ; ! ? » and %, and between thousands; typographic apostrophes."""
    tree = html.fromstring(written(scene))
    for ours in tree.xpath("//h1 | //h2 | //h3 | //section[@id='brief']/p | //*[@id='ledger']/p | //caption"):
        text = re.sub(r"<.*", "", ours.text_content())
        assert not re.search(r"[^\s\u202f][;!?»]|[ ][;:!?»%]|« ", text), text
    assert "l'" not in " ".join(fr for fr, _ in PHRASES.values())


GAPS: dict[str, tuple[dict[str, Any], str]] = {
    "listed": ({"address": "http://a/1", "day": "", "read": "2026-01-02"}, "http://a/1 figurait dans une liste"),
    "numbers": (
        {
            "wanting": 2,
            "numbers": "2025-14, 2025-15",
            "first": "2025-13",
            "then": "2025-16",
            "from_day": "2025-03-01",
            "to_day": "2025-04-02",
            "unbroken": 9,
            "steps": 10,
        },
        "2 numéros de délibération (2025-14, 2025-15) manquent entre 2025-13 (1er mars 2025)",
    ),
    "seance": (
        {"month": "2025-05", "met": 4, "seen": 4, "apart": 61, "from_day": "2025-04-02", "to_day": "2025-06-02"},
        "aucune séance connue en mai 2025",
    ),
    "minutes": ({"day": "2025-04-02"}, "la séance du 2 avril 2025 est connue par d’autres documents"),
    "table": (
        {"table": "Délibérations", "read": "2026-01-02", "day": "2025-04-02", "missing": 1, "rows": 9, "numbers": "7"},
        "1 des 9 délibérations de la séance du 2 avril 2025",
    ),
}


def test_every_kind_of_gap_is_said_in_french() -> None:
    """The facts of each kind make a sentence, with days in words and numbers that agree."""
    assert GAPS.keys() == CODES["gap"].keys()
    for kind, (facts, words) in GAPS.items():
        assert words in Words("fr").gap({"kind": kind, "facts": facts}), kind


@pytest.mark.parametrize("state", ["ok", "stale", "failing", "never_run", "unprobed", "discontinued"])
def test_every_state_is_said_in_both_languages(state: str) -> None:
    """Also of a source that never ran, whose days are not known; silence has a sentence of its own."""
    told = {"state": state, "alarms": [], "last_run_at": "2026-01-02T03:00:00Z", "last_good_at": None}
    silent = told | {"alarms": [{"check": "silence"}]}
    for lang in ("fr", "en"):
        assert len({Words(lang).state(told), Words(lang).state(silent)}) == 2
