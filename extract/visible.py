"""The words a reader of an HTML page sees, without judging which matter; survives any nesting."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from html.parser import HTMLParser

_UNSEEN = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "head",
        "iframe",
        "object",
        "svg",
        "math",
        "canvas",
        "select",
        "datalist",
        "textarea",
    ]
)
_VOID = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
    ]
)
_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "caption",
        "center",
        "dd",
        "details",
        "dialog",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "legend",
        "li",
        "main",
        "menu",
        "nav",
        "ol",
        "option",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "tfoot",
        "thead",
        "title",
        "tr",
        "ul",
        "br",
    ]
)
_AROUND = frozenset(["nav", "header", "footer", "aside", "form"])
_TAG = re.compile(r"<[!?/a-zA-Z][^<>]*>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a page shows."""

    text: str
    main: str
    """The text outside navigation, header, footer, side columns and forms."""
    title: str
    headings: tuple[str, ...]
    """The h1 of the page, else its h2."""
    pairs: tuple[tuple[str, str], ...]
    """Labels and values: dt and dd, rows of two cells."""
    linked: int
    """Letters inside links."""


def seen_on(markup: str) -> Seen:
    """The page as its reader sees it."""
    reader = _Reader()
    reader.feed(markup)
    reader.close()
    text, main = _tidy("".join(reader.all)), _tidy("".join(reader.inner))
    headings = tuple(_spaced(words) for words in (reader.headings["h1"] or reader.headings["h2"]) if words.strip())
    return Seen(
        text=text,
        main=main,
        title=_spaced(reader.title),
        headings=headings,
        pairs=tuple(reader.pairs),
        linked=reader.linked,
    )


def stripped(markup: str) -> str:
    """The text between the tags in one pass over the bytes, for pages that no parser ends."""
    for name in ("script", "style"):
        parts = re.split(rf"<{name}\b|</{name}\s*>", markup, flags=re.I)
        markup = " ".join(part if number % 2 == 0 else ">" for number, part in enumerate(parts)).replace(" > ", " ")
    return _tidy(html.unescape(_TAG.sub(lambda tag: _gap(tag[0]), _without_comments(markup))))


def _without_comments(markup: str) -> str:
    """The markup without its comments; one that never ends loses its mark only."""
    parts: list[str] = []
    place = 0
    while (start := markup.find("<!--", place)) >= 0:
        parts.append(markup[place:start])
        end = markup.find("-->", start + 4)
        if end < 0:
            return "".join(parts) + markup[start:].replace("<!--", " ")
        place = end + 3
    return "".join(parts) + markup[place:]


def _gap(tag: str) -> str:
    name = re.match(r"</?([a-zA-Z][a-zA-Z0-9]*)", tag)
    return "\n" if name and name[1].lower() in _BLOCKS else " " if name and name[1].lower() in ("td", "th") else ""


def _spaced(text: str) -> str:
    return " ".join(text.split())


def _tidy(text: str) -> str:
    lines = (_spaced(line).strip("| ") if "|" in line else _spaced(line) for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


class _Reader(HTMLParser):
    """Keeps counts of what is open instead of a tree, so that depth costs nothing."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.all: list[str] = []
        self.inner: list[str] = []
        self.title = ""
        self.headings: dict[str, list[str]] = {"h1": [], "h2": []}
        self.pairs: list[tuple[str, str]] = []
        self.linked = 0
        self._open: dict[str, int] = {}
        self._cells: list[str] = []
        self._cell: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "body":
            self._open.pop("head", None)  # a head that was never closed
        if tag not in _VOID:
            self._open[tag] = self._open.get(tag, 0) + 1
        if tag in self.headings:
            self.headings[tag].append("")
        if tag in ("dt", "dd", "td", "th"):
            self._open_cell(tag)
        elif tag == "tr":
            self._close_row()
        if tag in _BLOCKS:
            self._break(tag)

    def _open_cell(self, tag: str) -> None:
        if tag == "dt":
            self._close_row()
        self._cell = []
        if tag in ("td", "th") or (tag == "dd" and self._cells):
            self._say(" | ")

    def handle_endtag(self, tag: str) -> None:
        if self._open.get(tag):
            self._open[tag] -= 1
        if tag in ("dt", "dd", "td", "th") and self._cell is not None:
            self._cells.append(_spaced("".join(self._cell)))
            self._cell = None
        if tag in ("tr", "dl", "table"):
            self._close_row()
        if tag in _BLOCKS:
            self._break(tag)

    def _close_row(self) -> None:
        if len(self._cells) == 2 and all(self._cells) and max(map(len, self._cells)) < 500 and not self._around():
            self.pairs.append((self._cells[0], self._cells[1]))
        self._cells = []

    def handle_data(self, data: str) -> None:
        if self._open.get("title") and not self._open.get("svg"):
            self.title += data
            return
        if any(self._open.get(tag) for tag in _UNSEEN):
            return
        if not self._open.get("pre"):
            data = re.sub(r"\s+", " ", data)
        self._say(data)
        if self._cell is not None:
            self._cell.append(data)
        if self._open.get("a"):
            self.linked += len(data.strip())
        for name, found in self.headings.items():
            if self._open.get(name) and found:
                found[-1] += data

    def _break(self, tag: str) -> None:
        # A label and its value stay on one line, and so do the paragraphs of one cell.
        if tag in ("dt", "dd"):
            if tag == "dt" and self._cell is not None and not self._cells:
                self._say("\n")
            return
        self._say(" " if self._cell is not None and tag != "tr" else "\n")
        if self._cell is not None:
            self._cell.append(" ")

    def _say(self, words: str) -> None:
        self.all.append(words)
        if not self._around():
            self.inner.append(words)

    def _around(self) -> bool:
        return any(self._open.get(tag) for tag in _AROUND)
