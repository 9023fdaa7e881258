"""Addresses and identity: the same document has the same id on every machine."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from w3lib.url import canonicalize_url

# Session and campaign parameters name a visit, never a document.
VISIT_PARAMS = re.compile(r"(?i)^(phpsessid|jsessionid|aspsessionid\w*|utm_\w+|fbclid|gclid|p_p_auth)$")
PATH_SESSION = re.compile(r"(?i);jsessionid=[^/?#]*")
NUMBERS = re.compile(r"\d+")
DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """How one source writes its addresses: its own host, the other names of that host, what to drop."""

    origin: str
    """Scheme and host of the first start address, such as `https://www.example.org`."""
    aliases: frozenset[str] = frozenset()
    """Host names (with port where not the default one) that show the same site."""
    drop_params: frozenset[str] = frozenset()

    def canonical(self, url: str) -> str:
        """Return the one spelling of an address: host folded, parameters sorted, visits forgotten.

        >>> site = Site(origin="https://a.fr", aliases=frozenset({"www.a.fr"}), drop_params=frozenset({"sid"}))
        >>> site.canonical("http://WWW.a.fr:80/x?b=2&a=1&sid=9&utm_source=z#top")
        'https://a.fr/x?a=1&b=2'
        """
        parts = urlsplit(canonicalize_url(PATH_SESSION.sub("", url)))
        query = self._kept(parts.query) if parts.query else ""
        scheme, host = parts.scheme, host_of(url)
        own = urlsplit(self.origin)
        if host == own.netloc or host in self.aliases:
            scheme, host = own.scheme, own.netloc
        return urlunsplit((scheme, host, parts.path, query, ""))

    def _kept(self, query: str) -> str:
        """Return a query without what names a visit or is to be dropped."""
        pairs = parse_qsl(query, keep_blank_values=True)
        kept = [(k, v) for k, v in pairs if k not in self.drop_params and not VISIT_PARAMS.match(k)]
        return query if len(kept) == len(pairs) else urlencode(kept)


@lru_cache(maxsize=4096)  # each address is asked for its host at every gate it passes
def host_of(url: str) -> str:
    """Return the host of an address in lower case, with its port unless it is the scheme's own.

    >>> host_of("https://WWW.Example.org:443/x"), host_of("http://127.0.0.1:8000/")
    ('www.example.org', '127.0.0.1:8000')
    """
    parts = urlsplit(url)
    name = (parts.hostname or "").lower()
    if ":" in name:
        name = f"[{name}]"
    try:
        port = parts.port
    except ValueError:
        port = None
    return name if port in (None, DEFAULT_PORTS.get(parts.scheme)) else f"{name}:{port}"


def pattern_of(url: str) -> str:
    """Return the family of an address: what holds numbers or is a value becomes `*`.

    >>> pattern_of("https://a.fr/agenda/2026/03?day=7&view=list"), pattern_of("https://a.fr/conseil")
    ('a.fr/agenda/*/*?day=*&view=*', 'a.fr/conseil')
    """
    parts = urlsplit(url)
    path = "/".join("*" if NUMBERS.search(segment) else segment for segment in parts.path.split("/"))
    names = sorted({name for name, _ in parse_qsl(parts.query, keep_blank_values=True)})
    return parts.netloc + path + ("?" + "&".join(f"{name}=*" for name in names) if names else "")


def import_address(source_id: str, relative: str) -> str:
    """Return the address of an imported file: `import:SOURCE/relative/path`, with forward slashes."""
    return f"import:{source_id}/{relative}"


def document_id(address: str, part: str = "") -> str:
    """Return the 16 characters that name a document: base32 of the SHA-256 of its address and part.

    >>> document_id("https://a.fr/x") == document_id("https://a.fr/x"), len(document_id("x", "2024-031"))
    (True, 16)
    """
    digest = hashlib.sha256(f"{address}\n{part}".encode()).digest()
    return base64.b32encode(digest)[:16].decode("ascii").lower()


def request_key(method: str, url: str, body: bytes = b"") -> str:
    """Return what tells two requests apart: SHA-256 of method, address as asked and body."""
    return hashlib.sha256(f"{method} {url}\n".encode() + body).hexdigest()
