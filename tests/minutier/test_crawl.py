"""`minutier crawl` against servers on the loopback: what is asked, what is kept, how it ends."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from tests.loopback import Answer, Server, page, paragraph, serving, sources_file, town_of

Run = Callable[..., subprocess.CompletedProcess[str]]


def crawl(run_minutier: Run, folder: Path, server: Server, *words: str, **source: str) -> tuple[int, dict, str]:
    """Crawl the one source of a server and return exit code, the run and what was said."""
    (folder / "sources.yaml").write_text(sources_file(server.root, **source), encoding="utf-8")
    done = run_minutier("crawl", "--json", *words, cwd=folder)
    runs = json.loads(done.stdout)["runs"] if done.stdout else []
    return done.returncode, runs[0] if runs else {}, done.stderr


def adds_up(run: dict) -> bool:
    """Return whether a run's equation holds."""
    parts = ["listings", "stored", "updated", "unchanged", "related", "skipped", "pending", "failed"]
    return run["seen"] == sum(run[name] for name in parts)


def test_a_second_crawl_asks_conditionally_and_stores_nothing_twice(run_minutier: Run, tmp_path: Path) -> None:
    """An unchanged site answers 304 everywhere; nothing new is stored and the run is complete."""
    with serving(town_of(12, per_page=5)) as server:
        code, run, _ = crawl(run_minutier, tmp_path, server)
        assert (code, run["stored"], run["listings"], adds_up(run)) == (0, 12, 3, True)
        server.asked.clear()
        code, run, _ = crawl(run_minutier, tmp_path, server)
        assert (code, run["unchanged"], run["stored"], adds_up(run)) == (0, 12, 0, True)
        assert server.statuses() == {304: 15, 200: 1}, "only robots.txt comes as a body"


def test_robots_txt_and_foreign_hosts_are_skips_with_a_reason(run_minutier: Run, tmp_path: Path) -> None:
    """What robots.txt forbids is not asked, what lies on another host neither; both are counted and named."""
    pages = town_of(2)
    pages["/robots.txt"] = Answer(b"User-agent: *\nDisallow: /d/1.html\n")
    pages["/list/0"] = page(
        "Liste",
        '<a class="document" href="/d/0.html">a</a><a class="document" href="/d/1.html">b</a>'
        '<a class="document" href="http://10.0.0.1/x.pdf">c</a>',
    )
    with serving(pages) as server:
        code, run, _ = crawl(run_minutier, tmp_path, server)
        assert (run["stored"], run["skipped"], adds_up(run)) == (1, 2, True)
        assert server.times()["/d/1.html"] == 0
    skips = json.loads(run_minutier("skips", "--json", cwd=tmp_path).stdout)["skips"]
    assert sorted(skip["reason"] for skip in skips) == ["robots", "scope"]
    assert code == 0


@pytest.mark.parametrize("status", [500, 503, 429, 401])
def test_no_page_is_asked_when_robots_txt_cannot_be_read(run_minutier: Run, tmp_path: Path, status: int) -> None:
    """An unreadable robots.txt forbids everything: no page is fetched, and the run does not end with 0."""
    pages = town_of(2) | {"/robots.txt": Answer(b"broken", status)}
    with serving(pages) as server:
        code, run, said = crawl(run_minutier, tmp_path, server)
        assert {path for path, _, _ in server.asked} == {"/robots.txt"}
    assert (code, run["outcome"], adds_up(run)) == (1, "incomplete", True)
    assert "robots.txt" in said


def test_a_source_that_answers_500_is_one_sentence_and_exit_1(run_minutier: Run, tmp_path: Path) -> None:
    """A listing that fails: the run is incomplete, an alarm names the address, what was stored stays."""
    pages = town_of(3)
    with serving(pages) as server:
        assert crawl(run_minutier, tmp_path, server)[0] == 0
        server.pages["/list/0"] = Answer(b"oops", 500)
        code, run, said = crawl(run_minutier, tmp_path, server)
    assert (code, run["outcome"], run["failed"]) == (1, "incomplete", 1)
    assert "/list/0" in said and "500" in said
    stats = json.loads(run_minutier("stats", "--json", cwd=tmp_path).stdout)
    assert (stats["documents"], stats["by_verdict"]) == (3, {"good": 3})


