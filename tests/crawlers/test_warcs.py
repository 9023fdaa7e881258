"""Web archives as values: what is in one, what is wanted of it, and its bytes, whole, packed, cut or lying."""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import random
import tracemalloc
import zipfile
import zlib
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import brotli
import pytest
from backports import zstd
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawlers.archives import is_archive
from crawlers.reading.waczs import contents, is_wacz
from crawlers.reading.warcs import Body, Survey, bodies, plan, survey

SITE = "https://town.example"
MIB = 2**20


class Tape:
    """A WARC being written by a test; every record is synthetic."""

    def __init__(self, *, packed: bool = True) -> None:
        self.out = io.BytesIO()
        self.writer = WARCWriter(self.out, gzip=packed)

    def add(self, path: str, body: bytes, kind: str = "response", status: str = "200 OK", **named: str) -> Tape:
        """Write one record; names in `named` are headers of the record, those beginning with http_ of the answer."""
        http = [(name[5:].replace("_", "-"), value) for name, value in named.items() if name.startswith("http_")]
        headers = [(name.replace("_", "-"), value) for name, value in named.items() if not name.startswith("http_")]
        answer = StatusAndHeaders(status, http or [("Content-Type", "text/html")], protocol="HTTP/1.1")
        record = self.writer.create_warc_record(
            path if ":" in path else SITE + path,
            kind,
            payload=io.BytesIO(body),
            http_headers=answer if kind != "resource" else None,
            warc_headers_dict={"WARC-Date": "2024-01-01T00:00:00Z"} | dict(headers),
        )
        self.writer.write_record(record)
        return self

    @property
    def body(self) -> bytes:
        """What was written so far."""
        return self.out.getvalue()


def sha1(body: bytes) -> str:
    """Return the digest of some bytes as WARC files write it."""
    return "sha1:" + base64.b32encode(hashlib.sha1(body, usedforsecurity=False).digest()).decode()


def surveyed(body: bytes) -> Survey:
    """Return what a WARC holds."""
    return survey(io.BytesIO(body))


def read(body: bytes, limit: int = MIB) -> Iterator[Body]:
    """Return the documents of a WARC."""
    wanted = plan(surveyed(body).records, lambda url: url).wanted
    return bodies(io.BytesIO(body), wanted, limit)


@pytest.mark.parametrize("packed", [True, False])
def test_answers_are_read_with_address_status_headers_and_time(packed: bool) -> None:
    """Packed or plain; requests and notes of the program are no answers."""
    tape = Tape(packed=packed).add("/a", b"<p>a</p>").add("/a", b"", "request", "GET / HTTP/1.1")
    found = surveyed(tape.add("urn:pageinfo:x", b"{}", "resource").body)
    assert (found.broken, [each.kind for each in found.records]) == ("", ["response", "resource"])
    first = found.records[0]
    assert (first.url, first.status, first.date) == (f"{SITE}/a", 200, "2024-01-01T00:00:00Z")
    assert first.headers["content-type"] == "text/html"
    assert [each.body for each in read(tape.body)] == [b"<p>a</p>"]


def test_bodies_come_decoded() -> None:
    """Compression is undone, chunks are joined; a digest taken before or after either fits."""
    packed = gzip.compress(b"<p>a</p>" * 100)
    chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (8, b"<p>b</p>")
    tape = Tape().add("/a", packed, http_Content_Encoding="gzip")
    tape.add("/b", chunked, http_Transfer_Encoding="chunked")
    assert [(each.body, each.flags) for each in read(tape.body)] == [(b"<p>a</p>" * 100, ()), (b"<p>b</p>", ())]


def test_a_wrong_digest_is_flagged() -> None:
    """Bytes that do not fit their digest are `altered`; a digest of an unknown kind says nothing."""
    tape = Tape(packed=False).add("/a", b"aaaa").add("/b", b"bbbb").add("/c", b"c", WARC_Truncated="length")
    lying = tape.body.replace(b"aaaa", b"aaxa").replace(sha1(b"bbbb").encode(), b"blake:" + b"x" * 31)
    assert [each.flags for each in read(lying)] == [("altered",), (), ("truncated",)]


