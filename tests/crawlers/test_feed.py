"""Reading feeds: every dialect, well-formed or not; nothing a feed says can harm."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from pydantic import ValidationError

from crawlers.reading.entries import Entry, Unreadable, iso_day, page_of, shown, words_of
from crawlers.reading.feeds import Feed, read_feed
from crawlers.run import CrawlRun
from crawlers.spiders.feed import FeedSpider, Options
from storage.captures import Response
from tests.making import Scene, a_source

URL = "https://town.example/feed"


def feed(text: str | bytes) -> Feed:
    """Return what a feed lists."""
    return read_feed(text if isinstance(text, bytes) else text.encode(), {}, URL)


def rss(inside: str, head: str = '<?xml version="1.0"?>') -> Feed:
    """Return the reading of an RSS feed with some entries."""
    return feed(f'{head}<rss version="2.0"><channel>{inside}</channel></rss>')


RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="x"><title>no</title></channel>
<item rdf:about="https://town.example/a"><title>PV</title><link>https://town.example/a</link>
<dc:date>2023-03-12T08:00:00Z</dc:date><description>Résumé</description></item></rdf:RDF>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://town.example/"><entry>
<title type="html">P&lt;b&gt;V&lt;/b&gt;</title>
<link rel="edit" href="/edit"/><link href="a"/>
<published>2023-03-12T08:00:00Z</published><updated>2024-01-01</updated>
<summary>Résumé</summary></entry></feed>"""
ATOM_03 = """<feed version="0.3" xmlns="http://purl.org/atom/ns#"><entry><title>PV</title>
<link rel="alternate" href="/a"/><issued>2023-03-12</issued><summary>Résumé</summary></entry></feed>"""
RSS_2 = """<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/"><channel><item><media:title>photo</media:title>
<title>PV</title><link>/a#top</link><pubDate>Sun, 12 Mar 2023 08:00:00 +0100</pubDate>
<description>&lt;p&gt;Résumé&lt;/p&gt;</description>
</item></channel></rss>"""
RSS_09 = """<rss version="0.91"><channel><item><title>PV</title>
<guid>https://town.example/a</guid><dc:date>2023-03-12</dc:date>
<description><![CDATA[<p>Résumé</p>]]></description></item></channel></rss>"""
JSON = json.dumps(
    {"items": [{"id": "1", "url": "/a", "title": "PV", "date_published": "2023-03-12T00:00:00Z", "summary": "Résumé"}]}
)


@pytest.mark.parametrize("text", [RDF, ATOM, ATOM_03, RSS_2, RSS_09, JSON])
def test_every_dialect_gives_address_title_day_and_summary(text: str) -> None:
    """RDF, both Atoms, RSS 2.0 and 0.91, JSON Feed: the same entry, whatever it is written in."""
    assert feed(text).entries == (Entry(url="https://town.example/a", title="PV", day="2023-03-12", about="Résumé"),)


def test_an_entry_is_a_link_with_hints() -> None:
    """The title becomes the words of the link, day and summary what stands around it."""
    link = Entry(url=URL, title="PV", day="2023-03-12", about="Résumé " * 100).link
    assert (link.text, link.context[:17], len(link.context)) == ("PV", "2023-03-12 Résumé", 300)


@pytest.mark.parametrize(
    ("inside", "address"),
    [
        ("<link>?a=1&b=2</link>", "https://town.example/feed?a=1&b=2"),
        ("<link><![CDATA[ /a?b=1&c=2 ]]></link>", "https://town.example/a?b=1&c=2"),
        ("<link>/pr&eacute;sentation</link>", "https://town.example/pr%C3%A9sentation"),
        ('<guid isPermaLink="false">https://x/1</guid><enclosure url="/pv.pdf"/>', "https://town.example/pv.pdf"),
        ("<link/><guid>https://town.example/b</guid>", "https://town.example/b"),
    ],
)
def test_addresses_are_found_as_they_are_meant(inside: str, address: str) -> None:
    """Bare ampersands, CDATA, entities of HTML, permanent identities and enclosed files."""
    assert [entry.url for entry in rss(f"<item>{inside}</item>").entries] == [address]


@pytest.mark.parametrize(
    "link", ["", "javascript:alert(1)", "http://[broken", "mailto:a@b.fr", "urn:uuid:1", "http://:0/"]
)
def test_entries_without_an_address_are_counted(link: str) -> None:
    """What leads nowhere is no document, and its number is known."""
    assert rss(f"<item><title>x</title><link>{link}</link></item>" if link else "<item/>") == Feed(
        entries=(), unlinked=1
    )


