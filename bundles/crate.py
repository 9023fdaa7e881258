"""A research object (RO-Crate 1.1): one JSON-LD file that says what each file of a folder is and where it came from."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

NAME = "ro-crate-metadata.json"
CONTEXT = "https://w3id.org/ro/crate/1.1/context"
Json = dict[str, Any]


class Crate:
    """The description of a folder, written entity by entity, each of them once. Use it as a context manager."""

    def __init__(self, folder: Path) -> None:
        self._files: dict[str, None] = {}
        self._others: dict[str, None] = {}
        self._file = (folder / NAME).open("w", encoding="utf-8", newline="\n")
        self._file.write(f'{{"@context": {json.dumps(CONTEXT)}, "@graph": [\n')
        about = {"conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"}, "about": {"@id": "./"}}
        self._file.write(json.dumps({"@id": NAME, "@type": "CreativeWork", **about}))

    def __enter__(self) -> Self:
        """Return the crate itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the file."""
        self._file.close()

    def _write(self, entity: Mapping[str, Any]) -> None:
        said = {name: value for name, value in entity.items() if value}
        self._file.write(",\n" + json.dumps(said, ensure_ascii=False))

    def file(self, path: str, entity: Mapping[str, Any]) -> None:
        """Describe a file of the folder."""
        if path not in self._files:
            self._files[path] = None
            self._write({"@id": path, "@type": "File", **entity})

    def other(self, name: str, entity: Mapping[str, Any]) -> Json:
        """Describe something that is no file of the folder; return the reference to it."""
        identity = f"#{name}"
        if identity not in self._others:
            self._others[identity] = None
            self._write({"@id": identity, **entity})
        return {"@id": identity}

    def finish(self, entity: Mapping[str, Any]) -> None:
        """Describe the folder as a whole, and end the file."""
        parts, mentions = ([{"@id": each} for each in ids] for ids in (self._files, self._others))
        self._write({"@id": "./", "@type": "Dataset", **entity, "hasPart": parts, "mentions": mentions})
        self._file.write("\n]}\n")
