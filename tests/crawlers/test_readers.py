"""Reading listings: which links a rule selects, and where a listing goes on."""

from __future__ import annotations

import pytest

from crawlers.readers import Link, links, next_pages, read_page
from storage.sources import LinkRule, Paging

URL = "https://town.example/list?page=2"


def found(html: str, rule: LinkRule) -> list[str]:
    """Return the addresses a rule selects on a page."""
    return [link.url for link in links(read_page(html.encode(), {}), URL, rule)]


def test_css_and_match_both_hold() -> None:
    """A link is followed when the selector and the expression both say so."""
    html = '<a class=d href="/a.pdf">a</a><a class=d href="/b.html">b</a><a href="/c.pdf">c</a>'
    assert found(html, LinkRule(css="a.d", match=r"\.pdf$")) == ["https://town.example/a.pdf"]
    assert found(html, LinkRule(match=r"\.pdf$")) == ["https://town.example/a.pdf", "https://town.example/c.pdf"]


def test_a_selector_may_name_the_box_around_the_links() -> None:
    """Where the selector names an element without href, the links inside it are meant."""
    assert found('<h2><a href="/x">x</a></h2>', LinkRule(css="h2")) == ["https://town.example/x"]


@pytest.mark.parametrize(
    "html",
    [
        '<a href="#top">x</a>',
        '<a href="mailto:a@b.fr">x</a>',
        '<a href="javascript:void(0)">x</a>',
        '<a href="http://[broken">x</a>',
        '<a href="/x" rel="external nofollow">x</a>',
        '<a href="/x" hidden>x</a>',
        '<div style="display: none"><a href="/x">Do not follow</a></div>',
        "<a>no address</a>",
    ],
)
def test_links_that_lead_nowhere_or_are_traps_are_left(html: str) -> None:
    """Anchors, scripts, broken addresses, nofollow and hidden links are not followed."""
    assert found(html, LinkRule(css="a")) == []


def test_a_link_carries_its_words_and_what_stands_around_it() -> None:
    """The text of a link and of its block are hints for title and date."""
    html = '<ul><li>Séance du 27 mai 2024 : <a href="/1106_001.pdf">compte <b>rendu</b></a></li></ul>'
    link = links(read_page(html.encode(), {}), URL, LinkRule(css="a"))[0]
    assert link == Link(
        url="https://town.example/1106_001.pdf",
        text="compte rendu",
        context="Séance du 27 mai 2024 : compte rendu",
    )


def test_the_base_element_and_fragments_are_honoured() -> None:
    """Relative links start from <base>, and one address with two fragments is one link."""
    html = '<base href="https://other.example/dir/"><a href="x.pdf#p1">1</a><a href="x.pdf#p2">2</a>'
    assert found(html, LinkRule(css="a")) == ["https://other.example/dir/x.pdf"]


def test_a_page_that_lies_about_its_encoding_is_read_by_its_bytes() -> None:
    """windows-1252 bytes that claim UTF-8 keep their accents."""
    body = '<a href="/x">délibérations</a>'.encode("cp1252")
    page = read_page(body, {"content-type": "text/html; charset=utf-8"}, ("fr",))
    assert links(page, URL, LinkRule(css="a"))[0].text == "délibérations"


def test_counting_pages_stops_at_last_and_at_an_empty_page() -> None:
    """The counter moves by its step until `last`, or until a page lists nothing."""
    page = read_page(b"", {})
    rule = Paging(param="page", step=1, last=3)
    assert next_pages(page, URL, rule, found_documents=True) == [Link(url="https://town.example/list?page=3")]
    assert next_pages(page, "https://town.example/list?page=3", rule, found_documents=True) == []
    assert next_pages(page, URL, rule, found_documents=False) == []
    offset = Paging(param="start", step=10)
    assert next_pages(page, "https://town.example/list", offset, found_documents=True) == [
        Link(url="https://town.example/list?start=10")
    ]
