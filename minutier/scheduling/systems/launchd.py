"""launchd, on macOS: an agent of the user, started late when the computer slept at its time."""

from __future__ import annotations

import plistlib
import shlex
from typing import Any

from minutier.scheduling.timer import MINUTE, Timer, refuse_odd

TITLE = "an agent of the user"
CATCHES_UP = True
"""An agent whose time was missed in sleep is started at waking; not one that was missed while the Mac was off."""


def files(timer: Timer) -> dict[str, str]:
    """Return the property list."""
    refuse_odd([*timer.crawl, str(timer.folder)], "launchd")
    when = {"Hour": timer.at.hour, "Minute": timer.at.minute} if timer.at else {"Minute": MINUTE}
    agent: dict[str, Any] = {
        "Label": label(timer),
        "ProgramArguments": ["/bin/sh", "-c", f"{shlex.join(timer.crawl)}; exec {shlex.join(timer.check)}"],
        "WorkingDirectory": str(timer.folder),
        "StartCalendarInterval": when,
        "StandardOutPath": str(timer.log),
        "StandardErrorPath": str(timer.log),
        "ProcessType": "Background",
        "LowPriorityIO": True,
    }
    return {f"{label(timer)}.plist": plistlib.dumps(agent, sort_keys=False).decode()}


def label(timer: Timer) -> str:
    """Return the name by which launchd knows it."""
    return f"org.minutier.{timer.name.removeprefix('minutier-')}"


def steps(timer: Timer) -> list[str]:
    """Return how to put it in place."""
    file = f"~/Library/LaunchAgents/{label(timer)}.plist"
    return [
        f"Put the file at {file} (`--write` does it), then:",
        f"  launchctl bootstrap gui/$(id -u) {file}",
        f"What it says, alarms last, is in {timer.log}.",
        f"To undo it: launchctl bootout gui/$(id -u)/{label(timer)}",
        "This was never run on a Mac: the file is checked against launchd's documented keys only.",
    ]
