"""The five packages are one distribution, and lie in one place; the wheel carries what is not code."""

from __future__ import annotations

import importlib.metadata
import os
import subprocess
import sys
import zipfile
from importlib.resources import files
from pathlib import Path

import pytest
import yaml

import minutier
from tests.house.house import ROOMS, ROOT


def test_the_rooms_lie_side_by_side() -> None:
    """What Python imports under the five names comes from one folder."""
    assert {Path(str(files(room))).parent for room in ROOMS} == {ROOT}


def test_no_other_distribution_has_a_room_of_that_name() -> None:
    """The names are short: nothing else that is installed here brings a package of one of them."""
    owners = importlib.metadata.packages_distributions()
    assert {room: owners[room] for room in ROOMS if set(owners.get(room, [])) - {"minutier"}} == {}


def test_the_version_is_one() -> None:
    """The package, the installed distribution, the citation and the changelog name the same version."""
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert importlib.metadata.version("minutier") == minutier.__version__
    assert str(citation["version"]) == minutier.__version__
    assert f"## {minutier.__version__}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """Give the wheel as the build backend makes it."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return zipfile.ZipFile(next(folder.glob("*.whl")))


def test_the_wheel_carries_every_file_of_the_rooms(wheel: zipfile.ZipFile) -> None:
    """Code, migrations, the template and the town's texts are in the wheel, and nothing from beside the rooms."""
    ignored = {"__pycache__"}
    there = {
        path.relative_to(ROOT).as_posix()
        for room in ROOMS
        for path in (ROOT / room).rglob("*")
        if path.is_file() and not ignored & set(path.parts)
    }
    carried = {name for name in wheel.namelist() if ".dist-info/" not in name}
    assert carried - there == {"minutier/sources.yaml"}
    assert there - carried == set()


def test_what_was_installed_from_the_wheel_finds_its_registry(wheel: zipfile.ZipFile, tmp_path: Path) -> None:
    """Away from the checkout, the registry of sources is found as package data, and is the one at the root."""
    wheel.extractall(tmp_path / "site")
    code = "import minutier.package as p, sys; sys.stdout.buffer.write(p.registry().encode()); sys.exit(p.__file__)"
    env = os.environ | {"PYTHONPATH": str(tmp_path / "site")}
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=env, capture_output=True, check=False)
    assert Path(done.stderr.decode().strip()).is_relative_to(tmp_path)
    assert done.stdout.decode() == (ROOT / "sources.yaml").read_text(encoding="utf-8")
