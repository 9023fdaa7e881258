"""cron, on Linux and other Unix systems: a crawl every hour, and a mail with what needs somebody's eye each morning."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from minutier.scheduling.timer import MINUTE, Timer, refuse_odd
from storage.errors import WrongUse

TITLE = "lines of a crontab"
CATCHES_UP = False
"""cron makes up for nothing that it missed while the computer slept: every hour, then; a look costs a second."""
MAIL_AT = "7"
"""The hour at which `check` runs: cron mails what it says, and it says nothing where all is well."""


LONGEST = 998
"""Characters of a line: the oldest crons that are still about take no more."""


def files(timer: Timer) -> dict[str, str]:
    """Return the lines, as one file."""
    # A backslash before a percent sign is cron's own; what two of them mean differs between crons.
    refuse_odd([*timer.crawl, str(timer.folder)], "cron", r"\\")
    when = f"{timer.at.minute} {timer.at.hour} * * *" if timer.at else f"{MINUTE} * * * *"
    lines = [
        f"# Minutier: what is due in {timer.shown}",
        f"{when} {called(timer.crawl, timer)} >> {escaped(shlex.quote(str(timer.log)))} 2>&1",
        f"{MINUTE} {MAIL_AT} * * * {called(timer.check, timer)}",
    ]
    if longest := max((line for line in lines if len(line) > LONGEST), key=len, default=""):
        raise WrongUse(f"The line for cron has {len(longest)} characters, and cron takes {LONGEST}: use shorter paths.")
    return {f"{timer.name}.cron": "\n".join(lines) + "\n"}


def called(words: Sequence[str], timer: Timer) -> str:
    """Return a call as a crontab holds it."""
    return escaped(f"cd {shlex.quote(str(timer.folder))} && {shlex.join(words)}")


def escaped(text: str) -> str:
    """Return text with the character that cron takes for a line end guarded."""
    return text.replace("%", "\\%")


def steps(timer: Timer) -> list[str]:
    """Return how to put it in place."""
    return [
        "Add these lines with `crontab -e`; write MAILTO=you@example.org above them to have the alarms mailed.",
        f"What the crawls say is in {timer.log}.",
        "To undo it, delete the lines.",
    ]