def test_an_error_never_answers_with_an_old_page(run_minutier: Run, tmp_path: Path) -> None:
    """A document that now answers 500 is a failure of this run; its earlier version stays."""
    with serving(town_of(3)) as server:
        crawl(run_minutier, tmp_path, server)
        server.pages["/d/1.html"] = Answer(b"oops", 500)
        code, run, _ = crawl(run_minutier, tmp_path, server)
    assert (code, run["outcome"], run["failed"], run["unchanged"]) == (1, "failures", 1, 2)


def test_pages_that_forbid_storing_or_promise_to_keep_are_asked_again(run_minutier: Run, tmp_path: Path) -> None:
    """`no-store` and `max-age` change nothing: every run asks, every answer is captured."""
    pages = town_of(2)
    for number, control in enumerate(["no-store", "max-age=86400"]):
        headers = {"Content-Type": "text/html", "Cache-Control": control}
        pages[f"/d/{number}.html"] = Answer(pages[f"/d/{number}.html"].body, headers=headers)
    with serving(pages, etags=False) as server:
        for _ in range(2):
            assert crawl(run_minutier, tmp_path, server)[0] == 0
        assert server.times()["/d/0.html"] == server.times()["/d/1.html"] == 2


def test_an_empty_listing_is_an_alarm_and_exit_1(run_minutier: Run, tmp_path: Path) -> None:
    """Rules that select nothing are said to, and the run is not complete."""
    with serving({"/list/0": page("Liste", "<p>rien</p>")}) as server:
        code, run, said = crawl(run_minutier, tmp_path, server)
    assert (code, run["outcome"]) == (1, "too_few")
    assert "No listing gave a single document" in said


def test_counting_pages_ends_where_the_site_says_so(run_minutier: Run, tmp_path: Path) -> None:
    """A counter that runs past the last page and gets a 404 has come to its end: the run is complete."""
    pages = town_of(10, per_page=5)
    counted = {f"/l?page={number}": pages[f"/list/{number - 1}"] for number in (1, 2)}
    with serving(pages | counted) as server:
        text = sources_file(server.root, start="/l?page=1").replace('css: "a[rel=next]"', "param: page, step: 1")
        (tmp_path / "sources.yaml").write_text(text, encoding="utf-8")
        done = run_minutier("crawl", "--json", cwd=tmp_path)
        run = json.loads(done.stdout)["runs"][0]
        assert server.times()["/l?page=3"] == 1
    assert (done.returncode, run["outcome"], run["stored"], run["failed"], adds_up(run)) == (0, "complete", 10, 0, True)


def test_files_can_be_imported_into_a_source_that_is_crawled(run_minutier: Run, tmp_path: Path) -> None:
    """An import lends the source its title and kind, and a later crawl leaves the imported document listed."""
    (tmp_path / "scan.txt").write_text("Une délibération reçue par courrier.", encoding="utf-8")
    with serving(town_of(2)) as server:
        crawl(run_minutier, tmp_path, server)
        assert run_minutier("import", "scan.txt", "--source", "town", cwd=tmp_path).returncode == 0
        assert crawl(run_minutier, tmp_path, server)[0] == 0
    stats = json.loads(run_minutier("stats", "--json", cwd=tmp_path).stdout)
    assert (stats["by_kind"], stats["by_source"]) == ({"council_minutes": 3}, {"town": 3})
    document = json.loads(run_minutier("show", "import:town/scan.txt", "--json", cwd=tmp_path).stdout)
    assert document["unlisted_at"] is None


def test_a_limit_ends_with_5_and_says_what_was_left(run_minutier: Run, tmp_path: Path) -> None:
    """--limit asks for that many documents; the others are skips with the reason budget."""
    with serving(town_of(10)) as server:
        code, run, _ = crawl(run_minutier, tmp_path, server, "--limit", "4")
        assert (code, run["outcome"], run["stored"], run["skipped"], adds_up(run)) == (5, "limited", 4, 6, True)
        assert sum(path.startswith("/d/") for path, _, _ in server.asked) == 4


def test_off_line_nothing_is_asked_and_the_captures_are_walked(run_minutier: Run, tmp_path: Path) -> None:
    """--offline gives the same account from the last captures, without a request."""
    with serving(town_of(6)) as server:
        crawl(run_minutier, tmp_path, server)
        server.asked.clear()
        code, run, _ = crawl(run_minutier, tmp_path, server, "--offline")
        assert (code, run["unchanged"], run["listings"], run["requests"]) == (0, 6, 1, 0)
        assert not server.asked


