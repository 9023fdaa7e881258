"""Whether the papers of one meeting find each other: the real documents, in the formats they were published in.

    python bench/relations.py [--ocr]        (real documents: $MINUTIER_REAL or ../shared/real)

Each town is imported as a source of its own, under the names its files had. Prints how many groups of papers on one
meeting are related, and which relations join papers that are not of one group.
"""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from urllib.parse import unquote

sys.path.insert(0, str(Path(__file__).parent.parent))

from storage.models import Document, Relation
from storage.store import Store

ROOT = Path(__file__).resolve().parent.parent
REAL = Path(os.environ.get("MINUTIER_REAL") or ROOT.parent / "shared" / "real")


def rows(name: str) -> list[dict[str, str]]:
    """Return the rows of one of the tables beside the real documents."""
    with (REAL / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def laid_out(folder: Path) -> dict[str, set[str]]:
    """Copy the minutes and deliberations, a folder a town, and return the towns with their files' first names."""
    towns: dict[str, set[str]] = defaultdict(set)
    for row in rows("manifest.csv"):
        if row["role"] in ("minutes", "deliberation"):
            parts = row["source"].split(":", 2)
            town = "".join(c if c.isalnum() else "-" for c in parts[1].rpartition("/")[2].lower()).strip("-")
            place = folder / town / unquote(parts[2] if len(parts) > 2 else row["file"])
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(REAL / row["file"], place)
            towns[town].add(row["file"])
            named[f"import:{town}/{place.relative_to(folder / town).as_posix()}"] = row["file"]
    return towns


named: dict[str, str] = {}
"""The file of the real documents, by the end of the address it was imported under."""


def imported(folder: Path, towns: dict[str, set[str]], words: list[str]) -> Path:
    """Import each town as a source and return the corpus."""
    corpus = folder.parent / "corpus"
    for town in sorted(towns):
        command = [sys.executable, "-m", "minutier", "import", str(folder / town), "--source", town, "--corpus"]
        command += [str(corpus), "--kind", "council_minutes", *words]
        subprocess.run(command, cwd=ROOT, check=False, capture_output=True)
    return corpus


def pairs_in(corpus: Path) -> dict[tuple[str, str], set[str]]:
    """Return which two files are related, with the types of their relations."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    with Store.open(corpus) as store, store.reading() as connection:
        names = {row.id: file_of(row.address) for row in connection.execute(Document.__table__.select())}
        for row in connection.execute(Relation.__table__.select()):
            one, other = sorted((names[row.document_id], names[row.other_id]))
            found[one, other].add(f"{row.type} ({row.how}; {row.similarity})")
    print(f"{len(names)} documents of {len(set(named.values()))} files")
    return found


def file_of(address: str) -> str:
    """Return the real document that an address was imported from."""
    address = unquote(address)
    return next((file for end, file in named.items() if address.split("/", 1)[1].endswith(end.split("/", 1)[1])), "?")


def related(files: list[str], pairs: dict[tuple[str, str], set[str]]) -> bool:
    """Return whether each file of a group is related to another of it, so that all hang together."""
    joined = {files[0]}
    for _ in files:
        joined |= {b for pair in pairs for a, b in (pair, pair[::-1]) if a in joined and b in files}
    return joined >= set(files)


def main() -> None:
    """Print both figures."""
    words = ["--ocr"] if "--ocr" in sys.argv else ["--no-ocr"]
    groups: dict[str, list[str]] = defaultdict(list)
    for row in rows("same_meeting_groups.csv"):
        groups[row["group"]].append(row["file"])
    with tempfile.TemporaryDirectory() as place:
        towns = laid_out(Path(place) / "files")
        pairs = pairs_in(imported(Path(place) / "files", towns, words))
    group_of = {file: group for group, files in groups.items() for file in files}
    found = [group for group, files in groups.items() if related(files, pairs)]
    print(f"groups related: {len(found)} of {len(groups)} ({len(found) / len(groups):.3f})")
    for group in sorted(set(groups) - set(found)):
        print(f"  missed: {group}")
    for pair, types in sorted(pairs.items()):
        together = group_of.get(pair[0], pair[0]) == group_of.get(pair[1], pair[1])
        print(f"  {'related' if together else 'OTHER'}: {pair[0][:40]} {pair[1][:40]} {sorted(types)}")


if __name__ == "__main__":
    main()
