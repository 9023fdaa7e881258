"""Media types: bytes alone decide."""

import pytest

from extract.sniff import DOCX, HTML, PDF, PROTECTED, TEXT, UNKNOWN, media_type
from tests.extract.conftest import docx_of, pdf_of, zip_of

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (pdf_of("a"), PDF),
        (b"HTTP junk\r\n\r\n%PDF-1.4\n", PDF),
        (docx_of("a"), DOCX),
        (docx_of("a")[:-400], DOCX),
        (zip_of({"xl/workbook.xml": "x"}), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (zip_of({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "x"}),
         "application/vnd.oasis.opendocument.text"),
        (zip_of({"a.txt": "x"}), "application/zip"),
        (OLE + "WordDocument".encode("utf-16-le"), "application/msword"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), PROTECTED),
        (OLE, "application/x-ole-storage"),
        (b"{\\rtf1\\ansi Bonjour}", "application/rtf"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"<!DOCTYPE html><p>a", HTML),
        (b"\n\n  <!-- a --><html><body>a", HTML),
        (b"<p>Bonjour <b>le</b> monde</p>", HTML),
        (b'<?xml version="1.0"?><!DOCTYPE html PUBLIC "x" "y"><html xmlns="z">', HTML),
        (b"\xef\xbb\xbf<html>", HTML),
        ("<html><body>é".encode("utf-16"), HTML),
        (b'<?xml version="1.0"?><rss version="2.0"><channel/></rss>', "application/rss+xml"),
        (b'<feed xmlns="http://www.w3.org/2005/Atom"></feed>', "application/atom+xml"),
        (b'<?xml version="1.0"?><urlset></urlset>', "application/xml"),
        (b"<rss><channel><description>&lt;html> <html></description></channel></rss>", "application/rss+xml"),
        ("Séance du 27 juin".encode(), TEXT),
        ("Séance du 27 juin".encode("windows-1252"), TEXT),
        (b"BM is the start of a sentence", TEXT),
        (b"2 < 3 and 4 > 3", TEXT),
        (bytes(range(256)) * 4, UNKNOWN),
        (b"", "application/x-empty"),
    ],
)  # fmt: skip
def test_the_type_is_read_from_the_bytes(body, expected):
    """Neither name nor header is asked."""
    assert media_type(body) == expected
