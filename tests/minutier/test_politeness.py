"""What a site asks for is kept: pauses, hours, and to be left alone."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from tests.loopback import Answer, page, serving, sources_file

Run = Callable[..., subprocess.CompletedProcess[str]]


def test_a_pause_is_kept_and_the_page_is_had(run_minutier: Run, tmp_path: Path) -> None:
    """A page that answers 429 once, with Retry-After: 2, is asked again two seconds later and stored."""
    moments: list[float] = []
    pages = {"/list/0": page("Séances", '<a class="document" href="/d/1">Séance</a>')}

    def busy(path: str) -> Answer | None:
        if path != "/d/1":
            return None
        moments.append(time.monotonic())
        late = len(moments) == 1
        return Answer(b"later", 429, {"Retry-After": "2"}) if late else page("Séance", "<p>Le conseil approuve.</p>")

    with serving(pages, busy) as server:
        (tmp_path / "sources.yaml").write_text(sources_file(server.root), encoding="utf-8")
        done = run_minutier("crawl", "--json", cwd=tmp_path)
    run = json.loads(done.stdout)["runs"][0]
    assert (done.returncode, run["stored"], run["failed"]) == (0, 1, 0), done.stderr
    assert len(moments) == 2 and moments[1] - moments[0] >= 2


def test_a_day_is_left_to_the_next_run(run_minutier: Run, tmp_path: Path) -> None:
    """A page that asks for a day is left pending: the run says that it is not complete, and does not wait."""
    listing = '<a class="document" href="/d/1">Séance</a> <a class="document" href="/d/2">Séance</a>'
    pages = {"/list/0": page("Séances", listing), "/d/1": Answer(b"later", 429, {"Retry-After": "86400"})}
    with serving(pages, lambda path: page("Séance", "<p>Le conseil approuve.</p>")) as server:
        (tmp_path / "sources.yaml").write_text(sources_file(server.root), encoding="utf-8")
        done = run_minutier("crawl", "--json", cwd=tmp_path, timeout=60)
        run = json.loads(done.stdout)["runs"][0]
        assert (done.returncode, run["outcome"], run["seen"]) == (1, "incomplete", 3)
        assert run["pending"] >= 1 and run["failed"] == 0
        server.pages["/d/1"] = page("Séance", "<p>Le conseil approuve une autre chose.</p>")
        again = json.loads(run_minutier("crawl", "--json", cwd=tmp_path).stdout)["runs"][0]
        assert (again["outcome"], again["pending"]) == ("complete", 0)


def test_outside_its_hours_a_source_waits(run_minutier: Run, tmp_path: Path) -> None:
    """Outside its hours nothing is asked of a site, and the run stays open."""
    hour = time.localtime().tm_hour
    hours = f"{(hour + 2) % 24:02}:00-{(hour + 3) % 24:02}:00"
    with serving({"/list/0": page("Séance", "<p>nothing</p>")}) as server:
        text = sources_file(server.root) + f'    hours: "{hours}"\n'
        (tmp_path / "sources.yaml").write_text(text, encoding="utf-8")
        done = run_minutier("crawl", "--json", cwd=tmp_path)
        assert (done.returncode, server.asked) == (4, []), done.stderr


def test_the_account_is_made_from_the_captures_alone(run_minutier: Run, tmp_path: Path) -> None:
    """Requests, pauses as they were sent, waits, rules, reservations: in JSON, in lines, as a French page."""
    answers = [Answer(b"", 429, {"Retry-After": "1"})]
    rights = b'[{"location": "/d/2", "tdm-reservation": 1}]'
    pages = {
        "/robots.txt": Answer(b"User-agent: *\nCrawl-delay: 0.3\n"),
        "/.well-known/tdmrep.json": Answer(rights, headers={"Content-Type": "application/json"}),
        "/list/0": page("Séances", "".join(f'<a class="document" href="/d/{n}">Séance</a>' for n in range(4))),
        "/d/2": page("Séance", "<p>Le conseil approuve le projet de jumelage.</p>"),
        "/d/3": Answer(b"", 302, {"Location": "/d/4"}),
    }
    noai = Answer(page("Séance", "<p>Le conseil approuve.</p>").body, headers={"X-Robots-Tag": "noai"})

    def busy(path: str) -> Answer | None:
        return answers.pop() if answers else noai

    with serving(pages, busy) as server:
        (tmp_path / "sources.yaml").write_text(sources_file(server.root), encoding="utf-8")
        assert run_minutier("crawl", cwd=tmp_path).returncode == 0
        heard = len(server.asked)
    done = run_minutier("politeness", "--json", cwd=tmp_path)
    (host,) = json.loads(done.stdout)["hosts"]
    asked = host["requests"]
    assert (asked["total"], asked["retries"], asked["redirects"], asked["reservations"]) == (heard, 1, 1, 1)
    assert host["robots"]["verdict"] == "rules" and host["robots"]["crawl_delay"] == 0.3
    pauses = host["pauses"]
    assert (pauses["measured"], pauses["promised"], pauses["below"], done.returncode) == (heard - 1, 0.3, 0, 0)
    assert 0.25 <= pauses["shortest"] <= pauses["median"] < 5
    assert host["retry_after"] == {"asked": 1, "kept": 1, "longest": 1.0, "left_to_a_later_run": 0}
    assert host["reserved"]["tdm"] == 1 and host["reserved"]["noai"] >= 2
    assert "corpus@example.org" in host["user_agent"]
    assert "pauses" in run_minutier("politeness", cwd=tmp_path).stdout
    assert run_minutier("politeness", "--html", "a.html", "--lang", "fr", cwd=tmp_path).returncode == 0
    assert "Ce qui a été demandé à 127.0.0.1" in (tmp_path / "a.html").read_text(encoding="utf-8")
    shown = json.loads(run_minutier("show", f"{server.root}/d/2", "--json", cwd=tmp_path).stdout)
    assert shown["rights"]["observed"]["tdm"] == "reserved"
    assert "said by the site" in run_minutier("show", f"{server.root}/d/2", cwd=tmp_path).stdout
