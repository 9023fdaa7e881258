"""The open bundle with hostile titles and texts: every file opens elsewhere, and nothing leaves the folder."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from bundles import formats_found
from bundles.formats.open import write
from bundles.model import Documents
from bundles.naming import cell, plain, suffix
from extract.model import Found
from storage.filters import Filters
from tests.making import Scene

HOSTILE = [
    "../../etc/passwd",
    "C:\\Windows\\x",
    "CON",
    ".",
    "é" * 300,
    "=cmd|' /C calc'!A0",
    "@SUM(1+1)",
    "-*theme_x",
    "**** *var_x",
    "\u202etxt.exe",
    "友好城市",
    'un "titre", avec\nune ligne',
    "Titre",
    "TITRE",
]


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """A bundle of documents with the titles above, each with its title as text too."""
    scene = Scene(tmp_path / "corpus")
    with scene.store:
        scene.open_run()
        for number, title in enumerate(HOSTILE):
            scene.give(f"d{number}", f"{title} {number}", title=Found(value=title, found_in="heading"))
        scene.read(scene.fetch("scan", b"%PDF scan"), "", verdict="scanned", title=None)
        scene.close_run()
        report = write(Documents(store=scene.store, filters=Filters()), tmp_path / "out")
    assert report.written == report.selected == len(HOSTILE) + 1
    assert [each.what for each in report.left_out] == ["text"]
    return tmp_path / "out"


def test_names_stay_inside_and_differ_on_every_system(bundle: Path) -> None:
    """No name leaves its folder, is reserved, or differs from another by case alone; each is plain ASCII."""
    names = [path.relative_to(bundle).as_posix() for path in bundle.rglob("*") if path.is_file()]
    assert len({name.lower() for name in names}) == len(names) == 2 * len(HOSTILE) + 1 + 3
    assert all(name.isascii() and len(name) < 130 and ".." not in name for name in names)


def test_cells_are_no_formulas_and_texts_are_equal(bundle: Path) -> None:
    """No cell begins like a formula, and every text comes back as it was stored."""
    with (bundle / "documents.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(HOSTILE) + 1
    assert not any(value.startswith(("=", "+", "-", "@", "\t", "\r")) for row in rows for value in row.values())
    lines = [json.loads(line) for line in (bundle / "documents.jsonl").read_text(encoding="utf-8").split("\n") if line]
    texts = {line["title"]: line["text"] for line in lines}
    assert {f"{title} {number}" for number, title in enumerate(HOSTILE)} == {text for text in texts.values() if text}
    assert {title for title in texts if title} == set(HOSTILE)


def test_formats_are_found_by_walking_and_keep_the_contract() -> None:
    """Each file in bundles/formats has a name, a title, a suffix and a way to write."""
    found = formats_found()
    assert "open" in found
    for module in found.values():
        assert isinstance(module.NAME, str)
        assert isinstance(module.TITLE, str)
        assert isinstance(module.SUFFIX, str)
        assert callable(module.write)


def test_small_parts_of_names() -> None:
    """Letters are folded, unknown types end in .bin, harmless cells stay as they are."""
    assert plain("Œuvre n° 3 — Séance") == "oeuvre-n-3-seance"
    assert (suffix("application/pdf"), suffix("image/x")) == (".pdf", ".bin")
    assert (cell("Chine"), cell("")) == ("Chine", "")
