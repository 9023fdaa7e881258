"""`minutier crawl` over a web archive: a synthetic index and its captures, beside the living site."""

from __future__ import annotations

import json
from pathlib import Path

from tests.loopback import Answer, page, paragraph, serving
from tests.minutier.test_spiders_feeds import Run, crawl_all, source

KEYS = """url_patterns: ["{host}/*"]
cdx: "{root}/cdx"
replay: "{root}/web/{{timestamp}}id_/{{original}}"
"""
HEAD = ["urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length"]


class Archive:
    """An index of two pages, and the captures it names."""

    def __init__(self) -> None:
        self.root = ""

    def answer(self, path: str) -> Answer | None:
        """Answer for the index and for captures."""
        if path.startswith("/cdx?"):
            return Answer(json.dumps(self.index(more="resumeKey" not in path)).encode())
        if path.startswith("/web/"):
            number = int(path.rpartition("/")[2].removesuffix(".html"))
            moment = {"Memento-Datetime": "Tue, 03 Feb 2015 04:05:06 GMT", "Content-Type": "text/html; charset=utf-8"}
            body = f"{paragraph(number + 100)}<p>Séance du 2 février 2015, suivie de celle du 4 mars 2024.</p>"
            return Answer(page(f"Délibération {number}", body).body, headers=moment)
        return None

    def index(self, *, more: bool) -> list:
        """Return a page of the index; the second address has captures on both."""
        one, two = self.row(1, "20150203040506"), self.row(2, "20130101000000")
        if more:
            return [HEAD, one, two, [], ["key"]]
        newer = self.row(2, "20150203040506")
        gone, moved = self.row(3, "20150101000000", "404"), self.row(4, "20150101000000", "301")
        return [HEAD, newer, gone, moved, self.row(5, "20150101000000", "200", "image/png")]

    def row(self, number: int, moment: str, status: str = "200", media_type: str = "text/html") -> list[str]:
        """Return one row, its address as the site had it."""
        url = f"{self.root}/d/{number}.html"
        return [f"key){number}", moment, url, media_type, status, f"D{number}{moment}", "10"]


def test_an_archive_gives_what_is_gone_and_never_replaces_what_is_newer(run_minutier: Run, tmp_path: Path) -> None:
    """The newest capture of each address, dated by the archive; a living page is one document and keeps its text."""
    archive = Archive()
    living = {"/list": page("x", '<a class="d" href="/d/1.html">1</a>'), "/d/1.html": page("Vivante", paragraph(7))}
    with serving(living, archive.answer) as server:
        archive.root = server.root
        keys = KEYS.format(root=server.root, host=server.root.removeprefix("http://"))
        sources = [
            source(server.root, "listing", "/list", "follow: {css: a.d}", "living"),
            source(server.root, "archive", "/", keys, "archive"),
        ]
        code, runs = crawl_all(run_minutier, tmp_path, sources)
        run = runs["archive"]
        assert (code, run["listings"], run["stored"], run["unchanged"], run["skipped"]) == (0, 2, 1, 1, 3)
        captures = [path for path in server.times() if path.startswith("/web/")]
        assert sorted(each[:24] for each in captures) == ["/web/20150203040506id_/h"] * 2
        server.asked.clear()
        code, runs = crawl_all(run_minutier, tmp_path, sources)
        assert (code, runs["archive"]["unchanged"], server.statuses()[200]) == (0, 2, 0)
        assert not any(path.startswith("/web/") for path in server.times())
    skips = json.loads(run_minutier("skips", "--json", cwd=tmp_path).stdout)["skips"]
    reasons = {skip["address"].rpartition("/")[2]: skip["reason"] for skip in skips if skip["address"].endswith("html")}
    assert reasons == {"3.html": "archived_error", "4.html": "archived_redirect", "5.html": "type"}
    stats = json.loads(run_minutier("stats", "--json", cwd=tmp_path).stdout)
    assert (stats["documents"], stats["versions"]) == (2, 2)
    shown = {name: show(run_minutier, tmp_path, f"{server.root}/d/{name}.html") for name in (1, 2)}
    assert shown[1]["title"] == "Vivante" and len(shown[1]["versions"]) == 1
    (capture, *_) = shown[2]["captures"]
    assert (capture["archived_at"], capture["flags"]) == ("2015-02-03T04:05:06Z", ["archived"])
    assert shown[2]["date"] == "2015-02-02"


def show(run_minutier: Run, folder: Path, address: str) -> dict:
    """Return a document as `show --json` prints it."""
    return json.loads(run_minutier("show", address, "--json", cwd=folder).stdout)
