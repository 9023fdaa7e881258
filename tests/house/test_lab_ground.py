"""What a lab installs by hand is as docs/lab.md says: image and units, neither started here, both read by a checker."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.house import ROOT

UNIT = ROOT / "docs" / "lab" / "minutier-worker@.service"
RENDER = ROOT / "docs" / "lab" / "render.conf"


def instructions(text: str) -> list[tuple[str, str]]:
    """Return the instructions of a Dockerfile in order, each with what follows it in one line."""
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    whole = re.sub(r"\\\n\s*", " ", "\n".join(lines))
    return [(name.upper(), rest) for name, _, rest in (line.partition(" ") for line in whole.splitlines())]


def faults(text: str) -> list[str]:
    """Return what is wrong with a Dockerfile by the rules of the house."""
    said = instructions(text)
    stages = [index for index, (name, _) in enumerate(said) if name == "FROM"]
    bases = [rest.split()[0] for name, rest in said if name == "FROM"]
    last = said[stages[-1] :]
    users = [rest for name, rest in last if name == "USER"]
    commands = [rest for name, rest in said if name == "RUN"]
    wrong = {
        "a base without a version": any(":" not in base or base.endswith(":latest") for base in bases),
        "it runs as root": not users or users[-1].split(":")[0] in ("root", "0"),
        "ADD": any(name == "ADD" for name, _ in said),
        "an address": any("://" in rest for _, rest in said),
        "lists of packages are left": any(
            "apt-get update" in c and "rm -rf /var/lib/apt/lists/*" not in c for c in commands
        ),
        "packages nobody asked for": any(
            "apt-get install" in c and "--no-install-recommends" not in c for c in commands
        ),
        "libraries without a hash": any("-r requirements" in c and "--require-hashes" not in c for c in commands),
        "a secret": any(
            re.search(r"(?i)secret|password|AWS_\w*KEY", rest) for name, rest in said if name in ("ENV", "ARG")
        ),
        "no health": not any(name == "HEALTHCHECK" for name, _ in last),
        "everything is copied": any(name == "COPY" and rest.split()[0] == "." for name, rest in said),
    }
    return [words for words, found in wrong.items() if found]


def test_the_image_follows_the_rules() -> None:
    """A pinned base, a user of its own, hashed libraries, nothing fetched by address, nothing left over."""
    assert faults((ROOT / "Dockerfile").read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("python:3.11-slim-bookworm", "python:latest", "a base without a version"),
        ("USER 10001:10001", "USER root", "it runs as root"),
        ("COPY README", "ADD README", ""),
        ("COPY pyproject.toml README.md LICENSE sources.yaml ./", "ADD https://example.org/x ./", "ADD"),
        (" && rm -rf /var/lib/apt/lists/* \\\n", "", "lists of packages are left"),
        (" --require-hashes", "", "libraries without a hash"),
        ("HEALTHCHECK", "LABEL x=", "no health"),
        ("COPY minutier minutier", "COPY . .", "everything is copied"),
        ("PYTHONUNBUFFERED=1", "AWS_SECRET_ACCESS_KEY=1", "a secret"),
    ],
)
def test_each_rule_of_the_image_can_fail(old: str, new: str, fault: str) -> None:
    """A Dockerfile that breaks a rule is found out."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert (fault in faults(text.replace(old, new))) == bool(fault)


def test_what_the_image_copies_goes_along() -> None:
    """`.dockerignore` lets through what the Dockerfile copies, and nothing that is not there."""
    through = {line[1:] for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines() if line.startswith("!")}
    said = instructions((ROOT / "Dockerfile").read_text(encoding="utf-8"))
    copied = {word for name, rest in said if name == "COPY" and "--from" not in rest for word in rest.split()[:-1]}
    assert copied == through
    assert [name for name in through if not (ROOT / name).exists()] == []


def analyzed(*words: str) -> subprocess.CompletedProcess[str]:
    """Ask systemd's checker."""
    if not shutil.which("systemd-analyze"):
        pytest.skip("platform: no systemd here")
    return subprocess.run(["systemd-analyze", *words], capture_output=True, text=True, check=False)


@pytest.fixture
def unit(tmp_path: Path) -> Path:
    """The worker's unit with a program and a user that are here, beside its other half for browsers."""
    text = UNIT.read_text(encoding="utf-8").replace("/opt/minutier/bin/minutier", sys.executable)
    file = tmp_path / UNIT.name
    file.write_text(re.sub(r"(?m)^(User|Group)=minutier$", r"\1=root", text), encoding="utf-8")
    return file


@pytest.mark.parametrize("queue", ["crawl", "extract", "ocr"])
@pytest.mark.parametrize("render", [False, True])
def test_systemd_understands_the_units(unit: Path, queue: str, render: bool) -> None:
    """`systemd-analyze verify` has nothing to say about a worker of any queue, with and without a browser."""
    if render:
        beside = unit.with_name(f"{unit.name}.d")
        beside.mkdir()
        shutil.copy(RENDER, beside / RENDER.name)
    said = analyzed("verify", str(unit.with_name(f"minutier-worker@{queue}.service")))
    assert (said.returncode, said.stderr) == (0, "")


def test_the_units_are_as_hard_as_the_page_says() -> None:
    """The exposure that `systemd-analyze security` finds is the one in docs/lab.md, and below 2 of 10."""
    said = analyzed("security", "--offline=yes", str(UNIT)).stdout
    found = re.search(r"Overall exposure level for .*: ([\d.]+)", said)
    assert found and float(found[1]) < 2
    assert f"exposure of {found[1]} " in (ROOT / "docs" / "lab.md").read_text(encoding="utf-8")
