"""Timers: what is printed is what each system reads, whatever the paths, and what makes no sense is refused."""

from __future__ import annotations

import json
import plistlib
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import date, time, timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest

from minutier.folders import modules_in
from minutier.scheduling.systems import cron, launchd, systemd, windows
from minutier.scheduling.timer import Timer, choose_time, read_time, too_often
from storage.errors import WrongUse
from tests.loopback import sources_file
from tests.making import a_source

Run = Callable[..., subprocess.CompletedProcess[str]]
ODD = '/srv/élodie d\'Oc/100 % "sûr" $HOME\\x'
WINDOWS = {"t": windows.NAMESPACE}


def a_timer(folder: str = "/srv/these", at: time | None = time(3, 30), corpus: str = "") -> Timer:
    """Return a timer of a corpus in a folder."""
    return Timer(
        program=(f"{folder}/bin/minutier",),
        corpus=corpus or f"{folder}/corpus",
        sources=Path(f"{folder}/sources.yaml"),
        at=at,
        today=date(2026, 3, 2),
    )


def only(files: dict[str, str], suffix: str) -> str:
    """Return the one file of a kind."""
    [text] = [text for name, text in files.items() if name.endswith(suffix)]
    return text


@pytest.mark.parametrize("at", [time(3, 30), None])
@pytest.mark.parametrize("folder", ["/srv/these", ODD])
def test_systemd_reads_its_units(tmp_path: Path, folder: str, at: time | None) -> None:
    """systemd's own checker finds no fault in the service and the timer, and the next time is one of the day."""
    checker = shutil.which("systemd-analyze")
    if checker is None:
        pytest.skip("platform: there is no systemd-analyze here")
    program = tmp_path / ODD.replace("/", "_") / "minutier"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\n", encoding="utf-8")
    program.chmod(0o755)
    timer = Timer(
        program=(str(program),), corpus=f"{folder}/c", sources=tmp_path / "s.yaml", at=at, today=date(2026, 3, 2)
    )
    units = systemd.files(timer)
    for name, text in units.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    command = [checker, "verify", "--man=no", "--recursive-errors=no", *(str(tmp_path / name) for name in units)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    ours = [line for line in done.stderr.splitlines() if timer.name in line or str(tmp_path) in line]
    assert (done.returncode, ours) == (0, []), done.stderr
    when = next(line for line in units[f"{timer.name}.timer"].splitlines() if line.startswith("OnCalendar="))
    asked = [checker, "calendar", when.removeprefix("OnCalendar=")]
    said = subprocess.run(asked, capture_output=True, text=True, check=True)
    assert ("03:30:00" if at else ":17:00") in said.stdout


def test_systemd_would_be_heard(tmp_path: Path) -> None:
    """The checker does find faults: a key that is not there."""
    checker = shutil.which("systemd-analyze")
    if checker is None:
        pytest.skip("platform: there is no systemd-analyze here")
    (tmp_path / "odd.service").write_text("[Service]\nExecStart=/bin/true\nExecStrat=/bin/true\n", encoding="utf-8")
    done = subprocess.run(
        [checker, "verify", "--man=no", str(tmp_path / "odd.service")], capture_output=True, check=False
    )
    assert b"ExecStrat" in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="platform: there is no sh on Windows")
@pytest.mark.parametrize("folder", ["corpora", "élodie d'Oc 100 % $HOME"])
def test_a_line_of_cron_calls_what_is_meant(tmp_path: Path, folder: str) -> None:
    """What cron gives to sh calls the program with the words that were meant, whatever the path."""
    home = tmp_path / folder
    home.mkdir()
    said = home / "said.txt"
    program = home / "minutier"
    program.write_text(f"#!/bin/sh\nprintf '%s\\n' \"$@\" >> {shlex.quote(str(said))}\n", encoding="utf-8")
    program.chmod(0o755)
    timer = Timer(program=(str(program),), corpus=f"{home}/c", sources=home / "s.yaml", at=None, today=date(2026, 3, 2))
    _, *lines = only(cron.files(timer), ".cron").splitlines()
    for line, fields in zip(lines, (["17", "*", "*", "*", "*"], ["17", "7", "*", "*", "*"]), strict=True):
        *when, command = line.split(" ", 5)
        assert when == fields
        assert "%" not in command.replace("\\%", ""), "cron takes it for the end of the line"
        subprocess.run(["/bin/sh", "-c", command.replace("\\%", "%")], check=True)
    place = ["--corpus", f"{home}/c", "--sources", f"{home}/s.yaml"]
    assert said.read_text(encoding="utf-8").splitlines() == ["crawl", "--due", *place, "check", *place]
    assert timer.log.exists()


