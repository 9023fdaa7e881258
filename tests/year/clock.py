"""A clock that is set: `python -m tests.year.clock MOMENT COMMAND…` runs `minutier COMMAND…` at that moment.

The rooms ask for the time in one place, `crawlers.run.utc_now`; it is replaced before anything else is imported.
Seconds go on as they do, so that what is measured within a run has its length.
"""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime, timedelta


class Clock:
    """What the time is in the made-up year."""

    def __init__(self) -> None:
        self.set(datetime.now(UTC))

    def set(self, moment: datetime) -> None:
        """Set the clock; it goes on from there."""
        self.moment, self.since = moment, time.monotonic()

    def now(self) -> datetime:
        """Return the moment that it shows."""
        return self.moment + timedelta(seconds=time.monotonic() - self.since)


def install(clock: Clock) -> None:
    """Have the rooms ask this clock. Raises AssertionError where one has asked the other already."""
    import crawlers.run

    assert "minutier.crawling" not in sys.modules, "too late: the clock must be set first"
    crawlers.run.utc_now = clock.now


def main() -> None:
    """Run a command at a moment."""
    moment, *words = sys.argv[1:]
    clock = Clock()
    clock.set(datetime.fromisoformat(moment))
    install(clock)
    from minutier.main import main as command

    sys.argv = ["minutier", *words]
    command()


if __name__ == "__main__":
    main()
