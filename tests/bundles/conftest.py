"""Two corpora that every format is tested with: an ordinary one and a hostile one. All of it is synthetic."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from extract.model import Act, Found, FoundDate, LanguageShare, Page, Quality
from storage.sources import Authority
from storage.store import Store
from tests.bundles.apart import apart, pytest_collection_modifyitems, tei_all
from tests.making import Scene, a_source

__all__ = ["apart", "pytest_collection_modifyitems", "tei_all"]

PDF = Path(__file__).parents[2] / "minutier" / "town" / "texts" / "minutes" / "seance-1987-04-13.pdf"
HOSTILE = (
    "../../etc/passwd",
    "C:\\Windows\\x",
    "CON",
    "con",
    ".",
    "é" * 300,
    "=cmd|' /C calc'!A0",
    "@SUM(1+1)",
    "+33 4 67",
    "-*theme_x",
    "**** *var_x",
    "\u202etxt.exe \u200f\u05d0",
    "友好城市 与成都",
    "𠮷野 🤝",
    "un <titre> & \"autre\" 'ici' ]]> -- &amp;",
    'deux "lignes",\ndont une',
    "e\u0301te\u0301 de\u0301compose\u0301",
    "nul\x00ici\x0cfin\x1b",
    "Titre",
    "TITRE",
)
"""Titles, each of them a text too, on lines of its own and at the beginning of a line."""
EXTRA = "\r\n**** *faux_1\n-*theme_y\n=1+1\r\ufeffCrédit & débit <b>x</b> > 3 ·\ttab\u2028séparés\x85fin\n\n"


def minutes(*acts: str) -> tuple[str, dict[str, Any]]:
    """Return minutes of two pages with these deliberations, and what a reader finds in them."""
    head = "Séance du conseil municipal. Présents : tous les membres en exercice, le quorum est atteint.\n"
    parts = [f"N° {n} — {title}\nLe conseil, après en avoir délibéré, approuve : {title}.\n" for n, title in
             enumerate(acts, 31)]  # fmt: skip
    text = head + "".join(parts)
    half = len(text) // 2
    places = [len(head + "".join(parts[:n])) for n in range(len(parts) + 1)]
    found = [
        Act(number=f"2024-0{n}", key=f"2024-0{n}", title=title, start=places[n - 31], end=places[n - 30],
            first_page=1, last_page=2)
        for n, title in enumerate(acts, 31)
    ]  # fmt: skip
    pages = (Page(number=1, start=0, end=half, label="i"), Page(number=2, start=half, end=len(text)))
    return text, {"acts": tuple(found), "pages": pages, "act_type": Found(value="pv", found_in="heading")}


def day(value: str) -> tuple[FoundDate, ...]:
    """Return a date as a reader finds it."""
    precision: Any = {4: "year", 7: "month", 10: "day"}[len(value)]
    return (FoundDate(role="session", value=value, precision=precision, found_in="heading"),)


def in_language(code: str) -> dict[str, Any]:
    """Return what a reader says of a text in one language."""
    return {"language": code, "languages": (LanguageShare(code=code, share=1.0),)}


def open_run(scene: Scene, **source: Any) -> None:
    """Begin a run of a source with an authority."""
    town = Authority.model_validate({"name": "Ville de Montpellier", "level": "commune", "country": "FR"})
    made = a_source(**source)
    scene.now = scene.now.replace(hour=(scene.now.hour + 1) % 24)
    opened = scene.store.open_run(
        made, {"montpellier": town}, now=scene.now, version="test", new_id=lambda: f"run-{made.id}"
    )
    scene.source, scene.run_id = made, opened.run_id


def fill_ordinary(scene: Scene) -> None:
    """Give a corpus minutes of a town in a PDF, atlas pages, press in four languages, a scan, and a copy."""
    open_run(scene, id="montpellier", authority="montpellier", country="FR")
    text, found = minutes("Jumelage avec la ville de Chengdu", "Réfection du pont & des quais")
    served = PDF.read_bytes()
    dated = {"dates": day("1981-06-22"), "media_type": "application/pdf"}
    scene.read(scene.fetch("pv-0412.pdf", served), text, title=Found(value="Procès-verbal", found_in="heading"),
               **dated, **found)  # fmt: skip
    picture = Quality(verdict="scanned", reasons=("Pages are pictures.",), needs_ocr=True)
    scan = {"media_type": "application/pdf", "title": None, "dates": (), "quality": picture}
    scene.read(scene.fetch("scan.pdf", b"%PDF-1.4 scan"), "", **scan)
    own = (Page(number=1, start=0, end=250, confidence=0.91),)
    scene.give("lu", "Lu par reconnaissance des caractères. " * 7, pages=own, dates=day("1987-04"))
    scene.close_run()
    open_run(scene, id="atlas", kind="atlas", voice="state", country="FR")
    scene.give("4127", "Fiche de coopération : Montpellier – Chengdu (Chine), depuis 1981.", dates=day("1981"))
    scene.close_run()
    open_run(scene, id="presse", kind="press", voice="media", country="FR")
    for name, code, words in (
        ("fr", "fr", "Les jumelages fêtent leurs quarante ans. "),
        ("oc", "oc", "Los agermanaments fan la fèsta, col·laboracion e pont nòu. "),
        ("zh", "zh-Hans", "蒙彼利埃与成都结为友好城市，双方继续合作。"),
        ("en", "en", "The twinning of both towns turns forty. "),
    ):
        scene.give(f"presse-{name}", words * 8, dates=day("2021-06-22"), **in_language(code))
    scene.give("presse-copie", "Les jumelages fêtent leurs quarante ans. " * 8, dates=day("2021-06-23"))
    scene.close_run()


def fill_hostile(scene: Scene) -> None:
    """Give a corpus titles and texts that were made to break a reader; a stated field has half a surrogate pair."""
    open_run(scene, id="town")
    for number, title in enumerate(HOSTILE):
        text = f"{title} {number}\n{title}{EXTRA}fin {number}"
        scene.give(
            f"d{number}",
            text,
            title=Found(value=title, found_in="heading"),
            dates=day(("1981", "1981-06", "1981-06-22")[number % 3]) if number % 4 else (),
            act_type=Found(value="deliberation", found_in="heading") if number % 2 else None,
            acts=(Act(number=title, key=title, title=title, start=0, end=len(title)),),
            quality=Quality(verdict="suspect", reasons=(f"{title}\ud800",)),
            **in_language("zh-Hans" if "友" in title else "und" if number == 4 else "fr"),
        )
    stated = {"languages": [], "stated": {"authority": "../HALF =A1 **** *x_y", "shelfmark": "=1+1\n-*z"}}
    scene.read(scene.fetch("stated", b"%PDF-1.4 \x00 no pdf", hints=stated), "Texte & <suite>.\x00\n" * 30,
               media_type="application/pdf", title=None)  # fmt: skip
    scene.give("empty", "", verdict="empty", title=None, dates=())
    scene.close_run()
    # Nothing that is read or stated today gets half a surrogate pair into the corpus; JSON could always hold one.
    half = r"""UPDATE extraction SET facts = replace(facts, 'HALF', '\ud800')"""
    scene.store.writer.write(lambda connection: connection.exec_driver_sql(half))


def filled(folder: Path, fill: Any) -> Iterator[Store]:
    """Give a corpus that was filled, open."""
    scene = Scene(folder / "corpus")
    with scene.store:
        fill(scene)
        yield scene.store


@pytest.fixture(scope="session")
def ordinary(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Give an ordinary corpus of eight documents and one copy: read it, and do not write to it."""
    yield from filled(tmp_path_factory.mktemp("ordinary"), fill_ordinary)


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Give a corpus of hostile titles and texts: read it, and do not write to it."""
    yield from filled(tmp_path_factory.mktemp("hostile"), fill_hostile)
