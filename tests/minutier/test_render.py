"""`render: true`: a synthetic site whose list is made by JavaScript."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.loopback import Answer, page, serving
from tests.minutier.test_spiders_feeds import Run, alarms, crawl_all, pages_of, source

SCRIPT = b"""fetch('/api/list').then(r => r.json()).then(all => {
  document.querySelector('ul').innerHTML = all.map(n => `<li><a class="d" href="/d/${n}.html">${n}</a></li>`).join('');
});"""
KEYS = 'follow: {css: "a.d"}\nrender: true\n'


def site(trap: str) -> dict[str, Answer]:
    """Return a site whose listing is empty without its script; a tracker elsewhere is named as well."""
    listing = page("Délibérations", f'<ul></ul><script src="/a.js"></script><script src="{trap}/t.js"></script>')
    pages = {"/list": listing, "/a.js": Answer(SCRIPT, headers={"Content-Type": "text/javascript"})}
    return (
        pages | {"/api/list": Answer(b"[0, 1, 2]", headers={"Content-Type": "application/json"})} | pages_of(range(4))
    )


@pytest.mark.timeout(400)
def test_a_list_made_by_javascript_is_walked(run_minutier: Run, tmp_path: Path) -> None:
    """The rendered page is what is kept; other hosts are not asked; what its script lists later is found later."""
    with serving({}) as trap, serving(site(trap.root)) as server:
        sources = [source(server.root, "listing", "/list", KEYS)]
        code, runs = crawl_all(run_minutier, tmp_path, sources)
        run = runs["town"]
        assert (code, run["stored"], run["listings"], run["alarms"]) == (0, 3, 1, [])
        assert (trap.asked, server.times()["/a.js"], run["requests"]) == (
            [],
            1,
            len(server.asked) + server.asked_reservations,
        )
        agent = next(headers["User-Agent"] for path, headers, _ in server.asked if path == "/api/list")
        assert "corpus@example.org" in agent
        shown = json.loads(run_minutier("show", f"{server.root}/d/0.html", "--json", cwd=tmp_path).stdout)
        assert shown["captures"][0]["flags"] == ["rendered"]
        server.pages["/api/list"] = Answer(b"[0, 1, 2, 3]", headers={"Content-Type": "application/json"})
        code, runs = crawl_all(run_minutier, tmp_path, sources)
        assert (code, runs["town"]["stored"], runs["town"]["unchanged"]) == (0, 1, 3)


@pytest.mark.timeout(400)
def test_robots_hold_for_what_a_page_asks_for(run_minutier: Run, tmp_path: Path) -> None:
    """Data that robots.txt forbids is not asked for, though the page would."""
    with serving({}) as trap, serving(site(trap.root)) as server:
        server.pages["/robots.txt"] = Answer(b"User-agent: *\nDisallow: /api/\n")
        code, runs = crawl_all(run_minutier, tmp_path, [source(server.root, "listing", "/list", KEYS)])
        assert server.times()["/a.js"] == 1 and not server.times()["/api/list"]
    assert code == 1 and "No listing gave a single document" in alarms(runs["town"])


def test_without_a_browser_a_sentence_says_what_to_install(run_minutier: Run, tmp_path: Path) -> None:
    """Exit code 2, and nothing is asked; `doctor` says the same and calls it no fault."""
    nowhere = {"MINUTIER_CHROMIUM": str(tmp_path / "none")}
    with serving(site("http://127.0.0.1:9")) as server:
        text = "version: 1\ncontact: corpus@example.org\nsources:\n" + source(server.root, "listing", "/list", KEYS)
        (tmp_path / "sources.yaml").write_text(text, encoding="utf-8")
        done = run_minutier("crawl", cwd=tmp_path, env=nowhere)
        assert (done.returncode, server.asked) == (2, [])
    assert "install chromium" in done.stderr and "Traceback" not in done.stderr
    checks = json.loads(run_minutier("doctor", "--json", cwd=tmp_path, env=nowhere).stdout)["checks"]
    (browser,) = [check for check in checks if check["name"] == "browser"]
    assert browser["ok"] and "install chromium" in browser["found"]
