"""The engine: where it is, which languages it knows, and what it reads in a picture."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image

from extract import programs
from extract.ocr.layout import Word

SECONDS = 60.0
"""The time one look at one page may take."""

_NAMES = {"fr": "fra", "zh": "chi_sim", "ca": "cat", "oc": "oci", "en": "eng"}
_FIRST = "fra"
_SAUVOLA = ("-c", "thresholding_method=2")  # reads dark letters on a grey ground, which one threshold a page does not


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """What has to be installed before pages can be read."""

    message: str
    """One sentence with the names of the packages, for each system."""
    packs: tuple[str, ...] = ()
    """The languages that are absent, as tesseract calls them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tesseract:
    """An engine that can be used."""

    program: Path
    version: str
    packs: frozenset[str] = field(default_factory=frozenset)
    """The languages it has, as it calls them."""


def languages_for(codes: Sequence[str]) -> str:
    """The languages of a source as tesseract wants them, such as `fra+cat`; French where none of them is known.

    Chinese comes first: behind French it loses lines, and before it French loses nothing.
    """
    names = [_NAMES[code[:2].lower()] for code in codes if code[:2].lower() in _NAMES]
    return "+".join(sorted(dict.fromkeys(names), key=lambda name: name != _NAMES["zh"])) or _FIRST


def available(codes: Sequence[str] = ()) -> Tesseract | Missing:
    """The engine, when it is there with all the languages of these sources, or what is missing."""
    wanted = tuple(languages_for(codes).split("+"))
    engine = _installed()
    if engine is None:
        return Missing(message=_advice("tesseract is not installed", wanted), packs=wanted)
    absent = tuple(pack for pack in wanted if pack not in engine.packs)
    if absent:
        return Missing(message=_advice(f"tesseract has no {' or '.join(absent)}", absent), packs=absent)
    return engine


def _installed() -> Tesseract | None:
    program = programs.find("tesseract")
    if program is None:
        return None
    try:
        first = programs.run(program, ["--version"]).output.decode("utf-8", "replace").split("\n")[0]
        listed = programs.run(program, ["--list-langs"]).output.decode("utf-8", "replace").split("\n")[1:]
    except programs.ProgramFailed:
        return None
    version = first.removeprefix("tesseract").strip(" v\r")
    return Tesseract(program=program, version=version, packs=frozenset(map(str.strip, listed)) - {""})


def _advice(problem: str, packs: Sequence[str]) -> str:
    debian = " ".join(f"tesseract-ocr-{pack.replace('_', '-')}" for pack in packs)
    return (
        f"{problem}: scanned pages wait. Debian and Ubuntu: apt install tesseract-ocr {debian}; "
        "macOS: brew install tesseract tesseract-lang; "
        f"Windows: winget install UB-Mannheim.TesseractOCR, and choose {', '.join(packs)} among its language data."
    )


def look(engine: Tesseract, picture: Image.Image, languages: str, *, dpi: int, segmentation: int) -> list[Word]:
    """The words that tesseract sees in a grey picture; raises ProgramFailed when it fails or takes too long."""
    sent = io.BytesIO()
    picture.save(sent, "PPM")
    arguments = [
        "stdin", "stdout", "-l", languages, "--dpi", str(dpi), "--psm", str(segmentation), *_SAUVOLA, "tsv",
    ]  # fmt: skip
    answer = programs.run(engine.program, arguments, stdin=sent.getvalue(), timeout=SECONDS)
    return words_of(answer.output.decode("utf-8", "replace"))


def words_of(table: str) -> list[Word]:
    """The words of a table as tesseract writes it, in its order."""
    rows = csv.DictReader(io.StringIO(table), delimiter="\t", quoting=csv.QUOTE_NONE)
    return [_word(row) for row in rows if row.get("level") == "5" and (row.get("text") or "").strip()]


def _word(row: dict[str, str]) -> Word:
    return Word(
        text=row["text"].strip(),
        confidence=min(max(float(row["conf"]) / 100, 0.0), 1.0),
        line=(int(row["block_num"]), int(row["par_num"]), int(row["line_num"])),
        left=int(row["left"]),
        top=int(row["top"]),
        width=int(row["width"]),
        height=int(row["height"]),
    )
