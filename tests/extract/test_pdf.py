"""PDF: pages, scans, other people's OCR, and files no engine reads."""

from collections import Counter

import pytest

import extract
from extract.formats import pdf
from extract.model import Hints
from extract.pdf import pdfium, plumber
from extract.pdf.pdfium import PageFacts
from extract.pdf.quality import judge
from tests.extract.conftest import pdf_of

WORDS = "Le conseil municipal approuve la convention de jumelage avec la ville de Chengdu.\n" * 6


def read(body, **hints):
    """The extraction of a PDF."""
    return extract.read(body, Hints(**hints))


def test_each_page_has_its_place():
    """A page's span gives that page and nothing else."""
    found = read(pdf_of("Page une\nSéance du 4 mai 2020", "Page deux", "Page trois"))
    assert [found.text[page.start : page.end].split("\n")[0] for page in found.pages] == [
        "Page une", "Page deux", "Page trois",
    ]  # fmt: skip
    assert (found.quality.verdict, found.quality.figures["pages"], found.pages[2].number) == ("good", 3, 3)


def test_a_pdf_gives_its_facts():
    """Title, date, act and language of a synthetic council minutes."""
    found = read(pdf_of("PROCÈS-VERBAL\nDE LA SÉANCE DU 13 MARS 2023\n" + WORDS, title="Microsoft Word - CM.doc"))
    assert found.title.value == "PROCÈS-VERBAL DE LA SÉANCE DU 13 MARS 2023"
    assert (found.act_type.value, found.dates[0].value, found.language) == ("pv", "2023-03-13", "fr")


@pytest.mark.parametrize("stamp", ["", "Envoyé en préfecture le 12/02/2024\nID : 030-213001100-20240202-PV15122023-DE"])
def test_a_picture_of_a_page_is_a_scan_even_with_a_stamp(stamp):
    """A stamp of a hundred letters is no text layer; it is kept."""
    found = read(pdf_of(stamp, stamp, picture=True))
    assert (found.quality.verdict, found.quality.needs_ocr, stamp in found.text) == ("scanned", True, True)


def test_text_nobody_sees_under_a_picture_is_somebodys_ocr():
    """A full-page picture with invisible letters is an OCR layer."""
    found = read(pdf_of(WORDS, WORDS, picture=True, invisible=True))
    assert (found.quality.verdict, found.quality.needs_ocr) == ("ocr_layer", False)


def test_visible_text_on_a_background_is_text():
    """A designed page with a background picture is no scan."""
    assert read(pdf_of(WORDS, picture=True)).quality.verdict == "good"


def test_a_scanned_annex_asks_for_ocr_and_leaves_the_text_good():
    """One picture among written pages does not make the document a scan."""
    quality = judge([PageFacts(text=WORDS, letters=400, drawn=True)] * 3 + [PageFacts(text="", pictured=True)], 4)
    assert (quality.verdict, quality.needs_ocr) == ("good", True)


def test_a_password_is_told():
    """An encrypted document has no text and says why."""
    found = read(pdf_of("secret", password="x"))
    assert (found.quality.verdict, found.text) == ("encrypted", "")


