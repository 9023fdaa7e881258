"""Other programs: found, fed, measured and stopped."""

import os
import sys
import time
from pathlib import Path

import pytest

from extract import programs
from extract.programs import ProgramFailed, ProgramTooSlow

PYTHON = Path(sys.executable)


def python(code: str, **options: object) -> programs.Answer:
    """What a Python of its own answers to some code."""
    return programs.run(PYTHON, ["-c", code], **options)  # type: ignore[arg-type]


def test_bytes_go_in_and_come_out_unchanged() -> None:
    """No byte is decoded, cut or added on the way, NUL and line ends included."""
    body = bytes(range(256)) * 5_000
    code = "import sys; sys.stdout.buffer.write(sys.stdin.buffer.read())"
    assert python(code, stdin=body).output == body


def test_a_program_that_does_not_read_its_input_is_no_error() -> None:
    """Five megabytes that nobody reads do not block anyone."""
    assert python("print('done')", stdin=b"x" * 5_000_000).output.strip() == b"done"


def test_warnings_are_kept_apart_from_the_output() -> None:
    """What a program complains of does not get into what it answers."""
    answer = python("import sys; print('text'); print('a warning', file=sys.stderr)")
    assert answer.output.strip() == b"text" and answer.errors == "a warning"


def test_a_failure_says_which_program_and_what_it_said() -> None:
    """The message has the exit code and the last words of the program."""
    with pytest.raises(ProgramFailed, match=rf"{PYTHON.name} ended with 3: no such page"):
        python("import sys; print('no such page', file=sys.stderr); sys.exit(3)")


@pytest.mark.parametrize("program", [Path("/nowhere/tesseract"), Path(__file__).parent])
def test_what_cannot_be_started_is_a_failure(program: Path) -> None:
    """A path without a program, and a folder, are named in the error."""
    with pytest.raises(ProgramFailed, match="could not be started"):
        programs.run(program, [])


def test_an_argument_with_a_nul_is_a_failure() -> None:
    """A hostile name does not raise something that nobody expects."""
    with pytest.raises(ProgramFailed, match="could not be started"):
        programs.run(PYTHON, ["a\0b"])


def test_a_slow_program_is_stopped() -> None:
    """After the limit there is an error, soon, and it is a kind of failure."""
    then = time.monotonic()
    with pytest.raises(ProgramTooSlow, match=r"stopped after 0\.3 s"):
        python("import time; time.sleep(60)", timeout=0.3)
    assert time.monotonic() - then < 40
    assert issubclass(ProgramTooSlow, ProgramFailed)


def test_what_a_slow_program_started_is_stopped_too(tmp_path: Path) -> None:
    """An office program starts another one: it must not go on alone."""
    mark = tmp_path / "alive"
    child = f"import time\nwhile True:\n    open({str(mark)!r}, 'a').write('x'); time.sleep(0.02)"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    with pytest.raises(ProgramTooSlow):
        python(parent, timeout=2)
    assert mark.exists()
    size = mark.stat().st_size
    time.sleep(0.3)
    assert mark.stat().st_size == size


def test_a_program_that_writes_without_end_is_stopped() -> None:
    """A conversion that explodes costs no more than its limit."""
    with pytest.raises(ProgramFailed, match="wrote more than 100000 bytes"):
        python("while True: print('x' * 1000)", limit=100_000, timeout=30)


def test_few_variables_of_ours_reach_a_program(monkeypatch: pytest.MonkeyPatch) -> None:
    """What changes results is fixed, what is private stays here, and a caller may add to it."""
    monkeypatch.setenv("OMP_THREAD_LIMIT", "7")
    monkeypatch.setenv("SECRET_TOKEN", "hidden")
    code = "import os; print(os.environ.get('OMP_THREAD_LIMIT'), os.environ.get('SECRET_TOKEN'), os.environ['ADDED'])"
    assert python(code, environment={"ADDED": "yes"}).output.split() == [b"1", b"None", b"yes"]


def test_a_program_runs_in_a_folder_of_its_own_or_in_the_given_one(tmp_path: Path) -> None:
    """What it leaves behind is gone with its temporary folder; a caller that wants it gives a folder."""
    home = Path(python("import os; print(os.getcwd())").output.decode().strip())
    assert home != Path.cwd() and not home.exists()
    python("open('result.txt', 'w').write('kept')", folder=tmp_path)
    assert (tmp_path / "result.txt").read_text() == "kept"


@pytest.mark.skipif(os.name == "nt", reason="the bit that makes a file a program is one of POSIX")
def test_the_first_program_that_is_there_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Names are tried in the order given, in the folders of the PATH, and only programs count."""
    for name, mode in (("second-of-all", 0o755), ("not-a-program", 0o644)):
        (tmp_path / name).write_text("#!/bin/sh\n")
        (tmp_path / name).chmod(mode)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert programs.find("first-of-all", "not-a-program", "second-of-all") == tmp_path / "second-of-all"
    assert programs.find("first-of-all") is None


@pytest.mark.skipif(os.name == "nt", reason="the bit that makes a file a program is one of POSIX")
def test_no_program_is_taken_from_the_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder of documents may hold a file called like the program, and the PATH may say `.`."""
    (tmp_path / "made-up-reader").write_text("#!/bin/sh\n")
    (tmp_path / "made-up-reader").chmod(0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", os.pathsep.join([".", ""]))
    assert programs.find("made-up-reader") is None


@pytest.mark.skipif(os.name == "nt", reason="the bit that makes a file a program is one of POSIX")
def test_the_places_of_windows_installers_are_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The installer of tesseract for Windows does not add it to the PATH."""
    place = tmp_path / "Tesseract-OCR"
    place.mkdir()
    (place / "made-up-engine").write_text("")
    (place / "made-up-engine").chmod(0o755)
    monkeypatch.setenv("PROGRAMFILES", str(tmp_path))
    assert programs.find("made-up-engine") == place / "made-up-engine"
