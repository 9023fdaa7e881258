"""The corpus to coding tools: one file per format in `bundles/formats/`, found by walking it."""

from __future__ import annotations

import importlib
import pkgutil
from types import ModuleType

from bundles import formats


def formats_found() -> dict[str, ModuleType]:
    """Return the formats by name. Each module has NAME, TITLE, SUFFIX and `write(documents, out) -> Report`."""
    modules = [
        importlib.import_module(f"bundles.formats.{found.name}") for found in pkgutil.iter_modules(formats.__path__)
    ]
    return {module.NAME: module for module in sorted(modules, key=lambda module: str(module.NAME))}
