"""The report as a browser shows it: nothing is asked, nothing is complained about, a phone is wide enough."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from crawlers.browser import program
from minutier.report.gathering import gathered
from minutier.report.page import page
from tests.making import Scene, a_source
from tests.minutier.test_report import HOSTILE, LATER, UNREAD, a_date


@pytest.fixture
def file(tmp_path: Path) -> str:
    """Give the address of a report with titles that attack."""
    scene = Scene(tmp_path / "corpus")
    scene.open_run(a_source(title=HOSTILE))
    scene.give("d/1", "Le conseil approuve. " * 20, dates=(a_date("2024-05-27"),))
    scene.close_run()
    place = tmp_path / "report.html"
    place.write_text(page(gathered(scene.store, UNREAD, LATER), "fr"), encoding="utf-8")
    return place.as_uri()


@pytest.mark.timeout(400)
def test_a_browser_asks_nothing_and_complains_of_nothing(file: str) -> None:
    """One request (the page), no message on the console, no wider than a phone, and the style is let through."""
    asked: list[str] = []
    said: list[str] = []
    with sync_playwright() as tool:
        browser = tool.chromium.launch(executable_path=program(), args=["--no-sandbox"])
        shown = browser.new_page(viewport={"width": 360, "height": 800})
        shown.on("request", lambda request: asked.append(request.url))
        shown.on("console", lambda message: said.append(message.text))
        shown.on("pageerror", lambda error: said.append(str(error)))
        shown.goto(file)
        wide = shown.evaluate("document.documentElement.scrollWidth")
        style = shown.evaluate("getComputedStyle(document.querySelector('table')).borderCollapse")
        browser.close()
    assert (asked, said, wide, style) == ([file], [], 360, "collapse")