def test_own_content_is_kept_as_html() -> None:
    """content:encoded, Atom's three types of content, content_html of JSON; a summary is no content."""
    spaces = 'xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    encoded = (
        f"<rss {spaces}><item><link>/a</link><content:encoded><![CDATA[<p>1 & 2</p>]]></content:encoded></item></rss>"
    )
    assert feed(encoded).entries[0].html == "<p>1 & 2</p>"
    for content in (
        '<content type="html">&lt;p&gt;x&lt;/p&gt;</content>',
        '<content type="xhtml"><p>x</p></content>',
        "<content>x</content>",
    ):
        atom = f'<feed xmlns="http://www.w3.org/2005/Atom"><entry><link href="/a"/>{content}</entry></feed>'
        assert "x</p>" in feed(atom).entries[0].html
    assert feed('{"items": [{"url": "/a", "content_text": "1 < 2"}]}').entries[0].html == "<p>1 &lt; 2</p>"
    assert rss("<item><link>/a</link><description>x</description></item>").entries[0].html == ""


def test_a_page_made_of_an_entry_says_title_and_day() -> None:
    """It stands for itself, in UTF-8, and a title cannot break out of its place."""
    page = page_of(Entry(url=URL, title="<i>É & Co", day="2023-03-12", html="<p>Corps</p>")).decode()
    assert "<title>&lt;i&gt;É &amp; Co</title>" in page and 'content="2023-03-12"' in page and "<p>Corps</p>" in page


def test_the_next_page_is_the_one_the_feed_names() -> None:
    """RFC 5005 in Atom and in RSS, `next_url` in JSON; no other link is taken for it."""
    atom = '<feed xmlns="http://www.w3.org/2005/Atom"><link rel="next" href="?p=2"/><link rel="self" href="/x"/></feed>'
    assert feed(atom).more == "https://town.example/feed?p=2"
    assert rss('<atom:link rel="next" href="/f2"/>').more == "https://town.example/f2"
    assert feed('{"items": [], "next_url": "/f3"}').more == "https://town.example/f3"
    assert rss('<item><link>/a</link><atom:link rel="next" href="/b"/></item>').more == ""


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "is empty"),
        (b"   \n", "is empty"),
        (b"<!DOCTYPE html><html><body>404</body></html>", "is a web page"),
        (b"hello", "is no XML"),
        (b"%PDF-1.7 \x00\xff", "is no XML"),
        (b"<products><product/></products>", "<products>"),
        (b'{"items": 3}', "no list `items`"),
        (b"{" * 100_000, "cannot be read as JSON"),
    ],
)
def test_what_is_no_feed_is_said_to_be_none(body: bytes, words: str) -> None:
    """The sentence says what came instead."""
    with pytest.raises(Unreadable, match=words):
        feed(body)


def test_bytes_are_read_as_what_they_are() -> None:
    """windows-1252 that claims UTF-8, UTF-16 with its mark, and control characters in the middle."""
    text = "<rss><item><link>/a</link><title>Délibération — œuvre</title></item></rss>"
    claim = '<?xml version="1.0" encoding="utf-8"?>'
    for body in ((claim + text).encode("windows-1252"), (claim + text).encode("utf-16"), text.encode()):
        assert feed(body).entries[0].title == "Délibération — œuvre"
    assert rss("<item><link>/a</link><title>P\x0b&#8;V &#xFFFE;&bogus;</title></item>").entries[0].title == "PV &bogus;"


def test_a_malformed_feed_gives_what_can_be_read() -> None:
    """Unclosed and crossed elements, attributes twice, text after the end: the entries are there."""
    first = "<item><title>a <b> & c</title><description>x<br>y</description><link>/a</link></item>"
    second = "<item x='1' x='2'><link>/b</link></itm></item>"
    found = feed(f"<rss><channel>{first}{second}</channel></rss><!-- cache --><p>")
    assert [entry.url for entry in found.entries] == ["https://town.example/a", "https://town.example/b"]
    assert (found.entries[0].title, found.entries[0].about, found.broken) == ("a & c", "x y", "")


def test_a_cut_feed_says_where_it_breaks_off() -> None:
    """Cut after any of its letters, it gives the entries before and says that there is no more."""
    second = "<item><title><![CDATA[x]]></title><link a='b'>/b&amp;</link></item><!-- c -->"
    whole = f"<rss><channel><item><link>/a</link></item>{second}</channel></rss>"
    cuts = [feed(whole[:length]) for length in range(6, len(whole))]
    assert [length for length, cut in enumerate(cuts, 6) if not cut.broken.startswith("breaks off at line 1")] == []
    assert len(cuts[-1].entries) == 2 and len(cuts[40].entries) == 1 and feed(whole).broken == ""


