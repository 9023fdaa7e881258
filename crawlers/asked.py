"""When a request was sent, and what came of it: carried in its meta, shared by its retries and redirects."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from scrapy.http import Request

SENT = "sent"
"""The key of a request's meta under which its sendings stand."""
UNANSWERED = (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
    OSError,
)
"""What a request of our own, beside the walk, may meet in the place of an answer."""


def moment(now: datetime) -> str:
    """Return a moment to the millisecond.

    >>> moment(datetime(2026, 3, 1, 12, 0, 0, 1500, tzinfo=UTC))
    '2026-03-01T12:00:00.001Z'
    """
    return now.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def sendings(meta: dict[str, Any]) -> str:
    """Return the sendings behind an answer as its capture keeps them: `MOMENT HOST`, and what came of those before."""
    return ", ".join(meta.get(SENT, ()))


def came_of_it(request: Request, words: str) -> None:
    """Write down what came of the latest sending of a request that is sent again."""
    sent = request.meta.get(SENT)
    if sent:
        sent[-1] = f"{sent[-1]} {words}"
