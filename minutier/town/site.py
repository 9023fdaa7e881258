"""The whole site of a day: every address of the town and what it answers."""

from __future__ import annotations

from minutier.town import html
from minutier.town.model import DOCX, PDF, TOWN, Page
from minutier.town.office import write_docx
from minutier.town.pdf import draw_pdf
from minutier.town.texts import Text, notice, read_bytes, read_texts

SCAN = "seance-1987-04-13"
LAST_LISTING = 3
ROBOTS = "User-agent: *\nDisallow: /prive/\n"


def pages(day: int) -> dict[str, Page]:
    """Return the town on day 1 or 2, by path; the same bytes in every process."""
    if day not in (1, 2):
        raise ValueError(f"The town has a day 1 and a day 2, no day {day}.")
    found = [robots(), home(), *council(day), *atlas(day), *press(day)]
    return {page.path: page for page in found}


def robots() -> Page:
    """Return what robots are asked."""
    body = f"# {notice('en')}\n{ROBOTS}".encode()
    return Page(path="/robots.txt", body=body, media_type="text/plain; charset=utf-8")


def home() -> Page:
    """Return the town's front page."""
    name = f"Bienvenue à {TOWN}"
    entries = [html.anchor(address, words) for address, words in html.SITES["town"][1][1:]]
    entries.append(html.anchor("/jiwan/", "Notre ville jumelée : Jiwan (霁湾)"))
    return web("/", html.listing(name, entries))


def web(path: str, content: str, text: Text | None = None) -> Page:
    """Return a page of HTML, in the encoding that its text asks for."""
    encoding = text.facts.get("encoding", "utf-8") if text else "utf-8"
    return Page(
        path=path,
        body=content.replace('charset="utf-8"', f'charset="{encoding}"').encode(encoding),
        media_type=f"text/html; charset={encoding}",
        last_modified=text.modified if text else None,
    )


def council(day: int) -> list[Page]:
    """Return the council's documents and the three pages that list them."""
    texts = read_texts("minutes", day)
    found = [page for text in texts if text.path.startswith("/") for page in documents(text)]
    return found + [council_listing(number, texts) for number in range(1, LAST_LISTING + 1)]


def documents(text: Text) -> list[Page]:
    """Return one document at each of its addresses."""
    body, media_type = bytes_of(text)
    return [
        Page(path=path, body=body, media_type=media_type, last_modified=text.modified)
        for path in (text.path, text.facts.get("also"))
        if path
    ]


def bytes_of(text: Text) -> tuple[bytes, str]:
    """Return a document's bytes and type."""
    if text.path.endswith(".docx"):
        return write_docx(text), DOCX
    if text.name == SCAN:
        return read_bytes("minutes", f"{SCAN}.pdf"), PDF
    return draw_pdf(text), PDF


def listing_path(number: int) -> str:
    """Return the address of one page of the council's listing."""
    return "/conseil-municipal/" if number == 1 else f"/conseil-municipal/page/{number}/"


def council_listing(number: int, texts: list[Text]) -> Page:
    """Return one page of the listing, with links to its neighbours."""
    entries = []
    for text in texts:
        facts = text.facts
        if facts["listing"] == str(number):
            entries.append(entry(text.path, facts["link"], facts["beside"]))
        if facts.get("also_listing") == str(number):
            entries.append(entry(facts["also"], facts["also_link"], facts["beside"]))
    steps = []
    if number > 1:
        steps.append(f'<a rel="prev" href="{listing_path(number - 1)}">Page précédente</a>')
    if number < LAST_LISTING:
        steps.append(f'<a rel="next" href="{listing_path(number + 1)}">Page suivante</a>')
    more = f"<p>{' '.join(steps)}</p>"
    title = f"Conseil municipal : délibérations et procès-verbaux, page {number}"
    return web(listing_path(number), html.listing(title, entries, more=more))


def entry(address: str, words: str, beside: str) -> str:
    """Return the link to a document and what is said beside it."""
    return f'{html.anchor(address, words, "document")} <span class="beside">({beside})</span>'


def atlas(day: int) -> list[Page]:
    """Return the records of the atlas and their index."""
    texts = sorted(read_texts("atlas", day), key=lambda text: text.path)
    entries = [html.anchor(text.path, text.title, "fiche") for text in texts]
    index = html.listing("Projets de coopération déclarés", entries, site="atlas")
    return [web("/atlas/", index), *(web(text.path, html.record_page(text), text) for text in texts)]


def press(day: int) -> list[Page]:
    """Return the press pages of both towns and what lists them."""
    texts = read_texts("press", day)
    found = []
    for text in texts:
        group = text.facts.get("group")
        siblings = [one for one in texts if group and one.facts.get("group") == group and one is not text]
        found.append(web(text.path, html.press_page(text, siblings), text))
        if "copy" in text.facts:
            copy = web(text.facts["copy"], html.printed_page(text), text)
            found.append(copy)
    return [*found, press_listing(texts), partner_listing(texts)]


def press_listing(texts: list[Text]) -> Page:
    """Return the list of all press pages, the printable copy and the partner's pages included."""
    entries = []
    for text in texts:
        links = [html.anchor(text.path, text.title, "communique")]
        if "copy" in text.facts:
            links.append(html.anchor(text.facts["copy"], "Version imprimable", "communique"))
        entries.append(f"{' | '.join(links)} <time>{text.published:%d/%m/%Y}</time>")
    return web("/presse/", html.listing("Communiqués de presse", entries))


def partner_listing(texts: list[Text]) -> Page:
    """Return the partner's own list, in Chinese."""
    entries = [html.anchor(text.path, text.title) for text in texts if text.facts["site"] == "partner"]
    return web("/jiwan/", html.listing("新闻动态", entries, site="partner", language="zh"))
