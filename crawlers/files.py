"""Files on this machine: walked in an order that is the same everywhere, each with why it is left aside, if it is."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

LEFT_BEHIND = frozenset({"thumbs.db", "desktop.ini", "__macosx"})  # what Windows and macOS leave in folders


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file that was met, or a folder that could not be looked into."""

    relative: str
    """Its path inside the folder given, with forward slashes."""
    path: Path
    state: str = ""
    """skipped | failed, or nothing for a file to be read."""
    reason: str = ""
    detail: str = ""


def files(paths: tuple[str, ...], glob: str = "") -> list[File]:
    """Return each file below some paths, in order.

    Links to folders are not followed: they can lead in circles.
    """
    found: list[File] = []
    for given in paths:
        root = Path(given)
        below = [File(relative=printable(root.name), path=root)] if root.is_file() else list(_below(root))
        found += sorted(below, key=lambda file: file.relative)
    return [_judged(file, glob) for file in found]


def _below(root: Path) -> Iterator[File]:
    unread: list[OSError] = []
    for folder, folders, names in os.walk(root, onerror=unread.append):
        place = Path(folder)
        for name in names:
            yield File(relative=_relative(place / name, root), path=place / name)
        for name in folders:
            if (place / name).is_symlink():
                detail = f"{name} is a link to a folder, and is not followed: import that folder itself."
                yield _aside(place / name, root, "skipped", "link", detail)
    for error in unread:
        detail = f"The folder cannot be looked into ({error.strerror})."
        yield _aside(Path(error.filename), root, "failed", "unreadable", detail)


def _aside(path: Path, root: Path, state: str, reason: str, detail: str) -> File:
    return File(relative=_relative(path, root) + "/", path=path, state=state, reason=reason, detail=detail)


def _relative(path: Path, root: Path) -> str:
    return printable(path.relative_to(root).as_posix())


def printable(name: str) -> str:
    r"""Return a name that every system can write down; bytes that are no UTF-8 as `\xe9`.

    >>> printable("proc\udce8s.pdf")
    'proc\\xe8s.pdf'
    """
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def _judged(file: File, glob: str) -> File:
    """Return a file with why it is left aside, where it is."""
    if file.state:
        return file
    parts = file.relative.split("/")
    if any(part.startswith((".", "~$")) or part.lower() in LEFT_BEHIND for part in parts):
        return _left(file, "hidden", f"{parts[-1]} is a hidden file, or in a hidden folder.")
    if glob and not pattern(glob).fullmatch(file.relative):
        return _left(file, "glob", f"Its name does not fit {glob} (glob).")
    return file


def _left(file: File, reason: str, detail: str) -> File:
    return File(relative=file.relative, path=file.path, state="skipped", reason=reason, detail=detail)


@lru_cache(maxsize=8)
def pattern(glob: str) -> re.Pattern[str]:
    """Return a glob as a pattern of relative paths. Without a slash it is about names, in any folder.

    >>> [bool(pattern("**/*.{html,csv}").fullmatch(name)) for name in ("a.html", "x/b.CSV", "c.pdf")]
    [True, True, False]
    """
    parts = re.findall(r"\*\*/|\*\*|\*|\?|\{|\}|,|[^*?{},]+", glob if "/" in glob else f"**/{glob}")
    signs = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]", "{": "(?:", "}": ")"}
    depth, written = 0, ""
    for part in parts:
        depth += {"{": 1, "}": -1}.get(part, 0)
        written += "|" if part == "," and depth else signs.get(part) or re.escape(part)
    return re.compile(written, re.IGNORECASE | re.DOTALL)


def is_ordinary(path: Path) -> bool:
    """Return whether a path is a file with bytes: reading a pipe or a device could wait for ever."""
    return stat.S_ISREG(path.stat().st_mode)
