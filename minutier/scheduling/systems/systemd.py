"""systemd, on most Linux systems: a timer of the user, which makes up for what it missed while the computer slept."""

from __future__ import annotations

from collections.abc import Sequence

from minutier.scheduling.timer import MINUTE, Timer, refuse_odd
from storage.errors import WrongUse

TITLE = "a timer and a service of the user"
CATCHES_UP = True
"""A timer with `Persistent` goes off at once when its time was missed."""

SERVICE = """\
[Unit]
Description=Minutier: what is due in {corpus} (a corpus)
Documentation=man:systemd.timer(5)

[Service]
Type=oneshot
WorkingDirectory={folder}/
# The crawl may end with failures or alarms; the check after it decides whether this unit has failed.
ExecStart=-{crawl}
ExecStart={check}
Nice=10
IOSchedulingClass=idle
NoNewPrivileges=yes
"""
TIMER = """\
[Unit]
Description=Minutier: when to look for what is due in {corpus} (a corpus)

[Timer]
OnCalendar={when}
Persistent=yes
RandomizedDelaySec=10min

[Install]
WantedBy=timers.target
"""


def files(timer: Timer) -> dict[str, str]:
    """Return the two units.

    No line ends with a path: a backslash at its end would have systemd read the next line as part of it.
    """
    refuse_odd([*timer.crawl, str(timer.folder)], "systemd")
    if "=" in timer.program[0]:
        raise WrongUse(f"{timer.program[0]} has a = in its path, and cannot be called by a unit: install it elsewhere.")
    when = f"*-*-* {timer.at:%H:%M}:00" if timer.at else f"*-*-* *:{MINUTE}:00"
    corpus = percent(timer.shown)
    service = SERVICE.format(
        corpus=corpus, folder=percent(str(timer.folder)), crawl=called(timer.crawl), check=called(timer.check)
    )
    return {f"{timer.name}.service": service, f"{timer.name}.timer": TIMER.format(corpus=corpus, when=when)}


def called(words: Sequence[str]) -> str:
    """Return a call as `ExecStart` holds it: through `env`, for systemd takes no quotes in the name of a program.

    >>> called(["/opt/a b/minutier", "--corpus", "100 % $HOME"])
    '/usr/bin/env "/opt/a b/minutier" "--corpus" "100 %% $$HOME"'
    """
    return " ".join(["/usr/bin/env", *(quoted(word.replace("$", "$$")) for word in words)])


def quoted(word: str) -> str:
    """Return a word between quotes, with what systemd would read in it guarded."""
    guarded = percent(word).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{guarded}"'


def percent(text: str) -> str:
    """Return text whose percent signs stand for themselves."""
    return text.replace("%", "%%")


def steps(timer: Timer) -> list[str]:
    """Return how to put it in place."""
    return [
        "Put the files into ~/.config/systemd/user/ (`--write` does it), then:",
        f"  systemctl --user daemon-reload && systemctl --user enable --now {timer.name}.timer",
        "  loginctl enable-linger        (so that it runs while you are not logged in)",
        f"What it says: journalctl --user -u {timer.name}",
        "With alarms the unit counts as failed: systemctl --user --failed",
        f"To undo it: systemctl --user disable --now {timer.name}.timer",
    ]
