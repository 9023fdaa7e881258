"""Schedulers that wake up at the same moment: real processes, on both kinds of database."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.loopback import Answer, Server, serving, sources_file, town_of
from tests.saying import Say, say

__all__ = ["say"]

Start = Callable[[], "Scheduler"]


class Scheduler:
    """A `crawl --due` of its own process, which knows what is due and waits for a word to do it."""

    def __init__(self, folder: Path, place: str) -> None:
        words = ["crawl", "--due", "--json", "--corpus", place]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.minutier.pausing", *words],
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
        assert self.process.stderr is not None
        said = iter(self.process.stderr.readline, "")
        assert "decided\n" in said, "it ended before it knew what is due"

    def go(self) -> None:
        """Let it go on."""
        assert self.process.stdin is not None
        self.process.stdin.write("go\n")
        self.process.stdin.flush()

    def end(self) -> tuple[int, list[dict[str, Any]], str]:
        """Return its exit code, its runs and what it said, once it is over."""
        out, err = self.process.communicate(timeout=100)
        return self.process.returncode, json.loads(out)["runs"] if out else [], err


class Held(dict[str, Answer]):
    """Pages, one of which is given only when it may be."""

    def __init__(
        self, pages: dict[str, Answer], path: str, asked: threading.Event, may_answer: threading.Event
    ) -> None:
        super().__init__(pages)
        self.path, self.asked, self.may_answer = path, asked, may_answer

    def get(self, path: str, *default: Any) -> Any:
        """Return a page; for the one that is held, say that it was asked for and wait."""
        if path == self.path:
            self.asked.set()
            self.may_answer.wait(60)
        return super().get(path, *default)


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Server]:
    """Serve a town of three documents, with its entry in sources.yaml."""
    with serving(town_of(3)) as server:
        (tmp_path / "sources.yaml").write_text(sources_file(server.root), encoding="utf-8")
        yield server


@pytest.fixture
def start(town: Server, tmp_path: Path, place: str) -> Iterator[Start]:
    """Give a function that starts a scheduler; what still runs at the end is killed."""
    started: list[Scheduler] = []

    def one() -> Scheduler:
        started.append(Scheduler(tmp_path, place))
        return started[-1]

    yield one
    for each in started:
        each.process.kill()
        each.process.communicate()


def test_what_was_run_since_it_was_found_due_is_left_alone(start: Start, town: Server) -> None:
    """Two find the source due, one runs it to its end, then the other goes on: it asks nothing, and has not failed."""
    first, second = start(), start()
    first.go()
    code, runs, _ = first.end()
    assert (code, [run["outcome"] for run in runs]) == (0, ["complete"])
    asked = len(town.asked)
    second.go()
    code, runs, said = second.end()
    assert (code, runs, len(town.asked)) == (0, [], asked)
    assert "'town' has been run by another process meanwhile" in said and "Traceback" not in said


def test_of_two_at_the_same_moment_one_runs_the_source(start: Start, town: Server) -> None:
    """Both are let go together: every page is asked once, there is one run, and neither has failed."""
    schedulers = [start(), start()]
    for each in schedulers:
        each.go()
    ends = [each.end() for each in schedulers]
    assert [code for code, _, _ in ends] == [0, 0], [said for _, _, said in ends]
    assert [run["outcome"] for _, runs, _ in ends for run in runs] == ["complete"]
    assert {path: times for path, times in town.times().items() if times > 1} == {}


def test_a_run_whose_scheduler_was_killed_is_gone_on_with(
    start: Start, town: Server, run_minutier: Callable, tmp_path: Path, place: str
) -> None:
    """One dies in the middle: who decided at the same time goes on with the same run, and begins no second one."""
    first, second = start(), start()
    asked, may_answer = threading.Event(), threading.Event()
    town.pages = Held(town.pages, "/d/2.html", asked, may_answer)
    first.go()
    assert asked.wait(60)
    first.process.kill()
    first.process.communicate()
    may_answer.set()
    second.go()
    code, ended, said = second.end()
    assert (code, [run["outcome"] for run in ended], "Traceback" in said) == (0, ["complete"], False), said
    runs = json.loads(run_minutier("runs", "--json", "--corpus", place, cwd=tmp_path).stdout)["runs"]
    assert [run["id"] for run in runs] == [ended[0]["id"]]


def test_a_source_that_is_never_due_is_said_to_have_no_turn(say: Say, tmp_path: Path) -> None:
    """A disabled source that is named is not run, and silence does not make it look as if it had been run lately."""
    text = sources_file("http://127.0.0.1:9").replace("enabled: true", "enabled: false")
    (tmp_path / "sources.yaml").write_text(text, encoding="utf-8")
    done = say("crawl", "--due", "town")
    assert (done.code, done.out) == (0, "")
    assert "town has no turn (disabled or discontinued): without --due it is run." in done.err.replace("\n", " ")