@pytest.mark.parametrize("folder", ["/srv/these", ODD])
def test_launchd_gets_a_property_list_with_its_own_keys(folder: str) -> None:
    """The list can be read, every key is one of launchd's, and the shell is given the words that were meant."""
    timer = a_timer(folder, at=None)
    agent = plistlib.loads(only(launchd.files(timer), ".plist").encode())
    known = {"Label", "ProgramArguments", "WorkingDirectory", "StartCalendarInterval", "StandardOutPath"}
    assert agent.keys() <= known | {"StandardErrorPath", "ProcessType", "LowPriorityIO"}
    assert agent["StartCalendarInterval"] == {"Minute": 17}
    shell, option, line = agent["ProgramArguments"]
    assert (shell, option) == ("/bin/sh", "-c")
    crawl, check = line.split("; exec ")
    assert (shlex.split(crawl), shlex.split(check)) == (timer.crawl, timer.check)


@pytest.mark.parametrize("at", [time(3, 30), None])
def test_the_windows_task_has_the_order_of_the_schema(at: time | None) -> None:
    """Every sequence of the published schema (MS-TSCH 2.5) is kept, and what is called stands apart from its words."""
    task = ElementTree.fromstring(only(windows.files(a_timer(at=at)), ".xml").encode("utf-16"))

    def children(path: str) -> list[str]:
        return [each.tag.rpartition("}")[2] for each in task.find(path, WINDOWS) or ()]

    assert [each.tag.rpartition("}")[2] for each in task] == ["RegistrationInfo", "Triggers", "Settings", "Actions"]
    repeated = ["Repetition"] if at is None else []
    trigger = ["Enabled", "StartBoundary", *repeated, "RandomDelay", "ScheduleByDay"]
    assert children("t:Triggers/t:CalendarTrigger") == trigger
    begin = task.findtext("t:Triggers/t:CalendarTrigger/t:StartBoundary", namespaces=WINDOWS)
    assert begin == ("2026-03-02T03:30:00" if at else "2026-03-02T00:17:00")
    assert children("t:Actions/t:Exec") == ["Command", "Arguments", "WorkingDirectory"]
    assert task.findtext("t:Settings/t:StartWhenAvailable", namespaces=WINDOWS) == "true"
    calls = task.findall("t:Actions/t:Exec/t:Arguments", WINDOWS)
    assert [str(each.text).split()[0] for each in calls] == ["crawl", "check"]


def test_a_windows_path_is_quoted_as_windows_reads_it() -> None:
    """Spaces, quotes and backslashes at the end of a word arrive."""
    timer = a_timer('C:/Users/Élodie d\'Oc/100 % "sûr" & co\\')
    task = ElementTree.fromstring(only(windows.files(timer), ".xml").encode("utf-16"))
    assert task.findtext("t:Actions/t:Exec/t:Arguments", namespaces=WINDOWS) == subprocess.list2cmdline(timer.crawl[1:])


@pytest.mark.parametrize("system", list(modules_in("minutier.scheduling.systems")))
def test_no_system_shows_a_password_or_takes_a_line_end(system: str) -> None:
    """The description of a lab's corpus holds no address; a path with a line end is refused in one sentence."""
    kind = modules_in("minutier.scheduling.systems")[system]
    timer = a_timer(corpus="postgresql://me:" + "secret@host/corpus?blobs=s3://b")
    shown = [line for text in kind.files(timer).values() for line in text.splitlines() if "what is due in" in line]
    assert not any("secret" in line for line in shown)
    with pytest.raises(WrongUse, match=r"has a character that .* cannot hold: move the corpus"):
        kind.files(a_timer("/srv/two\nlines"))


def test_the_time_suits_every_source() -> None:
    """Once a night; every hour where a source is due more often than daily, or may be asked at some hours only.

    A daily timer that is caught up at nine, when the laptop is opened, would never meet the hours of the night.
    """
    weekly, often = a_source(), a_source(id="often", every=timedelta(hours=6))
    evening = a_source(id="evening", hours=(time(19), time(23)))
    asleep = a_source(id="asleep", hours=(time(19), time(23)), enabled=False)
    assert choose_time([weekly], None) == time(3, 30)
    assert choose_time([weekly, asleep], None) == time(3, 30)
    assert choose_time([weekly, often], None) is None
    assert choose_time([weekly, evening], None) is None
    assert choose_time([weekly, a_source(id="night", hours=(time(22), time(6)))], None) is None
    assert choose_time([weekly, evening], time(20, 15)) == time(20, 15)


