"""What is found by walking a folder keeps the contract of that folder."""

from __future__ import annotations

import inspect
from types import ModuleType

import click
import pytest
import scrapy
from pydantic import BaseModel

from extract.model import Extraction, Hints
from minutier.folders import modules_in


def found(package: str) -> list:
    """Return the modules of a folder as cases of a test."""
    modules = modules_in(package)
    assert modules, f"nothing was found in {package}"
    return [pytest.param(module, id=name) for name, module in modules.items()]


@pytest.mark.parametrize("module", found("extract.formats"))
def test_a_format_says_its_types_and_reads(module: ModuleType) -> None:
    """A format names the media types it reads, and `read(body, hints)` gives an Extraction even of nothing."""
    assert module.MEDIA_TYPES
    assert all("/" in each for each in module.MEDIA_TYPES)
    assert list(inspect.signature(module.read).parameters) == ["body", "hints"]
    assert isinstance(module.read(b"", Hints()), Extraction)


@pytest.mark.parametrize("module", found("crawlers.spiders"))
def test_a_spider_is_named_as_its_file_and_says_its_options(module: ModuleType) -> None:
    """A spider file holds Options and one spider that bears the file's name."""
    assert issubclass(module.Options, BaseModel)
    assert module.Options.model_config.get("extra") == "forbid"
    own = [each for each in vars(module).values() if inspect.isclass(each) and each.__module__ == module.__name__]
    spiders = [each for each in own if issubclass(each, scrapy.Spider)]
    assert [spider.name for spider in spiders] == [module.__name__.rpartition(".")[2]]


@pytest.mark.parametrize("module", found("bundles.formats"))
def test_a_bundle_format_has_a_name_and_writes(module: ModuleType) -> None:
    """A bundle format has a name, a title and a suffix, and writes documents to a place."""
    assert module.NAME
    assert module.TITLE
    assert module.SUFFIX == "" or module.SUFFIX.startswith(".")
    assert list(inspect.signature(module.write).parameters) == ["documents", "out"]


@pytest.mark.parametrize("module", found("minutier.commands"))
def test_a_command_file_holds_a_command_that_explains_itself(module: ModuleType) -> None:
    """A command file holds `command`, with a help text and a help for each of its options."""
    assert isinstance(module.command, click.Command)
    assert module.command.help
    options = [each for each in module.command.params if isinstance(each, click.Option) and not each.hidden]
    assert [each.name for each in options if not each.help] == []


def test_no_two_formats_read_the_same_type() -> None:
    """Which format reads a media type is never a matter of order."""
    types = [each for module in modules_in("extract.formats").values() for each in module.MEDIA_TYPES]
    assert len(types) == len(set(types))


def test_no_two_bundle_formats_bear_the_same_name() -> None:
    """A format's name means one format."""
    names = [module.NAME for module in modules_in("bundles.formats").values()]
    assert len(names) == len(set(names))
