"""Signs on a site: the software that makes it, forms, reservations of text and data mining, and what keeps us out."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import urljoin

from crawlers.probing.pages import Look
from crawlers.probing.proposal import Form, Road

SYSTEMS: Mapping[str, str] = {
    "SPIP": r'spip\.php|name="generator"[^>]*spip|/squelettes/|class="[^"]*\bspip',
    "WordPress": r'name="generator"[^>]*wordpress|/wp-content/|/wp-json/|/wp-includes/',
    "DKAN": r"dkan",
    "Drupal": r'name="generator"[^>]*drupal|/sites/default/files/|drupal-settings-json',
    "TYPO3": r'name="generator"[^>]*typo3|/typo3conf/|/fileadmin/',
    "Liferay": r"p_p_id=|liferay|/documents/portlet_file_entry/",
    "Joomla": r'name="generator"[^>]*joomla|/components/com_',
    "OpenDataSoft": r"opendatasoft|/assets/theme_image/|ods-widgets|explore/dataset/",
    "CKAN": r'name="generator"[^>]*ckan|/api/3/action|data-module="',
    "udata": r'name="generator"[^>]*udata|content="udata|/api/1/datasets|udata-front',
}
"""How the software that makes a site shows in its pages, the surest sign first."""
PORTALS = {"OpenDataSoft": "opendatasoft", "CKAN": "ckan", "DKAN": "ckan", "udata": "udata", "WordPress": "wordpress"}
"""The dialect of `spider: api` that a site of some software speaks."""
NO_AI = re.compile(r"(?i)\b(noai|noimageai|notdm|tdm-reservation)\b")
GUARDED = re.compile(r"(?i)cf-chl|challenge-platform|captcha|datadome|incapsula|access denied|are you a robot")
FEW_WORDS = 200  # characters of text below which a page with scripts shows nothing without them
REQUEST = (
    "Ask the town hall for the files: administrative documents are communicable to whoever asks (in France by the "
    "CADA's rules). Then `minutier import FILES --source ID`."
)
ARCHIVE = "A web archive may have kept the pages: look there for this address."
BROWSER = "Save the pages with a browser (or as WARC/WACZ) and take them in: `minutier import FILES --source ID`."


def system(looks: Sequence[Look]) -> str:
    """Return the name of the software that makes a site, or nothing where it does not show."""
    pages = [look.body[:400_000].decode("utf-8", "replace") for look in looks if look.shape == "page"][:3]
    for name, pattern in SYSTEMS.items():
        if any(re.search(pattern, page, re.IGNORECASE) for page in pages):
            return name
    portal = next((look.url for look in looks if look.shape == "json" and "/api/1/datasets" in look.url), "")
    return "udata" if portal else ""


def reservation(looks: Sequence[Look]) -> str:
    """Return what a site says about text and data mining: in tdmrep.json, headers or pages; or nothing."""
    return "; ".join(dict.fromkeys(_reserved(looks)))


def _reserved(looks: Sequence[Look]) -> Iterator[str]:
    for look in looks:
        header = look.headers.get("tdm-reservation", "")
        if header:
            yield f"header tdm-reservation: {header}"
        robots = look.headers.get("x-robots-tag", "")
        if NO_AI.search(robots):
            yield f"header x-robots-tag: {robots}"
        if look.shape == "json" and look.url.endswith("/.well-known/tdmrep.json"):
            yield f"tdmrep.json: {_tdmrep(look.body)}"
        if look.page is not None:
            for meta in look.page.css("meta[name]"):
                name, content = meta.attrib["name"].lower(), meta.attrib.get("content", "")
                if name == "tdm-reservation" or (name == "robots" and NO_AI.search(content)):
                    yield f"meta {name}: {content}"


def _tdmrep(body: bytes) -> str:
    """Return what a tdmrep.json says, shortly."""
    try:
        rules = json.loads(body)
        return ", ".join(f"{rule['location']} reservation {rule['tdm-reservation']}" for rule in rules)[:200]
    except (ValueError, KeyError, TypeError):
        return "there, and not readable"


def forms(looks: Sequence[Look]) -> tuple[Form, ...]:
    """Return the forms that search among documents: not the search box of every page, and no login."""
    found: dict[tuple[str, ...], Form] = {}
    for look in looks:
        for form in look.page.css("form") if look.page is not None else ():
            names = tuple(dict.fromkeys(form.css("[name]::attr(name)").getall()))
            visible = form.css("select[name], input[name]:not([type=hidden]):not([type=submit])")
            if len(visible) >= 2 and not form.css("input[type=password]"):
                method = form.attrib.get("method", "get").lower()
                found.setdefault(names, Form(url=look.url, method=method, fields=names))
    return tuple(found.values())


def feeds_named(look: Look) -> list[str]:
    """Return the feeds that a page names in its head."""
    if look.page is None:
        return []
    links = look.page.css('link[rel~="alternate"][type*="rss"], link[rel~="alternate"][type*="atom"]')
    named = [urljoin(look.url, each.attrib.get("href", "")) for each in links]
    return [url for url in dict.fromkeys(named) if "comments" not in url]


def roads(start: str, looks: Sequence[Look], refused: Mapping[str, tuple[str, str]]) -> tuple[Road, ...]:
    """Return the other ways to the documents, for a site whose start cannot be read.

    `refused` has, by address, why no answer came: a short reason and a sentence.
    """
    reason, detail = refused.get(start, ("", ""))
    first = next((look for look in looks if start in (look.asked, look.url)), None)
    if reason:
        return _unanswered(reason, detail)
    if first is None:
        return ()
    said = first.body[:100_000].decode("utf-8", "replace")
    if first.status in (401, 403, 407, 429, 503) or GUARDED.search(said[:5000]):
        return _around(f"The site answers {first.status} and keeps programs out.")
    if first.page is not None and first.page.css("input[type=password]"):
        return _around("The pages stand behind a login.")
    if first.status >= 400:
        return (Road(name="archive", sentence=f"The site answers {first.status}. {ARCHIVE}"),)
    return (Road(name="render", sentence=NEEDS_SCRIPTS), Road(name="import", sentence=BROWSER)) if empty(first) else ()


NEEDS_SCRIPTS = (
    "The page shows nothing without JavaScript: `render: true` reads it with a browser, where that is installed."
)


def _unanswered(reason: str, detail: str) -> tuple[Road, ...]:
    """Return the roads where no answer came."""
    if reason == "robots":
        return _around(f"{detail} That is kept.")
    if reason == "scope":
        return (Road(name="address", sentence=f"{detail} Probe that host instead."),)
    if reason == "tls":
        trust = "Tell the webmaster; where you trust the site all the same, `tls: insecure` is marked in each capture."
        return (Road(name="tls", sentence=f"{detail} {trust}"),)
    return (Road(name="archive", sentence=f"{detail} {ARCHIVE}"), Road(name="request", sentence=REQUEST))


def _around(why: str) -> tuple[Road, ...]:
    return (
        Road(name="import", sentence=f"{why} {BROWSER}"),
        Road(name="request", sentence=REQUEST),
        Road(name="archive", sentence=ARCHIVE),
    )


def empty(look: Look) -> bool:
    """Return whether a page has scripts, and hardly a word or a link without them."""
    if look.page is None or not look.page.css("script"):
        return False
    texts = look.page.xpath("//body//text()[not(ancestor::script or ancestor::style or ancestor::noscript)]").getall()
    return len(" ".join(" ".join(texts).split())) < FEW_WORDS and len(look.anchors) < 3
