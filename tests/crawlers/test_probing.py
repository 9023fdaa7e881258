"""Judging what a site answered: link words, rules from examples, paging, signs, and what is asked next."""

from __future__ import annotations

import pytest

from crawlers.probing.forms import trials
from crawlers.probing.frontier import Frontier
from crawlers.probing.judging import judge, kinds_wanted
from crawlers.probing.pages import Look, look, papers
from crawlers.probing.paging import turning
from crawlers.probing.patterns import patterns
from crawlers.probing.rules import fitting
from crawlers.probing.signs import empty, reservation, system
from crawlers.probing.words import has_date, words
from crawlers.replay import replay, silent
from crawlers.spiders.table import Options as TableOptions
from tests.making import a_source

HOME = "https://town.example/list"


def page(body: str, url: str = HOME, **headers: str) -> Look:
    """Return a page of a site."""
    return look(url, url, 200, headers, f"<html><title>x</title><body>{body}</body></html>".encode())


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("Délibérations du conseil", "council_minutes"),
        ("Procès-verbaux", "council_minutes"),
        ("PV n° 3", "council_minutes"),
        ("Dossiers de presse", "press"),
        ("Le JUMELAGE avec Chengdu", "relation"),
        ("成都市友好城市", "relation"),
    ],
)
def test_link_words_are_found_whatever_their_form(said: str, kind: str) -> None:
    """Case, accents and endings do not count; Chinese words are found anywhere."""
    assert kind in words().kinds_in(said)


def test_a_word_is_found_by_its_beginning_only() -> None:
    """`machine` is no word of China, two letters stand alone, a day or a year is a date and a size is none."""
    assert words().kinds_in("Machines et supervision, cmyk") == frozenset()
    assert [has_date(each) for each in ("le 12 mars 2019", "Année 1987", "PDF, 120 Ko")] == [True, True, False]


def test_patterns_find_their_examples_and_their_likes() -> None:
    """Endings, folders, numbers and parameters become patterns; each finds all it was made from."""
    assert next(patterns(["https://a.fr/x/1.pdf", "https://a.fr/y/2.pdf"])) == "\\.pdf$"
    assert "\\.(docx|pdf)$" in set(patterns(["https://a.fr/1.pdf", "https://a.fr/2.docx"]))
    assert "/presse/communique-[^/?]+$" in set(
        patterns(["https://a.fr/presse/communique-a", "https://a.fr/presse/communique-b"])
    )


def test_a_rule_takes_the_papers_and_leaves_the_rest() -> None:
    """Where an ending would take the papers of the menu too, the class of the list is the rule; or there is none."""
    rows = "".join(f'<li class="pv"><a href="/{n}.pdf">PV {n}</a></li>' for n in range(4))
    given = page(f"{rows}<p><a href='/plan.pdf'>Plan</a></p>")
    wanted = [each for each in papers(given) if "PV" in each.link.text]
    fit = fitting(wanted, [given])
    assert fit and fit.written == {"css": "li.pv a"} and fit.quality == 1
    mixed = page("".join(f'<p><a href="/{n}.pdf">{"PV" if n % 2 else "Menu"}</a></p>' for n in range(8)))
    assert fitting([each for each in papers(mixed) if each.link.text == "PV"], [mixed]) is None


@pytest.mark.parametrize(
    ("body", "start", "rule"),
    [
        ('<a rel="next" href="/list?page=2">2</a>', HOME, {"css": "a[rel=next]"}),
        ('<li class="pager-next"><a href="/list/2">Suivant</a></li>', HOME, {"css": "li.pager-next a"}),
        ('<a href="/list?page=1">2</a><a href="/list?page=2">3</a>', f"{HOME}?page=0", {"param": "page"}),
        ('<a href="/list?page=2">2</a>', HOME, {"param": "page"}),
        ('<a href="/list?debut_articles=10">2</a>', HOME, {"param": "debut_articles", "step": 10}),
        ('<a href="/list?start=20">Page suivante »</a>', HOME, {"param": "start", "step": 20}),
        ('<div class="nav-links"><a href="/list/page/2/">2</a></div>', HOME, {"css": "div.nav-links a"}),
    ],
)
def test_paging_is_recognised(body: str, start: str, rule: dict[str, str | int]) -> None:
    """A link to the next page, a counter from 0, from 1 or by steps, and numbered paths: each becomes a `next`."""
    turn = turning(page(body))
    assert turn and (turn.start, turn.rule) == (start, rule)


def test_a_page_without_more_is_not_turned() -> None:
    """Ordinary links, a year, and a number in another list are no paging."""
    assert turning(page('<a href="/2024">2024</a><a href="/other?page=2">2</a><a href="/d?id=3">3</a>')) is None


