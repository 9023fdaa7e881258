"""Pages typed by a person: they stand in the place of what was read, and everything else moves with them."""

from __future__ import annotations

from extract.clean import join_pages
from extract.model import Extraction, Hints, Margin, Quality, Table
from extract.reading import complete
from extract.transcribing import BY_HAND, transcribed

PAGES = ("Première page.", "D3uxi&me p@ge.", "Troisième | page.")


def an_extraction(verdict: str = "suspect") -> Extraction:
    """Return three pages with a table on the third and a margin on each of the last two."""
    text, pages = join_pages(PAGES)
    from dataclasses import replace

    read = tuple(replace(page, verdict="scanned" if page.number == 2 else "good") for page in pages)
    table = Table(page=3, start=pages[2].start, end=pages[2].end, rows=1, columns=2)
    margins = tuple(Margin(page=number, place="header", words="En-tête") for number in (2, 3))
    quality = Quality(verdict=verdict, needs_ocr=True)  # type: ignore[arg-type]
    return Extraction(
        extractor="pdf", engine="x", media_type="application/pdf", text=text, pages=read, quality=quality,
        tables=(table,), margins=margins,
    )  # fmt: skip


def test_a_typed_page_takes_its_place_and_the_others_move() -> None:
    """The text of page 2 is the person's; pages, tables and margins of the others are where they now are."""
    made = transcribed(an_extraction(), {2: "Deuxième page,\r\nbien plus longue.\x00"})
    assert [made.text[page.start : page.end] for page in made.pages] == [
        "Première page.",
        "Deuxième page,\nbien plus longue.",
        "Troisième | page.",
    ]
    assert made.text[made.tables[0].start : made.tables[0].end] == "Troisième | page."
    assert [margin.page for margin in made.margins] == [3]
    assert made.quality.figures[BY_HAND] == 1
    assert made.quality.reasons[-1] == "Typed by a person: page 2."


def test_nothing_waits_for_ocr_once_every_page_has_its_text() -> None:
    """The last picture typed: no OCR is wanted and a scan is a good text; with another picture left it still waits."""
    done = transcribed(an_extraction("scanned"), {2: "Deuxième page."})
    assert (done.quality.verdict, done.quality.needs_ocr, done.pages[1].verdict) == ("good", False, "good")
    waiting = transcribed(an_extraction("scanned"), {1: "Première page."})
    assert (waiting.quality.verdict, waiting.quality.needs_ocr) == ("scanned", True)


def test_a_page_that_is_not_there_changes_nothing() -> None:
    """A number beyond the last page, or no typed page at all: the extraction as it was."""
    assert transcribed(an_extraction(), {9: "x"}) == an_extraction()


def test_facts_are_read_from_the_typed_words() -> None:
    """Date and mentions of the typed page are found like those of any text."""
    hints = Hints(by_hand={2: "Séance du 3 mai 1987. Le jumelage avec Chengdu est approuvé."})
    made = complete(an_extraction(), b"", hints)
    assert made.dates[0].value == "1987-05-03"
    assert made.speaks_of == "relation"