def test_redirects_are_followed_within_the_source_only(run_minutier: Run, tmp_path: Path) -> None:
    """A permanent redirect names the document anew; one that leaves the source is a skip, and nobody is asked."""
    pages = town_of(3)
    with serving({}) as trap, serving(pages) as server:
        pages["/d/0.html"] = Answer(b"", 301, {"Location": "/moved.html"})
        pages["/moved.html"] = page("Ailleurs", paragraph(99))
        pages["/d/1.html"] = Answer(b"", 302, {"Location": f"{trap.root}/secret"})
        code, run, _ = crawl(run_minutier, tmp_path, server)
        assert not trap.asked
    assert (code, run["stored"], run["skipped"], adds_up(run)) == (0, 2, 1, True)
    hits = json.loads(run_minutier("search", "", "--json", cwd=tmp_path).stdout)["hits"]
    assert any(hit["url"].endswith("/moved.html") for hit in hits)


def test_what_moved_and_is_listed_no_more_is_asked_once_in_a_run(run_minutier: Run, tmp_path: Path) -> None:
    """An old address that leads on to a new one does not keep a run going, asked again and again."""
    pages = town_of(2)
    with serving(pages) as server:
        crawl(run_minutier, tmp_path, server)
        pages["/moved.html"], pages["/d/1.html"] = pages["/d/1.html"], Answer(b"", 301, {"Location": "/moved.html"})
        pages["/list/0"] = town_of(1)["/list/0"]
        for _ in range(2):
            server.asked.clear()
            code, run, _ = crawl(run_minutier, tmp_path, server)
            assert (code, run["outcome"], run["unchanged"], adds_up(run)) == (0, "complete", 2, True)
            assert (server.times()["/d/1.html"], server.times()["/moved.html"]) == (1, 1)


def test_the_gap_between_requests_is_never_under_the_delay(run_minutier: Run, tmp_path: Path) -> None:
    """With a delay of 0.3 s requests to the host come that far apart (clock of the server)."""
    moments: list[float] = []
    pages = town_of(5)

    def watched(path: str) -> Answer | None:
        moments.append(time.monotonic())
        return pages.get(path)

    with serving({}, otherwise=watched) as server:
        text = sources_file(server.root).replace("delay: 0", "delay: 0.3")
        (tmp_path / "sources.yaml").write_text(text, encoding="utf-8")
        assert run_minutier("crawl", cwd=tmp_path).returncode == 0
    gaps = [later - earlier for earlier, later in pairwise(moments)]
    assert len(gaps) == 7, "robots.txt, what is reserved, the listing and five documents"
    assert min(gaps) >= 0.2, "a busy machine hears some late, and then the next one sooner"
    assert sum(gaps) >= 7 * 0.3 - 0.1


def test_the_robot_says_who_it_is(run_minutier: Run, tmp_path: Path) -> None:
    """The User-Agent names Minutier and the contact."""
    with serving(town_of(1)) as server:
        crawl(run_minutier, tmp_path, server)
        agents = {headers.get("User-Agent", "") for _, headers, _ in server.asked}
    assert all("Minutier/" in agent and "corpus@example.org" in agent for agent in agents)


@pytest.mark.skipif(sys.platform == "win32", reason="platform: SIGINT cannot be sent to another process on Windows")
def test_ctrl_c_ends_with_4_and_the_next_run_goes_on(
    run_minutier: Run, start_minutier: Callable, tmp_path: Path
) -> None:
    """Interrupted: what came is stored, and the same command asks only for the rest."""
    with serving(town_of(60), etags=False) as server:
        text = sources_file(server.root).replace("delay: 0", "delay: 0.05")
        (tmp_path / "sources.yaml").write_text(text, encoding="utf-8")
        going = start_minutier("crawl", cwd=tmp_path)
        while sum(path.startswith("/d/") for path, _, _ in server.asked) < 15:
            time.sleep(0.02)
        going.send_signal(signal.SIGINT)
        assert going.wait(timeout=60) == 4
        done = run_minutier("crawl", "--json", cwd=tmp_path)
        run = json.loads(done.stdout)["runs"][0]
        assert (done.returncode, run["stored"], adds_up(run)) == (0, 60, True)
        assert sum(path.startswith("/d/") for path, _, _ in server.asked) <= 60 + 16


