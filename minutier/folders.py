"""Places where people add things are found by walking a folder, never listed by hand."""

from __future__ import annotations

import importlib
import pkgutil
from types import ModuleType


def names_in(package: str) -> list[str]:
    """Return the names of a package's modules, sorted; nothing is imported but the package."""
    folder = importlib.import_module(package)
    return sorted(found.name for found in pkgutil.iter_modules(folder.__path__) if not found.name.startswith("_"))


def modules_in(package: str) -> dict[str, ModuleType]:
    """Return a package's modules by name, imported."""
    return {name: importlib.import_module(f"{package}.{name}") for name in names_in(package)}
