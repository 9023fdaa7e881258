"""What `export --force` may replace: an earlier export, and never anything else."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from storage.errors import WrongUse


def report_place(out: Path) -> Path:
    """Return where the report of a bundle is: inside a folder, beside a file."""
    return out / "report.json" if out.is_dir() else out.with_name(f"{out.name}.report.json")


def check_free(out: Path, endings: Sequence[str], *, force: bool) -> None:
    """Raise WrongUse where something is there already that --force does not replace, at the place or beside it."""
    from bundles.naming import beside

    ours = earlier_export(out) if force else set()
    for path in (out, *(beside(out, ending) for ending in endings)):
        if not (path.exists() or path.is_symlink()) or path in ours:
            continue
        if not force:
            raise WrongUse(f"{path} is there already: name another place, or replace an export with --force.")
        raise WrongUse(f"{path} is no earlier export, and nothing else is ever replaced: name another place.")


def earlier_export(out: Path) -> set[Path]:
    """Return what an earlier export left at a place and beside it, by its own report; an empty folder is free too."""
    if out.is_dir() and not any(out.iterdir()):
        return {out}
    try:
        said: Any = json.loads(report_place(out).read_text(encoding="utf-8"))
        return {out, *(out.with_name(name) for name in said["beside"])} if said["in_words"] else set()
    except (OSError, ValueError, KeyError, TypeError):
        return set()


@contextmanager
def put_aside(paths: Sequence[Path]) -> Iterator[None]:
    """Keep what is replaced until the new stands in its place; it comes back where that fails or is interrupted."""
    aside = {path: path.with_name(f".{path.name}.before") for path in paths if path.exists() or path.is_symlink()}
    remove(list(aside.values()))
    replaced = False
    try:
        for path, before in aside.items():
            path.rename(before)
        yield
        replaced = True
    finally:
        for path, before in aside.items():
            if replaced:
                remove([before])
            elif before.exists() or before.is_symlink():
                remove([path])
                before.rename(path)


def remove(paths: Sequence[Path]) -> None:
    """Remove files and folders, where they are there."""
    for path in paths:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
