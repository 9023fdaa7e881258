"""What the bytes are, read from the bytes alone: names and headers lie too often."""

from __future__ import annotations

import io
import re
import zipfile

from extract.office.delimited import delimiter
from extract.plists import WEBARCHIVE

PDF = "application/pdf"
HTML = "text/html"
TEXT = "text/plain"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv"
SITEMAP = "application/x-sitemap+xml"
PDF2XML = "application/x-pdf2xml"
WORDML = "application/x-wordml"
PROTECTED = "application/x-ooxml-protected"
UNKNOWN = "application/octet-stream"
EMPTY = "application/x-empty"

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"{\\rtf", "application/rtf"),
    (b"\x89PNG\r\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"BM", "image/bmp"),
    (b"AT&TFORM", "image/vnd.djvu"),
    (b"\x1f\x8b", "application/gzip"),
    (b"BZh", "application/x-bzip2"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"%!PS", "application/postscript"),
    (b"ID3", "audio/mpeg"),
    (b"OggS", "application/ogg"),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_STREAMS = (
    ("EncryptedPackage", PROTECTED),
    ("WordDocument", "application/msword"),
    ("Workbook", "application/vnd.ms-excel"),
    ("PowerPoint Document", "application/vnd.ms-powerpoint"),
)
_ZIP_MEMBERS = (
    ("word/", DOCX),
    ("xl/", XLSX),
    ("ppt/", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
)
_HEADERS = re.compile(r"\s*(?:[A-Za-z][A-Za-z0-9-]{0,60}:[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*(?:\r?\n|$)){2,}")
_HEADER = re.compile(r"^([a-z][a-z0-9-]*):", re.M)
_LETTER = frozenset(
    ["from", "to", "cc", "subject", "date", "received", "return-path", "delivered-to", "message-id", "content-type"]
)
_XML_ROOTS = {
    "html": HTML,
    "rss": "application/rss+xml",
    "feed": "application/atom+xml",
    "RDF": "application/rdf+xml",
    "svg": "image/svg+xml",
    "urlset": SITEMAP,
    "sitemapindex": SITEMAP,
    "pdf2xml": PDF2XML,
    "wordDocument": WORDML,
}
_HTML_TAG = re.compile(
    r"<(?:!doctype\s+html|html|head|body|title|meta|script|style|div|p|table|h[1-6]|a|ul|ol|dl|span|br|font|center)"
    r"[\s>/]",
    re.I,
)
_XML_NOISE = re.compile(r"\s+|<\?.*?\?>|<!--.*?-->|<!doctype\b[^>\[]*(?:\[.*?\])?\s*>", re.I | re.S)
_XML_ROOT = re.compile(r"<(?:[A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)")


def media_type(body: bytes) -> str:
    """The media type of the bytes; `application/octet-stream` when nothing is recognised."""
    if not body:
        return EMPTY
    if b"%PDF-" in body[:1024]:
        return PDF
    if body.startswith((b"PK\x03\x04", b"PK\x05\x06")):  # the second is the beginning of an archive with nothing in it
        return _zip_type(body)
    if body.startswith(_OLE):
        return _ole_type(body)
    if (body.startswith(b"bplist00") or b"<plist" in body[:512]) and b"WebMainResource" in body:
        return WEBARCHIVE
    return _magic_type(body) or _text_type(body)


def _magic_type(body: bytes) -> str:
    if body[:4] == b"RIFF" and body[8:12] == b"WEBP":
        return "image/webp"
    for magic, kind in _MAGIC:
        # Two letters are not enough to call a text a bitmap: the size field has zero bytes.
        if body.startswith(magic) and (magic != b"BM" or b"\0" in body[2:14]):
            return kind
    return ""


def _ole_type(body: bytes) -> str:
    for name, kind in _OLE_STREAMS:
        if name.encode("utf-16-le") in body:
            return kind
    return "application/x-ole-storage"


def _zip_type(body: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            names = archive.namelist()
            if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
                return archive.read("mimetype").decode("ascii", "ignore").strip() or "application/zip"
    except (zipfile.BadZipFile, ValueError, OSError, EOFError, NotImplementedError, RuntimeError):
        # The directory is gone, the members' own headers may still say what it was.
        names = [name.decode("ascii") for name in re.findall(rb"PK\x03\x04.{26}([ -~]{3,40})", body[:65536], re.S)]
    for prefix, kind in _ZIP_MEMBERS:
        if any(name.startswith(prefix) for name in names):
            return kind
    return "application/zip"


def _text_type(body: bytes) -> str:
    head = _head(body)
    if head is None:
        return UNKNOWN
    headers = _letter_headers(head)
    if headers:
        return "multipart/related" if "multipart/related" in headers.lower() else "message/rfc822"
    if not head.lstrip().startswith("<"):
        early = re.search(r"<!doctype\s+html|<html[\s>]", head[:4096], re.I)
        return HTML if early else CSV if delimiter(head) else TEXT
    return _markup_type(head)


def _letter_headers(head: str) -> str:
    """The headers of a letter where the text begins with such, or nothing."""
    headers = _HEADERS.match(head)
    names = set(_HEADER.findall(headers[0].lstrip().lower())) if headers else set()
    is_letter = "mime-version" in names or len(names & _LETTER) >= 3
    return headers[0] if headers and is_letter else ""


def _head(body: bytes) -> str | None:
    """The first characters as text, or None when the bytes are no text in any encoding we meet."""
    head = body[:65536]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head[: len(head) // 2 * 2].decode("utf-16", "replace")
    if head.startswith(b"\xef\xbb\xbf"):
        head = head[3:]
    sample = head[:4096]
    controls = sum(sample.count(byte) for byte in range(32) if byte not in (8, 9, 10, 12, 13, 27))
    if controls > len(sample) // 50 + 1:
        return None
    return head.decode("latin-1")


def _markup_type(head: str) -> str:
    position = 0
    while match := _XML_NOISE.match(head, position):
        position = match.end()
    root = _XML_ROOT.match(head, position)
    if re.search(r"<!doctype\s+html|<html[\s>]", head[:8192], re.I) and not re.match(
        r"<(?:rss|feed)\b", head[position:]
    ):
        return HTML
    if root and root[1] in _XML_ROOTS:
        return _XML_ROOTS[root[1]]
    if head.lstrip().startswith("<?xml"):
        return "application/xml"
    if _HTML_TAG.search(head):
        return HTML
    return "application/xml" if root and f"</{root[1]}" in head else TEXT
