"""An import is a run of a `folder` source: known from sources.yaml or from the corpus, or made on the spot."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from crawlers.spiders.folder import Options, files
from minutier.crawling import load_sources
from storage.errors import WrongUse
from storage.sources import Source, SourcesFile


def folder_source(
    sources_path: Path, source_id: str, paths: list[Path], *, kind: str | None, languages: list[str]
) -> SourcesFile:
    """Return a list of one source that reads the paths given. Raises WrongUse for a path that is not there.

    A source of that id in `sources.yaml` lends its title, kind, voice, authority, languages and rights.
    """
    for path in paths:
        if not path.exists():
            raise WrongUse(f"There is no file or folder {path}: check the path.")
    refuse_same_names(paths)
    known = _known(sources_path, source_id)
    values: dict[str, Any] = (
        known.model_dump(exclude={"options", "start"}) if known else {"id": source_id, "title": source_id}
    )
    values |= {"spider": "folder", "start": (), "options": Options(path=tuple(str(path) for path in paths))}
    if known is None:
        values |= {"kind": "other", "voice": "researcher", "languages": ("fr",)}
    if kind:
        values["kind"] = kind
    if languages:
        values["languages"] = tuple(languages)
    source = Source.model_validate(values)
    authorities = load_sources(sources_path).authorities if known else {}
    return SourcesFile(path=sources_path, contact="", authorities=authorities, sources=(source,))


def _known(sources_path: Path, source_id: str) -> Source | None:
    if not sources_path.exists():
        return None
    return next((s for s in load_sources(sources_path).sources if s.id == source_id), None)


def refuse_same_names(paths: list[Path]) -> None:
    """Raise WrongUse where two files would get the same address: one of them would be lost."""
    seen: dict[str, Path] = {}
    for relative, file in files(tuple(str(path) for path in paths)):
        if relative in seen and seen[relative].resolve() != file.resolve():
            raise WrongUse(f"{seen[relative]} and {file} would get the same address ({relative}): import them apart.")
        seen[relative] = file
