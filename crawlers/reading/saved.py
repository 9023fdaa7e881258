"""Pages that somebody saved in a browser: the address they were saved from, as the file itself says it.

Pure: bytes in, an address out. Browsers write it in a comment (Chrome, Edge, SingleFile), in a header (MHTML) or in a
property (Safari's .webarchive). What a page merely says about itself (`canonical`, `og:url`) is not taken for it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass

from crawlers.reading.entries import absolute
from extract.plists import WEBARCHIVE, main_page
from extract.sniff import HTML, media_type

HEAD = 16_384  # bytes at the beginning of a file where the address stands
COMMENT = re.compile(rb"<!--\s*saved from url=\(\d{4}\)([^\s>]+)", re.I)
SINGLE_FILE = re.compile(rb"<!--\s*Page saved with SingleFile\s+url:\s*(\S+)", re.I)
SNAPSHOT = re.compile(rb"^(?:X-)?Snapshot-Content-Location:\s*(\S+(?:\r?\n[ \t]+\S+)*)", re.I | re.M)
PART = re.compile(rb"^Content-Location:\s*(\S+(?:\r?\n[ \t]+\S+)*)", re.I | re.M)
PARTS_FOLDER = re.compile(r"(.+)(?:_files|_fichiers|-Dateien|_archivos|_fitxers)", re.I)
"""What browsers call the folder of pictures and styles beside a page, in their languages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """Where a page was saved from."""

    url: str
    found_in: str
    """Where the file says so."""


def saved_from(body: bytes) -> Saved | None:
    """Return where a page was saved from, or nothing where it does not say so.

    >>> saved_from(b"<!-- saved from url=(0022)https://a.example/page --><html></html>").url
    'https://a.example/page'
    """
    reader = READERS.get(media_type(body))
    words, found_in = reader(body) if reader else ("", "")
    url = absolute(words, "") if words else ""
    return Saved(url=url, found_in=found_in) if url else None


def _of_html(body: bytes) -> tuple[str, str]:
    head = body[:HEAD]
    if comment := COMMENT.search(head):
        return comment[1].decode("latin-1"), "a comment of the browser"
    if comment := SINGLE_FILE.search(head):
        return comment[1].decode("utf-8", "replace"), "a comment of SingleFile"
    return "", ""


def _of_mhtml(body: bytes) -> tuple[str, str]:
    for pattern in (SNAPSHOT, PART):
        if header := pattern.search(body[:HEAD]):
            return re.sub(rb"\s+", b"", header[1]).decode("latin-1"), "a header of the saved page"
    return "", ""


def _of_webarchive(body: bytes) -> tuple[str, str]:
    page = main_page(body)
    return (page.url, "the web archive of Safari") if page else ("", "")


READERS: dict[str, Callable[[bytes], tuple[str, str]]] = {
    HTML: _of_html,
    "multipart/related": _of_mhtml,
    WEBARCHIVE: _of_webarchive,
}


def page_beside(relative: str, files: Collection[str]) -> str:
    """Return the saved page that a file is a part of, because it lies in the folder beside it; or nothing.

    >>> page_beside("a/Séance_fichiers/logo.png", {"a/Séance.html"})
    'a/Séance.html'
    """
    parts = relative.split("/")
    for depth, name in enumerate(parts[:-1]):
        if folder := PARTS_FOLDER.fullmatch(name):
            page = "/".join([*parts[:depth], folder[1]])
            beside = next((page + end for end in (".html", ".htm", ".xhtml") if page + end in files), "")
            if beside:
                return beside
    return ""