def test_entities_neither_read_files_nor_explode(tmp_path: Path) -> None:
    """An external entity, a bomb of a thousand million, one hidden in an attribute, one by parameter."""
    secret = tmp_path / "secret.txt"
    secret.write_text("geheim", encoding="utf-8")
    lines = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    bomb = (
        f'<!ENTITY e0 "bombe"><!ENTITY x SYSTEM "{secret.as_uri()}"><!ENTITY % p SYSTEM "{secret.as_uri()}">%p;{lines}'
    )
    found = rss("<item><title>&e9;&x;</title><link>/a?&e9;&x;</link></item>", head=f"<!DOCTYPE rss [{bomb}]>")
    assert found.entries[0].title == "&e9;&x;"
    assert "geheim" not in str(found) and len(str(found)) < 1000


def test_a_deep_and_a_huge_feed_end_by_themselves() -> None:
    """Beyond the parser's limits of depth and length reading stops, and says so."""
    deep = rss("<item><link>/a</link></item>" + "<a>" * 100_000)
    assert len(deep.entries) == 1 and "breaks off" in deep.broken
    assert "breaks off" in rss("<item><link>/a</link><title>" + "x" * 10_500_000 + "</title></item>").broken


def test_days_are_read_in_the_two_forms_of_the_web_only() -> None:
    """Anything else is handed on as it is printed: the extractor knows more forms."""
    assert iso_day("32 Foo 2023") == iso_day("") == iso_day("12/03/2023") == iso_day("x" * 1000) == ""
    assert rss("<item><link>/a</link><pubDate>12 mars 2023</pubDate></item>").entries[0].day == "12 mars 2023"


def test_words_are_what_a_reader_sees() -> None:
    """Scripts and styles are none; nothing is nothing."""
    assert words_of("<p>a<script>x()</script> b&nbsp;c</p>") == "a b c"
    assert (words_of(""), words_of("<>"), shown("")) == ("", "<>", "nothing")


def test_a_selector_has_nothing_to_select_in_a_feed() -> None:
    """`follow: {css}` and `next: {css}` are refused with a reason; one name may stand without brackets."""
    for keys in ('{"follow": {"css": "a"}}', '{"next": {"css": "a"}}'):
        with pytest.raises(ValidationError, match=r"give `match`|give `param`"):
            Options.model_validate_json(keys, strict=True)
    assert not Options().lists_all and Options.model_validate_json('{"next": {"param": "paged"}}').lists_all


def test_real_feeds_give_links_or_say_why_not(real: Path) -> None:
    """Feeds from public test collections, odd ones among them: never an exception, never silence."""
    rows = list(csv.DictReader((real / "manifest.csv").read_text(encoding="utf-8").splitlines()))
    files = [real / row["file"] for row in rows if row["kind"] == "feed"]
    outcomes = []
    for file in files:
        try:
            found = read_feed(file.read_bytes(), {}, URL)
            outcomes.append("links" if found.entries else "unlinked" if found.unlinked else "empty")
        except Unreadable as error:
            outcomes.append(str(error)[:10])
    assert len(files) == 9
    assert sorted(outcomes) == ["empty", "is no feed", *["links"] * 3, *["unlinked"] * 4]


def test_what_a_feed_carries_is_stored_once_in_a_run_that_was_cut(tmp_path: Path) -> None:
    """A run that is gone on with walks the feed again, and yields no second capture of what it has."""
    scene = Scene(tmp_path / "corpus")
    scene.open_run(a_source(spider="feed", options=Options(full_text=True)))
    entries = [Entry(url=f"http://127.0.0.1:9/{n}", title="PV", html="<p>Corps</p>") for n in range(2)]

    def walk(entries: list[Entry]) -> list[Response]:
        run = CrawlRun(source=scene.source, run_id=scene.run_id, store=scene.store, now=lambda: scene.now)
        return [each for each in FeedSpider(run=run).documents(entries) if isinstance(each, Response)]

    first = walk(entries[:1])
    assert [(each.address, each.flags, each.hints["link_text"]) for each in first] == [
        ("http://127.0.0.1:9/0", ("carried",), "PV")
    ]
    scene.store.record(first[0]).result(timeout=10)
    assert [each.address for each in walk(entries)] == ["http://127.0.0.1:9/1"]
