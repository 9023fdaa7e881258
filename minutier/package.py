"""What the distribution carries besides code, found in a checkout and in an installation alike."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

ROOMS = ("minutier", "crawlers", "bundles", "storage", "extract")


def registry() -> str:
    """Return the registry of sources that ships with Minutier: in a checkout it lies at the root."""
    installed = files("minutier").joinpath("sources.yaml")
    if installed.is_file():
        return installed.read_text(encoding="utf-8")
    return (Path(__file__).parent.parent / "sources.yaml").read_text(encoding="utf-8")


def room_folders() -> dict[str, Path]:
    """Return where each of the five packages was found; they must lie side by side."""
    return {name: Path(str(files(name))) for name in ROOMS}