def test_signs_are_read() -> None:
    """Software, reservations in pages and headers, and a page that is empty without scripts are recognised."""
    made = page('<link href="/wp-content/x.css"><meta name="robots" content="noai">', **{"tdm-reservation": "1"})
    assert system([made]) == "WordPress"
    assert reservation([made]) == "header tdm-reservation: 1; meta robots: noai"
    assert empty(page('<script src="a.js"></script><div id="app"></div>'))
    assert not empty(page("<script></script>" + "Le conseil municipal. " * 20))


def test_the_most_promising_link_is_asked_first_and_no_other_host() -> None:
    """After robots.txt the link with link words comes first; others without any, elsewhere or to papers do not come."""
    frontier = Frontier(start=HOME, wanted=kinds_wanted("council_minutes"), query="délibérations")
    assert [frontier.next(), frontier.next()] == [HOME, "https://town.example/robots.txt"]
    body = '<a href="/sport">Sport</a><a href="https://other.example/pv">PV</a><a href="/a.pdf">PV</a>'
    frontier.learn(page(f'{body}<a href="/pv">Procès-verbaux</a>'))
    asked = [frontier.next() for _ in range(4)]
    assert asked == ["https://town.example/.well-known/tdmrep.json", "https://town.example/pv", "", ""]


def test_of_many_links_alike_only_a_few_are_asked() -> None:
    """Twelve séances are a list: three of them show what the others hold."""
    frontier = Frontier(start=HOME, wanted=kinds_wanted(""), query="")
    frontier.learn(page("".join(f'<li><a href="/s/{n}">Séance {n}</a></li>' for n in range(12))))
    asked = []
    while url := frontier.next():
        asked.append(url)
    assert sum("/s/" in url for url in asked) == 3


def test_nothing_is_proposed_where_nothing_is_meant() -> None:
    """A site of plain pages gives no rules, and every spider has its reason."""
    found = judge(HOME, [page('<p>Bienvenue</p><a href="/sport">Sport</a>')], {}, "")
    assert found.best is None and {each.spider for each in found.against} >= {"listing", "site", "table"}


def test_a_replay_says_which_rule_found_nothing() -> None:
    """A column that is not there any more is named, on every page; a rule that found something once is not."""
    source = a_source(spider="table", options=TableOptions(map={"link": ("URL",), "title": ("objet",)}))
    found = replay(source, "https://a.fr/t.csv", {}, b"URL;nom\nhttps://a.fr/1.pdf;x\n")
    assert silent([found]) == ["map.title"]
    better = replay(source, "https://a.fr/t.csv", {}, b"URL;objet\nhttps://a.fr/1.pdf;x\n")
    assert silent([found, better]) == []


YEARS = "<select name=annee><option value=''>toutes</option><option>2023</option><option>2024</option></select>"
SENT = [
    (f"<h1>Délibérations</h1><form>{YEARS}</form>", "annee"),
    ("<form action=/f><input name=mots><input name=theme><button>Rechercher une délibération</button></form>", ""),
    (f"<form action=/a><input name=x></form><form id=b method=post>Délibérations {YEARS}</form>", "annee"),
]
NEVER_SENT = {
    "nothing about documents": f"<form>Piscine {YEARS}<button>Chercher</button></form>",
    "the search box of every page": "<form>Délibérations<input name=q><button>Chercher</button></form>",
    "another host": f"<form action='https://other.example/'>Délibérations {YEARS}</form>",
    "a login": f"<form>Délibérations {YEARS}<input type=password name=p></form>",
    "a subscription": f"<form>Chercher les délibérations {YEARS}<input type=email name=m></form>",
    "a letter": f"<form>Chercher les délibérations {YEARS}<textarea name=t></textarea></form>",
    "the head of every page": f"<header><form>Délibérations {YEARS}</form></header>",
    "no search": "<form>Délibérations<input name=nom><input name=prenom><button>Envoyer</button></form>",
    "one of several, without a name": f"<form action=/a></form><form>Délibérations {YEARS}</form>",
}


@pytest.mark.parametrize(("body", "series"), SENT)
def test_a_form_that_looks_for_documents_may_be_tried(body: str, series: str) -> None:
    """By a list of years with its first value, or as it stands where it says that it searches."""
    (trial,) = trials(page(body), kinds_wanted("council_minutes"))
    assert (trial.series, trial.asked.values.get("annee", "")) == (series, "2023" if series else "")


@pytest.mark.parametrize("body", NEVER_SENT.values(), ids=NEVER_SENT)
def test_a_form_about_whoever_fills_it_in_is_never_sent(body: str) -> None:
    """Nor is one that looks for nothing, leads to another host, or cannot be named."""
    assert list(trials(page(body), kinds_wanted("council_minutes"))) == []
