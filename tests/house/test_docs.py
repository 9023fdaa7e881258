"""The documentation is complete and true where a program can tell."""

from __future__ import annotations

import doctest
import importlib
import re

import click
import pytest
from pydantic import BaseModel

from minutier.folders import modules_in, names_in
from minutier.main import cli
from storage.sources import Authority, Expect, LinkRule, Paging, Recheck, Rights, Source, SourcesFile
from tests.house.house import ROOT, modules, project_files

EVERYWHERE = {"--help", "--corpus", "--sources", "--json", "--debug"}
WITHIN = {"path", "sources", "options", "probed"}
"""Fields that no key of the file fills."""


def doc(name: str) -> str:
    """Return one page of the documentation."""
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


def commands() -> dict[str, click.Command]:
    """Return every command by its name."""
    context = click.Context(cli)
    return {name: cli.get_command(context, name) for name in cli.list_commands(context)}


@pytest.mark.parametrize("name", [name.rstrip("_") for name in names_in("minutier.commands")])
def test_every_command_is_documented(name: str) -> None:
    """docs/commands.md shows how each command is called."""
    assert re.search(rf"`minutier {name}\b", doc("commands.md")), f"docs/commands.md does not show `minutier {name}`"


def test_every_option_is_documented() -> None:
    """docs/commands.md names each option of each command."""
    page = doc("commands.md")
    options = {
        f"{name} {word}"
        for name, command in commands().items()
        for parameter in command.params
        if isinstance(parameter, click.Option) and not parameter.hidden
        for word in parameter.opts
        if word.startswith("--") and word not in EVERYWHERE
    }
    assert {each for each in options if not re.search(rf"{each.split()[1]}(?![\w-])", page)} == set()


def test_no_command_is_documented_that_is_not_there() -> None:
    """What docs/commands.md shows as a command is one."""
    shown = set(re.findall(r"`minutier ([a-z]+)\b", doc("commands.md")))
    assert shown - set(commands()) == set()


@pytest.mark.parametrize("name", names_in("bundles.formats"))
def test_every_bundle_format_is_documented(name: str) -> None:
    """docs/bundles.md has a section on each format, under the name that `minutier export` takes."""
    format_name = modules_in("bundles.formats")[name].NAME
    assert re.search(rf"^## .*`{format_name}`", doc("bundles.md"), re.MULTILINE)


def keys_of(model: type[BaseModel]) -> set[str]:
    """Return the keys that a part of sources.yaml may have."""
    return {field.alias or name for name, field in model.model_fields.items()} - WITHIN


def test_every_key_is_documented() -> None:
    """docs/sources.md explains each key of sources.yaml, the spiders' own among them."""
    parts: list[type[BaseModel]] = [SourcesFile, Source, Authority, Expect, LinkRule, Paging, Recheck, Rights]
    parts += [spider.Options for spider in modules_in("crawlers.spiders").values()]
    page = doc("sources.md")
    missing = {
        f"{part.__module__}.{part.__name__}: {key}" for part in parts for key in keys_of(part) if f"`{key}`" not in page
    }
    assert missing == set()


def test_links_lead_somewhere() -> None:
    """Each link from a page to a file of the project finds it."""
    broken = []
    for path in project_files():
        if path.suffix == ".md":
            prose = re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
            targets = re.findall(r"\]\(([^)#\s]+)", prose)
            local = [target for target in targets if "://" not in target and not target.startswith("mailto:")]
            broken += [f"{path.name}: {target}" for target in local if not (path.parent / target).exists()]
    assert broken == []


def test_pages_are_short() -> None:
    """No page of the documentation has 500 lines."""
    lines = {
        path.name: len(path.read_text(encoding="utf-8").splitlines())
        for path in project_files()
        if path.suffix == ".md"
    }
    assert {name: count for name, count in lines.items() if count >= 500} == {}


@pytest.mark.parametrize("name", sorted(module.name for module in modules() if ">>>" in module.text))
def test_examples_in_docstrings_run(name: str) -> None:
    """What a docstring shows as a session gives what it shows."""
    module = importlib.import_module(name.removesuffix(".py").removesuffix("/__init__").replace("/", "."))
    result = doctest.testmod(module)
    assert result.attempted
    assert result.failed == 0
