"""Which characters the bytes stand for, how that was decided and what was lost."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from extract.model import Hints

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Names that servers say and what browsers read under them.
_READ_AS = {
    "ascii": "windows-1252",
    "us-ascii": "windows-1252",
    "iso-8859-1": "windows-1252",
    "iso8859-1": "windows-1252",
    "latin-1": "windows-1252",
    "latin1": "windows-1252",
    "cp1252": "windows-1252",
    "iso-8859-9": "windows-1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "hz-gb-2312": "gb18030",
    "big5-hkscs": "big5hkscs",
    "x-sjis": "cp932",
    "shift_jis": "cp932",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
}
# Not encodings of documents: Python would run a transformation of its own.
_REFUSED = frozenset(
    [
        "utf-7",
        "unicode_escape",
        "raw_unicode_escape",
        "idna",
        "punycode",
        "undefined",
        "mbcs",
        "oem",
        "unicode-escape",
    ]
)
_META = re.compile(
    rb"""(?:<meta[^>]{0,300}?charset\s*=|<\?xml[^>]{0,200}?encoding\s*=|@charset)\s*["']?\s*([\w.:-]{2,40})""",
    re.I,
)
_HAN_RUN = re.compile(r"[\u4e00-\u9fa5]{2,}")
_HEADER = re.compile(r"""charset\s*=\s*["']?([\w.:-]{2,40})""", re.I)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """The text of some bytes."""

    text: str
    encoding: str
    how: str
    """bom | valid_utf8 | declared | chinese | mostly_utf8 | default"""
    damage: float
    """Share of characters that could not be read, from 0 to 1."""


def decode(body: bytes, hints: Hints) -> Decoded:
    """The text of the bytes; never fails.

    The order: byte order mark, UTF-8 if every byte agrees, what header or page declare, GB 18030 where
    Chinese is expected, UTF-8 with a few broken bytes, windows-1252.
    """
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            return _lenient(body[len(mark) :], encoding, "bom")
    strict = _strict(body, "utf-8", "valid_utf8")
    if strict is not None:
        return strict
    return _declared(body, hints) or _chinese(body, hints) or _mostly_utf8(body) or _default(body)


def _strict(body: bytes, encoding: str, how: str) -> Decoded | None:
    try:
        return Decoded(text=body.decode(encoding), encoding=encoding, how=how, damage=0.0)
    except (UnicodeError, LookupError, ValueError):
        return None


def _lenient(body: bytes, encoding: str, how: str) -> Decoded:
    text = body.decode(encoding, "replace")
    return Decoded(text=text, encoding=encoding, how=how, damage=_lost(text))


def _lost(text: str) -> float:
    return round(text.count("\ufffd") / len(text), 6) if text else 0.0


def _declared(body: bytes, hints: Hints) -> Decoded | None:
    """What the header says, then what the page says, if the bytes do not contradict it."""
    header = _HEADER.search(hints.headers.get("content-type", ""))
    meta = _META.search(body[:65536])
    names = ([header[1]] if header else []) + ([meta[1].decode("ascii", "ignore")] if meta else [])
    for name in names:
        encoding = _READ_AS.get(name.lower(), name.lower())
        # The bytes were already found not to be UTF-8, and a page read as bytes is not UTF-16.
        if encoding in _REFUSED or encoding.startswith(("utf-8", "utf8", "utf-16", "utf-32", "utf16", "utf32")):
            continue
        if encoding == "windows-1252":
            return _chinese(body, hints) or _mostly_utf8(body) or _windows(body, "declared")
        read = _readable(body, encoding)
        if read is not None:
            return read
    return None


def _readable(body: bytes, encoding: str) -> Decoded | None:
    strict = _strict(body, encoding, "declared")
    if strict is not None:
        return strict
    try:
        read = _lenient(body, encoding, "declared")
    except (LookupError, UnicodeError, ValueError):
        return None
    return read if read.damage < 0.01 else None


def _chinese(body: bytes, hints: Hints) -> Decoded | None:
    """GB 18030, only where the source is Chinese and the result is mostly Han characters side by side.

    Read so, each accent of a French page becomes a Han character as well, with the letter after it: but one alone.
    """
    expected = "zh" in hints.languages or bool(re.search(r"\.cn(?:[:/]|$)", hints.url))
    if not expected:
        return None
    read = _lenient(body, "gb18030", "chinese")
    letters = [char for char in read.text if ord(char) > 0x7F]
    if read.damage >= 0.01 or not letters:
        return None
    han = sum("\u4e00" <= char <= "\u9fa5" for char in letters)
    together = sum(map(len, _HAN_RUN.findall(read.text)))
    return read if han / len(letters) > 0.6 and together / han > 0.7 else None


def _mostly_utf8(body: bytes) -> Decoded | None:
    """UTF-8 in which a cut or a stray byte broke a few characters."""
    read = _lenient(body, "utf-8", "mostly_utf8")
    lost = read.text.count("\ufffd")
    good = sum(ord(char) > 0x7F for char in read.text) - lost
    return read if good >= 10 * lost else None


def _default(body: bytes) -> Decoded:
    return _windows(body, "default")


def _windows(body: bytes, how: str) -> Decoded:
    text = body.decode("windows-1252", "replace")
    return Decoded(text=text, encoding="windows-1252", how=how, damage=_lost(text))
