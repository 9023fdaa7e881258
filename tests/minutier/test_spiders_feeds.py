"""`minutier crawl` over listings that are no web pages: feeds, sitemaps, tables, portals, each a synthetic site."""

from __future__ import annotations

import gzip
import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs

from tests.loopback import Answer, Server, page, paragraph, serving

Run = Callable[..., subprocess.CompletedProcess[str]]


def source(root: str, spider: str, start: str, keys: str = "", name: str = "town") -> str:
    """Return one source of a server as sources.yaml has it."""
    head = f"""  - id: {name}
    title: A synthetic town
    kind: council_minutes
    voice: local_authority
    spider: {spider}
    start: ["{root}{start}"]
    delay: 0
    enabled: true
"""
    return head + "".join(f"    {line}\n" for line in keys.splitlines())


def crawl_all(run_minutier: Run, folder: Path, sources: list[str]) -> tuple[int, dict[str, dict]]:
    """Crawl some sources and return exit code and runs by source."""
    text = "version: 1\ncontact: corpus@example.org\nsources:\n" + "".join(sources)
    (folder / "sources.yaml").write_text(text, encoding="utf-8")
    done = run_minutier("crawl", "--json", cwd=folder)
    assert done.stdout, done.stderr
    runs = {run["source"]: run for run in json.loads(done.stdout)["runs"]}
    parts = ["listings", "stored", "updated", "unchanged", "related", "skipped", "pending", "failed"]
    assert all(run["seen"] == sum(run[name] for name in parts) for run in runs.values())
    return done.returncode, runs


def crawl(run_minutier: Run, folder: Path, server: Server, spider: str, start: str, keys: str = "") -> tuple[int, dict]:
    """Crawl the one source of a server and return exit code and run."""
    code, runs = crawl_all(run_minutier, folder, [source(server.root, spider, start, keys)])
    return code, runs["town"]


def alarms(run: dict) -> str:
    """Return all that the alarms of a run say."""
    return "\n".join(alarm["message"] for alarm in run["alarms"])


def pages_of(numbers: range) -> dict[str, Answer]:
    """Return document pages, each different."""
    return {f"/d/{n}.html": page(f"Délibération {n}", paragraph(n)) for n in numbers}


def rss(numbers: range, *, content: bool = False) -> Answer:
    """Return an RSS feed of some document pages."""
    own = "<content:encoded><![CDATA[{0}]]></content:encoded>" if content else ""
    entries = "".join(
        f"<item><title>Délibération {n}</title><link>/d/{n}.html</link><description>Séance {n}</description>"
        f"<pubDate>Mon, 27 May 2024 08:{n:02}:00 +0200</pubDate>{own.format(paragraph(n))}</item>"
        for n in numbers
    )
    space = 'xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    body = f'<?xml version="1.0"?><rss version="2.0" {space}><channel><title>x</title>{entries}</channel></rss>'
    return Answer(body.encode(), headers={"Content-Type": "application/rss+xml"})


def test_feeds_are_read_page_after_page_or_taken_whole(run_minutier: Run, tmp_path: Path) -> None:
    """A counter leads through all pages to a 404; with full_text the feed alone is asked; on day two nothing is new."""
    pages = {"/feed": rss(range(5)), "/feed?paged=2": rss(range(5, 10)), "/feed?paged=3": rss(range(10, 12))}
    with serving(pages | pages_of(range(12)) | {"/whole": rss(range(20, 23), content=True)}) as server:
        sources = [
            source(server.root, "feed", "/feed", "next: {param: paged}", "paged"),
            source(server.root, "feed", "/whole", "full_text: true", "whole"),
        ]
        code, runs = crawl_all(run_minutier, tmp_path, sources)
        paged, whole = runs["paged"], runs["whole"]
        assert (code, paged["stored"], paged["listings"], whole["stored"], whole["listings"]) == (0, 12, 4, 3, 1)
        assert server.times()["/d/20.html"] == 0
        server.asked.clear()
        code, runs = crawl_all(run_minutier, tmp_path, sources)
        assert (code, [run["unchanged"] for run in runs.values()]) == (0, [12, 3])
        assert server.statuses()[200] == 0
    hits = json.loads(run_minutier("search", "dossier", "--json", cwd=tmp_path).stdout)["hits"]
    found = {(hit["title"], hit["date"], hit["url"].removeprefix(server.root)) for hit in hits}
    assert found == {(f"Délibération {n}", "2024-05-27", f"/d/{n}.html") for n in [*range(12), 20, 21, 22]}