@pytest.mark.parametrize("body", [b"%PDF-1.4\n", b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer <<>>", pdf_of("a")[:200]])
def test_a_broken_file_is_corrupt(body):
    """What no engine reads is corrupt, without an exception."""
    found = read(body)
    assert (found.quality.verdict, found.text, found.pages) == ("corrupt", "", ())


def test_blank_pages_are_empty():
    """Pages with nothing on them are neither scans nor good."""
    assert read(pdf_of("", "")).quality.verdict == "empty"


def test_the_second_engine_reads_the_same_words():
    """pdfplumber gives the same page when PDFium is left out."""
    found = extract.read_otherwise(pdf_of(WORDS, "Deux"), Hints())
    assert (found.engine.split()[0], found.text.split()[:3], len(found.pages)) == (
        "pdfplumber",
        ["Le", "conseil", "municipal"],
        2,
    )


def test_when_pdfium_gives_up_the_second_engine_reads(monkeypatch):
    """An error that is no password falls to pdfplumber at once."""

    def refuse(body):
        raise pdfium.PdfiumError("Failed to load document (PDFium: Data format error).")

    monkeypatch.setattr(pdfium, "open_pdf", refuse)
    assert read(pdf_of(WORDS)).engine.startswith("pdfplumber")


def test_long_documents_are_cut_and_say_so(monkeypatch):
    """Past the limit of pages the rest is left out, with a reason and the figures."""
    monkeypatch.setattr(pdfium, "MAX_PAGES", 2)
    quality = read(pdf_of("a b c", "d e f", "g h i")).quality
    assert (quality.verdict, quality.figures["pages"], quality.figures["pages_read"]) == ("suspect", 3, 2)
    assert "first 2 of 3 pages" in quality.reasons[0]


def test_a_page_that_pdfium_reads_backwards_is_read_again(monkeypatch):
    """The better reading of a doubtful page is kept, and the reasons and the engine say so."""
    backwards = PageFacts(text="\n".join(line[::-1] for line in WORDS.split("\n")), letters=400, drawn=True)
    monkeypatch.setattr(pdfium, "pages_of", lambda document: iter([backwards]))
    found = pdf.read(pdf_of(WORDS), Hints())
    assert found.text.startswith("Le conseil municipal") and found.pages[0].verdict == "good"
    assert found.engine.startswith("pypdfium2") and "pdfplumber" in found.engine
    assert found.quality.reasons == (f"1 of 1 pages were read better by {plumber.ENGINE}.",)


def test_a_doubtful_page_no_engine_reads_better_stays(monkeypatch):
    """Where the second engine fails or is no better, PDFium's page is kept and stays doubtful."""
    damaged = PageFacts(text="m\ufffdt d\ufffdt " * 100, letters=900, drawn=True)
    monkeypatch.setattr(pdfium, "pages_of", lambda document: iter([damaged]))

    def refuse(body, wanted=()):
        raise plumber.UnreadableError("EOFError")

    monkeypatch.setattr(plumber, "read_pages", refuse)
    found = pdf.read(pdf_of(WORDS), Hints())
    assert (found.quality.verdict, found.engine, found.pages[0].verdict) == ("illegible", pdfium.ENGINE, "illegible")


def test_only_the_pages_asked_for_are_read_by_the_second_engine():
    """Indexes in, pages by index out."""
    found = plumber.read_pages(pdf_of("une", "deux", "trois"), [2]).pages
    assert {index: page.text for index, page in found.items()} == {2: "trois"}


def test_words_outside_of_the_text_are_in_the_margins():
    """Every word of PDFium is in the text or in a margin, once."""
    body = pdf_of(
        *(f"Registre des délibérations\n\n\n{WORDS}\nligne {n}" + "\n" * 40 + f"Page {n} / 4" for n in range(1, 5))
    )
    found = pdf.read(body, Hints())
    raw = " ".join(page.text for page in pdfium.pages_of(pdfium.open_pdf(body)))
    ours = [found.text, *(margin.words for margin in found.margins)]
    assert Counter(" ".join(ours).split()) == Counter(raw.split())
    assert [margin.words for margin in found.margins if margin.place == "footer"][:2] == ["Page 1 / 4", "Page 2 / 4"]
    assert found.text.count("Registre des délibérations") == 1


def test_real_minutes_lose_no_word_and_are_in_order(real):
    """Every minutes with gold: no word that PDFium finds is lost, and the sequence of words is nearer to gold."""
    from bench.gold_recall import compared, plain_pdfium, true_text
    from bench.pdf_order import agreement, gold_minutes

    for name, body, gold in gold_minutes(real):
        found, truth, plain = pdf.read(body, Hints()), true_text(gold), plain_pdfium(body)
        everything = "\n".join([found.text, *(margin.words for margin in found.margins)])
        assert compared(everything, truth)[0] >= compared(plain, truth)[0], name
        assert compared(found.text, truth)[1] > 0.995, name
        assert agreement(found.text, truth) > agreement(plain, truth), name
