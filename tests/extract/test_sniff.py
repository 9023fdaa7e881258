"""Media types: bytes alone decide."""

import time

import pytest

from extract.sniff import CSV, DOCX, HTML, PDF, PROTECTED, TEXT, UNKNOWN, media_type
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
        (zip_of({}), "application/zip"),
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
        (b'<?xml version="1.0"?><urlset></urlset>', "application/x-sitemap+xml"),
        (b'<?xml version="1.0"?><products></products>', "application/xml"),
        (b'<?xml version="1.0"?>\n<!DOCTYPE pdf2xml SYSTEM "pdf2xml.dtd">\n\n<pdf2xml/>', "application/x-pdf2xml"),
        (
            b'<?xml version="1.0"?><?mso-application progid="Word.Document"?><w:wordDocument xmlns:w="x"/>',
            "application/x-wordml",
        ),
        (b"<rss><channel><description>&lt;html> <html></description></channel></rss>", "application/rss+xml"),
        ("Séance du 27 juin".encode(), TEXT),
        ("Séance du 27 juin".encode("windows-1252"), TEXT),
        (b"BM is the start of a sentence", TEXT),
        (b"COLL_NOM;DELIB_ID;DELIB_OBJET\nRoquevesse;2024-001;Jumelage\n", CSV),
        ("Nom\tPays\tAnn\u00e9e\nJiwan\tChine\t1987\nMontsol\u00e0\tEspagne\t1994".encode("utf-16"), CSV),
        (b'id,title,country\n1,"Rivers, gardens",China\n2,Bridges,Spain\n', CSV),
        (b"Mesdames, Messieurs, bonjour\nMarie, Paul, Jacques sont excuses\n", TEXT),
        (b"a;b\n1;2\n", TEXT),
        (b"un;deux;trois\n", TEXT),
        (b"12;34;56\n78;90;12\n", TEXT),
        (b"Date: lundi\nObjet: jumelage\nDestinataires: tous\n\nBonjour", TEXT),
        (b"Subject: a\nFrom: b@example.org\nDate: c\n\nd", "message/rfc822"),
        (b"Received: a\r\n by b\r\nMIME-Version: 1.0\r\n\r\n<html>", "message/rfc822"),
        (b"MIME-Version: 1.0\nContent-Type: multipart/related;\n boundary=b\n\n<html>", "multipart/related"),
        (b"2 < 3 and 4 > 3", TEXT),
        (bytes(range(256)) * 4, UNKNOWN),
        (b"", "application/x-empty"),
    ],
)  # fmt: skip
def test_the_type_is_read_from_the_bytes(body, expected):
    """Neither name nor header is asked."""
    assert media_type(body) == expected


@pytest.mark.parametrize(
    "body",
    [
        b"From: a\nTo: b\n" + b"   \n" * 100_000 + b"\r",
        b"From: a\n" * 100_000 + b"\r",
        b"a,b,c\n" + b'"' * 5_000_000,
        b";" * 5_000_000,
        b"\n" * 5_000_000 + b"<",
    ],
)
def test_no_text_keeps_the_reader_waiting(body):
    """The type of five megabytes of blanks, signs or quotation marks is known at once."""
    start = time.process_time()
    assert "/" in media_type(body)
    assert time.process_time() - start < 2
