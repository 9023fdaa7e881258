"""The tests stay on this machine, and in CI none is skipped in silence."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.guard.loopback_only import LeftTheLoopback
from tests.house.house import ROOT

ELSEWHERE = "192.0.2.1"  # reserved for documentation: there is nobody there


def test_no_connection_leaves_the_loopback() -> None:
    """Connecting to another machine is refused, both ways there are."""
    with socket.socket() as one, pytest.raises(LeftTheLoopback, match=ELSEWHERE):
        one.connect((ELSEWHERE, 80))
    with socket.socket() as one, pytest.raises(LeftTheLoopback):
        one.connect_ex((ELSEWHERE, 80))


def test_no_name_is_looked_up() -> None:
    """Names of other machines are not known; that of this one is."""
    with pytest.raises(socket.gaierror, match=r"example\.org"):
        socket.getaddrinfo("example.org", 80)
    assert socket.getaddrinfo("localhost", 80)


def test_the_loopback_can_be_reached() -> None:
    """A server on the loopback answers as ever."""
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as client:
        assert client.getpeername() == server.getsockname()


def test_children_stay_at_home_too() -> None:
    """A Python that a test starts has the same guard."""
    code = f"import socket; socket.socket().connect(('{ELSEWHERE}', 80))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "LeftTheLoopback" in done.stderr


@pytest.mark.parametrize(
    ("ci", "mark", "ends"),
    [
        ("true", "pytest.skip('no time today')", 1),
        ("", "pytest.skip('no time today')", 0),
        ("true", "pytest.skip('real documents are not here')", 0),
        ("true", "pytest.skip('platform: Windows has no such signal')", 0),
        ("true", "pytest.xfail('known')", 0),
    ],
)
def test_ci_allows_only_skips_with_a_named_reason(tmp_path: Path, ci: str, mark: str, ends: int) -> None:
    """In CI a skip fails unless real documents or the platform are its reason; elsewhere it is only shown."""
    (tmp_path / "test_one.py").write_text(f"import pytest\n\ndef test_one():\n    {mark}\n", encoding="utf-8")
    assert run_pytest(tmp_path, ci) == ends


def test_ci_allows_no_module_to_step_aside(tmp_path: Path) -> None:
    """A module that skips itself as a whole without a named reason fails in CI."""
    text = "import pytest\n\npytest.importorskip('no_such_library')\n\ndef test_one():\n    pass\n"
    (tmp_path / "test_one.py").write_text(text, encoding="utf-8")
    assert run_pytest(tmp_path, "true") not in (0, 5)


def run_pytest(folder: Path, ci: str) -> int:
    """Run pytest with our conftest in a folder and return how it ended."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.conftest", "-p", "no:cacheprovider", "-c", os.devnull]
    env = os.environ | {"CI": ci, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [*command, "--rootdir", str(folder), str(folder)], cwd=folder, env=env, capture_output=True, check=False
    )
    return done.returncode
