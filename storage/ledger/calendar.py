"""Months as they are counted with: `2024-05`, in order, before and after one another."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime


def month_of(value: str) -> str:
    """Return the month of a date or a moment, or nothing where only the year is known.

    >>> month_of("2024-05-27T10:00:00Z"), month_of("2024-05"), month_of("2024")
    ('2024-05', '2024-05', '')
    """
    return value[:7] if len(value) >= 7 else ""


def number_of(month: str) -> int:
    """Return the months since the year 0: to count with."""
    return int(month[:4]) * 12 + int(month[5:7]) - 1


def named(number: int) -> str:
    """Return the month of a number.

    >>> named(number_of("2024-12") + 1)
    '2025-01'
    """
    return f"{number // 12:04}-{number % 12 + 1:02}"


def after(month: str, steps: int = 1) -> str:
    """Return the month so many months later."""
    return named(number_of(month) + steps)


def from_to(first: str, last: str) -> Iterator[str]:
    """Yield the months from one to another, both included."""
    for number in range(number_of(first), number_of(last) + 1):
        yield named(number)


def is_over(month: str, moment: str) -> bool:
    """Return whether a month was over at some moment, both in ISO 8601.

    >>> is_over("2024-05", "2024-06-01T00:00:00Z"), is_over("2024-05", "2024-05-31T23:00:00Z"), is_over("2024-05", "")
    (True, False, False)
    """
    return moment[:7] > month


def month_at(now: datetime) -> str:
    """Return the month of a moment."""
    return f"{now:%Y-%m}"
