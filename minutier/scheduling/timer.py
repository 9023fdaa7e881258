"""What a timer calls, where, and when."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from pathlib import Path

from storage.errors import WrongUse
from storage.sources import Source
from storage.sources_values import within, written_duration, written_hours

SPREAD = timedelta(minutes=10)
"""How much later than its time a timer may go off: not all at once, on all computers."""
USUAL = time(3, 30)
"""When a daily timer goes off where nobody says otherwise: sites sleep, and many a laptop: it is caught up then."""
MINUTE = 17
"""Of every hour, for an hourly timer: not the full hour, when all others ask."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timer:
    """A corpus that is kept up to date by itself."""

    program: tuple[str, ...]
    """What is called, by its absolute path, before `crawl`."""
    corpus: str
    """An absolute path, or the address of a lab's database."""
    sources: Path
    at: time | None
    """Once a day at this time of this computer; every hour where there is none."""
    today: date

    @property
    def name(self) -> str:
        """A name of its own for each corpus of a computer: eight digits of the hash of its place."""
        return f"minutier-{sha256(self.corpus.encode()).hexdigest()[:8]}"

    @property
    def shown(self) -> str:
        """What it is called in a description: an address may hold a password, and is not shown."""
        return self.name if "://" in self.corpus else self.corpus

    @property
    def folder(self) -> Path:
        """Where it is called from, and where its log is."""
        return self.sources.parent

    @property
    def log(self) -> Path:
        """What the crawls say."""
        return self.folder / f"{self.name}.log"

    @property
    def crawl(self) -> list[str]:
        """The call that runs what is due."""
        return [*self.program, "crawl", "--due", *self._place]

    @property
    def check(self) -> list[str]:
        """The call that says what needs somebody's eye, one line each, and nothing where all is well."""
        return [*self.program, "check", *self._place]

    @property
    def _place(self) -> list[str]:
        return ["--corpus", self.corpus, "--sources", str(self.sources)]


def program() -> tuple[str, ...]:
    """Return how this Minutier is called from anywhere: its own command where there is one, else its Python."""
    command = Path(sys.argv[0])
    if command.name.lower() in ("minutier", "minutier.exe") and command.is_file():
        return (str(command.absolute()),)
    return (sys.executable, "-m", "minutier")


def read_time(text: str) -> time:
    """Return a time of the day. Raises WrongUse.

    >>> read_time("03:30")
    datetime.time(3, 30)
    """
    try:
        return datetime.strptime(text, "%H:%M").time()
    except ValueError:
        raise WrongUse(f"--at {text} is no time of the day: write it such as 03:30.") from None


def choose_time(sources: Iterable[Source], wanted: time | None) -> time | None:
    """Return when a daily timer goes off: when it is wanted, or at the usual time.

    Nothing where it must be every hour: some source is due more often, or has `hours`, and a daily timer that is
    caught up when a laptop is opened may never meet them. Raises WrongUse where the time wanted does not.
    """
    alive = [source for source in sources if source.enabled and source.probed]
    if wanted is None:
        return None if any(source.hours or source.every < timedelta(days=1) for source in alive) else USUAL
    for source in alive:
        if source.hours and not met(source.hours, wanted):
            raise WrongUse(
                f"--at {wanted:%H:%M} may miss source {source.id!r}, whose `hours` are {written_hours(source.hours)} "
                "(a timer may be ten minutes late): choose a time inside, or leave --at out for a timer of every hour."
            )
    return wanted


def too_often(sources: Iterable[Source], at: time | None) -> list[str]:
    """Return a sentence for each source that is due more often than the timer goes off."""
    length, words = (timedelta(days=1), "once a day") if at else (timedelta(hours=1), "once an hour")
    return [
        f"{source.id} is due every {written_duration(source.every)} (`every`), and this timer looks {words}."
        for source in sources
        if source.enabled and source.probed and source.every < length
    ]


def met(hours: tuple[time, time], at: time) -> bool:
    """Return whether a timer of a time of the day goes off within some hours, late as it may be.

    >>> met((time(22), time(6)), time(5, 30)), met((time(22), time(6)), time(5, 55))
    (True, False)
    """
    moment = datetime.combine(date(2000, 1, 1), at)
    return within(hours, moment) and within(hours, moment + SPREAD)


def refuse_odd(words: Sequence[str], system: str, never: str = "(?!)") -> None:
    """Raise WrongUse for a path that no timer of this kind can hold: it is not printed, or has a pattern of its own."""
    for word in words:
        if any(not character.isprintable() for character in word) or re.search(never, word):
            raise WrongUse(f"{word!r} has a character that {system} cannot hold: move the corpus or the sources file.")
