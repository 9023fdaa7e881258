"""Asking portals: which address, what an answer lists, where it goes on, and where it stops short."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from pydantic import ValidationError

from crawlers.reading.apis import DIALECTS, Answer, Question, following, read_answer, shortfall
from crawlers.reading.entries import Entry, Unreadable
from crawlers.reading.tables import entries_of
from crawlers.spiders.api import Options

BASE = "https://data.example"
ODS, CKAN, UDATA, WORDPRESS = (DIALECTS[name] for name in ("opendatasoft", "ckan", "udata", "wordpress"))


def ask(**values: Any) -> Question:
    """Return a question."""
    return Question(base=BASE, **values)


def answer(name: str, asked: Question, said: object, **headers: str) -> Answer:
    """Return what a portal's answer lists."""
    named = {key.replace("_", "-"): value for key, value in headers.items()}
    return read_answer(DIALECTS[name], asked, json.dumps(said).encode(), named, BASE)


def entries(name: str, asked: Question, said: object) -> tuple[Entry, ...]:
    """Return the entries of a portal's answer."""
    return entries_of(answer(name, asked, said).rows, BASE, DIALECTS[name].columns).entries


OF_ODS = "/api/explore/v2.1/catalog/datasets"
FIELDS = "&_fields=id%2Cdate%2Clink%2Ctitle%2Cexcerpt%2Ccontent%2Csource_url"
POSTS = "orderby=date&order"


@pytest.mark.parametrize(
    ("name", "asked", "address"),
    [
        ("opendatasoft", ask(dataset="dél", size=10, done=20), f"{OF_ODS}/d%C3%A9l/records?limit=10&offset=20"),
        ("opendatasoft", ask(dataset="d", query='"x y"', whole=True), f"{OF_ODS}/d/exports/json?where=%22x+y%22"),
        ("ckan", ask(query="dél", done=100), "/api/3/action/package_search?rows=100&start=100&q=d%C3%A9l"),
        ("ckan", ask(dataset="a b"), "/api/3/action/package_show?id=a+b"),
        ("ckan", ask(resource="r", done=5), "/api/3/action/datastore_search?resource_id=r&limit=100&offset=5"),
        ("udata", ask(query="x", page=3), "/api/1/datasets/?page=3&page_size=100&q=x"),
        ("udata", ask(dataset="../x"), "/api/1/datasets/..%2Fx/"),
        ("wordpress", ask(dataset="media"), f"/wp-json/wp/v2/media?per_page=100&page=1&{POSTS}=asc{FIELDS}"),
        (
            "wordpress",
            ask(since="2024-01-01", query="x", page=2),
            f"/wp-json/wp/v2/posts?per_page=100&page=2&{POSTS}=desc&search=x{FIELDS}",
        ),
    ],
)
def test_every_dialect_asks_at_its_own_address(name: str, asked: Question, address: str) -> None:
    """Pages, searches, single datasets; what a source says cannot leave its place in the address."""
    assert DIALECTS[name].address(asked) == BASE + address


def test_records_of_opendatasoft_are_rows() -> None:
    """A file field gives its address; the export is a mere list of the same records."""
    record = {"delib_objet": "Objet", "delib_date": "2024-05-27", "fichier": {"filename": "a.pdf", "url": "/a.pdf"}}
    expected = (Entry(url=f"{BASE}/a.pdf", title="Objet", day="2024-05-27"),)
    assert entries("opendatasoft", ask(), {"total_count": 1, "results": [record]}) == expected
    assert entries("opendatasoft", ask(whole=True), [record]) == expected


def test_files_of_ckan_and_udata_bear_the_name_of_their_dataset() -> None:
    """Resources are the documents; DKAN wraps its one package in a list; what is changed later is no date."""
    file = {"name": "PV", "url": "/pv.pdf", "created": "2024-05-27T10:00:00", "last_modified": "2025-01-01T00:00:00"}
    package = {"title": "Séances", "resources": [file, {"name": "x", "url": None}]}
    expected = Entry(url=f"{BASE}/pv.pdf", title="Séances: PV", day="2024-05-27", changed="2025-01-01")
    assert entries("ckan", ask(), {"result": {"count": "1", "results": [package]}}) == (expected,)
    assert entries("ckan", ask(dataset="d"), {"result": package}) == (expected,)
    assert entries("ckan", ask(dataset="d"), {"result": [package]}) == (expected,)
    dataset = {"title": "Séances", "resources": [file | {"title": "PV", "created_at": "2024-05-27"}]}
    assert entries("udata", ask(), {"data": [dataset], "total": 1}) == (expected,)
    assert entries("udata", ask(dataset="d"), dataset) == (expected,)
    row = {"_id": 1, "URL": "/pv.pdf", "OBJET": "PV"}
    found = answer("ckan", ask(resource="r"), {"result": {"records": [row], "total": 9}})
    assert (found.records, found.total) == (1, 9)


