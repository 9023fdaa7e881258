"""No file of the project names the machine it was written on, or a place that only some people can reach."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.house.house import ROOT, texts

SOMEBODY = r"(?<![\w.])(?:/home/|/Users/|[A-Z]:\\Users\\)[a-z]"
REGISTRY = r"(?:--(?:extra-)?index-url|--find-links|--trusted-host|UV_INDEX|PIP_INDEX)[ =]"
SECRET = r"://[^/\s:@\"'{}]+:[^/\s:@\"'{}]+@(?!(?:[\w-]+\.)*example\.)"
HERE = "|".join(rf"(?<![\w.]){re.escape(str(place))}\b" for place in {ROOT, Path.home()} if len(place.parts) > 1)
FORBIDDEN = [re.compile(pattern) for pattern in (SOMEBODY, REGISTRY, SECRET, HERE) if pattern]
MAY_NAME_THEM = {"tests/house/test_no_private_addresses.py"}


def places(text: str) -> list[str]:
    """Return the private places that a text names."""
    return [found[0] for pattern in FORBIDDEN for found in pattern.finditer(text)]


def test_no_file_names_a_private_place() -> None:
    """No home folder, no folder of this machine, no package registry and no password stands in any file."""
    found = {name: there for name, text in texts() if name not in MAY_NAME_THEM and (there := places(text))}
    assert found == {}


def test_the_locks_name_no_address_at_all() -> None:
    """The locked lists hold names, versions, markers and hashes: where to get them is everyone's own matter."""
    locks = {path.name: path.read_text(encoding="utf-8") for path in (ROOT / "requirements").glob("*.txt")}
    assert set(locks) == {"build.txt", "run.txt", "lab.txt", "dev.txt", "apart.txt", "schemas.txt"}
    assert [name for name, text in locks.items() if "//" in text or " @ " in text or "\n-" in text] == []


@pytest.mark.parametrize(
    "text",
    [
        "see /home/anna/x",
        "C:\\Users\\anna",
        "pip install --index-url https://x",
        "https://anna:secret@x.fr",
        f"in {ROOT}/y",
    ],
)
def test_a_private_place_would_be_found(text: str) -> None:
    """Each kind of private place is recognised."""
    assert len(places(text)) == 1


def test_ordinary_words_are_left_alone() -> None:
    """Web addresses, ports and examples of paths are nobody's home."""
    assert places("https://me:secret@www.example.org https://example.org/home/page http://127.0.0.1:8000/") == []
    assert places("/path/to/python3.12 docs/home/x") == []
