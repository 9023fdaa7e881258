"""`minutier doctor`: is everything here that the work needs?"""

from __future__ import annotations

import importlib.metadata
import platform
import shutil
import sqlite3
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

import click

from minutier import __version__
from minutier.options import Shared, as_json, shared_options
from minutier.package import room_folders
from minutier.printing import out, print_json, table
from storage.errors import MinutierError

LIBRARIES = (
    "scrapy", "trafilatura", "lxml_html_clean", "pypdfium2", "pdfplumber", "python-docx", "openpyxl", "striprtf",
    "langdetect", "py3langid", "PyStemmer", "SQLAlchemy", "alembic", "pebble", "psutil",
)  # fmt: skip
LITTLE_DISK = 2**30


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at."""

    name: str
    ok: bool
    found: str


@click.command()
@as_json
@shared_options
@click.pass_obj
def command(shared: Shared, as_json: bool) -> int:
    """Check the environment, the libraries, other programs, the disk, the five packages and the corpus."""
    checks = [python(), sqlite(), *libraries(), *programs(), rooms(), disk(Path(shared.corpus)), corpus(shared.corpus)]
    if as_json:
        print_json({"version": __version__, "checks": [asdict(check) for check in checks]})
    else:
        rows = [["ok" if check.ok else "FAULT", check.name, check.found] for check in checks]
        out().print(table(f"Minutier {__version__}", ["", "what", "found"], rows))
    return 0 if all(check.ok for check in checks) else 1


def python() -> Check:
    """Look at Python and the system."""
    return Check("python", sys.version_info >= (3, 11), f"{platform.python_version()} on {platform.platform()}")


def sqlite() -> Check:
    """Look whether SQLite has its full-text search."""
    connection = sqlite3.connect(":memory:")
    has = connection.execute("SELECT sqlite_compileoption_used('ENABLE_FTS5')").fetchone()[0]
    connection.close()
    return Check("sqlite", bool(has), f"{sqlite3.sqlite_version}, full-text search {'there' if has else 'missing'}")


def libraries() -> list[Check]:
    """Look for the libraries that do the work."""
    found = []
    for name in LIBRARIES:
        try:
            found.append(Check(name, True, importlib.metadata.version(name)))
        except importlib.metadata.PackageNotFoundError:
            found.append(Check(name, False, "not installed: install Minutier again"))
    return found


def programs() -> list[Check]:
    """Look for the programs that read scans and old Word files, and for a browser; that they lack is no fault."""
    from crawlers import browser
    from extract.ocr import Missing, available
    from extract.programs import find

    engine = available()
    ocr = engine.message if isinstance(engine, Missing) else f"{engine.version}: {', '.join(sorted(engine.packs))}"
    word = [program.name for name in ("antiword", "soffice", "catdoc") if (program := find(name))]
    advice = "none; install antiword or LibreOffice to read .doc files"
    shows = f"for `render: true`: {browser.lacking() or browser.program()}"
    return [
        Check("tesseract", True, ocr),
        Check("old Word", True, ", ".join(word) or advice),
        Check("browser", True, shows),
    ]


def rooms() -> Check:
    """Look whether the five packages come from one place: their names are short, and another could stand before."""
    places = {str(folder.parent) for folder in room_folders().values()}
    return Check("packages", len(places) == 1, ", ".join(sorted(places)))


def disk(folder: Path) -> Check:
    """Look how much room is left where the corpus is."""
    place = folder.resolve()
    while not place.exists():
        place = place.parent
    free = shutil.disk_usage(place).free
    return Check("disk", free > LITTLE_DISK, f"{free / 2**30:.1f} GiB free at {place}")


def corpus(location: str) -> Check:
    """Look whether the corpus can be opened; that there is none yet is no fault."""
    from storage.database import HEAD
    from storage.places import FILE
    from storage.store import Store

    if "://" not in location and not (Path(location) / FILE).exists():
        return Check("corpus", True, f"none at {location} yet")
    try:
        Store.open(location).__exit__(None, None, None)
    except MinutierError as error:
        return Check("corpus", False, str(error))
    return Check("corpus", True, f"{location}, schema {HEAD}")