def test_a_feed_that_cannot_be_trusted_is_an_alarm(run_minutier: Run, tmp_path: Path) -> None:
    """A web page, an empty or cut feed, a rule that matches nothing, a counter that the site ignores: each is named."""
    feeds = {
        "page": (page("Actualités", "<p>rien</p>"), "", "is a web page"),
        "empty": (rss(range(0)), "", "lists nothing"),
        "cut": (Answer(rss(range(2)).body[:-60]), "", "breaks off"),
        "rule": (rss(range(2)), 'follow: {match: "\\\\.pdf$"}', "`follow` (\\.pdf$) matches none of the 2 addresses"),
        "counter": (rss(range(2)), "next: {param: paged}", "the counter of `next`"),
    }
    answers = {f"/{name}": answer for name, (answer, _, _) in feeds.items()}
    with serving(pages_of(range(2)), lambda path: answers.get(path.partition("?")[0])) as server:
        sources = [source(server.root, "feed", f"/{name}", keys, name) for name, (_, keys, _) in feeds.items()]
        code, runs = crawl_all(run_minutier, tmp_path, sources)
    assert (code, {run["outcome"] for run in runs.values()}) == (1, {"incomplete"})
    assert {name: words in alarms(runs[name]) for name, (_, _, words) in feeds.items()} == dict.fromkeys(feeds, True)


def test_a_sitemap_of_sitemaps_leads_to_the_pages_that_match(run_minutier: Run, tmp_path: Path) -> None:
    """From a bare root over robots.txt, an index and a packed sitemap; old pages are skipped, other pages left."""
    with serving(pages_of(range(4))) as server:
        root = server.root
        urls = "".join(f"<url><loc>{root}/d/{n}.html</loc><lastmod>202{n}-05-01</lastmod></url>" for n in range(4))
        head = '<{} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
        packed = head.format("urlset") + f"{urls}<url><loc>{root}/contact</loc></url></urlset>"
        index = head.format("sitemapindex") + f"<sitemap><loc>{root}/s.xml.gz</loc></sitemap></sitemapindex>"
        server.pages["/robots.txt"] = Answer(f"User-agent: *\nAllow: /\nSitemap: {root}/index.xml".encode())
        server.pages["/index.xml"] = Answer(index.encode())
        server.pages["/s.xml.gz"] = Answer(gzip.compress(packed.encode()), headers={"Content-Type": "application/gzip"})
        code, run = crawl(run_minutier, tmp_path, server, "sitemap", "/", 'follow: {match: "/d/"}\nsince: 2022-01-01')
        assert (code, run["stored"], run["skipped"], run["listings"], run["alarms"]) == (0, 2, 2, 3, [])
        assert server.times()["/robots.txt"] == 1 and not server.times()["/contact"]


def test_a_table_of_deliberations_leads_to_its_papers(run_minutier: Run, tmp_path: Path) -> None:
    """SCDL in windows-1252 with semicolons: each row's paper is a document, a row without one is counted."""
    rows = [f"Ville;2024-{n:03};2024-05-27;Coopération {n};/d/{n}.html" for n in range(4)]
    table = "\r\n".join(
        ["COLL_NOM;DELIB_ID;DELIB_DATE;DELIB_OBJET;DELIB_URL", *rows, "Ville;2024-009;2024-05-27;Sans;"]
    )
    drifted = Answer(table.replace("DELIB_URL", "PIECE").encode())
    pages = {"/t.csv": Answer(table.encode("windows-1252")), "/drifted.csv": drifted}
    with serving(pages | pages_of(range(4))) as server:
        sources = [source(server.root, "table", path, name=path[1:-4]) for path in pages]
        code, runs = crawl_all(run_minutier, tmp_path, sources)
    run = runs["t"]
    assert (run["stored"], run["skipped"], run["listings"], run["alarms"]) == (4, 1, 1, [])
    skips = json.loads(run_minutier("skips", "--json", cwd=tmp_path).stdout)["skips"]
    assert [(skip["address"], skip["reason"]) for skip in skips] == [(f"{server.root}/t.csv#row-5", "no_link")]
    assert (code, runs["drifted"]["outcome"]) == (1, "incomplete")
    assert "`link`" in alarms(runs["drifted"]) and "PIECE" in alarms(runs["drifted"])


