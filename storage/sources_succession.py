"""Sources that end and others that go on in their place: whether each chain leads to one that exists."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from storage.sources import Source
from storage.sources_errors import unknown_name


def broken_successions(sources: Sequence[Source], known: Collection[str]) -> Iterator[tuple[str, str]]:
    """Yield each source whose `succeeded_by` leads nowhere or back, with the sentence that says so."""
    after = {source.id: source.succeeded_by for source in sources if source.succeeded_by}
    for key, successor in after.items():
        circle = chain(key, after)
        if successor not in known:
            yield key, unknown_name("source", successor, known)
        elif circle[-1] == key:
            yield key, f"the sources that succeed it lead back to it: {' → '.join(circle)}"


def unknown_denominators(sources: Sequence[Source], known: Collection[str]) -> Iterator[tuple[str, str]]:
    """Yield each source whose `denominator` is no other source, with the sentence that says so."""
    for source in sources:
        if source.denominator == source.id:
            yield source.id, "it is its own `denominator`: name the source that reads the official table"
        elif source.denominator is not None and source.denominator not in known:
            yield source.id, unknown_name("source", source.denominator, known)


def chain(key: str, after: Mapping[str, str | None]) -> list[str]:
    """Return a source and those that succeed it, up to the last one or to the first that stood there before.

    >>> chain("old", {"old": "merged", "merged": "new"})
    ['old', 'merged', 'new']
    >>> chain("a", {"a": "b", "b": "a"})
    ['a', 'b', 'a']
    """
    found = [key]
    while (step := after.get(found[-1])) is not None:
        found.append(step)
        if step in found[:-1]:
            break
    return found
