"""Numbers of acts: one spelling, unique keys, and an order."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.minutes.numbers import key_of, keys, rank, roman

PRINTED = st.text(alphabet="0123456789ABCIVX /._-–—‐", max_size=12)


@pytest.mark.parametrize(
    ("printed", "key"),
    [
        ("2022-045", "2022-045"),
        ("2022/045", "2022-045"),
        ("2014.01.27 - 1", "2014-01-27-1"),
        ("cp_18_169", "CP-18-169"),
        ("23‐02 / 001", "23-02-001"),
        ("2019 – 7", "2019-7"),
        ("IV", "IV"),
        ("D06", "D06"),
        (" - ", ""),
        ("", ""),
    ],
)
def test_a_number_has_one_spelling(printed: str, key: str) -> None:
    """Every dash, stroke, point and space becomes one hyphen, and leading zeros stay."""
    assert key_of(printed) == key


def test_repeated_and_missing_numbers_are_told_apart() -> None:
    """The second of a number gets ~2 however it is spelled, and an act without one its ordinal."""
    assert list(keys(["12", "", "2020/7", "2020-7", "12", "", "12"])) == [
        "12", "#2", "2020-7", "2020-7~2", "12~2", "#6", "12~3",
    ]  # fmt: skip


@given(st.lists(PRINTED, max_size=30))
def test_keys_are_unique_and_one_for_each(numbers: list[str]) -> None:
    """Whatever numbers are printed, no two acts share a key and none is without."""
    made = list(keys(numbers))
    assert len(made) == len(set(made)) == len(numbers)
    assert all(made)


@given(PRINTED)
def test_a_key_is_its_own_key(printed: str) -> None:
    """Normalising twice changes nothing."""
    assert key_of(key_of(printed)) == key_of(printed)


@pytest.mark.parametrize(
    ("letters", "value"),
    [("I", 1), ("IV", 4), ("VIII", 8), ("IX", 9), ("XIV", 14), ("XXIX", 29), ("XL", 40), ("XCIX", 99), ("xi", 11)],
)
def test_roman_numbers_count(letters: str, value: int) -> None:
    """A letter before a greater one is taken off, in either case."""
    assert roman(letters) == value
    assert rank(letters) == (value,)


def test_numbers_are_ordered_as_counted_not_as_spelled() -> None:
    """Nine comes before ten, and IX before X."""
    assert rank("2014.01.27 - 9") < rank("2014.01.27 - 10")
    assert rank("2008/9") < rank("2008/77")
    assert rank("IX") < rank("X")


def test_what_counts_nothing_has_no_rank() -> None:
    """Letters that are no Roman number, and nothing at all."""
    assert rank("ABD") == rank("") == ()


def test_the_rank_of_an_endless_number_is_short() -> None:
    """Only the first parts of a hostile number are read."""
    assert len(rank("1-" * 10_000)) <= 6
