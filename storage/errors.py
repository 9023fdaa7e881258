"""What can go wrong with a corpus, each with the exit code of DESIGN §5.

MinutierError ─┬─ WrongUse          2   unknown id, existing target, nothing there
               ├─ StorageUnusable   3   full, read-only, corrupt, foreign, newer
               └─ Busy              6   another run holds the source
"""

from __future__ import annotations


class MinutierError(Exception):
    """A sentence for the user: the thing, the place, the next step."""

    exit_code = 1


class WrongUse(MinutierError):
    """The command asks for something that is not there or not allowed."""

    exit_code = 2


class StorageUnusable(MinutierError):
    """The corpus cannot be read or written as it stands."""

    exit_code = 3


class Busy(MinutierError):
    """Another run holds the source."""

    exit_code = 6
