"""Synthetic sites on the loopback, one for each way of publishing: what they serve, where to begin, what they hold.

Every site has a menu, a footer and pages that are no documents, as real ones have. All of it is made up.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qs

from tests.loopback import Answer, Posted, Server, paragraph, refusing, serving

MENU = {
    "/": "Accueil",
    "/ecoles": "Écoles et enfance",
    "/sport": "Sport et associations",
    "/contact": "Nous écrire",
    "/plan": "Plan de la ville",
}
MONTHS = ["janvier", "mars", "avril", "juin", "septembre", "octobre", "novembre", "décembre"]


@dataclass(kw_only=True)
class Site:
    """A site: its pages by path, the path to begin at, and the paths of its documents."""

    spider: str
    start: str = "/"
    kind: str = "council_minutes"
    pages: dict[str, Answer] = field(default_factory=dict)
    documents: set[str] = field(default_factory=set)
    otherwise: Callable[[str, str], Answer | None] = lambda path, root: None
    posted: Posted = refusing
    robots: str = "User-agent: *\nDisallow: /prive/\n"


@contextmanager
def served(site: Site) -> Iterator[Server]:
    """Serve a site; a page may name the server itself as {root}."""
    ready: list[Server] = []

    def otherwise(path: str) -> Answer | None:
        root = ready[0].root
        answer = site.pages.get(path) or site.otherwise(path, root)
        body = answer.body.replace(b"{root}", root.encode()) if answer else b""
        return Answer(body, answer.status, answer.headers) if answer else None

    site.pages.setdefault("/robots.txt", Answer(site.robots.encode(), headers={"Content-Type": "text/plain"}))
    with serving({}, otherwise, posted=site.posted) as server:
        ready.append(server)
        yield server


def page(title: str, body: str, *, menu: dict[str, str] | None = None, head: str = "") -> Answer:
    """Return a page with the menu, the sidebar and the footer that all pages of a town have."""
    places = "".join(f'<li><a href="{path}">{words}</a></li>' for path, words in (MENU | (menu or {})).items())
    text = (
        f"<!DOCTYPE html><html lang=fr><head><title>{title} - Ville fictive</title>{head}</head><body>"
        f'<div id="menu"><ul class="menu">{places}</ul></div><main id="contenu"><h1>{title}</h1>{body}</main>'
        '<footer><a href="/mentions">Mentions légales</a> <a href="/menus-cantine.pdf">Menus de la cantine</a>'
        "</footer></body></html>"
    )
    return Answer(text.encode())


def others(menu: dict[str, str] | None = None, head: str = "") -> dict[str, Answer]:
    """Return the pages that every town has, and that are no documents."""
    return {
        path: page(words, f"<p>{words} : renseignements à l'accueil.</p>", menu=menu, head=head)
        for path, words in (MENU | {"/mentions": "Mentions légales"}).items()
    } | {"/menus-cantine.pdf": paper(999)}


def paper(number: int) -> Answer:
    """Return a paper, each different: plain text under a name in .pdf, for what counts is that it is collected."""
    body = f"Procès-verbal numéro {number}.\n\nLe conseil approuve la délibération {number * 7} à l'unanimité.\n"
    return Answer(body.encode(), headers={"Content-Type": "text/plain; charset=utf-8"})


def article(title: str, number: int, menu: dict[str, str] | None = None) -> Answer:
    """Return a page of text, each different."""
    return page(title, paragraph(number), menu=menu)


def listing_with_next() -> Site:
    """Minutes on five pages, each with a link to the next one; the home page leads there."""
    menu = {"/conseil": "Conseil municipal"}
    site = Site(spider="listing", pages=others(menu))
    for number in range(5):
        rows = ""
        for n in range(number * 6, number * 6 + 6):
            date = f"{n % 27 + 1} {MONTHS[n % 8]} {2024 - n // 8}"
            rows += f'<li class="pv"><a href="/pv/seance-{n}.pdf">Procès-verbal de la séance du {date}</a> (PDF)</li>'
            site.pages[f"/pv/seance-{n}.pdf"] = paper(n)
            site.documents.add(f"/pv/seance-{n}.pdf")
        here = "/conseil" if number == 0 else f"/conseil/page/{number + 1}"
        more = f'<p><a rel="next" href="/conseil/page/{number + 2}">Page suivante</a></p>' if number < 4 else ""
        site.pages[here] = page("Procès-verbaux du conseil municipal", f"<ul>{rows}</ul>{more}", menu=menu)
    return site


def listing_with_counter() -> Site:
    """Press releases on four pages that a parameter counts from 0, as Drupal does; the releases are pages."""
    menu = {"/presse": "Communiqués de presse"}
    site = Site(spider="listing", kind="press", pages=others(menu))
    for number in range(4):
        rows = ""
        for n in range(number * 5, number * 5 + 5):
            where = f"/presse/communique-{n}-jumelage"
            rows += f'<article class="teaser"><h3><a href="{where}">La ville et son jumelage, épisode {n}</a></h3>'
            rows += f"<span>{n + 1} {MONTHS[n % 8]} 2024</span></article>"
            site.pages[where] = article(f"La ville et son jumelage, épisode {n}", n, menu)
            site.documents.add(where)
        pager = "".join(f'<li><a href="/presse?page={k}">{k + 1}</a></li>' for k in range(4) if k != number)
        here = page("Communiqués de presse", f'{rows}<ul class="pager">{pager}</ul>', menu=menu)
        site.pages[f"/presse?page={number}"] = here
        if number == 0:
            site.pages["/presse"] = here
    return site


def year_folders() -> Site:
    """Years, in each the séances, and in each of these the papers."""
    menu = {"/deliberations": "Délibérations"}
    site = Site(spider="listing", pages=others(menu))
    years = range(2020, 2025)
    folders = "".join(f'<li><a href="/deliberations/{year}">Année {year}</a></li>' for year in years)
    site.pages["/deliberations"] = page("Délibérations", f'<ul class="annees">{folders}</ul>', menu=menu)
    for year in years:
        rows = ""
        for month in (3, 9):
            where = f"/deliberations/{year}/seance-{month:02}"
            rows += f'<p class="seance"><a href="{where}">Séance du 12/{month:02}/{year}</a></p>'
            acts = ""
            for n in range(2):
                name = f"/fichiers/{year}-{month:02}-{n}.pdf"
                acts += f'<tr><td>{n + 1}</td><td><a href="{name}">Télécharger</a></td></tr>'
                site.pages[name] = paper(year * 1000 + month * 10 + n)
                site.documents.add(name)
            body = f"<table>{acts}</table><p><a href='/deliberations'>Retour</a></p>"
            site.pages[where] = page(f"Délibérations de la séance du 12/{month:02}/{year}", body, menu=menu)
        site.pages[f"/deliberations/{year}"] = page(f"Délibérations {year}", rows, menu=menu)
    return site


def scattered() -> Site:
    """A small town without a list: papers stand on many pages, one or two on each."""
    themes = ["ecole", "voirie", "eau", "jumelage", "budget", "foret", "salle"]
    menu = {f"/vie/{theme}.html": f"Décisions : {theme}" for theme in themes}
    site = Site(spider="site", pages=others(menu))
    for at, theme in enumerate(themes):
        body = paragraph(at)
        for n in range(1 + at % 2):
            name = f"/docs/{theme}-deliberation-{n}.pdf"
            body += f'<p>Voir la <a href="{name}">délibération du {at + 1} mars 20{10 + at}</a>.</p>'
            site.pages[name] = paper(at * 10 + n)
            site.documents.add(name)
        site.pages[f"/vie/{theme}.html"] = page(f"La vie de la commune : {theme}", body, menu=menu)
    return site


def rss(numbers: range, where: str = "/billets/{}") -> Answer:
    """Return an RSS feed."""
    entries = "".join(
        f"<item><title>Le jumelage, billet {n}</title><link>{{root}}{where.format(n)}</link>"
        f"<pubDate>Mon, 27 May 2024 08:{n:02}:00 +0200</pubDate></item>"
        for n in numbers
    )
    body = f'<?xml version="1.0"?><rss version="2.0"><channel><title>Billets</title>{entries}</channel></rss>'
    return Answer(body.encode(), headers={"Content-Type": "application/rss+xml"})


def feed() -> Site:
    """A journal whose pages list nothing and whose feed, named in their heads, has three pages."""
    head = '<link rel="alternate" type="application/rss+xml" href="/feed/">'
    site = Site(spider="feed", kind="press", pages=others(head=head))
    for number, path in enumerate(["/feed/", "/feed/?paged=2", "/feed/?paged=3"]):
        site.pages[path] = rss(range(number * 5, number * 5 + 5))
    for n in range(15):
        site.pages[f"/billets/{n}"] = article(f"Le jumelage, billet {n}", n)
        site.documents.add(f"/billets/{n}")
    return site


def sitemap() -> Site:
    """A site whose pages lead nowhere by themselves, and whose robots.txt names a sitemap of sitemaps."""
    site = Site(spider="sitemap", pages=others(), robots="User-agent: *\nDisallow:\nSitemap: {root}/sitemap.xml\n")
    space = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    parts = "".join(f"<sitemap><loc>{{root}}/sitemap-{n}.xml</loc></sitemap>" for n in (1, 2))
    xml = {"Content-Type": "application/xml"}
    site.pages["/sitemap.xml"] = Answer(f"<sitemapindex {space}>{parts}</sitemapindex>".encode(), headers=xml)
    for part in (1, 2):
        urls = "".join(f"<url><loc>{{root}}{path}</loc></url>" for path in (MENU if part == 1 else ()))
        for n in range(part * 10, part * 10 + 7):
            where = f"/seances/compte-rendu-{n}"
            urls += f"<url><loc>{{root}}{where}</loc><lastmod>2024-0{part}-0{n % 9 + 1}</lastmod></url>"
            site.pages[where] = article(f"Compte rendu {n}", n)
            site.documents.add(where)
        site.pages[f"/sitemap-{part}.xml"] = Answer(f"<urlset {space}>{urls}</urlset>".encode(), headers=xml)
    return site


def table() -> Site:
    """A page with a table of deliberations in the columns of SCDL, whose rows lead to the papers."""
    menu = {"/donnees": "Délibérations en données ouvertes"}
    site = Site(spider="table", pages=others(menu))
    rows = ["COLL_NOM;DELIB_ID;DELIB_DATE;DELIB_OBJET;DELIB_URL"]
    for n in range(9):
        rows.append(f"Ville fictive;2024-{n:03};2024-05-{n + 10};Objet {n};{{root}}/actes/{n}.pdf")
        site.pages[f"/actes/{n}.pdf"] = paper(n)
        site.documents.add(f"/actes/{n}.pdf")
    link = '<p>Le fichier : <a href="/donnees/deliberations.csv">délibérations (CSV)</a></p>'
    site.pages["/donnees"] = page("Délibérations en données ouvertes", link, menu=menu)
    site.pages["/donnees/deliberations.csv"] = Answer("\r\n".join(rows).encode(), headers={"Content-Type": "text/csv"})
    return site


def wordpress() -> Site:
    """A WordPress journal of twelve posts, of which its home shows the latest two."""
    head = '<meta name="generator" content="WordPress 6.6"><link rel="stylesheet" href="/wp-content/style.css">'
    site = Site(spider="api", kind="press", pages=others(head=head))
    latest = "".join(f'<p><a href="/2024/05/jumelage-{n}/">Nouvelles du jumelage {n}</a></p>' for n in (0, 1))
    site.pages["/"] = page("Journal de la ville", latest, head=head)
    for n in range(12):
        site.pages[f"/2024/05/jumelage-{n}/"] = article(f"Nouvelles du jumelage {n}", n)
        site.documents.add(f"/2024/05/jumelage-{n}/")

    def posts(path: str, root: str) -> Answer | None:
        if not path.startswith("/wp-json/wp/v2/posts"):
            return None
        listed = [
            {
                "id": n,
                "link": f"{root}/2024/05/jumelage-{n}/",
                "date": f"2024-05-{n + 1:02}T08:00:00",
                "title": {"rendered": f"Nouvelles du jumelage {n}"},
                "excerpt": {"rendered": ""},
                "content": {"rendered": paragraph(n)},
            }
            for n in range(12)
        ]
        return Answer(json.dumps(listed).encode(), headers=JSON | {"X-WP-Total": "12", "X-WP-TotalPages": "1"})

    site.otherwise = posts
    return site


JSON = {"Content-Type": "application/json"}


def opendatasoft() -> Site:
    """An OpenDataSoft portal with three datasets, one of them deliberations."""
    body = '<script src="/static/ods-widgets.js"></script><p>Bienvenue sur le portail.</p>'
    site = Site(spider="api", pages=others() | {"/": page("Données ouvertes", body)})
    for n in range(12):
        site.pages[f"/fichiers/{n}.pdf"] = paper(n)
        site.documents.add(f"/fichiers/{n}.pdf")
    catalog = "/api/explore/v2.1/catalog/datasets"

    def answers(path: str, root: str) -> Answer | None:
        place, _, query = path.partition("?")
        if place == catalog:
            names = ["arbres", "deliberations-du-conseil", "stationnement"]
            said = [{"dataset_id": name, "metas": {"default": {"title": name}}} for name in names]
            return Answer(json.dumps({"total_count": 3, "results": said}).encode(), headers=JSON)
        if place != f"{catalog}/deliberations-du-conseil/records":
            return None
        asked = {name: int(values[0]) for name, values in parse_qs(query).items()}
        inside = range(asked["offset"], min(12, asked["offset"] + asked["limit"]))
        rows = [{"delib_objet": f"Objet {n}", "delib_url": f"{root}/fichiers/{n}.pdf"} for n in inside]
        return Answer(json.dumps({"total_count": 12, "results": rows}).encode(), headers=JSON)

    site.otherwise = answers
    return site


def ckan() -> Site:
    """A CKAN portal: the search for deliberations gives three packages of four papers each, on two pages of answers."""
    head = '<meta name="generator" content="ckan 2.10">'
    site = Site(spider="api", pages=others(head=head))

    def answers(path: str, root: str) -> Answer | None:
        if not path.startswith("/api/3/action/package_search"):
            return None
        asked = parse_qs(path.partition("?")[2])
        packages = [_package(f"Délibérations {year}", year, root) for year in (2022, 2023, 2024)]
        found = packages if "délibérations" in asked.get("q", [""])[0] else []
        first = int(asked["start"][0])
        listed = found[first : first + int(asked["rows"][0])]
        said = {"success": True, "result": {"count": len(found), "results": listed}}
        return Answer(json.dumps(said).encode(), headers=JSON)

    return _with_packages(site, answers)


def udata() -> Site:
    """A udata portal, as data.gouv.fr: datasets of papers, found by a search."""
    head = '<meta name="generator" content="udata">'
    site = Site(spider="api", pages=others(head=head))

    def answers(path: str, root: str) -> Answer | None:
        if not path.startswith("/api/1/datasets/"):
            return None
        asked = parse_qs(path.partition("?")[2])
        found = [_package(f"Délibérations {year}", year, root) for year in (2022, 2023, 2024)]
        page_number, size = int(asked["page"][0]), int(asked["page_size"][0])
        listed = found[(page_number - 1) * size : page_number * size] if "délib" in asked.get("q", [""])[0] else []
        return Answer(json.dumps({"data": listed, "total": len(found)}).encode(), headers=JSON)

    return _with_packages(site, answers)


def _package(title: str, year: int, root: str) -> dict[str, object]:
    files = [{"url": f"{root}/d/{year}-{n}.pdf", "title": f"Séance {n}", "name": f"Séance {n}"} for n in range(4)]
    return {"title": title, "resources": files}


def _with_packages(site: Site, answers: Callable[[str, str], Answer | None]) -> Site:
    for year in (2022, 2023, 2024):
        for n in range(4):
            site.pages[f"/d/{year}-{n}.pdf"] = paper(year * 10 + n)
            site.documents.add(f"/d/{year}-{n}.pdf")
    site.otherwise = answers
    return site


YEARS = range(2021, 2025)
NEWSLETTER = '<form method="post" action="/abonnement"><input name="nom"><input type="email" name="courriel"></form>'


def choices(chosen: str) -> str:
    """Return a list of years, one of them chosen."""
    return "".join(f"<option{' selected' * (str(year) == chosen)}>{year}</option>" for year in YEARS)


def posted_form() -> Site:
    """A search by year: a token good for one answer, a cookie, three results a page turned by a postback."""
    menu = {"/recueil": "Recueil des délibérations"}
    site = Site(spider="form", pages=others(menu))
    given: list[str] = []

    def results(year: str, number: int) -> Answer:
        given.append(f"jeton-{len(given)}")
        here = range(number * 3 - 3, min(number * 3, 7)) if year else range(0)
        rows = "".join(f'<tr><td><a href="/acte/{year}-{n}">Délibération n° {year}-{n}</a></td></tr>' for n in here)
        more = """<a class="suite" href="javascript:__doPostBack('suite','')">Suivant</a>""" * (
            year != "" and number < 3
        )
        body = (
            f'{NEWSLETTER}<form id="recherche" method="post" action="/recueil/recherche">'
            f'<input type="hidden" name="csrf_token" value="{given[-1]}"><input type="hidden" name="__EVENTTARGET">'
            f'<input type="hidden" name="page" value="{number}"><input name="mots">'
            f'<select name="annee"><option value="">Toutes</option>{choices(year)}</select>'
            f'<input type="submit" name="ok" value="Rechercher"><table>{rows}</table>{more}</form>'
        )
        shown = page("Recueil des délibérations", body, menu=menu)
        return Answer(shown.body, headers={**shown.headers, "Set-Cookie": "visite=1; Path=/"})

    def posted(path: str, fields: dict[str, str], headers: Mapping[str, str]) -> Answer:
        if path != "/recueil/recherche" or fields["csrf_token"] != given[-1] or headers.get("Cookie") != "visite=1":
            return Answer(b"refused", 403)
        return results(fields["annee"], int(fields["page"]) + (fields["__EVENTTARGET"] == "suite"))

    for year in YEARS:
        for n in range(7):
            site.pages[f"/acte/{year}-{n}"] = article(f"Délibération n° {year}-{n}", year * 10 + n, menu)
            site.documents.add(f"/acte/{year}-{n}")
    site.posted = posted
    site.otherwise = lambda path, root: results("", 1) if path == "/recueil" else None
    return site


def asked_form() -> Site:
    """A search by year whose answers have addresses of their own and name papers."""
    menu = {"/actes": "Procès-verbaux du conseil"}
    site = Site(spider="form", pages=others(menu))
    for year in ("", *map(str, YEARS)):
        rows = ""
        for n in range(4) if year else ():
            rows += f'<li><a href="/pv/{year}-{n}.pdf">Procès-verbal n° {n}</a></li>'
            site.pages[f"/pv/{year}-{n}.pdf"] = paper(int(year) * 10 + n)
            site.documents.add(f"/pv/{year}-{n}.pdf")
        search = f'<form action="/actes"><select name="annee">{choices(year)}</select><button>Chercher</button></form>'
        here = page("Procès-verbaux du conseil", f"{search}<ul>{rows}</ul>", menu=menu)
        site.pages[f"/actes?annee={year}" if year else "/actes"] = here
    return site


SITES: dict[str, Callable[[], Site]] = {
    "listing with a next link": listing_with_next,
    "listing with a counter": listing_with_counter,
    "year folders": year_folders,
    "site": scattered,
    "feed": feed,
    "sitemap": sitemap,
    "table": table,
    "wordpress": wordpress,
    "opendatasoft": opendatasoft,
    "ckan": ckan,
    "udata": udata,
    "posted form": posted_form,
    "asked form": asked_form,
}
