"""XML as it is found on the web: mended, read as a tree, and never trusted.

No reference of the text is left for the parser to follow: those of HTML become characters, all others plain words.
So neither a file of this machine nor a bomb of entities can come in, and `caf&eacute;` or `?a=1&b=2` are read as meant.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html.entities import html5

from lxml import etree

from crawlers.reading.entries import Unreadable, shown
from extract.encoding import decode
from extract.model import Hints

ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
CDATA = re.compile(r"(<!\[CDATA\[.*?(?:\]\]>|\Z))", re.DOTALL)
REFERENCE = re.compile(r"&(?:#(?:[xX]([0-9a-fA-F]{1,6})|(\d{1,7}));|([A-Za-z][A-Za-z0-9]{1,31});)?")
CUT = re.compile(r"<(?:!(?:--?|\[?[A-Z]{0,5}))?\Z")
"""The beginning of a tag at the very end: the parser would overlook it, and that the text is cut."""
OF_XML = frozenset({"amp", "lt", "gt", "quot", "apos"})
LOSSES = frozenset(
    {
        "ERR_CDATA_NOT_FINISHED",
        "ERR_COMMENT_NOT_FINISHED",
        "ERR_GT_REQUIRED",
        "ERR_RESOURCE_LIMIT",
        "ERR_TAG_NOT_FINISHED",
    }
)
"""What the parser says where it gave up; after its other complaints it reads on."""
MOST_TAGS = 1_000_000
"""A sitemap may list 50,000 pages; a tree of a million elements takes some 270 MiB, and is packed in kilobytes."""
CROSSED = "ERR_TAG_NAME_MISMATCH"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """Some XML, as far as it could be read."""

    root: etree._Element
    broken: str
    """Where reading ended before the text did, as the end of a sentence; or nothing."""
    crossed: bool
    """Whether elements cross one another: some may have been read as parts of others."""


def as_text(body: bytes, headers: Mapping[str, str], url: str, languages: tuple[str, ...] = ()) -> str:
    """Return the text of a listing, decoded by what its bytes are, without what stands before it."""
    return decode(body, Hints(url=url, headers=headers, languages=languages)).text.lstrip("\ufeff \t\r\n")


def tree_of(text: str, url: str) -> Tree:
    """Return some XML as a tree. Raises Unreadable where there is none, or it is a web page."""
    if not text.strip():
        raise Unreadable("is empty")
    if re.match(r"(?i)(<!--.*?-->\s*)*<(!doctype html|html)\b", text[:2000], re.DOTALL):
        raise Unreadable(f"is a web page: it begins with {shown(text)}")
    if text.count("<") > MOST_TAGS:
        raise Unreadable(f"holds more than {MOST_TAGS} tags: it is not read")
    parser = etree.XMLParser(
        encoding="utf-8", recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        root = etree.fromstring(mended(text).encode("utf-8", "replace"), parser, base_url=url)
    except etree.XMLSyntaxError:
        root = None
    if root is None:
        raise Unreadable(f"is no XML: it begins with {shown(text)}")
    lost = [error for error in parser.error_log if error.type_name in LOSSES]
    broken = f"breaks off at line {lost[0].line} ({lost[0].message.strip()})" if lost else ""
    return Tree(root=root, broken=broken, crossed=any(error.type_name == CROSSED for error in parser.error_log))


def mended(text: str) -> str:
    """Return XML without the characters and references that a parser stumbles over.

    >>> mended("<a>caf&eacute; &amp; th\\x0b&#8;&xxe; ?a=1&b=2</a><![CDATA[1 & 2]]>")
    '<a>café &amp; th&amp;xxe; ?a=1&amp;b=2</a><![CDATA[1 & 2]]>'
    """
    pieces = CDATA.split(CUT.sub("", ILLEGAL.sub("", text)))
    return "".join(piece if number % 2 else REFERENCE.sub(_meant, piece) for number, piece in enumerate(pieces))


def _meant(reference: re.Match[str]) -> str:
    """Return what a reference stands for."""
    hexadecimal, decimal, name = reference.groups()
    if name:
        character = html5.get(f"{name};", "")
        return reference[0] if name in OF_XML else _escaped(character) or f"&amp;{name};"
    if hexadecimal or decimal:
        number = int(hexadecimal, 16) if hexadecimal else int(decimal)
        legal = number in (9, 10, 13) or (32 <= number < 0x110000 and not ILLEGAL.match(chr(number)))
        return _escaped(chr(number)) if legal else ""
    return "&amp;"


def _escaped(characters: str) -> str:
    return characters.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def local(element: etree._Element) -> str:
    """Return an element's name without its namespace; nothing for comments and the like."""
    tag: object = element.tag
    return tag.rpartition("}")[2].rpartition(":")[2] if isinstance(tag, str) else ""


def content(element: etree._Element) -> str:
    """Return all text within an element, as it is written."""
    return "".join(map(str, element.itertext(with_tail=False)))