def test_large_answers_and_bombs_are_not_held() -> None:
    """Larger than the limit as it stands or once unpacked: said, without bytes; what follows is read."""
    bomb = gzip.compress(bytes(50 * MIB))
    tape = Tape().add("/a", bytes(2 * MIB)).add("/b", bomb, http_Content_Encoding="gzip").add("/c", b"c")
    assert [(each.too_large, each.body) for each in read(tape.body)] == [(True, b""), (True, b""), (False, b"c")]


WAYS = {
    "gzip": partial(gzip.compress, compresslevel=9),
    "deflate": partial(zlib.compress, level=9),
    "br": partial(brotli.compress, quality=1),
    "zstd": zstd.compress,
    "gzip, br": lambda body: brotli.compress(gzip.compress(body, 9), quality=1),
}


@pytest.mark.parametrize("way", list(WAYS))
def test_a_bomb_of_any_packing_is_never_held(way: str) -> None:
    """What unpacks to 256 MiB is said to be too large, with a few MiB in memory; what follows it is read."""
    tape = Tape().add("/bomb", WAYS[way](bytes(256 * MIB)), http_Content_Encoding=way).add("/c", b"c")
    tracemalloc.start()
    try:
        found = [(each.too_large, each.body) for each in read(tape.body, 4 * MIB)]
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert found == [(True, b""), (False, b"c")]
    assert peak < 32 * MIB


