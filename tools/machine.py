"""What Minutier's development needs of the machine besides Python packages, why, and how it comes there.

    python tools/machine.py test       provides what the tests use, where that may be done

On Debian and its relatives a missing package is installed when we are root or may use sudo without a password;
elsewhere the sentence to act on is printed. Standard library only.
"""

import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple


class Need(NamedTuple):
    """A Debian package, what it is for, and how to see that it is missing."""

    stage: str
    package: str
    reason: str
    missing: Callable[[], bool]


def no_ensurepip() -> bool:
    """Return whether this Python cannot put pip into a new environment."""
    return importlib.util.find_spec("ensurepip") is None


def lacks(program: str) -> Callable[[], bool]:
    """Return the question whether a program is missing."""
    return lambda: shutil.which(program) is None


def no_postgresql() -> bool:
    """Return whether PostgreSQL's own programs are missing, which Debian keeps off the PATH, and no server is named."""
    here = shutil.which("initdb") or any(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return not here and "MINUTIER_POSTGRES" not in os.environ


def reads_no(language: str) -> Callable[[], bool]:
    """Return the question whether tesseract lacks a language."""

    def missing() -> bool:
        if not shutil.which("tesseract"):
            return True
        said = subprocess.run(["tesseract", "--list-langs"], capture_output=True, text=True, check=False)
        return language not in (said.stdout + said.stderr).split()

    return missing


# One line for each package; a stage is `environment` (before .venv is built) or `test` (before the tests run).
NEEDS = (
    Need(
        "environment",
        f"python{sys.version_info[0]}.{sys.version_info[1]}-venv",
        "Debian keeps the part of Python that builds environments in a package of its own",
        no_ensurepip,
    ),
    Need("test", "tesseract-ocr", "pages that are pictures are read with it", lacks("tesseract")),
    Need("test", "tesseract-ocr-fra", "made-up scans in French are read in the tests", reads_no("fra")),
    Need("test", "tesseract-ocr-chi-sim", "made-up scans in Chinese are read in the tests", reads_no("chi_sim")),
    Need("test", "tesseract-ocr-cat", "OCR in Catalan is looked for in the tests", reads_no("cat")),
    Need("test", "tesseract-ocr-oci", "OCR in Occitan is looked for in the tests", reads_no("oci")),
    Need("test", "chromium", "a made-up page that needs JavaScript is shown to it in the tests", lacks("chromium")),
    Need("test", "postgresql", "what is stored is tested in a lab's database too", no_postgresql),
    Need("test", "systemd", "the units that Minutier prints are read by its checker", lacks("systemd-analyze")),
    Need("test", "antiword", "old Word files are read with it", lacks("antiword")),
    Need("test", "catdoc", "old Word files are read with it where antiword cannot", lacks("catdoc")),
)


def provide(stage: str) -> None:
    """Install what a stage needs and the machine lacks, or leave with the sentence that says how to."""
    lacking = [need for need in NEEDS if need.stage == stage and need.missing()]
    if not lacking:
        return
    packages = [need.package for need in lacking]
    for need in lacking:
        print(f"{need.package} is missing: {need.reason}.", file=sys.stderr)
    right = rights()
    if right is None:
        sys.exit(f"Install it and run this again; on Debian and Ubuntu: sudo apt install {' '.join(packages)}")
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run([*right, "apt-get", "update", "-q"], check=False, env=quiet)
    done = subprocess.run(
        [*right, "apt-get", "install", "-y", "-q", "--no-install-recommends", *packages], env=quiet, check=False
    )
    if done.returncode:
        sys.exit(f"apt-get could not install {' '.join(packages)} (see above): install it by hand and run this again.")


def rights() -> list[str] | None:
    """Return what stands before `apt-get` on this machine, or nothing where it cannot be used without asking."""
    if not shutil.which("apt-get"):
        return None
    if os.geteuid() == 0:
        return []
    if (
        shutil.which("sudo")
        and subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0
    ):
        return ["sudo", "-n"]
    return None


if __name__ == "__main__":
    provide(sys.argv[1])
