"""What every test has: the command, the real documents where they are, and no network but the loopback."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
REAL = Path(os.environ.get("MINUTIER_REAL", ROOT.parent / "shared" / "real"))
NAMED = ("real documents", "platform:")
"""How the reason of a skip begins that is allowed in CI."""


def environment(extra: dict[str, str] | None = None) -> dict[str, str]:
    """Return the environment of a command: this checkout first, whatever the working folder."""
    places = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")]))
    return os.environ | {"PYTHONPATH": places, "PYTHONUTF8": "1"} | (extra or {})


@pytest.fixture
def run_minutier() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Give a function that runs `minutier` to its end and returns what it said."""

    def run(
        *words: str, cwd: Path | None = None, env: dict[str, str] | None = None, timeout: int = 110
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "minutier", *words],
            cwd=cwd,
            env=environment(env),
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=timeout,
            stdin=subprocess.DEVNULL,
        )

    return run


@pytest.fixture
def start_minutier() -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """Give a function that starts `minutier` and leaves it running; what still runs at the end is killed."""
    started: list[subprocess.Popen[bytes]] = []

    def start(*words: str, cwd: Path | None = None) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "minutier", *words]
        started.append(
            subprocess.Popen(command, cwd=cwd, env=environment(), stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        )
        return started[-1]

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
        process.wait()


@pytest.fixture(scope="session")
def real() -> Path:
    """Give the folder of real documents, or skip saying so."""
    if not (REAL / "files").is_dir():
        pytest.skip(f"real documents are not at {REAL}: set MINUTIER_REAL")
    return REAL


@pytest.fixture(autouse=True)
def loopback_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse every connection that leaves this machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        host = address[0] if isinstance(address, tuple) else "local"
        if host not in ("127.0.0.1", "::1", "localhost", "local"):
            raise AssertionError(f"a test tried to reach {host}")
        connect(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """In CI, a test that is skipped without a named reason fails."""
    outcome = yield
    report = outcome.get_result()  # type: ignore[attr-defined]
    if os.environ.get("CI") and report.skipped and isinstance(report.longrepr, tuple):
        reason = report.longrepr[2].removeprefix("Skipped: ")
        if not reason.startswith(NAMED):
            report.outcome, report.longrepr = "failed", f"skipped in CI without a named reason: {reason}"
