"""`minutier probe`: from an address to rules that collect everything, or to another road."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.loopback import Answer, Server
from tests.sites import SITES, Site, listing_with_next, others, page, served

Run = Callable[..., subprocess.CompletedProcess[str]]
EMPTY = "version: 1\ncontact: corpus@example.org\ndefaults: {delay: 0}\nsources: []\n"


def probed(run_minutier: Run, folder: Path, server: Server, *words: str) -> tuple[int, dict]:
    """Probe the root of a server and return exit code and what --json says."""
    if not (folder / "sources.yaml").exists():
        (folder / "sources.yaml").write_text(EMPTY, encoding="utf-8")
    done = run_minutier("probe", f"{server.root}/", "--json", *words, cwd=folder)
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout)


@pytest.mark.parametrize("name", SITES)
def test_what_is_proposed_collects_every_document(name: str, run_minutier: Run, tmp_path: Path) -> None:
    """On each kind of site, the written proposal, crawled, brings all documents and nothing else."""
    site = SITES[name]()
    with served(site) as server:
        code, told = probed(run_minutier, tmp_path, server, "--write", "--id", "town", "--kind", site.kind)
        asked = len(server.asked)
        assert (code, told["proposal"]["spider"]) == (0, site.spider)
        assert asked <= 26 and not any(path.startswith(("/prive", "/abonnement")) for path in server.times())
        done = run_minutier("crawl", "town", "--json", cwd=tmp_path)
        run = json.loads(done.stdout)["runs"][0]
        listed = run_minutier("search", "", "--json", "--all-copies", "--limit", "999", cwd=tmp_path)
    assert (done.returncode, run["alarms"]) == (0, [])
    found = {hit["url"].removeprefix(server.root) for hit in json.loads(listed.stdout)["hits"]}
    assert found == site.documents
    assert {each["url"].removeprefix(server.root) for each in told["proposal"]["sample"]} <= site.documents
    assert {each["spider"] for each in told["considered"]} | {site.spider} >= {"listing", "feed", "table", "api"}


def test_a_probe_says_what_it_saw_and_what_a_run_costs(run_minutier: Run, tmp_path: Path) -> None:
    """robots.txt, its wish, sitemaps, software, reservations, sizes and hours are told; no corpus is made."""
    site = listing_with_next()
    site.pages["/"].body = site.pages["/"].body.replace(b"<head>", b'<head><meta name="generator" content="SPIP 4">')
    site.robots = "User-agent: *\nCrawl-delay: 1\nDisallow: /sport\nSitemap: {root}/s.xml\n"
    site.pages["/.well-known/tdmrep.json"] = Answer(b'[{"location": "/", "tdm-reservation": 1}]')
    with served(site) as server:
        code, told = probed(run_minutier, tmp_path, server)
        assert "/sport" not in server.times() and server.times()["/robots.txt"] == 1
        heads = [path for path in server.times() if path.endswith(".pdf")]
    assert (code, told["system"], told["crawl_delay"]) == (0, "SPIP", 1.0)
    assert told["sitemaps"] == [f"{server.root}/s.xml"] and "allows" in told["robots"]
    assert told["tdm"] == "tdmrep.json: / reservation 1"
    proposal = told["proposal"]
    assert proposal["source"]["delay"] == 1.0 and proposal["source"]["rights"]["tdm"] == told["tdm"]
    assert (proposal["counted"], len(heads)) == (False, 3)
    assert proposal["mib"] is not None and proposal["hours"] == pytest.approx((12 + 2) / 3600, abs=0.01)
    assert any(each["text"] == "Conseil municipal" for each in told["link_words"])
    assert not (tmp_path / "corpus").exists()


def test_a_source_that_is_there_keeps_what_it_says_of_itself(run_minutier: Run, tmp_path: Path) -> None:
    """With an id its start is probed; id, title, kind, comments and the other source stay, the rules are new."""
    with served(listing_with_next()) as server:
        text = f"""version: 1
