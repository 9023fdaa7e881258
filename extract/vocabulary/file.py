"""The vocabulary as a file: read strictly, with one sentence for whatever is wrong with it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from extract.terms import PIECE, fold, is_han

ROLES = ("strong", "weak", "partner", "place")
FALSE = "false_friend"
MAX_BYTES = 2**20
_KEYS = {"version", "near", "classes", "false_friends"}


class VocabularyError(ValueError):
    """The file cannot be used; the message is a sentence with the place and the choices."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One way to write a term."""

    term: str
    """Class and name, such as `place:chine/chengdu`."""
    role: str
    """strong | weak | partner | place | false_friend"""
    words: tuple[str, ...]
    """Folded words; a last sign `*` stands for any ending. One run of Chinese characters stands alone."""
    capitals: bool
    """Found in capitals only: an abbreviation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """Every entry of a file, and how near a strong term and a partner must stand."""

    version: str
    """The version the file states and the first digits of its SHA-256: what a corpus keeps with each reading."""
    near: int
    entries: tuple[Entry, ...]


@cache
def built_in() -> Vocabulary:
    """The vocabulary that comes with Minutier."""
    return read_vocabulary(built_in_text())


def built_in_text() -> str:
    """The file that comes with Minutier, to be copied and changed."""
    return files("extract.vocabulary").joinpath("vocabulary.yaml").read_text("utf-8")


def read_vocabulary(text: str) -> Vocabulary:
    """The vocabulary of a file's text. Raises VocabularyError."""
    if len(text.encode("utf-8", "replace")) > MAX_BYTES:
        raise VocabularyError(f"The vocabulary is larger than {MAX_BYTES >> 10} KiB: it is not a list of terms.")
    try:
        tree = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise VocabularyError(f"The vocabulary is no valid YAML: {' '.join(str(error).split())[:300]}") from error
    if not isinstance(tree, dict) or set(tree) - _KEYS or not isinstance(tree.get("classes"), dict):
        raise VocabularyError(f"A vocabulary is a mapping with `classes` and the keys {', '.join(sorted(_KEYS))} only.")
    near = tree.get("near", 300)
    if not isinstance(near, int) or isinstance(near, bool) or not 0 < near <= 5_000:
        raise VocabularyError(f"near: {near!r} is not a number of characters from 1 to 5000.")
    entries = (*_entries(tree["classes"]), *_false_friends(tree.get("false_friends") or []))
    digest = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:8]
    return Vocabulary(version=f"{tree.get('version', '0')}-{digest}", near=near, entries=entries)


def _entries(classes: Mapping[Any, Any]) -> Iterator[Entry]:
    for name, described in classes.items():
        if not isinstance(described, dict) or set(described) != {"role", "terms"}:
            raise VocabularyError(f"classes: {name}: a class has `role` and `terms`, nothing else.")
        if described["role"] not in ROLES:
            raise VocabularyError(f"classes: {name}: role {described['role']!r} is none of {', '.join(ROLES)}.")
        if not isinstance(described["terms"], dict):
            raise VocabularyError(f"classes: {name}: terms is a mapping from a name to the ways it is written.")
        for term, spellings in described["terms"].items():
            yield from _spelled(f"{name}/{term}", described["role"], spellings)


def _false_friends(spellings: Any) -> Iterator[Entry]:
    yield from _spelled(FALSE, FALSE, spellings)


def _spelled(term: str, role: str, spellings: Any) -> Iterator[Entry]:
    if not isinstance(spellings, list) or not all(isinstance(each, str) for each in spellings):
        raise VocabularyError(
            f'{term}: give a list of words, such as [chine, chinois*]; quote words like "no" and numbers.'
        )
    for spelling in spellings:
        words = _words(spelling)
        if not words or any(len(word) < 2 for word in words if word.endswith("*")):
            raise VocabularyError(f"{term}: {spelling!r} has no word to look for, or one that any word would fit.")
        capitals = len(words) == 1 and spelling.isupper() and spelling.isascii()
        yield Entry(term=term, role=role, words=words, capitals=capitals)


def _words(spelling: str) -> tuple[str, ...]:
    """The folded words of a spelling, each with the `*` that follows it."""
    found = []
    for piece in PIECE.finditer(spelling):
        starred = spelling[piece.end() : piece.end() + 1] == "*" and not is_han(piece[0][0])
        found.append(fold(piece[0]) + ("*" if starred else ""))
    return tuple(found)
