"""The Windows task scheduler: a task of the user, started as soon as possible after a time that was missed."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from datetime import datetime, time
from xml.etree import ElementTree

from minutier.scheduling.timer import MINUTE, Timer, refuse_odd

TITLE = "a task as XML"
CATCHES_UP = True
"""`StartWhenAvailable` starts a task whose time was missed."""
NAMESPACE = "http://schemas.microsoft.com/windows/2004/02/mit/task"
SETTINGS = {
    "MultipleInstancesPolicy": "IgnoreNew",
    "DisallowStartIfOnBatteries": "false",
    "StopIfGoingOnBatteries": "false",
    "StartWhenAvailable": "true",
    "RunOnlyIfNetworkAvailable": "true",
    "ExecutionTimeLimit": "P3D",
    "Priority": "8",
}


def files(timer: Timer) -> dict[str, str]:
    """Return the task; the order of its elements is that of the published schema (MS-TSCH 2.5)."""
    # It fills in %NAME% and $(Name) in every call, and knows no way to have them left as they are.
    refuse_odd([*timer.crawl, str(timer.folder)], "the task scheduler", r"%[A-Za-z_][\w()]*%|\$\(")
    task = ElementTree.Element("Task", {"version": "1.2", "xmlns": NAMESPACE})
    within(within(task, "RegistrationInfo"), "Description", f"Minutier: what is due in {timer.shown}")
    trigger(within(within(task, "Triggers"), "CalendarTrigger"), timer)
    settings = within(task, "Settings")
    for name, value in SETTINGS.items():
        within(settings, name, value)
    actions = within(task, "Actions")
    for words in (timer.crawl, timer.check):  # one after the other, whatever the first ends with
        action(within(actions, "Exec"), words, timer)
    ElementTree.indent(task)
    # schtasks wants UTF-16: `--write` writes it so, and so it is named in the first line.
    text = ElementTree.tostring(task, encoding="unicode")
    return {f"{timer.name}.xml": f'<?xml version="1.0" encoding="UTF-16"?>\n{text}\n'}


def trigger(element: ElementTree.Element, timer: Timer) -> None:
    """Fill in when the task starts."""
    begin = datetime.combine(timer.today, timer.at or time(0, MINUTE))
    within(element, "Enabled", "true")
    within(element, "StartBoundary", begin.isoformat())
    if timer.at is None:
        repetition = within(element, "Repetition")
        within(repetition, "Interval", "PT1H")
        within(repetition, "Duration", "P1D")
    within(element, "RandomDelay", "PT10M")
    within(within(element, "ScheduleByDay"), "DaysInterval", "1")


def action(element: ElementTree.Element, words: Sequence[str], timer: Timer) -> None:
    """Fill in one call."""
    within(element, "Command", words[0])
    within(element, "Arguments", subprocess.list2cmdline(words[1:]))
    within(element, "WorkingDirectory", str(timer.folder))


def within(parent: ElementTree.Element, name: str, text: str | None = None) -> ElementTree.Element:
    """Add an element and return it."""
    element = ElementTree.SubElement(parent, name)
    element.text = text
    return element


def steps(timer: Timer) -> list[str]:
    """Return how to put it in place."""
    return [
        "Write it with `minutier schedule windows --write FOLDER` (in UTF-16), then:",
        f"  schtasks /Create /TN {timer.name} /XML FOLDER\\{timer.name}.xml",
        "What needs your eye: run `minutier check` yourself; the task scheduler shows only the exit code (1: alarms).",
        f"To undo it: schtasks /Delete /TN {timer.name}",
        "This was never run on Windows: the file is checked against the published schema only.",
    ]