def test_posts_of_wordpress_carry_their_content() -> None:
    """Title and excerpt are words, the content stays HTML; the number of pages is in the headers."""
    post = {
        "link": f"{BASE}/p",
        "date": "2023-03-12T08:00:00",
        "title": {"rendered": "Jumelage &#8211; Chengdu"},
        "excerpt": {"rendered": "<p>Bref</p>"},
        "content": {"rendered": "<p>Corps</p>"},
    }
    expected = Entry(url=f"{BASE}/p", title="Jumelage – Chengdu", day="2023-03-12", about="Bref", html="<p>Corps</p>")
    assert entries("wordpress", ask(), [post]) == (expected,)
    assert answer("wordpress", ask(), [post], x_wp_totalpages="7").pages == 7


@pytest.mark.parametrize(
    ("name", "said", "words"),
    [
        ("opendatasoft", {"nhits": 3, "records": []}, "it lacks 'results'"),
        ("opendatasoft", {"results": [1], "total_count": 1}, "no answer of this dialect"),
        ("opendatasoft", None, "no answer of this dialect"),
        ("ckan", {"success": False, "error": {}}, "it lacks 'result'"),
        ("ckan", {"result": {"count": 1, "results": [{"title": "x"}]}}, "it lacks 'resources'"),
        ("udata", {"message": "x"}, "it lacks 'data'"),
        ("wordpress", {"code": "rest_no_route"}, "a list of posts.*rest_no_route"),
        ("wordpress", ["x"], "no answer of this dialect"),
    ],
)
def test_an_answer_of_another_kind_is_named_with_what_it_lacks(name: str, said: object, words: str) -> None:
    """The field that was looked for stands in the sentence, and how the answer begins."""
    with pytest.raises(Unreadable, match=words):
        answer(name, ask(), said)


@pytest.mark.parametrize("body", [b"", b"<html>", b"[" * 100_000, b"\xff\x00{"])
def test_what_is_no_json_is_said_to_be_none(body: bytes) -> None:
    """A web page, nothing, nonsense, brackets without end."""
    with pytest.raises(Unreadable, match="is no JSON"):
        read_answer(ODS, ask(), body, {}, BASE)


def some(records: int, **values: Any) -> Answer:
    """Return an answer of that many records."""
    return Answer(rows=(), records=records, **values)


def test_paging_goes_by_what_was_given() -> None:
    """The next page begins after the records that came, even where they are fewer than were asked for."""
    assert following(ODS, ask(), some(40, total=100)) == ask(done=40, page=2)
    assert following(ODS, ask(done=90), some(10, total=100)) is None
    assert following(WORDPRESS, ask(page=2), some(100, pages=3)) == ask(done=100, page=3)
    assert following(WORDPRESS, ask(page=3), some(100, pages=3)) is None
    assert following(WORDPRESS, ask(), some(100)) == ask(done=100, page=2)
    assert following(WORDPRESS, ask(), some(99)) is None


def test_limits_are_met_with_an_export_or_an_alarm() -> None:
    """OpenDataSoft exports what lies beyond 10,000; of udata the sentence names the limit and the way out."""
    assert following(ODS, ask(), some(100, total=10_001)) == ask(whole=True)
    assert following(ODS, ask(), some(100, total=10_000)) == ask(done=100, page=2)
    assert following(ODS, ask(whole=True), some(10_001, total=10_001)) is None
    last = ask(done=9_900, page=100)
    assert following(UDATA, last, some(100, total=12_345)) is None
    assert "beyond 10000 records and has 12345" in shortfall(UDATA, last, some(100, total=12_345))
    assert following(CKAN, replace(last), some(100, total=12_345)) is not None


def test_a_portal_that_gives_less_than_it_announces_is_an_alarm() -> None:
    """An empty page before the end is no end; an empty first page lists nothing."""
    assert shortfall(CKAN, ask(), some(0, total=0)).startswith("lists nothing: compare `dataset` and `query`")
    assert shortfall(CKAN, ask(done=100), some(0, total=300)) == "announces 300 records and gave 100"
    assert shortfall(CKAN, ask(done=200), some(100, total=300)) == shortfall(CKAN, ask(), some(100, total=300)) == ""
    assert shortfall(WORDPRESS, ask(), some(5)) == ""


def test_options_belong_together() -> None:
    """OpenDataSoft needs a dataset, only CKAN has tables of its own; without a dialect there is nothing to run by."""
    assert not Options().probed and Options(dialect="ckan").probed
    for keys in ('{"dialect": "opendatasoft"}', '{"dialect": "udata", "resource": "r"}', '{"dialect": "socrata"}'):
        with pytest.raises(ValidationError):
            Options.model_validate_json(keys, strict=True)
