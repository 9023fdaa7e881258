"""Patience: when a host is asked again, when it is left alone, and for how long. No clock runs here."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, time
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy.exceptions import DownloadTimeoutError
from scrapy.http import Request, Response

from crawlers.patience import LONGEST, PATIENCE, TRIES, PatienceMiddleware, retry_after
from crawlers.walking import Refused
from storage.captures import POSTPONED
from storage.sources_values import within

URL = "https://town.example/a"
NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


class Clock:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        """Return the time."""
        return self.now

    async def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.slept.append(seconds)
        self.now += seconds


def patient(clock: Clock, *, delay: float = 5, hours: Any = None) -> PatienceMiddleware:
    """Return the middleware with a made-up run and crawler."""
    closed: list[str] = []

    async def close(reason: str) -> None:
        closed.append(reason)

    run: Any = SimpleNamespace(
        source=SimpleNamespace(delay=delay, hours=hours), now=lambda: NOW, finish_reason="", quiet_until={}
    )
    crawler: Any = SimpleNamespace(
        settings=SimpleNamespace(getlist=lambda name: [DownloadTimeoutError, OSError]),
        engine=SimpleNamespace(close_spider_async=close, closed=closed),
    )
    return PatienceMiddleware(run, crawler, sleep=clock.sleep, clock=clock, spread=lambda: 0.0)


def answer(status: int, after: str = "") -> Response:
    """Return an answer, with a Retry-After where one is given."""
    return Response(URL, status=status, headers={"Retry-After": after} if after else None)


def test_the_pause_a_site_asks_for_is_kept() -> None:
    """After a 429 with Retry-After the host is not asked for so long, and then the same address again."""
    clock = Clock()
    gate = patient(clock)
    again = gate.process_response(Request(URL), answer(429, "7"))
    assert isinstance(again, Request) and again.url == URL
    asyncio.run(gate.process_request(again))
    assert clock.slept == [7.0]


def test_other_hosts_do_not_wait() -> None:
    """A pause belongs to the host that asked for it."""
    clock = Clock()
    gate = patient(clock)
    gate.process_response(Request(URL), answer(503, "60"))
    asyncio.run(gate.process_request(Request("https://other.example/")))
    assert clock.slept == []


def test_pauses_grow() -> None:
    """Without a wish of the site the pauses are twice, then four times the delay; then the answer stands."""
    clock = Clock()
    gate = patient(clock)
    request = Request(URL)
    for _ in range(TRIES - 1):
        found = gate.process_response(request, answer(500))
        assert isinstance(found, Request)
        request = found
        asyncio.run(gate.process_request(request))
    assert clock.slept == [10.0, 20.0]
    assert isinstance(gate.process_response(request, answer(500)), Response)


def test_who_asks_for_a_day_is_left_alone() -> None:
    """A wish longer than a run waits is kept by the next run: the answer is marked, the host is not asked again."""
    gate = patient(Clock())
    found = gate.process_response(Request(URL), answer(429, str(int(LONGEST) + 1)))
    assert isinstance(found, Response) and found.flags == [POSTPONED]
    with pytest.raises(Refused) as refused:
        asyncio.run(gate.process_request(Request(URL)))
    assert (refused.value.reason, refused.value.state) == ("host", "pending")


def test_a_host_that_never_answers_is_left_alone() -> None:
    """After several addresses in a row that failed for good, the host is not asked any more in this run."""
    gate = patient(Clock())
    for number in range(PATIENCE):
        request = Request(f"{URL}{number}", meta={"retry_times": TRIES})
        assert gate.process_exception(request, OSError()) is None
    with pytest.raises(Refused, match="left alone"):
        asyncio.run(gate.process_request(Request(URL)))


def test_an_answer_in_between_forgives() -> None:
    """One good answer, and the counting of failures begins anew."""
    gate = patient(Clock())
    spent = {"retry_times": TRIES}
    for _ in range(PATIENCE - 1):
        gate.process_exception(Request(URL, meta=spent), OSError())
    gate.process_response(Request(URL), answer(404))
    gate.process_exception(Request(URL, meta=spent), OSError())
    asyncio.run(gate.process_request(Request(URL)))


def test_a_time_out_is_tried_once_more_only() -> None:
    """A host that lets us wait a minute may do so twice."""
    gate = patient(Clock())
    again = gate.process_exception(Request(URL), DownloadTimeoutError())
    assert isinstance(again, Request)
    assert gate.process_exception(again, DownloadTimeoutError()) is None


def test_errors_of_our_own_are_not_tried_again() -> None:
    """Only failures of the network are."""
    assert patient(Clock()).process_exception(Request(URL), ValueError()) is None


def test_outside_its_hours_nothing_is_asked() -> None:
    """Outside the hours of its source the crawl is closed once, and each request is left for later."""

    async def ask_twice() -> list[str]:
        gate = patient(Clock(), hours=(time(0, 0), time(0, 1)))
        for _ in range(2):
            with pytest.raises(Refused) as refused:
                await gate.process_request(Request(URL))
            assert refused.value.state == "pending"
        await asyncio.sleep(0)
        return gate.crawler.engine.closed

    assert asyncio.run(ask_twice()) == ["hours"]


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (b"0", 0.0), (b" 30 ", 30.0), (b"Sun, 01 Mar 2026 12:02:00 GMT", 120.0),
        (b"Sun, 01 Mar 2026 11:00:00 GMT", 0.0),
        (b"Sun, 01 Mar 2026 12:00:10", 10.0), (b"soon", None), (b"", None), (None, None), (b"-5", None),
        (b"9" * 400, 999999999.0), ("１２".encode(), None),
    ],
)  # fmt: skip
def test_retry_after_is_read(value: bytes | None, seconds: float | None) -> None:
    """Seconds and dates are read, a date in the past is no wait, nonsense says nothing."""
    assert retry_after(value, NOW) == seconds


@pytest.mark.parametrize(
    ("begin", "end", "hour", "inside"),
    [(22, 6, 23, True), (22, 6, 5, True), (22, 6, 6, False), (22, 6, 12, False), (8, 18, 8, True), (8, 18, 18, False)],
)
def test_hours_may_go_over_midnight(begin: int, end: int, hour: int, inside: bool) -> None:
    """The beginning is inside, the end is not."""
    assert within((time(begin), time(end)), datetime(2026, 3, 1, hour)) is inside
