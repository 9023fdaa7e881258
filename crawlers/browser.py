"""A browser without a network: it runs the JavaScript of a page, and all that the page asks for is asked by us.

Chromium is started with every host name unknown to it. What a page asks for comes to `Fetch`, a function that asks
Scrapy's downloader: so scope, robots.txt, the guard of private addresses, the delay and the contact hold for it too.
It lives in a thread with an event loop of its own, because Twisted's on Windows cannot start programs.
"""

from __future__ import annotations

import asyncio
import importlib.util
import os
import shutil
import sys
import threading
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.async_api import Browser, Page, Request, Route

SETTING = "MINUTIER_CHROMIUM"
"""The variable that names the browser's program, where it is not found by itself."""
PROGRAMS = (
    "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge", "microsoft-edge",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
)  # fmt: skip
FLAGS = (
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
)
ASKED = frozenset({"script", "xhr", "fetch"})
"""What a page may ask for: neither pictures nor fonts, no frames and no other page."""
METHODS = frozenset({"GET", "POST"})
OURS = frozenset({"accept-encoding", "connection", "content-length", "cookie", "host", "user-agent"})
"""Headers that our downloader writes itself."""
UNSAID = frozenset({"connection", "content-encoding", "content-length", "set-cookie", "transfer-encoding"})
"""Headers that no longer hold for a body that was unpacked."""
QUIET = 0.5
"""Seconds without a question after which a page is called ready."""
LONGEST = 120.0
"""Seconds after which a page is taken as far as it has come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What a page asks for, or is given."""

    url: str
    method: str = "GET"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    kind: str = ""
    """What the page wants it for: script, xhr or fetch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """A page after its JavaScript ran."""

    html: str
    cut: bool
    """Whether it was still busy when we stopped waiting."""


Fetch = Callable[[Part], Awaitable[Part | None]]
"""Asks for a part, or returns nothing where it may not be asked for."""


class BrowserFailed(Exception):
    """The browser could not be started, or did not show a page."""


def program() -> str:
    """Return the program of a browser on this machine, or nothing."""
    named = os.environ.get(SETTING, "")
    return next((found for name in ([named] if named else PROGRAMS) if (found := shutil.which(name))), "")


def lacking() -> str:
    """Return what this machine lacks to render pages, in a sentence; nothing where it lacks nothing."""
    if importlib.util.find_spec("playwright") is None:
        return "the extra `render` is not installed: pip install 'minutier[render]'"
    if program():
        return ""
    named = os.environ.get(SETTING)
    where = f"{SETTING} names {named}, which is no program" if named else "no Chromium, Chrome or Edge was found"
    return f"{where}: install chromium (Debian: apt install chromium), or name its program in {SETTING}"


class Screen:
    """A browser that shows one page at a time."""

    def __init__(self, fetch: Fetch, *, longest: float = LONGEST) -> None:
        self.fetch = fetch
        self.longest = longest
        self.loop = _new_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, name="browser", daemon=True)
        self.thread.start()
        self.turn = asyncio.Lock()
        self.engine: Any = None
        self.browser: Browser | None = None

    async def show(self, page: Part) -> Rendered:
        """Return a page that was fetched as it looks when its JavaScript has run. Raises BrowserFailed."""
        ours = asyncio.get_running_loop()

        async def fetch(part: Part) -> Part | None:
            asked: Future[Part | None] = asyncio.run_coroutine_threadsafe(_of(self.fetch(part)), ours)
            return await asyncio.wrap_future(asked)

        async with self.turn:
            return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(self._show(page, fetch), self.loop))

    async def close(self) -> None:
        """End the browser and its thread."""
        await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(self._end(), self.loop))
        self.loop.call_soon_threadsafe(self.loop.stop)

    async def _show(self, page: Part, fetch: Fetch) -> Rendered:
        from playwright.async_api import Error

        try:
            context = await (await self._started()).new_context(service_workers="block", accept_downloads=False)
            try:
                return await Showing(page, fetch, self.longest).on(await context.new_page())
            finally:
                await context.close()
        except Error as error:
            raise BrowserFailed(error.message.splitlines()[0][:160]) from error

    async def _started(self) -> Browser:
        from playwright.async_api import async_playwright

        if self.browser is None or not self.browser.is_connected():
            self.engine = self.engine or await async_playwright().start()
            root = getattr(os, "geteuid", lambda: 1)() == 0  # its sandbox cannot be had as root
            self.browser = await self.engine.chromium.launch(
                executable_path=program(), args=list(FLAGS), chromium_sandbox=not root
            )
        return self.browser

    async def _end(self) -> None:
        if self.browser:
            await self.browser.close()
        if self.engine:
            await self.engine.stop()


def _new_loop() -> asyncio.AbstractEventLoop:
    """Return an event loop that can start programs, whatever policy Twisted has set."""
    if sys.platform == "win32":
        return asyncio.ProactorEventLoop()
    return asyncio.new_event_loop()


async def _of(awaitable: Awaitable[Part | None]) -> Part | None:
    return await awaitable


class Showing:
    """One page on the screen, and what it is still waiting for."""

    def __init__(self, page: Part, fetch: Fetch, longest: float) -> None:
        self.page = page
        self.fetch = fetch
        self.longest = longest
        self.given = False
        self.waiting = 0
        self.questions = 0
        self.had: dict[str, asyncio.Task[Part | None]] = {}
        """What the page asked for by GET: it is given the same when it asks again."""

    async def on(self, screen: Page) -> Rendered:
        """Return the page as it is when it has asked for nothing for a while, or when time is up."""
        await screen.route("**/*", self.answer)
        cut = False
        try:
            async with asyncio.timeout(self.longest):
                await screen.goto(self.page.url, wait_until="load", timeout=self.longest * 1000)
                await self.quiet()
        except TimeoutError:
            cut = True
        return Rendered(html=await screen.content(), cut=cut)

    async def quiet(self) -> None:
        """Wait until nothing is under way and nothing new was asked for."""
        before = -1
        while self.waiting or before != self.questions:
            before = self.questions
            await asyncio.sleep(QUIET)

    async def answer(self, route: Route) -> None:
        """Give the page itself, and of what it asks for what may be had."""
        asked = route.request
        if not self.given and asked.is_navigation_request():
            self.given = True
            await self.give(route, self.page)
            return
        if asked.is_navigation_request():  # "no content" leaves the page standing; a refusal would put an error there
            await route.fulfill(status=204)
            return
        part = None
        if asked.resource_type in ASKED and asked.method in METHODS:
            self.waiting += 1
            try:
                part = await self.ask(asked)
            finally:
                self.waiting -= 1
        await (self.give(route, part) if part else route.abort())

    async def ask(self, asked: Request) -> Part | None:
        """Return what a page asks for, or nothing where it may not be had."""
        if asked.method == "GET" and asked.url in self.had:
            return await self.had[asked.url]
        self.questions += 1
        headers = {name: value for name, value in asked.headers.items() if name not in OURS}
        sent = asked.post_data_buffer or b""
        part = Part(url=asked.url, method=asked.method, headers=headers, body=sent, kind=asked.resource_type)
        task = asyncio.ensure_future(_of(self.fetch(part)))
        if asked.method == "GET":
            self.had[asked.url] = task
        return await task

    async def give(self, route: Route, part: Part) -> None:
        """Answer a question of the page."""
        headers = {name: value for name, value in part.headers.items() if name not in UNSAID}
        await route.fulfill(status=part.status, headers=headers, body=part.body)
