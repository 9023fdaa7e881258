"""Bodies that are too much, not all there, or not what they are said to be."""

from __future__ import annotations

import gzip
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import select

from storage import reading
from storage.models import Document
from storage.store import Store
from tests.hostile.conftest import Outcome, source
from tests.hostile.server import bombs, cut_chunks, endless, good, header_flood, hostile, listing, long_header, saying
from tests.loopback import paragraph

Crawl = Callable[..., Outcome]
SMALL = ("delay: 0", "max_file_mib: 5")


def texts(folder: Path) -> dict[str, dict[str, Any]]:
    """Return what is shown of each document, by the last part of its address."""
    with Store.open(folder / "corpus") as store, store.reading() as connection:
        names = connection.execute(select(Document.id)).scalars()
        shown = [reading.whole(connection, each) for each in names]
    return {each["url"].rpartition("/")[2]: each for each in shown}


def test_too_much_is_a_skip_and_the_rest_is_had(impatient: Crawl) -> None:
    """Bombs of five kinds, endless and huge bodies are refused within 350 MiB; good pages beside them are stored."""
    routes = bombs() | {"/endless": endless, "/huge": saying(b"x" * 6 * 2**20)}
    bad = list(routes)
    routes |= {f"/good/{n}": good(n) for n in range(5)}
    routes["/list"] = listing(*(path for pair in zip(bad, [*routes][-5:] + bad, strict=False) for path in pair))
    with hostile(routes) as server:
        found = impatient(source("town", f"{server.root}/list", *SMALL))
    assert (found.code, found.run["outcome"], found.run["stored"]) == (0, "complete", 5)
    assert {path: found.reason(path) for path in bad} == dict.fromkeys(bad, "size")
    assert found.adds_up()
    assert found.peak < 350


def test_cut_bodies_are_asked_again_then_kept_and_marked(impatient: Crawl, tmp_path: Path) -> None:
    """What breaks off is asked three times, then kept and marked as truncated; the page of an old server is whole."""
    page = b"<html><body><main>" + paragraph(3).encode() + b"</main></body></html>"
    packed = gzip.compress(page)
    routes = {
        "/length": saying(page[:200], content_length="4000", content_type="text/html"),
        "/chunks": cut_chunks,
        "/gzip": saying(packed[:-30], content_encoding="gzip", content_type="text/html"),
        "/oldcut": saying(page[:220], content_length="", content_type="text/html"),
        "/old": saying(page, content_length="", content_type="text/html"),
        "/whole": saying(packed, content_encoding="gzip", content_type="text/html"),
        "/flood": header_flood,
        "/long": long_header,
    }
    with hostile(routes | {"/list": listing(*routes)}) as server:
        found = impatient(source("town", f"{server.root}/list"))
        asked = server.pages_asked
    assert found.reason("/long") == "network"
    assert (asked["/length"], asked["/chunks"], asked["/old"]) == (3, 3, 1)
    shown = texts(tmp_path)
    cut = {name: "truncated" in each["captures"][0]["flags"] for name, each in shown.items()}
    whole = dict.fromkeys(("old", "whole", "flood"), False)
    assert cut == dict.fromkeys(("length", "chunks", "gzip", "oldcut"), True) | whole
    (kept,) = sqlite3.connect(tmp_path / "corpus" / "corpus.db").execute(
        "SELECT length(headers) FROM capture WHERE url LIKE '%/flood'"
    )
    assert 1000 < kept[0] < 80_000, "a flood of headers is not kept whole"
    assert (found.code, found.run["outcome"], found.adds_up()) == (1, "failures", True)


def test_a_cut_body_never_replaces_a_whole_one(impatient: Crawl, tmp_path: Path) -> None:
    """A page that breaks off on the second day is a failure with that reason; what was there is shown as before."""
    whole = b"<html><body><main>" + paragraph(1).encode() * 2 + b"</main></body></html>"
    with hostile({"/list": listing("/d"), "/d": saying(whole, content_type="text/html")}) as server:
        town = source("town", f"{server.root}/list")
        impatient(town)
        before = texts(tmp_path)["d"]["text"]
        server.routes["/d"] = saying(whole[:300], content_length="5000", content_type="text/html")
        found = impatient(town)
    assert (found.code, found.reason("/d")) == (1, "truncated")
    assert texts(tmp_path)["d"]["text"] == before


def test_a_cut_listing_makes_nothing_unlisted(impatient: Crawl) -> None:
    """A listing that broke off is a listing that was not read: the run is incomplete."""
    with hostile({"/list": saying(b"<html><body>", content_length="900", content_type="text/html")}) as server:
        found = impatient(source("town", f"{server.root}/list"))
    assert (found.code, found.run["outcome"], found.reason("/list")) == (1, "incomplete", "truncated")


def test_lies_about_type_and_letters_are_seen_through(impatient: Crawl, tmp_path: Path) -> None:
    """The bytes decide what a body is and how it is written, not what the server says."""
    french = "<html><head><title>Œuvre</title></head><body><main><p>L'œuvre a coûté 3 € à la ville. "
    latin = (french + "Le conseil municipal délibère à propos de l'œuvre commune.</p></main></body></html>").encode(
        "windows-1252"
    )
    chinese = "<html><body><main><p>法国城市与中国城市签署了友好合作协议，双方将加强交流。</p></main></body></html>"
    routes = {
        "/latin": saying(latin, content_type="text/html; charset=utf-8"),
        "/chinese": saying(chinese.encode("gb18030"), content_type="text/html; charset=utf-8"),
        "/page.pdf": saying(b"<html><body><main>" + paragraph(5).encode(), content_type="application/pdf"),
    }
    with hostile(routes | {"/list": listing(*routes)}) as server:
        found = impatient(source("town", f"{server.root}/list", "delay: 0", "languages: [fr, zh]"))
    shown = texts(tmp_path)
    assert found.code == 0
    assert "œuvre" in shown["latin"]["text"] and "€" in shown["latin"]["text"]
    assert "法国" in shown["chinese"]["text"]
    assert "jumelage" in shown["page.pdf"]["text"] and shown["page.pdf"]["media_type"] == "text/html"
    assert not any("\ufffd" in each["text"] for each in shown.values())
