"""The locked lists hold what pyproject.toml asks for, at its floors or above, and agree with each other."""

from __future__ import annotations

import re
import tomllib

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.house.house import ROOT, modules

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
THROUGH = {"botocore": "s3fs", "twisted": "scrapy", "zope": "scrapy", "pydantic_core": "pydantic"}
"""Imported by us, and brought by a library that cannot do without exactly that version."""


def lock(name: str) -> list[tuple[Requirement, list[str]]]:
    """Return a lock's requirements, each with its hashes."""
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line.split("--hash=") for line in text.splitlines() if line and not line.startswith("#")]
    return [(Requirement(first.strip()), [each.strip() for each in hashes]) for first, *hashes in lines]


def versions(name: str) -> dict[str, set[Version]]:
    """Return the versions that a lock holds of each library."""
    found: dict[str, set[Version]] = {}
    for requirement, _ in lock(name):
        pin = str(requirement.specifier).removeprefix("==")
        found.setdefault(canonicalize_name(requirement.name), set()).add(Version(pin))
    return found


def asked(name: str) -> list[Requirement]:
    """Return what pyproject.toml asks for in one lock."""
    groups = PROJECT["dependency-groups"]
    words = {
        "build": groups["build"] + PROJECT["build-system"]["requires"],
        "run": PROJECT["project"]["dependencies"],
        "lab": PROJECT["project"]["dependencies"] + PROJECT["project"]["optional-dependencies"]["lab"],
        "dev": PROJECT["project"]["dependencies"] + extras() + groups["dev"],
        "apart": groups["apart"],
        "schemas": groups["schemas"],
    }
    return [Requirement(each) for each in words[name]]


def extras() -> list[str]:
    """Return what the extras ask for; `all` names the others."""
    return [
        each
        for asks in PROJECT["project"]["optional-dependencies"].values()
        for each in asks
        if not each.startswith("minutier[")
    ]


def test_every_dependency_is_locked_at_its_floor_or_above() -> None:
    """What pyproject.toml asks for is in the lock, in a version that its own bound admits."""
    for name in ("build", "run", "lab", "dev", "apart", "schemas"):
        there = versions(name)
        for requirement in asked(name):
            found = there.get(canonicalize_name(requirement.name), set())
            assert found, f"requirements/{name}.txt lacks {requirement.name}: run `make lock`"
            assert all(requirement.specifier.contains(version) for version in found), (
                f"{name}: {requirement} but {found}"
            )


def test_every_dependency_has_a_floor_and_no_needless_ceiling() -> None:
    """A dependency names the oldest version it works with; a ceiling would need a known break."""
    for requirement in [*asked("dev"), *asked("build"), *asked("apart"), *asked("schemas")]:
        assert [bound.operator for bound in requirement.specifier] == [">="], requirement


def test_everything_is_pinned_and_hashed() -> None:
    """Each line of a lock is one version with at least one SHA-256."""
    for name in ("build", "run", "lab", "dev", "apart", "schemas"):
        for requirement, hashes in lock(name):
            assert str(requirement.specifier).startswith("=="), requirement
            assert hashes, requirement
            assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", each) for each in hashes), requirement


def test_the_locks_agree() -> None:
    """A library has the same version wherever it is locked, so that one environment grows out of the other."""
    build, dev = versions("build"), versions("dev")
    for used in (versions("run"), versions("lab")):
        assert {name: (pins, dev.get(name)) for name, pins in used.items() if dev.get(name) != pins} == {}
    assert {name for name in build.keys() & dev.keys() if build[name] != dev[name]} == set()


def test_what_the_rooms_import_is_asked_for() -> None:
    """Every library that the five packages import is named in pyproject.toml, and does not come by chance."""
    import ast
    import importlib.metadata
    import sys

    owners = importlib.metadata.packages_distributions()
    named = {canonicalize_name(Requirement(each).name) for each in PROJECT["project"]["dependencies"] + extras()}
    missing = {}
    for module in modules():
        for node in ast.walk(module.tree):
            heads = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            heads += [node.module or ""] if isinstance(node, ast.ImportFrom) and not node.level else []
            for top in {head.partition(".")[0] for head in heads} - sys.stdlib_module_names - set(THROUGH):
                if not {canonicalize_name(owner) for owner in owners.get(top, [])} & (named | {"minutier"}):
                    missing[top] = module.name
    ours = {"minutier", "crawlers", "bundles", "storage", "extract"}
    assert {top: name for top, name in missing.items() if top not in ours} == {}