def test_killed_at_random_nothing_is_lost_or_stored_twice(
    run_minutier: Run, start_minutier: Callable, tmp_path: Path
) -> None:
    """kill -9 twice, then one more run: every page once, at most 16 asked again per kill, exit code 0."""
    dice, pages = random.Random(7), 120
    with serving(town_of(pages), etags=False) as server:
        (tmp_path / "sources.yaml").write_text(sources_file(server.root), encoding="utf-8")

        def asked() -> int:
            return sum(path.startswith("/d/") for path, _, _ in server.asked)

        for kill in (1, 2):
            going = start_minutier("crawl", cwd=tmp_path)
            aim = int(pages * (kill - dice.random()) / 3)
            while asked() < aim and going.poll() is None:
                time.sleep(0.005)
            going.kill()
            going.wait()
        done = run_minutier("crawl", "--json", cwd=tmp_path)
        again = asked() - pages
    run = json.loads(done.stdout)["runs"][0]
    stats = json.loads(run_minutier("stats", "--json", cwd=tmp_path).stdout)
    assert (done.returncode, run["outcome"], run["stored"]) == (0, "complete", pages)
    assert (stats["documents"], stats["versions"]) == (pages, pages)
    assert 0 <= again <= 32


def test_a_source_with_a_placeholder_contact_is_refused_off_the_loopback(run_minutier: Run, tmp_path: Path) -> None:
    """Nobody is asked anything while the contact is the example's."""
    text = sources_file("https://town.example").replace("delay: 0", "delay: 5")
    (tmp_path / "sources.yaml").write_text(text, encoding="utf-8")
    done = run_minutier("crawl", cwd=tmp_path)
    assert done.returncode == 2
    assert "placeholder" in done.stderr and "Traceback" not in done.stderr


def test_an_unknown_source_is_one_sentence(run_minutier: Run, tmp_path: Path) -> None:
    """The thing, the place, the next step; exit code 2."""
    (tmp_path / "sources.yaml").write_text(sources_file("http://127.0.0.1:9"), encoding="utf-8")
    done = run_minutier("crawl", "nowhere", cwd=tmp_path)
    assert done.returncode == 2
    assert "nowhere" in done.stderr and "minutier sources" in done.stderr


def test_what_is_due_runs_once_and_the_rest_waits(run_minutier: Run, tmp_path: Path) -> None:
    """The first `crawl --due` runs the source, the second says when it is due next and asks nothing."""
    with serving(town_of(1)) as server:
        (tmp_path / "sources.yaml").write_text(sources_file(server.root), encoding="utf-8")
        listed = run_minutier("sources", "--json", cwd=tmp_path)
        first = run_minutier("crawl", "--due", "--json", cwd=tmp_path)
        asked = len(server.asked)
        again = run_minutier("crawl", "--due", "--json", cwd=tmp_path)
        assert len(server.asked) == asked
    assert (first.returncode, len(json.loads(first.stdout)["runs"])) == (0, 1)
    assert "1 source is due." in first.stderr
    assert (again.returncode, json.loads(again.stdout)["runs"]) == (0, [])
    assert "Nothing is due; 1 wait, the first is town, on " in again.stderr
    later = run_minutier("sources", "--json", cwd=tmp_path)
    before, after = (json.loads(each.stdout)["sources"][0]["due_at"] for each in (listed, later))
    assert datetime.fromisoformat(after) - datetime.fromisoformat(before) > timedelta(days=6)


def test_what_is_due_is_never_answered_from_memory(run_minutier: Run, tmp_path: Path) -> None:
    """--due with --offline is refused."""
    done = run_minutier("crawl", "--due", "--offline", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (2, "What is due is asked of the sites: choose --due or --offline.\n")


def test_two_schedulers_at_once_run_each_source_once(
    run_minutier: Run, start_minutier: Callable, tmp_path: Path
) -> None:
    """While one process runs a source, another that finds it due leaves it alone, and that is no failure."""
    with serving(town_of(8)) as server:
        text = sources_file(server.root).replace("delay: 0", "delay: 0.3")
        (tmp_path / "sources.yaml").write_text(text, encoding="utf-8")
        going = start_minutier("crawl", "--due", cwd=tmp_path)
        while not server.asked and going.poll() is None:
            time.sleep(0.02)
        done = run_minutier("crawl", "--due", cwd=tmp_path)
        assert (done.returncode, going.wait()) == (0, 0), done.stderr
        assert sum(path == "/list/0" for path, _, _ in server.asked) == 1
    runs = json.loads(run_minutier("runs", "--json", cwd=tmp_path).stdout)["runs"]
    assert [run["outcome"] for run in runs] == ["complete"]
