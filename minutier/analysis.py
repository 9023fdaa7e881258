"""A corpus for analysts: searches, documents and passages as plain rows, or as pandas frames."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from storage.choices import DATE
from storage.errors import WrongUse

if TYPE_CHECKING:
    import pandas

    from storage.filters import Filters
    from storage.store import Store

Row = dict[str, Any]
SINGULAR = {
    "source": "sources",
    "kind": "kinds",
    "voice": "voices",
    "country": "countries",
    "authority": "authorities",
    "lang": "languages",
    "verdict": "verdicts",
    "tag": "tags",
}
"""The filters under their names on the command line, and the fields they fill."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows that are read when they are asked for, and again each time: iterate, or take them as a frame."""

    read: Callable[[], Iterator[Row]]

    def __iter__(self) -> Iterator[Row]:
        """Yield each row as a plain dictionary."""
        return self.read()

    def to_pandas(self) -> pandas.DataFrame:
        """Return the rows as a frame. Raises WrongUse where pandas is not installed."""
        try:
            import pandas
        except ImportError:
            raise WrongUse(
                "pandas is not installed: `pip install pandas` (or the extra `analysis`), or iterate over the rows."
            ) from None
        return pandas.DataFrame(list(self))


class Corpus:
    """A corpus, open for reading. Nothing that is done here changes it."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def __enter__(self) -> Corpus:
        """Return the corpus itself."""
        return self

    def __exit__(self, *error: object) -> None:
        """Close it."""
        self.close()

    def close(self) -> None:
        """Close the corpus."""
        self._store.__exit__(None, None, None)

    def search(self, question: str, *, within: Any = "passage", limit: int = 1_000, **filters: Any) -> Rows:
        """Return the hits for a question, best first, as `minutier search --json` prints them."""
        chosen = taken(filters)

        def read() -> Iterator[Row]:
            from storage.search import search

            with self._store.reading() as connection:
                yield from search(connection, question, chosen, within=within, limit=limit)["hits"]

        return Rows(read)

    def documents(self, *, freeze: str = "", **filters: Any) -> Rows:
        """Return one row for each document selected, or for each version of a freeze: metadata as shown, and text."""
        chosen = taken(filters)
        return Rows(lambda: (each.shown | {"text": each.text} for each in self._listed(chosen, freeze)))

    def passages(self, *, freeze: str = "", **filters: Any) -> Rows:
        """Return one row for each act and page of the documents selected: where it stands, and its text."""
        chosen = taken(filters)

        def read() -> Iterator[Row]:
            for each in self._listed(chosen, freeze):
                for passage in passages_of(each.facts):
                    words = each.text[passage["start"] : passage["end"]]
                    yield {"document": each.shown["id"], "version": each.shown["version"]} | passage | {"text": words}

        return Rows(read)

    def _listed(self, filters: Filters, freeze: str) -> Iterator[Any]:
        from storage import freezes, listing
        from storage.filters import Filters

        if freeze and filters != Filters():
            raise WrongUse("A freeze holds what it holds: give freeze or filters, not both.")
        with self._store.reading() as connection:
            if freeze:
                freezes.one(connection, freeze)
                yield from freezes.frozen(connection, freeze)
            else:
                yield from listing.listed(connection, listing.in_order(connection, filters))


def passages_of(facts: Row) -> Iterator[Row]:
    """Yield the acts and the pages of a document, each with its place in the text."""
    for number, act in enumerate(facts["acts"], 1):
        yield passage("act", number, act["key"], act["title"], act)
    for page in facts["pages"]:
        yield passage("page", page["number"], page["label"], "", page)


def passage(kind: str, number: int, label: str, title: str, place: Row) -> Row:
    """Return the row of a passage."""
    return {
        "kind": kind,
        "number": number,
        "label": label,
        "title": title,
        "start": place["start"],
        "end": place["end"],
    }


def taken(given: dict[str, Any]) -> Filters:
    """Return filters given by the names of the command line, one value or several. Raises WrongUse for others."""
    from storage.filters import Filters

    plain = {field.name for field in fields(Filters)} - set(SINGULAR.values())
    unknown = sorted(set(given) - plain - set(SINGULAR))
    if unknown:
        names = ", ".join(sorted([*SINGULAR, *plain]))
        raise WrongUse(f"There is no filter {unknown[0]!r}: the filters are {names}.")
    return Filters(**{SINGULAR.get(name, name): as_field(name, value) for name, value in given.items()})


def checked_date(value: Any) -> str:
    """Return a date as short as it is known. Raises WrongUse for what is none."""
    if value and not (isinstance(value, str) and DATE.fullmatch(value)):
        raise WrongUse(f"{value!r} is not a date: write a text such as '2019', '2019-03' or '2019-03-18'.")
    return value or ""


def as_field(name: str, value: Any) -> Any:
    """Return a filter's value as the field holds it: several values as a tuple, one as a tuple of one."""
    if name in ("since", "until"):
        return checked_date(value)
    if name == "all_copies":
        return value
    return (value,) if isinstance(value, str) else tuple(value)


def open_corpus(location: str | Path) -> Corpus:
    """Return a corpus that exists, open for reading. Raises WrongUse where there is none."""
    from storage.store import Store

    return Corpus(Store.open(location))
