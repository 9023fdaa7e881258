"""Imports go down the staircase, and the program that says so would notice if one did not."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.house import ROOMS, ROOT


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run import-linter in a folder that has the five rooms and their contracts."""
    code = "from importlinter.cli import lint_imports_command as lint; lint(['--no-cache'])"
    env = os.environ | {"PYTHONPATH": str(folder)}
    return subprocess.run(
        [sys.executable, "-c", code], cwd=folder, env=env, capture_output=True, text=True, check=False
    )


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Give a copy of the house to plant things in."""
    for room in ROOMS:
        shutil.copytree(ROOT / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__", "texts"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_the_house_keeps_its_contracts() -> None:
    """Every contract of pyproject.toml is kept by the code as it stands."""
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("planted", "line", "contract"),
    [
        ("extract/planted.py", "import storage.models", "Imports go down"),
        ("storage/planted.py", "from minutier import package", "Imports go down"),
        ("bundles/planted.py", "import crawlers.run", "Imports go down"),
        ("crawlers/planted.py", "import bundles.model", "Imports go down"),
        ("minutier/planted.py", "def f():\n    from scrapy import Spider", "Only crawlers knows Scrapy"),
        ("bundles/planted.py", "import sqlalchemy", "Only storage knows SQLAlchemy"),
        ("storage/planted.py", "import requests", "Only crawlers fetches"),
        ("extract/planted.py", "import socket", "extract is pure"),
    ],
)
def test_a_planted_import_is_found(copy: Path, planted: str, line: str, contract: str) -> None:
    """One import too many, inside a function too, breaks the contract that forbids it."""
    (copy / planted).write_text(line + "\n", encoding="utf-8")
    done = lint(copy)
    assert done.returncode == 1, done.stdout + done.stderr
    assert [words for words in done.stdout.splitlines() if words.startswith(contract) and "BROKEN" in words], (
        done.stdout
    )
