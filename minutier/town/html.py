"""The town's web pages: one frame in five languages, articles, listings and atlas records."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from html import escape

from minutier.town.model import TOWN
from minutier.town.texts import Text, notice

plain = partial(escape, quote=False)

SITES = {
    "town": (
        f"Ville de {TOWN}",
        (
            ("/", "Accueil"),
            ("/conseil-municipal/", "Conseil municipal"),
            ("/presse/", "Presse"),
            ("/atlas/", "Atlas des coopérations"),
        ),
    ),
    "partner": ("霁湾市人民政府外事办公室", (("/jiwan/", "首页"), ("/presse/", "罗克维斯"))),
    "atlas": (
        "Atlas des coopérations (exemple)",
        (("/atlas/", "Tous les projets"), ("/", "Le site de la ville")),
    ),
}
"""Each site's name and menu."""
STYLE = (
    "body{font:17px/1.6 Georgia,serif;margin:0;color:#222}"
    "header,footer{background:#1f3a5f;color:#fff;padding:.8em 2em}"
    "header a{color:#fff;margin-right:1.5em}main{max-width:44em;margin:2em auto;padding:0 1em}"
    "table{border-collapse:collapse}"
    "th,td{border:1px solid #bbb;padding:.4em .8em;text-align:left;vertical-align:top}"
    "dt{font-weight:bold;margin-top:.6em}.beside,time{color:#666;font-size:.85em}footer{font-size:.8em}"
)
FRAME = """<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<title>{title} | {site}</title>
<style>{style}</style>
{links}</head>
<body>
<header><strong>{site}</strong><nav>{menu}</nav></header>
<main>
{main}
</main>
<footer><p>{foot}</p></footer>
</body>
</html>
"""
PRINTED = """<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<title>{title} (version imprimable)</title>
</head>
<body>
<main>
{main}
</main>
<footer><p>{foot}</p></footer>
</body>
</html>
"""


def frame(main: str, *, title: str, site: str = "town", language: str = "fr", links: str = "") -> str:
    """Return a whole page around its main part."""
    name, menu = SITES[site]
    return FRAME.format(
        language=language,
        title=plain(title),
        site=name,
        style=STYLE,
        links=links,
        menu=" ".join(f'<a href="{address}">{words}</a>' for address, words in menu),
        main=main,
        foot=notice(language),
    )


def anchor(address: str, words: str, kind: str = "") -> str:
    """Return a link."""
    marked = f' class="{kind}"' if kind else ""
    return f'<a{marked} href="{escape(address)}">{plain(words)}</a>'


def article(text: Text) -> str:
    """Return a press text as an article: title, dated line, paragraphs."""
    day = f"{text.published:%Y-%m-%d}"
    lines = [
        f"<h1>{plain(text.title)}</h1>",
        f'<p><time datetime="{day}">{plain(text.facts["byline"])}</time></p>',
    ]
    lines += [f"<p>{plain(block.text)}</p>" for block in text.blocks if block.kind == "text"]
    return "<article>\n" + "\n".join(lines) + "\n</article>"


def press_page(text: Text, siblings: list[Text]) -> str:
    """Return a press page, with links to the same news in other languages."""
    links = "".join(
        f'<link rel="alternate" hreflang="{one.facts["language"]}" href="{one.path}">\n' for one in siblings
    )
    also = " ".join(f"<li>{anchor(one.path, one.title)}</li>" for one in siblings)
    return frame(
        article(text) + (f'\n<aside><ul class="languages">{also}</ul></aside>' if also else ""),
        title=text.title,
        site=text.facts["site"],
        language=text.facts["language"],
        links=links,
    )


def printed_page(text: Text) -> str:
    """Return the same article for the printer: equal words, other bytes."""
    return PRINTED.format(
        language=text.facts["language"],
        title=plain(text.title),
        main=article(text),
        foot=notice(text.facts["language"]),
    )


def record_page(text: Text) -> str:
    """Return an atlas record as pairs of label and value, in a table or in a definition list."""
    pairs = [block.text.partition(": ") for block in text.blocks if block.kind == "text"]
    if text.facts["layout"] == "table":
        rows = "\n".join(f"<tr><th>{plain(k)}</th><td>{plain(v)}</td></tr>" for k, _, v in pairs)
        body = f"<table>\n{rows}\n</table>"
    else:
        rows = "\n".join(f"<dt>{plain(k)}</dt>\n<dd>{plain(v)}</dd>" for k, _, v in pairs)
        body = f"<dl>\n{rows}\n</dl>"
    return frame(f"<h1>{plain(text.title)}</h1>\n{body}", title=text.title, site="atlas")


def listing(title: str, entries: Iterable[str], *, site: str = "town", language: str = "fr", more: str = "") -> str:
    """Return a page that lists documents."""
    lines = "\n".join(f"<li>{entry}</li>" for entry in entries)
    return frame(f"<h1>{title}</h1>\n<ul>\n{lines}\n</ul>\n{more}", title=title, site=site, language=language)
