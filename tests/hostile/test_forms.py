"""Forms and indexes that lead elsewhere: what a source fills in is sent to its own hosts, and to nobody else."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.hostile.conftest import HEAD, Outcome, source
from tests.hostile.server import good, hostile, saying
from tests.loopback import Answer, page, paragraph, serving
from tests.minutier.test_spiders_feeds import Run

Crawl = Callable[..., Outcome]
FIELDS = '<input name="q" value="secret"><input type="hidden" name="csrf_token" value="t"><button name="b">ok</button>'


def test_a_form_is_never_sent_to_another_host(run_minutier: Run, tmp_path: Path) -> None:
    """An action, a base, a redirect that keeps the form, a next page's button: nobody else is posted anything."""
    with serving({}, lambda path: page("x", paragraph(1)), posted=lambda *words: page("x", paragraph(1))) as trap:

        def answer(path: str, fields: object, headers: object) -> Answer:
            if path == "/hop":
                return Answer(b"", 307, {"Location": f"{trap.root}/hop"})
            more = (
                f'<form method="post" action="{trap.root}/next">{FIELDS}<button class="next" name="n">+</button></form>'
            )
            return page("Résultats", f'<a class="document" href="/d/1.html">1</a>{more}')

        start = {
            "/action": f'<form method="post" action="{trap.root}/action">{FIELDS}</form>',
            "/base": f'<base href="{trap.root}/"><form method="post" action="base">{FIELDS}</form>',
            "/get": f'<form action="{trap.root}/get">{FIELDS}</form>',
            "/kept": f'<form method="post" action="/hop">{FIELDS}</form>',
            "/further": f'<form method="post" action="/results">{FIELDS}</form>',
        }
        pages = {path: page("Recherche", html) for path, html in start.items()} | {
            "/d/1.html": page("Acte", paragraph(3))
        }
        with serving(pages, posted=answer) as own:
            keys = ("delay: 0", 'next: {css: "button.next"}', "fields: {q: jumelage}")
            sources = [source(path[1:], own.root + path, *keys, spider="form") for path in start]
            (tmp_path / "sources.yaml").write_text(HEAD + "".join(sources), encoding="utf-8")
            done = run_minutier("crawl", "--json", cwd=tmp_path)
            assert [sent["q"] for sent in own.sent] == ["jumelage"] * 2
        assert (trap.asked, trap.sent, "Traceback" in done.stderr) == ([], [], False)
    skips = json.loads(run_minutier("skips", "--json", cwd=tmp_path).stdout)["skips"]
    assert [skip["reason"] for skip in skips] == ["scope"] * 5


@pytest.mark.parametrize(
    "said",
    [
        b"<html>no index</html>",
        b"[" * 100_000,
        b"[[]]",
        b'[["timestamp","original"],["99991231235959","http://127.0.0.1/"]]',
        b'[["timestamp","original"],["soon","http://127.0.0.1/"]]',
        b'{"timestamp": {}, "original": []}',
        b"\xff\xfe\x00" * 1000,
        b'[["urlkey","timestamp","original"],' + b'["k","20150203040506","http://127.0.0.1/x"],' * 200_000 + b"[]]",
    ],
    ids=["a page", "deep", "empty rows", "to come", "no moment", "no words", "no text", "huge and broken"],
)
def test_an_index_that_is_none_is_an_alarm(impatient: Crawl, said: bytes) -> None:
    """Whatever an archive says in the place of its index: one sentence, nothing is asked for, the account is exact."""
    with hostile({"/cdx": saying(said, content_type="application/json")}) as server:
        server.otherwise = lambda path: server.routes["/cdx"] if path.startswith("/cdx?") else good(1)
        keys = (
            "delay: 0", 'url_patterns: ["127.0.0.1/*"]', f'cdx: "{server.root}/cdx"',
            f'replay: "{server.root}/web/{{timestamp}}id_/{{original}}"',
        )  # fmt: skip
        found = impatient(source("old", f"{server.root}/", *keys, spider="archive", follow='{match: "."}'))
        asked = [path for path in server.pages_asked if not path.startswith("/cdx")]
    assert (found.code, asked, found.adds_up(), "Traceback" in found.said) == (1, [], True, False)


def test_an_index_of_other_hosts_asks_the_archive_for_nothing(impatient: Crawl) -> None:
    """Addresses of other hosts, schemes and broken ones are skips with their reason; what was asked about is kept."""
    others = ["http://evil.example/x", "file:///etc/passwd", "http://[broken", "http://127.0.0.1:99999/", "\ud800\x00"]
    with hostile() as server:
        host = server.root.removeprefix("http://")
        rows = [["urlkey", "timestamp", "original", "mimetype", "statuscode", "digest"]]
        wanted = [f"http://{host}/a", *others]
        rows += [[f"k{n}", "20150203040506", each, "text/html", "200", f"D{n}"] for n, each in enumerate(wanted)]
        index = saying(json.dumps(rows).encode(), content_type="application/json")
        server.otherwise = lambda path: index if path.startswith("/cdx?") else good(1)
        keys = (
            "delay: 0", f'url_patterns: ["{host}/*"]', f'cdx: "{server.root}/cdx"',
            f'replay: "{server.root}/web/{{timestamp}}id_/{{original}}"',
        )  # fmt: skip
        found = impatient(source("old", f"{server.root}/", *keys, spider="archive", follow='{match: "."}'))
        asked = [path for path in server.pages_asked if path.startswith("/web/")]
    assert (found.run["stored"], found.adds_up(), len(asked)) == (1, True, 1)
    assert sorted(skip["reason"] for skip in found.skips.values()) == ["scope"] * len(others)
