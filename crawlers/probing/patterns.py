"""Patterns of addresses: from some addresses that are wanted to regular expressions that find their likes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from urllib.parse import parse_qsl, urlsplit

from crawlers.probing.words import FILE

Parts = list[str]


def patterns(urls: Sequence[str]) -> Iterator[str]:
    """Yield patterns that find all of some addresses, the plainest first.

    >>> list(patterns(["https://a.fr/d/1.html", "https://a.fr/d/23.html"]))
    ['/d/\\\\d+\\\\.html$', '/d/[^/?]+\\\\.html$', '/d/']
    >>> list(patterns(["https://a.fr/x.php?id=1", "https://a.fr/x.php?id=2"]))
    ['/x\\\\.php\\\\?id=\\\\d+']
    """
    endings = [FILE.search(url) for url in urls]
    if urls and all(endings):
        ending = _ending(sorted({found[1].lower() for found in endings if found}))
        yield ending
        yield f"(?i){ending[:-1]}($|\\?)"
    split = [urlsplit(url) for url in urls]
    paths = [parts.path.split("/")[1:] for parts in split]
    queries = [parts.query for parts in split]
    if all(queries):
        yield from _of_queries(split[0].path, queries)
    elif not any(queries) and len({len(path) for path in paths}) == 1:
        yield from dict.fromkeys((_shaped(paths, narrow=True), _shaped(paths, narrow=False)))
    start = _shared(paths)
    if start:
        yield "/" + "".join(f"{_literal(each)}/" for each in start)


def _literal(words: str) -> str:
    return re.escape(words).replace(r"\-", "-")


def _ending(names: list[str]) -> str:
    if names == ["doc", "docx"]:
        return r"\.docx?$"
    return rf"\.{names[0]}$" if len(names) == 1 else rf"\.({'|'.join(names)})$"


def _of_queries(path: str, queries: Sequence[str]) -> Iterator[str]:
    """Yield the pattern of addresses that differ by a value of their query."""
    pairs = [dict(parse_qsl(query, keep_blank_values=True)) for query in queries]
    shared = set(pairs[0]).intersection(*pairs)
    for name in sorted(shared, key=list(pairs[0]).index):
        values = {each[name] for each in pairs}
        if len(values) == len(queries):
            value = r"\d+" if all(each.isdigit() for each in values) else "[^&]+"
            first = queries[0].startswith(f"{name}=")
            last = path.rsplit("/", 1)[-1]
            yield rf"/{_literal(last)}\?{'' if first else '.*&'}{_literal(name)}={value}"


def _shaped(paths: Sequence[Parts], *, narrow: bool) -> str:
    """Return the pattern of paths of one length: what they share as it is, what differs by its kind."""
    pieces = [_piece([path[at] for path in paths], narrow) for at in range(len(paths[0]))]
    steady = next((at for at, piece in enumerate(pieces) if "[^/?]" not in piece and r"\d" not in piece), 0)
    return "/" + "/".join(pieces[min(steady, len(pieces) - 1) :]) + "$"


def _piece(values: Parts, narrow: bool) -> str:
    if len(set(values)) == 1:
        return _literal(values[0])
    end = _common_end(values)
    start = _common_start([value[: len(value) - len(end)] for value in values])
    middle = [value[len(start) : len(value) - len(end)] for value in values]
    digits = narrow and all(each.isdigit() for each in middle)
    kept = start if digits or (narrow and len(start) > 2) else ""
    return _literal(kept) + (r"\d+" if digits else "[^/?]+") + _literal(end)


def _common_end(values: Parts) -> str:
    """Return the ending that file names share: `.html`."""
    ends = {found[0] if (found := re.search(r"\.[A-Za-z]{2,5}$", value)) else "" for value in values}
    return ends.pop() if len(ends) == 1 else ""


def _common_start(values: Parts) -> str:
    """Return the beginning that words share, cut after its last sign: `seance-du-`."""
    short = min(values, key=len)
    at = next((at for at in range(len(short)) if len({value[at] for value in values}) > 1), len(short))
    return re.match(r"(?:.*[-_.])?", short[:at])[0]  # type: ignore[index]  # it matches the empty word too


def _shared(paths: Sequence[Parts]) -> Parts:
    """Return the folders that paths begin with."""
    short = min((path[:-1] for path in paths), key=len, default=[])
    at = next((at for at in range(len(short)) if len({path[at] for path in paths}) > 1), len(short))
    return short[:at]
