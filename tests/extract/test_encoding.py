"""Encodings: bytes decide before what is said of them."""

import codecs

import pytest

from extract.encoding import decode
from extract.model import Hints

FRENCH = "L’œuvre coûte 3 000 € à Sète : délibération"
CHINESE = "法国蒙彼利埃市与中国成都市于一九八一年结为友好城市"


def meta(text, name):
    """A page that declares its encoding."""
    return f'<html><head><meta charset="{name}"></head><body>{text}</body></html>'


@pytest.mark.parametrize(
    ("body", "hints", "encoding", "how"),
    [
        (FRENCH.encode(), {}, "utf-8", "valid_utf8"),
        (codecs.BOM_UTF8 + FRENCH.encode(), {}, "utf-8", "bom"),
        (codecs.BOM_UTF16_LE + FRENCH.encode("utf-16-le"), {}, "utf-16-le", "bom"),
        (codecs.BOM_UTF16_BE + FRENCH.encode("utf-16-be"), {}, "utf-16-be", "bom"),
        (FRENCH.encode("windows-1252"), {}, "windows-1252", "default"),
        (FRENCH.encode("windows-1252"), {"headers": {"content-type": "text/html; charset=utf-8"}}, "windows-1252",
         "default"),
        (FRENCH.encode("windows-1252"), {"headers": {"content-type": "text/html; charset=ISO-8859-1"}},
         "windows-1252", "declared"),
        (meta(FRENCH, "iso-8859-15").encode("iso-8859-15", "ignore"), {}, "iso-8859-15", "declared"),
        (meta("Город", "windows-1251").encode("windows-1251"), {}, "windows-1251", "declared"),
        (meta(CHINESE, "gb2312").encode("gb18030"), {}, "gb18030", "declared"),
        (CHINESE.encode("gb18030"), {"languages": ("zh",)}, "gb18030", "chinese"),
        (CHINESE.encode("gb18030"), {"url": "https://www.chengdu.gov.cn/x.shtml"}, "gb18030", "chinese"),
        (CHINESE.encode("gb18030"), {"languages": ("zh",), "headers": {"content-type": "text/html; charset=latin-1"}},
         "gb18030", "chinese"),
        (CHINESE.encode("big5", "ignore"), {"headers": {"content-type": "text/html; charset=big5"}}, "big5",
         "declared"),
        ((FRENCH * 20).encode()[:-1] + b"\xc3", {}, "utf-8", "mostly_utf8"),
        (meta(FRENCH, "utf-7").encode("windows-1252"), {}, "windows-1252", "default"),
        (meta(FRENCH, "rot13").encode("windows-1252"), {}, "windows-1252", "default"),
        (meta(FRENCH, "no-such-thing").encode("windows-1252"), {}, "windows-1252", "default"),
    ],
)  # fmt: skip
def test_the_encoding_is_decided(body, hints, encoding, how):
    """Mark, strict UTF-8, declaration, Chinese evidence, nearly UTF-8, windows-1252."""
    found = decode(body, Hints(**hints))
    assert (found.encoding, found.how) == (encoding, how)


@pytest.mark.parametrize("said", ["utf-8", "iso-8859-1", "", "utf-16", "gbk-of-no-kind"])
def test_french_survives_a_wrong_label(said):
    """œuvre and € come through whatever the header says of windows-1252 bytes."""
    hints = Hints(headers={"content-type": f"text/html; charset={said}"})
    found = decode(FRENCH.encode("windows-1252"), hints)
    assert (found.text, found.damage) == (FRENCH, 0.0)


@pytest.mark.parametrize("said", ["text/html; charset=windows-1252", "text/html; charset=iso-8859-1", "text/html"])
def test_french_of_a_source_that_is_also_chinese_stays_french(said):
    """Read as GB 18030 each accent is a Han character with the letter after it; alone, it makes no Chinese page."""
    french = (
        "Près de quarante ans de relations avec une ville située à neuf mille kilomètres : créée en été, fêtée à Noël."
    )
    hints = Hints(headers={"content-type": said}, languages=("fr", "zh"), url="https://a.gov.cn/fr/")
    for text in (french, french * 40, f"Titre — {french}", "Été à Orlèane"):
        assert decode(text.encode("windows-1252"), hints).text == text


def test_short_chinese_is_still_read():
    """A title of a few characters among Latin letters is enough, where Chinese is expected."""
    body = "<html><title>重庆</title><p>Chongqing, 友好城市 2024</p>".encode("gb18030")
    assert "友好城市" in decode(body, Hints(headers={}, languages=("zh",))).text


def test_chinese_survives_a_wrong_label():
    """GB 18030 bytes from a Chinese host are read as such even when UTF-8 was said."""
    hints = Hints(url="http://www.x.gov.cn/a.html", headers={"content-type": "text/html; charset=utf-8"})
    assert decode(CHINESE.encode("gb18030"), hints).text == CHINESE


def test_damage_is_told():
    """A byte that stands for nothing is counted."""
    assert decode(b"\xef\xbb\xbfab\xff\xff", Hints()).damage == 0.5