@pytest.mark.parametrize("way", list(WAYS))
def test_every_packing_is_undone(way: str) -> None:
    """A good body of each packing is whole; cut it is `truncated`; what is not packed as it says stays as it is."""
    body = b"<p>%s</p>" % random.Random(1).randbytes(200_000).hex().encode()
    packed = WAYS[way](body)
    tape = Tape().add("/a", packed, http_Content_Encoding=way).add("/b", b"<p>b</p>", http_Content_Encoding=way)
    tape.add("/c", packed[: len(packed) // 2], http_Content_Encoding=way)
    whole, bare, cut = read(tape.body)
    assert (whole.body == body, whole.flags, bare.body, bare.flags) == (True, (), b"<p>b</p>", ())
    assert cut.flags == ("truncated",)


def test_headers_without_end_are_not_held() -> None:
    """A line, or lines, of 256 MiB in a small file: the archive is damaged there, and a few MiB were in memory."""
    for filling in (b"x" * MIB, b"X-Y: z\r\n" * (MIB // 8)):
        start = b"WARC/1.0\r\nWARC-Type: response\r\nX: "
        packed = gzip.compress(start + filling * 256, 9)
        tracemalloc.start()
        try:
            found = surveyed(packed)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        assert "headers of more than" in found.broken
        assert peak < 64 * MIB


def test_many_records_without_content_are_no_flood(tmp_path: Path) -> None:
    """Headers are counted for each record: thousands of records of nothing but headers are read."""
    one = b"WARC/1.0\r\nWARC-Type: metadata\r\nX: %s\r\nContent-Length: 0\r\n\r\n\r\n\r\n" % (b"y" * 900)
    found = surveyed(one * 3000 + Tape(packed=False).add("/a", b"a").body)
    assert (found.broken, len(found.records)) == ("", 1)


def test_each_record_that_is_no_document_has_its_reason() -> None:
    """Parts of pages, redirects, errors, notes; the latest answer of an address counts, a revisit finds its bytes."""
    digest = sha1(b"old")
    tape = Tape().add("/a", b"old", WARC_Date="2023-01-01T00:00:00Z")
    tape.add("/a", b"new").add("/s.css", b"", http_Content_Type="text/css; charset=utf-8")
    tape.add("/r", b"", status="302 Found", http_Location="/a").add("/e", b"", status="500 Oops")
    tape.add("/robots.txt", b"").add("urn:text:x", b"x", "resource")
    tape.add("/same", b"", "revisit", WARC_Payload_Digest=digest).add(
        "/lost", b"", "revisit", WARC_Payload_Digest="x:y"
    )
    made = plan(surveyed(tape.body).records, lambda url: url)
    assert [(each.record.url.removeprefix(SITE), each.reason) for each in made.aside] == [
        ("/a", "older"), ("/s.css", "type"), ("/r", "redirect"), ("/e", "http_500"), ("/robots.txt", "type"),
        ("urn:text:x", "type"), ("/lost", "revisit"),
    ]  # fmt: skip
    found = {each.record.url.removeprefix(SITE): each.body for each in read(tape.body)}
    assert found == {"/a": b"new", "/same": b"old"}


def test_a_cut_anywhere_keeps_what_stands_before() -> None:
    """Packed or plain, cut at many places: the first record is kept whole or flagged, and the place is named."""
    for packed in (True, False):
        first = Tape(packed=packed).add("/a", b"a" * 400)
        start = len(first.body)
        whole = first.add("/b", bytes(range(256)) * 20).body
        for length in range(start + 20, len(whole) - 10, 97):
            found = surveyed(whole[:length])
            assert found.records[0].flags == ()
            assert found.broken or found.records[-1].flags or len(found.records) == 1, length
        assert f"byte {start}" in surveyed(whole[:-40]).broken


@pytest.mark.parametrize("body", [b"", b"no archive", b"\x1f\x8b" + bytes(40), b"WARC/1.0\r\n\r\n", b"WARC/9.9\r\nx"])
def test_what_is_no_web_archive_is_said_to_be_none(body: bytes) -> None:
    """No exception: no records and a sentence, or one record without an address."""
    found = surveyed(body)
    assert found.broken or not any(each.url for each in found.records)


def test_archives_are_known_by_their_bytes(tmp_path: Path) -> None:
    """A WARC under any name is one; a packed text and an office file are none."""
    file = tmp_path / "x.bin"
    for body, expected in (
        (Tape().add("/a", b"a").body, True),
        (Tape(packed=False).add("/a", b"a").body, True),
        (gzip.compress(b"text"), False),
        (b"\x1f\x8bxx", False),
        (b"PK\x03\x04", False),
        (b"", False),
    ):
        file.write_bytes(body)
        assert is_archive(file) == expected


def test_a_wacz_that_is_a_bomb_is_not_read(tmp_path: Path) -> None:
    """Unpacking to more than 200 times its size: a sentence, nothing is unpacked, no page gets a title."""
    file = tmp_path / "a.wacz"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("datapackage.json", "{}")
        packed.writestr("archive/1.warc", bytes(300 * MIB))
    found = contents(file)
    assert (found.warcs, found.troubles) == ((), ("unpacks to 300 times its size: it is not read",))


def test_lists_of_a_wacz_are_read_so_far_and_no_further(tmp_path: Path) -> None:
    """Titles come from the first 8 MiB of its lists, whatever else they hold; nothing is held for the rest."""
    file = tmp_path / "a.wacz"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("datapackage.json", "[" + "{}," * 20_000_000)
        packed.writestr("archive/1.warc.gz", Tape().add("/a", b"a").body)
        packed.writestr("pages/a.jsonl", b'{"url": "u", "title": "Un"}\n' + (b"x" * 999 + b"\n") * 60_000)
        packed.writestr("pages/b.jsonl", b'{"url": "v", "title": "Deux"}\n')
    tracemalloc.start()
    try:
        found = contents(file)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert (found.titles, found.troubles) == ({"u": "Un"}, ())
    assert peak < 64 * MIB


def test_a_damaged_wacz_is_a_sentence(tmp_path: Path) -> None:
    """Cut, without a description, with nonsense in its lists: no exception."""
    file = tmp_path / "a.wacz"
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr("archive/1.warc.gz", Tape().add("/a", b"a").body)
        packed.writestr("pages/pages.jsonl", 'nonsense\n[]\n{"url": "u", "title": "  Deux\\n mots "}\n')
        packed.writestr("datapackage.json", "[" * 100_000)
    found = contents(file)
    assert (is_wacz(file), found.titles, found.troubles) == (True, {"u": "Deux mots"}, ())
    file.write_bytes(file.read_bytes()[:200])
    assert (is_wacz(file), "is damaged" in contents(file).troubles[0]) == (False, True)
