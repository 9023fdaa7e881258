"""What is said of the software, and of the sources that the corpus cannot know of because they never ran."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from storage.errors import MinutierError

if TYPE_CHECKING:
    from storage.sources import SourcesFile
    from storage.store import Store


def software(store: Store) -> dict[str, str]:
    """Return the versions of what made a freeze."""
    import extract
    from minutier import __version__
    from minutier.readings import readings_in

    vocabulary = readings_in(store, ocr=False).vocabulary_version
    return {"minutier": __version__, "extractor": extract.VERSION, "vocabulary": vocabulary}


@dataclass(frozen=True, slots=True, kw_only=True)
class Registry:
    """The list of sources, or why there is none."""

    sources: SourcesFile | None
    unread: str = ""


def registry_at(file: Path) -> Registry:
    """Return the list of sources at a place; of one that cannot be read, why: to be put right with `sources check`."""
    from minutier.crawling import load_sources

    try:
        return Registry(sources=load_sources(file))
    except MinutierError as error:
        return Registry(sources=None, unread=str(error))


def known_of(store: Store, file: Path) -> dict[str, Any]:
    """Return the sources of a list that are unprobed, and those that never ran; nothing without a list."""
    return not_run(store, registry_at(file)) if file.exists() else {}


def not_run(store: Store, registry: Registry) -> dict[str, Any]:
    """Return what a list of sources says of those that gave nothing yet: which are unprobed, which never ran."""
    from storage.figures import run_list

    if registry.sources is None:
        return {"unread": registry.unread}
    with store.reading() as connection:
        ran = {run["source"] for run in run_list(connection)}
    silent = [each for each in registry.sources.sources if each.id not in ran]
    return {
        "unprobed": [each.id for each in silent if not each.probed],
        "never_run": [each.id for each in silent if each.probed],
    }
