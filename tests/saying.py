"""Running `minutier` inside the test's own process, where no child is wanted: the same border, the same exit codes."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from minutier.main import run


class Said(NamedTuple):
    """What a command said."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What it printed, as JSON."""
        return json.loads(self.out)


Say = Callable[..., Said]


@pytest.fixture
def say(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Say:
    """Give a function that runs a command on the corpus of the test's folder, which is the current one."""
    monkeypatch.chdir(tmp_path)

    def said(*words: str) -> Said:
        monkeypatch.setattr(sys, "argv", ["minutier", *words])
        capsys.readouterr()
        code = run()
        out, err = capsys.readouterr()
        return Said(code, out, err)

    return said
