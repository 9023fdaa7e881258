"""Text that any store, index or coding tool accepts: NFC, LF line ends, legal characters only."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import replace

from extract.model import Page

PAGE_BREAK = "\n\n"
"""What stands between two pages of a text; it belongs to neither."""

MAX_DAMAGE = 0.01
"""A larger share of lost characters makes a text suspect."""

_LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
# C0 but tab and newline, C1, lone surrogates, noncharacters of the first plane and the characters that are
# only seen by machines: soft hyphen, zero-width space, byte order mark, interlinear annotation marks.
_ILLEGAL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufff9-\ufffb\ufffe\uffff]")
_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")
_HIGH_NONCHARACTERS = re.compile("[" + "".join(chr(plane * 0x10000 + 0xFFFE) + chr(plane * 0x10000 + 0xFFFF)
                                               for plane in range(1, 17)) + "]")  # fmt: skip
_ASTRAL = re.compile("[\U00010000-\U0010ffff]")
_BLANK_LINES = re.compile(r"\n{3,}")
# Any sign that the steps of cleaning look for one after the other: most texts have none.
_UNTIDY = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b\u2028\u2029\u2060"
    "\ud800-\udfff\ufdd0-\ufdef\ufeff\ufff9-\ufffb\ufffe\uffff\U00010000-\U0010ffff]"
)
_REFERENCE = re.compile(r"&#(?:[xX]([0-9a-fA-F]+)|([0-9]+));?")


def clean(text: str) -> str:
    """The same words without the characters no XML file may hold, without trailing spaces, in NFC."""
    if _UNTIDY.search(text):
        text = _LINE_ENDS.sub("\n", text)
        text = _INVISIBLE.sub("", _ILLEGAL.sub("", text))
        if _ASTRAL.search(text):  # few texts have any, and looking for each noncharacter is what costs
            text = _HIGH_NONCHARACTERS.sub("", text)
    text = unicodedata.normalize("NFC", text)
    text = "\n".join(map(str.rstrip, text.split("\n")))
    return (_BLANK_LINES.sub("\n\n", text) if "\n\n\n" in text else text).strip("\n")


def one_line(text: str, limit: int = 300) -> str:
    """The text on one line, cut at a word when it is longer than `limit`."""
    line = " ".join(clean(text).split())
    if len(line) <= limit:
        return line
    cut = line.rfind(" ", 0, limit - 1)
    return line[: cut if cut > limit // 2 else limit - 1] + "…"


def damage(text: str) -> float:
    """The share of characters that stand for a loss: U+FFFD, private use, controls, noncharacters."""
    if not text:
        return 0.0
    lost = sum(text.count(char) for char in set(text) if is_damage(char))
    return round(lost / len(text), 6)


def is_damage(char: str) -> bool:
    """Whether a character stands for a loss."""
    if char in "\t\n\r\x0c\x0b\x85\u2028\u2029":
        return False
    return char == "\ufffd" or bool(_ILLEGAL.match(char)) or unicodedata.category(char) == "Co"


def join_pages(texts: Iterable[str], labels: Iterable[str] = ()) -> tuple[str, tuple[Page, ...]]:
    """One text and the exact place of each page in it; every page is cleaned before it is joined."""
    pages: list[Page] = []
    parts: list[str] = []
    names = list(labels)
    start = 0
    for number, text in enumerate(texts, 1):
        part = clean(text)
        label = names[number - 1] if number <= len(names) else ""
        pages.append(Page(number=number, start=start, end=start + len(part), label=label))
        parts.append(part)
        start += len(part) + len(PAGE_BREAK)
    return PAGE_BREAK.join(parts), tuple(pages)


def recut(text: str, pages: tuple[Page, ...]) -> tuple[str, tuple[Page, ...]]:
    """The text and its pages after cleaning, whatever the format module gave."""
    if not pages:
        return clean(text), ()
    joined, spans = join_pages(text[page.start : page.end] for page in pages)
    numbered = zip(spans, pages, strict=True)
    return joined, tuple(replace(old, start=new.start, end=new.end) for new, old in numbered)


def legal_references(markup: str) -> tuple[str, int]:
    """The markup without the numeric references that make parsers drop a whole page, and how many there were.

    `&#1;` is illegal, `&#31;` too; `&#150;` is a windows-1252 dash in figures; `&#233;` stays as it is.
    """
    count = 0

    def replace(match: re.Match[str]) -> str:
        nonlocal count
        legal = _legal_reference(match)
        count += legal is None
        return "" if legal is None else legal

    return _REFERENCE.sub(replace, markup), count


def _legal_reference(match: re.Match[str]) -> str | None:
    digits = (match[1] or match[2]).lstrip("0")
    if not digits or len(digits) > 7:
        return None
    number = int(digits, 16 if match[1] else 10)
    if number > 0x10FFFF:
        return None
    if 0x80 <= number <= 0x9F:
        return bytes([number]).decode("windows-1252", errors="ignore")
    char = chr(number)
    if _ILLEGAL.match(char) or _HIGH_NONCHARACTERS.match(char) or number in (0x0B, 0x0C):
        return None
    return match[0]
