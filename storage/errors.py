"""What can go wrong with a corpus, each with the exit code of DESIGN §5.

MinutierError ─┬─ WrongUse          2   unknown id, existing target, nothing there
               │  └─ Withdrawn      2   it was there, and was taken down
               ├─ StorageUnusable   3   full, read-only, corrupt, foreign, newer
               │  └─ Away           3   a database or an object store does not answer; it may again
               └─ Busy              6   another run holds the source
                  └─ Overtaken      6   another process has run it meanwhile
"""

from __future__ import annotations

from typing import Any


class MinutierError(Exception):
    """A sentence for the user: the thing, the place, the next step."""

    exit_code = 1


class WrongUse(MinutierError):
    """The command asks for something that is not there or not allowed."""

    exit_code = 2


class Withdrawn(WrongUse):
    """The document that is asked for was withdrawn: what is left of it is in `tombstone`."""

    def __init__(self, tombstone: dict[str, Any]) -> None:
        super().__init__(
            f"Document {tombstone['document_id']} was withdrawn on {tombstone['at'][:10]} by {tombstone['by']} "
            f"({tombstone['reason']}): nothing of it is kept."
        )
        self.tombstone = tombstone


class StorageUnusable(MinutierError):
    """The corpus cannot be read or written as it stands."""

    exit_code = 3


class Away(StorageUnusable):
    """A database or an object store does not answer; what was asked of it can be asked again later."""

    def __init__(self, place: str, words: str) -> None:
        super().__init__(place, words)
        self.short = f"{place} does not answer ({words})."

    def __str__(self) -> str:
        """Return the sentence with the next step."""
        return f"{self.short[:-1]}: check that it runs and that its address is right; the same command goes on then."


class Busy(MinutierError):
    """Another run holds the source."""

    exit_code = 6


class Overtaken(Busy):
    """Another process has run the source since it was found to be due."""


def why(error: OSError | UnicodeError) -> str:
    """Return in words why a file cannot be read, without the number and the names of Python."""
    if isinstance(error, OSError):
        return error.strerror or "there is no such place"
    return "its bytes are not UTF-8"
