"""Other programs: found where they are usually installed, run on bytes, and stopped in time.

The only module of `extract` that starts a process. A program gets no shell, no window, few variables of our
environment, and its input, output and errors as files: so none of the three can block the others, and what it writes
is measured while it writes.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import psutil

MAX_OUTPUT = 64 * 2**20
_TICK = 0.05
_KEPT = frozenset(
    [
        "PATH", "HOME", "USER", "TMPDIR", "TESSDATA_PREFIX",
        # What a program on Windows does not start without.
        "ALLUSERSPROFILE", "APPDATA", "COMSPEC", "LOCALAPPDATA", "PATHEXT", "PROGRAMDATA", "PROGRAMFILES",
        "PROGRAMFILES(X86)", "SYSTEMDRIVE", "SYSTEMROOT", "TEMP", "TMP", "USERPROFILE", "WINDIR",
    ]
)  # fmt: skip
_FIXED = {"LC_ALL": "C.UTF-8", "LANG": "C.UTF-8", "OMP_THREAD_LIMIT": "1"}
_PLACES = (
    "/usr/bin",
    "/usr/local/bin",
    "/opt/homebrew/bin",
    "/opt/local/bin",
    "/snap/bin",
    "/Applications/LibreOffice.app/Contents/MacOS",
)
_WINDOWS_ROOTS = (("PROGRAMFILES", ""), ("PROGRAMFILES(X86)", ""), ("LOCALAPPDATA", "Programs"))
_WINDOWS_PLACES = ("Tesseract-OCR", "LibreOffice/program", "antiword", "catdoc")


class ProgramFailed(RuntimeError):
    """A program that could not be started, ended with an error, or wrote too much."""


class ProgramTooSlow(ProgramFailed):
    """A program that was stopped because it had not ended in time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a program wrote before it ended well."""

    output: bytes
    errors: str
    """Its warnings, at most 4,000 characters."""


def find(*names: str) -> Path | None:
    """The first of these programs that is installed, on the PATH or where installers put it, or None."""
    for name in names:
        for folder in _folders():
            # With a folder in its name, a program is never taken from the current directory.
            if found := shutil.which(str(folder / name)):
                return Path(found)
    return None


def _folders() -> Iterator[Path]:
    listed = [Path(part) for part in os.environ.get("PATH", "").split(os.pathsep) if part]
    yield from (folder for folder in listed if folder.is_absolute())
    yield from map(Path, _PLACES)
    for variable, below in _WINDOWS_ROOTS:
        if root := os.environ.get(variable):
            yield from (Path(root, below, place) for place in _WINDOWS_PLACES)


def run(
    program: Path,
    arguments: Sequence[str | Path],
    *,
    stdin: bytes = b"",
    timeout: float = 60.0,
    limit: int = MAX_OUTPUT,
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> Answer:
    """What the program answers to these bytes.

    Raises ProgramTooSlow after `timeout` seconds, and ProgramFailed when the program cannot be started, ends with an
    error, or writes more than `limit` bytes. It runs in `folder`, which is a temporary one when none is given.
    """
    command = [str(program), *map(str, arguments)]
    with ExitStack() as stack:
        source, output, errors = (stack.enter_context(tempfile.TemporaryFile()) for _ in range(3))
        home = folder or stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True))
        source.write(stdin)
        source.seek(0)
        running = _start(command, (source, output, errors), Path(home), environment or {})
        try:
            _wait(running, (output, errors), timeout, limit)
        finally:
            _end(running)
        warnings = _text(errors)
        if running.returncode:
            raise ProgramFailed(f"{program.name} ended with {running.returncode}: {warnings[-300:] or 'no message'}")
        output.seek(0)
        return Answer(output=output.read(), errors=warnings)


def _start(
    command: Sequence[str], files: tuple[IO[bytes], ...], folder: Path, environment: Mapping[str, str]
) -> subprocess.Popen[bytes]:
    kept = {name: value for name, value in os.environ.items() if name.upper() in _KEPT}
    source, output, errors = files
    try:
        return subprocess.Popen(
            command,
            stdin=source,
            stdout=output,
            stderr=errors,
            cwd=folder,
            env={**kept, **_FIXED, **environment},
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),  # only Windows has it
        )
    except (OSError, ValueError) as error:  # ValueError: a NUL in an argument
        raise ProgramFailed(f"{command[0]} could not be started: {error}") from error


def _wait(running: subprocess.Popen[bytes], written: Sequence[IO[bytes]], timeout: float, limit: int) -> None:
    """Come back when the program has ended by itself; raise when it may not go on."""
    for _ in range(max(1, round(timeout / _TICK))):
        with suppress(subprocess.TimeoutExpired):
            running.wait(_TICK)
        if any(os.fstat(file.fileno()).st_size > limit for file in written):
            raise ProgramFailed(f"{_name(running)} wrote more than {limit} bytes")
        if running.returncode is not None:
            return
    raise ProgramTooSlow(f"{_name(running)} was stopped after {timeout:g} s")


def _name(running: subprocess.Popen[bytes]) -> str:
    command = running.args
    return Path(str(command[0])).name if isinstance(command, list) else ""


def _end(running: subprocess.Popen[bytes]) -> None:
    """Stop the program and whatever it started, if it still runs."""
    if running.returncode is not None:
        return
    with suppress(psutil.NoSuchProcess):
        for child in psutil.Process(running.pid).children(recursive=True):
            with suppress(psutil.NoSuchProcess):
                child.kill()
    running.kill()
    running.wait()


def _text(errors: IO[bytes]) -> str:
    errors.seek(0)
    return errors.read(16_000).decode("utf-8", "replace")[:4_000].strip()
