"""Values of `sources.yaml` one by one: durations, codes, languages, hosts, patterns, and any text at all."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from storage import sources_values as values
from storage import sources_yaml
from storage.sources import Authority, LinkRule, Paging, contact_is_placeholder
from storage.sources_errors import SourcesError
from storage.sources_patterns import has_nested_repeats
from storage.sources_values import read_duration, written_duration


def accepts(kind: object, value: str) -> bool:
    """Return whether a kind of value takes a text; what it refuses it refuses with a sentence."""
    try:
        TypeAdapter(kind).validate_python(value)
    except ValidationError as error:
        assert [problem["type"] for problem in error.errors()] == ["value_error"]  # noqa: PT017
        return False
    return True


@given(st.integers(min_value=1, max_value=3650 * 24 * 60))
def test_a_duration_is_read_as_it_is_written(minutes: int) -> None:
    """The short form of a length of time gives it back."""
    length = timedelta(minutes=minutes)
    assert read_duration(written_duration(length)) == length


@pytest.mark.parametrize("text", ["", "0d", "7", "7 d", "d", "-1d", "1w", "9999999d", "٣d", 7, None, True])
def test_other_spellings_are_no_duration(text: object) -> None:
    """A number alone, a sign, a week or a thousand years are refused."""
    with pytest.raises(ValueError, match="is not a duration"):
        read_duration(text)


LANGUAGES = (
    ["fr", "zh", "oc", "ca", "eu", "br", "gl", "la", "no"],
    ["FR", "fra", "", "und", "xx", "zh-Hant"],
)
SIRENS = (["213401722", "200053791"], ["21340172", "213 401 722", "213401720", "²13401722"])
IDS = (["a", "0-x", "a" * 64], ["", "-a", "A", "é", "a_b", "a" * 65, "a\n"])
ADDRESSES = (
    ["http://127.0.0.1:80/", "https://[::1]/x?y=1", "https://a.fr/+-x-+"],
    [
        "ftp://a.fr/",
        "https://",
        "//a.fr",
        "https://a b.fr/",
        "http://[x",
        "http://a:99999/",
        "http://a.fr/\n",
    ],
)
HOSTS = (["a.fr", "A.fr:8080", "[::1]:80"], ["https://a.fr", "a.fr/x", "me@a.fr", "", "a.fr:x"])
CONTACTS = (
    ["", "me@univ-tlse2.fr", "https://lab.fr/~me"],
    ["me", "me@lab", "me@lab.fr\nX: y", "https://é.fr"],
)


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        pytest.param(values.Language, *LANGUAGES, id="language"),
        pytest.param(values.Siren, *SIRENS, id="siren"),
        pytest.param(values.Country, ["FR", "CN"], ["fr", "FRA", ""], id="country"),
        pytest.param(values.Identifier, *IDS, id="id"),
        pytest.param(values.WebAddress, *ADDRESSES, id="address"),
        pytest.param(values.Host, *HOSTS, id="host"),
        pytest.param(values.Contact, *CONTACTS, id="contact"),
    ],
)
def test_codes_and_addresses(kind: object, good: list[str], bad: list[str]) -> None:
    """What is well formed is taken, what is not is refused in words."""
    assert [text for text in good if not accepts(kind, text)] == []
    assert [text for text in bad if accepts(kind, text)] == []


@pytest.mark.parametrize(
    ("level", "good", "bad"),
    [
        ("commune", ["01053", "2A004", "97105"], ["1053", "34", "2C004", "341722"]),
        ("departement", ["34", "2B", "971"], ["34172", "2C", "100"]),
        ("region", ["76", "01"], ["976", "R76"]),
    ],
)
def test_insee_codes_depend_on_the_level(level: str, good: list[str], bad: list[str]) -> None:
    """A commune has five characters, a région two, a département two or three."""
    for code in good:
        assert Authority(name="x", level=level, insee=code).insee == code
    for code in bad:
        with pytest.raises(ValidationError, match="the code of a"):
            Authority(name="x", level=level, insee=code)


@pytest.mark.parametrize("keys", [{}, {"css": "a", "step": 1}, {"css": "a", "last": 1}, {"css": "a", "param": "p"}])
def test_paging_counts_or_selects(keys: dict) -> None:
    """A counter may have step and last; a selector may not, and exactly one of the two is needed."""
    assert Paging(param="page", step=10, last=0).last == 0
    with pytest.raises(ValidationError, match=r"`css`|`param`"):
        Paging(**keys)


@pytest.mark.parametrize(
    ("contact", "expected"),
    [
        ("", True),
        ("corpus@example.org", True),
        ("me@lab.example.com", True),
        ("https://www.example.net/me", True),
        ("x@nowhere.invalid", True),
        ("me@univ-tlse2.fr", False),
        ("https://lab.fr/example.org", False),
        ("me@myexample.org", False),
    ],
)
def test_a_placeholder_contact_is_known_by_its_host(contact: str, expected: bool) -> None:
    """Only the host tells whether somebody can be reached."""
    assert contact_is_placeholder(contact) == expected


@pytest.mark.parametrize(
    "pattern",
    [
        r"(a+)+$", r"(?:a*)*", r"(a+){10}", r"((ab)+)+", r"(a|b+)+", r"(/.*)+", r"(?P<x>\d+)*",
        r"(\w+\s?)*", r"((?:a+)?)+",
    ],
)  # fmt: skip
def test_a_repeated_repeat_is_found(pattern: str) -> None:
    """Patterns that can take for ever are known by their shape."""
    assert has_nested_repeats(pattern)


@pytest.mark.parametrize(
    "pattern",
    [
        r"\.pdf$", r"/t\d{7,}(_\d+)?\.s?htm", r"(/[\w-]+)+$", r"(?:[\w-]+/)*x", r"[(a+)+]", r"\(a+\)+",
        r"(\d{1,2}-){3}",
        r"(a|b)*", r"(?<!x)a+", r"/[0-9a-f]{40}$",
    ],
)  # fmt: skip
def test_ordinary_patterns_are_let_through(pattern: str) -> None:
    """A repeat that a separator keeps apart from the next turn does no harm."""
    assert not has_nested_repeats(pattern)
    assert LinkRule(match=pattern).match == pattern


@pytest.mark.parametrize("pattern", ["", "x" * 501, "(" * 400, "a{99999999999}", "[[a]]"])
def test_a_pattern_that_is_none_is_refused_in_words(pattern: str) -> None:
    """Too long, too deep, too large, ambiguous: none of them is an exception of Python's."""
    with pytest.raises(ValidationError, match=r"pattern|regular expression"):
        LinkRule(match=pattern)


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="-:[]{}#&*!|>\"'%@ \n\tabc019é\\.", max_size=60))
def test_no_text_whatever_escapes_the_sentence(text: str) -> None:
    """Random signs give a list or a SourcesError on one line, never another exception."""
    path = Path("never-there.yaml")
    said = ""
    try:
        node = sources_yaml._compose(text, str(path))
        if node is not None:
            sources_yaml.Reading(file=str(path)).read(node, ())
    except SourcesError as error:
        said = str(error)
    assert "\n" not in said
