"""Answers that say 200 and are not what was asked for: "not found" pages, error pages, pages to log in. Pure functions.

Only the title and the headings of a page speak here. What is not said there in so many words stays a document.
"""

from __future__ import annotations

import re
from hashlib import sha256
from html import unescape
from urllib.parse import urlsplit

SOFT_404, ERROR_PAGE, LOGIN = "soft_404", "error_page", "login"
# Case is spelled out: with a flag for it the engine tries every byte instead of every "<".
HEADINGS = re.compile(rb"<([tT][iI][tT][lL][eE]|[hH]1)\b[^>]*>((?s:.{0,400}?))</(?:[tT][iI][tT][lL][eE]|[hH]1)\s*>")
PASSWORD = re.compile(rb"(?i)<input\b[^>]*\btype\s*=\s*[\"']?password")
TAGS = re.compile(r"(?is)<(script|style|head)\b.*?</\1\s*>|<!--.*?-->|<[^>]*>")
PARTS = re.compile(r"\s+[-–—|·«»:]\s*|\s*[|·«»:!]\s*")

NOT_FOUND = re.compile(
    r"page (introuvable|non trouvée|inexistante|inconnue|not found)|"
    r"(page|document|fichier|contenu|article)( demandée?| que vous .{3,20})? "
    r"(n'existe (pas|plus)|est introuvable|n'a pas été trouvée?|cannot be found|could not be found|does not exist)|"
    r"(erreur|error|http) ?404|404 (error|erreur|not found|page)|pàgina no trobada|pagina non trobada|"
    r"页面不存在|找不到(该|此|您)?.{0,6}页|頁面不存在"
)
NOT_FOUND_WHOLE = re.compile(r"404|not found|introuvable|non trouvée?|no trobad[ao]")
BROKEN = re.compile(
    r"(erreur|error|http) ?(500|502|503|504|403)|internal server error|erreur interne( du serveur)?|bad gateway|"
    r"gateway time-?out|service (temporairement )?(indisponible|unavailable)|site (en|under) maintenance|"
    r"(database|sql|fatal) error|just a moment\.*|attention required|checking your browser.*|too many requests|"
    r"(500|502|503|504|403) (internal|bad|service|gateway|forbidden|error).{0,30}"
)
BROKEN_WHOLE = re.compile(
    r"forbidden|access denied|accès (refusé|interdit)|maintenance en cours|erreur|error|service indisponible|"
    r"request rejected|en maintenance"
)
ENTRANCE = re.compile(
    r"connexion|se connecter|connectez-vous.{0,30}|identification|identifiez-vous|authentification( requise)?|log ?in|"
    r"sign ?in|please log in|espace (membre|réservé|élus)|登录|登錄"
)


def headings_of(body: bytes) -> list[str]:
    """Return the title and the first headings of a page, in small letters, each part of a title apart."""
    found = [match[2] for _, match in zip(range(4), HEADINGS.finditer(body), strict=False)]
    words = [" ".join(unescape(TAGS.sub(" ", each.decode("utf-8", "replace"))).split()) for each in found]
    return [part for text in words for part in PARTS.split(text.casefold().replace("’", "'")) if part]


def title_of(body: bytes) -> bytes:
    """Return the title of a page as it is written, or nothing."""
    found = HEADINGS.search(body)
    return found[2].strip() if found and found[1].lower() == b"title" else b""


def is_page(body: bytes) -> bool:
    """Return whether bytes look like a web page."""
    start = body[:1024].lstrip().lower()
    return start.startswith((b"<!doctype html", b"<html", b"<head", b"<body")) or b"<html" in start


def says_it_is_none(body: bytes) -> str:
    """Return what a page calls itself, where that is an error or an entrance and no document.

    >>> says_it_is_none(b"<html><title>Page introuvable - Ville</title>")
    'soft_404'
    >>> says_it_is_none("<html><title>La cité introuvable : une exposition</title>".encode())
    ''
    """
    if not is_page(body):
        return ""
    parts = headings_of(body)
    if any(NOT_FOUND.search(part) or NOT_FOUND_WHOLE.fullmatch(part) for part in parts):
        return SOFT_404
    if any(BROKEN.fullmatch(part) or BROKEN_WHOLE.fullmatch(part) for part in parts):
        return ERROR_PAGE
    return LOGIN if any(ENTRANCE.fullmatch(part) for part in parts) and PASSWORD.search(body) else ""


def print_of(body: bytes, url: str) -> str:
    """Return the hash of the words of a page, without those of its own address: error pages repeat what was asked."""
    own = set(re.findall(r"\w+", urlsplit(url).path.casefold() + " " + urlsplit(url).query.casefold()))
    words = re.findall(r"\w+", unescape(TAGS.sub(" ", body.decode("utf-8", "replace"))).casefold())
    return sha256(" ".join(word for word in words if word not in own).encode()).hexdigest()