def portal(root: Callable[[], str], others: dict[str, Answer]) -> Callable[[str], Answer | None]:
    """Return an OpenDataSoft portal; datasets named after their sizes name eight papers, others say what is given."""

    def record(n: int) -> dict[str, str]:
        return {"delib_objet": f"Objet {n}", "delib_date": "2024-05-27", "delib_url": f"{root()}/d/{n % 8}.html"}

    def answers(path: str) -> Answer | None:
        place, _, query = path.partition("?")
        if not place.startswith("/api/explore/v2.1/catalog/datasets/"):
            return None
        name = place.split("/")[6]
        if name in others:
            return others[name]
        records = int(name)
        if place.endswith("/exports/json"):
            return Answer(json.dumps([record(n) for n in range(records)]).encode())
        asked = {name: int(values[0]) for name, values in parse_qs(query).items()}
        first, beyond = asked["offset"], asked["offset"] + asked["limit"]
        if asked["limit"] > 100 or beyond > 10_000:
            return Answer(b'{"error_code": "InvalidRESTParameterError"}', 400)
        inside = [record(n) for n in range(first, min(records, beyond))]
        return Answer(json.dumps({"total_count": records, "results": inside}).encode())

    return answers


def test_a_portal_is_paged_to_its_end_or_exported(run_minutier: Run, tmp_path: Path) -> None:
    """Pages follow one another to the total, or an export beyond the limit; what repeats or is no answer is named."""
    stuck = Answer(json.dumps({"total_count": 50, "results": [{"delib_url": "/d/1.html"}]}).encode())
    others = {"stuck": stuck, "other": Answer(b'{"nhits": 2}')}
    server: Server
    with serving(pages_of(range(8)), portal(lambda: server.root, others)) as server:
        keys = "dialect: opendatasoft\npage_size: 10\ndataset: "
        names = ("25", "10050", *others)
        sources = [source(server.root, "api", "/", f'{keys}"{name}"', f"of-{name}") for name in names]
        code, runs = crawl_all(run_minutier, tmp_path, sources)
        asked = [path for path, _, _ in server.asked if path.startswith("/api")]
    assert (code, runs["of-25"]["alarms"], runs["of-10050"]["alarms"]) == (1, [], [])
    assert [run["listings"] for run in runs.values()] == [3, 2, 2, 1]
    # Three of the four list the same eight papers: whichever asks first stores one, to the others it is nothing new.
    assert sum(run["stored"] for run in runs.values()) == 8
    assert sum(runs["of-25"][state] for state in ("stored", "unchanged", "related")) == 8
    assert "offset=20" in asked[2] and "/10050/exports/json" in asked[4] and len(asked) == 8
    assert "repeats" in alarms(runs["of-stuck"]) and "'results'" in alarms(runs["of-other"])


def test_a_wordpress_site_gives_its_posts_whole(run_minutier: Run, tmp_path: Path) -> None:
    """With full_text the interface alone is asked, until it says that it ends; with `since` until posts are too old."""

    def post(n: int) -> dict[str, object]:
        words = {"title": f"Jumelage {n} &amp; Co", "content": paragraph(n), "excerpt": "<p>…</p>"}
        rendered = {name: {"rendered": html} for name, html in words.items()}
        return {"link": f"{server.root}/p/{n}", "date": f"202{n}-03-12T08:00:00"} | rendered

    def posts(path: str) -> Answer | None:
        place, _, query = path.partition("?")
        if place != "/wp-json/wp/v2/posts":
            return None
        number = int(parse_qs(query)["page"][0])
        if number > 2:
            return Answer(b'{"code": "rest_post_invalid_page_number", "data": {"status": 400}}', 400)
        order = [2, 3, 4, 5] if "order=asc" in query else [5, 4, 3, 2]
        return Answer(json.dumps([post(n) for n in order[number * 2 - 2 : number * 2]]).encode())

    server: Server
    with serving({}, posts) as server:
        keys = "dialect: wordpress\nfull_text: true\npage_size: 2\n"
        sources = [source(server.root, "api", "/", keys, "all")]
        sources.append(source(server.root, "api", "/", f"{keys}since: 2024-01-01", "recent"))
        code, runs = crawl_all(run_minutier, tmp_path, sources)
        assert not any(path.startswith("/p/") for path, _, _ in server.asked)
    assert (code, [run["alarms"] for run in runs.values()]) == (0, [[], []])
    assert (runs["all"]["stored"], runs["all"]["listings"]) == (4, 3)
    assert (runs["recent"]["skipped"], runs["recent"]["listings"]) == (2, 2)
    hits = json.loads(run_minutier("search", '"dossier numéro 3"', "--json", cwd=tmp_path).stdout)["hits"]
    assert [(hit["title"], hit["date"]) for hit in hits] == [("Jumelage 3 & Co", "2023-03-12")]
