"""What time it is, is asked in one place: a test, or a made-up year, can set the clock there."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.house.house import Module, modules

THE_PLACE = "crawlers/run.py:utc_now"
ASKS = {"now", "utcnow", "today", "time"}
CLOCKS = {"datetime", "date", "time"}
ITS_OWN = {"minutier/town/server.py"}
"""The sample town is no part of a corpus: it notes when it was asked, to show that the crawler waits."""


def questions(module: Module) -> Iterator[str]:
    """Yield the places of a module that ask what time it is, each by its function."""
    for function in ast.walk(module.tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            for node in ast.walk(function):
                if isinstance(node, ast.Attribute) and node.attr in ASKS and ast.unparse(node.value) in CLOCKS:
                    yield f"{module.name}:{function.name}"


def test_the_clock_is_asked_in_one_place() -> None:
    """Every other function is given the moment; seconds that are waited or measured are another clock's business."""
    found = {place for module in modules() if module.name not in ITS_OWN for place in questions(module)}
    assert found == {THE_PLACE}


def test_a_question_would_be_found() -> None:
    """The rule sees the ways to ask, and leaves alone what only looks like one."""
    ways = [
        "datetime.now(UTC)",
        "date.today()",
        "time.time()",
        "datetime.utcnow",
        "field(default_factory=datetime.now)",
    ]
    for way in ways:
        text = f"def f():\n    return {way}\n"
        assert list(questions(Module("x", text, ast.parse(text)))) == ["x:f"], way
    text = "def f(clock):\n    return clock.now(), time.monotonic(), datetime.fromisoformat('2026-01-01')\n"
    assert list(questions(Module("x", text, ast.parse(text)))) == []
