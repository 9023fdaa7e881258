"""What CONTRIBUTING.md shows works as it stands: its examples, added to a copy of the project, pass their tests."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.house import ROOMS, ROOT

PAGE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
EXAMPLES = dict(re.findall(r"```python\n# (\S+\.py)\n(.*?)```", PAGE, re.DOTALL))
SOURCE = re.search(r"```yaml\n# sources.yaml, at its end\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a copy of the project with every example in its place."""
    folder = tmp_path_factory.mktemp("copy")
    for part in (*ROOMS, "tests"):
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    for name, text in EXAMPLES.items():
        assert not (folder / name).exists(), f"{name} is part of Minutier now: CONTRIBUTING.md needs another example"
        (folder / name).write_text(text, encoding="utf-8")
    assert SOURCE
    registry = (ROOT / "sources.yaml").read_text(encoding="utf-8")
    (folder / "sources.yaml").write_text(registry.rstrip("\n") + "\n" + SOURCE[1], encoding="utf-8")
    return folder


def run_in(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a Python module in the copy, with the copy's packages before those of the checkout."""
    places = os.pathsep.join([str(folder), str(folder / "tests" / "house" / "guard")])
    env = os.environ | {"PYTHONPATH": places, "CI": ""}
    return subprocess.run(
        [sys.executable, "-m", *words], cwd=folder, env=env, capture_output=True, text=True, check=False
    )


def test_each_kind_of_thing_has_an_example_and_its_test() -> None:
    """A spider, a format and a bundle are shown, a source too, and each has a test."""
    folders = ["crawlers/spiders/", "extract/formats/", "bundles/formats/"]
    assert [folder for folder in folders if not any(name.startswith(folder) for name in EXAMPLES)] == []
    assert len([name for name in EXAMPLES if name.startswith("tests/")]) == 4


def test_the_examples_pass_their_tests_and_keep_the_contracts(copy: Path) -> None:
    """Without a change to any other file, the examples are found, keep their contracts and pass their tests."""
    tests = [name for name in EXAMPLES if name.startswith("tests/")]
    done = run_in(copy, "pytest", "-q", "-p", "no:cacheprovider", *tests, "tests/house/test_contracts.py")
    assert done.returncode == 0, done.stdout[-3000:]
    assert re.search(r"\d+ passed", done.stdout)


def test_the_examples_are_in_the_style_of_the_house(copy: Path) -> None:
    """ruff and mypy have nothing to say about the examples."""
    code = [name for name in EXAMPLES if not name.startswith("tests/")]
    assert run_in(copy, "ruff", "check", "--no-cache", *code).stdout == "All checks passed!\n"
    assert run_in(copy, "ruff", "format", "--no-cache", "--check", *code).returncode == 0
    done = run_in(
        copy, "mypy", "--config-file", "pyproject.toml", *[word for name in code for word in ("-m", dotted(name))]
    )
    assert done.returncode == 0, done.stdout


def dotted(name: str) -> str:
    """Return a file's name as a module's."""
    return name.removesuffix(".py").replace("/", ".")
