"""The report: the same in words, in print and in the file, and nothing that is not so."""

from __future__ import annotations

from bundles.report import CHANGES, LeftOut, Report, sentences, why_no_text
from tests.bundles.making import a_document


def a_report() -> Report:
    """Return a report with something of everything."""
    report = Report(format="x", selected=9, files=2)
    for number, values in enumerate(({}, {"lead": "a"}, {"ocr": "own"}, {"ocr": "waiting", "text": ""})):
        report.counted(a_document(id=f"d{number}", **values))
    report.missed(a_document(id="gone"), "document", "empty")
    report.shortened = [LeftOut(document=f"s{number}", what="title", why="50 characters") for number in range(7)]
    report.copies["not_selected"] = 3
    report.freeze = {"name": "these", "sha256": "x", "documents": 9, "withdrawn": ["w"]}
    report.since = (
        {"freeze": "avant"} | {name: [] for name in CHANGES} | {"new": ["n"], "no_longer_selected": ["o", "p"]}
    )
    report.beside = ["c.xlsx"]
    return report


def test_everything_is_said_once_and_short() -> None:
    """One line for each thing and reason, with the first documents it is about."""
    assert list(sentences(a_report())) == [
        "4 of 9 documents, 2 files.",
        "left out: document (empty): 1: gone",
        "shortened: title (50 characters): 7: s0, s1, s2, s3, s4 …",
        "shorter than 200 characters: 3: d0, d1, d2",
        "copies: 1 repeat another document (`lead` names it).",
        "copies: 3 more are left to their leads (--all-copies takes them).",
        "OCR: 50 % have pages that are pictures: 1 read by our OCR, 1 wait for OCR.",
        "since avant: 1 new, 0 changed, 0 untouched, 0 withdrawn, 2 no longer selected; the report names them.",
        "1 of 9 withdrawn since these was made.",
        "beside it: c.xlsx",
    ]


def test_why_there_is_no_text_is_said_in_the_words_of_the_reader() -> None:
    """The verdict and its reasons; an empty page of a good document has nothing on it."""
    assert why_no_text(a_document(verdict="scanned", reasons=("A.", "B."))) == "scanned; A.; B."
    assert why_no_text(a_document()) == "nothing on it"


def test_nothing_is_said_of_what_there_is_not() -> None:
    """A plain export is one line; documents are counted by what they are."""
    report = Report(format="x", selected=1, files=1, unit="page")
    report.counted(a_document(text="x" * 200, language=""))
    assert list(sentences(report)) == ["1 of 1 units (page), 1 files."]
    assert report.figures["language"] == {"unknown": 1}
    assert (report.ocr, report.copies) == ({"none": 1}, {"leads": 1})
