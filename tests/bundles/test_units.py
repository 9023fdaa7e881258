"""Pages and acts as documents of their own: nothing is there twice, and what is nowhere is named."""

from __future__ import annotations

import hashlib

import pytest

from bundles.formats import qdpx
from bundles.model import BundleDocument, BundlePassage, Documents
from bundles.report import Report
from bundles.units import divided, outside
from storage.store import Store
from tests.bundles.making import a_document

TEXT = "Séance.\nN° 1 le pont.\nN° 2 le quai.\nFin."


def whole() -> BundleDocument:
    """Return minutes of two acts on two pages."""
    acts = [BundlePassage(kind="act", number=n, label=f"2024-00{n}", act_number=f"2024-00{n}", title=title, start=start,
                          end=end) for n, title, start, end in ((1, "Le pont", 8, 22), (2, "", 22, 36))]  # fmt: skip
    pages = [BundlePassage(kind="page", number=1, label="i", verdict="good", start=0, end=22),
             BundlePassage(kind="page", number=2, label="", verdict="suspect", start=22, end=len(TEXT))]  # fmt: skip
    return a_document(text=TEXT, passages=(*pages, *acts), pages=2)


def test_pages_are_documents_and_together_the_text() -> None:
    """Own id, title, label, verdict and hash; the texts one after the other are the whole."""
    first, second = divided(whole(), "page")
    assert first.text + second.text == TEXT
    assert (first.id, first.part_of, first.part) == ("tq3abcdefghijk27-p1", "tq3abcdefghijk27", "i")
    assert (second.id, second.part, second.title) == ("tq3abcdefghijk27-p2", "2", "Procès-verbal, p. 2")
    assert (second.verdict, second.pages, second.characters) == ("suspect", 1, len(second.text))
    assert first.text_sha256 == hashlib.sha256(first.text.encode()).hexdigest()
    assert first.act_type == "pv"


def test_acts_are_deliberations_with_their_number_and_passages_of_their_own() -> None:
    """The object is the title, the number the part; what lies in an act is counted from its beginning."""
    first, second = divided(whole(), "act")
    assert (first.title, first.part, first.number, first.act_type) == (
        "Le pont",
        "2024-001",
        "2024-001",
        "deliberation",
    )
    assert second.title == "Procès-verbal, 2024-002"
    assert first.text == "N° 1 le pont.\n"
    assert [(each.start, each.end) for each in first.passages] == [(0, len(first.text))]
    assert outside(whole(), "act")
    assert not outside(whole(), "page")


def test_a_document_without_such_units_stays_whole() -> None:
    """Nothing is made up: the document itself comes, under its own id."""
    bare = a_document()
    assert list(divided(bare, "act")) == [bare]
    assert list(divided(whole(), "document")) == [whole()]


@pytest.mark.parametrize(
    ("unit", "units", "undivided", "outside_of"), [("document", 8, 0, 0), ("page", 9, 1, 1), ("act", 9, 7, 1)]
)
def test_an_export_counts_its_units_beforehand_and_names_what_stays_whole(
    ordinary: Store, unit: str, units: int, undivided: int, outside_of: int
) -> None:
    """The number is known before the first one is read; the report says which were not cut, and what no unit holds."""
    documents = Documents(store=ordinary, unit=unit)
    assert len(documents) == units == len(list(documents))
    list(documents)
    report = documents.complete(Report(format="x", selected=units))
    assert (len(report.undivided), len(report.left_out)) == (undivided, outside_of), "read twice, named once"
    assert (report.unit, report.copies) == (unit, {"not_selected": 1})


def test_offsets_follow_a_text_that_was_cleaned(hostile: Store) -> None:
    """Acts are found where they stand in the clean text, though characters before their end were removed."""
    titled = [each for each in Documents(store=hostile) if any(one.kind == "act" for one in each.passages)]
    for each in titled:
        act = next(one for one in each.passages if one.kind == "act")
        assert " ".join(each.text[act.start : act.end].split()) == act.title
    assert len(titled) > 10


def test_what_was_cleaned_is_named(hostile: Store, tmp_path: object) -> None:
    """Each text with a BOM, and a title with a NUL, are in the report as altered; what is clean is not."""
    documents = Documents(store=hostile)
    list(documents)
    report = documents.complete(Report(format=qdpx.NAME, selected=len(documents)))
    fields = [each.what for each in report.altered]
    assert (fields.count("text"), fields.count("title"), fields.count("authority")) == (21, 1, 1)
    assert not [each for each in report.altered if each.why == ""]
