"""Web archives: warcio and py-wacz, which wrote none of it, read them; each answer is the one that the corpus keeps."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import subprocess
import sys
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest
import surt
from cdxj_indexer.main import CDXJIndexer
from hypothesis import given
from hypothesis import strategies as st
from wacz.main import main as wacz_main
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker
from warcio.recompressor import Recompressor

from bundles import cdxj
from bundles.formats import wacz
from bundles.formats.wacz import NO_ADDRESS, NO_BYTES, write
from bundles.model import Documents, Report
from storage.store import Store
from tests.making import Scene

WARC = "documents-001.warc.gz"
ANSWERED = ("response", "resource")


def validated(packed: Path) -> int:
    """Return how `wacz validate` ends for a file: its program forgets to say so to the system."""
    return int(wacz_main(["validate", "-f", str(packed)]))


@dataclass
class Checking:
    """What warcio's checker and recompressor ask to be given."""

    inputs: list[str]
    verbose: bool = False


def checked(warc: Path) -> int:
    """Return how warcio's own check of all digests ends for a file, which it also has to read and write again."""
    checker = Checker(Checking([str(warc)]))
    checker.process_all()
    again = warc.with_name("again.warc.gz")
    Recompressor(str(warc), str(again)).recompress()
    assert [each.rec_headers["WARC-Record-ID"] for each in records(warc)] == [
        each.rec_headers["WARC-Record-ID"] for each in records(again)
    ]
    return int(checker.exit_value)


def records(warc: Path) -> list[Any]:
    """Return the records of a file as warcio reads them, each with its `body`."""
    found = []
    with warc.open("rb") as stream:
        for record in ArchiveIterator(stream, check_digests="raise"):
            record.body = record.content_stream().read()
            found.append(record)
    return found


def unpacked(documents: Documents, folder: Path) -> tuple[Report, Path]:
    """Write an archive and return its report and the folder where its files are."""
    report = write(documents, folder / "corpus.wacz")
    assert validated(folder / "corpus.wacz") == 0
    with zipfile.ZipFile(folder / "corpus.wacz") as packed:
        packed.extractall(folder / "in")
    assert checked(folder / "in" / "archive" / WARC) == 0
    return report, folder / "in"


