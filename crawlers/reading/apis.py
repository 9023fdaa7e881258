"""Portals that answer programs: which address to ask, what an answer lists, where it goes on. One class a dialect."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol
from urllib.parse import quote, urlencode

from crawlers.reading.entries import Unreadable, shown, words_of
from crawlers.reading.tables import Columns, Row, cell, row_of
from crawlers.reading.trees import as_text

Said = Any
"""What JSON holds."""
PAST_THE_END = b"rest_post_invalid_page_number"
"""What WordPress answers after its last page; one behind a cache may not say how many there are."""
AS_USUAL: Columns = {}
POSTS: Columns = {
    "link": ("link",),
    "title": ("title",),
    "date": ("date",),
    "subject": ("excerpt",),
    "content": ("content",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked of a portal."""

    base: str
    """Where the portal begins, without a slash at its end."""
    dataset: str = ""
    resource: str = ""
    query: str = ""
    since: str = ""
    """An ISO day, or nothing."""
    size: int = 100
    """How many records a page has."""
    done: int = 0
    """How many records were given."""
    page: int = 1
    whole: bool = False
    """Whether all records are asked for at once, of a portal that exports them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One page of a portal's answer."""

    rows: tuple[Row, ...]
    """What may be documents, one row each."""
    records: int
    """How many records it holds; one may have several files, or none."""
    total: int | None = None
    """How many records there are in all, where the answer itself says so."""
    pages: int | None = None
    """How many pages there are, where its headers say so."""


class Dialect(Protocol):
    """A kind of portal."""

    most: int
    """How many records a page may have."""
    cap: int
    """How many records may be paged through; 0 where there is no limit."""
    exports: bool
    """Whether all records can be asked for at once."""
    by_date: bool
    """Whether `since` has it begin with the newest, so that paging may end at the first page of old ones."""
    columns: Columns
    """Where a row holds what we look for."""

    def address(self, asked: Question) -> str:
        """Return the address to ask."""

    def answer(self, said: Said, asked: Question) -> Answer:
        """Return what an answer lists. Raises KeyError and the like where it is none."""


class OpenDataSoft:
    """Explore API 2.1: the records of one table."""

    most = 100
    cap = 10_000
    exports = True
    by_date = False
    columns = AS_USUAL

    def address(self, asked: Question) -> str:
        """Return the address of a page of records, or of the export, which has no limit."""
        table = f"{asked.base}/api/explore/v2.1/catalog/datasets/{quote(asked.dataset, safe='')}"
        where = {"where": asked.query} if asked.query else {}
        if asked.whole:
            return _url(f"{table}/exports/json", **where)
        return _url(f"{table}/records", limit=str(asked.size), offset=str(asked.done), **where)

    def answer(self, said: Said, asked: Question) -> Answer:
        """Return a page of records, or the whole export, which is a mere list."""
        records = said if isinstance(said, list) else said["results"]
        total = len(records) if isinstance(said, list) else _number(said["total_count"])
        return Answer(rows=tuple(map(row_of, records)), records=len(records), total=total)


class Ckan:
    """CKAN and DKAN: the files of one package or of those that a search finds, or the rows of one table."""

    most = 1000
    cap = 0
    exports = False
    by_date = False
    columns = AS_USUAL

    def address(self, asked: Question) -> str:
        """Return the address of a table's rows, of one package, or of a page of packages."""
        action = f"{asked.base}/api/3/action"
        query = {"q": asked.query} if asked.query else {}
        if asked.resource:
            page = {"limit": str(asked.size), "offset": str(asked.done)}
            return _url(f"{action}/datastore_search", resource_id=asked.resource, **page, **query)
        if asked.dataset:
            return _url(f"{action}/package_show", id=asked.dataset)
        return _url(f"{action}/package_search", rows=str(asked.size), start=str(asked.done), **query)

    def answer(self, said: Said, asked: Question) -> Answer:
        """Return rows, or the files of packages."""
        result = said["result"]
        if asked.resource:
            rows = result["records"]
            return Answer(rows=tuple(map(row_of, rows)), records=len(rows), total=_number(result["total"]))
        alone = result if isinstance(result, list) else [result]  # DKAN gives a list of one
        packages = alone if asked.dataset else result["results"]
        total = len(packages) if asked.dataset else _number(result["count"])
        files = tuple(row for package in packages for row in _files(package, "name"))
        return Answer(rows=files, records=len(packages), total=total)


class Udata:
    """udata, the software of data.gouv.fr: the files of one dataset, or of those that a search finds."""

    most = 100
    cap = 10_000
    exports = False
    by_date = False
    columns = AS_USUAL

    def address(self, asked: Question) -> str:
        """Return the address of one dataset, or of a page of datasets."""
        if asked.dataset:
            return f"{asked.base}/api/1/datasets/{quote(asked.dataset, safe='')}/"
        query = {"q": asked.query} if asked.query else {}
        return _url(f"{asked.base}/api/1/datasets/", page=str(asked.page), page_size=str(asked.size), **query)

    def answer(self, said: Said, asked: Question) -> Answer:
        """Return the files of datasets."""
        datasets, total = ([said], 1) if asked.dataset else (said["data"], _number(said["total"]))
        if asked.dataset and "resources" not in said:
            raise KeyError("resources")
        files = tuple(row for dataset in datasets for row in _files(dataset, "title"))
        return Answer(rows=files, records=len(datasets), total=total)


