"""The browser: what a page may ask for, what it is given, and what it is when there is none."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from crawlers import browser
from crawlers.browser import Part, Rendered, Screen
from tests.loopback import Answer, serving

URL = "http://town.example/list"
HTML = {"content-type": "text/html; charset=utf-8"}


def shown(html: str, parts: dict[str, str], *, longest: float = 60) -> tuple[Rendered, list[str]]:
    """Return a page as the browser shows it, and what it asked for."""
    asked: list[str] = []

    async def fetch(part: Part) -> Part | None:
        asked.append(f"{part.method} {part.url} {part.body.decode()}".strip())
        body = parts.get(part.url.removeprefix("http://town.example"))
        return None if body is None else Part(url=part.url, headers={"content-type": "text/plain"}, body=body.encode())

    async def show() -> Rendered:
        screen = Screen(fetch, longest=longest)
        try:
            return await screen.show(Part(url=URL, headers=HTML, body=html.encode()))
        finally:
            await screen.close()

    return asyncio.run(show()), asked


def test_a_list_made_by_a_script_is_on_the_page() -> None:
    """Scripts and what they fetch are asked for, each once; pictures, frames and styles are not."""
    script = """
    const add = text => document.body.insertAdjacentHTML('beforeend', `<a href="/d/1">${text}</a>`);
    fetch('/api', {method: 'POST', body: 'q=1'}).then(r => r.text()).then(add);
    fetch('/more').then(r => r.text()).then(add); fetch('/more');
    """
    html = (
        '<img src="/x.png"><iframe src="/f"></iframe><link rel="stylesheet" href="/s.css"><script src="/a.js"></script>'
    )
    page, asked = shown(html, {"/a.js": script, "/api": "délibération", "/more": "suite"})
    assert sorted(asked) == [
        "GET http://town.example/a.js",
        "GET http://town.example/more",
        "POST http://town.example/api q=1",
    ]
    assert ">délibération</a>" in page.html and ">suite</a>" in page.html and not page.cut


def test_a_page_reaches_nothing_by_itself() -> None:
    """Pictures, sockets, beacons, frames, redirects by script: none reaches a server on this machine."""
    with serving({}, lambda path: Answer(b"reached")) as server:
        host = server.root.removeprefix("http://")
        html = f"""<p id="p">here</p><img src="{server.root}/1"><iframe src="{server.root}/2"></iframe><script>
        new Image().src = '{server.root}/3'; navigator.sendBeacon('{server.root}/4', 'x');
        try {{ new WebSocket('ws://{host}/5') }} catch (e) {{}}
        try {{ new EventSource('{server.root}/6') }} catch (e) {{}}
        fetch('{server.root}/7').catch(e => e); new Worker('{server.root}/8');
        </script><script>window.open('{server.root}/9'); location = '{server.root}/10'</script>"""
        page, asked = shown(html, {})
        assert server.asked == []
    assert 'id="p"' in page.html
    assert set(asked) <= {f"GET {server.root}/{n}" for n in (6, 7, 8)}, "only what Minutier decides about"


def test_a_page_that_is_never_ready_is_taken_as_it_is() -> None:
    """When time is up, what there is is kept, and said to be cut."""
    html = "<p>avant</p><script>let n = 0; setInterval(() => fetch(`/n${n++}`), 50)</script>"
    page, _ = shown(html, {}, longest=3)
    assert page.cut and "avant" in page.html


def test_what_is_lacking_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without the library, without a browser, and with a variable that names none: what to install."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(browser, "PROGRAMS", ("chromium",))
    monkeypatch.delenv(browser.SETTING, raising=False)
    assert "apt install chromium" in browser.lacking()
    monkeypatch.setenv(browser.SETTING, "/nowhere/chrome")
    assert "/nowhere/chrome" in browser.lacking()
    monkeypatch.setattr(browser.importlib.util, "find_spec", lambda name: None)
    assert "minutier[render]" in browser.lacking()
