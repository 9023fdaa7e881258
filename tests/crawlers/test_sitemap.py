"""Reading sitemaps: nested, packed, plain; what is none says so."""

from __future__ import annotations

import csv
import gzip
import tracemalloc
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError

from crawlers.reading.entries import Entry, Unreadable, chosen, older
from crawlers.reading.rules import since_day
from crawlers.reading.sitemaps import LARGEST, Sitemap, read_sitemap, sitemaps_of
from crawlers.spiders.sitemap import Options
from storage.sources import LinkRule

URL = "https://town.example/sitemap.xml"
SPACES = (
    'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"'
)
HEAD = f"<urlset {SPACES}>"


def read(text: str | bytes) -> Sitemap:
    """Return what a sitemap lists."""
    return read_sitemap(text if isinstance(text, bytes) else text.encode(), {}, URL)


def test_pages_are_read_with_the_day_of_their_last_change() -> None:
    """`lastmod` is kept apart: it is no date of the document; images below a page are not pages."""
    inside = "<url><image:image><image:loc>/i.jpg</image:loc></image:image><loc> /a?b=1&amp;c=2 </loc>"
    found = read(f"{HEAD}{inside}<lastmod>2023-03-12T08:00:00+01:00</lastmod></url><url><loc></loc></url></urlset>")
    assert found.pages == (Entry(url="https://town.example/a?b=1&c=2", changed="2023-03-12"),)
    assert found.pages[0].link.context == ""


def test_an_index_names_sitemaps_and_an_undeclared_namespace_is_no_obstacle() -> None:
    """Sitemaps of sitemaps are told from pages; some sites forget the namespace."""
    assert read("<sitemapindex><sitemap><loc>/a.xml.gz</loc></sitemap></sitemapindex>").sitemaps == (
        "https://town.example/a.xml.gz",
    )
    assert read("<urlset><url><loc><![CDATA[/a]]></loc></url></urlset>").pages[0].url == "https://town.example/a"


def test_a_packed_sitemap_is_unpacked_whatever_it_is_called() -> None:
    """gzip is known by its first bytes; a cut one gives what is there and says so."""
    rows = "".join(f"<url><loc>/{n * 7919}</loc></url>" for n in range(2000))
    packed = gzip.compress(f"{HEAD}{rows}</urlset>".encode())
    assert len(read(packed).pages) == 2000
    cut = read(packed[: len(packed) // 2])
    assert 0 < len(cut.pages) < 2000 and cut.broken == "breaks off within its packing"
    with pytest.raises(Unreadable, match="cannot be unpacked"):
        read(b"\x1f\x8b\x08 no gzip at all")


def test_a_bomb_is_refused_in_little_memory() -> None:
    """A packed gigabyte is given up at 64 MiB."""
    bomb = gzip.compress(b"<urlset>" + b" " * (LARGEST + 2**20))
    assert len(bomb) < 2**20
    tracemalloc.start()
    with pytest.raises(Unreadable, match="larger than 64 MiB"):
        read(bomb)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 3 * LARGEST


def test_a_plain_list_is_a_sitemap() -> None:
    """One address a line, with the mark and the line ends of Windows; other lines are left."""
    found = read("\ufeffhttps://town.example/a\r\n\r\n# comment\r\nhttps://town.example/b\r\n")
    assert [page.url for page in found.pages] == ["https://town.example/a", "https://town.example/b"]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "is no sitemap: it begins with nothing"),
        (b"not found", "it begins with « not found »"),
        (b"<html><body>x</body></html>", "is a web page"),
        (b"<rss><channel/></rss>", "use `spider: feed`"),
        (b"<foo/>", "<foo>"),
    ],
)
def test_what_is_no_sitemap_is_said_to_be_none(body: bytes, words: str) -> None:
    """The sentence says what came instead, and for a feed the next step."""
    with pytest.raises(Unreadable, match=words):
        read(body)


def test_entities_and_cuts_are_harmless() -> None:
    """An external entity stays a word; a sitemap that breaks off says so."""
    xxe = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><urlset><url><loc>/&e;</loc></url></urlset>'
    assert read(xxe).pages[0].url.startswith("https://town.example/&e")
    cut = read("<urlset><url><loc>/a</loc></url><url><loc>/b")
    assert (len(cut.pages), cut.broken[:10]) == (2, "breaks off")


def test_robots_txt_names_sitemaps_in_any_case() -> None:
    """Each once, absolute; no line of another kind is taken for one."""
    robots = "SITEMAP:/a.xml\n sitemap : https://b.example/b.xml\r\nDisallow: /sitemap: x\nSitemap: /a.xml\nSitemap: ftp://x/"
    assert sitemaps_of(robots, URL) == ["https://town.example/a.xml", "https://b.example/b.xml"]


def test_since_is_a_day_or_a_length_of_time() -> None:
    """Both mean a day; what says no date, or only its year, is not called old too soon."""
    now = datetime(2026, 3, 1, tzinfo=UTC)
    said = {"365d": "2025-03-01", "2024-01-31": "2024-01-31"}
    for words, day in said.items():
        options = Options.model_validate_json(f'{{"since": "{words}"}}', strict=True)
        assert since_day(options.since, now) == day
        assert options.model_dump(mode="json")["since"] == words
        assert not options.lists_all
    assert since_day(date(2024, 1, 1), now) == "2024-01-01" and since_day(timedelta(hours=1), now) == "2026-02-28"
    for wrong in ("2024", "soon", "2024-13-01"):
        with pytest.raises(ValidationError, match="neither a day"):
            Options.model_validate_json(f'{{"since": "{wrong}"}}', strict=True)
    days = ("", "2024", "2024-06", "2024-05", "2024-06-14")
    assert [older(Entry(url="u", changed=day), "2024-06-15") for day in days] == [
        False, False, False, True, True,
    ]  # fmt: skip


def test_follow_is_a_pattern_of_addresses() -> None:
    """Without it a sitemap is unprobed: it would take every page of the site."""
    entries = [Entry(url="https://a.fr/d/1"), Entry(url="https://a.fr/contact")]
    assert [entry.url for entry in chosen(entries, LinkRule(match="/d/"))] == ["https://a.fr/d/1"]
    assert chosen(entries, None) == entries
    assert not Options().probed and Options(follow=LinkRule(match="/d/")).probed


def test_real_sitemaps_are_read(real: Path) -> None:
    """An index and a list from public test collections."""
    rows = list(csv.DictReader((real / "manifest.csv").read_text(encoding="utf-8").splitlines()))
    read_all = [read((real / row["file"]).read_bytes()) for row in rows if row["kind"] == "sitemap"]
    assert sorted((len(each.sitemaps), len(each.pages) > 0) for each in read_all) == [(0, True), (2, False)]
