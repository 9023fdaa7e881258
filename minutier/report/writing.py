"""Where a report may be written, and how: whole, or not at all."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from minutier.report.page import GENERATOR
from storage.errors import StorageUnusable, WrongUse

HEAD = 2_000
"""So many characters of a page hold what made it."""


def check_free(place: Path, *, force: bool) -> None:
    """Raise WrongUse where something is there already that --force does not replace."""
    if not (place.exists() or place.is_symlink()):
        return
    if not force:
        raise WrongUse(f"{place} is there already: name another file, or replace a report with --force.")
    if not is_report(place):
        raise WrongUse(f"{place} is no earlier report, and nothing else is ever replaced: name another file.")


def is_report(place: Path) -> bool:
    """Return whether a file is an earlier report, by its own head."""
    try:
        with place.open(encoding="utf-8") as page:
            return f'content="{GENERATOR} ' in page.read(HEAD)
    except (OSError, ValueError):
        return False


def write_whole(text: str, place: Path) -> None:
    """Write beside the target and put it in place at the end."""
    draft = place.with_name(f".{place.name}.part")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        draft.write_text(text, encoding="utf-8", newline="\n")
        os.replace(draft, place)
    except OSError as error:
        why = error.strerror or error
        raise StorageUnusable(
            f"{place} cannot be written ({why}), nothing was left there: name another place."
        ) from None
    finally:
        with suppress(OSError):  # where nothing can be written nothing can be removed either
            draft.unlink(missing_ok=True)
