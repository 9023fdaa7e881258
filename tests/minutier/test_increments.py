"""A site over several days: every kind of change is a fact of its own, and nothing unchanged is sent twice."""

from __future__ import annotations

import json
import sqlite3
import subprocess
from collections.abc import Callable
from pathlib import Path

from tests.loopback import Answer, page, paragraph, serving, sources_file, town_of

Run = Callable[..., subprocess.CompletedProcess[str]]


def facts(folder: Path) -> list[tuple[str, str]]:
    """Return the change feed: the last part of the address, and the fact."""
    with sqlite3.connect(folder / "corpus" / "corpus.db") as database:
        rows = database.execute("SELECT address, fact FROM change JOIN document d ON d.id = document_id ORDER BY seq")
        return [(address.rpartition("/")[2], fact) for address, fact in rows]


def listing(*names: str) -> Answer:
    """Return a listing of some documents."""
    return page("Séances", "".join(f'<li><a class="document" href="/d/{name}">{name}</a></li>' for name in names))


def test_each_change_is_a_fact_of_its_own(run_minutier: Run, tmp_path: Path) -> None:
    """Late papers, corrections, moves, absences and returns over four days; two hosts of one site are one."""
    names = ["same", "corrected", "redirected", "elsewhere", "unlisted"]
    pages = {f"/d/{name}": page(name, paragraph(n)) for n, name in enumerate(names)} | {"/list": listing(*names)}
    with serving(pages) as server:
        text = sources_file(server.root, "/list") + f'    host_aliases: ["localhost:{server.port}"]\n'
        (tmp_path / "sources.yaml").write_text(text, encoding="utf-8")

        def day() -> list[tuple[str, str]]:
            before = len(facts(tmp_path)) if (tmp_path / "corpus").exists() else 0
            assert run_minutier("crawl", cwd=tmp_path).returncode == 0
            return facts(tmp_path)[before:]

        assert sorted(day()) == sorted((name, "stored") for name in names)
        server.pages |= {
            "/list": page("Séances", listing("same", "corrected", "redirected", "late").body.decode()
                          + f'<a class="document" href="http://localhost:{server.port}/d/same">le même</a>'
                          + '<a class="document" href="/d/new-place">ailleurs</a>'),
            "/d/corrected": page("corrected", paragraph(77)),
            "/d/redirected": Answer(b"", 301, {"Location": "/d/target"}),
            "/d/target": pages["/d/redirected"],
            "/d/new-place": pages["/d/elsewhere"],
            "/d/late": page("late", paragraph(88)),
        }  # fmt: skip
        del server.pages["/d/elsewhere"]
        assert sorted(day()) == [
            ("corrected", "updated"), ("elsewhere", "missing"), ("elsewhere", "unlisted"), ("late", "stored"),
            ("new-place", "stored"), ("redirected", "moved"), ("unlisted", "unlisted"),
        ]  # fmt: skip
        assert day() == [("elsewhere", "gone"), ("elsewhere", "moved_to")]
        server.pages["/d/elsewhere"] = pages["/d/new-place"]
        server.pages["/list"] = listing("same", "corrected", "redirected", "late", "new-place", "elsewhere")
        assert day() == [("elsewhere", "relisted"), ("elsewhere", "returned")]
        stats = json.loads(run_minutier("stats", "--json", cwd=tmp_path).stdout)
    assert (stats["documents"], stats["versions"]) == (7, 8)


def test_the_second_day_of_an_unchanged_site_sends_no_body(run_minutier: Run, tmp_path: Path) -> None:
    """None of 60 pages is sent again; one with no-store, one with max-age and one that now fails are asked again."""
    pages = town_of(60)
    odd = {"/d/0.html": "no-store", "/d/1.html": "max-age=86400"}
    for path, control in odd.items():
        pages[path] = Answer(pages[path].body, headers={"Content-Type": "text/html", "Cache-Control": control})
    with serving(pages) as server:
        (tmp_path / "sources.yaml").write_text(sources_file(server.root), encoding="utf-8")
        assert run_minutier("crawl", cwd=tmp_path).returncode == 0
        server.asked.clear()
        assert run_minutier("crawl", cwd=tmp_path).returncode == 0
        assert server.statuses() == {304: 62, 200: 1}, "only robots.txt comes as a body"
        server.asked.clear()
        server.pages["/d/2.html"] = Answer(b"broken", 500)
        server.pages["/d/0.html"] = Answer(page("Autre", paragraph(999)).body, headers=pages["/d/0.html"].headers)
        run = json.loads(run_minutier("crawl", "--json", cwd=tmp_path).stdout)["runs"][0]
        assert min(server.times()[path] for path in odd) == 1
    assert (run["updated"], run["failed"], run["unchanged"]) == (1, 1, 58)
    with sqlite3.connect(tmp_path / "corpus" / "corpus.db") as database:
        status = "SELECT status FROM capture WHERE url LIKE ? ORDER BY seq"
        assert [row[0] for row in database.execute(status, ("%/d/2.html",))] == [200, 304, 500]
        assert [row[0] for row in database.execute(status, ("%/d/1.html",))] == [200, 304, 304]
