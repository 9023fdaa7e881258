"""Builds `.venv` from the locked lists in requirements/, every file checked against its hash, and Minutier in it.

    python tools/environment.py             everything, tests and checks included
    python tools/environment.py --for run   only what running Minutier needs

Uses uv where it is there, and Python's own venv and pip otherwise. Does nothing when the environment is already as the
lock says. Standard library only; the same on Windows, macOS and Linux.
"""

import sys

if sys.version_info < (3, 11):  # before anything an older Python would stumble over
    sys.exit(
        f"Minutier needs Python 3.11 or newer, and this is Python {sys.version_info[0]}.{sys.version_info[1]} "
        f"({sys.executable}): run this file with a newer one, or `make PYTHON=/path/to/python3.11 …`."
    )

import argparse
import hashlib
import os
import shutil
import subprocess
from pathlib import Path

import machine

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
STAMPS = {"run": VENV / "minutier-run.stamp", "dev": VENV / "minutier-dev.stamp"}


def main() -> None:
    """Build the environment that was asked for, unless it is there."""
    parser = argparse.ArgumentParser(description="Build .venv from the locked lists of libraries.")
    parser.add_argument("--for", dest="purpose", choices=STAMPS, default="dev", help="what it is for (default: dev)")
    parser.add_argument("--pip", action="store_true", help="use venv and pip even where uv is there")
    options = parser.parse_args()
    wanted = {purpose: fingerprint(purpose) for purpose in STAMPS}
    if any(stamped(purpose) == wanted[purpose] for purpose in ("dev", options.purpose)) and works():
        return
    tool = None if options.pip else uv()
    for stamp in STAMPS.values():
        stamp.unlink(missing_ok=True)
    create(tool)
    install(tool, ROOT / "requirements" / f"{options.purpose}.txt")
    STAMPS[options.purpose].write_text(wanted[options.purpose], encoding="utf-8")
    print(f"The environment is ready: {VENV}", file=sys.stderr)


def fingerprint(purpose: str) -> str:
    """Return what identifies an environment: the lock, what is installed from here, where, and for which Python."""
    files = (ROOT / "requirements" / "build.txt", ROOT / "requirements" / f"{purpose}.txt", ROOT / "pyproject.toml")
    parts = [*(path.read_bytes() for path in files), str(ROOT).encode(), sys.version.encode()]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def stamped(purpose: str) -> str:
    """Return the fingerprint that the last complete build left."""
    stamp = STAMPS[purpose]
    return stamp.read_text(encoding="utf-8") if stamp.is_file() else ""


def works() -> bool:
    """Return whether the environment has a Python of the version we were started with that starts."""
    asked = [str(PYTHON), "-c", "import sys; print(*sys.version_info[:2])"]
    try:
        said = subprocess.run(asked, capture_output=True, text=True, check=False).stdout
    except OSError:
        return False
    return said.split() == [str(part) for part in sys.version_info[:2]]


def uv() -> str | None:
    """Return where uv is, if it is there and starts."""
    found = shutil.which("uv")
    if found and subprocess.run([found, "--version"], capture_output=True, check=False).returncode == 0:
        return found
    return None


def create(tool: str | None) -> None:
    """Make the environment, or make it anew where the one that is there cannot be used."""
    if works() and (tool or call([PYTHON, "-m", "pip", "--version"], quiet=True) == 0):
        return
    if tool:
        must([tool, "venv", "--quiet", "--clear", "--python", sys.executable, VENV])
    else:
        machine.provide("environment")
        must([sys.executable, "-m", "venv", "--clear", VENV])


def install(tool: str | None, lock: Path) -> None:
    """Install what builds, then the locked libraries, then Minutier itself.

    Two libraries come as source: they are built by what was installed first, as Minutier is, and not by something
    fetched at that moment. pip is not brought up to date before: that would be the one download without a hash, and
    the pip that comes with any Python from 3.11 on installs from these locks.
    """
    # Compiled here, as pip does of itself: where Python may write no bytecode, each start would compile all of it.
    by_uv = [tool, "pip", "install", "--quiet", "--compile-bytecode", "--python", PYTHON]
    before = by_uv if tool else [PYTHON, "-m", "pip", "install", "-q"]
    print(f"Installing {lock.relative_to(ROOT)} into {VENV} …", file=sys.stderr)
    must([*before, "--require-hashes", "-r", lock.with_name("build.txt")])
    build = ["--no-build-isolation"] if tool else ["--no-build-isolation", "--use-pep517"]
    must([*before, *build, "--require-hashes", "-r", lock])
    must([*before, *build, "--no-deps", "--editable", ROOT])


def must(command: list) -> None:
    """Run a command, and leave with a sentence when it fails."""
    if call(command):
        words = " ".join(str(word) for word in command)
        sys.exit(f"The environment could not be built (see above): `{words}` failed. Nothing else was changed.")


def call(command: list, *, quiet: bool = False) -> int:
    """Run a command at the root, free of what the caller's own environment would add, and return its exit code."""
    drop = {"PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "PIP_USER", "PIP_TARGET"}
    environment = {name: value for name, value in os.environ.items() if name not in drop}
    environment |= {"PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    words = [str(word) for word in command]
    output = subprocess.DEVNULL if quiet else None
    return subprocess.run(words, cwd=ROOT, env=environment, stdout=output, stderr=output, check=False).returncode


if __name__ == "__main__":
    main()
