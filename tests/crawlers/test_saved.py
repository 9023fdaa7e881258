"""Pages saved in a browser: the address they came from, and what belongs to them."""

from __future__ import annotations

import plistlib

import pytest

from crawlers.reading.saved import Saved, page_beside, saved_from

PAGE = "https://town.example/séance"
ASCII = "https://town.example/s%C3%A9ance"
HTML = b"<!DOCTYPE html>\n%s<html><head><link rel=canonical href='https://other.example/'></head><p>x</html>"
MHTML = (
    b"From: <Saved by Blink>\r\n%sSubject: x\r\nMIME-Version: 1.0\r\n"
    b'Content-Type: multipart/related; type="text/html"; boundary="b"\r\n\r\n--b\r\nContent-Type: text/html\r\n'
    b"Content-Location: https://town.example/part\r\n\r\n<p>x</p>\r\n--b--\r\n"
)


def webarchive(form: plistlib.PlistFormat, **main: object) -> bytes:
    """Return a page as Safari saves it."""
    page = {"WebResourceURL": ASCII, "WebResourceData": b"<p>x</p>", "WebResourceMIMEType": "text/html"}
    return plistlib.dumps({"WebMainResource": page | main}, fmt=form)


@pytest.mark.parametrize(
    ("body", "url", "found_in"),
    [
        (HTML % b"<!-- saved from url=(0032)https://town.example/s%C3%A9ance -->\n", ASCII, "a comment of the browser"),
        (
            HTML % b"<!--\n Page saved with SingleFile \n url: https://town.example/a \n saved date: Mon -->",
            "https://town.example/a",
            "a comment of SingleFile",
        ),
        (
            MHTML % b"Snapshot-Content-Location: https://town.example/a\r\n",
            "https://town.example/a",
            "a header of the saved page",
        ),
        (
            MHTML % b"X-Snapshot-Content-Location: https://town.example/long/\r\n path\r\n",
            "https://town.example/long/path",
            "a header of the saved page",
        ),
        (MHTML % b"", "https://town.example/part", "a header of the saved page"),
        (webarchive(plistlib.FMT_BINARY), ASCII, "the web archive of Safari"),
        (webarchive(plistlib.FMT_XML), ASCII, "the web archive of Safari"),
    ],
)
def test_each_way_to_save_a_page_says_where_it_was(body: bytes, url: str, found_in: str) -> None:
    """Comments of browsers and SingleFile, headers of MHTML, properties of Safari."""
    assert saved_from(body) == Saved(url=url, found_in=found_in)


@pytest.mark.parametrize(
    "body",
    [
        HTML % b"",
        HTML % b"<!-- saved from url=(0014)about:internet -->",
        HTML % b"<!-- saved from url=(0030)file:///C:/pages/page.html -->",
        b"%PDF-1.4 saved from url=(0020)https://town.example",
        b"bplist00 WebMainResource",
        webarchive(plistlib.FMT_BINARY)[:-40],
        webarchive(plistlib.FMT_XML, WebResourceURL="about:blank"),
        b"",
    ],
)
def test_nothing_is_guessed_where_nothing_is_said(body: bytes) -> None:
    """No comment, a local address, a damaged file, what the page says of itself: no address."""
    assert saved_from(body) is None


@pytest.mark.parametrize(
    ("relative", "page"),
    [
        ("Page_files/logo.png", "Page.html"),
        ("a/Séance_fichiers/x/style.css", "a/Séance.htm"),
        ("Autre_files/logo.png", ""),
        ("Page_files.html", ""),
    ],
)
def test_parts_belong_to_the_page_beside_them(relative: str, page: str) -> None:
    """Only where the page is there does a folder hold its parts."""
    assert page_beside(relative, {"Page.html", "a/Séance.htm"}) == page
