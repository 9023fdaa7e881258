"""Forms: what they send, how a source fills them in, how results go on, and what tells two searches apart."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest
from parsel import Selector
from pydantic import ValidationError

from crawlers.capture import plain_headers
from crawlers.readers import Link
from crawlers.reading.entries import Unreadable
from crawlers.reading.forms import Asked, Form, onward, read_form, renewed, submission, usable
from crawlers.reading.series import Series, searches
from crawlers.run import CrawlRun
from storage.sources import Paging
from tests.making import a_source

URL = "https://town.example/actes/recherche"
SEARCH = """
<form id="login"><input name="user"><input type="password" name="word"></form>
<form id="search" method="POST" action="resultats#top">
  <input type="hidden" name="__VIEWSTATE" value="old"><input type="hidden" name="csrf_token" value="t1">
  <input name="mots" value="">
  <input type="checkbox" name="archive"><input type="checkbox" name="public" checked>
  <input type="radio" name="tri" value="date" checked><input type="radio" name="tri" value="nom">
  <select name="annee"><option value="">Toutes</option><option>2023</option>
    <option value="2024">l'an 2024</option></select>
  <select name="mois"><option value="1">janvier</option><option value="2" selected>février</option></select>
  <fieldset disabled><input name="never" value="1"></fieldset><input type="file" name="piece">
  <textarea name="note">deux mots</textarea>
  <button name="chercher" value="oui">Chercher</button><input type="submit" name="effacer" value="Effacer">
</form>
<input name="dehors" value="x" form="search">
"""
AS_SHOWN = (
    ("__VIEWSTATE", "old"), ("csrf_token", "t1"), ("mots", ""), ("public", "on"), ("tri", "date"), ("annee", ""),
    ("mois", "2"), ("note", "deux mots"), ("dehors", "x"), ("chercher", "oui"),
)  # fmt: skip


def search() -> Form:
    """Return the form above."""
    form = read_form(Selector(SEARCH), URL, "#search")
    assert form
    return form


def test_a_form_sends_what_a_browser_would_send() -> None:
    """Checked boxes, chosen options, the first button; nothing disabled, no file, no second button."""
    assert (search().url, search().method) == ("https://town.example/actes/resultats", "post")
    assert search().fields == AS_SHOWN
    assert search().choices == {"annee": ("2023", "2024"), "mois": ("1", "2")}
    assert read_form(Selector(SEARCH), URL, "textarea") == search()


def test_a_form_without_an_address_is_sent_to_its_page() -> None:
    """No action and no method: the page itself, by GET, its query replaced, its token and no more left unnamed."""
    page = Selector("<form><input name=q><input type=hidden name=token value=7><input type=image name=go></form>")
    form = read_form(page, f"{URL}?alt=1", "form")
    assert form and (form.method, form.url) == ("get", f"{URL}?alt=1")
    link = submission(form, Asked(values={"q": "Chine"}))
    assert link.url == f"{URL}?q=Chine&token=7&go.x=1&go.y=1"
    assert (link.original, link.form) == (f"{URL}?q=Chine&go.x=1&go.y=1", None)


@pytest.mark.parametrize(
    ("css", "field", "words"),
    [("#none", "", "no such form"), ("#login", "", "password"), ("#search", "an", "annee, mois")],
)
def test_what_cannot_be_sent_is_a_sentence(css: str, field: str, words: str) -> None:
    """A form that is not there, one that asks for a password, and a list that it does not have."""
    with pytest.raises(Unreadable, match=words):
        usable(read_form(Selector(SEARCH), URL, css), field)


def test_tokens_of_a_visit_make_no_new_address() -> None:
    """Two visits' forms send other tokens and have one address; another year has another."""
    run = CrawlRun(source=a_source(), run_id="r", store=None, now=None)  # type: ignore[arg-type]
    asked = Asked(values={"annee": "2023"})
    first = submission(search(), asked)
    page = Selector(SEARCH.replace("t1", "t2").replace("old", "new"))
    again = renewed(search(), read_form(page, URL, "#search"))
    second = submission(again, asked)
    assert dict(second.form or ())["csrf_token"] == "t2" and dict(second.form or ())["annee"] == "2023"
    assert dict(again.fields)["__VIEWSTATE"] == "old", "a new search starts from the first page"
    assert run.address_of(first) == run.address_of(second)
    assert run.address_of(first) != run.address_of(submission(search(), Asked(values={"annee": "2024"})))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, [{"annee": "2023"}, {"annee": "2024"}]),
        ({"values": ("a", "b")}, [{"annee": "a"}, {"annee": "b"}]),
        ({"first": 2025}, [{"annee": "2025"}, {"annee": "2026"}]),
        ({"first": 1, "last": 2}, [{"annee": "1"}, {"annee": "2"}]),
        ({"first": date(2026, 2, 9), "format": "%d/%m/%Y"}, [{"annee": "01/02/2026"}, {"annee": "01/03/2026"}]),
        (
            {"first": date(2023, 6, 1), "last": date(2024, 1, 1), "span": "year", "until": "au"},
            [{"annee": "2023-01-01", "au": "2023-12-31"}, {"annee": "2024-01-01", "au": "2024-12-31"}],
        ),
        (
            {"first": date(2024, 2, 28), "last": date(2024, 2, 29), "span": "day", "until": "au"},
            [{"annee": "2024-02-28", "au": "2024-02-28"}, {"annee": "2024-02-29", "au": "2024-02-29"}],
        ),
    ],
)
def test_a_series_gives_the_values_of_one_field(given: dict, expected: list[dict[str, str]]) -> None:
    """Options, given values, numbers up to this year, and spans of days that are the same whenever they are asked."""
    assert list(searches(Series(field="annee", **given), search(), date(2026, 3, 1))) == expected