contact: corpus@example.org
defaults: {{delay: 0}}
sources:
  - id: first  # the oldest
    title: "Mairie : séances"
    kind: council_minutes
    voice: local_authority
    # road: form
    spider: listing
    start: ["{server.root}/"]
    follow: {{css: "a.gone"}}
    detail: {{css: "a.gone"}}
    # people are named
    enabled: true  # for now
  - {{id: other, title: Other, kind: other, voice: media, spider: feed, start: ["{server.root}/f"]}}
"""
        (tmp_path / "sources.yaml").write_text(text, encoding="utf-8")
        done = run_minutier("probe", "first", "--write", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    after = (tmp_path / "sources.yaml").read_text(encoding="utf-8")
    kept = [
        line for line in text.splitlines() if not any(word in line for word in ("road:", "gone", "start: [", "true"))
    ]
    lines = after.splitlines()
    assert [line for line in kept if line not in lines] == ["    " + "x"][:0] and text.splitlines()[-1] == lines[-1]
    assert "a.gone" not in after and "road:" not in after
    assert 'follow: {css: "li.pv a"}' in after and "    enabled: false  # for now" in lines
    assert f'start: ["{server.root}/conseil"]' in after and "verified: 20" in after
    assert 'follow: {css: "li.pv a"}' in done.stdout


FORBIDDEN = "User-agent: *\nDisallow: /\n"
LOGIN = '<form action="/in"><input name="user"><input type="password" name="secret"></form>'
SCRIPTS = Answer(b'<html><head><script src="/app.js"></script></head><body><div id="root"></div></body></html>')


@pytest.mark.parametrize(
    ("site", "roads"),
    [
        (Site(spider="", robots=FORBIDDEN, pages=others()), ["import", "request", "archive"]),
        (Site(spider="", pages={"/": page("Espace", LOGIN)}), ["import", "request", "archive"]),
        (Site(spider="", pages={"/": Answer(b"go away", 403)}), ["import", "request", "archive"]),
        (Site(spider="", pages={"/": SCRIPTS}), ["render", "import"]),
        (Site(spider="", pages={"/": Answer(b"", 404)}), ["archive"]),
    ],
    ids=["robots", "login", "403", "scripts", "404"],
)
def test_a_site_that_cannot_be_read_has_another_road(
    site: Site, roads: list[str], run_minutier: Run, tmp_path: Path
) -> None:
    """Where robots, a login, an answer or scripts keep us out, the roads around are named and nothing is written."""
    with served(site) as server:
        code, told = probed(run_minutier, tmp_path, server, "--write")
        if site.robots == FORBIDDEN:
            assert set(server.times()) == {"/robots.txt"} and "forbids" in told["robots"]
    assert (code, told["proposal"], [road["name"] for road in told["roads"]]) == (1, None, roads)
    assert (tmp_path / "sources.yaml").read_text(encoding="utf-8") == EMPTY


def test_a_form_is_named_with_its_fields(run_minutier: Run, tmp_path: Path) -> None:
    """A search form is shown with its method and fields, as something to look at: it gives no rules."""
    form = '<form method="post"><input name="objet"><select name="seance"></select><input type=hidden name="t"></form>'
    with served(Site(spider="", pages={"/": page("Recherche d'actes", form)})) as server:
        code, told = probed(run_minutier, tmp_path, server)
    assert (code, told["proposal"]) == (1, None)
    assert told["forms"] == [{"url": f"{server.root}/", "method": "post", "fields": ["objet", "seance", "t"]}]


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("https://town.example/", "is a placeholder"),
        ("nobody", "no web address"),
        ("papers", "has no `start`"),
    ],
)
def test_what_cannot_be_probed_is_said_at_once(address: str, words: str, run_minutier: Run, tmp_path: Path) -> None:
    """A placeholder as contact, an unknown id and a source without address end with a sentence and code 2."""
    source = "  - {id: papers, title: P, kind: other, voice: media, spider: folder}\n"
    (tmp_path / "sources.yaml").write_text(EMPTY.replace(" []", "") + source, encoding="utf-8")
    done = run_minutier("probe", address, cwd=tmp_path)
    assert (done.returncode, words in done.stderr) == (2, True), done.stderr
