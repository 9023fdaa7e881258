"""Series: the values that are put into one field of a form, one search after the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Literal, Self

from pydantic import model_validator

from crawlers.reading.forms import Form
from storage.sources import Strict, objection
from storage.sources_values import Words

Span = Literal["day", "month", "year"]


class Series(Strict):
    """One field and its values: those given, numbers, days, or all that its list offers."""

    field: Words
    values: tuple[str, ...] | None = None
    first: int | date | None = None
    """The first number, such as a year, or the first day."""
    last: int | date | None = None
    """The last one; this year or today where it is not said."""
    span: Span = "month"
    """How far one search reaches, where `first` is a day."""
    until: Words | None = None
    """The field that takes the last day of each span."""
    format: Words = "%Y-%m-%d"
    """How a day is written."""

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if self.values is not None and self.first is not None:
            raise objection("values", "give `values` or `first`, not both")
        if self.last is not None and type(self.first) is not type(self.last):
            raise objection("last", "`first` and `last` must be two numbers or two days")
        if self.until and not isinstance(self.first, date):
            raise objection("until", "`until` takes the end of a span of days: `first` must be a day")
        return self

    @property
    def listed(self) -> str:
        """The list of the form whose every option is meant, or nothing."""
        return self.field if self.values is None and self.first is None else ""


def searches(series: Series | None, form: Form, today: date) -> Iterator[Mapping[str, str]]:
    """Yield what is set for each search; once nothing, where there is no series."""
    if series is None:
        yield {}
    elif isinstance(series.first, date):
        last = series.last if isinstance(series.last, date) else today
        for begin, end in spans(series.first, last, series.span):
            closing = {series.until: f"{end:{series.format}}"} if series.until else {}
            yield {series.field: f"{begin:{series.format}}"} | closing
    elif series.first is not None:
        last_number = series.last if isinstance(series.last, int) else today.year
        yield from ({series.field: str(number)} for number in range(series.first, last_number + 1))
    else:
        values = form.choices.get(series.field, ()) if series.values is None else series.values
        yield from ({series.field: value} for value in values)


def spans(first: date, last: date, span: Span) -> Iterator[tuple[date, date]]:
    """Yield the first and the last day of each span of the calendar, whole: so that it is the same in every run.

    >>> [f"{a}/{b}" for a, b in spans(date(2023, 12, 15), date(2024, 1, 5), "month")]
    ['2023-12-01/2023-12-31', '2024-01-01/2024-01-31']
    """
    begin = first.replace(day=1, month=1) if span == "year" else first.replace(day=1) if span == "month" else first
    while begin <= last:
        far = begin + timedelta(days={"day": 1, "month": 31, "year": 366}[span])
        after = far.replace(day=1, month=1) if span == "year" else far.replace(day=1) if span == "month" else far
        yield begin, after - timedelta(days=1)
        begin = after
