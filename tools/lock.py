"""Writes the locked lists in requirements/ from pyproject.toml, with hashes, for every system at once.

    python tools/lock.py            writes them (needs uv)
    python tools/lock.py --upgrade  lets every library move to its newest version
    python tools/lock.py --check    says whether they are what pyproject.toml asks for

A check compares names, versions and markers. Hashes are left to the installation, which compares each of them: a
project may publish one more wheel of a version at any time, and a lock that does not know it is still true. Where uv or
its registry cannot be reached, the tests in tests/house/test_lock.py are what holds the lock to pyproject.toml.
"""

import argparse
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import environment

ROOT = Path(__file__).resolve().parent.parent
SOURCES = {
    "build": ["--group", "build"],
    "dev": ["pyproject.toml", "--extra", "all", "--group", "dev"],
    # As far as what is tested goes: no library has another version where it is used than where it is tried.
    "run": ["pyproject.toml", "--constraint", "requirements/dev.txt"],
    "lab": ["pyproject.toml", "--extra", "lab", "--extra", "ocr", "--constraint", "requirements/dev.txt"],
    "apart": ["--group", "apart"],
    "schemas": ["--group", "schemas", "--no-deps"],
}
UNREACHABLE = ("error sending request", "dns error", "failed to fetch", "network connectivity is disabled")


def main() -> None:
    """Write or check the locks."""
    parser = argparse.ArgumentParser(description="Write or check the locked lists of libraries.")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--upgrade", action="store_true")
    options = parser.parse_args()
    tool = environment.uv()
    if not tool and not options.check:
        sys.exit(
            "Writing the lock needs uv, which is not on the PATH: install it (`pipx install uv`) and run this again."
        )
    if not tool:
        print("lock: uv is not here; tests/house/test_lock.py checks what can be checked without it.")
        return
    for name in SOURCES:
        (check if options.check else write)(tool, name, upgrade=options.upgrade)


def write(tool: str, name: str, *, upgrade: bool) -> None:
    """Write one lock; versions stay as they are unless pyproject.toml or `upgrade` moves them."""
    path = ROOT / "requirements" / f"{name}.txt"
    done = compiled(tool, name, path, ["--upgrade"] if upgrade else [])
    if done.returncode:
        sys.exit(f"uv could not resolve requirements/{name}.txt:\n{done.stderr}")
    print(f"lock: wrote {path.relative_to(ROOT)}, {len(pins(path.read_text(encoding='utf-8')))} libraries")


def check(tool: str, name: str, *, upgrade: bool) -> None:
    """Leave with a sentence when one lock is not what uv would write now; `upgrade` means nothing here."""
    known = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder, f"{name}.txt")
        copy.write_text(known, encoding="utf-8")
        done = compiled(tool, name, copy, [])
        if done.returncode and any(words in done.stderr.lower() for words in UNREACHABLE):
            print(
                f"lock: no registry can be reached; requirements/{name}.txt was not compared with what uv would write."
            )
            return
        if done.returncode:
            sys.exit(f"uv could not resolve requirements/{name}.txt:\n{done.stderr}")
        differing = pins(known) ^ pins(copy.read_text(encoding="utf-8"))
    if differing:
        sys.exit(
            f"requirements/{name}.txt is not what pyproject.toml asks for "
            f"({', '.join(sorted(differing))}): run `make lock`."
        )
    print(f"lock: requirements/{name}.txt is what pyproject.toml asks for")


def compiled(tool: str, name: str, out: Path, more: list[str]) -> subprocess.CompletedProcess[str]:
    """Run uv's resolver over pyproject.toml; the versions that already stand in `out` are preferred."""
    command = [tool, "pip", "compile", *SOURCES[name], "--universal", "--python-version", "3.11"]
    form = ["--generate-hashes", "--no-emit-index-url", "--no-header", "--no-annotate", "--quiet"]
    return subprocess.run(
        [*command, *form, *more, "--output-file", str(out)], cwd=ROOT, capture_output=True, text=True, check=False
    )


def pins(text: str) -> set[str]:
    """Return the lines of a lock that name a library, its version and its marker."""
    return {line.rstrip("\\ ") for line in text.splitlines() if re.match(r"[A-Za-z0-9]", line)}


if __name__ == "__main__":
    main()
