"""The verdicts on pages and documents, from made-up figures."""

import pytest

from extract.pdf.lines import Line
from extract.pdf.pdfium import PageFacts
from extract.pdf.quality import harm, is_mirrored, judge, page_verdict, readable

WORDS = "Le conseil municipal approuve la convention de jumelage avec la ville de Chengdu.\n" * 6
GOOD = PageFacts(text=WORDS, letters=400, drawn=True)
SCAN = PageFacts(text="", pictured=True, drawn=True)
HIDDEN = PageFacts(text=WORDS, letters=400, pictured=True, hidden=True, drawn=True)
LOST = PageFacts(text="\uf041\uf042\uf043 a" * 200, letters=800, drawn=True)
DOUBTFUL = PageFacts(text=WORDS + "m\uf041t " * 10, letters=440, drawn=True)


@pytest.mark.parametrize(
    ("page", "verdict"),
    [
        (GOOD, "good"),
        (SCAN, "scanned"),
        (PageFacts(text="Envoyé en préfecture " * 6, letters=120, pictured=True, drawn=True), "scanned"),
        (PageFacts(text="", drawn=True), "scanned"),
        (PageFacts(text="12 000 13 000 14 000 15 000", drawn=True), "good"),
        (HIDDEN, "ocr_layer"),
        (LOST, "illegible"),
        (PageFacts(text="Xkcdq " * 60, letters=300, drawn=True), "illegible"),
        (DOUBTFUL, "suspect"),
        (PageFacts(text=WORDS[::-1], letters=400, drawn=True), "suspect"),
        (PageFacts(text=WORDS.replace("Le", "\uf0d8 Le"), letters=400, drawn=True), "good"),
        (PageFacts(text=""), "empty"),
        (PageFacts(text="", broken=True), "corrupt"),
    ],
)
def test_each_page_has_its_verdict(page, verdict):
    """Bullets of symbol fonts are no damage, numbers are text, a stamp over a picture is none."""
    assert page_verdict(page) == verdict


def test_letters_drawn_one_by_one_are_doubted():
    """Lines of one letter each have no order to trust."""
    lines = tuple(Line(text="a", box=(n, 0, n + 1, 1)) for n in range(50))
    assert page_verdict(PageFacts(text="a\n" * 50, letters=50, drawn=True, lines=lines)) == "suspect"


@pytest.mark.parametrize(
    ("pages", "verdict", "needs_ocr"),
    [
        ([GOOD] * 3, "good", False),
        ([GOOD] * 3 + [SCAN], "good", True),
        ([GOOD, SCAN], "scanned", True),
        ([HIDDEN] * 2, "ocr_layer", False),
        ([GOOD] * 5 + [HIDDEN], "suspect", False),
        ([LOST] * 2, "illegible", True),
        ([GOOD] * 3 + [LOST], "suspect", True),
        ([GOOD] * 3 + [PageFacts(text="", broken=True)], "suspect", False),
        ([PageFacts(text="", broken=True)], "corrupt", False),
        ([PageFacts(text="")], "empty", False),
        ([], "empty", False),
    ],
)
def test_a_document_is_what_its_pages_are(pages, verdict, needs_ocr):
    """Most pages decide; any doubtful share makes it suspect; a scanned annex only asks for OCR."""
    quality = judge(pages, len(pages))
    assert (quality.verdict, quality.needs_ocr) == (verdict, needs_ocr)


def test_the_reasons_count_the_pages():
    """Each kind of page that is not good has its sentence; a cut document is suspect and says why."""
    quality = judge([GOOD, GOOD, SCAN], 9, "Only the first 3 of 9 pages were read.")
    assert quality.reasons == (
        "Only the first 3 of 9 pages were read.",
        "1 of 3 pages are pictures without a text layer.",
    )
    assert (quality.verdict, quality.figures["pages"], quality.figures["scanned_pages"]) == ("suspect", 9, 1)


def test_mirrored_and_unreadable_words_are_doubted():
    """Words that read backwards, and letters that make no syllable."""
    backwards = [word[::-1] for word in WORDS.split()] * 2
    assert (is_mirrored(backwards), is_mirrored(WORDS.split()), is_mirrored([])) == (True, False, False)
    assert (readable(["xkcdq"] * 40), readable(["conseil"] * 40), readable([])) == (0.0, 1.0, 1.0)


def test_the_less_damaged_reading_does_less_harm():
    """What decides between two engines."""
    assert harm(GOOD) < harm(DOUBTFUL) < harm(LOST)


@pytest.mark.parametrize("text", ["\x00" * 500, "\ud800" * 50, "\ufffd" * 500])
def test_hostile_text_is_judged(text):
    """NUL, lone surrogates and lost characters end in a verdict."""
    assert judge([PageFacts(text=text, letters=len(text), drawn=True)], 1).verdict == "illegible"
