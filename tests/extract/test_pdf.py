"""PDF: pages, scans, other people's OCR, and files no engine reads."""

import pytest

import extract
from extract import pdfium
from extract.linebreaks import CUT, mark_cuts, mend
from extract.model import Hints
from extract.pdfium import PageFacts
from extract.pdfquality import is_mirrored, judge, readable
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


@pytest.mark.parametrize(
    ("raw", "whole"),
    [
        (f"Jean{CUT}Paul", "Jean-Paul"),
        (f"déve{CUT}loppement", "développement"),
        (f"celui{CUT}ci", "celui-ci"),
        (f"peut{CUT}être", "peut-être"),
        (f"l'avant{CUT}projet puis l'avant-projet", "l'avant-projet puis l'avant-projet"),
        (f"porte{CUT}monnaie", "portemonnaie"),
        (f"porte{CUT}monnaie, un porte-monnaie", "porte-monnaie, un porte-monnaie"),
        (f"COMMUNI{CUT}CANTES", "COMMUNICANTES"),
        (f"LOIRE{CUT}ATLANTIQUE en Loire", "LOIRE-ATLANTIQUE en Loire"),
        (f"2013{CUT}2014", "2013-2014"),
        (f"e{CUT}mail", "e-mail"),
        (f"fin {CUT}", "fin -"),
    ],
)
def test_a_word_cut_at_a_line_end_is_whole_again(raw, whole):
    """Joined, unless a capital follows or the document writes it with its hyphen."""
    assert mend([raw]) == [whole]


@pytest.mark.parametrize(
    ("raw", "whole"),
    [
        (
            "蒙彼利埃市与成都市于一九八一\n年缔结友好城市关系。\n第二段",
            "蒙彼利埃市与成都市于一九八一年缔结友好城市关系。\n第二段",
        ),
        ("标题\n蒙彼利埃市与成都市于一九八一年缔结", "标题\n蒙彼利埃市与成都市于一九八一年缔结"),
        ("Ville de Chengdu\n成都", "Ville de Chengdu\n成都"),
    ],
)
def test_a_chinese_line_end_inside_a_paragraph_is_nothing(raw, whole):
    """Full lines go on without a space; headings and ends of sentences stay."""
    assert mend([raw]) == [whole]


def test_hyphens_of_the_second_engine_are_marked():
    """pdfplumber leaves the hyphen and the line end as they are."""
    assert mend([mark_cuts("déve-\nloppement, 12 -\n13")]) == ["développement, 12 -\n13"]


def test_mirrored_and_unreadable_words_are_doubted():
    """Words that read backwards, and letters that make no syllable."""
    backwards = [word[::-1] for word in WORDS.split()] * 2
    assert (is_mirrored(backwards), is_mirrored(WORDS.split())) == (True, False)
    assert (readable(["xkcdq"] * 40), readable(["conseil"] * 40), readable([])) == (0.0, 1.0, 1.0)


def test_letters_without_a_meaning_are_suspect_and_ask_for_ocr():
    """A font without a character table gives private characters."""
    quality = judge([PageFacts(text="\uf041\uf042\uf043 a" * 200, letters=800, drawn=True)], 1)
    assert (quality.verdict, quality.needs_ocr) == ("suspect", True)


def test_real_minutes_lose_no_word(real):
    """On born-digital minutes ours finds what PDFium finds, within two words of a thousand, document by document."""
    from bench.gold_recall import scores

    found = [score for score in scores(real) if score.minutes]
    assert len(found) >= 10
    assert min(score.ours[0] - score.plain[0] for score in found) > -0.002
