"""Link words: what links to documents say, kept as data in `words.yaml`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from urllib.parse import unquote, urlsplit

import yaml

from extract.dateforms import dates_in, dates_in_name, fold

KINDS = ("council_minutes", "atlas", "press", "relation")
YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
FILE = re.compile(r"(?i)\.(pdf|docx?|odt|rtf)(?=$|[?/])")
"""An address that leads to a paper."""
TABLE = re.compile(r"(?i)\.(csv|xlsx|json)(?=$|\?)")
OTHER = re.compile(r"(?i)\.(jpe?g|png|gif|svg|webp|mp[34]|zip|ics|css|js|ico|pptx?|xls|ods|xml|rss)(?=$|\?)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The words of `words.yaml`, ready to be looked for."""

    by_kind: Mapping[str, re.Pattern[str]]
    next: frozenset[str]
    pager: tuple[str, ...]
    query: Mapping[str, str]

    def kinds_in(self, text: str) -> frozenset[str]:
        """Return the kinds of source that some words speak of."""
        plain = fold(text)
        return frozenset(kind for kind, pattern in self.by_kind.items() if pattern.search(plain))


@cache
def words() -> Words:
    """Return the words."""
    said = yaml.safe_load(files("crawlers.probing").joinpath("words.yaml").read_text(encoding="utf-8"))
    return Words(
        by_kind={kind: _pattern(said[kind]) for kind in KINDS},
        next=frozenset(fold(each) for each in said["next"]),
        pager=tuple(said["pager"]),
        query=said["query"],
    )


def _pattern(listed: list[str]) -> re.Pattern[str]:
    """Return a pattern that finds words by their beginnings; two letters only where they stand alone."""
    spelled = [re.escape(fold(word)).replace(r"\ ", r"\W+") for word in listed]
    bounded = [word if not word.isascii() else rf"\b{word}\b" if len(word) < 4 else rf"\b{word}" for word in spelled]
    return re.compile("|".join(bounded))


def spoken(url: str) -> str:
    """Return the path and query of an address as words.

    >>> spoken("https://a.fr/conseil-municipal/PV_2024.pdf")
    'conseil municipal PV 2024 pdf'
    """
    parts = urlsplit(url)
    return " ".join(re.split(r"[\W_]+", unquote(f"{parts.path} {parts.query}"))).strip()


def has_date(text: str) -> bool:
    """Return whether some words name a day or a year."""
    return bool(YEAR.search(text) or dates_in(text) or dates_in_name(text))