def pages(inside: Path) -> list[dict[str, Any]]:
    """Return the pages that an archive lists."""
    head, *lines = (inside / "pages" / "pages.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(head)["format"] == "json-pages-1.0"
    return [json.loads(line) for line in lines]


@pytest.mark.parametrize("corpus", ["ordinary", "hostile"])
def test_every_answer_is_the_one_that_is_kept(corpus: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """Each document is a page with its id and moment, and the bytes at its address have the hash of the table."""
    store: Store = request.getfixturevalue(corpus)
    documents = Documents(store=store)
    report, inside = unpacked(documents, tmp_path)
    assert report.written == report.selected == len(documents)
    kept = {(document.id, document.captured_at): document.sha256 for document in documents}
    answers = {
        (record.rec_headers["WARC-Target-URI"], record.rec_headers["WARC-Date"]): record
        for record in records(inside / "archive" / WARC)
        if record.rec_type in ANSWERED
    }
    listed = {(page["id"], page["ts"]): (page["url"], page["ts"]) for page in pages(inside)}
    assert set(listed) == set(kept)
    for name, digest in kept.items():
        record = answers[listed[name]]
        assert hashlib.sha256(record.body).hexdigest() == digest
        assert record.rec_headers["WARC-Payload-Digest"] == f"sha256:{digest}"
        assert record.rec_headers.protocol == "WARC/1.1"


@pytest.mark.parametrize("corpus", ["ordinary", "hostile"])
def test_the_index_is_what_another_program_makes_of_it(
    corpus: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """Webrecorder's own indexer writes the same lines, and each block is found where the index of blocks says."""
    _, inside = unpacked(Documents(store=request.getfixturevalue(corpus)), tmp_path)
    lines = io.StringIO()
    CDXJIndexer(lines, str(inside / "archive" / WARC), sort=True).process_all()
    theirs = [line for line in lines.getvalue().splitlines() if "warc-fields" not in line]
    whole = (inside / "indexes" / "index.cdx.gz").read_bytes()
    assert gzip.decompress(whole).decode().splitlines() == theirs
    meta, *blocks = (inside / "indexes" / "index.idx").read_text(encoding="utf-8").splitlines()
    assert json.loads(meta.split(" ", 2)[2]) == {"format": "cdxj-gzip-1.0", "filename": "index.cdx.gz"}
    for block in blocks:
        key, moment, place = block.split(" ", 2)
        where = json.loads(place)
        first = gzip.decompress(whole[where["offset"] : where["offset"] + where["length"]]).decode()
        assert first.startswith(f"{key} {moment} ")


@pytest.fixture
def scene(tmp_path: Path) -> Any:
    """Give an empty corpus to fill."""
    scene = Scene(tmp_path / "corpus")
    with scene.store:
        yield scene


def test_headers_are_kept_and_true_of_the_decoded_body(scene: Scene, tmp_path: Path) -> None:
    """The packing that was undone stands under another name; cookies have a line each; our own notes stay at home."""
    scene.open_run()
    headers = {
        "content-type": "text/html; charset=utf-8",
        "content-encoding": "gzip",
        "transfer-encoding": "chunked",
        "content-length": "7",
        "set-cookie": "a=1\nb=2",
        "x-odd": "d\xe9j\xe0\r\nx-split: no",
        "no name": "x",
        ":asked": "2026-03-01T12:00:00.000Z host",
    }
    body = b"<html><body>Une page</body></html>"
    scene.read(scene.fetch("page", body, headers=headers, flags=("truncated",)), "Une page")
    packed = gzip.compress(b"still packed", mtime=0)
    scene.read(scene.fetch("packed", packed, headers={"content-encoding": "gzip"}), "Une autre")
    scene.close_run()
    _, inside = unpacked(Documents(store=scene.store), tmp_path)
    found = {record.rec_headers["WARC-Target-URI"]: record for record in records(inside / "archive" / WARC)}
    page = found["http://127.0.0.1:9/page"]
    assert (page.body, page.http_headers.get_statuscode()) == (body, "200")
    said = page.http_headers.headers
    assert ("x-archive-orig-content-encoding", "gzip") in said
    assert ("x-archive-orig-transfer-encoding", "chunked") in said
    assert ("x-archive-orig-content-length", "7") in said
    assert [value for name, value in said if name == "content-length"] == [str(len(body))]
    assert [value for name, value in said if name == "set-cookie"] == ["a=1", "b=2"]
    assert not {"content-encoding", "x-split", "no name", ":asked"} & {name for name, _ in said}
    assert page.rec_headers["WARC-Truncated"] == "unspecified"
    assert page.rec_headers["Minutier-Flags"] == "truncated"
    still = found["http://127.0.0.1:9/packed"]
    assert (still.body, still.http_headers.get_header("content-encoding")) == (b"still packed", "gzip")


def test_redirects_lead_to_their_page(scene: Scene, tmp_path: Path) -> None:
    """Each redirect is a record of the same moment that names the next address, before the answer."""
    chain = (
        ("http://127.0.0.1:9/a", 301, "http://127.0.0.1:9/b"),
        ("http://127.0.0.1:9/b", 302, "http://127.0.0.1:9/c"),
    )
    scene.open_run()
    scene.read(scene.fetch("c", b"there", address="http://127.0.0.1:9/a", redirects=chain), "there")
    scene.close_run()
    _, inside = unpacked(Documents(store=scene.store), tmp_path)
    found = [record for record in records(inside / "archive" / WARC) if record.rec_type == "response"]
    told = [(each.http_headers.get_statuscode(), each.http_headers.get_header("location")) for each in found]
    assert told == [("301", chain[0][2]), ("302", chain[1][2]), ("200", None)]
    assert len({each.rec_headers["WARC-Date"] for each in found}) == 1
    assert [page["url"] for page in pages(inside)] == ["http://127.0.0.1:9/c"]


def test_earlier_versions_are_there_under_their_own_moment(scene: Scene, tmp_path: Path) -> None:
    """A page that changed is there as it was each time; an answer that changed nothing is not."""
    for text in ("first", "first", "second"):
        scene.open_run()
        scene.give("page", text)
        scene.close_run()
    _, inside = unpacked(Documents(store=scene.store), tmp_path)
    found = [record for record in records(inside / "archive" / WARC) if record.rec_type == "response"]
    assert [record.body for record in found] == [b"first", b"second"]
    earlier, shown = pages(inside)
    assert earlier["id"] == f"{shown['id']}-{earlier['ts']}"
    assert earlier["ts"] < shown["ts"]


def test_files_without_an_address_are_left_out_and_named(scene: Scene, tmp_path: Path) -> None:
    """A file that was imported has no place in a web archive; one that says where it was saved from is a resource."""
    scene.open_run()
    own = "import:town/lettre.txt"
    hints = {"file": "lettre.txt"}
    scene.read(scene.fetch("x", b"une lettre", url=own, address=own, document_address=own, hints=hints), "Une lettre")
    scene.read(scene.fetch("saved", b"<html>gard\xc3\xa9e</html>", hints={"file": "saved.html"}), "Une page")
    scene.close_run()
    report, inside = unpacked(Documents(store=scene.store), tmp_path)
    assert (report.selected, report.written) == (2, 1)
    assert [(each.what, each.why) for each in report.left_out] == [("capture", NO_ADDRESS)]
    (saved,) = [record for record in records(inside / "archive" / WARC) if record.rec_type != "warcinfo"]
    assert (saved.rec_type, saved.rec_headers["Content-Type"]) == ("resource", "text/html")
    assert saved.body == b"<html>gard\xc3\xa9e</html>"


def test_bytes_that_are_gone_are_named(scene: Scene, tmp_path: Path) -> None:
    """Where the bytes of an earlier version are no longer kept, the later one is there, and the report says so."""
    for text in ("first", "second"):
        scene.open_run()
        scene.give("page", text)
        scene.close_run()
    digest = hashlib.sha256(b"first").hexdigest()
    (tmp_path / "corpus" / "blobs" / digest[:2] / digest).unlink()
    report, inside = unpacked(Documents(store=scene.store), tmp_path)
    assert (report.written, [each.why for each in report.left_out]) == (1, [NO_BYTES])
    assert len(pages(inside)) == 1


def test_the_acts_of_a_paper_were_answered_once(ordinary: Store, tmp_path: Path) -> None:
    """Units share the answer of their document: it is there once, as one page."""
    documents = Documents(store=ordinary, unit="act")
    report, inside = unpacked(documents, tmp_path)
    assert report.written == len(documents) > len(pages(inside)) == len(Documents(store=ordinary))


def test_the_same_corpus_gives_the_same_bytes(hostile: Store, tmp_path: Path) -> None:
    """Written twice, the archives are equal byte for byte."""
    for name in ("one", "two"):
        write(Documents(store=hostile), tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_a_player_finds_each_file_where_it_looks(hostile: Store, tmp_path: Path) -> None:
    """ReplayWeb.page takes a file's beginning from the list of members alone: no extra field may stand before it."""
    write(Documents(store=hostile), tmp_path / "corpus.wacz")
    whole = (tmp_path / "corpus.wacz").read_bytes()
    with zipfile.ZipFile(tmp_path / "corpus.wacz") as packed:
        for entry in packed.infolist():
            begin = entry.header_offset + 30 + len(entry.filename)
            body = whole[begin : begin + entry.compress_size]
            assert not entry.extra
            read = zlib.decompress(body, wbits=-15) if entry.compress_type else body
            assert read == packed.read(entry)


def test_large_archives_are_cut(ordinary: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No file of records grows beyond what players like: the next one follows, and the index names the right one."""
    monkeypatch.setattr(wacz, "LARGEST", 1)
    write(Documents(store=ordinary), tmp_path / "corpus.wacz")
    assert validated(tmp_path / "corpus.wacz") == 0
    with zipfile.ZipFile(tmp_path / "corpus.wacz") as packed:
        packed.extractall(tmp_path)
    files = sorted((tmp_path / "archive").iterdir())
    assert [file.name for file in files] == [f"documents-{number:03}.warc.gz" for number in range(1, len(files) + 1)]
    assert len(files) == len(Documents(store=ordinary))
    lines = io.StringIO()
    CDXJIndexer(lines, [str(file) for file in files], sort=True).process_all()
    theirs = [line for line in lines.getvalue().splitlines() if "warc-fields" not in line]
    assert gzip.decompress((tmp_path / "indexes" / "index.cdx.gz").read_bytes()).decode().splitlines() == theirs


def test_a_changed_byte_is_caught(ordinary: Store, tmp_path: Path) -> None:
    """py-wacz refuses an archive in which one byte of a text was changed."""
    write(Documents(store=ordinary), tmp_path / "whole.wacz")
    with zipfile.ZipFile(tmp_path / "whole.wacz") as whole, zipfile.ZipFile(tmp_path / "bad.wacz", "w") as bad:
        for name in whole.namelist():
            body = whole.read(name)
            bad.writestr(name, body.replace(b"Doc", b"Dac") if name.endswith("pages.jsonl") else body)
    assert validated(tmp_path / "whole.wacz") == 0
    assert validated(tmp_path / "bad.wacz") == 1


def test_a_document_can_come_back_from_the_archive(ordinary: Store, tmp_path: Path) -> None:
    """What was written is imported into an empty corpus: the same documents, with the same bytes."""
    write(Documents(store=ordinary), tmp_path / "corpus.wacz")
    command = [sys.executable, "-m", "minutier", "--corpus", str(tmp_path / "again")]
    command += ["import", str(tmp_path / "corpus.wacz"), "--source", "montpellier"]
    done = subprocess.run(command, cwd=tmp_path, env=os.environ, capture_output=True, text=True, check=False)
    with Store.open(tmp_path / "again") as store:
        back = {document.id: document.sha256 for document in Documents(store=store)}
    kept = {document.id: document.sha256 for document in Documents(store=ordinary)}
    assert (done.returncode, back) == (0, kept), done.stderr


HOSTS = st.sampled_from(["a.fr", "www.Ville.example", "127.0.0.1:9", "b.c.d.org:8080", "www3.x.net:443"])
PATHS = st.lists(st.text("abcXYZ019-_~!$'()*,;:@é ", min_size=1, max_size=8), max_size=4)
QUERIES = st.lists(st.tuples(st.text("abcXY", min_size=1, max_size=3), st.text("abcXY01 é&=", max_size=4)), max_size=3)


@given(HOSTS, PATHS, QUERIES)
def test_addresses_sort_as_everywhere(host: str, path: list[str], query: list[tuple[str, str]]) -> None:
    """The key of an address is the one that the usual library makes."""
    url = f"https://{host}/{'/'.join(quote(part) for part in path)}" + (f"?{urlencode(query)}" if query else "")
    assert cdxj.url_key(url) == surt.surt(url)


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("http://a.fr:99999999/x", "fr,a)/x"),
        ("http://a.fr:port/x", "fr,a)/x"),
        ("https://a.fr/%2525", "fr,a)/%25"),
        ("https://a.fr/?X=%26X0", "fr,a)/?x=&x0"),
        ("http://[::1]:8080/x", "[::1]:8080)/x"),
        ("https://a.fr/pv 12.pdf", "fr,a)/pv%2012.pdf"),
    ],
)
def test_odd_addresses_have_a_key_too(url: str, key: str) -> None:
    """Ports that are none, escapes of escapes, spaces: nothing stops an export."""
    assert cdxj.url_key(url) == key
