"""Changing `sources.yaml` for somebody: only the keys that are meant, everything else stays as it was written.

A new file is checked by the strict loader, together with the files it includes, before it takes the place of the old
one: on any problem nothing changes.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from storage.errors import StorageUnusable, WrongUse
from storage.sources_yaml import Reading, read_yaml

Check = Callable[[Path], object]
"""The strict loader: it raises a sentence for a list of sources that cannot be used."""
STALE = re.compile(r"^\s*# (road:|seen, not tried:)")
"""Comments of the registry that say what a source lacks."""


def block(values: Mapping[str, Any], indent: str = "  ") -> str:
    """Return a source as sources.yaml writes it.

    >>> print(block({"id": "albi", "follow": {"match": "\\\\.pdf$"}, "enabled": False}))
      - id: albi
        follow: {match: "\\\\.pdf$"}
        enabled: false
    """
    lines = [f"{key}: {written(value)}" for key, value in values.items()]
    return "\n".join([f"{indent}- {lines[0]}", *(f"{indent}  {line}" for line in lines[1:])])


def written(value: Any) -> str:
    """Return a value on one line: words that could be read as something else stand in quotes."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {written(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(json.dumps(each, ensure_ascii=False) for each in value) + "]"
    if isinstance(value, date):
        return value.isoformat()
    plain = isinstance(value, str) and re.fullmatch(r"[a-z][a-z_-]*[a-z0-9_-]{2,}", value)
    return str(value) if plain else json.dumps(value, ensure_ascii=False)


def put_source(path: Path, values: Mapping[str, Any], check: Check, *, without: Sequence[str] = ()) -> Path:
    """Write the keys of one source where it stands, or at the end of the list, and return the changed file.

    `without` are keys that it shall no longer have. Raises WrongUse, and then nothing has changed.
    """
    for file in files_of(path):
        reading = read_yaml(file)
        listed = (reading.value or {}).get("sources") or []
        for number, entry in enumerate(listed):
            if entry.get("id") == values["id"]:
                changed = Entry.of(text_of(file), reading, number).changed(values, without)
                return replaced(path, file, changed, check)
    return replaced(path, path, appended(text_of(path), read_yaml(path), values), check)


def files_of(path: Path) -> list[Path]:
    """Return a list of sources and the files that it includes."""
    pattern = (read_yaml(path).value or {}).get("include")
    found = path.parent.glob(pattern) if pattern else ()
    return [path, *sorted(each for each in found if not each.name.startswith("."))]


def text_of(file: Path) -> str:
    """Return the text of a file with its line ends as they are."""
    return file.read_bytes().decode("utf-8")


