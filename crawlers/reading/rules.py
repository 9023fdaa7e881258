"""Keys that the spiders of feeds, sitemaps, tables and portals have in common, and how they are written."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, PlainSerializer

from storage.sources import LinkRule, objection
from storage.sources_values import Words, read_duration, written_duration


def _by_address(rule: LinkRule) -> LinkRule:
    if rule.css is not None:
        raise objection(
            "css", "it is no web page that a selector could look into: give `match`, a pattern of addresses"
        )
    return rule


def read_since(value: object) -> date | timedelta:
    """Return a day, or a length of time before today.

    >>> read_since("2024-01-31"), read_since("365d")
    (datetime.date(2024, 1, 31), datetime.timedelta(days=365))
    """
    if isinstance(value, date | timedelta):
        return value
    try:
        return date.fromisoformat(value) if isinstance(value, str) and "-" in value else read_duration(value)
    except ValueError:
        raise ValueError(f"{value!r} is neither a day such as 2024-01-31 nor a length of time such as 365d") from None


def _written(since: date | timedelta) -> str:
    return written_duration(since) if isinstance(since, timedelta) else since.isoformat()


def since_day(since: date | timedelta | None, now: datetime) -> str:
    """Return the day that `since` means, in ISO form; nothing where it says nothing.

    >>> since_day(timedelta(days=1), datetime(2026, 3, 1)), since_day(None, datetime(2026, 3, 1))
    ('2026-02-28', '')
    """
    if since is None:
        return ""
    return ((now - since).date() if isinstance(since, timedelta) else since).isoformat()


Match = Annotated[LinkRule, AfterValidator(_by_address)]
"""Which addresses are documents, where there is no page to select from."""
Since = Annotated[date | timedelta, BeforeValidator(read_since), PlainSerializer(_written, when_used="json")]
"""What is older is left out."""
Names = Annotated[
    tuple[Words, ...], BeforeValidator(lambda names: (names,) if isinstance(names, str) else tuple(names))
]
"""One name, or several, the best first."""


class EntryOptions(BaseModel):
    """What a source whose listings are no web pages says besides the common keys."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    follow: Match | None = None
    """Which of the addresses listed are documents, by a pattern."""
    since: Since | None = None
    """Leave out what is older than that day, or than that long; what has no date is asked for."""

    @property
    def lists_all(self) -> bool:
        """Whether what it does not list is no longer published."""
        return self.since is None
