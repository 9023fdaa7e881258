"""Terms of a vocabulary in a text, in one pass over its words."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, pairwise
from typing import Literal

from extract.model import Mention
from extract.terms import HAN, PIECE, fold, is_han
from extract.vocabulary.file import FALSE, Entry, Vocabulary

GAP = 4
"""Characters that may stand between two words of one term: a space, a hyphen, a quotation mark."""
_BEGINNING = 3
_WORD = re.compile(rf"([{HAN}]+)|(?:(?![{HAN}])[^\W\d_])+")

Kind = Literal["relation", "mention", ""]


@dataclass(frozen=True, slots=True)
class _Match:
    entry: Entry
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Lookup:
    """Where a term may begin, and the entries that begin so, the longest first."""

    entries: dict[str, tuple[Entry, ...]]
    """By the first letters of the first word."""
    han: re.Pattern[str]
    han_entries: dict[str, Entry]


def mentions(text: str, vocabulary: Vocabulary) -> tuple[Mention, ...]:
    """Each term found, in order; of two that overlap the first and longer counts, and false friends count for nothing.

    A weak term is kept only near a place. A strong term and a partner place within `near` characters of each
    other are a relation, both of them.

    >>> from extract.vocabulary.file import built_in
    >>> [(each.term, each.relation) for each in mentions("Le jumelage avec Tchengtou", built_in())]
    [('link/jumelage', True), ('place:chine/chengdu', True)]
    """
    found = [match for match in _matches(text, _lookup(vocabulary)) if match.entry.role != FALSE]
    places = _spans(found, "partner", "place")
    near = {"strong": _spans(found, "partner"), "partner": _spans(found, "strong")}
    made = []
    for match in found:
        role = match.entry.role
        if role != "weak" or _any_near(match, places, vocabulary.near):
            linked = _any_near(match, near.get(role, ()), vocabulary.near)
            made.append(Mention(term=match.entry.term, start=match.start, end=match.end, relation=linked))
    return tuple(made)


def speaks_of(found: Sequence[Mention], vocabulary: Vocabulary) -> Kind:
    """What the mentions of a document amount to: a relation, a partner place that is only mentioned, or nothing."""
    if any(each.relation for each in found):
        return "relation"
    partners = {entry.term for entry in vocabulary.entries if entry.role == "partner"}
    return "mention" if any(each.term in partners for each in found) else ""


def _spans(found: Sequence[_Match], *roles: str) -> list[tuple[int, int]]:
    return [(match.start, match.end) for match in found if match.entry.role in roles]


def _any_near(match: _Match, others: Sequence[tuple[int, int]], near: int) -> bool:
    """Whether one of the others, which are in order and do not overlap, stands within `near` characters."""
    place = bisect_left(others, (match.start, match.end))
    before = place > 0 and match.start - others[place - 1][1] <= near
    return before or (place < len(others) and others[place][0] - match.end <= near)


@lru_cache(maxsize=4)
def _lookup(vocabulary: Vocabulary) -> _Lookup:
    entries: dict[str, list[Entry]] = {}
    han: dict[str, Entry] = {}
    for entry in sorted(vocabulary.entries, key=lambda entry: -len(entry.words)):
        first = entry.words[0]
        if is_han(first[0]):
            han.setdefault(first, entry)
        else:
            for key in _keys(first.rstrip("*")):
                entries.setdefault(key, []).append(entry)
    longest = sorted(map(re.escape, han), key=lambda term: (-len(term), term))
    return _Lookup(
        entries={word: tuple(found) for word, found in entries.items()},
        han=re.compile("|".join(longest) or "(?!)"),
        han_entries=han,
    )


def _unbound(word: str) -> str:
    return word.replace("œ", "oe").replace("æ", "ae")


def _keys(word: str) -> set[str]:
    """How a word may begin in a plain text, where ligatures are still one letter."""
    return {spelling[:_BEGINNING] for spelling in (word, word.replace("oe", "œ").replace("ae", "æ"))}


def _matches(text: str, lookup: _Lookup) -> Iterator[_Match]:
    done = 0
    for word in _WORD.finditer(text.translate(_PLAIN)):
        if word[1]:
            yield from _chinese(word, lookup)
            continue
        begun = lookup.entries.get(word[0][:_BEGINNING], ())  # most words are no beginning of anything
        entries = [entry for entry in begun if _same(entry.words[0], _unbound(word[0]))]
        if entries and word.start() >= done and (found := _longest(text, word.start(), entries)):
            done = found.end
            yield found


def _chinese(run: re.Match[str], lookup: _Lookup) -> Iterator[_Match]:
    for found in lookup.han.finditer(run[1]):
        start = run.start() + found.start()
        yield _Match(lookup.han_entries[found[0]], start, start + len(found[0]))


def _longest(text: str, start: int, entries: Sequence[Entry]) -> _Match | None:
    """The longest of some terms, given in that order, that begins at a word."""
    following = PIECE.finditer(text, start)
    words: list[re.Match[str]] = []
    for entry in entries:
        words.extend(islice(following, max(0, len(entry.words) - len(words))))
        there = words[: len(entry.words)]
        if _fits(entry, there):
            return _Match(entry, start, there[-1].end())
    return None


def _fits(entry: Entry, there: Sequence[re.Match[str]]) -> bool:
    if len(there) < len(entry.words) or (entry.capitals and not there[0][0].isupper()):
        return False
    if any(after.start() - before.end() > GAP for before, after in pairwise(there)):
        return False
    return all(_same(wanted, _folded(word[0])) for wanted, word in zip(entry.words, there, strict=True))


def _same(wanted: str, word: str) -> bool:
    return word.startswith(wanted[:-1]) if wanted.endswith("*") else word == wanted


@lru_cache(maxsize=100_000)
def _folded(written: str) -> str:
    return fold(written)


def _plain_letter(character: str) -> str:
    return unicodedata.normalize("NFD", character)[0].lower()[:1]


_PLAIN = {code: _plain_letter(chr(code)) for code in (*range(0x41, 0x5B), *range(0xC0, 0x250), *range(0x1E00, 0x1F00))}
"""Letters to their plain small forms, one for one, so that offsets stay."""
