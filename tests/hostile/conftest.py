"""What every hostile test has: the command with less patience, and what came of it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from storage import figures
from storage.store import Store

HEAD = "version: 1\ncontact: somebody@univ-nowhere.fr\nsources:\n"


@dataclass
class Outcome:
    """How a crawl ended: exit code, runs by source, skips and failures by path, what was said, the peak of memory."""

    code: int
    runs: dict[str, dict[str, Any]]
    said: str
    skips: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def peak(self) -> int:
        """MiB."""
        return int(self.said.rstrip().rpartition("peak ")[2])

    @property
    def run(self) -> dict[str, Any]:
        """The only run."""
        return next(iter(self.runs.values()))

    def reason(self, path: str) -> str:
        """Return why an address was not kept."""
        return next((skip["reason"] for address, skip in self.skips.items() if address.endswith(path)), "")

    def reason_said(self, path: str) -> str:
        """Return the sentence that says why an address was not kept."""
        return next((skip["detail"] for address, skip in self.skips.items() if address.endswith(path)), "")

    def adds_up(self) -> bool:
        """Return whether every run's equation holds."""
        parts = ["listings", "stored", "updated", "unchanged", "related", "skipped", "pending", "failed"]
        return all(run["seen"] == sum(run[name] for name in parts) for run in self.runs.values())


def source(name: str, start: str, *more: str, spider: str = "listing", follow: str = '{css: "a.document"}') -> str:
    """Return one entry of sources.yaml; `more` are further lines."""
    lines = [
        f"  - id: {name}",
        f"    title: {name}",
        "    kind: other",
        "    voice: local_authority",
        f"    spider: {spider}",
        f'    start: ["{start}"]',
        f"    follow: {follow}",
        "    enabled: true",
        *(f"    {line}" for line in (more or ("delay: 0",))),
    ]
    return "\n".join(lines) + "\n"


@pytest.fixture
def impatient(tmp_path: Path) -> Callable[..., Outcome]:
    """Give a function that crawls some sources with shortened patience."""

    def minutier(*words: str, **wishes: Any) -> subprocess.CompletedProcess[str]:
        named = {name.replace("__", "."): value for name, value in wishes.items()}
        command = [sys.executable, "-m", "tests.hostile.impatient", json.dumps(named), *words]
        return subprocess.run(
            command, cwd=tmp_path, capture_output=True, text=True, encoding="utf-8", timeout=110, check=False
        )

    def crawl(*sources: str, **wishes: Any) -> Outcome:
        (tmp_path / "sources.yaml").write_text(HEAD + "".join(sources), encoding="utf-8")
        done = minutier("crawl", "--json", **wishes)
        runs = json.loads(done.stdout)["runs"] if done.stdout else []
        with Store.open(tmp_path / "corpus") as store, store.reading() as connection:
            skips = figures.skips(connection, source="", reason="")
        return Outcome(
            code=done.returncode,
            runs={run["source"]: run for run in runs},
            said=done.stderr,
            skips={skip["address"]: skip for skip in skips},
        )

    return crawl