@dataclass(slots=True)
class Entry:
    """One source within the lines of its file."""

    lines: list[str]
    at: int
    """The line of its dash, counted from 0."""
    end: int
    """The line after its last one."""
    keys: dict[str, int]
    """The line of each key."""
    newline: str

    @classmethod
    def of(cls, text: str, reading: Reading, number: int) -> Entry:
        """Return the source of some number. Raises WrongUse for one that is written in braces."""
        lines = text.splitlines(keepends=True)
        places = {loc[2]: line - 1 for loc, line in reading.lines.items() if len(loc) == 3 and loc[1] == number}
        keys = {str(key): line for key, line in places.items() if reading.lines.get(("sources", number, key))}
        at = reading.lines[("sources", number)] - 1
        if not re.match(r"\s*-\s+[^{\s]", lines[at]):
            raise WrongUse(f"{reading.file}, line {at + 1}: the source is written in braces. Write it one key a line.")
        after = [line - 1 for loc, line in reading.lines.items() if line - 1 > at and _is_outside(loc, number)]
        end = min(after, default=len(lines))
        indent = min(_indent(lines[line]) for line in keys.values() if line != at) if len(keys) > 1 else 0
        while end > at + 1 and _is_apart(lines[end - 1], indent):
            end -= 1
        return cls(lines, at, end, keys, "\r\n" if "\r\n" in text else "\n")

    def changed(self, values: Mapping[str, Any], without: Sequence[str]) -> str:
        """Return the whole text with new values; from the last line upwards, so that numbers stay true."""
        inside = [line for line in self.keys.values() if line != self.at]
        column = _indent(self.lines[min(inside)]) if inside else self.lines[self.at].index("-") + 2
        new = [key for key in values if key not in self.keys]
        place = self.keys.get("enabled", self.end)
        added = [f"{' ' * column}{key}: {written(values[key])}{self.newline}" for key in new]
        if place == self.end and self.lines and not self.lines[place - 1].endswith("\n"):
            self.lines[place - 1] += self.newline
        self.lines[place:place] = added
        self.keys = {key: line + (len(added) if line >= place else 0) for key, line in self.keys.items()}
        self.keys |= {key: place + number for number, key in enumerate(new)}
        self.end += len(added)
        for key, line in sorted(self.keys.items(), key=lambda each: -each[1]):
            if key in without and key not in values and line != self.at:
                self._replace(line, [])
            elif key in values and key != "id":
                self._replace(line, [self._line(line, key, values[key])])
        if "spider" in values:
            kept = [line for line in self.lines[self.at : self.end] if not STALE.match(line)]
            self.lines[self.at : self.end] = kept
        return "".join(self.lines)

    def _replace(self, line: int, by: list[str]) -> None:
        """Put lines in the place of a key; comments below its value stay."""
        until = min([each for each in self.keys.values() if each > line] + [self.end])
        while until > line + 1 and re.match(r"\s*(#|$)", self.lines[until - 1]):
            until -= 1
        self.lines[line:until] = by
        self.end += len(by) - (until - line)

    def _line(self, line: int, key: str, value: Any) -> str:
        """Return the line of a key with another value; a comment behind it stays."""
        old = self.lines[line].rstrip("\r\n")
        head = old[: old.index(key)]
        said = re.search(r"""^(?:[^"'#]|"(?:[^"\\]|\\.)*"|'[^']*')*?(\s+#.*)$""", old)
        return f"{head}{key}: {written(value)}{said[1] if said else ''}{self.newline}"


def _is_outside(loc: Sequence[str | int], number: int) -> bool:
    """Return whether a place of a file lies after a source: the next one, or another part of the file."""
    return (len(loc) == 1) or (len(loc) == 2 and loc[0] == "sources" and loc[1] == number + 1)


def _is_apart(line: str, indent: int) -> bool:
    """Return whether a line at the end of a source does not belong to it: empty, or a comment further out."""
    return not line.strip() or (line.lstrip().startswith("#") and _indent(line) < indent)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" -"))


def appended(text: str, reading: Reading, values: Mapping[str, Any]) -> str:
    """Return a text with one more source at the end of its list."""
    newline = "\r\n" if "\r\n" in text else "\n"
    lines = text.splitlines(keepends=True)
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += newline
    listed = (reading.value or {}).get("sources")
    if listed:
        last = Entry.of(text, reading, len(listed) - 1)
        indent = " " * (lines[last.at].index("-"))
        made = newline + block(values, indent).replace("\n", newline) + newline
        lines[last.end : last.end] = [made]
        return "".join(lines)
    made = block(values).replace("\n", newline) + newline
    at = reading.lines.get(("sources",))
    if at is None:
        return "".join([*lines, f"sources:{newline}", made])
    if not re.match(r"sources:\s*(\[\s*\])?\s*(#.*)?$", lines[at - 1]):
        raise WrongUse(f"{reading.file}, line {at}: `sources` is written in brackets. Begin each source with `- id:`.")
    lines[at - 1 : at] = [f"sources:{newline}", made]
    return "".join(lines)


def replaced(path: Path, file: Path, text: str, check: Check) -> Path:
    """Put a new text in the place of a file of a list, after the loader has read the whole list with it."""
    root = path.parent.resolve()
    with tempfile.TemporaryDirectory() as folder:
        for each in files_of(path):
            copy = Path(folder) / each.resolve().relative_to(root)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(each, copy)
        (Path(folder) / file.resolve().relative_to(root)).write_bytes(text.encode("utf-8"))
        check(Path(folder) / path.name)
    draft = file.with_name(f".{file.name}.new")
    try:
        draft.write_bytes(text.encode("utf-8"))
        shutil.copymode(file, draft)
        os.replace(draft, file)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise StorageUnusable(f"{file} cannot be written ({error.strerror}): nothing was changed.") from None
    return file