@pytest.mark.parametrize(
    "given", [{"values": ("a",), "first": 1}, {"first": 1, "last": date(2024, 1, 1)}, {"first": 1, "until": "au"}]
)
def test_a_series_that_contradicts_itself_is_refused(given: dict) -> None:
    """Values and a range, a number up to a day, an end of a span of numbers."""
    with pytest.raises(ValidationError):
        Series(field="annee", **given)


def test_a_postback_sends_the_form_around_it() -> None:
    """The results' own state goes with the target; its buttons do not, and each page has an address of its own."""
    page = Selector(
        """<form action="r.aspx" method="post"><input type=hidden name="__VIEWSTATE" value="v2">
        <input type=hidden name="__EVENTTARGET"><input type=submit name=go value=1>
        <a class=next href="javascript:__doPostBack('grid','Page$Next')">suite</a></form>"""
    )
    asked = Asked(values={"annee": "2023"}, page=2)
    (link,) = onward(page, URL, Paging(css="a.next"), asked, None, found=True)
    assert link.form == (("__VIEWSTATE", "v2"), ("__EVENTTARGET", "grid"), ("__EVENTARGUMENT", "Page$Next"))
    assert link.apart == (("annee", "2023"), ("page", "3"))


def test_a_button_is_pressed_unless_it_is_dead() -> None:
    """The next button sends its own name; a disabled one ends the pages; an ordinary link stays one."""
    html = (
        '<form method=post><input name=p value=1><button name=go value="{0}" {1}>{0}</button><a href="/n">n</a></form>'
    )
    alive = Selector(html.format("suite", ""))
    (link,) = onward(alive, URL, Paging(css="button"), Asked(values={}), None, found=True)
    assert (link.url, link.form) == (URL, (("p", "1"), ("go", "suite")))
    dead = Selector(html.format("suite", "disabled"))
    assert onward(dead, URL, Paging(css="button"), Asked(values={}), None, found=True) == []
    assert onward(alive, URL, Paging(css="form a"), Asked(values={}), None, found=True) == [
        Link(url="https://town.example/n", text="n", context="")
    ]


def test_a_counter_is_a_field_of_what_is_sent() -> None:
    """The counter grows with the pages of a search, up to its last, and ends where nothing was found."""
    page, rule = Selector("<p>"), Paging(param="debut", step=10, last=20)
    numbers = []
    for number in (1, 2, 3):
        for link in onward(page, URL, rule, Asked(values={"annee": "2023"}, page=number), search(), found=True):
            numbers.append(dict(link.form or ())["debut"])
            assert link.apart == (("annee", "2023"), ("debut", numbers[-1]))
    assert numbers == ["10", "20"]
    assert onward(page, URL, rule, Asked(values={}), search(), found=False) == []
    by_get = Asked(values={}, posted=False)
    assert onward(page, f"{URL}?q=a", rule, by_get, search(), found=True)[0].url == f"{URL}?q=a&debut=10"


def test_all_cookies_of_an_answer_are_kept() -> None:
    """Of repeated headers the last counts, but each cookie has its line: a replay gives them back."""
    from scrapy.http import Headers

    headers = Headers({"Set-Cookie": ["a=1; Path=/", "b=2"], "Vary": ["x", "y"]})
    found = plain_headers(SimpleNamespace(headers=headers))  # type: ignore[arg-type]
    assert found == {"set-cookie": "a=1; Path=/\nb=2", "vary": "y"}
