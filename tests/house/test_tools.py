"""The tools that build the environment say what they cannot do."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from types import ModuleType

import pytest

from tests.house.house import ROOT


def tool(name: str) -> ModuleType:
    """Return one of the tools, imported as it would be run."""
    place = importlib.util.spec_from_file_location(name, ROOT / "tools" / f"{name}.py")
    assert place
    assert place.loader
    module = importlib.util.module_from_spec(place)
    place.loader.exec_module(module)
    return module


def test_a_missing_package_is_named_where_it_cannot_be_installed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without the right to install, the package, its reason and the command are named, and nothing is tried."""
    machine = tool("machine")
    monkeypatch.setattr(machine, "NEEDS", (machine.Need("test", "some-package", "tests read with it", lambda: True),))
    monkeypatch.setattr(machine, "rights", lambda: None)
    monkeypatch.setattr(machine.subprocess, "run", lambda *a, **k: pytest.fail("nothing may be run"))
    with pytest.raises(SystemExit, match="sudo apt install some-package"):
        machine.provide("test")
    assert "some-package is missing: tests read with it." in capsys.readouterr().err


def test_what_is_there_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that lacks nothing is left as it is."""
    machine = tool("machine")
    monkeypatch.setattr(machine, "NEEDS", (machine.Need("test", "some-package", "tests read with it", lambda: False),))
    monkeypatch.setattr(machine.subprocess, "run", lambda *a, **k: pytest.fail("nothing may be run"))
    machine.provide("test")


def test_an_older_python_is_told_so() -> None:
    """Started with an older Python, the environment is not begun, and the sentence says which Python it needs."""
    code = "import sys; sys.version_info = (3, 10, 2); sys.path.insert(0, 'tools'); import environment"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "needs Python 3.11 or newer, and this is Python 3.10" in done.stderr


@pytest.mark.parametrize("path", ["tools/environment.py", "tools/machine.py"])
def test_the_tools_can_be_read_by_an_older_python(path: str) -> None:
    """The files have no syntax that Python 3.8 could not read on its way to that sentence."""
    import ast

    ast.parse((ROOT / path).read_text(encoding="utf-8"), feature_version=(3, 8))


def test_a_lock_is_compared_by_versions_not_by_hashes() -> None:
    """One more wheel of a version does not make a lock untrue; another version or marker does."""
    sys.path.insert(0, str(ROOT / "tools"))
    try:
        lock = tool("lock")
    finally:
        sys.path.remove(str(ROOT / "tools"))
    one = "# note\nlxml==6.1 \\\n    --hash=sha256:a\nsix==1.17 ; os_name == 'nt' \\\n    --hash=sha256:b\n"
    assert lock.pins(one) == {"lxml==6.1", "six==1.17 ; os_name == 'nt'"}
    assert lock.pins(one) == lock.pins(one.replace("sha256:a", "sha256:c"))
    assert lock.pins(one) != lock.pins(one.replace("6.1", "6.2"))