def test_what_is_due_more_often_than_the_timer_looks_is_named() -> None:
    """Every six hours is too often for a timer of every day, every five minutes for one of every hour."""
    weekly, often = a_source(), a_source(id="often", every=timedelta(hours=6))
    hasty = a_source(id="hasty", every=timedelta(minutes=5))
    once_a_day = [each.split()[0] for each in too_often([weekly, often, hasty], time(3, 30))]
    assert once_a_day == ["often", "hasty"]
    said = ["hasty is due every 5m (`every`), and this timer looks once an hour."]
    assert too_often([weekly, often, hasty], None) == said


def test_no_line_of_a_unit_goes_on_in_the_next() -> None:
    """systemd reads a backslash at the end of a line as "goes on": after a folder it would swallow the call."""
    for text in systemd.files(a_timer("/srv/me/odd\\")).values():
        assert not [line for line in text.splitlines() if line.endswith("\\")]


def test_cron_refuses_what_crons_read_differently() -> None:
    """Backslashes, which some crons halve, and lines longer than the old ones take."""
    with pytest.raises(WrongUse, match="has a character that cron cannot hold"):
        cron.files(a_timer("/srv/me/odd\\%"))
    with pytest.raises(WrongUse, match=r"has \d+ characters, and cron takes 998: use shorter paths"):
        cron.files(a_timer("/srv/" + "long/" * 60))


@pytest.mark.parametrize("folder", ["C:/of %USERNAME%", "C:/$(Arg0)"])
def test_windows_refuses_what_its_scheduler_would_fill_in(folder: str) -> None:
    """The name of a variable in a path cannot be guarded; a lone percent sign, or one of a coded address, stays."""
    with pytest.raises(WrongUse, match="has a character that the task scheduler cannot hold"):
        windows.files(a_timer(folder))
    assert windows.files(a_timer("C:/100 %", corpus="postgresql://me:p%40ss%21@lab.example.org/corpus?blobs=b"))


def test_a_time_that_makes_no_sense_is_refused() -> None:
    """25:00 is no time; two in the afternoon misses a source of the evening, and so may what is ten minutes late."""
    with pytest.raises(WrongUse, match=r"--at 25:00 is no time of the day: write it such as 03:30\."):
        read_time("25:00")
    evening = a_source(id="evening", hours=(time(19), time(23)))
    for at in (time(14), time(22, 55)):
        with pytest.raises(
            WrongUse, match=rf"--at {at:%H:%M} may miss source 'evening', whose `hours` are 19:00-23:00"
        ):
            choose_time([evening], at)


def test_the_command_prints_and_writes_and_replaces_nothing(run_minutier: Run, tmp_path: Path) -> None:
    """Files to standard output or into a folder, steps to standard error; a file that is there stays."""
    (tmp_path / "sources.yaml").write_text(sources_file("http://127.0.0.1:9"), encoding="utf-8")
    told = json.loads(run_minutier("schedule", "systemd", "--json", cwd=tmp_path).stdout)
    assert sorted(told["files"]) == [f"{told['name']}.service", f"{told['name']}.timer"]
    assert str(tmp_path / "corpus") in told["files"][f"{told['name']}.service"]
    done = run_minutier("schedule", "windows", "--write", "units", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "") and "schtasks /Create" in done.stderr
    [file] = (tmp_path / "units").iterdir()
    assert ElementTree.fromstring(file.read_bytes()).tag == f"{{{windows.NAMESPACE}}}Task"
    again = run_minutier("schedule", "windows", "--write", "units", cwd=tmp_path)
    assert (again.returncode, "is there already" in again.stderr) == (2, True)
    wrong = (tmp_path / "sources.yaml").read_text(encoding="utf-8").replace("delay: 0", "delay: 0\n    every: 0d")
    (tmp_path / "sources.yaml").write_text(wrong, encoding="utf-8")
    refused = run_minutier("schedule", "cron", cwd=tmp_path)
    assert refused.returncode == 2 and "line 13" in refused.stderr and "'0d' is not a duration" in refused.stderr
