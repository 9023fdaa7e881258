"""Pages that are none, and bodies that broke off: what bytes alone can tell."""

from __future__ import annotations

import gzip

import pytest

from crawlers.reading.doubtful import headings_of, print_of, says_it_is_none
from crawlers.reading.whole import gzip_is_whole, has_its_end


def page(title: str, rest: str = "") -> bytes:
    """Return a page with a title."""
    return f"<!doctype html><html><head><title>{title}</title></head><body>{rest}</body></html>".encode()


@pytest.mark.parametrize(
    ("title", "verdict"),
    [
        ("Page introuvable - Ville de Lys", "soft_404"),
        ("Erreur 404 : page non trouvée", "soft_404"),
        ("404", "soft_404"),
        ("Oups ! La page que vous cherchez n&rsquo;existe plus", "soft_404"),
        ("Pàgina no trobada | Ajuntament", "soft_404"),
        ("页面不存在", "soft_404"),
        ("503 Service Unavailable", "error_page"),
        ("Just a moment...", "error_page"),
        ("Accès refusé | Mairie", "error_page"),
        ("500 ans de la mairie", ""),
        ("Forbidden City : une exposition à Lys", ""),
        ("La cité introuvable, conférence", ""),
        ("Délibération n° 404", ""),
        ("Maintenance - marché public", ""),
        ("Erreur matérielle dans la délibération 12", ""),
        ("Connexion au réseau de chaleur", ""),
        ("", ""),
    ],
)
def test_a_page_says_itself_that_it_is_none(title: str, verdict: str) -> None:
    """Error pages are known by their titles; documents that speak of errors, doors and numbers stay documents."""
    assert says_it_is_none(page(title, "<h1>Mairie</h1>")) == verdict


def test_an_entrance_has_a_password() -> None:
    """A page called "connexion" is an entrance only where it asks for a password."""
    assert says_it_is_none(page("Connexion", "<input name=p type=password>")) == "login"
    assert says_it_is_none(page("Connexion", "<p>Le raccordement à la fibre.</p>")) == ""
    assert says_it_is_none(page("Séance du 3 mai", "<input type='password'>")) == ""


def test_only_pages_are_asked() -> None:
    """A PDF that holds the words of an error page is a PDF."""
    assert says_it_is_none(b"%PDF-1.7 <title>404</title>") == ""


def test_headings_are_read_in_parts() -> None:
    """A title is cut where sites put their own name."""
    assert headings_of(page("Page introuvable | Ville", "<h1>Oups <b>!</b></h1>"))[:2] == ["page introuvable", "ville"]


def test_pages_are_compared_without_what_was_asked() -> None:
    """An error page that repeats the address in its words is the same page."""
    one = page("Ville", "<p>Rien sous actes 12</p>")
    other = page("Ville", "<p>Rien sous secret 77</p>")
    assert print_of(one, "https://a.fr/actes/12") == print_of(other, "https://a.fr/secret/77")
    assert print_of(one, "https://a.fr/x") != print_of(other, "https://a.fr/x")


@pytest.mark.parametrize(
    ("body", "whole"),
    [
        (b"%PDF-1.7 ... %%EOF\n", True), (b"%PDF-1.7 ...", False), (b"PK\x03\x04..PK\x05\x06....", True),
        (b"PK\x03\x04....", False), (b"<html><p>x</p></BODY></html>\n\n", True), (b"<!doctype html><p>x", False),
        (b'{"a": 1}\n', True), (b'[{"a": 1', False), (b"<urlset></urlset>", True), (b"<urlset><u", False),
        (b"du texte", True), (b"", True),
    ],
)  # fmt: skip
def test_files_are_known_by_their_ends(body: bytes, whole: bool) -> None:
    """What has an end of its own and lacks it broke off; what has none is taken for whole."""
    assert has_its_end(body) is whole


@pytest.mark.parametrize("cut", [1, 8, 9, 200])
def test_gzip_that_broke_off_is_seen(cut: int) -> None:
    """Without its trailer or a part of its body gzip is not whole; with it, in one member or two, it is."""
    packed = gzip.compress(bytes(range(256)) * 50)
    assert not gzip_is_whole(packed[:-cut], 10**6)
    assert gzip_is_whole(packed, 10**6)
    assert gzip_is_whole(packed + packed, 10**6)
    assert gzip_is_whole(packed + b"\0\0", 10**6)
    assert gzip_is_whole(packed[:-cut], 10), "beyond the limit nobody looks"