class WordPress:
    """The REST interface of WordPress: posts, or what `dataset` names, such as pages or media."""

    most = 100
    cap = 0
    exports = False
    by_date = True
    columns = POSTS

    def address(self, asked: Question) -> str:
        """Return the address of a page of posts; the oldest first, where all are wanted: new ones move no other."""
        order = "desc" if asked.since else "asc"
        page = {"per_page": str(asked.size), "page": str(asked.page), "orderby": "date", "order": order}
        chosen = {"search": asked.query} if asked.query else {}
        fields = "id,date,link,title,excerpt,content,source_url"
        kind = quote(asked.dataset or "posts", safe="")
        return _url(f"{asked.base}/wp-json/wp/v2/{kind}", **page, **chosen, _fields=fields)

    def answer(self, said: Said, asked: Question) -> Answer:
        """Return posts; their number stands in the headers."""
        if not isinstance(said, list):
            raise KeyError("a list of posts")
        return Answer(rows=tuple(map(_post, said)), records=len(said))


DIALECTS: Mapping[str, Dialect] = {
    "opendatasoft": OpenDataSoft(),
    "ckan": Ckan(),
    "udata": Udata(),
    "wordpress": WordPress(),
}


def read_answer(dialect: Dialect, asked: Question, body: bytes, headers: Mapping[str, str], url: str) -> Answer:
    """Return what a portal answered. Raises Unreadable where it is no answer of its dialect."""
    text = as_text(body, headers, url)
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        raise Unreadable(f"is no JSON: it begins with {shown(text)}") from None
    try:
        answer = dialect.answer(said, asked)
    except (KeyError, TypeError, AttributeError, IndexError) as error:
        lacking = f" (it lacks {error})" if isinstance(error, KeyError) else ""
        raise Unreadable(f"is no answer of this dialect{lacking}: it begins with {shown(text)}") from None
    pages = headers.get("x-wp-totalpages", "")
    return replace(answer, pages=int(pages)) if pages.isdigit() else answer


def following(dialect: Dialect, asked: Question, answer: Answer) -> Question | None:
    """Return what to ask next, or nothing at the end, at the portal's limit, and where it gave no more."""
    done = asked.done + answer.records
    more = answer.records >= asked.size
    if answer.pages is not None:
        more = asked.page < answer.pages
    elif answer.total is not None:
        more = done < answer.total
    if not more or not answer.records or asked.whole:
        return None
    if dialect.exports and answer.total is not None and answer.total > dialect.cap:
        return replace(asked, whole=True)
    capped = bool(dialect.cap) and done + asked.size > dialect.cap
    return None if capped else replace(asked, done=done, page=asked.page + 1)


def shortfall(dialect: Dialect, asked: Question, answer: Answer) -> str:
    """Return why there is less than the portal announced, or nothing at all, as the end of a sentence; or nothing."""
    done = asked.done + answer.records
    if not done:
        return "lists nothing: compare `dataset` and `query` with what it has"
    if answer.total is None or done >= answer.total or following(dialect, asked, answer):
        return ""
    if dialect.cap and done + asked.size > dialect.cap:
        narrower = "ask for less by `query`, or for one dataset by `dataset`"
        return f"lets nobody page beyond {dialect.cap} records and has {answer.total}: {narrower}"
    return f"announces {answer.total} records and gave {done}"


def _url(path: str, **values: str) -> str:
    return f"{path}?{urlencode(values)}" if values else path


def _number(said: Said) -> int | None:
    """Return a number that some portals write as words."""
    digits = cell(said)
    return int(digits) if digits.isascii() and digits.isdigit() else None


def _files(package: Mapping[str, Said], name: str) -> Iterator[Row]:
    """Yield the files of a package, each with the package's title before its own."""
    whole = cell(package.get("title"))
    for file in package["resources"] or ():
        own = cell(file.get(name))
        title = own if not whole or whole in own else f"{whole}: {own}" if own else whole
        when = cell(file.get("published") or file.get("created") or file.get("created_at"))
        changed = cell(file.get("last_modified") or file.get("metadata_modified")) or when
        yield {"url": cell(file.get("url")), "title": title, "date": when, "changed": changed}


def _post(said: Mapping[str, Said]) -> Row:
    """Return a post as a row, its HTML read as words but for its content."""
    row = {str(name): cell(value) for name, value in said.items()}
    words = {name: words_of(row.get(name, "")) for name in ("title", "excerpt")}
    return row | words
