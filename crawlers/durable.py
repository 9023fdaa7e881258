"""Waiting for the store inside the event loop: what one commit made durable wakes the loop once."""

from __future__ import annotations

import asyncio
from collections import deque
from concurrent.futures import Future
from functools import partial
from typing import Any

Answer = tuple[asyncio.Future[Any], Future[Any]]


class Durable:
    """Waits for jobs of the writer. Waking a loop costs a message to it, and a commit answers many jobs at once."""

    def __init__(self) -> None:
        self._answered: deque[Answer] = deque()
        self._called = False

    async def once(self, job: Future[Any]) -> Any:
        """Return what a job of the writer gave, once it is durable."""
        loop = asyncio.get_running_loop()
        waiter = loop.create_future()
        job.add_done_callback(partial(self._hear, loop, waiter))
        return await waiter

    def _hear(self, loop: asyncio.AbstractEventLoop, waiter: asyncio.Future[Any], job: Future[Any]) -> None:
        """Note an answer, in the thread of the writer; call the loop unless it was called already."""
        self._answered.append((waiter, job))
        if not self._called and not loop.is_closed():
            self._called = True
            loop.call_soon_threadsafe(self._wake)

    def _wake(self) -> None:
        """Pass on what was answered; what comes after this line calls again."""
        self._called = False
        while self._answered:
            waiter, job = self._answered.popleft()
            if waiter.done():  # whoever waited was stopped
                continue
            if error := job.exception():
                waiter.set_exception(error)
            else:
                waiter.set_result(job.result())
