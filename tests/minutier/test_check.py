"""`minutier check`: nothing where all is well, one line for each alarm, and what became of a page that changed."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from minutier.checking import SEVERITY, alarms, changes, checked, lines
from minutier.crawling import choose, load_sources
from minutier.main import cli
from minutier.options import Shared
from storage.errors import WrongUse
from storage.health import Health
from storage.sources import SourcesFile
from tests.loopback import Answer, serving, sources_file, town_of
from tests.making import Scene, a_source

Run = Callable[..., subprocess.CompletedProcess[str]]

LISTING = "<main><ul>{}</ul></main>"


@pytest.fixture
def scene(place: str) -> Iterator[Scene]:
    """An empty corpus."""
    made = Scene(place)
    with made.store:
        yield made


def listing(scene: Scene, mark: str, numbers: range) -> bytes:
    """Return a listing whose links bear a class."""
    root = "http://127.0.0.1:9"
    return LISTING.format("".join(f'<li><a class="{mark}" href="{root}/{n}">PV {n}</a></li>' for n in numbers)).encode()


def a_run(scene: Scene, body: bytes, names: range, matched: int) -> None:
    """Play a run: its listing, its documents, and how much `follow` matched."""
    scene.now += timedelta(days=7)
    scene.open_run()
    scene.fetch("list", body, role="listing")
    for name in names:
        scene.give(str(name), f"Séance numéro {name}.")
    scene.close_run(rules={"follow": (1, matched)})


def test_a_redesign_is_shown_with_its_page_and_what_comes_nearest(scene: Scene) -> None:
    """The page kept, the rule that died, the last good sample and the nearest match, in both databases."""
    a_run(scene, listing(scene, "document", range(6)), range(6), 6)
    a_run(scene, listing(scene, "carte", range(1, 8)), range(0), 0)
    sources = SourcesFile(sources=(scene.source,))
    found = checked(scene.store, sources, (), scene.now)
    told = alarms(found, named=False)
    assert [alarm["check"] for alarm in told] == ["nothing_listed", "rule"]
    [change] = changes(scene.store, sources, told)
    assert (change["rule"], change["written"], change["matched"]) == ("follow", {"css": "a.document"}, 6)
    assert change["sample"] == [f"http://127.0.0.1:9/{n}" for n in range(3)]
    assert (change["page"]["run"], change["before"]["run"]) == ("run2", "run1")
    assert Path(change["page"]["file"]).read_bytes() == listing(scene, "carte", range(1, 8))
    near = change["nearest"]
    assert (near["found"], near["by"]) == (7, "addresses")
    assert near["sample"][0] == "http://127.0.0.1:9/1"
    words = dict(lines(change))
    assert change["page"]["file"] in words["page kept"]
    assert json.dumps(near["rule"]) in words["nearest"]


def test_a_page_that_did_not_change_is_not_blamed(scene: Scene) -> None:
    """Where the listing is as it was, nothing is shown of it; without a list of sources neither."""
    same = listing(scene, "document", range(6))
    a_run(scene, same, range(6), 6)
    a_run(scene, same, range(0), 0)
    sources = SourcesFile(sources=(scene.source,))
    told = alarms(checked(scene.store, sources, (), scene.now), named=False)
    assert changes(scene.store, sources, told) == []
    assert changes(scene.store, None, told) == []


def test_only_what_is_run_by_itself_is_looked_at(scene: Scene) -> None:
    """Disabled, discontinued and unprobed sources are no alarm; named, a disabled one is shown."""
    a_run(scene, b"", range(0), 0)
    off = a_source(enabled=False)
    over = a_source(id="over", discontinued=date(2026, 1, 1))
    sources = SourcesFile(sources=(off, over, a_source(id="new")))
    found = checked(scene.store, sources, (), scene.now)
    assert [one.source for one in found] == ["new"]
    assert [alarm["check"] for alarm in alarms(found, named=False)] == ["never_run"]
    named = checked(scene.store, sources, ("town",), scene.now)
    assert [alarm["check"] for alarm in alarms(named, named=True)] == ["nothing_listed"]
    with pytest.raises(WrongUse, match="nobody"):
        checked(scene.store, sources, ("nobody",), scene.now)


def test_the_worst_comes_first() -> None:
    """Alarms are ordered by what they mean, not by source; a check that is not known comes last."""
    told = [{"check": check, "message": "", "at": "", "run": ""} for check in ("trap", *reversed(SEVERITY))]
    one = Health(source="a", title="A", state="failing", sentence="", enabled=True, alarms=tuple(told))
    assert [alarm["check"] for alarm in alarms([one], named=False)] == [*SEVERITY, "trap"]
    assert [alarm["check"] for alarm in alarms([replace(one, enabled=False)], named=False)] == ["redaction"]


def test_a_discontinued_source_runs_by_its_name_only() -> None:
    """Without an ID a source that has ended is left out."""
    ended, goes_on = a_source(discontinued=date(2026, 1, 1)), a_source(id="other")
    sources = SourcesFile(sources=(ended, goes_on))
    assert [source.id for source in choose(sources, ())] == ["other"]
    assert [source.id for source in choose(sources, ("town",))] == ["town"]


def check(folder: Path, *words: str) -> tuple[int, str, str]:
    """Run `minutier check` in this process and return its exit code and what it said."""
    shared = Shared(corpus=str(folder / "corpus"), sources=folder / "sources.yaml")
    done = CliRunner().invoke(cli, ["check", *words], obj=shared, standalone_mode=False)
    assert done.exception is None, done.exception
    return done.return_value, done.stdout, done.stderr


def test_a_crawl_names_the_dead_rule_on_the_first_run(run_minutier: Run, tmp_path: Path) -> None:
    """A site of two pages loses its link to the second: named at once, nothing unlisted, quiet once it is back."""
    town = town_of(12, per_page=6)
    with serving(dict(town)) as server:
        (tmp_path / "sources.yaml").write_text(sources_file(server.root), encoding="utf-8")
        assert run_minutier("crawl", cwd=tmp_path).returncode == 0
        assert check(tmp_path) == (0, "", "")
        changed = town["/list/0"].body.replace(b'<a rel="next" href', b'<a class="page-suivante" href')
        server.pages["/list/0"] = Answer(changed)
        done = run_minutier("crawl", "--json", cwd=tmp_path)
        [run] = json.loads(done.stdout)["runs"]
        assert (done.returncode, run["outcome"]) == (1, "too_few")
        assert [alarm["rule"] for alarm in run["alarms"]] == ["next"]
        code, said, _ = check(tmp_path)
        assert (code, said.count("\n")) == (1, 1)
        assert said.startswith("town: rule: The rule `next` matches nothing")
        code, said, _ = check(tmp_path, "town")
        assert (code, f"{server.root}/list/1" in said) == (1, True)
        told = json.loads(check(tmp_path, "--json")[1])
        assert told["changed"][0]["nearest"]["sample"] == [f"{server.root}/list/1"]
        assert (told["sources"][0]["state"], told["alarms"][0]["source"]) == ("failing", "town")
        server.pages["/list/0"] = town["/list/0"]
        assert run_minutier("crawl", cwd=tmp_path).returncode == 0
        assert check(tmp_path) == (0, "", "")
    unlisted = run_minutier("changes", "--since", "0", "--json", cwd=tmp_path).stdout
    assert '"unlisted"' not in unlisted


def test_a_source_that_never_ran_needs_no_corpus_to_be_read(tmp_path: Path) -> None:
    """A list with an error is refused with its line, for nothing would be crawled by it."""
    (tmp_path / "sources.yaml").write_text("version: 1\nsource: []\n", encoding="utf-8")
    shared = Shared(corpus=str(tmp_path / "corpus"), sources=tmp_path / "sources.yaml")
    done = CliRunner().invoke(cli, ["check"], obj=shared, standalone_mode=False)
    assert isinstance(done.exception, WrongUse)
    assert "line 2" in str(done.exception)
    with pytest.raises(WrongUse):
        load_sources(shared.sources)
